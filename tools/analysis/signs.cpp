#include "tools/analysis/signs.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"

namespace toll::tools {
namespace {

constexpr int kMaxDepth = 200;

bool is_number(const Type& type) { return type.kind == Kind::number || type.kind == Kind::span; }

Sign negated(Sign a) {
  unsigned bits = a.bits() & Sign::zero;
  if (a.has(Sign::minus)) bits |= Sign::plus;
  if (a.has(Sign::plus)) bits |= Sign::minus;
  return Sign(bits);
}

Sign sum(Sign a, Sign b) {
  if (a.none() || b.none()) return Sign(0);
  unsigned bits = 0;
  if (a.has(Sign::zero)) bits |= b.bits();
  if (b.has(Sign::zero)) bits |= a.bits();
  if (a.has(Sign::plus) && b.has(Sign::plus)) bits |= Sign::plus;
  if (a.has(Sign::minus) && b.has(Sign::minus)) bits |= Sign::minus;
  if (a.has(Sign::plus) && b.has(Sign::minus)) bits |= Sign::all;
  if (a.has(Sign::minus) && b.has(Sign::plus)) bits |= Sign::all;
  return Sign(bits);
}

Sign product(Sign a, Sign b) {
  if (a.none() || b.none()) return Sign(0);
  unsigned bits = 0;
  if (a.has(Sign::zero) || b.has(Sign::zero)) bits |= Sign::zero;
  const bool same = (a.has(Sign::plus) && b.has(Sign::plus)) ||
                    (a.has(Sign::minus) && b.has(Sign::minus));
  const bool other = (a.has(Sign::plus) && b.has(Sign::minus)) ||
                     (a.has(Sign::minus) && b.has(Sign::plus));
  if (same) bits |= Sign::plus;
  if (other) bits |= Sign::minus;
  return Sign(bits);
}

/// Of what is read of an event.
Sign read_sign(const FieldType& type) {
  if (type.read != FieldType::Read::count) return Sign();
  return Sign(type.at_least > 0 ? Sign::plus : Sign::zero | Sign::plus);
}

Sign initial_sign(Value value) { return value == kAbsent ? Sign(0) : Sign::of(value); }

int rank(Sign::Bit bit) { return bit == Sign::minus ? 0 : bit == Sign::zero ? 1 : 2; }

bool may_hold(Op op, Sign::Bit a, Sign::Bit b) {
  const int difference = rank(a) - rank(b);
  const bool open = difference == 0 && a != Sign::zero;  // two of one sign may stand either way
  switch (op) {
    case Op::eq:
      return difference == 0;
    case Op::ne:
      return difference != 0 || open;
    case Op::lt:
      return difference < 0 || open;
    case Op::le:
      return difference <= 0;
    case Op::gt:
      return difference > 0 || open;
    default:
      return difference >= 0;
  }
}

Op mirrored(Op op) {
  return op == Op::lt ? Op::gt : op == Op::gt ? Op::lt : op == Op::le ? Op::ge
       : op == Op::ge ? Op::le : op;
}

bool compares(Op op) {
  return op == Op::eq || op == Op::ne || op == Op::lt || op == Op::le || op == Op::gt ||
         op == Op::ge;
}

}  // namespace

Sign Sign::of(Value value) { return Sign(value < 0 ? minus : value == 0 ? zero : plus); }

Signs::Signs(const Core& core) : core_(core) {
  for (const Register& one : core.registers) registers_.push_back(initial_sign(one.initial));
  for (const Family& family : core.families) fields_.emplace_back(family.fields.size(), Sign(0));
  do {
    changed_ = false;
    seen_.clear();
    for (std::uint32_t i = 0; i < core.events.size(); ++i) block(core.events[i].block, {}, i);
    for (const Timer& timer : core.timers) block(timer.block, {}, kNone);
  } while (changed_);
  seen_.clear();
}

// ---- What is written ----------------------------------------------------------------------------

void Signs::widen(Sign& known, Sign more) {
  const Sign now = known | more;
  if (now == known) return;
  known = now;
  changed_ = true;
}

void Signs::block(std::uint32_t index, const Locals& arguments, std::uint32_t event) {
  if (index == kNone || !seen_.insert({index, event, arguments}).second) return;
  effects(core_.blocks[index].effects, arguments, event);
}

void Signs::effects(const Effects& list, Locals locals, std::uint32_t event) {
  for (const Effect& effect : list) {
    write(effect, locals, event);
    if (effect.what == Effect::Do::run) {
      Locals arguments;
      for (std::uint32_t i = 0; i < effect.args.size(); ++i)
        arguments.emplace(i, of(effect.args[i], locals, event));
      block(effect.a, arguments, event);
    }
    Locals inside = locals;
    if (dsl::has_source(effect)) {
      inside = where(effect.source.where, std::move(inside), event);
      inside.erase(effect.source.slot);
    }
    if (effect.took_slot != kNone) inside.insert_or_assign(effect.took_slot, Sign(Sign::plus));
    effects(effect.effects, std::move(inside), event);
    for (const Rule& rule : effect.rules)
      effects(rule.effects, where(rule.guard, locals, event), event);
    if (effect.what == Effect::Do::let)
      locals.insert_or_assign(effect.a, of(effect.args[0], locals, event));
    if (effect.rest_slot != kNone) {
      const Sign amount = of(effect.args[0], locals, event);
      locals.insert_or_assign(effect.rest_slot,
                              amount.has(Sign::plus) ? amount | Sign(Sign::zero) : amount);
    }
  }
}

void Signs::write(const Effect& effect, const Locals& locals, std::uint32_t event) {
  const auto arg = [&](std::size_t i) { return of(effect.args[i], locals, event); };
  const auto initial = [&](std::uint32_t field) {
    return initial_sign(core_.families[effect.a].fields[field].initial);
  };
  switch (effect.what) {
    case Effect::Do::set_register:
      return widen(registers_[effect.a], arg(0));
    case Effect::Do::set_cell:
    case Effect::Do::add_cell: {
      std::vector<Sign>& fields = fields_[effect.a];
      const bool adds = effect.what == Effect::Do::add_cell;
      const Sign now = adds ? sum(fields[effect.b] | initial(effect.b), arg(0)) : arg(0);
      widen(fields[effect.b], now);
      // It may be what makes the row.
      const Family& family = core_.families[effect.a];
      for (std::uint32_t i = 0; i < fields.size(); ++i) {
        if (i == effect.b) continue;
        widen(fields[i], i < family.key_count ? arg(i + 1) : initial(i));
      }
      return;
    }
    case Effect::Do::set_row:
      return widen(fields_[effect.a][effect.b], arg(1));
    case Effect::Do::put: {
      std::vector<Sign>& fields = fields_[effect.a];
      for (std::uint32_t i = 0; i < fields.size(); ++i) {
        const auto given = std::find(effect.fields.begin(), effect.fields.end(), i);
        widen(fields[i], given == effect.fields.end()
                             ? initial(i)
                             : arg(static_cast<std::size_t>(given - effect.fields.begin())));
      }
      return;
    }
    case Effect::Do::draw:
      return widen(fields_[effect.a][effect.b], Sign(Sign::zero | Sign::plus));
    default:
      return;
  }
}

// ---- What is read -------------------------------------------------------------------------------

Sign Signs::of(NodeId id, const Locals& locals, std::uint32_t event) const {
  if (id == kNoNode || depth_ > kMaxDepth) return Sign();
  const Node& node = core_.nodes[id];
  if (!is_number(node.type)) return Sign();
  ++depth_;
  const Sign found = number(node, {locals, event});
  --depth_;
  return found;
}

Sign Signs::number(const Node& node, const At& at) const {
  const auto arg = [&](std::size_t i) { return of(node.args[i], at.locals, at.event); };
  switch (node.op) {
    case Op::constant:
      return initial_sign(node.value);
    case Op::local: {
      const auto known = at.locals.find(node.a);
      return known == at.locals.end() ? Sign() : known->second;
    }
    case Op::reg:
      return registers_[node.a];
    case Op::field:
      return field(node.a, at.event);
    case Op::row_field:
      return row_field(node);
    case Op::cell:
      return fields_[node.a][node.b] |
             initial_sign(core_.families[node.a].fields[node.b].initial);
    case Op::add:
      return sum(arg(0), arg(1));
    case Op::sub:
      return sum(arg(0), negated(arg(1)));
    case Op::mul:
      return product(arg(0), arg(1));
    case Op::neg:
      return negated(arg(0));
    case Op::rescale:
      return arg(0);
    case Op::floor_div:
      return arg(0).has(Sign::minus) || arg(1).has(Sign::minus) ? Sign()
                                                                : Sign(Sign::zero | Sign::plus);
    case Op::round_div:
      return product(arg(0), arg(1)) | Sign(Sign::zero);
    case Op::modulo:
      return arg(1).has(Sign::minus) ? Sign() : Sign(Sign::zero | Sign::plus);
    case Op::coalesce: {
      Sign all(0);
      for (std::size_t i = 0; i < node.args.size(); ++i) all = all | arg(i);
      return all;
    }
    case Op::cases: {
      Sign all(0);
      for (std::size_t i = 1; i < node.args.size(); i += 2) {
        const Locals inside = where(node.args[i - 1], at.locals, at.event);
        all = all | of(node.args[i], inside, at.event);
      }
      return all;
    }
    case Op::minimum:
    case Op::maximum:
      return extreme(node, at);
    case Op::call: {
      Locals arguments;
      for (std::uint32_t i = 0; i < node.args.size(); ++i) arguments.emplace(i, arg(i));
      return of(core_.definitions[node.a].body, arguments, at.event);
    }
    case Op::aggregate: {
      const Aggregate& aggregate = core_.aggregates[node.a];
      if (aggregate.fn == Aggregate::Fn::count) return Sign(Sign::zero | Sign::plus);
      const Sign body =
          of(aggregate.body, where(aggregate.source.where, at.locals, at.event), at.event);
      if (aggregate.fn != Aggregate::Fn::sum) return body;
      return body.has(Sign::minus) && body.has(Sign::plus) ? Sign() : body | Sign(Sign::zero);
    }
    default:
      return Sign();
  }
}

Sign Signs::field(std::uint32_t index, std::uint32_t event) const {
  Sign all(0);
  for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
    const std::vector<Field>& fields = core_.events[i].fields;
    if ((event != kNone && i != event) || index >= fields.size()) continue;
    if (!is_number(fields[index].type.type)) continue;
    all = all | read_sign(fields[index].type) | initial_sign(fields[index].initial);
  }
  return all;
}

