// The value of an expression. Absent operands give absent values; what is out of range fails the
// event and gives an absent value, which everything after it can bear.
#include "engine/kernel/assert.hpp"
#include "engine/kernel/checked.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {

Value Run::compute(const Term& term) {
  switch (term.op) {
    case Op::constant:
    case Op::local:
    case Op::field:
      return kAbsent;  // eval() knows them
    case Op::reg:
      return s_->global(p_.register_cell(term.a));
    case Op::state:
      return s_->global(p_.machine_cell(term.a));
    case Op::row_field:
      return row_field(term);
    case Op::arrival:
      return eval(term.x);
    case Op::cell:
      return cell(term);
    case Op::lookup:
      return lookup(term);
    case Op::now:
      return now_;
    case Op::clock:
      return clock_;
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::rescale:
      return arithmetic(term);
    case Op::floor_div:
    case Op::modulo:
    case Op::round_div:
      return division(term);
    case Op::eq:
      return eval(term.x) == eval(term.y);
    case Op::ne:
      return eval(term.x) != eval(term.y);
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      return comparison(term);
    case Op::in_set:
    case Op::set_union:
    case Op::set_minus:
    case Op::set_of:
      return sets(term);
    case Op::universe:
      return p_.universes[term.a];
    case Op::logical_and:
      for (const NodeId part : p_.at(term.operands)) {
        if (!holds(part)) return 0;
      }
      return 1;
    case Op::logical_or:
      for (const NodeId part : p_.at(term.operands)) {
        if (holds(part)) return 1;
      }
      return 0;
    case Op::logical_not:
      return !holds(term.x);
    case Op::present:
      return eval(term.x) != kAbsent;
    case Op::coalesce:
      for (const NodeId part : p_.at(term.operands)) {
        const Value value = eval(part);
        if (value != kAbsent) return value;
      }
      return kAbsent;
    case Op::minimum:
    case Op::maximum:
      return extreme(term);
    case Op::cases:
      return choice(term);
    case Op::call:
      return call(term);
    case Op::aggregate:
      return fold(p_.folds[term.a]);
    case Op::month_of:
    case Op::month_start:
    case Op::add_months:
    case Op::add_days:
    case Op::date_of:
    case Op::date_start:
    case Op::time_of_day:
    case Op::weekday:
    case Op::year_of:
    case Op::day_number:
      return date_operation(term);
    case Op::text_of:
      return joined_text(term);
    case Op::hook:
      return hook(term);
  }
  return kAbsent;
}

Value Run::overflow() {
  fail("a value is out of range");
  return kAbsent;
}

Value Run::arithmetic(const Term& term) {
  const Value a = eval(term.x);
  if (a == kAbsent) return kAbsent;
  if (term.op == Op::neg) return -a;
  Value result = 0;
  if (term.op == Op::rescale) return checked::rescale(a, term.a, result) ? result : overflow();
  const Value b = eval(term.y);
  if (b == kAbsent) return kAbsent;
  const bool fits = term.op == Op::add   ? checked::add(a, b, result)
                    : term.op == Op::sub ? checked::sub(a, b, result)
                                         : checked::mul(a, b, result);
  return fits ? result : overflow();
}

Value Run::division(const Term& term) {
  const Value a = eval(term.x);
  const Value b = eval(term.y);
  if (a == kAbsent || b == kAbsent || b == 0) return kAbsent;
  if (term.op == Op::floor_div) return checked::floor_div(a, b);
  if (term.op == Op::modulo) return checked::modulo(a, b);
  const Value step = eval(p_.at(term.operands)[2]);
  if (step == kAbsent || step == 0) return kAbsent;
  Value result = 0;
  return checked::round_div(a, b, step, result) ? result : overflow();
}

bool Run::comparison(const Term& term) {
  const Value a = eval(term.x);
  const Value b = eval(term.y);
  if (a == kAbsent || b == kAbsent) return false;
  const int order = term.arg_kind == Kind::text || term.arg_kind == Kind::name
                        ? compare(term.arg_kind, a, b)
                        : (a > b) - (a < b);
  switch (term.op) {
    case Op::lt:
      return order < 0;
    case Op::le:
      return order <= 0;
    case Op::gt:
      return order > 0;
    default:
      return order >= 0;
  }
}

Value Run::sets(const Term& term) {
  if (term.op == Op::in_set) {
    const Value name = eval(term.x);
    const Value set = eval(term.y);
    return name != kAbsent && contains(s_->set(set), name);
  }
  if (term.op == Op::set_of) {
    const Value* names = arguments(p_.at(term.operands));
    w_.bits.clear();
    for (std::size_t i = 0; i < term.operands.count; ++i) {
      if (names[i] < 0 || names[i] >= kUnknownName) continue;  // absent or in no domain
      const auto index = static_cast<std::size_t>(names[i]);
      if (index / 64 >= w_.bits.size()) w_.bits.resize(index / 64 + 1);
      w_.bits[index / 64] |= std::uint64_t{1} << (index % 64);
    }
    return s_->intern_set(w_.bits);
  }
  const Value a = eval(term.x);
  const Value b = eval(term.y);
  if (a == kAbsent || b == kAbsent) return kAbsent;
  if (a == b && term.op == Op::set_union) return a;
  const auto left = s_->set(a);
  const auto right = s_->set(b);
  w_.bits.assign(left.begin(), left.end());
  if (term.op == Op::set_union && right.size() > left.size()) w_.bits.resize(right.size());
  for (std::size_t i = 0; i < right.size() && i < w_.bits.size(); ++i) {
    if (term.op == Op::set_union) {
      w_.bits[i] |= right[i];
    } else {
      w_.bits[i] &= ~right[i];
    }
  }
  return s_->intern_set(w_.bits);
}

Value Run::choice(const Term& term) {
  const auto parts = p_.at(term.operands);
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    if (parts[i] != kNoNode && !holds(parts[i])) continue;
    const ClauseId clause = p_.case_clauses[term.b + i / 2];
    if (trace_ != nullptr && clause != kNone) trace_->rule(clause);
    return eval(parts[i + 1]);
  }
  return kAbsent;
}

/// Evaluates nodes into the room above the frame, where they stay until the next such thing.
const Value* Run::arguments(std::span<const std::uint32_t> nodes) {
  Value* const first = top_;
  TOLL_ASSERT(nodes.size() <= static_cast<std::size_t>(end_ - first));
  for (const NodeId node : nodes) {
    const Value value = eval(node);
    *top_++ = value;
  }
  top_ = first;
  return first;
}

Value Run::call(const Term& term) {
  Value* const caller = slots_;
  Value* const frame = top_;
  const Routine& definition = p_.definitions[term.a];
  arguments(p_.at(term.operands));
  slots_ = frame;
  top_ = frame + definition.frame;
  TOLL_ASSERT(top_ <= end_);
  const Value result = eval(definition.body);
  slots_ = caller;
  top_ = frame;
  return result;
}

Value Run::extreme(const Term& term) {
  Value best = kAbsent;
  for (const NodeId part : p_.at(term.operands)) {
    const Value value = eval(part);
    if (value == kAbsent) continue;
    if (best == kAbsent || (term.op == Op::minimum ? value < best : value > best)) best = value;
  }
  return best;
}

}  // namespace toll
