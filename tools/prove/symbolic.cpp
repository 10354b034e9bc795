#include "tools/prove/symbolic.hpp"

#include <algorithm>

namespace toll::tools::prover {
namespace {

constexpr int kDeepest = 60;
constexpr std::size_t kMostNames = 12;
constexpr std::uint64_t kSignSteps = 200;
constexpr Value kMostCount = 1'000'000'000'000;  // the contract's bound

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

/// The first way whose condition holds.
Symbol Symbolic::chosen(const std::vector<std::pair<FormP, Symbol>>& ways, State& state) {
  if (ways.size() == 1 && ways[0].first->is == Form::Is::yes) return ways[0].second;
  Symbol made;
  made.value.factors[atoms_.fresh()] = 1;
  const Atom there = atoms_.fresh();
  atoms_.bound(there, 0, 1);
  Linear is;
  is.factors[there] = 1;
  made.present = equals_0(sum(is, constant(1), -1));
  std::vector<FormP> all;
  std::vector<FormP> before;
  for (const auto& [holds, symbol] : ways) {
    std::vector<FormP> parts = before;
    parts.push_back(holds);
    parts.push_back(either({both({symbol.present, made.present, equal(made.value, symbol.value)}),
                            both({opposite(symbol.present), equals_0(is)})}));
    all.push_back(both(std::move(parts)));
    before.push_back(opposite(holds));
  }
  std::vector<FormP> none = before;
  none.push_back(equals_0(is));
  all.push_back(both(std::move(none)));
  state.facts.push_back(either(std::move(all)));
  return made;
}

void Symbolic::note_sign(const Type& type, const Symbol& made, State& state) {
  if (!signs_ || type.kind != Kind::number || made.value.is_constant()) return;
  const FormP sign = at_least_0(made.value);
  if (!type.optional && Solver(atoms_, kSignSteps).follows(state.facts, sign)) {
    state.facts.push_back(sign);
  }
}

/// Two texts are the same number if they read the same.
Value Symbolic::text_constant(const std::string& text) {
  const auto found = std::find(core_.texts.begin(), core_.texts.end(), text);
  if (found != core_.texts.end()) return found - core_.texts.begin();
  const auto made = texts_.emplace(text, -1 - static_cast<Value>(texts_.size()));
  return made.first->second;
}

/// A name's wire name: one of the texts of its domain.
Symbol Symbolic::name_as_text(const Node& node, State& state, const Slots& slots) {
  const auto& names = core_.domains[core_.nodes[node.args[0]].type.ref].names;
  const Symbol name = value(node.args[0], state, slots);
  std::vector<std::pair<FormP, Symbol>> ways;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Symbol text;
    text.value = constant(text_constant(names[i].wire));
    const FormP is = equal(name.value, constant(static_cast<Value>(i)));
    if (is->is != Form::Is::no) ways.push_back({is, text});
  }
  Symbol other;  // a name that the domain does not know
  other.value.factors[atoms_.named("text " + key_of(name.value))] = 1;
  ways.push_back({yes(), other});
  return chosen(ways, state);
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

void Symbolic::column_bounds(Atom atom, const Table& table, std::uint32_t column) {
  std::optional<Value> least;
  std::optional<Value> most;
  for (const Table::Row& row : table.rows) {
    const Value cell = row.cells[column];
    if (cell == kAbsent) continue;
    if (!least || cell < *least) least = cell;
    if (!most || cell > *most) most = cell;
  }
  const Kind kind = table.columns[column].type.kind;
  if (kind == Kind::number || kind == Kind::boolean) atoms_.bound(atom, least, most);
}

void Symbolic::list_bounds(Atom atom, const Field& column) {
  if (column.type.read != FieldType::Read::count) return;
  const Value least = column.type.at_least;
  atoms_.bound(atom, column.initial == kAbsent ? least : std::min(column.initial, least),
               kMostCount);
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
    case Op::field: {
      Type type = node.type;
      if (event_ != kNone) {
        const Field& field = core_.events[event_].fields[node.a];
        type.optional = !field.required && field.initial == kAbsent;
      }
      made = opaque("E" + std::to_string(node.a), type);
      if (event_ != kNone) {
        const FieldType& read = core_.events[event_].fields[node.a].type;
        if (read.read == FieldType::Read::count) {
          const Value initial = core_.events[event_].fields[node.a].initial;
          const Value least =
              initial == kAbsent ? read.at_least : std::min(initial, Value{read.at_least});
          atoms_.bound(made.value.factors.begin()->first, least, kMostCount);
        }
        if (read.read == FieldType::Read::record) made.value = constant(1);
      }
      return made;
    }
    case Op::row_field: {
      const Symbol row = arg(0);
      const Type& type = core_.nodes[node.args[0]].type;
      if (type.of == Of::family) {
        made = read(type.ref, row.value, node.a, state);
      } else {
        Type plain = node.type;
        if (type.of == Of::table) plain = core_.tables[type.ref].columns[node.a].type;
        made = opaque("C" + std::to_string(static_cast<int>(type.of)) + "." +
                          std::to_string(type.ref) + "[" + key_of(row.value) + "]." +
                          std::to_string(node.a),
                      plain);
        if (type.of == Of::table) {
          column_bounds(made.value.factors.begin()->first, core_.tables[type.ref], node.a);
        }
        if (type.of == Of::list) {
          list_bounds(made.value.factors.begin()->first, core_.lists[type.ref].columns[node.a]);
        }
      }
      made.present = both({row.present, made.present});
      return made;
    }
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
    case Op::mul: {
      const Symbol a = arg(0);
      const Symbol b = arg(1);
      made.present = both({a.present, b.present});
      if (a.value.is_constant()) {
        made.value = times(b.value, a.value.constant);
        return made;
      }
      if (b.value.is_constant()) {
        made.value = times(a.value, b.value.constant);
        return made;
      }
      if (!a.value.valid || !b.value.valid) {
        made.value = anything(node.type).value;
        return made;
      }
      // Of a product that cannot be said in sums at least its sign is known.
      const bool turned = key_of(b.value) < key_of(a.value);
      const Linear& x = turned ? b.value : a.value;
      const Linear& y = turned ? a.value : b.value;
      made.value.factors[atoms_.named("mul " + key_of(x) + "*" + key_of(y))] = 1;
      const Linear& m = made.value;
      const auto positive = [](const Linear& l) { return at_least_0(sum(l, constant(1), -1)); };
      const auto negative = [](const Linear& l) { return at_least_0(sum(constant(-1), l, -1)); };
      state.facts.push_back(
          either({both({equals_0(x), equals_0(m)}), both({equals_0(y), equals_0(m)}),
                  both({positive(x), positive(y), at_least(m, x), at_least(m, y)}),
                  both({negative(x), negative(y), positive(m)}),
                  both({positive(x), negative(y), negative(m)}),
                  both({negative(x), positive(y), negative(m)})}));
      note_sign(node.type, made, state);
      return made;
    }
    case Op::round_div: {
      const Symbol a = arg(0);
      const Symbol b = arg(1);
      made = opaque("round " + keys_of(node, state, slots), node.type);
      made.present = both({a.present, b.present, made.present});
      // Rounding keeps the sign, if what is divided by is positive.
      if (b.value.is_constant() && b.value.constant > 0) {
        state.facts.push_back(either({both({at_least_0(a.value), at_least_0(made.value)}),
                                      both({at_least_0(sum(constant(-1), a.value, -1)),
                                            at_least_0(times(made.value, -1))})}));
      }
      return made;
    }
    case Op::coalesce: {
      std::vector<std::pair<FormP, Symbol>> ways;
      for (std::size_t i = 0; i < node.args.size(); ++i) {
        const Symbol one = arg(i);
        ways.push_back({one.present, one});
        if (one.present->is == Form::Is::yes) break;
      }
      return chosen(ways, state);
    }
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
    case Op::floor_div: {
      const Symbol a = arg(0);
      const Symbol b = arg(1);
      made = opaque("X" + keys_of(node, state, slots), node.type);
      made.present = both({a.present, b.present, opposite(equals_0(b.value))});
      // A part of what is not negative is neither negative nor more.
      const FormP plain = both({at_least_0(a.value), at_least_0(sum(b.value, constant(1), -1))});
      state.facts.push_back(
          either({opposite(plain), both({at_least_0(made.value), at_least(a.value, made.value)})}));
      return made;
    }
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

Symbol Symbolic::cases(const Node& node, State& state, const Slots& slots) {
  std::vector<std::pair<FormP, Symbol>> ways;
  for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
    const FormP holds = form(node.args[i], state, slots);
    ways.push_back({holds, value(node.args[i + 1], state, slots)});
    if (holds->is == Form::Is::yes) break;
  }
  const Symbol made = chosen(ways, state);
  note_sign(node.type, made, state);
  return made;
}

Symbol Symbolic::least_or_most(const Node& node, State& state, const Slots& slots) {
  Symbol made = anything(node.type);
  std::vector<FormP> any;
  std::vector<FormP> equals;
  for (const NodeId arg : node.args) {
    const Symbol one = value(arg, state, slots);
    any.push_back(one.present);
    equals.push_back(both({one.present, equal(made.value, one.value)}));
    const FormP bound =
        node.op == Op::minimum ? at_least(one.value, made.value) : at_least(made.value, one.value);
    state.facts.push_back(either({opposite(one.present), bound}));
  }
  made.present = either(any);
  equals.push_back(opposite(made.present));
  state.facts.push_back(either(std::move(equals)));
  return made;
}

}  // namespace toll::tools::prover
