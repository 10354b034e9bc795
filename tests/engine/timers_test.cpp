#include <doctest/doctest.h>

#include "tests/engine/support.hpp"

namespace toll::test {
namespace {

NodeId later(Maker& m, Value seconds) {
  return m.node(Op::add, kInstant, {m.now(), m.value(kSpan, seconds * kSecond)});
}

/// Timers that write the time and the clock they see; an event arms them all.
struct Clockwork {
  Maker make;
  std::uint32_t seen = make.entry("seen", {kInstant, kInstant});
  std::uint32_t hourly = 0;
  std::uint32_t once = 0;
  std::uint32_t start = 0;
  std::uint32_t tick = 0;

  Clockwork() {
    Maker& m = make;
    const Effect show = emit(seen, {m.now(), m.clock()});
    hourly = m.timer("hourly", 2, {show});
    once = m.timer("once", 1, {show});
    // A block may arm its own timer again: it was disarmed before.
    m.core.blocks[m.core.timers[hourly].block].effects.push_back(arm(hourly, later(m, 10)));
    start = m.event("start", {kInstant, kInstant},
                    {arm(hourly, m.field(0, kInstant)), arm(once, m.field(1, kInstant))});
    tick = m.event("tick", {}, {show});
  }
};

TEST_CASE("timers due fire before an event, each at its own instant, the least rank first") {
  Clockwork works;
  Ledger ledger(works.make.core);
  ledger.apply(works.start, 0, {10 * kSecond, 20 * kSecond});
  CHECK((ledger.account.next_deadline() == 10 * kSecond));
  ledger.apply(works.tick, 30);
  CHECK(ledger.lines ==
        std::vector<std::string>{"1 @10 timer:hourly seen 10 10", "2 @20 timer:once seen 20 20",
                                 "3 @20 timer:hourly seen 20 20", "4 @30 timer:hourly seen 30 30",
                                 "5 @30 e2 seen 30 30"});
  CHECK((ledger.account.next_deadline() == 40 * kSecond));
}

TEST_CASE("a late event moves no clock and fires nothing, not even what it armed") {
  Clockwork works;
  Ledger ledger(works.make.core);
  ledger.apply(works.tick, 100);
  ledger.apply(works.start, 40, {50 * kSecond, kAbsent});
  ledger.apply(works.tick, 60);
  CHECK((ledger.account.clock() == 100 * kSecond));
  CHECK(ledger.lines == std::vector<std::string>{"1 @100 e1 seen 100 100", "2 @60 e3 seen 60 100"});
}

TEST_CASE("a deadline already past when armed fires at the next event, at its own instant") {
  Clockwork works;
  Ledger ledger(works.make.core);
  ledger.apply(works.tick, 100);
  ledger.apply(works.start, 100, {95 * kSecond, kAbsent});
  ledger.apply(works.tick, 100);
  CHECK(ledger.lines[1] == "2 @95 timer:hourly seen 95 95");
  CHECK(ledger.lines[2] == "3 @100 e3 seen 100 100");
}

// 64 bits hold the nanoseconds of 9,223,372,036 seconds and no more, either way.
TEST_CASE("clocks and deadlines pass the bounds of 64 bits like any other instant") {
  for (const Value bound : {-9'223'372'036, 9'223'372'036}) {
    CAPTURE(static_cast<std::int64_t>(bound));
    Clockwork works;
    Ledger ledger(works.make.core);
    ledger.apply(works.start, bound - 25, {(bound - 15) * kSecond, (bound + 6) * kSecond});
    CHECK((ledger.account.clock() == (bound - 25) * kSecond));
    CHECK((ledger.account.next_deadline() == (bound - 15) * kSecond));
    std::vector<std::string> expected;
    const auto expect = [&](const char* timer, Value at) {
      const std::string time = digits(at);
      expected.push_back(std::to_string(expected.size() + 1) + " @" + time + timer + "seen " +
                         time + " " + time);
    };
    expect(" timer:hourly ", bound - 15);
    expect(" timer:hourly ", bound - 5);
    CHECK(ledger.advance(bound + 4));
    CHECK(ledger.lines == expected);
    CHECK((ledger.account.clock() == (bound - 5) * kSecond));
    CHECK((ledger.account.next_deadline() == (bound + 5) * kSecond));

    Ledger restored(works.make.core);
    REQUIRE(restored.account.restore(ledger.account.save()).empty());
    CHECK((restored.account.clock() == (bound - 5) * kSecond));
    CHECK((restored.account.next_deadline() == (bound + 5) * kSecond));
    CHECK((ledger.account.copy().clock() == (bound - 5) * kSecond));

    expect(" timer:hourly ", bound + 5);
    expect(" timer:once ", bound + 6);
    expect(" e2 ", bound + 7);
    CHECK(ledger.apply(works.tick, bound + 7));
    CHECK(ledger.lines == expected);
    CHECK((ledger.account.clock() == (bound + 7) * kSecond));
    CHECK((ledger.account.next_deadline() == (bound + 15) * kSecond));
    ledger.apply(works.tick, bound);  // late
    CHECK(ledger.lines.back() ==
          "6 @" + digits(bound) + " e3 seen " + digits(bound) + " " + digits(bound + 7));
  }
}

TEST_CASE("advance fires what is due and moves the clock to what fired only") {
  Clockwork works;
  Ledger ledger(works.make.core);
  CHECK(ledger.advance(1'000));
  CHECK((ledger.account.clock() == kAbsent));
  ledger.apply(works.start, 0, {10 * kSecond, 15 * kSecond});
  CHECK(ledger.advance(29));
  CHECK(ledger.lines == std::vector<std::string>{"1 @10 timer:hourly seen 10 10",
                                                 "2 @15 timer:once seen 15 15",
                                                 "3 @20 timer:hourly seen 20 20"});
  CHECK((ledger.account.clock() == 20 * kSecond));
}

TEST_CASE("a timer that fails in advance is left as it was, the ones before it are done") {
  Maker m;
  const std::uint32_t total = m.reg("total", kCount, 0);
  const NodeId more =
      m.node(Op::mul, kCount, {m.node(Op::reg, kCount, {}, total), m.number(100'000'000)});
  const std::uint32_t seen = m.entry("seen", {kCount});
  const std::uint32_t grow = m.timer("grow", 0, {});
  m.core.blocks[m.core.timers[grow].block].effects = {
      arm(grow, later(m, 10)), emit(seen, {m.node(Op::reg, kCount, {}, total)}),
      set_register(total, more)};
  const std::uint32_t start =
      m.event("start", {}, {set_register(total, m.number(10)), arm(grow, later(m, 10))});
  Ledger ledger(m.core);
  ledger.apply(start, 0);
  CHECK_FALSE(ledger.advance(100));
  CHECK(ledger.lines == std::vector<std::string>{"1 @10 timer:grow seen 10",
                                                 "2 @20 timer:grow seen 1000000000",
                                                 "3 @30 timer:grow error overflow"});
  CHECK((ledger.account.clock() == 20 * kSecond));
  CHECK((ledger.account.next_deadline() == 30 * kSecond));
  const std::uint64_t entries = ledger.account.entries();
  CHECK_FALSE(ledger.apply(start, 200));
  CHECK(ledger.lines.back() == "4 @200 e2 error overflow");
  CHECK(ledger.account.entries() == entries + 1);
  CHECK((ledger.account.clock() == 20 * kSecond));
}

TEST_CASE("timers that fire at one instant without an end are an error, not a hang") {
  Maker m;
  const std::uint32_t loop = m.timer("loop", 0, {});
  m.core.blocks[m.core.timers[loop].block].effects = {arm(loop, m.now())};
  const std::uint32_t start = m.event("start", {}, {arm(loop, later(m, 1))});
  Ledger ledger(m.core);
  ledger.apply(start, 0);
  CHECK_FALSE(ledger.apply(start, 5));
  CHECK(ledger.lines.back() == "1 @5 e2 error overflow");
  CHECK_FALSE(ledger.advance(5));
}

TEST_CASE("a disarmed timer does not fire") {
  Clockwork works;
  Maker& m = works.make;
  const std::uint32_t stop = m.event("stop", {}, {disarm(works.hourly)});
  Ledger ledger(m.core);
  ledger.apply(works.start, 0, {10 * kSecond, 20 * kSecond});
  ledger.apply(stop, 1);
  ledger.apply(works.tick, 50);
  CHECK(ledger.lines ==
        std::vector<std::string>{"1 @20 timer:once seen 20 20", "2 @50 e3 seen 50 50"});
}

}  // namespace
}  // namespace toll::test
