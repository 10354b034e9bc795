// One block of a policy, walked along every way through its rules: see induction.hpp.
#pragma once

#include <algorithm>
#include <functional>

#include "dsl/checks/walk.hpp"
#include "tools/prove/claims.hpp"
#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {

/// Walks blocks for one claim (about states, or about the entries of a kind), with others as known.
class Walk {
 public:
  Walk(const Context& context, const std::vector<Claim>& known, const Claim* goal,
       std::uint32_t entries)
      : core_(context.core),
        known_(known),
        goal_(goal),
        entries_(entries),
        symbolic_(core_, totals_of(core_, with(known, goal))),
        solver_(symbolic_.atoms(), context.options.most_steps) {
    relevant_ = goal == nullptr ? Places{} : goal->reads;
    for (const Claim& claim : known_) relevant_.insert(claim.reads.begin(), claim.reads.end());
    if (entries != kNone) reads_of(core_, definition().body, relevant_);
    for (const Block& block : core_.blocks) {
      dsl::each_effect(block.effects, [&](const Effect& effect) {
        if (effect.what == Effect::Do::clear) cleared_.insert(effect.a);
      });
    }
  }

  /// Does the block keep the claim? `ways` counts those through its rules.
  bool block(std::uint32_t index, std::uint32_t event) {
    symbolic_.handle(event);
    State state = symbolic_.beginning();
    assume([](const Claim&) { return true; }, state);
    if (event != kNone) refusals(event, state);
    bool fine = true;
    const After end = [&](State& last, Slots&) {
      ++ways;
      fine = fine && keeps(last);
      return fine;
    };
    Slots slots;
    fine = effects(core_.blocks[index].effects, 0, state, slots, end) && fine;
    return fine && !failed_;
  }

  /// Sums of a counter that has no rows yet are those of rows that hold their first values.
  bool empty_rows_count_nothing() {
    State state = symbolic_.beginning();
    for (const Total& total : symbolic_.totals()) {
      const Family& family = core_.families[total.family];
      if (!family.keyed) continue;
      Slots slots;
      Symbol row;
      row.value.factors[symbolic_.atoms().fresh()] = 1;
      first_values(total.family, row.value, state);
      slots[total.slot] = row;
      const FormP counts = symbolic_.form(total.where, state, slots);
      const Symbol part = symbolic_.value(total.body, state, slots);
      if (!solver_.follows(state.facts, either({opposite(counts), equals_0(part.value)}))) {
        return false;
      }
    }
    return true;
  }

  /// A claim about the rows of a counter holds of rows that hold their first values.
  bool holds_of_first_values(const Claim& claim) {
    State state = symbolic_.beginning();
    Symbol row;
    row.value.factors[symbolic_.atoms().fresh()] = 1;
    first_values(claim.family, row.value, state);
    return solver_.follows(state.facts, instance(claim, row.value, state));
  }

  [[nodiscard]] bool exhausted() const { return solver_.exhausted(); }
  std::size_t ways = 0;
  std::size_t emits = 0;

 private:
  using After = std::function<bool(State&, Slots&)>;

  static std::vector<Claim> with(const std::vector<Claim>& known, const Claim* goal) {
    std::vector<Claim> all = known;
    if (goal != nullptr) all.push_back(*goal);
    return all;
  }

  [[nodiscard]] const Definition& definition() const {
    return core_.definitions[core_.proofs[entries_].definition];
  }

  void first_values(std::uint32_t family, const Linear& row, State& state) {
    const Family& of = core_.families[family];
    for (std::uint32_t i = of.keyed ? of.key_count : 0; i < of.fields.size(); ++i) {
      Symbol first;
      first.value = constant(of.fields[i].initial == kAbsent ? 0 : of.fields[i].initial);
      if (of.fields[i].initial == kAbsent) first.present = no();
      state.fields[family][{key_of(row), i}] = first;
    }
  }

  FormP instance(const Claim& claim, const Linear& row, State& state) {
    Slots slots;
    slots[claim.slot] = {row, yes()};
    const FormP where = symbolic_.form(claim.where, state, slots);
    return implies(where, symbolic_.form(claim.body, state, slots));
  }

