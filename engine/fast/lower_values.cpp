// Expressions: into registers, and conditions into jumps.
#include <algorithm>
#include <utility>

#include "engine/fast/lower.hpp"

namespace toll {

Reg Lowerer::value(NodeId node, std::optional<Reg> into) {
  const Term& term = p_.terms[node];
  // What lies in a register already.
  std::optional<Reg> there;
  if (term.op == Op::constant) there = constant(p_.constants[term.a]);
  if (term.op == Op::field) there = static_cast<Reg>(code_.first_field + term.a);
  if (term.op == Op::local) there = slot_reg(term.a);
  if (term.op == Op::now) there = kNowReg;
  if (term.op == Op::clock) there = kClockReg;
  if (term.op == Op::arrival || term.op == Op::day_number) return value(term.x, into);
  if (there) {
    if (into) move(*into, *there);
    return into ? *into : *there;
  }
  const std::optional<Memo> memo = memo_for(node);
  if (!memo) return plain_value(node, into);
  const std::uint32_t number = memo_number(node, *memo);
  for (const Known& known : known_) {
    if (known.dead || known.ins.act != Act::memo || known.ins.x != number) continue;
    if (into) move(*into, known.reg);
    return into ? *into : known.reg;
  }
  const Reg to = into_or_new(into);
  const std::size_t before = mark();
  Label done;
  if (memo->inputs.size() == 1 && !memo->dated) {
    const Memo::Input& name = memo->inputs[0];
    done.from(add(Act::memo_name, to, name.reg, static_cast<Reg>(name.size), number), true);
  } else {
    done.from(add(Act::memo, to, 0, 0, number), true);
  }
  memos_allowed_ = false;
  plain_value(node, to);
  memos_allowed_ = true;
  add(Act::memo_store, 0, to);
  bind(done);
  forget(before);
  if (!changing_[to]) known_.push_back({{Act::memo, 0, 0, 0, number, 0}, {}, to, false});
  return to;
}

Reg Lowerer::plain_value(NodeId node, std::optional<Reg> into) {
  const Term& term = p_.terms[node];
  switch (term.op) {
    case Op::constant:
    case Op::local:
    case Op::field:
    case Op::now:
    case Op::clock:
    case Op::arrival:
    case Op::day_number:
      return value(node, into);
    case Op::reg: {
      const Reg to = into_or_new(into);
      add(Act::global, to, 0, 0, global_cell(p_.register_cell(term.a)));
      return to;
    }
    case Op::state: {
      const Reg to = into_or_new(into);
      add(Act::global, to, 0, 0, global_cell(p_.machine_cell(term.a)));
      return to;
    }
    case Op::row_field:
      return row_field(term, into);
    case Op::cell:
      return cell(term, into);
    case Op::lookup: {
      const auto operands = p_.at(term.operands);
      if (p_.tables[term.a].narrow.has_bands()) {
        const Reg key = value(operands[0]);
        return known_or({Act::lookup_band, 0, key, value(operands[1]), term.a, 0}, into);
      }
      const Reg keys = block_of(operands);
      const Reg to = into_or_new(into);
      add(Act::lookup, to, keys, 0, term.a);
      return to;
    }
    case Op::add:
      return sum(node, into);
    case Op::sub:
      return operation(Act::sub, term, into);
    case Op::mul:
      return operation(Act::mul, term, into);
    case Op::neg:
      return operation(Act::neg, term, into);
    case Op::rescale:
      return rescaled(term, into);
    case Op::floor_div:
      return operation(Act::floor_div, term, into);
    case Op::modulo:
      return operation(Act::modulo, term, into);
    case Op::round_div:
      return operation(Act::round_div, term, into, value(p_.at(term.operands)[2]));
    case Op::eq:
      return operation(Act::eq, term, into);
    case Op::ne:
      return operation(Act::ne, term, into);
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      return comparison(term, into);
    case Op::in_set:
      return operation(Act::in_set, term, into);
    case Op::present:
      return operation(Act::is_present, term, into);
    case Op::logical_not:
      return operation(Act::invert, term, into);
    case Op::universe: {
      const Reg set = constant(p_.universes[term.a]);
      if (into) move(*into, set);
      return into ? *into : set;
    }
    case Op::logical_and:
    case Op::logical_or:
      return logical(node, into);
    case Op::coalesce:
      return coalesce(term, into);
    case Op::minimum:
    case Op::maximum:
      return extreme(term, into);
    case Op::cases:
      return cases(term, into);
    case Op::call:
      return call(term, into);
    case Op::aggregate:
      if (!supported(p_.folds[term.a].source)) return escape_value(node, into);
      return aggregate(p_.folds[term.a], into);
    case Op::month_of:
      if (term.arg_kind == Kind::instant) return operation(Act::month_of, term, into);
      [[fallthrough]];
    case Op::month_start:
    case Op::add_months:
    case Op::add_days:
    case Op::date_of:
    case Op::date_start:
    case Op::time_of_day:
    case Op::weekday:
    case Op::year_of:
      return operation(Act::date, term, into, node);
    case Op::text_of:
      return loops_ != 0 && steady(node) ? steady_value(node, into) : text(node, into);
    case Op::set_union:
    case Op::set_minus:
    case Op::set_of:
    case Op::hook:
      return escape_value(node, into);
  }
  return escape_value(node, into);
}

Reg Lowerer::operation(Act act, const Term& term, std::optional<Reg> into, std::uint32_t x,
                       std::uint32_t y) {
  Ins ins{act, 0, value(term.x), 0, x, y};
  if (term.y != kNoNode) ins.c = value(term.y);
  return known_or(ins, into);
}

/// Times a power of ten, which mostly fits.
Reg Lowerer::rescaled(const Term& term, std::optional<Reg> into) {
  std::int64_t power = 1;
  bool fits = true;
  for (std::uint32_t i = 0; i < term.a && fits; ++i) {
    fits = !__builtin_mul_overflow(power, 10, &power);
  }
  if (!fits) return operation(Act::rescale, term, into, term.a);
  return known_or({Act::mul, 0, value(term.x), constant(power), 0, 0}, into);
}

Reg Lowerer::comparison(const Term& term, std::optional<Reg> into) {
  const bool swapped = term.op == Op::gt || term.op == Op::ge;
  const bool strict = term.op == Op::lt || term.op == Op::gt;
  const Reg left = value(term.x);
  const Reg right = value(term.y);
  Ins ins{strict ? Act::lt : Act::le, 0, swapped ? right : left, swapped ? left : right, 0, 0};
  if (term.arg_kind == Kind::text || term.arg_kind == Kind::name) {
    ins.act = Act::compare;
    ins.x = strict ? 0 : 1;
    ins.y = static_cast<std::uint32_t>(term.arg_kind);
  }
  return known_or(ins, into);
}

Reg Lowerer::logical(NodeId node, std::optional<Reg> into) {
  const Reg to = into_or_new(into);
  const std::size_t before = mark();
  Label no;
  Label done;
  branch(node, false, no);
  move(to, constant(1));
  jump(done);
  bind(no);
  move(to, constant(0));
  bind(done);
  forget(before);
  return to;
}

Reg Lowerer::coalesce(const Term& term, std::optional<Reg> into) {
  const Reg to = into_or_new(into);
  const bool was_changing = changing_[to];
  changing_[to] = true;
  std::size_t before = mark();
  bool first = true;
  Label done;
  for (const NodeId part : p_.at(term.operands)) {
    value(part, to);
    if (first) before = mark();  // the first part is always looked at
    first = false;
    jump(done, Act::jump_present, to);
  }
  bind(done);
  forget(before);
  changing_[to] = was_changing;
  return to;
}

Reg Lowerer::extreme(const Term& term, std::optional<Reg> into) {
  const Act act = term.op == Op::minimum ? Act::minimum : Act::maximum;
  const auto parts = p_.at(term.operands);
  Reg best = constant(kAbsent);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Reg part = value(parts[i]);
    const bool last = i + 1 == parts.size();
    best =
        i == 0 && !last ? part : known_or({act, 0, best, part, 0, 0}, last ? into : std::nullopt);
  }
  if (parts.empty() && into) move(*into, best);
  return parts.empty() && into ? *into : best;
}

