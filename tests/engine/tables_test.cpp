#include <doctest/doctest.h>

#include <random>

#include "engine/kernel/narrow_table.hpp"
#include "engine/kernel/table_index.hpp"
#include "tests/engine/support.hpp"

namespace toll::test {
namespace {

TEST_CASE("an index finds the rows a scan finds, for small, wide and absent keys") {
  std::mt19937 random(3);
  for (const int spread : {3, 40, 1'000'000}) {
    for (const bool absent : {false, true}) {
      Cells cells;
      cells.columns = 2;
      cells.rows = 60;
      for (std::uint32_t i = 0; i < cells.rows * cells.columns; ++i) {
        const bool gone = absent && random() % 10 == 0;
        cells.values.push_back(gone ? kAbsent : static_cast<Value>(random() % 9) * spread - 4);
      }
      const TableIndex index(cells, {1, 0});
      for (Value a = -5; a < 10; ++a) {
        for (Value b = -1; b < 10; ++b) {
          const Value key[] = {b < 0 ? kAbsent : b * spread - 4, a * spread - 4};
          std::vector<std::uint32_t> expected;
          for (std::uint32_t row = 0; row < cells.rows; ++row) {
            if (cells.at(row, 1) == key[0] && cells.at(row, 0) == key[1]) expected.push_back(row);
          }
          const auto found = index.find(cells, key);
          REQUIRE(std::vector<std::uint32_t>(found.begin(), found.end()) == expected);
        }
      }
    }
  }
}

TEST_CASE("an index of no rows or no columns is well") {
  const TableIndex none(Cells{{}, 1, 0}, {0});
  const Value key = 3;
  CHECK(none.find(Cells{{}, 1, 0}, &key).empty());
  const Cells one{{7, 8}, 1, 2};
  CHECK(TableIndex(one, {}).find(one, nullptr).size() == 2);
}

/// What a lookup is to find, row by row; INT64_MIN if there is none.
std::int64_t row_in_force(const Cells& cells, std::uint32_t keys, bool banded,
                          const std::vector<Value>& since, const std::vector<Value>& until,
                          const std::vector<std::int64_t>& key, std::int64_t at) {
  const auto value_of = [](std::int64_t narrow) {
    return narrow == INT64_MIN ? kAbsent : Value{narrow};
  };
  std::int64_t best = INT64_MIN;
  for (std::uint32_t row = 0; row < cells.rows; ++row) {
    bool fits =
        (since[row] == kAbsent || since[row] <= at) && (until[row] == kAbsent || at < until[row]);
    for (std::uint32_t i = 0; i < keys; ++i) fits = fits && cells.at(row, i) == value_of(key[i]);
    if (banded) {
      const Value band = cells.at(row, keys);
      fits = fits && key[keys] != INT64_MIN && band != kAbsent && band <= key[keys];
      fits =
          fits && (best == INT64_MIN || band >= cells.at(static_cast<std::uint32_t>(best), keys));
    }
    if (fits) best = row;
  }
  return best;
}

TEST_CASE("lookups in 64 bits find the rows that a scan finds") {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const std::uint32_t keys = 1 + random() % 2;
    const bool banded = random() % 2 == 0;
    const bool dated = random() % 2 == 0;
    Cells cells;
    cells.columns = keys + 2;
    cells.rows = static_cast<std::uint32_t>(random() % 60);
    std::vector<Value> since(cells.rows, kAbsent);
    std::vector<Value> until(cells.rows, kAbsent);
    std::vector<std::uint32_t> columns;
    for (std::uint32_t i = 0; i < keys; ++i) columns.push_back(i);
    for (std::uint32_t row = 0; row < cells.rows; ++row) {
      for (std::uint32_t i = 0; i < keys; ++i) cells.values.push_back(random() % 3);
      cells.values.push_back(random() % 8 == 0 ? kAbsent : Value{random() % 20} - 5);
      cells.values.push_back(row);
      if (dated && random() % 2 == 0) since[row] = random() % 10;
      if (dated && random() % 2 == 0) until[row] = random() % 10;
    }
    const TableIndex index(cells, columns);
    const NarrowTable table(cells, index, banded ? keys : kNone, since, until, dated);
    REQUIRE(table.is_there());
    CHECK(table.has_cells() == (cells.rows != 0));
    for (int look = 0; look < 100; ++look) {
      std::vector<std::int64_t> key;
      for (std::uint32_t i = 0; i < keys; ++i) {
        key.push_back(random() % 9 == 0 ? INT64_MIN : static_cast<std::int64_t>(random() % 5) - 1);
      }
      if (banded)
        key.push_back(look % 9 == 0 ? INT64_MIN : static_cast<std::int64_t>(random() % 24) - 6);
      const auto at = static_cast<std::int64_t>(random() % 11);
      if (dated) key.push_back(at);
      const std::int64_t expected = row_in_force(cells, keys, banded, since, until, key, at);
      REQUIRE(table.find(index, key.data()) == expected);
      if (table.is_array()) REQUIRE(table.row_of(key[0]) == expected);
      if (table.has_bands()) REQUIRE(table.row_of(key[0], key[1]) == expected);
      CHECK(table.cell(expected, keys + 1) == expected);
    }
  }
}

/// price(item, at, number): dated, banded rows.
struct Prices {
  Maker make;
  std::uint32_t items = make.domain("items", {"a", "b"});
  Type item = type(Kind::name, items);
  std::uint32_t entry = make.entry("price", {kCount});
  std::uint32_t event = 0;