  /// Of the claims that these places have to do with, all are known to hold here: of the account as
  /// a whole, and of rows when they are read.
  void assume(const std::function<bool(const Claim&)>& which, State& state) {
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

  [[nodiscard]] static bool dirty(const Claim& claim, const State& state) {
    const auto held = state.held.find(claim.proof);
    return state.changed(claim.reads, held == state.held.end() ? 0 : held->second);
  }

  /// A row is at hand that was there when claims were last known to hold.
  void assume_row(std::uint32_t family, const Symbol& row, State& state) {
    if (cleared_.count(family) != 0) return;
    for (std::size_t i = 0; i < known_.size(); ++i) {
      const Claim& claim = known_[i];
      if (!claim.rows || claim.family != family || dirty(claim, state)) continue;
      const std::string name = std::to_string(i) + " " + key_of(row.value) + key_of(row.present);
      if (!state.assumed.insert(name).second) continue;
      const FormP holds = implies(row.present, instance(claim, row.value, state));
      state.facts.push_back(holds);
    }
  }

  /// Every row that an expression reads and that can be named.
  void assume_rows(NodeId root, State& state, const Slots& slots, int depth = 0) {
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

  Symbol value(NodeId node, State& state, const Slots& slots) {
    assume_rows(node, state, slots);
    return symbolic_.value(node, state, slots);
  }
  FormP form(NodeId node, State& state, const Slots& slots) {
    assume_rows(node, state, slots);
    return symbolic_.form(node, state, slots);
  }

  /// What was refused never comes here. Timers fire in between, so that nothing is known of the
  /// account from it.
  void refusals(std::uint32_t event, State& state) {
    for (const EventType::Refusal& refusal : core_.events[event].refusals) {
      const Depends on = depends_on(core_, refusal.guard);
      if (on.account || on.time || on.opaque) continue;
      state.facts.push_back(opposite(form(refusal.guard, state, {})));
    }
  }

  /// Does the goal hold of the account as it is now?
  bool keeps(State& state) {
    if (goal_ == nullptr || !dirty(*goal_, state)) return true;
    if (!goal_->rows) {
      const FormP holds = form(goal_->body, state, {});
      return solver_.follows(state.facts, holds);
    }
    // Rows that were written; where more than they count, nothing is known of the others.
    const std::uint64_t since = state.held[goal_->proof];
    Places others = goal_->reads;
    others.erase({Place::Of::family, goal_->family});
    if (state.changed(others, since)) return false;
    const auto rows = state.touched[goal_->family];
    return std::all_of(rows.begin(), rows.end(), [&](const auto& row) {
      if (row.second.at <= since) return true;
      const FormP holds = instance(*goal_, row.second.row, state);
      return solver_.follows(state.facts, holds);
    });
  }

  /// Anything that the walk passes over may have happened; what it writes is unknown afterwards.
  void pass_over(const Effect& effect, State& state, Slots& slots) {
    Effects one;
    one.push_back(effect);
    Places writes;
    writes_of(core_, one, writes);
    symbolic_.forget(writes, state);
    if (effect.what == Effect::Do::draw && effect.rest_slot != kNone) {
      slots[effect.rest_slot] = symbolic_.anything(Type{Kind::number});
    }
    if (effect.what == Effect::Do::put && effect.b != kNone) {
      slots[effect.b] = symbolic_.anything(Type{Kind::row});
    }
  }

  [[nodiscard]] bool matters(const Effect& effect) const {
    Effects one;
    one.push_back(effect);
    Places writes;
    writes_of(core_, one, writes);
    return touches(writes, relevant_) || emits_it(one);
  }

  [[nodiscard]] bool emits_it(const Effects& list) const {
    if (entries_ == kNone) return false;
    bool found = false;
    std::set<std::uint32_t> seen;
    const auto look = [&](const auto& self, const Effects& effects) -> void {
      dsl::each_effect(effects, [&](const Effect& effect) {
        found = found || (effect.what == Effect::Do::emit && effect.a == core_.proofs[entries_].a);
        if (effect.what == Effect::Do::run && seen.insert(effect.a).second) {
          self(self, core_.blocks[effect.a].effects);
        }
      });
    };
    look(look, list);
    return found;
  }

  /// Goes on with the effects from `at` on, then with `after`; false: stop, it failed.
  bool effects(const Effects& list, std::size_t at, State& state, Slots& slots,
               const After& after) {
    for (; at < list.size(); ++at) {
      if (solver_.exhausted()) return failed_ = true, false;
      const Effect& effect = list[at];
      switch (effect.what) {
        case Effect::Do::let:
          slots[effect.a] = value(effect.args[0], state, slots);
          continue;
        case Effect::Do::arm:
        case Effect::Do::disarm:
          continue;
        case Effect::Do::emit:
          if (!entry(effect, state, slots)) return false;
          continue;
        case Effect::Do::choose:
          if (!matters(effect)) break;
          return choose(effect, state, slots, [&, at](State& next, Slots& own) {
            return effects(list, at + 1, next, own, after);
          });
        case Effect::Do::run: {
          if (!matters(effect)) break;
          Slots inner;
          for (std::uint32_t i = 0; i < effect.args.size(); ++i) {
            inner[i] = value(effect.args[i], state, slots);
          }
          Slots outer = slots;
          return effects(core_.blocks[effect.a].effects, 0, state, inner,
                         [&, at, outer](State& next, Slots&) {
                           Slots own = outer;
                           return effects(list, at + 1, next, own, after);
                         });
        }
        default:
          if (!plain(effect, state, slots)) return false;
          continue;
      }
      pass_over(effect, state, slots);
    }
    return after(state, slots);
  }

  bool choose(const Effect& effect, const State& state, const Slots& slots, const After& after) {
    std::vector<FormP> before;
    State now = state;
    for (const Rule& rule : effect.rules) {
      const FormP holds = rule.guard == kNoNode ? yes() : form(rule.guard, now, slots);
      State taken = now;
      taken.facts.insert(taken.facts.end(), before.begin(), before.end());
      taken.facts.push_back(holds);
      if (!solver_.excluded(taken.facts)) {
        Slots own = slots;
        const Slots outer = slots;
        const bool fine = effects(rule.effects, 0, taken, own, [&](State& next, Slots&) {
          Slots rest = outer;
          return after(next, rest);
        });
        if (!fine) return false;
      }
      before.push_back(opposite(holds));
      if (holds->is == Form::Is::yes) return true;
    }
    now.facts.insert(now.facts.end(), before.begin(), before.end());
    if (solver_.excluded(now.facts)) return true;
    Slots own = slots;
    return after(now, own);
  }

  bool plain(const Effect& effect, State& state, Slots& slots) {
    switch (effect.what) {
      case Effect::Do::set_register:
        state.registers[effect.a] = value(effect.args[0], state, slots);
        state.wrote({Place::Of::reg, effect.a});
        return true;
      case Effect::Do::move:
        state.machines[effect.a] = value(effect.args[0], state, slots);
        state.wrote({Place::Of::machine, effect.a});
        return true;
      case Effect::Do::set_cell:
      case Effect::Do::add_cell: {
        const Symbol to = value(effect.args[0], state, slots);
        std::vector<Symbol> keys;
        for (std::size_t i = 1; i < effect.args.size(); ++i) {
          keys.push_back(value(effect.args[i], state, slots));
        }
        const Linear row = symbolic_.cell(effect.a, keys, state);
        assume_row(effect.a, {row, yes()}, state);
        Symbol written = to;
        if (effect.what == Effect::Do::add_cell) {
          const Symbol had = symbolic_.read(effect.a, row, effect.b, state);
          written.value = sum(had.value, to.value);
          written.present = both({had.present, to.present});
        }
        symbolic_.write(effect.a, row, effect.b, written, state);
        return true;
      }
      case Effect::Do::set_row: {
        const Symbol row = value(effect.args[0], state, slots);
        const Symbol to = value(effect.args[1], state, slots);
        assume_row(effect.a, row, state);
        symbolic_.write(effect.a, row.value, effect.b, to, state);
        return true;
      }
      case Effect::Do::put: {
        std::map<std::uint32_t, Symbol> given;
        for (std::size_t i = 0; i < effect.fields.size(); ++i) {
          given[effect.fields[i]] = value(effect.args[i], state, slots);
        }
        const Linear row = symbolic_.put(effect.a, given, state);
        if (effect.b != kNone) slots[effect.b] = {row, yes()};
        return true;
      }
      case Effect::Do::clear:
        symbolic_.forget({{Place::Of::family, effect.a}}, state);
        for (std::size_t i = 0; i < state.totals.size(); ++i) {
          if (symbolic_.totals()[i].family == effect.a) state.totals[i] = constant(0);
        }
        return true;
      case Effect::Do::each:
        return loop(effect, state, slots);
      case Effect::Do::draw:
        return draw(effect, state, slots);
      default:
        pass_over(effect, state, slots);
        return true;
    }
  }

  /// Claims that a loop may break hold before it, are known in every turn, are kept by it, and are
  /// known again afterwards. The proof of each of them has looked at the same places.
  bool loop(const Effect& effect, State& state, Slots& slots) {
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

  /// Rows are gathered before the loop: what it writes may have changed what they were chosen by.
  [[nodiscard]] bool stale(const Effect& effect, const Places& writes) const {
    Places reads;
    reads_of(core_, effect.source.where, reads);
    return touches(reads, writes);
  }

  /// The same for the rows that are drawn from; but what is said of sums holds after the draw as a
  /// whole: the parts that were taken and the rest make up the amount.
  bool draw(const Effect& effect, State& state, Slots& slots) {
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

  /// `grown` is so many times what was taken, whatever that was.
  std::optional<Value> share_of(const Linear& grown, Atom taken, State& state) {
    Linear took;
    took.factors[taken] = 1;
    for (const Value share : {Value{0}, Value{1}, Value{-1}}) {
      if (solver_.follows(state.facts, equals_0(sum(grown, took, -share)))) return share;
    }
    return std::nullopt;
  }

  /// An entry of the kind that the claim is about.
  bool entry(const Effect& effect, State& state, const Slots& slots) {
    if (entries_ == kNone || effect.a != core_.proofs[entries_].a) return true;
    ++emits;
    Slots members;
    const Definition& claim = definition();
    for (std::uint32_t i = 0; i < claim.parameters.size(); ++i) {
      Symbol none;
      none.value = constant(0);
      none.present = no();
      members[i] = none;
    }
    for (std::size_t i = 0; i < effect.fields.size(); ++i) {
      members[effect.fields[i]] = value(effect.args[i], state, slots);
    }
    const FormP holds = form(claim.body, state, members);
    return solver_.follows(state.facts, holds);
  }

  const Core& core_;
  const std::vector<Claim>& known_;
  const Claim* goal_;
  std::uint32_t entries_;
  Symbolic symbolic_;
  Solver solver_;
  Places relevant_;
  std::set<std::uint32_t> cleared_;
  bool failed_ = false;
};

}  // namespace toll::tools::prover
