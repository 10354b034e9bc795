#include "toll/batch.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <tuple>

#include "tests/engine/shop.hpp"

namespace toll::test {
namespace {

/// Has the tree walked: only that can tell a trace.
class Silent final : public Trace {
 public:
  void rule(ClauseId) override {}
  void looked_up(std::uint32_t, std::uint32_t) override {}
};

/// A ledger whose events are done by walking the tree.
class WalkedLedger : public Ledger {
 public:
  using Ledger::Ledger;
  bool walk(std::uint32_t event, Value seconds, std::vector<Value> fields) {
    EventView view;
    const std::string id = "e" + std::to_string(++events);
    view.type = event;
    view.id = id;
    view.time = seconds * kSecond;
    view.fields = fields;
    view.digest.key_high = events;
    return account.apply(view, *this, &trace_);
  }

 private:
  Silent trace_;
};

/// The saved state but for the events' ids, which the two ledgers make up differently.
std::string without_ids(const Account& account) {
  const std::string saved = account.save();
  return saved.substr(0, saved.find("\nids "));
}

TEST_CASE("straight code and the tree write the same ledger") {
  const Shop shop;
  for (unsigned seed = 1; seed <= 20; ++seed) {
    Ledger coded(shop.make.core);
    WalkedLedger walked(shop.make.core);
    std::mt19937 random(seed);
    Value seconds = 0;
    for (int i = 0; i < 400; ++i) {
      seconds += random() % 500'000;
      const Value at = seconds - (random() % 8 == 0 ? random() % 900'000 : 0);
      const std::vector<Value> fields = {static_cast<Value>(random() % 3),
                                         static_cast<Value>(random() % 9)};
      CHECK(coded.apply(shop.call, at, fields) == walked.walk(shop.call, at, fields));
    }
    coded.advance(seconds * 2);
    walked.account.advance(seconds * 2 * kSecond, walked);
    REQUIRE(coded.lines == walked.lines);
    CHECK(without_ids(coded.account) == without_ids(walked.account));
  }
}

/// An allowance of each item a month, then lots by size, then more or nothing; each month told and
/// forgotten. What is counted is found, weighed and counted on at once by straight code.
struct Allowance {
  explicit Allowance(bool tracked) {
    const std::uint32_t items = make.domain("items", {"a", "b", "c", "d", "e", "f"});
    const Type item = type(Kind::name, items);
    const std::uint32_t more = make.reg("more", kFlag, 0);
    const std::uint32_t waits = make.reg("waits", kFlag, 0);
    const std::uint32_t used =
        make.family("used", {{"item", item, kAbsent}, {"free", kCount, 0}, {"over", kCount, 0}}, 1);
    make.core.families[used].tracked = tracked;
    const std::uint32_t lots = make.family("lots", {{"item", item, kAbsent}, {"left", kCount, 0}});
    make.core.families[lots].index = 0;
    const std::uint32_t told = make.entry("told", {item, kCount, kCount, kText});
    const auto cell = [&](std::uint32_t field, NodeId of) {
      return make.node(Op::cell, kCount, {of}, used, field);
    };
    const NodeId row = make.local(0, type(Kind::row, used, Of::family));
    const NodeId month = make.node(Op::month_of, kMonth, {make.now()});
    const std::uint32_t end =
        make.timer("end", 0,
                   {set_register(waits, make.value(kFlag, 0)),
                    each(rows_of(Source::Of::family, used, 0),
                         {emit(told, {make.row_field(row, 0, item), make.row_field(row, 1, kCount),
                                      make.row_field(row, 2, kCount),
                                      make.node(Op::text_of, kText, {month})})}),
                    clear(used)});
    const NodeId which = make.field(0, item);
    const NodeId wanted = make.field(1, kCount);
    const NodeId room = make.node(Op::sub, kCount, {make.number(10), cell(1, which)});
    const NodeId next = make.node(
        Op::date_start, kInstant,
        {make.node(Op::month_start, kDate, {make.node(Op::add, kMonth, {month, make.number(1)})})});
    const NodeId lot = make.local(1, type(Kind::row, lots, Of::family));
    const NodeId free = make.local(0, kCount);
    const NodeId rest = make.node(Op::sub, kCount, {wanted, free});
    call = make.event(
        "call", {item, kCount},
        {choose({{make.node(Op::logical_not, kFlag, {make.node(Op::reg, kFlag, {}, waits)}),
                  {set_register(waits, make.value(kFlag, 1)), arm(end, next)}}}),
         let(0, make.node(Op::minimum, kCount, {wanted, room})), add_cell(used, 1, free, {which}),
         choose({{make.node(Op::lt, kFlag, {free, wanted}),
                  {draw(rows_of(Source::Of::family, lots, 1,
                                make.same(make.row_field(lot, 0, item), which),
                                {make.row_field(lot, 1, kCount)}),
                        1, rest, 2, 3),
                   choose({{make.node(Op::reg, kFlag, {}, more),
                            {add_cell(used, 2, make.local(3, kCount), {which})}}})}}}),
         emit(told, {which, free, make.local(3, kCount), kNoNode})});
    buy = make.event("buy", {item, kCount},
                     {put(lots, {which, wanted}),
                      set_register(more, make.node(Op::lt, kFlag, {make.number(5), wanted}))});
  }
  Maker make;
  std::uint32_t call = 0;
  std::uint32_t buy = 0;
};

TEST_CASE("an allowance is counted alike by straight code and by the tree") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const Allowance policy(seed % 2 == 0);
    Ledger coded(policy.make.core);
    WalkedLedger walked(policy.make.core);
    std::mt19937 random(seed);
    Value seconds = 0;
    for (int i = 0; i < 500; ++i) {
      seconds += random() % 100'000;
      const std::uint32_t what = random() % 8 == 0 ? policy.buy : policy.call;
      const Value item = random() % 20 == 0 ? kAbsent : static_cast<Value>(random() % 6);
      const Value count = random() % 30 == 0 ? kAbsent : static_cast<Value>(random() % 9);
      CHECK(coded.apply(what, seconds, {item, count}) == walked.walk(what, seconds, {item, count}));
    }
    REQUIRE(coded.lines == walked.lines);
    CHECK(without_ids(coded.account) == without_ids(walked.account));
  }
}

/// What happens to accounts often enough is done by machine code, where there is some: a policy's
/// events one after the other, so that the first thousands are interpreted and the others are not.
constexpr int kOften = 12'000;

TEST_CASE("an allowance is counted alike by machine code and by the tree") {
  for (const bool tracked : {false, true}) {
    const Allowance policy(tracked);
    Ledger coded(policy.make.core);
    WalkedLedger walked(policy.make.core);
    std::mt19937 random(tracked ? 7 : 8);
    Value seconds = 0;
    const Value odd[] = {kAbsent, 0, -4, INT64_MAX, INT64_MAX - 3, Value{1} << 70};
    for (int i = 0; i < kOften; ++i) {
      seconds += random() % 40'000;
      const Value at = seconds - (random() % 50 == 0 ? random() % 900'000 : 0);
      const std::uint32_t what = random() % 8 == 0 ? policy.buy : policy.call;
      const Value item = random() % 20 == 0 ? kAbsent : static_cast<Value>(random() % 6);
      const Value count =
          random() % 30 == 0 ? odd[random() % std::size(odd)] : static_cast<Value>(random() % 9);
      CHECK(coded.apply(what, at, {item, count}) == walked.walk(what, at, {item, count}));
    }
    REQUIRE(coded.lines == walked.lines);
    CHECK(without_ids(coded.account) == without_ids(walked.account));
  }
}

TEST_CASE("a shop is kept alike by machine code and by the tree") {
  const Shop shop;
  Silent silent;
  Ledger coded(shop.make.core);
  Ledger walked(shop.make.core);
  walked.trace = &silent;
  std::mt19937 random(3);
  std::mt19937 again(3);
  Value seconds = 0;
  Value same = 0;
  for (int i = 0; i < kOften; ++i) {
    shop.random_event(coded, random, seconds);
    shop.random_event(walked, again, same);
  }
  REQUIRE(coded.lines == walked.lines);
  CHECK(without_ids(coded.account) == without_ids(walked.account));
}

/// Counts of each item, told at the end of a month: added up, priced by what they come to, one of
/// them written and read again, in texts that are joined of texts.
struct Report {
  Report() {
    const std::uint32_t items = make.domain("items", {"a", "b", "c"});
    const Type item = type(Kind::name, items);
    Table prices;
    prices.name = "prices";
    prices.columns = {{"item", item}, {"from", kCount}, {"price", kCount}};
    prices.keys = {0};
    prices.band = 1;
    for (const auto& [of, from, price] :
         std::initializer_list<std::tuple<int, int, int>>{{0, 0, 9}, {0, 20, 7}, {1, 5, 3}}) {
      prices.rows.push_back({{of, from, price}, kAbsent, kAbsent, kNone});
    }
    make.core.tables.push_back(prices);
    const std::uint32_t used = make.family(
        "used", {{"item", item, kAbsent}, {"x", kCount, 0}, {"y", kCount, 0}, {"z", kCount, 0}}, 1);
    const std::uint32_t waits = make.reg("waits", kFlag, 0);
    const std::uint32_t told =
        make.entry("told", {item, kText, kText, kCount, kCount, kCount, kCount});
    const NodeId row = make.local(0, type(Kind::row, used, Of::family));
    const auto field = [&](std::uint32_t of) { return make.row_field(row, of, kCount); };
    const NodeId total =
        make.node(Op::add, kCount, {make.node(Op::add, kCount, {field(1), field(2)}), field(3)});
    const NodeId price = make.row_field(make.node(Op::lookup, type(Kind::row, 0, Of::table),
                                                  {make.row_field(row, 0, item), total}, 0),
                                        2, kCount);
    const NodeId month = make.node(Op::month_of, kMonth, {make.now()});
    const NodeId text = make.node(Op::text_of, kText, {month});
    const NodeId both =
        make.node(Op::text_of, kText, {text, make.text(" "), make.row_field(row, 0, item)});
    const std::uint32_t end = make.timer(
        "end", 0,
        {set_register(waits, make.value(kFlag, 0)),
         each(rows_of(Source::Of::family, used, 0),
              {emit(told,
                    {make.row_field(row, 0, item), text, both, total, field(1), field(3), price}),
               set_row(used, 3, row, total),
               emit(told, {make.row_field(row, 0, item), text, kNoNode, total, field(1), field(3),
                           price})}),
         clear(used)});
    const NodeId next = make.node(
        Op::date_start, kInstant,
        {make.node(Op::month_start, kDate, {make.node(Op::add, kMonth, {month, make.number(1)})})});
    const NodeId which = make.field(0, item);
    count = make.event(
        "count", {item, kCount},
        {choose({{make.node(Op::logical_not, kFlag, {make.node(Op::reg, kFlag, {}, waits)}),
                  {set_register(waits, make.value(kFlag, 1)), arm(end, next)}}}),
         add_cell(used, 1, make.field(1, kCount), {which}),
         add_cell(used, 3, make.number(1), {which})});
  }
  Maker make;
  std::uint32_t count = 0;
};

TEST_CASE("a month is told alike by straight code and by the tree") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const Report policy;
    Ledger coded(policy.make.core);
    WalkedLedger walked(policy.make.core);
    std::mt19937 random(seed);
    Value seconds = 0;
    for (int i = 0; i < 200; ++i) {
      seconds += random() % 400'000;
      const Value item = random() % 9 == 0 ? kAbsent : static_cast<Value>(random() % 3);
      Value many = random() % 30 == 0 ? kAbsent : static_cast<Value>(random() % 9);
      if (seed % 4 == 0 && random() % 20 == 0) many = INT64_MAX / 3 * 2;  // two are too many
      CHECK(coded.apply(policy.count, seconds, {item, many}) ==
            walked.walk(policy.count, seconds, {item, many}));
    }
    REQUIRE(coded.lines == walked.lines);
    CHECK(without_ids(coded.account) == without_ids(walked.account));
  }
}

