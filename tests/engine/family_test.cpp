#include "engine/kernel/family_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "engine/kernel/pool.hpp"
#include "tests/engine/support.hpp"

namespace toll {
namespace {

using test::kCount;
using test::kText;
using test::type;

Family lots() {
  Family family;
  family.index = 0;
  family.fields = {{"item", type(Kind::name), kAbsent}, {"left", kCount, 0}};
  return family;
}

Family usage() {
  Family family;
  family.keyed = true;
  family.tracked = true;
  family.key_count = 2;
  family.fields = {{"item", type(Kind::name), kAbsent},
                   {"month", type(Kind::month), kAbsent},
                   {"total", kCount, 0}};
  return family;
}

TEST_CASE("cells keep every value their type can have and refuse others") {
  RecordLayout layout;
  const auto cell = [&](const Type& of) { return layout.add(of); };
  const auto flag = cell(test::kFlag);
  const auto count = cell(kCount);
  const auto money = cell(test::money());
  const auto instant = cell(test::kInstant);
  const auto date = cell(test::kDate);
  const auto name = cell(type(Kind::name));
  const auto text = cell(kText);
  std::vector<unsigned char> record(layout.size());
  const auto keeps = [&](std::uint32_t at, Value value) {
    return layout.write(record.data(), at, value) && layout.read(record.data(), at) == value;
  };
  for (std::uint32_t i = 0; i < layout.cells(); ++i) CHECK(keeps(i, kAbsent));
  CHECK(keeps(flag, 1));
  CHECK(keeps(flag, 0));
  CHECK(keeps(count, std::numeric_limits<std::int64_t>::max()));
  CHECK(keeps(count, -std::numeric_limits<std::int64_t>::max()));
  CHECK_FALSE(keeps(count, static_cast<Value>(1) << 63));
  CHECK_FALSE(keeps(count, std::numeric_limits<std::int64_t>::min()));
  CHECK(keeps(money, static_cast<Value>(1) << 100));
  CHECK(keeps(instant, static_cast<Value>(-719'162) * test::kDay));
  CHECK(keeps(instant, static_cast<Value>(2'932'897) * test::kDay));
  CHECK(keeps(instant, -1));
  CHECK_FALSE(keeps(instant, static_cast<Value>(1) << 79));
  CHECK_FALSE(keeps(instant, -(static_cast<Value>(1) << 79)));
  CHECK(keeps(date, -719'162));
  CHECK_FALSE(keeps(date, static_cast<Value>(1) << 40));
  CHECK(keeps(name, 5));
  CHECK(keeps(name, kUnknownName | text_handle(TextSpace::account, 9)));
  CHECK(keeps(name, kUnknownName | text_handle(TextSpace::policy, 9)));
  CHECK(keeps(text, text_handle(TextSpace::account, 3)));
  CHECK(keeps(text, text_handle(TextSpace::policy, 3)));
}

TEST_CASE("keyed rows are found by their keys and keep the order of making") {
  const FamilyShape shape(usage(), {kAbsent, kAbsent, 0});
  FamilyState rows;
  for (Value i = 0; i < 500; ++i) {
    const Value fields[] = {i % 7, 24'000 + i, i};
    CHECK(rows.find(shape, fields) == FamilyState::kMissing);
    CHECK((rows.append(shape, fields) == i));
  }
  for (Value i = 0; i < 500; ++i) {
    const Value key[] = {i % 7, 24'000 + i};
    REQUIRE((rows.find(shape, key) == i));
    REQUIRE((rows.read(shape, static_cast<std::uint32_t>(i), 2) == i));
  }
  while (rows.count() > 3) rows.drop_last(shape);
  const Value key[] = {1, 24'001};
  CHECK(rows.find(shape, key) == 1);
  const Value gone[] = {3, 24'003};
  CHECK(rows.find(shape, gone) == FamilyState::kMissing);
}

TEST_CASE("rows are found by a name, whether it has a place in a map or not") {
  Family family;
  family.keyed = true;
  family.key_count = 1;
  family.fields = {{"item", type(Kind::name), kAbsent}, {"total", kCount, 0}};
  FamilyMemory memory;
  // Of 300 names no map is made; of 200 one is, which is given up for the first name without place.
  for (const std::uint32_t names : {0U, 1U, 200U, 300U}) {
    const FamilyShape shape(family, {kAbsent, 0}, names);
    FamilyState rows(memory);
    std::vector<Value> keys;
    for (Value i = 0; i < 90; ++i) keys.push_back((i * 7) % 199);
    keys.push_back(kAbsent);
    keys.push_back(kUnknownName | text_handle(TextSpace::account, 3));
    keys.push_back(201);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Value fields[] = {keys[i], static_cast<Value>(i)};
      REQUIRE(rows.find(shape, fields) == FamilyState::kMissing);
      REQUIRE(rows.append(shape, fields) == i);
      for (std::size_t k = 0; k <= i; ++k) REQUIRE(rows.find(shape, &keys[k]) == k);
    }
    const FamilyState copied = rows.copy(shape);
    for (std::size_t i = keys.size(); i-- > 0;) {
      rows.drop_last(shape);
      REQUIRE(rows.find(shape, &keys[i]) == FamilyState::kMissing);
      if (i > 0) REQUIRE(rows.find(shape, &keys[i - 1]) == i - 1);
      REQUIRE(copied.find(shape, &keys[i]) == i);
    }
    const Value fields[] = {5, 1};
    rows.append(shape, fields);
    rows.clear();
    CHECK(rows.find(shape, fields) == FamilyState::kMissing);
    CHECK(rows.append(shape, fields) == 0);
    CHECK(rows.find(shape, fields) == 0);
  }
}

enum class Kept : std::uint8_t { as_arrived, ascending, descending };

void chains_follow_a_list(std::uint32_t names, Kept kept = Kept::as_arrived) {
  FamilyShape shape(lots(), {kAbsent, 0}, names);
  const bool ordered = kept != Kept::as_arrived;
  if (ordered) shape.keep_in_order({{1, kept == Kept::descending}});
  FamilyState rows;
  std::vector<Value> model;
  std::vector<Value> left;
  std::map<Value, std::vector<std::uint32_t>> noted;  // the chain that a note was made for
  // Absent values come last, equal ones as they arrived.
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (left[a] == left[b]) return a < b;
    if (left[a] == kAbsent || left[b] == kAbsent) return left[b] == kAbsent;
    return (left[a] < left[b]) != (kept == Kept::descending);
  };
  std::mt19937 random(7);
  for (int step = 0; step < 5'000; ++step) {
    const Value item = static_cast<Value>(random() % 9);
    const auto what = random() % 10;
    if (what < 5 || model.empty()) {
      const Value number = static_cast<Value>(random() % 7);
      const Value fields[] = {item, number == 6 ? kAbsent : number};
      rows.append(shape, fields);
      model.push_back(item);
      left.push_back(fields[1]);
    } else if (what < 8) {
      rows.drop_last(shape);
      model.pop_back();
      left.pop_back();
    } else {
      const auto row = static_cast<std::uint32_t>(random() % model.size());
      CHECK(rows.write(shape, row, 0, item));
      model[row] = item;
    }
    for (Value sought = 0; sought < 9; ++sought) {
      std::vector<std::uint32_t> expected;
      for (std::uint32_t row = 0; row < model.size(); ++row) {
        if (model[row] == sought) expected.push_back(row);
      }
      if (ordered) std::sort(expected.begin(), expected.end(), before);
      std::vector<std::uint32_t> found;
      bool linked = true;
      const std::uint32_t last = rows.chain(shape, sought);
      if (last != FamilyState::kMissing) {
        std::uint32_t row = last;
        do {
          row = rows.next(shape, row);
          found.push_back(row);
          linked = linked && (!ordered || rows.next(shape, rows.back(shape, row)) == row);
        } while (row != last && found.size() <= model.size());
      }
      REQUIRE(found == expected);
      REQUIRE(linked);
      if (!ordered || found.empty()) continue;
      const std::uint32_t first = found.front();
      const bool has_note = rows.skip(shape.skip, shape.stride, first) != FamilyState::kMissing;
      if (has_note) REQUIRE(noted[sought] == found);
      if (random() % 3 != 0) continue;
      rows.note_skip(shape.skip, shape.stride, first, found.back());
      REQUIRE(rows.skip(shape.skip, shape.stride, first) == found.back());
      noted[sought] = found;
    }
  }
}

TEST_CASE("chains of an index follow what a plain list does, through every kind of change") {
  chains_follow_a_list(0);
  chains_follow_a_list(5);  // four of the nine have no place in a map
  chains_follow_a_list(9);
}

TEST_CASE("chains are kept in the order of a field, through every kind of change") {
  for (const Kept kept : {Kept::ascending, Kept::descending}) {
    chains_follow_a_list(0, kept);
    chains_follow_a_list(5, kept);
    chains_follow_a_list(9, kept);
  }
}

TEST_CASE("marks are set, taken back and tidied") {
  const FamilyShape shape(usage(), {kAbsent, kAbsent, 0});
  FamilyState rows;
  for (Value i = 0; i < 4; ++i) {
    const Value fields[] = {i, 24'000, 0};
    rows.append(shape, fields);
  }
  rows.set_mark(shape, 2, true);
  rows.set_mark(shape, 0, true);
  const unsigned char before = rows.set_mark(shape, 3, true);
  CHECK(rows.listed().size() == 3);
  rows.restore_mark(shape, 3, before);
  CHECK(rows.listed().size() == 2);
  CHECK_FALSE(rows.marked(shape, 3));
  rows.set_mark(shape, 2, false);
  rows.set_mark(shape, 2, true);
  CHECK(rows.listed().size() == 2);
  rows.set_mark(shape, 2, false);
  rows.tidy_marks(shape);
  CHECK(rows.listed() == std::vector<std::uint32_t>{0});
}

TEST_CASE("a pool gives equal texts equal indexes and never finds a hole") {
  TextPool pool;
  CHECK(pool.add(chars("")) == 0);
  CHECK(pool.add(chars("a")) == 1);
  pool.add_hole();
  for (int i = 0; i < 100; ++i) {
    CHECK(pool.add(chars("text " + std::to_string(i))) == static_cast<std::uint32_t>(3 + i));
    if (i % 10 == 0) CHECK(pool.find(chars("")) == 0);
  }
  CHECK(pool.add(chars("text 50")) == 53);
  CHECK(view(pool.at(53)) == "text 50");
  CHECK(pool.find(chars("text 500")) == TextPool::kMissing);
  TextPool holes;
  holes.add_hole();
  CHECK(holes.find(chars("")) == TextPool::kMissing);
  CHECK(holes.add(chars("")) == 1);
}

}  // namespace
}  // namespace toll