  explicit Prices(bool dated) {
    Table table;
    table.name = "prices";
    table.columns = {{"item", item}, {"from", kCount}, {"price", kCount}};
    table.keys = {0};
    table.band = 1;
    table.dated = dated;
    const auto row = [&](Value of, Value from, Value price, Value since, Value until) {
      Table::Row made;
      made.cells = {of, from, price};
      made.since = since;
      made.until = until;
      table.rows.push_back(made);
    };
    if (dated) {
      row(0, 0, 10, kAbsent, 100 * kSecond);
      row(0, 5, 9, kAbsent, 100 * kSecond);
      row(0, 0, 20, 100 * kSecond, kAbsent);
      row(0, 7, 18, 100 * kSecond, kAbsent);
    } else {
      row(0, 0, 10, kAbsent, kAbsent);
      row(0, 5, 9, kAbsent, kAbsent);
      row(1, 3, kAbsent, kAbsent, kAbsent);
    }
    make.core.tables.push_back(table);
    std::vector<NodeId> keys{make.field(0, item), make.field(1, kCount)};
    if (dated) keys.push_back(make.now());
    const NodeId found = make.node(Op::lookup, type(Kind::row, 0, Of::table), keys, 0);
    event = make.event("ask", {item, kCount}, {emit(entry, {make.row_field(found, 2, kCount)})});
  }

  std::string ask(Value of, Value number, Value seconds = 0) {
    Ledger ledger(make.core);
    ledger.apply(event, seconds, {of, number}, {"z"});
    return ledger.lines.back();
  }
};

TEST_CASE("the highest band not above the number holds") {
  Prices prices(false);
  CHECK(prices.ask(0, 0) == "1 @0 e1 price 10");
  CHECK(prices.ask(0, 4) == "1 @0 e1 price 10");
  CHECK(prices.ask(0, 5) == "1 @0 e1 price 9");
  CHECK(prices.ask(0, -1) == "1 @0 e1 price -");
  CHECK(prices.ask(0, kAbsent) == "1 @0 e1 price -");
  CHECK(prices.ask(1, 3) == "1 @0 e1 price -");
}

TEST_CASE("an unknown name is in no row") {
  Prices prices(false);
  CHECK(prices.ask(kUnknownName | event_text(0), 5) == "1 @0 e1 price -");
  CHECK(prices.ask(kAbsent, 5) == "1 @0 e1 price -");
}

TEST_CASE("rows hold from their since until before their until") {
  Prices prices(true);
  CHECK(prices.ask(0, 5, 99) == "1 @99 e1 price 9");
  CHECK(prices.ask(0, 5, 100) == "1 @100 e1 price 20");
  CHECK(prices.ask(0, 7, 100) == "1 @100 e1 price 18");
  CHECK(prices.ask(0, 4, -1) == "1 @-1 e1 price 10");
  CHECK(prices.ask(1, 4, 5) == "1 @5 e1 price -");
}

TEST_CASE("a loop over a table looks rows up and gives what a scan gives") {
  Maker m;
  const std::uint32_t items = m.domain("items", {"a", "b", "c"});
  const Type item = type(Kind::name, items);
  Table table;
  table.name = "members";
  table.columns = {{"item", item}, {"n", kCount}};
  for (Value i = 0; i < 9; ++i) table.rows.push_back({{i % 3, i * 10}, kAbsent, kAbsent, kNone});
  m.core.tables.push_back(table);
  const NodeId row = m.local(0, type(Kind::row, 0, Of::table));
  const NodeId of_item = m.same(m.row_field(row, 0, item), m.field(0, item));
  const NodeId large = m.node(Op::gt, kFlag, {m.row_field(row, 1, kCount), m.number(10)});
  const NodeId n = m.row_field(row, 1, kCount);
  const Source source = rows_of(Source::Of::table, 0, 0, m.both(large, of_item));
  const std::uint32_t entry = m.entry("sums", {kCount, kCount, kCount, kCount, kFlag, kFlag});
  using Fn = Aggregate::Fn;
  const std::uint32_t event = m.event(
      "ask", {item},
      {emit(entry, {m.fold(Fn::sum, source, n, kCount), m.fold(Fn::count, source, kNoNode, kCount),
                    m.fold(Fn::min, source, n, kCount), m.fold(Fn::max, source, n, kCount),
                    m.fold(Fn::any, source, m.same(n, m.number(40)), kFlag),
                    m.fold(Fn::all, source, m.same(n, m.number(40)), kFlag)})});
  Ledger ledger(m.core);
  ledger.apply(event, 0, {0});
  ledger.apply(event, 0, {1});
  ledger.apply(event, 0, {kAbsent});
  CHECK(ledger.lines[0] == "1 @0 e1 sums 90 2 30 60 0 0");
  CHECK(ledger.lines[1] == "2 @0 e2 sums 110 2 40 70 1 0");
  CHECK(ledger.lines[2] == "3 @0 e3 sums 0 0 - - 0 1");
}

}  // namespace
}  // namespace toll::test