/// Whether a store's entries read as those of the account by itself, texts spelled out.
class Compared final : public BatchSink {
 public:
  explicit Compared(Ledger& ledger) : ledger_(ledger) {}
  void entry(std::uint64_t, const Account& state, const EntryView& entry) override {
    EntryView same = entry;
    const std::string id = "e" + std::to_string(events);
    if (entry.timer == kNone) same.event_id = id;
    ledger_.entry(state, same);
  }
  std::uint64_t events = 0;

 private:
  Ledger& ledger_;
};

TEST_CASE("a store tells a month as an account by itself does") {
  struct Counted {
    std::int64_t seconds;
    std::uint32_t account;
    std::uint16_t item;
    std::uint16_t many;
  };
  const Report policy;
  Ledger alone(policy.make.core);
  Ledger stored(policy.make.core);
  EventLayout layout;
  layout.type = policy.count;
  layout.stride = sizeof(Counted);
  layout.account = {offsetof(Counted, account), 4};
  layout.time = {offsetof(Counted, seconds), 8, true};
  layout.nanos_per_tick = static_cast<std::int64_t>(kSecond);
  layout.fields = {{0, {offsetof(Counted, item), 2}, 1, {0, 1, 2}},
                   {1, {offsetof(Counted, many), 2}, 1, {}}};
  AccountStore store(stored.program);
  const std::uint32_t known = store.add_layout(layout);
  Compared sink(stored);
  std::mt19937 random(9);
  std::int64_t seconds = 0;
  for (int i = 0; i < 500; ++i) {
    seconds += static_cast<std::int64_t>(random() % 400'000);
    const Counted event{seconds, 7, static_cast<std::uint16_t>(random() % 3),
                        static_cast<std::uint16_t>(random() % 9)};
    ++sink.events;
    store.apply(known, &event, 1, sink);
    alone.apply(policy.count, seconds, {event.item, event.many});
  }
  store.advance(Value{seconds} * 2 * kSecond, sink);
  alone.advance(Value{seconds} * 2);
  CHECK(alone.lines.size() > 100);
  REQUIRE(stored.lines == alone.lines);
  CHECK(without_ids(*store.find(7)) == without_ids(alone.account));
}

TEST_CASE("what takes more than 64 bits is done by walking the tree") {
  Maker m;
  const std::uint32_t sum = m.reg("sum", money(), 0);
  const std::uint32_t told = m.entry("told", {money()});
  const NodeId more =
      m.node(Op::add, money(), {m.node(Op::reg, money(), {}, sum), m.field(0, money())});
  const std::uint32_t event = m.event(
      "add", {money()}, {set_register(sum, more), emit(told, {m.node(Op::reg, money(), {}, sum)})});
  Ledger ledger(m.core);
  const Value half = static_cast<Value>(1) << 62;
  for (int i = 0; i < 4; ++i) CHECK(ledger.apply(event, i, {half}));
  REQUIRE(ledger.lines.size() == 4);
  CHECK((ledger.account.register_value(sum) == half * 4));
  CHECK(ledger.lines[3] == "4 @3 e4 told " + digits(half * 4));
}

struct PlainCall {
  std::int64_t seconds;
  std::uint32_t account;
  std::uint16_t item;
  std::uint16_t count;
};

EventLayout layout_of(const Shop& shop) {
  EventLayout layout;
  layout.type = shop.call;
  layout.stride = sizeof(PlainCall);
  layout.account = {offsetof(PlainCall, account), 4};
  layout.time = {offsetof(PlainCall, seconds), 8, true};
  layout.nanos_per_tick = static_cast<std::int64_t>(kSecond);
  layout.fields = {{0, {offsetof(PlainCall, item), 2}, 1, {0, 1, 2}},
                   {1, {offsetof(PlainCall, count), 2}, 1, {}}};
  return layout;
}

/// Entries of a store by account, as seq, kind, time and first member.
class Entries final : public BatchSink {
 public:
  void entry(std::uint64_t account, const Account&, const EntryView& entry) override {
    std::string line = digits(static_cast<Value>(entry.seq)) + " " + std::to_string(entry.kind) +
                       " " + digits(entry.time);
    for (const Value member : entry.members) line += " " + digits(member);
    line += entry.code;
    of[account].push_back(line);
  }
  std::map<std::uint64_t, std::vector<std::string>> of;
};

std::vector<PlainCall> random_calls(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  std::vector<PlainCall> calls;
  std::int64_t seconds = 0;
  for (std::size_t i = 0; i < count; ++i) {
    seconds += static_cast<std::int64_t>(random() % 20'000);
    calls.push_back({seconds, static_cast<std::uint32_t>(random() % 40),
                     static_cast<std::uint16_t>(random() % 4),
                     static_cast<std::uint16_t>(random() % 9)});
  }
  return calls;
}

TEST_CASE("a store gives the same entries in one go, one by one, and in shards") {
  const Shop shop;
  const auto program = prepare(std::make_shared<const Core>(shop.make.core));
  const EventLayout layout = layout_of(shop);
  const std::vector<PlainCall> calls = random_calls(7, 3000);
  const Value end = (static_cast<Value>(calls.back().seconds) + 90 * 86'400) * kSecond;

  Entries at_once;
  AccountStore whole(program);
  whole.apply(whole.add_layout(layout), calls.data(), calls.size(), at_once);
  whole.advance(end, at_once);
  CHECK(whole.size() == 40);
  CHECK(whole.find(3) != nullptr);
  CHECK(whole.find(40) == nullptr);

  Entries one_by_one;
  AccountStore single(program);
  const std::uint32_t known = single.add_layout(layout);
  for (const PlainCall& call : calls) single.apply(known, &call, 1, one_by_one);
  single.advance(end, one_by_one);
  CHECK(at_once.of == one_by_one.of);

  Entries sharded;
  for (std::size_t shard = 0; shard < 3; ++shard) {
    std::vector<PlainCall> own;
    for (const PlainCall& call : calls) {
      if (AccountStore::shard_of(call.account, 3) == shard) own.push_back(call);
    }
    AccountStore store(program);
    store.apply(store.add_layout(layout), own.data(), own.size(), sharded);
    store.advance(end, sharded);
  }
  CHECK(at_once.of == sharded.of);
}

TEST_CASE("an event whose number means no name has no name") {
  const Shop shop;
  const auto program = prepare(std::make_shared<const Core>(shop.make.core));
  EventLayout layout = layout_of(shop);
  const PlainCall call{5, 1, 3, 2};
  Entries entries;
  AccountStore store(program);
  store.apply(store.add_layout(layout), &call, 1, entries);
  const std::size_t without = entries.of[1].size();
  CHECK(without > 0);
  layout.fields[0].meanings = {0, 1, 2, 7};  // 7 is no name of the domain
  store.apply(store.add_layout(layout), &call, 1, entries);
  REQUIRE(entries.of[1].size() == without + 1);
  CHECK(entries.of[1].back().find("bad-event") != std::string::npos);
}

}  // namespace
}  // namespace toll::test
