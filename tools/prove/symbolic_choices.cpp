// Values that are one of several: by cases, by what is there, the least, the most.
#include "tools/prove/symbolic.hpp"

#include <algorithm>

namespace toll::tools::prover {

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

Symbol Symbolic::first_present(const Node& node, State& state, const Slots& slots) {
  std::vector<std::pair<FormP, Symbol>> ways;
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    const Symbol one = value(node.args[i], state, slots);
    ways.push_back({one.present, one});
    if (one.present->is == Form::Is::yes) break;
  }
  return chosen(ways, state);
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
