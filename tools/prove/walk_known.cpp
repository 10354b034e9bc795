// What is known on the way: claims of before, and whether the one at hand is kept.
#include "tools/prove/walk.hpp"

namespace toll::tools::prover {

FormP Walk::instance(const Claim& claim, const Linear& row, State& state) {
  if (claim.field != kNone) {
    const Symbol number = symbolic_.read(claim.family, row, claim.field, state);
    return either({opposite(number.present), at_least_0(number.value)});
  }
  Slots slots;
  slots[claim.slot] = {row, yes()};
  const FormP where = symbolic_.form(claim.where, state, slots);
  return implies(where, symbolic_.form(claim.body, state, slots));
}

void Walk::assume(const std::function<bool(const Claim&)>& which, State& state) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    if (which(known_[i])) chosen.push_back(i);
  }
  for (const std::size_t i : chosen) state.held[known_[i].proof] = state.time;
  if (goal_ != nullptr && which(*goal_)) state.held[goal_->proof] = state.time;
  state.assumed.clear();
  for (const std::size_t i : chosen) {
    if (known_[i].rows) continue;
    const FormP holds = symbolic_.form(known_[i].body, state, {});
    state.facts.push_back(holds);
  }
}

bool Walk::dirty(const Claim& claim, const State& state) {
  const auto held = state.held.find(claim.proof);
  return state.changed(claim.reads, held == state.held.end() ? 0 : held->second);
}

void Walk::assume_row(std::uint32_t family, const Symbol& row, State& state) {
  if (cleared_.count(family) != 0) return;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const Claim& claim = known_[i];
    if (!claim.rows || claim.family != family || !holds_again(claim, i, state)) continue;
    const std::string name = std::to_string(i) + " " + key_of(row.value) + key_of(row.present);
    if (!state.assumed.insert(name).second) continue;
    const FormP holds = implies(row.present, instance(claim, row.value, state));
    state.facts.push_back(holds);
  }
}

void Walk::assume_rows(NodeId root, State& state, const Slots& slots, int depth) {
  if (root == kNoNode || depth > 12) return;
  const Node& node = core_.nodes[root];
  if (node.op == Op::aggregate) {
    if (node.type.kind == Kind::row && core_.nodes[root].type.of == Of::family) {
      assume_row(node.type.ref, symbolic_.value(root, state, slots), state);
    }
    return;
  }
  if (node.op == Op::local && node.type.kind == Kind::row && node.type.of == Of::family) {
    const auto found = slots.find(node.a);
    if (found != slots.end()) assume_row(node.type.ref, found->second, state);
  }
  if (node.op == Op::cell && node.b != kNone) {
    std::vector<Symbol> keys;
    for (const NodeId arg : node.args) keys.push_back(symbolic_.value(arg, state, slots));
    assume_row(node.a, {symbolic_.cell(node.a, keys, state), yes()}, state);
  }
  for (const NodeId arg : node.args) assume_rows(arg, state, slots, depth + 1);
  if (node.op == Op::call) {
    Slots inner;
    for (std::uint32_t i = 0; i < node.args.size(); ++i) {
      inner[i] = symbolic_.value(node.args[i], state, slots);
    }
    assume_rows(core_.definitions[node.a].body, state, inner, depth + 1);
  }
}

bool Walk::keeps(State& state) {
  if (goal_ == nullptr || !dirty(*goal_, state)) return true;
  if (!goal_->rows) {
    const FormP holds = form(goal_->body, state, {});
    return solver_.follows(state.facts, holds);
  }
  return rows_keep(*goal_, state);
}

/// Rows that were written; where more than they count, nothing is known of the others.
bool Walk::rows_keep(const Claim& claim, State& state) {
  const std::uint64_t since = state.held[claim.proof];
  Places others = claim.reads;
  others.erase({Place::Of::family, claim.family});
  if (state.changed(others, since)) return false;
  const auto rows = state.touched[claim.family];
  return std::all_of(rows.begin(), rows.end(), [&](const auto& row) {
    if (row.second.at <= since) return true;
    const FormP holds = instance(claim, row.second.row, state);
    return solver_.follows(state.facts, holds);
  });
}

bool Walk::holds_again(const Claim& claim, std::size_t index, State& state) {
  if (!dirty(claim, state)) return true;
  if (!renews_ || renewing_ || solver_.exhausted()) return false;
  const auto tried = state.lost.find(claim.proof);
  if (tried != state.lost.end() && tried->second == state.time) return false;
  renewing_ = true;
  const bool kept = rows_keep(claim, state);
  renewing_ = false;
  if (!kept) {
    state.lost[claim.proof] = state.time;
    return false;
  }
  state.held[claim.proof] = state.time;
  // What was said of its rows before was said of what they held then.
  const std::string prefix = std::to_string(index) + " ";
  for (auto one = state.assumed.begin(); one != state.assumed.end();) {
    one = one->starts_with(prefix) ? state.assumed.erase(one) : std::next(one);
  }
  return true;
}

}  // namespace toll::tools::prover
