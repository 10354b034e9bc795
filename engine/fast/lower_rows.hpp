// The loops of lower.hpp. body(row, next, exit) makes the code for one row; `next` goes on with the
// next row, `exit` ends the loop.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "engine/fast/lower.hpp"

namespace toll {

// What is found out in a round is not known after it; what was found before may be gone.
template <class Body>
void Lowerer::loop(const RowSource& source, Body body) {
  if (source.of == Source::Of::family) return loop_family(source, false, body);
  const auto round = [&](Reg row, Label& next, Label& exit) {
    for (const NodeId part : p_.at(source.where)) branch(part, false, next);
    body(row, next, exit);
  };
  if (source.of == Source::Of::changed) {
    const Gathered gathered = gather(source);
    loop_gathered(gathered, source.slot, round);
    add(Act::gather_drop, gathered.drop);
    return;
  }
  Binding& slot = (*frame_)[source.slot];
  const Binding outer = slot;
  Label exit;
  const Reg row = fresh();
  const std::size_t before = mark();
  const std::size_t outer_loop = loop_mark_;
  loop_table(source, row, exit, [&](Label& next) {
    slot = {row, true, {}};
    slot.purity.pure = false;
    round(row, next, exit);
  });
  slot = outer;
  bind(exit);
  forget(before);
  loop_mark_ = outer_loop;
}

template <class Body>
void Lowerer::loop_table(const RowSource& source, Reg row, Label& exit, Body body) {
  const bool list = source.of == Source::Of::list;
  const Reg at = source.at == kNoNode ? Reg{0} : value(source.at);
  Reg limit = 0;
  Reg cursor = 0;
  if (list) {
    const Reg bounds = fresh(2);
    add(Act::list_rows, bounds, value(source.list));
    move(row, bounds);
    limit = static_cast<Reg>(bounds + 1);
  } else if (source.find == RowSource::Find::column) {
    cursor = fresh(2);
    limit = static_cast<Reg>(cursor + 1);
    add(Act::group, cursor, value(p_.at(source.keys)[0]), 0, source.found_by, source.index);
  } else {
    move(row, constant(-1));
    limit = constant(p_.tables[source.index].cells.rows);
  }
  loop_mark_ = mark();
  ++loops_;
  const auto top = static_cast<std::uint32_t>(code_.ins.size());
  if (!list && source.find == RowSource::Find::column) {
    exit.from(add(Act::next_of, row, cursor, limit, source.found_by), true);
  } else {
    exit.from(add(Act::next_row, row, limit));
  }
  Label next;
  if (!list && source.at != kNoNode) {
    next.from(add(Act::jump_past_row, 0, row, at, source.index), true);
  }
  body(next);
  bind(next);
  add(Act::jump, 0, 0, 0, top);
  --loops_;
}

// Keys and what rows are compared with are worked out before the slot is the row's.
template <class Body>
void Lowerer::loop_family(const RowSource& source, bool backwards, Body body) {
  Binding& slot = (*frame_)[source.slot];
  const Binding outer = slot;
  const NodeId asked = std::exchange(asked_body_, kNoNode);
  const Reg row = fresh();
  const std::size_t before = mark();
  const std::size_t outer_loop = loop_mark_;
  Label exit;
  const auto round = [&](Label& next, std::span<const NodeId> where) {
    for (const NodeId part : where) branch(part, false, next);
    body(row, next, exit);
  };
  const auto take_slot = [&] {
    slot = {row, true, {}};
    slot.purity.pure = false;
  };
  if (source.find == RowSource::Find::key) {
    move(row, found(source.index, p_.at(source.keys)).row);
    jump(exit, Act::jump_absent, row);
    take_slot();
    round(exit, p_.at(source.where));
  } else {
    Reg last = 0;
    Act scan = Act::scan_rows;
    if (source.find == RowSource::Find::chain) {
      const std::optional<Reg> known = std::exchange(chained_, std::nullopt);
      last = known ? *known : fresh();
      if (!known) {
        const Reg key = value(p_.at(source.keys)[0]);
        ask_for(source.index, key);
        add(Act::chain, last, key, 0, source.index);
        jump(exit, Act::jump_absent, last);
      }
      scan = backwards ? Act::scan_back : Act::scan_chain;
    } else if (!passes_none_owed(source, asked)) {
      ask_for_all(source.index);
    }
    const auto first = static_cast<std::uint32_t>(code_.ins.size());
    move(row, constant(kAbsent));
    take_slot();
    std::vector<NodeId> rest;
    const std::uint32_t filter = filter_for(source, row, backwards, rest);
    const FamilyShape& shape = p_.families[source.index];
    const bool all = scan == Act::scan_rows && code_.filters[filter].tests.empty();
    if (all) {
      code_.ins.resize(std::min<std::size_t>(first, code_.ins.size()));
      code_.filters.pop_back();
    }
    const Reg of_event = shape.event_scope ? 1 : 0;
    const std::uint32_t place = p_.family_places[source.index];
    if (all) exit.from(add(Act::first_row, row, 0, of_event, place), true);
    loop_mark_ = mark();
    ++loops_;
    const auto top = static_cast<std::uint32_t>(code_.ins.size());
    if (!all) exit.from(add(scan, row, last, 0, filter), true);
    Label next;
    round(next, rest);
    bind(next);
    if (all) {
      add(Act::follow_row, row, 0, of_event, place, top);
    } else {
      add(Act::jump, 0, 0, 0, top);
    }
    --loops_;
  }
  slot = outer;
  bind(exit);
  forget(before);
  loop_mark_ = outer_loop;
}

template <class Body>
void Lowerer::loop_in_order(const RowSource& source, const Step* step, Body body) {
  std::vector<std::uint32_t> slots;
  if (step != nullptr) assigned_slots(*step, slots);
  if (as_found(source, step)) {
    forget_slots(slots);
    return loop(source, body);
  }
  Label nothing;
  const std::size_t before = mark();
  const Gathered gathered = gather(source, &nothing);
  forget_slots(slots);
  loop_gathered(gathered, source.slot, body);
  add(Act::gather_drop, gathered.drop);
  bind(nothing);
  forget(before);
}

template <class Body>
void Lowerer::loop_gathered(const Gathered& gathered, std::uint32_t index, Body body) {
  Binding& slot = (*frame_)[index];
  const Binding outer = slot;
  const Reg cursor = fresh();
  const Reg row = fresh();
  slot = {row, true, {}};
  slot.purity.pure = false;
  move(cursor, gathered.base);
  const std::size_t before = mark();
  const std::size_t outer_loop = loop_mark_;
  loop_mark_ = mark();
  ++loops_;
  Label next;
  Label exit;
  const auto top = static_cast<std::uint32_t>(code_.ins.size());
  exit.from(add(Act::next_gathered, row, cursor, gathered.end));
  body(row, next, exit);
  bind(next);
  add(Act::jump, 0, 0, 0, top);
  --loops_;
  bind(exit);
  forget(before);
  loop_mark_ = outer_loop;
  slot = outer;
}

}  // namespace toll
