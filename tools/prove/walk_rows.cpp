// Loops over rows and draws from them: what every turn keeps, whatever its row.
#include "tools/prove/walk.hpp"

namespace toll::tools::prover {

bool Walk::loop(const Effect& effect, State& state, Slots& slots) {
  Places writes;
  writes_of(core_, effect.effects, writes);
  if (!touches(writes, relevant_) && !emits_it(effect.effects)) {
    symbolic_.forget(writes, state);
    return true;
  }
  const auto concerned = [&](const Claim& claim) { return touches(claim.reads, writes); };
  if (goal_ != nullptr && concerned(*goal_) && !keeps(state)) return false;
  State turn = state;
  symbolic_.forget(writes, turn);
  assume(concerned, turn);
  Slots own = slots;
  const Symbol row = symbolic_.anything(Type{Kind::row});
  own[effect.source.slot] = row;
  if (effect.source.of == Source::Of::family || effect.source.of == Source::Of::changed) {
    assume_row(effect.source.index, row, turn);
  }
  if (effect.source.where != kNoNode && !stale(effect, writes)) {
    turn.facts.push_back(form(effect.source.where, turn, own));
  }
  const bool fine = effects(effect.effects, 0, turn, own, [&](State& last, Slots&) {
    ++ways;
    return goal_ == nullptr || !concerned(*goal_) || keeps(last);
  });
  if (!fine) return false;
  symbolic_.forget(writes, state);
  assume(concerned, state);
  return true;
}

bool Walk::stale(const Effect& effect, const Places& writes) const {
  Places reads;
  reads_of(core_, effect.source.where, reads);
  return touches(reads, writes);
}

bool Walk::draw(const Effect& effect, State& state, Slots& slots) {
  const Symbol amount = value(effect.args[0], state, slots);
  Places writes;
  writes_of(core_, effect.effects, writes);
  writes.insert({Place::Of::family, effect.a});
  const auto concerned = [&](const Claim& claim) {
    return claim.rows && touches(claim.reads, writes);
  };
  if (goal_ != nullptr && concerned(*goal_) && !keeps(state)) return false;
  const std::vector<Linear> before = state.totals;
  State turn = state;
  symbolic_.forget(writes, turn);
  assume(concerned, turn);
  const std::vector<Linear> turning = turn.totals;
  Slots own = slots;
  const Symbol row = symbolic_.anything(Type{Kind::row});
  own[effect.source.slot] = row;
  assume_row(effect.a, row, turn);
  if (effect.source.where != kNoNode && !stale(effect, writes)) {
    turn.facts.push_back(form(effect.source.where, turn, own));
  }
  // What is taken is there, is more than nothing, and no more than is asked for.
  const Symbol left = symbolic_.read(effect.a, row.value, effect.b, turn);
  Symbol took;
  const Atom taken = symbolic_.atoms().fresh();
  symbolic_.atoms().bound(taken, 1, std::nullopt);
  took.value.factors[taken] = 1;
  turn.facts.push_back(left.present);
  turn.facts.push_back(at_least(left.value, took.value));
  turn.facts.push_back(at_least(amount.value, took.value));
  if (effect.took_slot != kNone) own[effect.took_slot] = took;
  symbolic_.write(effect.a, row.value, effect.b, {sum(left.value, took.value, -1), yes()}, turn);
  // So much of each unit that is taken goes to each total, whatever row it is taken from.
  std::vector<std::optional<Value>> shares;
  const bool fine = effects(effect.effects, 0, turn, own, [&](State& last, Slots&) {
    ++ways;
    std::vector<std::optional<Value>> these;
    for (std::size_t i = 0; i < before.size(); ++i) {
      these.push_back(share_of(sum(last.totals[i], turning[i], -1), taken, last));
    }
    if (shares.empty()) shares = these;
    for (std::size_t i = 0; i < these.size(); ++i) {
      if (shares[i] != these[i]) shares[i] = std::nullopt;
    }
    return goal_ == nullptr || !concerned(*goal_) || keeps(last);
  });
  if (!fine) return false;
  symbolic_.forget(writes, state);
  Linear drawn;
  const Atom in_all = symbolic_.atoms().fresh();
  symbolic_.atoms().bound(in_all, 0, std::nullopt);
  drawn.factors[in_all] = 1;
  const Linear rest = sum(amount.value, drawn, -1);
  state.facts.push_back(either({at_least_0(rest), equals_0(drawn)}));
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (shares.empty()) state.totals[i] = before[i];
    if (!shares.empty() && shares[i]) state.totals[i] = sum(before[i], drawn, *shares[i]);
  }
  assume(concerned, state);
  if (effect.rest_slot != kNone) slots[effect.rest_slot] = {rest, amount.present};
  return true;
}

std::optional<Value> Walk::share_of(const Linear& grown, Atom taken, State& state) {
  Linear took;
  took.factors[taken] = 1;
  for (const Value share : {Value{0}, Value{1}, Value{-1}}) {
    if (solver_.follows(state.facts, equals_0(sum(grown, took, -share)))) return share;
  }
  return std::nullopt;
}

}  // namespace toll::tools::prover
