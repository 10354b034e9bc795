// Gifts by the rows of a table, each month and once: straight code puts them off, the tree gives
// them at once, and nobody can tell.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "engine/run/program.hpp"
#include "tests/engine/support.hpp"

namespace toll::test {
namespace {

/// Lots of units in six pools. A table says what is given: every month or once, since when and
/// until when; a set says of which pools an account is given anything.
struct Gifts {
  /// `sorted`: lots are drawn from by kind and time, not as they came.
  explicit Gifts(bool sorted = true) {
    Maker& m = make;
    Core& core = m.core;
    core.name = "gifts";
    core.zone = {{0, 8 * 3600}};
    const Type pool = type(Kind::name, m.domain("pools", {"a", "b", "c", "d", "e", "f"}));
    const Type kind = type(Kind::name, m.domain("kinds", {"monthly", "once", "bought"}));
    const Type pools = type(Kind::set, 0);
    lay_out_table(pool, kind);
    const std::uint32_t scope = m.reg("scope", pools);
    const std::uint32_t started = m.reg("started", kFlag, 0);
    lots = m.family("lots", {{"pool", pool, kAbsent},
                             {"kind", kind, kAbsent},
                             {"left", kCount, 0},
                             {"since", kInstant, kAbsent},
                             {"until", kInstant, kAbsent},
                             {"order", kText, kAbsent}});
    core.families[lots].index = 0;
    given = m.family("given",
                     {{"pool", pool, kAbsent}, {"month", kMonth, kAbsent}, {"done", kFlag, 0}}, 2);
    given_once = m.family("given once", {{"pool", pool, kAbsent}, {"done", kFlag, 0}}, 1);
    const std::uint32_t told = m.entry("told", {kText, pool, kCount, kCount});

    const NodeId month = m.node(Op::month_of, kMonth, {m.clock()});
    const NodeId next_month =
        m.node(Op::date_start, kInstant,
               {m.node(Op::month_start, kDate, {m.node(Op::add, kMonth, {month, m.number(1)})})});
    const NodeId later = m.node(Op::add_months, kInstant, {m.clock(), m.number(2)});
    const std::uint32_t monthly = m.block("monthly", {gift(0, given, true, next_month)}, 4);
    const std::uint32_t once = m.block("once", {gift(1, given_once, false, later)}, 4);
    for (const std::uint32_t one : {monthly, once}) core.blocks[one].parameters = {pools};
    const NodeId all = m.node(Op::reg, pools, {}, scope);
    const auto run = [](std::uint32_t block, NodeId of) {
      Effect made;
      made.what = Effect::Do::run;
      made.a = block;
      made.args = {of};
      return made;
    };
    const std::uint32_t tick = m.timer("tick", 0, {});
    core.blocks[core.timers[tick].block].effects = {arm(tick, next_month), run(monthly, all)};

    const NodeId row = m.local(0, type(Kind::row, lots, Of::family));
    const auto cell = [&](std::uint32_t field, const Type& of) {
      return m.row_field(row, field, of);
    };
    std::vector<NodeId> by;
    if (sorted) by = {cell(1, kind), cell(3, kInstant), cell(4, kInstant)};
    const NodeId usable = m.both(m.node(Op::gt, kFlag, {cell(2, kCount), m.number(0)}),
                                 m.node(Op::lt, kFlag, {m.now(), cell(4, kInstant)}));
    const NodeId which = m.field(0, pool);
    const NodeId of_pool = m.both(m.same(cell(0, pool), which), usable);
    const auto source = [&](NodeId where) {
      return rows_of(Source::Of::family, lots, 0, where, by);
    };

    open = m.event("open", {pools},
                   {set_register(scope, m.node(Op::set_union, pools, {all, m.field(0, pools)})),
                    choose({{m.node(Op::logical_not, kFlag, {m.node(Op::reg, kFlag, {}, started)}),
                             {set_register(started, m.value(kFlag, 1)), arm(tick, next_month)}}}),
                    run(monthly, m.field(0, pools)), run(once, m.field(0, pools))});
    draw_some = m.event(
        "draw", {pool, kCount},
        {let(4, m.fold(Aggregate::Fn::sum, source(of_pool), cell(2, kCount), kCount)),
         draw(
             source(of_pool), 2, m.field(1, kCount), 1, 2,
             {emit(told, {cell(5, kText), cell(0, pool), m.local(1, kCount), m.local(4, kCount)})}),
         emit(told, {m.text("rest"), which, m.local(2, kCount), m.local(4, kCount)})});
    buy = m.event("buy", {pool, kCount, kText},
                  {put(lots, {which, m.value(kind, 2), m.field(1, kCount), m.clock(), later,
                              m.field(2, kText)})});
    // Of what was bought only.
    find = m.event("find", {kText},
                   {each(source(m.both(m.node(Op::present, kFlag, {cell(5, kText)}),
                                       m.same(cell(5, kText), m.field(0, kText)))),
                         {emit(told, {cell(5, kText), cell(0, pool), cell(2, kCount), kNoNode})})});
    // Of all, as they stand; and then gives some away.
    Source standing = rows_of(Source::Of::family, lots, 0, usable);
    count_all = m.event(
        "count", {pools},
        {each(standing, {emit(told, {cell(5, kText), cell(0, pool), cell(2, kCount), kNoNode})}),
         run(monthly, m.field(0, pools))});
    // Of one kind, and whether there are any: what is put off could be among them.
    list_given =
        m.event("list", {},
                {each(source(m.both(usable, m.same(cell(1, kind), m.value(kind, 1)))),
                      {emit(told, {cell(5, kText), cell(0, pool), cell(2, kCount), kNoNode})}),
                 choose({{m.fold(Aggregate::Fn::any, source(usable),
                                 m.same(cell(1, kind), m.value(kind, 0)), kFlag),
                          {emit(told, {m.text("monthly"), kNoNode, kNoNode, kNoNode})}}})});
    // What was found out before something is given does not hold after it.
    const NodeId had = m.node(Op::cell, kFlag, {which, month}, given, 2);
    const NodeId holds = m.fold(Aggregate::Fn::sum, source(of_pool), cell(2, kCount), kCount);
    const Effect tell = emit(told, {kNoNode, which, had, holds});
    before_and_after =
        m.event("before and after", {pool, pools}, {tell, run(monthly, m.field(1, pools)), tell});
    // Fails in the end.
    const NodeId much = m.node(Op::rescale, kCount, {m.field(1, kCount)}, 30);
    spoil = m.event(
        "spoil", {pool, kCount, pools},
        {run(monthly, m.field(2, pools)),
         put(lots, {which, m.value(kind, 2), m.number(3), m.clock(), later, kNoNode}),
         draw(source(of_pool), 2, m.field(1, kCount), 1, 2),
         emit(told, {kNoNode, which, m.local(2, kCount), m.node(Op::mul, kCount, {much, much})})});
    // Refused where the pool holds nothing: asked before anything is done.
    guarded = m.event("guarded", {pool}, {emit(told, {kNoNode, which, kNoNode, kNoNode})});
    core.events[guarded].refusals.push_back(
        {m.node(Op::logical_not, kFlag,
                {m.fold(Aggregate::Fn::any, source(of_pool), kNoNode, kFlag)}),
         "nothing-left", kNone});
    View view;
    view.source = source(usable);
    view.columns = {cell(0, pool), cell(2, kCount), cell(3, kInstant)};
    view.frame = 1;
    core.views.push_back(view);
  }