Sign Signs::row_field(const Node& node) const {
  const Type& row = core_.nodes[node.args[0]].type;
  if (row.of == Of::family) return fields_[row.ref][node.a];
  if (row.of == Of::list) return read_sign(core_.lists[row.ref].columns[node.a].type);
  if (row.of != Of::table) return Sign();
  Sign all(0);
  for (const Table::Row& one : core_.tables[row.ref].rows)
    all = all | initial_sign(one.cells[node.a]);
  return all;
}

Sign Signs::extreme(const Node& node, const At& at) const {
  const bool least = node.op == Op::minimum;
  const Sign::Bit past = least ? Sign::plus : Sign::minus;
  Sign all(0);
  Sign allowed;
  for (const NodeId arg : node.args) {
    const Sign one = of(arg, at.locals, at.event);
    all = all | one;
    if (core_.nodes[arg].type.optional) continue;
    if (!one.has(past)) allowed = allowed & Sign(Sign::all & ~static_cast<unsigned>(past));
    if (!one.has(past) && !one.has(Sign::zero))
      allowed = allowed & Sign(Sign::all & ~static_cast<unsigned>(Sign::zero));
  }
  return all & allowed;
}

// ---- Conditions ---------------------------------------------------------------------------------

bool Signs::comparison(const Node& node, const At& at) const {
  if (!is_number(core_.nodes[node.args[0]].type)) return true;
  const Sign left = of(node.args[0], at.locals, at.event);
  const Sign right = of(node.args[1], at.locals, at.event);
  if (left.none() || right.none()) return true;
  for (const Sign::Bit a : {Sign::minus, Sign::zero, Sign::plus}) {
    for (const Sign::Bit b : {Sign::minus, Sign::zero, Sign::plus}) {
      if (left.has(a) && right.has(b) && may_hold(node.op, a, b)) return true;
    }
  }
  return false;
}

