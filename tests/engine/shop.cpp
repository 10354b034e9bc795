#include "tests/engine/shop.hpp"

namespace toll::test {

Shop::Shop(std::int64_t remember_seconds) {
  Maker& m = make;
  Core& core = m.core;
  core.name = "shop";
  core.zone = {{0, 8 * 3600}, {50'000'000, 9 * 3600}};
  core.remember_seconds = remember_seconds;
  items = m.domain("items", {"apple", "pear", "plum"});
  states = m.domain("states", {"good", "bad"});
  const Type item = type(Kind::name, items);
  const Type item_set = type(Kind::set, items);
  const Type row = type(Kind::row, 0, Of::family);

  opened = m.reg("opened", item_set);
  balance = m.reg("balance", money(), 0);
  last_note = m.reg("last note", kText);
  last_item = m.reg("last item", item);
  core.machines.push_back({"payment", "payment", states, 0, {}, {}, kNone});

  lots = m.family("lots", {{"item", item, kAbsent},
                           {"left", kCount, 0},
                           {"ends", kInstant, kAbsent},
                           {"order", kText, kAbsent}});
  core.families[lots].index = 0;
  usage = m.family("usage",
                   {{"item", item, kAbsent}, {"month", kMonth, kAbsent}, {"over", kCount, 0}}, 2);
  core.families[usage].tracked = true;
  scratch = m.family("scratch", {{"lot", kText, kAbsent}, {"took", kCount, 0}});
  core.families[scratch].event_scope = true;

  const std::uint32_t called = m.entry("call", {item, kCount, kCount});
  core.entries[called].members[2].rows = true;
  core.entries[called].members[2].columns.resize(2);
  core.entries[called].members[2].columns[0].type = kText;
  core.entries[called].members[2].columns[1].type = kCount;
  const std::uint32_t bought = m.entry("buy", {kText, item_set});
  const std::uint32_t billed = m.entry("bill", {item, kMonth, kCount, money()});
  const std::uint32_t noted = m.entry("note", {kText, kText, item, kCount});

  const auto field = [&](std::uint32_t index, const Type& of) { return m.field(index, of); };
  const auto in = [&](Value seconds) {
    return m.node(Op::add, kInstant, {m.now(), m.value(kSpan, seconds * kSecond)});
  };
  const NodeId here = m.local(0, row);
  const NodeId month = m.node(Op::month_of, kMonth, {m.now()});
  const NodeId balance_now = m.node(Op::reg, money(), {}, balance);

  // settle: every 20 days, bills what was used beyond the lots, month by month.
  settle = m.timer("settle", 1, {});
  const NodeId over = m.row_field(here, 2, kCount);
  const NodeId price = m.node(Op::mul, money(), {over, m.value(money(), 150'000)});
  core.blocks[core.timers[settle].block].effects = {
      arm(settle, in(20 * 86'400)),
      each(rows_of(Source::Of::changed, usage, 0),
           {emit(billed, {m.row_field(here, 0, item), m.row_field(here, 1, kMonth), over, price}),
            set_register(balance, m.node(Op::sub, money(), {balance_now, price}))}),
      choose({{m.node(Op::lt, kFlag, {balance_now, m.value(money(), 0)}),
               {move(0, m.value(type(Kind::name, states), 1))}}})};
  // wake: once, writes a text made in the timer and keeps it.
  const NodeId woken = m.node(Op::text_of, kText, {m.text("woken "), month});
  wake = m.timer("wake", 0,
                 {set_register(last_note, woken), emit(noted, {woken, woken, kNoNode, kNoNode})});

  // call(item, n): draws from lots by end, the rest is usage.
  const NodeId n = field(1, kCount);
  const NodeId usable = m.both(m.same(m.row_field(here, 0, item), field(0, item)),
                               m.node(Op::lt, kFlag, {m.now(), m.row_field(here, 2, kInstant)}));
  Effect call_entry = emit(called, {field(0, item), n, kNoNode});
  Effect::EmitRows rows;
  rows.member = 2;
  rows.source = rows_of(Source::Of::family, scratch, 3, kNoNode,
                        {m.row_field(m.local(3, type(Kind::row, scratch, Of::family)), 0, kText)});
  const NodeId drawn = m.local(3, type(Kind::row, scratch, Of::family));
  rows.columns = {m.row_field(drawn, 0, kText), m.row_field(drawn, 1, kCount)};
  call_entry.rows.push_back(rows);
  call =
      m.event("call", {item, kCount},
              {draw(rows_of(Source::Of::family, lots, 0, usable, {m.row_field(here, 2, kInstant)}),
                    1, n, 1, 2, {put(scratch, {m.row_field(here, 3, kText), m.local(1, kCount)})}),
               choose({{m.node(Op::gt, kFlag, {m.local(2, kCount), m.number(0)}),
                        {add_cell(usage, 2, m.local(2, kCount), {field(0, item), month})}}}),
               set_register(last_item, field(0, item)), call_entry});
  core.events[call].refusals.push_back(
      {m.node(Op::le, kFlag, {n, m.number(0)}), "bad-count", kNone});
  core.events[call].bounded.push_back(m.node(Op::mul, kCount, {n, m.number(1'000)}));

  // buy(order, item, size): a lot; an order can be bought once.
  const NodeId taken = m.fold(
      Aggregate::Fn::any,
      rows_of(Source::Of::family, lots, 0, m.same(m.row_field(here, 3, kText), field(0, kText))),
      kNoNode, kFlag);
  const NodeId now_opened = m.node(
      Op::set_union, item_set,
      {m.node(Op::reg, item_set, {}, opened), m.node(Op::set_of, item_set, {field(1, item)})});
  buy = m.event("buy", {kText, item, kCount},
                {put(lots, {field(1, item), field(2, kCount), in(30 * 86'400), field(0, kText)}),
                 set_register(opened, now_opened),
                 choose({{m.node(Op::logical_not, kFlag,
                                 {m.node(Op::present, kFlag, {m.node(Op::clock, kInstant)})}),
                          {}},
                         {kNoNode, {arm(settle, in(86'400))}}}),
                 emit(bought, {field(0, kText), m.node(Op::reg, item_set, {}, opened)})});
  core.events[buy].refusals.push_back({taken, "duplicate-id", kNone});

  // note(text): kept, with what was kept before.
  note = m.event("note", {kText},
                 {emit(noted, {m.node(Op::reg, kText, {}, last_note), field(0, kText),
                               m.node(Op::reg, item, {}, last_item), kNoNode}),
                  set_register(last_note, field(0, kText)), arm(wake, in(9 * 86'400))});

  // burst(order, n): much is changed before it fails where n is too large.
  const NodeId much = m.node(Op::rescale, kCount, {field(1, kCount)}, 18);
  burst =
      m.event("burst", {kText, kCount},
              {put(lots, {m.value(item, 1), m.number(5), in(86'400), field(0, kText)}),
               set_register(last_note, field(0, kText)),
               set_register(opened, m.node(Op::universe, item_set, {}, items)), disarm(wake),
               arm(settle, in(3 * 86'400)), move(0, m.value(type(Kind::name, states), 0)),
               each(rows_of(Source::Of::family, lots, 0), {set_row(lots, 1, here, m.number(3))}),
               each(rows_of(Source::Of::changed, usage, 0), {}),
               add_cell(usage, 2, m.number(1), {m.value(item, 2), month}),
               emit(noted, {kNoNode, field(0, kText), kNoNode, much}),
               add_cell(usage, 2, much, {m.value(item, 0), month})});
}

void Shop::random_event(Ledger& ledger, std::mt19937& random, Value& seconds) const {
  const auto pick = [&](unsigned below) { return static_cast<Value>(random() % below); };
  seconds += pick(2 * 86'400);
  const Value at = pick(6) == 0 ? seconds - pick(40 * 86'400) : seconds;
  const std::string fresh = "text " + digits(pick(60));
  const Value item = pick(8) == 0 ? kUnknownName | event_text(1) : pick(3);
  const std::string unknown = "fruit " + digits(pick(5));
  switch (random() % 8) {
    case 0:
    case 1:
      ledger.apply(buy, at, {event_text(0), item, pick(400)}, {fresh, unknown});
      return;
    case 2:
      ledger.apply(note, at, {event_text(0)}, {fresh});
      return;
    case 3:
      ledger.apply(burst, at, {event_text(0), pick(12)}, {fresh});
      return;
    default:
      ledger.apply(call, at, {item, pick(20) == 0 ? Value{2'000'000'000} : pick(200)},
                   {fresh, unknown});
  }
}

}  // namespace toll::test