  void lay_out_table(const Type& pool, const Type& kind) {
    Table table;
    table.name = "gifts";
    table.columns = {{"pool", pool}, {"kind", kind}, {"units", kCount}};
    table.dated = true;
    const Value edition = 100 * kDay;
    for (Value i = 0; i < 6; ++i) {
      if (i != 4) table.rows.push_back({{i, 0, 10 + i}, kAbsent, edition, kNone});
      if (i != 2) table.rows.push_back({{i, 0, 20 + i}, edition, kAbsent, kNone});
      if (i % 2 == 0) table.rows.push_back({{i, 1, 7}, kAbsent, kAbsent, kNone});
    }
    table.rows.push_back({{1, 0, 99}, kAbsent, kAbsent, kNone});  // given already
    make.core.tables.push_back(table);
  }

  /// each row in gifts at clock where it is of this kind and its pool is in scope: unless it was
  /// given, it is.
  Effect gift(Value kind, std::uint32_t done, bool monthly, NodeId until) {
    Maker& m = make;
    const Type pool = type(Kind::name, 0);
    const Type kinds = type(Kind::name, 1);
    const NodeId row = m.local(1, type(Kind::row, 0, Of::table));
    const NodeId of = m.row_field(row, 0, pool);
    std::vector<NodeId> keys = {of};
    if (monthly) keys.push_back(m.node(Op::month_of, kMonth, {m.clock()}));
    const NodeId units = m.row_field(row, 2, kCount);
    Source source = rows_of(Source::Of::table, 0, 1,
                            m.both(m.node(Op::in_set, kFlag, {of, m.local(0, type(Kind::set, 0))}),
                                   m.same(m.row_field(row, 1, kinds), m.value(kinds, kind))));
    source.at = m.clock();
    const std::uint32_t field = monthly ? 2 : 1;
    return each(
        source,
        {choose({{m.node(Op::logical_not, kFlag, {m.node(Op::cell, kFlag, keys, done, field)}),
                  {set_cell(done, field, m.value(kFlag, 1), keys),
                   put(lots, {of, m.value(kinds, kind), units, m.clock(), until, kNoNode})}}})});
  }

