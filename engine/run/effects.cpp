// What an event or timer does: effects on the state, each with its undoing, and entries.
#include <algorithm>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/checked.hpp"
#include "engine/run/run.hpp"

namespace toll {

void Run::run_block(std::uint32_t block, std::span<const std::uint32_t> args) {
  const Routine& routine = p_.blocks[block];
  Value* const caller = slots_;
  Value* const frame = top_;
  arguments(args);
  slots_ = frame;
  top_ = frame + routine.frame;
  TOLL_ASSERT(top_ <= end_);
  // What a rule that does not apply would have set is absent.
  std::fill(frame + args.size(), std::max(top_, frame + args.size()), kAbsent);
  if (trace_ != nullptr) trace_->enter_block(block);
  run_steps(routine.steps, p_.core->blocks[block].clause);
  if (trace_ != nullptr) trace_->leave_block(block);
  slots_ = caller;
  top_ = frame;
}

void Run::run_steps(Range range, ClauseId clause) {
  for (std::uint32_t i = 0; i < range.count && !failed(); ++i) {
    const Step& step = p_.steps[range.first + i];
    const ClauseId by = step.clause != kNone ? step.clause : clause;
    if (trace_ != nullptr) trace_->enter(*step.effect, by);
    run_step(step, by);
    if (trace_ != nullptr) trace_->leave(*step.effect);
  }
}

void Run::run_step(const Step& step, ClauseId clause) {
  const auto args = p_.at(step.args);
  switch (step.what) {
    case Effect::Do::let: {
      const Value value = eval(args[0]);
      slots_[step.a] = value;
      return;
    }
    case Effect::Do::set_register:
      return set_global(p_.register_cell(step.a), eval(args[0]));
    case Effect::Do::move:
      return set_global(p_.machine_cell(step.a), eval(args[0]));
    case Effect::Do::set_cell:
      return set_cell(step, false);
    case Effect::Do::add_cell:
      return set_cell(step, true);
    case Effect::Do::set_row: {
      const Value row = eval(args[0]);
      return set_field(step.a, row, step.b, eval(args[1]));
    }
    case Effect::Do::put:
      return put(step);
    case Effect::Do::draw:
      return draw(step, clause);
    case Effect::Do::each:
      return each(step, clause);
    case Effect::Do::choose:
      return choose(step, clause);
    case Effect::Do::run:
      return run_block(step.a, args);
    case Effect::Do::arm:
      return arm(step.a, eval(args[0]));
    case Effect::Do::disarm:
      return arm(step.a, kAbsent);
    case Effect::Do::emit:
      return emit(step, clause);
    case Effect::Do::clear:
      return clear(step.a);
  }
}

// Nothing is lost and nothing made up: what was taken from the rows and what is left over is the
// amount, and no row is left with less than nothing.
void Run::draw(const Step& step, ClauseId clause) {
  const Value amount = eval(p_.at(step.args)[0]);
  if (detail_ != nullptr) weigh(step.effect->source);
  Rows rows(w_, w_.rows.size());
  collect(*step.source, rows);
  Value rest = amount;
  Value taken = 0;
  for (std::size_t i = 0; i < rows.size() && rest != kAbsent && rest > 0 && !failed(); ++i) {
    const FamilyState& state = family(step.a);
    if (!state.has(rows[i])) continue;
    const Value left = state.read(p_.families[step.a], static_cast<std::uint32_t>(rows[i]), step.b);
    if (left == kAbsent || left <= 0) continue;
    const Value took = std::min(rest, left);
    TOLL_ASSERT(took > 0 && left - took >= 0);
    rest -= took;
    taken += took;
    slots_[step.source->slot] = rows[i];
    turn(step.source->slot, rows[i], Trace::Turn::visit);
    if (trace_ != nullptr) trace_->took(rows[i], left, took);
    set_field(step.a, rows[i], step.b, left - took);
    if (step.took_slot != kNone) slots_[step.took_slot] = took;
    run_steps(step.steps, clause);
  }
  TOLL_ASSERT(amount == kAbsent || taken + rest == amount);
  if (step.rest_slot != kNone) slots_[step.rest_slot] = rest;
}

void Run::each(const Step& step, ClauseId clause) {
  Rows rows(w_, w_.rows.size());
  collect(*step.source, rows);
  for (std::size_t i = 0; i < rows.size() && !failed(); ++i) {
    const Value row = rows[i];
    // Unmarked first: what is written during the visit is for the next one.
    if (step.source->of == Source::Of::changed) {
      if (!family(step.source->index).has(row)) continue;
      set_mark(step.source->index, static_cast<std::uint32_t>(row), false);
    }
    slots_[step.source->slot] = row;
    turn(step.source->slot, row, Trace::Turn::visit);
    run_steps(step.steps, clause);
  }
}

void Run::choose(const Step& step, ClauseId clause) {
  for (std::uint32_t i = 0; i < step.rules.count; ++i) {
    const Choice& choice = p_.choices[step.rules.first + i];
    if (choice.guard != kNoNode && !holds(choice.guard)) continue;
    if (trace_ != nullptr && choice.clause != kNone) trace_->rule(choice.clause);
    return run_steps(choice.steps, choice.clause != kNone ? choice.clause : clause);
  }
}

void Run::emit(const Step& step, ClauseId clause) {
  PendingEntry entry;
  entry.same = {step.a, clause, step.args.count, static_cast<std::uint32_t>(step.rows.size())};
  entry.time = now_;
  entry.timer = timer_;
  entry.first_member = static_cast<std::uint32_t>(w_.entry_values.size());
  entry.first_rows = static_cast<std::uint32_t>(w_.entry_rows.size());
  for (const NodeId arg : p_.at(step.args)) {
    const Value value = arg == kNoNode ? kAbsent : eval(arg);
    w_.entry_values.push_back(value);
  }
  for (std::size_t i = 0; i < step.rows.size(); ++i) {
    const Step::Rows& list = step.rows[i];
    w_.entry_values[entry.first_member + list.member] = static_cast<Value>(i);
    const std::size_t first = w_.entry_values.size();
    Rows rows(w_, w_.rows.size());
    collect(list.source, rows);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      slots_[list.source.slot] = rows[r];
      turn(list.source.slot, rows[r], Trace::Turn::visit);
      for (const NodeId column : p_.at(list.columns)) {
        const Value value = eval(column);
        w_.entry_values.push_back(value);
      }
    }
    w_.entry_rows.push_back({first, w_.entry_values.size() - first, list.columns.count});
  }
  w_.entries.push_back(entry);
  if (trace_ != nullptr) trace_->wrote(s_->entries + w_.entries.size());
}