Reg Lowerer::cases(const Term& term, std::optional<Reg> into) {
  const Reg to = into_or_new(into);
  const auto parts = p_.at(term.operands);
  const std::size_t before = mark();
  Label done;
  bool open = true;  // no case was without a guard so far
  for (std::size_t i = 0; i + 1 < parts.size() && open; i += 2) {
    Label next;
    if (parts[i] != kNoNode) branch(parts[i], false, next);
    open = parts[i] != kNoNode;
    value(parts[i + 1], to);
    jump(done);
    bind(next);
    forget(before);
  }
  if (open) move(to, constant(kAbsent));
  bind(done);
  forget(before);
  return to;
}

/// Parameters stand for the arguments' registers.
Lowerer::Frame Lowerer::frame_of_call(const Term& term) {
  const Routine& definition = p_.definitions[term.a];
  const auto operands = p_.at(term.operands);
  Frame callee(std::max<std::size_t>(definition.frame, operands.size()));
  for (std::size_t i = 0; i < operands.size(); ++i) {
    callee[i].purity = purity(operands[i]);
    callee[i].reg = value(operands[i]);
    callee[i].bound = true;
  }
  return callee;
}

// Written out in place.
Reg Lowerer::call(const Term& term, std::optional<Reg> into) {
  Frame callee = frame_of_call(term);
  Frame* const caller = std::exchange(frame_, &callee);
  const Reg result = value(p_.definitions[term.a].body, into);
  frame_ = caller;
  return result;
}

