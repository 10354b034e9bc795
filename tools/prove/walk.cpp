// The ways through a block, effect by effect.
#include "tools/prove/walk.hpp"

#include "dsl/checks/walk.hpp"

namespace toll::tools::prover {
namespace {

bool has_unsaid(const std::vector<Claim>& known) {
  return std::any_of(known.begin(), known.end(),
                     [](const Claim& claim) { return claim.field != kNone; });
}

/// With what goes without saying there are many claims, most of which are soon shown or not at all.
std::uint64_t steps(const Context& context, const std::vector<Claim>& known) {
  return has_unsaid(known) ? context.options.most_steps / 10 : context.options.most_steps;
}

}  // namespace

Walk::Walk(const Context& context, const std::vector<Claim>& known, const Claim* goal,
           std::uint32_t entries)
    : core_(context.core),
      known_(known),
      goal_(goal),
      entries_(entries),
      symbolic_(core_, totals_of(core_, with(known, goal))),
      solver_(symbolic_.atoms(), steps(context, known)) {
  relevant_ = goal == nullptr ? Places{} : goal->reads;
  for (const Claim& claim : known_) relevant_.insert(claim.reads.begin(), claim.reads.end());
  if (entries != kNone) reads_of(core_, definition().body, relevant_);
  renews_ = has_unsaid(known);
  symbolic_.look_at_signs(renews_);
  symbolic_.tell_of_rows([this](std::uint32_t family, const Symbol& row, State& state) {
    assume_row(family, row, state);
  });
  for (const Block& block : core_.blocks) {
    dsl::each_effect(block.effects, [&](const Effect& effect) {
      if (effect.what == Effect::Do::clear) cleared_.insert(effect.a);
    });
  }
}

bool Walk::block(std::uint32_t index, std::uint32_t event) {
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

bool Walk::empty_rows_count_nothing() {
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

bool Walk::holds_of_first_values(const Claim& claim) {
  State state = symbolic_.beginning();
  Symbol row;
  row.value.factors[symbolic_.atoms().fresh()] = 1;
  first_values(claim.family, row.value, state);
  return solver_.follows(state.facts, instance(claim, row.value, state));
}

void Walk::first_values(std::uint32_t family, const Linear& row, State& state) {
  const Family& of = core_.families[family];
  for (std::uint32_t i = of.keyed ? of.key_count : 0; i < of.fields.size(); ++i) {
    Symbol first;
    first.value = constant(of.fields[i].initial == kAbsent ? 0 : of.fields[i].initial);
    if (of.fields[i].initial == kAbsent) first.present = no();
    state.fields[family][{key_of(row), i}] = first;
  }
}

void Walk::refusals(std::uint32_t event, State& state) {
  for (const EventType::Refusal& refusal : core_.events[event].refusals) {
    const Depends on = depends_on(core_, refusal.guard);
    if (on.account || on.time || on.opaque) continue;
    state.facts.push_back(opposite(form(refusal.guard, state, {})));
  }
}

void Walk::pass_over(const Effect& effect, State& state, Slots& slots) {
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

bool Walk::matters(const Effect& effect) const {
  Effects one;
  one.push_back(effect);
  Places writes;
  writes_of(core_, one, writes);
  return touches(writes, relevant_) || emits_it(one);
}

bool Walk::emits_it(const Effects& list) const {
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

bool Walk::effects(const Effects& list, std::size_t at, State& state, Slots& slots,
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

bool Walk::choose(const Effect& effect, const State& state, const Slots& slots,
                  const After& after) {
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

bool Walk::plain(const Effect& effect, State& state, Slots& slots) {
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

bool Walk::entry(const Effect& effect, State& state, const Slots& slots) {
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

}  // namespace toll::tools::prover