  Maker make;
  std::uint32_t lots = 0, given = 0, given_once = 0;
  std::uint32_t open = 0, draw_some = 0, buy = 0, find = 0, count_all = 0, spoil = 0, guarded = 0;
  std::uint32_t list_given = 0, before_and_after = 0;
};

class Unheard final : public Trace {};

/// A ledger whose events may be done by walking the tree.
class Either : public Ledger {
 public:
  using Ledger::Ledger;
  bool apply(const EventView& event, bool walk) {
    return account.apply(event, *this, walk ? &trace_ : nullptr);
  }
  void advance(Value seconds, bool walk) {
    account.advance(seconds * kSecond, *this, walk ? &trace_ : nullptr);
  }

 private:
  Unheard trace_;
};

struct Random {
  explicit Random(unsigned seed) : twister(seed) {}
  Value below(unsigned limit) { return static_cast<Value>(twister() % limit); }
  std::mt19937 twister;
};

/// An event and all that it refers to.
struct Made {
  EventView view;
  std::string id;
  std::string text;
  std::vector<Value> fields;
  std::vector<std::string_view> texts;
  std::vector<std::vector<std::uint32_t>> sets;
};

void make_event(const Gifts& policy, Random& random, Value& seconds, std::uint64_t number,
                bool opening, Made& made) {
  seconds += random.below(6 * 86'400);
  const Value pool = random.below(20) == 0 ? kUnknownName | event_text(0) : random.below(6);
  made.text = "order " + digits(random.below(30));
  made.texts = {made.text};
  made.sets = {{}};
  for (std::uint32_t i = 0; i < 6; ++i) {
    if (random.below(2) == 0) made.sets[0].push_back(i);
  }
  const Value set = 0;
  const Value units = random.below(40);
  const Value what = opening ? 0 : random.below(44);
  const auto is = [&](std::uint32_t type, std::vector<Value> fields) {
    made.view.type = type;
    made.fields = std::move(fields);
  };
  if (what < 3) {
    is(policy.open, {set});
  } else if (what < 20) {
    is(policy.draw_some, {pool, units});
  } else if (what < 26) {
    is(policy.buy, {pool, units, event_text(0)});
  } else if (what < 32) {
    is(policy.find, {event_text(0)});
  } else if (what < 33) {
    is(policy.count_all, {set});
  } else if (what < 37) {
    is(policy.spoil, {pool, units, set});
  } else if (what < 40) {
    is(policy.guarded, {pool});
  } else if (what < 41) {
    is(policy.list_given, {});
  } else {
    is(policy.before_and_after, {pool, set});
  }
  made.id = "e" + std::to_string(number);
  made.view.id = made.id;
  made.view.time = (random.below(8) == 0 ? seconds - random.below(50 * 86'400) : seconds) * kSecond;
  made.view.digest = {number * 0x9e3779b97f4a7c15ULL, number, number * 31};
  made.view.fields = made.fields;
  made.view.texts = made.texts;
  made.view.sets = made.sets;
}

std::vector<std::string> seen(const Account& account, Value now) {
  std::vector<std::string> rows;
  account.view(0, now, [&](Value row, std::span<const Value> columns) {
    rows.push_back(digits(row) + " " + digits(columns[0]) + " " + digits(columns[1]) + " " +
                   digits(columns[2]));
  });
  return rows;
}

TEST_CASE("loops that give what a table says are put off") {
  const Gifts policy;
  const Ledger ledger(policy.make.core);
  CHECK(ledger.program->deferrals.size() == 2);
  CHECK(ledger.program->owed_families.size() == 3);
}

TEST_CASE("what is put off is there for whoever looks") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Gifts policy(seed % 2 == 0);
    Either coded(policy.make.core);   // straight code puts off
    Either walked(policy.make.core);  // the tree never does
    Either mixed(policy.make.core);   // they take turns
    Random random(seed);
    Random turns(seed + 1000);
    Value seconds = 3'000'000;
    for (std::uint64_t i = 1; i <= 200; ++i) {
      Made made;
      make_event(policy, random, seconds, i, i == 1, made);
      const bool done = walked.apply(made.view, true);
      CHECK(coded.apply(made.view, false) == done);
      CHECK(mixed.apply(made.view, turns.below(10) == 0) == done);
      if (turns.below(25) == 0) {  // a copy and a restored account go on as well
        mixed.account = mixed.account.copy();
      }
      if (turns.below(25) == 0) {
        CHECK(seen(coded.account, made.view.time) == seen(walked.account, made.view.time));
        CHECK(mixed.account.row_count(policy.lots) == walked.account.row_count(policy.lots));
        const std::size_t small = coded.account.bytes();
        REQUIRE(coded.account.save() == walked.account.save());
        CHECK(coded.account.bytes() <= small);
      }
    }
    const Value end = seconds + 100 * 86'400;
    for (Either* one : {&coded, &walked, &mixed}) one->advance(end, one == &walked);
    REQUIRE(coded.lines == walked.lines);
    REQUIRE(mixed.lines == walked.lines);
    CHECK(coded.account.save() == walked.account.save());
  }
}

TEST_CASE("accounts of a program that take turns do not see each other") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const Gifts policy(seed % 2 == 0);
    Either coded[] = {Either(policy.make.core), Either(policy.make.core)};
    Either walked[] = {Either(policy.make.core), Either(policy.make.core)};
    coded[1].program = coded[0].program;
    coded[1].account = Account(coded[0].program);
    Random random(seed + 500);
    Value seconds = 3'000'000;
    for (std::uint64_t i = 1; i <= 400; ++i) {
      Made made;
      make_event(policy, random, seconds, i, i <= 2, made);
      const std::size_t which = i <= 2 ? i - 1 : static_cast<std::size_t>(random.below(2));
      CHECK(coded[which].apply(made.view, false) == walked[which].apply(made.view, true));
    }
    for (std::size_t i = 0; i < 2; ++i) {
      REQUIRE(coded[i].lines == walked[i].lines);
      CHECK(coded[i].account.save() == walked[i].account.save());
    }
  }
}

TEST_CASE("an account that asks for nothing holds next to nothing") {
  const Gifts policy;
  Either coded(policy.make.core);
  Either walked(policy.make.core);
  Random random(1);
  Value seconds = 3'000'000;
  Made made;
  make_event(policy, random, seconds, 1, true, made);
  made.sets[0] = {0, 1, 2, 3, 4, 5};
  coded.apply(made.view, false);
  walked.apply(made.view, true);
  const std::size_t before = coded.account.bytes();
  for (Value month = 1; month <= 24; ++month) {
    coded.advance(seconds + month * 31 * 86'400, false);
  }
  CHECK(coded.account.bytes() < before + 24 * 100);
  walked.advance(seconds + Value{24} * 31 * 86'400, true);
  CHECK(walked.account.bytes() > 4 * coded.account.bytes());
  CHECK(coded.account.save() == walked.account.save());
  CHECK(coded.account.row_count(policy.lots) == walked.account.row_count(policy.lots));
}

TEST_CASE("who opens over and over is owed no more than can be kept") {
  const Gifts policy;
  Either coded(policy.make.core);
  Either walked(policy.make.core);
  Random random(2);
  Value seconds = 3'000'000;
  for (std::uint64_t i = 1; i <= 400; ++i) {
    Made made;
    make_event(policy, random, seconds, i, true, made);
    coded.apply(made.view, false);
    walked.apply(made.view, true);
  }
  REQUIRE(coded.lines == walked.lines);
  CHECK(coded.account.save() == walked.account.save());
}

}  // namespace
}  // namespace toll::test
