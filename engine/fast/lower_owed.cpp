// Loops that are put off (engine/run/deferral.hpp): who looks at rows under a key asks for what is
// owed under it before; who looks at all rows has everything made at the beginning, and puts
// nothing off.
#include <algorithm>

#include "engine/fast/lower.hpp"

namespace toll {

void Lowerer::ask_for(std::uint32_t family, Reg key) {
  if (p_.owed_places[family] != kNone && !whole_) add(Act::make_up, 0, key);
}

/// In an order that owes nothing to keys.
void Lowerer::ask_for_all(std::uint32_t family) {
  if (p_.owed_places[family] != kNone) wants_whole_ = true;
}

/// What the tree does by itself is not seen here.
void Lowerer::ask_for_all(const Step& step) {
  if (p_.owed_families.empty()) return;
  Writes writes;
  writes_of({static_cast<std::uint32_t>(&step - p_.steps.data()), 1}, writes);
  const bool written = std::any_of(writes.families.begin(), writes.families.end(),
                                   [&](std::uint32_t one) { return p_.owed_places[one] != kNone; });
  if (written || !reads_no_owed(step)) wants_whole_ = true;
}

void Lowerer::ask_for_all_of(NodeId node) {
  if (p_.owed_families.empty()) return;
  Writes owed;
  owed.families = p_.owed_families;
  if (!may_read(node, owed)) wants_whole_ = true;
}

bool Lowerer::reads_no_owed(const Step& step) const {
  Writes owed;
  owed.families = p_.owed_families;
  if (!may_read(step.args, owed)) return false;
  if (step.source != nullptr && !may_read(*step.source, owed)) return false;
  for (const Step::Rows& rows : step.rows) {
    if (!may_read(rows.source, owed) || !may_read(rows.columns, owed)) return false;
  }
  const auto all = [&](Range range) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      if (!reads_no_owed(p_.steps[range.first + i])) return false;
    }
    return true;
  };
  for (std::uint32_t i = 0; i < step.rules.count; ++i) {
    const Choice& choice = p_.choices[step.rules.first + i];
    if (!may_read(choice.guard, owed) || !all(choice.steps)) return false;
  }
  if (step.what == Effect::Do::run && !all(p_.blocks[step.a].steps)) return false;
  return all(step.steps);
}

/// A loop over all rows of a family that lets none pass that a loop put off would make. `body`: of
/// a fold that asks for it too.
bool Lowerer::passes_none_owed(const RowSource& source, NodeId body) const {
  for (const Deferral& loop : p_.deferrals) {
    if (!passes_none_made(p_.steps[loop.step].steps, source, body)) return false;
  }
  return true;
}

bool Lowerer::passes_none_made(Range steps, const RowSource& source, NodeId body) const {
  for (std::uint32_t i = 0; i < steps.count; ++i) {
    const Step& step = p_.steps[steps.first + i];
    for (std::uint32_t k = 0; k < step.rules.count; ++k) {
      if (!passes_none_made(p_.choices[step.rules.first + k].steps, source, body)) return false;
    }
    const bool cell = step.what == Effect::Do::set_cell || step.what == Effect::Do::add_cell;
    if (cell && step.a == source.index) return false;
    if (step.what != Effect::Do::put || step.a != source.index) continue;
    const auto where = p_.at(source.where);
    const auto fails = [&](NodeId node) { return fails_for(node, step, source.slot); };
    const bool none = std::any_of(where.begin(), where.end(), fails);
    if (!none && (body == kNoNode || !fails(body))) return false;
  }
  return true;
}

/// What a field of a row that is put, and never written again, says of it.
bool Lowerer::says(NodeId node, const Step& put, std::uint32_t slot, Value& value) const {
  const Term& term = p_.terms[node];
  if (term.op == Op::constant) {
    value = p_.constants[term.a];
    return true;
  }
  if (term.op != Op::row_field || term.of != Of::family || term.b != put.a) return false;
  const Term& row = p_.terms[term.x];
  if (row.op != Op::local || row.a != slot || !steady_fields_[put.a][term.a]) return false;
  const NodeId given = p_.at(put.args)[term.a];
  if (given == kNoNode) {
    value = p_.families[put.a].initial[term.a];
    return true;
  }
  if (p_.terms[given].op != Op::constant) return false;
  value = p_.constants[p_.terms[given].a];
  return true;
}

