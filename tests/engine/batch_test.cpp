#include "toll/batch.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

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