bool Signs::can_equal(NodeId id) const {
  Node node = core_.nodes[id];
  node.op = Op::eq;
  static const Locals kNothing;
  return comparison(node, {kNothing, kNone});
}

bool Signs::can_hold(NodeId condition, const Locals& locals, std::uint32_t event) const {
  if (condition == kNoNode) return true;
  const Node& node = core_.nodes[condition];
  const auto holds = [&](NodeId part) { return can_hold(part, locals, event); };
  if (node.op == Op::logical_and) return std::all_of(node.args.begin(), node.args.end(), holds);
  if (node.op == Op::logical_or) return std::any_of(node.args.begin(), node.args.end(), holds);
  return !compares(node.op) || comparison(node, {locals, event});
}

Signs::Locals Signs::where(NodeId condition, Locals locals, std::uint32_t event) const {
  if (condition == kNoNode) return locals;
  const Node& node = core_.nodes[condition];
  if (node.op == Op::logical_and) {
    for (const NodeId part : node.args) locals = where(part, std::move(locals), event);
    return locals;
  }
  if (!compares(node.op)) return locals;
  for (const std::size_t side : {0U, 1U}) {
    const Node& here = core_.nodes[node.args[side]];
    if (here.op != Op::local || !is_number(here.type)) continue;
    const Op op = side == 0 ? node.op : mirrored(node.op);
    const Sign other = of(node.args[1 - side], locals, event);
    const Sign known = of(node.args[side], locals, event);
    Sign left(0);
    for (const Sign::Bit a : {Sign::minus, Sign::zero, Sign::plus}) {
      for (const Sign::Bit b : {Sign::minus, Sign::zero, Sign::plus}) {
        if (known.has(a) && other.has(b) && may_hold(op, a, b)) left = left | Sign(a);
      }
    }
    if (!left.none()) locals.insert_or_assign(here.a, left);
  }
  return locals;
}

}  // namespace toll::tools
