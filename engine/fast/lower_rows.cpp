// Loops over rows, and rows put aside in an order.
#include <algorithm>

#include "engine/fast/lower_rows.hpp"

namespace toll {

// Texts are put in order by what they say, which needs the account's texts.
bool Lowerer::supported(const RowSource& source) const {
  return std::none_of(source.by.begin(), source.by.end(),
                      [](const RowSource::SortKey& key) { return key.kind == Kind::text; });
}

Lowerer::Gathered Lowerer::gather(const RowSource& source, Label* nothing) {
  Gathered made;
  made.base = fresh(2);
  made.end = fresh();
  made.drop = made.base;
  std::uint32_t order = kNone;
  if (!source.in_order) {
    Order sorted;
    for (const RowSource::SortKey& key : source.by) {
      sorted.kinds.push_back(key.kind);
      sorted.descending.push_back(key.descending);
    }
    sorted.keys = static_cast<std::uint32_t>(source.by.size());
    order = static_cast<std::uint32_t>(code_.orders.size());
    code_.orders.push_back(sorted);
  }
  const auto keep = [&](Reg row, Label&, Label&) {
    if (order == kNone) {
      add(Act::gather, 0, row);
      return;
    }
    std::vector<NodeId> keys;
    for (const RowSource::SortKey& key : source.by) keys.push_back(key.node);
    add(Act::gather_sorted, made.base, row, block_of(keys), order);
  };
  if (source.of == Source::Of::changed) {
    Gathered all;
    all.base = fresh(2);
    all.end = fresh();
    made.drop = all.base;
    add(Act::gather_begin, all.base);
    add(Act::gather_changed, 0, 0, 0, source.index);
    add(Act::gather_end, all.end);
    add(Act::gather_begin, made.base);
    loop_gathered(all, source.slot, [&](Reg row, Label& next, Label& exit) {
      for (const NodeId part : p_.at(source.where)) branch(part, false, next);
      keep(row, next, exit);
    });
  } else {
    if (nothing != nullptr && source.of == Source::Of::family &&
        source.find == RowSource::Find::chain) {
      const Reg last = fresh();
      const Reg key = value(p_.at(source.keys)[0]);
      ask_for(source.index, key);
      add(Act::chain, last, key, 0, source.index);
      jump(*nothing, Act::jump_absent, last);
      chained_ = last;
    }
    add(Act::gather_begin, made.base);
    loop(source, keep);
  }
  add(Act::gather_end, made.end);
  return made;
}

/// A filter of the rows of a family; `rest` is what it does not ask for.
std::uint32_t Lowerer::filter_for(const RowSource& source, Reg row, bool backwards,
                                  std::vector<NodeId>& rest) {
  const FamilyShape& shape = p_.families[source.index];
  Filter filter;
  filter.family = source.index;
  filter.stride = shape.stride;
  filter.place = p_.family_places[source.index];
  filter.next = backwards ? shape.back : shape.link;
  for (const NodeId part : p_.at(source.where)) {
    const std::size_t before = filter.tests.size();
    if (add_tests(part, source.index, row, filter.tests)) continue;
    filter.tests.resize(before);
    rest.push_back(part);
  }
  // Most rows that an account keeps are over: that is asked first.
  std::stable_partition(filter.tests.begin(), filter.tests.end(), [](const Filter::Test& test) {
    const bool upper = test.ask == Filter::Ask::gt || test.ask == Filter::Ask::ge;
    return upper && (test.reg == kNowReg || test.reg == kClockReg);
  });
  note_ends(filter);
  if (source.find == RowSource::Find::chain && !source.by.empty()) {
    for (const FamilyShape::OrderKey& key : shape.order) {
      const RecordLayout::Cell& cell = shape.layout.cell(key.field);
      if (cell.kind == Kind::name) filter.names.push_back(cell.offset);
    }
  }
  code_.filters.push_back(std::move(filter));
  return static_cast<std::uint32_t>(code_.filters.size()) - 1;
}

/// Rows that are over stay so, if nobody writes when they end: a chain has a note on those it
/// begins with. All filters of a family mean the same end by it.
void Lowerer::note_ends(Filter& filter) {
  if (filter.tests.empty()) return;
  const Filter::Test& test = filter.tests[0];
  filter.ends = test.ask == Filter::Ask::gt && test.store == RecordLayout::Store::int80;
  const FamilyShape& shape = p_.families[filter.family];
  if (!filter.ends || shape.skip == 0 || shape.event_scope || filter.next != shape.link) return;
  if (test.reg != kNowReg && test.reg != kClockReg) return;
  std::uint32_t field = 0;
  while (shape.layout.cell(field).offset != test.offset) ++field;
  std::uint32_t& noted = ends_fields_[filter.family];
  if (noted == kNone) noted = test.offset;
  if (noted == test.offset && steady_fields_[filter.family][field]) filter.skip = shape.skip;
}

/// A value that lies in a register, whatever row it is.
std::optional<Reg> Lowerer::at_hand(NodeId node, Reg row) {
  const Term& term = p_.terms[node];
  switch (term.op) {
    case Op::local: {
      const Binding& slot = (*frame_)[term.a];
      if (!slot.bound || slot.reg == row) return {};
      return slot.reg;
    }
    case Op::constant:
    case Op::field:
    case Op::now:
    case Op::clock:
      return value(node);
    default:
      return {};
  }
}

/// False: it is no comparison of a field with what is at hand.
bool Lowerer::add_tests(NodeId node, std::uint32_t family, Reg row,
                        std::vector<Filter::Test>& tests) {
  using Ask = Filter::Ask;
  const Term& term = p_.terms[node];
  const auto operands = p_.at(term.operands);
  const auto all = [&] {
    return std::all_of(operands.begin(), operands.end(),
                       [&](NodeId part) { return add_tests(part, family, row, tests); });
  };
  const auto add_test = [&](NodeId field, Ask ask, std::optional<Reg> with) {
    const Term& of = p_.terms[field];
    if (!with || of.op != Op::row_field || of.of != Of::family || of.b != family) return false;
    const Term& local = p_.terms[of.x];
    if (local.op != Op::local) return false;
    const Binding& slot = (*frame_)[local.a];
    if (!slot.bound || slot.reg != row) return false;
    const RecordLayout::Cell& cell = p_.families[family].layout.cell(of.a);
    tests.push_back({cell.offset, cell.store, ask, *with});
    return true;
  };
  const auto compared = [&](Ask ask, Ask swapped) {
    return add_test(term.x, ask, at_hand(term.y, row)) ||
           add_test(term.y, swapped, at_hand(term.x, row));
  };
  const bool numbers = term.arg_kind != Kind::text && term.arg_kind != Kind::name;
  switch (term.op) {
    case Op::logical_and:
      return all();
    case Op::call: {
      Frame callee(std::max<std::size_t>(p_.definitions[term.a].frame, operands.size()));
      for (std::size_t i = 0; i < operands.size(); ++i) {
        const Term& given = p_.terms[operands[i]];
        if (given.op == Op::local && (*frame_)[given.a].bound) {
          callee[i].reg = (*frame_)[given.a].reg;
        } else if (const std::optional<Reg> reg = at_hand(operands[i], row)) {
          callee[i].reg = *reg;
        } else {
          return false;
        }
        callee[i].bound = true;
      }
      Frame* const caller = std::exchange(frame_, &callee);
      const bool made = add_tests(p_.definitions[term.a].body, family, row, tests);
      frame_ = caller;
      return made;
    }
    case Op::row_field:
      return add_test(node, Ask::eq, constant(1));
    case Op::present:
      return add_test(term.x, Ask::present, Reg{0});
    case Op::logical_not: {
      const Term& denied = p_.terms[term.x];
      if (denied.op == Op::present) return add_test(denied.x, Ask::absent, Reg{0});
      return add_test(term.x, Ask::ne, constant(1));
    }
    case Op::eq:
      return compared(Ask::eq, Ask::eq);
    case Op::ne:
      return compared(Ask::ne, Ask::ne);
    case Op::lt:
      return numbers && compared(Ask::lt, Ask::gt);
    case Op::le:
      return numbers && compared(Ask::le, Ask::ge);
    case Op::gt:
      return numbers && compared(Ask::gt, Ask::lt);
    case Op::ge:
      return numbers && compared(Ask::ge, Ask::le);
    default:
      return false;
  }
}

/// Whether there is a row for which it holds, or none for which it does not, as jumps.
bool Lowerer::branch_on_rows(const RowFold& fold, bool want, Label& target) {
  using Fn = Aggregate::Fn;
  const bool any = fold.fn == Fn::any;
  if ((!any && fold.fn != Fn::all) || !supported(fold.source)) return false;
  if (fold.source.of == Source::Of::changed) return false;  // those put aside are to be forgotten
  const std::size_t before = mark();
  Label found;
  if (any && fold.source.of == Source::Of::family) asked_body_ = fold.body;
  loop(fold.source, [&](Reg, Label& next, Label&) {
    if (fold.body == kNoNode && !any) return;
    if (fold.body != kNoNode) branch(fold.body, !any, next);
    jump(any == want ? target : found);
  });
  if (any != want) jump(target);
  bind(found);
  forget(before);
  return true;
}

Reg Lowerer::aggregate(const RowFold& fold, std::optional<Reg> into) {
  using Fn = Aggregate::Fn;
  const Reg result = into_or_new(into);
  const bool was_changing = changing_[result];
  changing_[result] = true;
  const std::size_t before = mark();
  const bool plain = fold.body == kNoNode;
  switch (fold.fn) {
    case Fn::any:
    case Fn::all: {
      const bool any = fold.fn == Fn::any;
      move(result, constant(any ? 0 : 1));
      if (any && fold.source.of == Source::Of::family) asked_body_ = fold.body;
      loop(fold.source, [&](Reg, Label& next, Label& exit) {
        if (plain && !any) return;
        if (!plain) branch(fold.body, !any, next);
        move(result, constant(any ? 1 : 0));
        jump(exit);
      });
      break;
    }
    case Fn::count:
      move(result, constant(0));
      loop(fold.source, [&](Reg, Label& next, Label&) {
        if (!plain) branch(fold.body, false, next);
        add(Act::add, result, result, constant(1));
      });
      break;
    case Fn::sum:
      move(result, constant(0));
      loop(fold.source, [&](Reg, Label&, Label& exit) {
        add(Act::add, result, result, value(fold.body));
        jump(exit, Act::jump_absent, result);
      });
      break;
    case Fn::min:
    case Fn::max:
      move(result, constant(kAbsent));
      loop(fold.source, [&](Reg, Label&, Label&) {
        add(fold.fn == Fn::min ? Act::minimum : Act::maximum, result, result, value(fold.body));
      });
      break;
    case Fn::first:
    case Fn::last:
      aggregate_end(fold, result);
      break;
  }
  forget(before);
  changing_[result] = was_changing;
  return result;
}

Reg Lowerer::aggregate_end(const RowFold& fold, Reg result) {
  const bool first = fold.fn == Aggregate::Fn::first;
  const Reg row = fresh();
  move(row, constant(kAbsent));
  const bool chain = fold.source.find == RowSource::Find::chain && !fold.source.by.empty();
  if (fold.source.in_order && !first && chain && as_found(fold.source, nullptr)) {
    loop_family(fold.source, true, [&](Reg at, Label&, Label& exit) {
      move(row, at);
      jump(exit);
    });
  } else if (fold.source.in_order) {
    loop(fold.source, [&](Reg at, Label&, Label& exit) {
      move(row, at);
      if (first) jump(exit);
    });
  } else {
    const Gathered gathered = gather(fold.source);
    Label none;
    jump(none, Act::jump_eq, gathered.base, gathered.end);
    const Reg place = fresh();
    if (first) {
      move(place, gathered.base);
    } else {
      add(Act::sub, place, gathered.end, constant(1));
    }
    none.from(add(Act::next_gathered, row, place, constant(kAbsent)));  // there is one
    bind(none);
    add(Act::gather_drop, gathered.drop);
  }
  if (fold.body == kNoNode) {
    move(result, row);
    return result;
  }
  Label absent;
  move(result, row);
  jump(absent, Act::jump_absent, row);
  Binding& slot = (*frame_)[fold.source.slot];
  const Binding outer = slot;
  slot = {row, true, {}};
  slot.purity.pure = false;
  value(fold.body, result);
  slot = outer;
  bind(absent);
  return result;
}

}  // namespace toll
