#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {
namespace {

constexpr int kDeepest = 60;
constexpr std::size_t kMostNames = 12;
constexpr std::uint64_t kSignSteps = 200;

}  // namespace

Symbolic::Symbolic(const Core& core, std::vector<Total> totals)
    : core_(core), totals_(std::move(totals)) {}

Symbol Symbolic::anything(const Type& type) {
  const Atom atom = atoms_.fresh();
  if (type.kind == Kind::boolean) atoms_.bound(atom, 0, 1);
  Symbol made;
  made.value.factors[atom] = 1;
  if (type.optional) {
    const Atom there = atoms_.fresh();
    atoms_.bound(there, 0, 1);
    Linear is;
    is.factors[there] = 1;
    made.present = equals_0(sum(is, constant(1), -1));
  }
  return made;
}

Symbol Symbolic::opaque(const std::string& key, const Type& type) {
  const Atom atom = atoms_.named(key);
  if (type.kind == Kind::boolean) atoms_.bound(atom, 0, 1);
  Symbol made;
  made.value.factors[atom] = 1;
  if (type.optional) made.present = unknown("has " + key);
  return made;
}

FormP Symbolic::unknown(const std::string& key) {
  const Atom atom = atoms_.named(key);
  atoms_.bound(atom, 0, 1);
  Linear is;
  is.factors[atom] = 1;
  return equals_0(sum(is, constant(1), -1));
}

FormP Symbolic::truth(const Symbol& boolean) const {
  const FormP is = equals_0(sum(boolean.value, constant(1), -1));
  return both({boolean.present, is});
}

Symbol Symbolic::boolean(const FormP& form, State& state) {
  Symbol made;
  if (form->is == Form::Is::yes || form->is == Form::Is::no) {
    made.value = constant(form->is == Form::Is::yes ? 1 : 0);
    return made;
  }
  const std::string key = "truth " + key_of(form);
  const Atom atom = atoms_.named(key);
  atoms_.bound(atom, 0, 1);
  made.value.factors[atom] = 1;
  const FormP is = equals_0(sum(made.value, constant(1), -1));
  state.facts.push_back(either({both({is, form}), both({equals_0(made.value), opposite(form)})}));
  return made;
}

void Symbolic::note_sign(const Type& type, const Symbol& made, State& state) {
  if (!signs_ || type.kind != Kind::number || made.value.is_constant()) return;
  const FormP sign = at_least_0(made.value);
  if (!type.optional && Solver(atoms_, kSignSteps).follows(state.facts, sign)) {
    state.facts.push_back(sign);
  }
}

/// What an expression is asked of, for atoms that are the same whenever the same is asked.
std::string Symbolic::keys_of(const Node& node, State& state, const Slots& slots) {
  std::string made = std::to_string(static_cast<int>(node.op)) + "." + std::to_string(node.a) +
                     "." + std::to_string(node.b);
  for (const NodeId arg : node.args) {
    const Symbol one = value(arg, state, slots);
    made += "(" + key_of(one.value) +
            (one.present->is == Form::Is::yes ? "" : key_of(one.present)) + ")";
  }
  return made;
}

FormP Symbolic::form(NodeId id, State& state, const Slots& slots) {
  if (id == kNoNode) return yes();
  const Node& node = core_.nodes[id];
  std::vector<FormP> parts;
  switch (node.op) {
    case Op::constant:
      return node.value == 1 ? yes() : no();
    case Op::logical_and:
    case Op::logical_or:
      for (const NodeId arg : node.args) parts.push_back(form(arg, state, slots));
      return node.op == Op::logical_and ? both(std::move(parts)) : either(std::move(parts));
    case Op::logical_not:
      return opposite(form(node.args[0], state, slots));
    case Op::present:
      return value(node.args[0], state, slots).present;
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      return compare(node, state, slots);
    case Op::call: {
      if (++depth_ > kDeepest) {
        --depth_;
        return truth(anything(Type{}));
      }
      Slots inner;
      for (std::uint32_t i = 0; i < node.args.size(); ++i) {
        inner[i] = value(node.args[i], state, slots);
      }
      const FormP made = form(core_.definitions[node.a].body, state, inner);
      --depth_;
      return made;
    }
    default:
      return truth(value(id, state, slots));
  }
}

FormP Symbolic::compare(const Node& node, State& state, const Slots& slots) {
  const Symbol a = value(node.args[0], state, slots);
  const Symbol b = value(node.args[1], state, slots);
  const FormP there = both({a.present, b.present});
  switch (node.op) {
    case Op::eq:
    case Op::ne: {
      const FormP same = either({both({there, equal(a.value, b.value)}),
                                 both({opposite(a.present), opposite(b.present)})});
      return node.op == Op::eq ? same : opposite(same);
    }
    case Op::lt:
      return both({there, at_least(b.value, sum(a.value, constant(1)))});
    case Op::le:
      return both({there, at_least(b.value, a.value)});
    case Op::gt:
      return both({there, at_least(a.value, sum(b.value, constant(1)))});
    default:
      return both({there, at_least(a.value, b.value)});
  }
}

