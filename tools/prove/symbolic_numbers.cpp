// Products and quotients, which are no sums: their signs and bounds.
#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {

Symbol Symbolic::product(const Node& node, State& state, const Slots& slots) {
  Symbol made;
  const Symbol a = value(node.args[0], state, slots);
  const Symbol b = value(node.args[1], state, slots);
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
  state.facts.push_back(either({both({equals_0(x), equals_0(m)}), both({equals_0(y), equals_0(m)}),
                                both({positive(x), positive(y), at_least(m, x), at_least(m, y)}),
                                both({negative(x), negative(y), positive(m)}),
                                both({positive(x), negative(y), negative(m)}),
                                both({negative(x), positive(y), negative(m)})}));
  note_sign(node.type, made, state);
  return made;
}

Symbol Symbolic::rounded(const Node& node, State& state, const Slots& slots) {
  const Symbol a = value(node.args[0], state, slots);
  const Symbol b = value(node.args[1], state, slots);
  Symbol made = opaque("round " + keys_of(node, state, slots), node.type);
  made.present = both({a.present, b.present, made.present});
  // Rounding keeps the sign, if what is divided by is positive.
  if (b.value.is_constant() && b.value.constant > 0) {
    state.facts.push_back(either(
        {both({at_least_0(a.value), at_least_0(made.value)}),
         both({at_least_0(sum(constant(-1), a.value, -1)), at_least_0(times(made.value, -1))})}));
  }
  return made;
}

Symbol Symbolic::whole_part(const Node& node, State& state, const Slots& slots) {
  const Symbol a = value(node.args[0], state, slots);
  const Symbol b = value(node.args[1], state, slots);
  Symbol made = opaque("X" + keys_of(node, state, slots), node.type);
  made.present = both({a.present, b.present, opposite(equals_0(b.value))});
  // A part of what is not negative is neither negative nor more.
  const FormP plain = both({at_least_0(a.value), at_least_0(sum(b.value, constant(1), -1))});
  state.facts.push_back(
      either({opposite(plain), both({at_least_0(made.value), at_least(a.value, made.value)})}));
  return made;
}

}  // namespace toll::tools::prover