/// A condition that does not hold for any row that is put so.
bool Lowerer::fails_for(NodeId node, const Step& put, std::uint32_t slot) const {
  const Term& term = p_.terms[node];
  const auto parts = p_.at(term.operands);
  Value x = 0;
  Value y = 0;
  switch (term.op) {
    case Op::logical_and:
      return std::any_of(parts.begin(), parts.end(),
                         [&](NodeId part) { return fails_for(part, put, slot); });
    case Op::logical_or:
      return std::all_of(parts.begin(), parts.end(),
                         [&](NodeId part) { return fails_for(part, put, slot); });
    case Op::present:
      return says(term.x, put, slot, x) && x == kAbsent;
    case Op::eq:
      return says(term.x, put, slot, x) && says(term.y, put, slot, y) && x != y;
    case Op::ne:
      return says(term.x, put, slot, x) && says(term.y, put, slot, y) && x == y;
    default:
      return says(node, put, slot, x) && x != 1;
  }
}

/// True: the loop may be put off; then it is jumped over, to `done`.
bool Lowerer::put_off(const Step& step, Label& done) {
  if (whole_) return false;
  const auto number = static_cast<std::uint32_t>(&step - p_.steps.data());
  for (std::uint32_t i = 0; i < p_.deferrals.size(); ++i) {
    const Deferral& loop = p_.deferrals[i];
    if (loop.step != number) continue;
    std::vector<Reg> captures;
    for (const Deferral::Capture& one : loop.captures) captures.push_back(slot_reg(one.slot));
    done.from(add(Act::defer, 0, block_of_regs(captures), 0, i), true);
    return true;
  }
  return false;
}

/// What runs in the midst of other code has registers of its own.
void Lowerer::make_ups() {
  makes_up_ = true;
  first_own_ = std::max(most_regs_, first_temp_);
  for (std::uint32_t i = 0; i < p_.deferrals.size(); ++i) {
    MakeUp made;
    made.row = static_cast<Reg>(first_own_);
    made.captures = static_cast<Reg>(first_own_ + 1);
    code_.make_ups.push_back(made);
    const std::uint32_t test = routine(p_.deferrals[i].frame, &Lowerer::test_row, i);
    const std::uint32_t give = routine(p_.deferrals[i].frame, &Lowerer::give_for_row, i);
    if (test == kNone || give == kNone) continue;
    code_.make_ups[i].test = test;
    code_.make_ups[i].give = give;
  }
  makes_up_ = false;
}

void Lowerer::bind_deferred(std::uint32_t deferral) {
  const Deferral& loop = p_.deferrals[deferral];
  const auto bind_to = [&](std::uint32_t slot, Reg reg) {
    Binding& binding = (*frame_)[slot];
    binding = {reg, true, {}};
    binding.purity.pure = false;
  };
  fresh(1 + static_cast<std::uint32_t>(loop.captures.size()));
  bind_to(p_.steps[loop.step].source->slot, code_.make_ups[deferral].row);
  Reg reg = code_.make_ups[deferral].captures;
  for (const Deferral::Capture& one : loop.captures) bind_to(one.slot, reg++);
}

void Lowerer::test_row(std::uint32_t deferral) {
  bind_deferred(deferral);
  const Source& source = p_.steps[p_.deferrals[deferral].step].effect->source;
  const Reg row = code_.make_ups[deferral].row;
  Label past;
  if (source.at != kNoNode) {
    past.from(add(Act::jump_past_row, 0, row, value(source.at), source.index), true);
  }
  if (source.where != kNoNode) branch(source.where, false, past);
  add(Act::gather, 0, row);
  bind(past);
}

void Lowerer::give_for_row(std::uint32_t deferral) {
  bind_deferred(deferral);
  const Deferral& loop = p_.deferrals[deferral];
  steps(p_.steps[loop.step].steps, loop.clause);
}

}  // namespace toll