void Run::set_cell(const Step& step, bool add) {
  const auto args = p_.at(step.args);
  const Value given = eval(args[0]);
  const FamilyShape& shape = p_.families[step.a];
  Value* const fields = top_;
  TOLL_ASSERT(shape.layout.cells() <= end_ - fields);
  const Value* const key = arguments(args.subspan(1));
  FamilyState& rows = family_to_write(step.a);
  std::uint32_t row = rows.find(shape, key);
  if (row == FamilyState::kMissing) {
    std::copy(shape.initial.begin() + shape.key_count, shape.initial.end(),
              fields + shape.key_count);
    row = add_row(step.a, fields);
    if (row == FamilyState::kMissing) return;
  }
  Value value = given;
  if (add) {
    const Value old = rows.read(shape, row, step.b);
    if (old == kAbsent || given == kAbsent) {
      value = kAbsent;
    } else if (!checked::add(old, given, value)) {
      overflow();
      return;
    }
  }
  set_field(step.a, row, step.b, value);
}

void Run::put(const Step& step) {
  const FamilyShape& shape = p_.families[step.a];
  Value* const fields = top_;
  TOLL_ASSERT(step.args.count <= end_ - fields);
  for (const NodeId arg : p_.at(step.args)) {
    const std::size_t field = static_cast<std::size_t>(top_ - fields);
    const Value value = arg == kNoNode ? shape.initial[field] : eval(arg);
    *top_++ = value;
  }
  top_ = fields;
  const std::uint32_t row = add_row(step.a, fields);
  if (step.b != kNone) slots_[step.b] = row == FamilyState::kMissing ? kAbsent : Value{row};
}

void Run::clear(std::uint32_t index) {
  tell({Change::Of::clear, index, kAbsent, 0, kAbsent, kAbsent, {}});
  if (p_.families[index].event_scope) {
    w_.event_families[p_.family_places[index]].clear();
    return;
  }
  constexpr std::size_t kFew = 1024;
  const FamilyShape& shape = p_.families[index];
  FamilyState& rows = s_->families()[p_.family_places[index]];
  if (rows.count() == 0) return;
  // Who had rows will have some again: there is room for a few.
  const bool few = rows.bytes(shape) <= kFew;
  FamilyState again = few ? rows.room_again(shape) : FamilyState();
  w_.journal.cleared(index, std::move(rows));
  if (few) rows = std::move(again);
}

void Run::arm(std::uint32_t timer, Value deadline) {
  const Value before = s_->global(p_.timer_cell(timer));
  set_global(p_.timer_cell(timer), deadline);
  s_->refresh_deadline(before, deadline);
}

std::uint32_t Run::add_row(std::uint32_t index, const Value* fields) {
  const FamilyShape& shape = p_.families[index];
  const std::uint32_t row = family_to_write(index).append(shape, fields);
  if (row == FamilyState::kMissing) {
    overflow();
    return row;
  }
  tell({Change::Of::row, index, row, 0, kAbsent, kAbsent, {fields, shape.layout.cells()}});
  if (!shape.event_scope) {
    w_.journal.row_added(index);
    for (std::uint32_t i = 0; i < shape.layout.cells(); ++i) keep(shape.layout.kind(i), fields[i]);
  }
  if (shape.tracked) set_mark(index, row, true);
  return row;
}

void Run::set_global(std::uint32_t cell, Value value) {
  const Value old = s_->global(cell);
  if (old == value) return;
  if (trace_ != nullptr) tell_global(cell, old, value);
  w_.journal.global(cell, old);
  keep(p_.globals.kind(cell), value);
  if (!p_.globals.write(s_->globals(), cell, value)) overflow();
}

void Run::set_field(std::uint32_t index, Value row, std::uint32_t field, Value value) {
  const FamilyShape& shape = p_.families[index];
  FamilyState& rows = family_to_write(index);
  if (!rows.has(row)) return fail("a row that is not there was written");
  const auto at = static_cast<std::uint32_t>(row);
  if (shape.tracked) set_mark(index, at, true);
  const Value old = rows.read(shape, at, field);
  if (old == value) return;
  tell({Change::Of::field, index, row, field, old, value, {}});
  if (!shape.event_scope) {
    w_.journal.cell(index, at, field, old);
    keep(shape.layout.kind(field), value);
  }
  if (!rows.write(shape, at, field, value)) overflow();
}

void Run::set_mark(std::uint32_t index, std::uint32_t row, bool marked) {
  const FamilyShape& shape = p_.families[index];
  FamilyState& rows = family_to_write(index);
  if (rows.marked(shape, row) == marked) return;
  const unsigned char before = rows.set_mark(shape, row, marked);
  if (shape.event_scope) return;
  w_.journal.mark(index, row, before);
  if (!marked) w_.journal.unmarked(index);
}

}  // namespace toll
