#include <doctest/doctest.h>

#include "tests/engine/shop.hpp"

namespace toll::test {
namespace {

TEST_CASE("the first refusal that holds writes an error and changes nothing") {
  Maker m;
  const NodeId n = m.field(0, kCount);
  const auto above = [&](Value least) { return m.node(Op::gt, kFlag, {n, m.number(least)}); };
  const std::uint32_t event = m.event("ask", {kCount}, {});
  m.core.events[event].refusals = {{above(10), "ten", kNone}, {above(5), "five", kNone}};
  m.core.events[event].bounded = {m.node(Op::mul, kCount, {n, n})};
  Ledger ledger(m.core);
  CHECK_FALSE(ledger.apply(event, 7, {11}));
  CHECK_FALSE(ledger.apply(event, 7, {6}));
  CHECK_FALSE(ledger.apply(event, 7, {1'000'001}));
  CHECK_FALSE(ledger.apply(event, 7, {static_cast<Value>(1) << 70}));
  CHECK((ledger.account.clock() == kAbsent));
  CHECK(ledger.apply(event, 7, {5}));
  CHECK(ledger.lines == std::vector<std::string>{"1 @7 e1 error ten", "2 @7 e2 error five",
                                                 "3 @7 e3 error bad-event",
                                                 "4 @7 e4 error bad-event"});
}

TEST_CASE("refusals see the account before its timers, at the later of clock and event") {
  Maker m;
  const std::uint32_t count = m.reg("count", kCount, 0);
  const NodeId counted = m.node(Op::reg, kCount, {}, count);
  const std::uint32_t tick =
      m.timer("tick", 0, {set_register(count, m.node(Op::add, kCount, {counted, m.number(1)}))});
  const std::uint32_t event =
      m.event("start", {}, {arm(tick, m.node(Op::add, kInstant, {m.now(), m.value(kSpan, 1)}))});
  m.core.events[event].refusals = {{m.same(counted, m.number(1)), "fired", kNone},
                                   {m.node(Op::gt, kFlag, {m.clock(), m.now()}), "late", kNone}};
  Ledger ledger(m.core);
  CHECK(ledger.apply(event, 0));
  CHECK(ledger.apply(event, 10));
  CHECK_FALSE(ledger.apply(event, 20));
  CHECK(ledger.lines == std::vector<std::string>{"1 @20 e3 error fired"});
  Ledger late(m.core);
  CHECK(late.apply(event, 10));
  CHECK_FALSE(late.apply(event, 9));
  CHECK(late.lines == std::vector<std::string>{"1 @9 e2 error late"});
}

TEST_CASE("an applied event is a repeat, a refused one is not") {
  const Shop shop;
  Ledger ledger(shop.make.core);
  const auto digest = [](std::uint64_t number, std::uint64_t content) {
    return EventDigest{number * 0x9e3779b97f4a7c15ULL, number, content};
  };
  CHECK(ledger.account.repeat(digest(1, 31), 0) == Repeat::fresh);
  ledger.apply(shop.call, 5, {0, 1});
  CHECK(ledger.account.repeat(digest(1, 31), 0) == Repeat::same);
  CHECK(ledger.account.repeat(digest(1, 32), 0) == Repeat::other);
  CHECK(ledger.account.repeat(digest(1, 31), kAbsent) == Repeat::same);
  ledger.apply(shop.call, 5, {0, 0});
  CHECK(ledger.account.repeat(digest(2, 62), 0) == Repeat::fresh);
  ledger.account.refuse(EntryView::kDuplicate, "e1", 3 * kSecond, "duplicate", "seen", 7, ledger);
  CHECK(ledger.lines.back() == "3 @3 e1 duplicate duplicate");
}

TEST_CASE("ids are forgotten after the policy's horizon, by the account's clock") {
  const Shop shop(100);
  Ledger ledger(shop.make.core);
  const EventDigest first{0x9e3779b97f4a7c15ULL, 1, 31};
  ledger.apply(shop.call, 1'000, {0, 1});
  CHECK(ledger.account.repeat(first, 1'100 * kSecond) == Repeat::same);
  CHECK(ledger.account.repeat(first, 1'101 * kSecond) == Repeat::fresh);
  CHECK(ledger.account.repeat(first, kAbsent) == Repeat::same);
  ledger.apply(shop.call, 1'050, {0, 1});
  CHECK(ledger.account.repeat(first, 1'000 * kSecond) == Repeat::same);
  ledger.apply(shop.call, 1'101, {0, 1});
  CHECK(ledger.account.repeat(first, 1'000 * kSecond) == Repeat::fresh);
}

TEST_CASE("a text is the same before and after it is kept") {
  Maker m;
  const std::uint32_t kept = m.reg("kept", kText);
  const NodeId text = m.field(1, kText);
  const NodeId reg = m.node(Op::reg, kText, {}, kept);
  const std::uint32_t entry = m.entry("seen", {kText, kFlag, kFlag});
  const std::uint32_t names = m.family("names", {{"name", kText, kAbsent}, {"n", kCount, 0}}, 1);
  const NodeId count = m.node(Op::cell, kCount, {text}, names, 1);
  const std::uint32_t event =
      m.event("keep", {kText, kText},
              {emit(entry, {reg, m.same(reg, text), m.same(count, m.number(0))}),
               set_register(kept, text), add_cell(names, 1, m.number(1), {text}),
               emit(entry, {reg, m.same(reg, text), m.same(count, m.number(1))})});
  Ledger ledger(m.core);
  // The first text of the event is not kept and leaves a hole before the second.
  ledger.apply(event, 0, {event_text(0), event_text(1)}, {"lost", "found"});
  ledger.apply(event, 0, {event_text(0), event_text(1)}, {"found", "lost"});
  ledger.apply(event, 0, {event_text(1), event_text(0)}, {"found", "lost"});
  CHECK(ledger.lines == std::vector<std::string>{"1 @0 e1 seen - 0 1", "2 @0 e1 seen found 1 1",
                                                 "3 @0 e2 seen found 0 1", "4 @0 e2 seen lost 1 1",
                                                 "5 @0 e3 seen lost 0 0",
                                                 "6 @0 e3 seen found 1 0"});
  CHECK(ledger.account.text(ledger.account.register_value(kept)) == "found");
}

TEST_CASE("sets of an event are sets like any other") {
  Maker m;
  const std::uint32_t letters = m.domain("letters", {"a", "b", "c"});
  const Type set = type(Kind::set, letters);
  const std::uint32_t opened = m.reg("opened", set);
  const NodeId reg = m.node(Op::reg, set, {}, opened);
  const std::uint32_t entry = m.entry("opened", {set, kFlag});
  const std::uint32_t event =
      m.event("open", {set},
              {set_register(opened, m.node(Op::set_union, set, {reg, m.field(0, set)})),
               emit(entry, {reg, m.same(reg, m.node(Op::universe, set, {}, letters))})});
  Ledger ledger(m.core);
  ledger.sets = {{1}, {2, 0}};
  ledger.apply(event, 0, {0});
  ledger.apply(event, 0, {1});
  CHECK(ledger.lines ==
        std::vector<std::string>{"1 @0 e1 opened {b} 0", "2 @0 e2 opened {a,b,c} 1"});
}

TEST_CASE("a sink may apply events to another account") {
  struct Relay : Ledger {
    using Ledger::Ledger;
    void entry(const Account& of, const EntryView& view) override {
      Ledger::entry(of, view);
      if (next != nullptr) next->apply(event, 0, {event_text(0)}, {"relayed"});
      Ledger::entry(of, view);
    }
    Ledger* next = nullptr;
    std::uint32_t event = 0;
  };
  const Shop shop;
  Relay first(shop.make.core);
  Ledger second(shop.make.core);
  first.next = &second;
  first.event = shop.note;
  first.apply(shop.note, 0, {event_text(0)}, {"first"});
  CHECK(first.lines ==
        std::vector<std::string>{"1 @0 e1 note - first - -", "1 @0 e1 note - first - -"});
  CHECK(second.lines == std::vector<std::string>{"1 @0 e1 note - relayed - -"});
}

TEST_CASE("a trace hears of rules, cases and lookups, and of the entries they led to") {
  struct Heard : Trace {
    void rule(ClauseId clause) override { text += " rule" + std::to_string(clause); }
    void looked_up(std::uint32_t table, std::uint32_t row) override {
      text += " row" + std::to_string(table) + "." + std::to_string(row);
    }
    void wrote(std::uint64_t seq) override { text += " wrote" + std::to_string(seq); }
    std::string text;
  };
  Maker m;
  for (const bool quiet : {false, true}) {
    Table table;
    table.columns = {{"n", kCount}};
    table.keys = {0};
    table.quiet = quiet;
    table.rows = {{{7}, kAbsent, kAbsent, kNone}, {{8}, kAbsent, kAbsent, kNone}};
    m.core.tables.push_back(table);
  }
  const auto found = [&](std::uint32_t table) {
    return m.node(Op::present, kFlag,
                  {m.node(Op::lookup, type(Kind::row, table, Of::table), {m.number(8)}, table)});
  };
  const NodeId cases = m.node(Op::cases, kFlag, {found(0), found(1)});
  m.core.nodes[cases].case_clauses = {3};
  const std::uint32_t entry = m.entry("seen", {kFlag});
  Effect rules = choose({{m.value(kFlag, 0), {}}, {kNoNode, {emit(entry, {cases})}}});
  rules.rules[0].clause = 1;
  rules.rules[1].clause = 2;
  m.event("ask", {}, {rules});
  Ledger ledger(m.core);
  Heard heard;
  EventView view;
  ledger.account.apply(view, ledger, &heard);
  CHECK(heard.text == " rule2 row0.1 rule3 wrote1");
}

TEST_CASE("texts and sets that nothing refers to any more go away, others stay what they are") {
  const Shop shop;
  Ledger ledger(shop.make.core);
  for (int i = 0; i < 20; ++i) {
    ledger.apply(shop.buy, i, {event_text(0), kUnknownName | event_text(1), 5},
                 {"order " + std::to_string(i), "fruit " + std::to_string(i % 3)});
  }
  const std::size_t before = ledger.account.bytes();
  for (int i = 0; i < 20'000; ++i) {
    ledger.apply(shop.note, 20 + i / 100, {event_text(0)},
                 {"a note that is soon replaced by another " + std::to_string(i)});
  }
  const std::size_t ids = std::size_t{20'020} * 32;
  CHECK(ledger.account.bytes() < before + ids + 32'768);
  CHECK(ledger.account.text(ledger.account.register_value(shop.last_note)) ==
        "a note that is soon replaced by another 19999");
  for (std::size_t i = 0; i < 20; ++i) {
    CHECK(ledger.account.text(ledger.account.cell(shop.lots, i, 3)) ==
          "order " + std::to_string(i));
    CHECK(ledger.account.text(ledger.account.cell(shop.lots, i, 0)) ==
          "fruit " + std::to_string(i % 3));
  }
  ledger.apply(shop.call, 300, {kUnknownName | event_text(0), 6}, {"fruit 1"});
  CHECK(ledger.lines.back().substr(ledger.lines.back().find(" call")) ==
        " call ?fruit 1 6 [order 1 5][order 4 1]");
  CHECK_FALSE(ledger.apply(shop.buy, 300, {event_text(0), 0, 5}, {"order 7"}));
}

TEST_CASE("a fresh account is small and grows with what it holds") {
  const Shop shop;
  Ledger ledger(shop.make.core);
  const std::size_t fresh = ledger.account.bytes();
  CHECK(fresh < 512);
  for (int i = 0; i < 50; ++i) {
    ledger.apply(shop.buy, i, {event_text(0), 1, 5}, {"order " + std::to_string(i)});
  }
  CHECK(ledger.account.bytes() > fresh + 50 * 22);
}

}  // namespace
}  // namespace toll::test
