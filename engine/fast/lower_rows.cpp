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
  if (!source.by.empty()) {
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
      add(Act::chain, last, value(p_.at(source.keys)[0]), 0, source.index);
      jump(*nothing, Act::jump_absent, last);
      chained_ = last;
    }
    add(Act::gather_begin, made.base);
    loop(source, keep);
  }
  add(Act::gather_end, made.end);
  return made;
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
  if (fold.source.by.empty()) {
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
    add(Act::next_gathered, row, place, constant(kAbsent));
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
