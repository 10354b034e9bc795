#include <doctest/doctest.h>

#include <random>

#include "tests/engine/support.hpp"

namespace toll::test {
namespace {

const Type kRow = type(Kind::row, 0, Of::family);

/// Lots with a class and units; an event draws from them, cheapest class first.
struct Lots {
  Maker make;
  std::uint32_t lots =
      make.family("lots", {{"item", kCount, 0}, {"rank", kCount, 0}, {"left", kCount, 0}});
  std::uint32_t took = make.entry("took", {kCount, kCount, kCount});
  std::uint32_t rest = make.entry("rest", {kCount});
  std::uint32_t add = 0;
  std::uint32_t use = 0;

  explicit Lots(bool indexed) {
    if (indexed) make.core.families[lots].index = 0;
    Maker& m = make;
    add = m.event("add", {kCount, kCount, kCount},
                  {put(lots, {m.field(0, kCount), m.field(1, kCount), m.field(2, kCount)})});
    const NodeId lot = m.local(0, kRow);
    const NodeId same_item = m.same(m.field(0, kCount), m.row_field(lot, 0, kCount));
    const NodeId arrival = m.node(Op::arrival, kCount, {lot});
    use = m.event(
        "use", {kCount, kCount},
        {draw(rows_of(Source::Of::family, lots, 0, same_item, {m.row_field(lot, 1, kCount)}), 2,
              m.field(1, kCount), 1, 2,
              {emit(took, {arrival, m.local(1, kCount), m.row_field(lot, 2, kCount)})}),
         emit(rest, {m.local(2, kCount)})});
  }
};

TEST_CASE("a draw takes from rows in order and says what is left over") {
  for (const bool indexed : {false, true}) {
    Lots lots(indexed);
    Ledger ledger(lots.make.core);
    ledger.apply(lots.add, 0, {1, 2, 10});
    ledger.apply(lots.add, 0, {1, 1, 5});
    ledger.apply(lots.add, 0, {2, 0, 100});
    ledger.apply(lots.add, 0, {1, 1, 0});
    ledger.apply(lots.use, 1, {1, 7});
    ledger.apply(lots.use, 2, {1, 9});
    CHECK(ledger.lines == std::vector<std::string>{"1 @1 e5 took 1 5 0", "2 @1 e5 took 0 2 8",
                                                   "3 @1 e5 rest 0", "4 @2 e6 took 0 8 0",
                                                   "5 @2 e6 rest 1"});
    CHECK(ledger.account.cell(lots.lots, 2, 2) == 100);
  }
}

TEST_CASE("a draw of nothing, less than nothing or an unknown amount takes nothing") {
  Lots lots(true);
  Ledger ledger(lots.make.core);
  ledger.apply(lots.add, 0, {1, 0, 10});
  for (const Value amount : {Value{0}, Value{-3}, kAbsent}) ledger.apply(lots.use, 0, {1, amount});
  CHECK(ledger.lines ==
        std::vector<std::string>{"1 @0 e2 rest 0", "2 @0 e3 rest -3", "3 @0 e4 rest -"});
}

TEST_CASE("units are neither lost nor made up") {
  Lots lots(true);
  Ledger ledger(lots.make.core);
  std::mt19937 random(5);
  Value put_in = 0;
  Value asked = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Value item = static_cast<Value>(random() % 3);
    const Value units = static_cast<Value>(random() % 50);
    if (random() % 3 == 0) {
      ledger.apply(lots.add, i, {item, static_cast<Value>(random() % 4), units});
      put_in += units;
    } else {
      ledger.apply(lots.use, i, {item, units});
      asked += units;
    }
  }
  Value left = 0;
  for (std::size_t row = 0; row < ledger.account.row_count(lots.lots); ++row) {
    const Value here = ledger.account.cell(lots.lots, row, 2);
    CHECK(here >= 0);
    left += here;
  }
  Value taken = 0;
  Value over = 0;
  for (const std::string& line : ledger.lines) {
    const std::size_t rest_at = line.find(" rest ");
    if (rest_at != std::string::npos) {
      over += std::stoi(line.substr(rest_at + 6));
    } else {
      taken += std::stoi(line.substr(line.find(' ', line.find(" took ") + 6)));
    }
  }
  CHECK((taken + over == asked));
  CHECK((taken + left == put_in));
}

TEST_CASE("keyed rows are made when they are first written, cells without a row are initial") {
  Maker m;
  const std::uint32_t usage = m.family(
      "usage",
      {{"a", kCount, kAbsent}, {"b", kCount, kAbsent}, {"n", kCount, 100}, {"m", kCount, 7}}, 2);
  const NodeId a = m.field(0, kCount);
  const NodeId b = m.field(1, kCount);
  const std::uint32_t entry = m.entry("cells", {kCount, kCount, kCount});
  const auto cell = [&](std::uint32_t field) {
    return m.node(Op::cell, kCount, {a, b}, usage, field);
  };
  const std::uint32_t ask =
      m.event("ask", {kCount, kCount}, {emit(entry, {cell(0), cell(2), cell(3)})});
  const std::uint32_t add =
      m.event("add", {kCount, kCount}, {add_cell(usage, 2, m.number(1), {a, b})});
  const std::uint32_t set =
      m.event("set", {kCount, kCount}, {set_cell(usage, 3, m.number(0), {a, b})});
  Ledger ledger(m.core);
  ledger.apply(ask, 0, {1, 2});
  ledger.apply(add, 0, {1, 2});
  ledger.apply(add, 0, {1, 2});
  ledger.apply(set, 0, {2, 1});
  ledger.apply(ask, 0, {1, 2});
  ledger.apply(ask, 0, {2, 1});
  CHECK(ledger.account.row_count(usage) == 2);
  CHECK(ledger.lines == std::vector<std::string>{"1 @0 e1 cells 1 100 7", "2 @0 e5 cells 1 102 7",
                                                 "3 @0 e6 cells 2 100 0"});
}

TEST_CASE("a loop visits the rows there were when it began, sorted with absent keys last") {
  Maker m;
  const std::uint32_t rows = m.family("rows", {{"n", kCount, kAbsent}});
  const NodeId row = m.local(0, kRow);
  const NodeId n = m.row_field(row, 0, kCount);
  const std::uint32_t seen = m.entry("seen", {kCount});
  const std::uint32_t add = m.event("add", {kCount}, {put(rows, {m.field(0, kCount)})});
  Source up = rows_of(Source::Of::family, rows, 0, kNoNode, {n});
  Source down = up;
  down.descending = {true};
  const std::uint32_t grow = m.event(
      "grow", {},
      {each(up, {emit(seen, {n}), put(rows, {m.number(9)})}), each(down, {emit(seen, {n})})});
  Ledger ledger(m.core);
  for (const Value value : {Value{3}, kAbsent, Value{1}, Value{2}}) ledger.apply(add, 0, {value});
  ledger.apply(grow, 1);
  std::string order;
  for (const std::string& line : ledger.lines) order += line.substr(line.rfind(' '));
  CHECK(order == " 1 2 3 - 9 9 9 9 3 2 1 -");
}

TEST_CASE("rows written during a visit to the changed rows are for the next visit") {
  Maker m;
  const std::uint32_t usage = m.family("usage", {{"k", kCount, kAbsent}, {"n", kCount, 0}}, 1);
  m.core.families[usage].tracked = true;
  const NodeId row = m.local(0, kRow);
  const NodeId k = m.row_field(row, 0, kCount);
  const std::uint32_t seen = m.entry("seen", {kCount});
  const std::uint32_t use =
      m.event("use", {kCount}, {add_cell(usage, 1, m.number(1), {m.field(0, kCount)})});
  const NodeId below = m.node(Op::lt, kFlag, {k, m.field(0, kCount)});
  const std::uint32_t visit =
      m.event("visit", {kCount},
              {each(rows_of(Source::Of::changed, usage, 0, below),
                    {emit(seen, {k}),
                     choose({{m.same(k, m.number(4)), {add_cell(usage, 1, m.number(1), {k})}}})})});
  Ledger ledger(m.core);
  for (const Value key : {7, 4, 2, 4, 9}) ledger.apply(use, 0, {key});
  const auto visited = [&](Value most) {
    ledger.lines.clear();
    ledger.apply(visit, 1, {most});
    std::string order;
    for (const std::string& line : ledger.lines) order += line.substr(line.rfind(' '));
    return order;
  };
  CHECK(visited(8) == " 2 4 7");
  CHECK(visited(8) == " 4");
  CHECK(visited(100) == " 4 9");
  ledger.apply(use, 0, {2});
  CHECK(visited(100) == " 2 4");
}

TEST_CASE("rows of an entry are sorted by their own keys") {
  Maker m;
  const std::uint32_t list = 0;
  ListType columns;
  columns.columns.resize(2);
  columns.columns[0].type.type = kText;
  columns.columns[1].type.type = kCount;
  m.core.lists.push_back(columns);
  const Type list_type = type(Kind::list, list, Of::list);
  const std::uint32_t entry = m.entry("table", {kCount, kCount});
  m.core.entries[entry].members[1].rows = true;
  m.core.entries[entry].members[1].columns.resize(2);
  m.core.entries[entry].members[1].columns[0].type = kText;
  m.core.entries[entry].members[1].columns[1].type = kCount;
  const NodeId row = m.local(0, type(Kind::row, list, Of::list));
  const NodeId text = m.row_field(row, 0, kText);
  Effect write = emit(entry, {m.number(5)});
  Effect::EmitRows rows;
  rows.member = 1;
  rows.source = rows_of(Source::Of::list, 0, 0, kNoNode, {text});
  rows.source.list = m.field(0, list_type);
  rows.columns = {text, m.row_field(row, 1, kCount)};
  write.rows.push_back(rows);
  const std::uint32_t event = m.event("list", {list_type}, {write});
  Ledger ledger(m.core);
  const std::vector<Value> cells = {event_text(0), 1, event_text(1), 2, event_text(2), 3};
  ledger.lists = {{cells, 2}};
  ledger.apply(event, 0, {0}, {"pear", "apple", "fig"});
  ledger.apply(event, 0, {kAbsent});
  CHECK(ledger.lines[0] == "1 @0 e1 table 5 [apple 2][fig 3][pear 1]");
  CHECK(ledger.lines[1] == "2 @0 e2 table 5 ");
}

TEST_CASE("event families are empty at every event and timer") {
  Maker m;
  const std::uint32_t scratch = m.family("scratch", {{"n", kCount, 0}});
  m.core.families[scratch].event_scope = true;
  const std::uint32_t seen = m.entry("seen", {kCount});
  const NodeId count =
      m.fold(Aggregate::Fn::count, rows_of(Source::Of::family, scratch, 0), kNoNode, kCount);
  const Effects work = {emit(seen, {count}), put(scratch, {m.number(1)}),
                        put(scratch, {m.number(2)}), emit(seen, {count})};
  const std::uint32_t tick = m.timer("tick", 0, work);
  Effects use = {arm(tick, m.node(Op::add, kInstant, {m.now(), m.value(kSpan, kSecond)}))};
  use.insert(use.end(), work.begin(), work.end());
  const std::uint32_t event = m.event("use", {}, use);
  Ledger ledger(m.core);
  ledger.apply(event, 0);
  ledger.apply(event, 5);
  CHECK(ledger.lines == std::vector<std::string>{"1 @0 e1 seen 0", "2 @0 e1 seen 2",
                                                 "3 @1 timer:tick seen 0", "4 @1 timer:tick seen 2",
                                                 "5 @5 e2 seen 0", "6 @5 e2 seen 2"});
}

TEST_CASE("a cleared family is empty, and full again if the event fails") {
  Maker m;
  const std::uint32_t rows = m.family("rows", {{"n", kCount, 0}});
  const std::uint32_t add = m.event("add", {kCount}, {put(rows, {m.field(0, kCount)})});
  const NodeId too_much = m.node(Op::rescale, kCount, {m.field(0, kCount)}, 30);
  const std::uint32_t empty = m.event("empty", {kCount}, {clear(rows), put(rows, {too_much})});
  Ledger ledger(m.core);
  ledger.apply(add, 0, {1});
  ledger.apply(add, 0, {2});
  const std::string before = ledger.account.save();
  CHECK_FALSE(ledger.apply(empty, 0, {1}));
  CHECK(ledger.account.row_count(rows) == 2);
  CHECK(ledger.account.cell(rows, 1, 0) == 2);
  CHECK(ledger.apply(empty, 0, {0}));
  CHECK(ledger.account.row_count(rows) == 1);
}

TEST_CASE("what a rule that does not apply would have set is absent") {
  Maker m;
  const std::uint32_t seen = m.entry("seen", {kCount});
  const NodeId positive = m.node(Op::gt, kFlag, {m.field(0, kCount), m.number(0)});
  const std::uint32_t event =
      m.event("ask", {kCount},
              {choose({{positive, {let(3, m.number(1))}}}), emit(seen, {m.local(3, kCount)})});
  Ledger ledger(m.core);
  for (const Value n : {1, 0}) ledger.apply(event, 0, {n});
  CHECK(ledger.lines == std::vector<std::string>{"1 @0 e1 seen 1", "2 @0 e2 seen -"});
}

}  // namespace
}  // namespace toll::test