Reg Lowerer::row_field(const Term& term, std::optional<Reg> into) {
  const Reg row = value(term.x);
  const auto column = static_cast<Reg>(term.a);
  switch (term.of) {
    case Of::table:
      return known_or({Act::table_cell, 0, row, column, term.b, 0}, into);
    case Of::list: {
      const Reg to = into_or_new(into);
      add(Act::list_cell, to, row, column);
      return to;
    }
    default: {
      const std::uint32_t cell = family_cell(term.b, term.a);
      if (steady_fields_[term.b][term.a])
        return known_or({Act::row_cell, 0, row, 0, cell, 0}, into);
      return cell_or_known({Act::row_cell, 0, row, 0, cell, 0}, into);
    }
  }
}

Reg Lowerer::cell(const Term& term, std::optional<Reg> into) {
  const Found row = found(term.a, p_.at(term.operands));
  const Reg to = into_or_new(into);
  if (term.b < p_.families[term.a].key_count) {
    move(to, row.keys[term.b]);
    return to;
  }
  add(Act::cell, to, row.row, 0, family_cell(term.a, term.b));
  return to;
}

// A row found before under the same keys is there still: rows stay where they are.
Lowerer::Found Lowerer::found(std::uint32_t family, std::span<const std::uint32_t> keys) {
  Found made;
  for (const NodeId key : keys) made.keys.push_back(value(key));
  for (std::size_t i = loop_mark_; i < known_.size(); ++i) {
    const Known& known = known_[i];
    if (known.dead || known.keys != made.keys || known.ins.x != family) continue;
    if (known.ins.act != Act::find) continue;
    made.first = known.ins.b;
    made.row = known.reg;
    return made;
  }
  made.first = block_of_regs(made.keys);
  made.row = fresh();
  if (!made.keys.empty()) ask_for(family, made.keys[0]);
  add(made.keys.size() == 1 ? Act::find_one : Act::find, made.row, made.first, 0, family);
  const bool steady =
      std::none_of(made.keys.begin(), made.keys.end(), [&](Reg reg) { return changing_[reg]; });
  if (steady && !made.keys.empty()) {
    known_.push_back({{Act::find, 0, made.first, 0, family, 0}, made.keys, made.row, false});
  }
  return made;
}

// A row may have been made: who found none under other registers may find one now.
void Lowerer::ensured(std::uint32_t family, const std::vector<Reg>& keys) {
  for (Known& known : known_) {
    if (!known.keys.empty() && known.ins.x == family && known.keys != keys) known.dead = true;
  }
}

Reg Lowerer::block_of(std::span<const std::uint32_t> nodes) {
  if (nodes.size() == 1 && nodes[0] != kNoNode) return value(nodes[0]);
  const Reg first = fresh(static_cast<std::uint32_t>(nodes.size()));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto to = static_cast<Reg>(first + i);
    if (nodes[i] == kNoNode) {
      move(to, constant(kAbsent));
    } else {
      value(nodes[i], to);
    }
  }
  return first;
}

Reg Lowerer::block_of_regs(const std::vector<Reg>& regs) {
  if (regs.size() == 1) return regs[0];
  const Reg first = fresh(static_cast<std::uint32_t>(regs.size()));
  for (std::size_t i = 0; i < regs.size(); ++i) move(static_cast<Reg>(first + i), regs[i]);
  return first;
}

Reg Lowerer::escape_value(NodeId node, std::optional<Reg> into) {
  ask_for_all_of(node);
  Escape escape;
  escape.node = node;
  escape.frame = static_cast<std::uint32_t>(frame_->size());
  for (std::uint32_t slot = 0; slot < frame_->size(); ++slot) {
    if ((*frame_)[slot].bound) escape.in.push_back({slot, (*frame_)[slot].reg});
  }
  const Reg to = into_or_new(into);
  add(Act::eval, to, 0, 0, static_cast<std::uint32_t>(code_.escapes.size()));
  code_.escapes.push_back(std::move(escape));
  return to;
}