Symbol Symbolic::value(NodeId id, State& state, const Slots& slots) {
  const Node& node = core_.nodes[id];
  const auto arg = [&](std::size_t i) { return value(node.args[i], state, slots); };
  Symbol made;
  switch (node.op) {
    case Op::constant:
      made.value = constant(node.value == kAbsent ? 0 : node.value);
      if (node.value == kAbsent) made.present = no();
      return made;
    case Op::local: {
      const auto found = slots.find(node.a);
      return found == slots.end() ? anything(node.type) : found->second;
    }
    case Op::reg: {
      const auto found = state.registers.find(node.a);
      if (found != state.registers.end()) return found->second;
      made = opaque("R" + std::to_string(node.a), core_.registers[node.a].type);
      state.registers[node.a] = made;
      return made;
    }
    case Op::state: {
      const auto found = state.machines.find(node.a);
      if (found != state.machines.end()) return found->second;
      made = opaque("M" + std::to_string(node.a), Type{});
      atoms_.bound(
          made.value.factors.begin()->first, 0,
          static_cast<Value>(core_.domains[core_.machines[node.a].domain].names.size()) - 1);
      state.machines[node.a] = made;
      return made;
    }
    case Op::field:
      return event_field(node);
    case Op::row_field:
      return row_field(node, state, slots);
    case Op::cell: {
      std::vector<Symbol> keys;
      for (std::size_t i = 0; i < node.args.size(); ++i) keys.push_back(arg(i));
      if (node.b == kNone) break;
      return read(node.a, cell(node.a, keys, state), node.b, state);
    }
    case Op::add:
    case Op::sub: {
      const Symbol a = arg(0);
      const Symbol b = arg(1);
      const Kind kind = core_.nodes[node.args[0]].type.kind;
      const Kind other = core_.nodes[node.args[1]].type.kind;
      // Days and months after an instant go by the calendar.
      const bool plain = (kind == Kind::number && other == Kind::number) ||
                         (kind == Kind::instant && other == Kind::span) ||
                         (kind == Kind::span && other == Kind::span);
      if (!plain) break;
      made.value = sum(a.value, b.value, node.op == Op::add ? 1 : -1);
      made.present = both({a.present, b.present});
      return made;
    }
    case Op::neg:
      made = arg(0);
      made.value = times(made.value, -1);
      return made;
    case Op::rescale: {
      made = arg(0);
      Value factor = 1;
      for (std::uint32_t i = 0; i < node.a && i < 30; ++i) factor *= 10;
      made.value = times(made.value, factor);
      return made;
    }
    case Op::mul:
      return product(node, state, slots);
    case Op::round_div:
      return rounded(node, state, slots);
    case Op::coalesce:
      return first_present(node, state, slots);
    case Op::minimum:
    case Op::maximum:
      return least_or_most(node, state, slots);
    case Op::cases:
      return cases(node, state, slots);
    case Op::call: {
      if (depth_ > kDeepest) break;
      ++depth_;
      Slots inner;
      for (std::uint32_t i = 0; i < node.args.size(); ++i) inner[i] = arg(i);
      made = value(core_.definitions[node.a].body, state, inner);
      --depth_;
      return made;
    }
    case Op::text_of:
      if (node.args.size() != 1 || core_.nodes[node.args[0]].type.kind != Kind::name) break;
      if (core_.domains[core_.nodes[node.args[0]].type.ref].names.size() > kMostNames) break;
      return name_as_text(node, state, slots);
    case Op::floor_div:
      return whole_part(node, state, slots);
    case Op::aggregate:
      return aggregate(node, state, slots);
    case Op::now:
    case Op::clock:
      return opaque(node.op == Op::now ? "now" : "clock", Type{Kind::instant});
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not:
    case Op::present:
    case Op::eq:
    case Op::ne:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
      return boolean(form(id, state, slots), state);
    default:
      break;
  }
  // An expression over other terms: the same terms, the same value.
  Type type = node.type;
  const bool total = node.op == Op::month_of || node.op == Op::date_of || node.op == Op::in_set ||
                     node.op == Op::text_of;
  if (!total) type.optional = true;
  made = opaque("X" + keys_of(node, state, slots), type);
  if (node.op == Op::lookup && !node.type.optional) made.present = yes();
  if (!node.type.optional && node.op != Op::lookup) made.present = yes();
  return made;
}

}  // namespace toll::tools::prover