// Parts that lie one after the other, as the counts of a row do, are added up at once.
Reg Lowerer::sum(NodeId node, std::optional<Reg> into) {
  constexpr std::size_t kFew = 3;
  const auto is_field = [&](NodeId part) {
    return p_.terms[part].op == Op::row_field && p_.terms[part].of == Of::family;
  };
  std::vector<NodeId> parts;  // the last comes first
  NodeId first = node;
  for (; p_.terms[first].op == Op::add && is_field(p_.terms[first].y); first = p_.terms[first].x) {
    parts.push_back(p_.terms[first].y);
  }
  parts.push_back(first);
  bool follow = is_field(first) && parts.size() >= kFew;
  const Reg begin = follow ? value(first) : Reg{0};
  for (std::size_t i = parts.size() - 1; follow && i-- > 0;) {
    follow = value(parts[i]) == begin + (parts.size() - 1 - i);
  }
  if (!follow) return operation(Act::add, p_.terms[node], into);
  return known_or({Act::sum, 0, begin, static_cast<Reg>(parts.size()), 0, 0}, into);
}

Reg Lowerer::text(NodeId node, std::optional<Reg> into) {
  const auto parts = p_.at(p_.terms[node].operands);
  if (parts.empty() || parts.size() > kMostJoined) return escape_value(node, into);
  const Reg first = block_of(parts);
  const Reg to = into_or_new(into);
  add(Act::join, to, first, static_cast<Reg>(parts.size()), node);
  return to;
}

// Worked out by the first row of a loop that asks for it, and kept for the others.
Reg Lowerer::steady_value(NodeId node, std::optional<Reg> into) {
  const std::uint32_t number = code_.steady++;
  const Reg to = into_or_new(into);
  const std::size_t before = mark();
  Label done;
  done.from(add(Act::steady, to, 0, 0, number), true);
  text(node, to);
  add(Act::steady_store, 0, to, 0, number);
  bind(done);
  forget(before);
  return to;
}

void Lowerer::branch(NodeId node, bool want, Label& target) {
  const Term& term = p_.terms[node];
  if (term.op == Op::constant) {
    if ((p_.constants[term.a] == 1) == want) jump(target);
    return;
  }
  if (!memo_for(node)) {
    if (term.op == Op::logical_not) return branch(term.x, !want, target);
    if (term.op == Op::logical_and || term.op == Op::logical_or) {
      const auto parts = p_.at(term.operands);
      const bool settles = term.op == Op::logical_or;  // a part that is so decides
      const std::size_t before = mark();
      Label out;
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (want == settles) {
          branch(parts[i], settles, target);
        } else if (i + 1 < parts.size()) {
          branch(parts[i], settles, out);
        } else {
          branch(parts[i], want, target);
        }
      }
      if (parts.empty() && want != settles) jump(target);
      bind(out);
      if (want != settles) forget(before);
      return;
    }
    if (term.op == Op::aggregate && branch_on_rows(p_.folds[term.a], want, target)) return;
    if (term.op == Op::call) {
      Frame callee = frame_of_call(term);
      Frame* const caller = std::exchange(frame_, &callee);
      branch(p_.definitions[term.a].body, want, target);
      frame_ = caller;
      return;
    }
    if (compare_branch(term, want, target)) return;
  }
  jump(target, want ? Act::jump_if : Act::jump_unless, value(node));
}

bool Lowerer::compare_branch(const Term& term, bool want, Label& target) {
  switch (term.op) {
    case Op::present:
      jump(target, want ? Act::jump_present : Act::jump_absent, value(term.x));
      return true;
    case Op::eq:
    case Op::ne: {
      const Reg left = value(term.x);
      const Reg right = value(term.y);
      jump(target, (term.op == Op::eq) == want ? Act::jump_eq : Act::jump_ne, left, right);
      return true;
    }
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge: {
      if (term.arg_kind == Kind::text || term.arg_kind == Kind::name) return false;
      const bool swapped = term.op == Op::gt || term.op == Op::ge;
      const bool strict = term.op == Op::lt || term.op == Op::gt;
      const Reg left = value(term.x);
      const Reg right = value(term.y);
      const Act act = want ? (strict ? Act::jump_lt : Act::jump_le)
                           : (strict ? Act::jump_not_lt : Act::jump_not_le);
      jump(target, act, swapped ? right : left, swapped ? left : right);
      return true;
    }
    default:
      return false;
  }
}

}  // namespace toll
