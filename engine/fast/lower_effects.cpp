// Effects, in the order in which they are done.
#include <algorithm>
#include <utility>

#include "engine/fast/lower_rows.hpp"

namespace toll {

void Lowerer::steps(Range range, ClauseId clause) {
  for (std::uint32_t i = 0; i < range.count; ++i) {
    const Step& at = p_.steps[range.first + i];
    step(at, at.clause != kNone ? at.clause : clause);
  }
}

void Lowerer::step(const Step& step, ClauseId clause) {
  const auto args = p_.at(step.args);
  if (!supported(step)) return escape_step(step, clause);
  switch (step.what) {
    case Effect::Do::let:
      value(args[0], slot_to_write(step.a));
      return;
    case Effect::Do::set_register:
      add(Act::set_global, value(args[0]), 0, 0, p_.register_cell(step.a));
      return;
    case Effect::Do::move:
      add(Act::set_global, value(args[0]), 0, 0, p_.machine_cell(step.a));
      return;
    case Effect::Do::set_cell:
    case Effect::Do::add_cell:
      return set_cell(step);
    case Effect::Do::set_row: {
      const Reg row = value(args[0]);
      const std::uint32_t cell = family_cell(step.a, step.b);
      add(Act::write, value(args[1]), row, 0, cell);
      forget_cell(cell);
      return;
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
      return run_step(step);
    case Effect::Do::arm:
      add(Act::arm, value(args[0]), 0, 0, step.a);
      return;
    case Effect::Do::disarm:
      add(Act::arm, constant(kAbsent), 0, 0, step.a);
      return;
    case Effect::Do::emit:
      return emit(step, clause);
    case Effect::Do::clear:
      ask_for_all(step.a);
      add(Act::clear, 0, 0, 0, step.a);
      forget_finds(step.a);
      return;
  }
}

bool Lowerer::supported(const Step& step) const {
  if (step.source != nullptr && !supported(*step.source)) return false;
  return std::all_of(step.rows.begin(), step.rows.end(),
                     [&](const Step::Rows& rows) { return supported(rows.source); });
}

void Lowerer::set_cell(const Step& step) {
  const auto args = p_.at(step.args);
  const Reg given = value(args[0]);
  const Found row = found(step.a, args.subspan(1));
  add(Act::ensure, row.row, row.first, 0, step.a);
  ensured(step.a, row.keys);
  forget_cells(step.a);
  add(step.what == Effect::Do::add_cell ? Act::increase : Act::write, given, row.row, 0,
      family_cell(step.a, step.b));
}

void Lowerer::put(const Step& step) {
  const FamilyShape& shape = p_.families[step.a];
  const auto args = p_.at(step.args);
  Put put;
  put.family = step.a;
  put.blank.resize(shape.stride);
  for (std::uint32_t i = 0; i < args.size(); ++i) {
    const RecordLayout::Cell& cell = shape.layout.cell(i);
    const bool told = args[i] != kNoNode && p_.terms[args[i]].op != Op::constant;
    const Value same = args[i] == kNoNode ? shape.initial[i]
                       : told             ? 0
                                          : p_.constants[p_.terms[args[i]].a];
    if (!told && RecordLayout::pack(put.blank.data() + cell.offset, cell.store, same)) continue;
    put.fields.push_back({told ? value(args[i]) : constant(same), cell});
  }
  if (shape.index != kNone && args[shape.index] != kNoNode) {
    ask_for(step.a, value(args[shape.index]));
  } else {
    ask_for_all(step.a);
  }
  const Reg row = step.b != kNone ? slot_to_write(step.b) : fresh();
  add(Act::put, row, 0, 0, static_cast<std::uint32_t>(code_.puts.size()));
  code_.puts.push_back(std::move(put));
  forget_cells(step.a);
}

// Nothing is lost and nothing made up: what is taken from a row is taken from the rest.
void Lowerer::draw(const Step& step, ClauseId clause) {
  // Nobody sees what is left before all is drawn, so that it is kept where it ends up.
  const Reg rest = step.rest_slot != kNone ? slot_to_write(step.rest_slot) : fresh();
  const bool was_changing = changing_[rest];
  changing_[rest] = true;
  value(p_.at(step.args)[0], rest);
  const std::uint32_t cell = family_cell(step.a, step.b);
  const Reg zero = constant(0);
  Label done;
  const std::size_t before = mark();
  jump(done, Act::jump_not_lt, zero, rest);
  loop_in_order(*step.source, &step, [&](Reg row, Label& next, Label& exit) {
    const Reg left = fresh();
    add(Act::row_cell, left, row, 0, cell);
    jump(next, Act::jump_not_lt, zero, left);
    const Reg took = step.took_slot != kNone ? slot_to_write(step.took_slot) : fresh();
    add(Act::minimum, took, rest, left);
    add(Act::sub, rest, rest, took);
    add(Act::sub, left, left, took);
    add(Act::write, left, row, 0, cell);
    forget_cell(cell);
    steps(step.steps, clause);
    jump(exit, Act::jump_not_lt, zero, rest);
  });
  bind(done);
  forget(before);
  changing_[rest] = was_changing;
}

void Lowerer::each(const Step& step, ClauseId clause) {
  Label done;
  const std::size_t before = mark();
  const bool off = put_off(step, done);
  loop_in_order(*step.source, &step, [&](Reg row, Label& next, Label&) {
    if (step.source->of == Source::Of::changed) {
      next.from(add(Act::unmark, 0, row, 0, step.source->index), true);
    }
    if (step.source->of == Source::Of::family) load_counts(step, row);
    steps(step.steps, clause);
  });
  if (!off) return;
  bind(done);
  forget(before);
}

/// The fields of the row in a slot that an expression asks for.
void Lowerer::asked_fields(NodeId node, std::uint32_t slot, std::vector<bool>& asked) const {
  if (node == kNoNode) return;
  const Term& term = p_.terms[node];
  const bool field = term.op == Op::row_field && term.of == Of::family;
  if (field && p_.terms[term.x].op == Op::local && p_.terms[term.x].a == slot) asked[term.a] = true;
  for (const NodeId operand : p_.at(term.operands)) asked_fields(operand, slot, asked);
}

// Counts that lie one after the other are read at once, if most of them are asked for.
void Lowerer::load_counts(const Step& step, Reg row) {
  constexpr std::uint32_t kFew = 3;
  constexpr std::uint32_t kMost = 16;
  const std::uint32_t family = step.source->index;
  const FamilyShape& shape = p_.families[family];
  std::vector<bool> asked(shape.layout.cells());
  for (std::uint32_t i = 0; i < step.steps.count; ++i) {
    for (const NodeId arg : p_.at(p_.steps[step.steps.first + i].args)) {
      asked_fields(arg, step.source->slot, asked);
    }
  }
  const auto cell_at = [&](std::uint32_t field) -> const CellRef& {
    return code_.cells[family_cell(family, field)];
  };
  const std::uint32_t fields = shape.layout.cells();
  std::uint32_t first = 0;
  while (first < fields && !(asked[first] && cell_at(first).count)) ++first;
  std::uint32_t end = first;
  std::uint32_t few = 0;
  for (std::uint32_t i = first; i < fields && i < first + kMost && cell_at(i).count; ++i) {
    if (!asked[i]) continue;
    end = i + 1;
    ++few;
  }
  if (few < kFew) return;
  const std::uint32_t where = CountAt::word(cell_at(first));
  if (where == 0) return;
  const Reg counts = fresh(end - first);
  add(Act::row_counts, counts, row, static_cast<Reg>(p_.family_places[family]), end - first, where);
  for (std::uint32_t i = first; i < end; ++i) {
    const auto reg = static_cast<Reg>(counts + (i - first));
    known_.push_back({{Act::row_cell, 0, row, 0, family_cell(family, i), 0}, {}, reg, false});
  }
}

void Lowerer::choose(const Step& step, ClauseId clause) {
  const std::size_t before = mark();
  Label done;
  for (std::uint32_t i = 0; i < step.rules.count; ++i) {
    const Choice& choice = p_.choices[step.rules.first + i];
    Label next;
    if (choice.guard != kNoNode) branch(choice.guard, false, next);
    steps(choice.steps, choice.clause != kNone ? choice.clause : clause);
    if (i + 1 < step.rules.count) jump(done);
    bind(next);
    forget(before);
    if (choice.guard == kNoNode) break;
  }
  bind(done);
}

void Lowerer::emit(const Step& step, ClauseId clause) {
  const auto number = static_cast<std::uint32_t>(code_.emissions.size());
  code_.emissions.push_back(
      {{step.a, clause, step.args.count, static_cast<std::uint32_t>(step.rows.size())}, {}});
  std::vector<Reg> members;
  for (const NodeId arg : p_.at(step.args)) {
    members.push_back(arg == kNoNode ? constant(kAbsent) : value(arg));
  }
  code_.emissions[number].members = std::move(members);
  add(Act::emit, 0, 0, 0, number);
  for (const Step::Rows& rows : step.rows) {
    add(Act::rows_begin);
    loop_in_order(rows.source, nullptr, [&](Reg, Label&, Label&) {
      const Reg columns = block_of(p_.at(rows.columns));
      add(Act::rows_values, 0, columns, static_cast<Reg>(rows.columns.count));
    });
    add(Act::rows_end, 0, 0, 0, rows.columns.count, rows.member);
  }
}

void Lowerer::run_step(const Step& step) {
  const auto args = p_.at(step.args);
  Frame callee(std::max<std::size_t>(p_.blocks[step.a].frame, args.size()));
  for (std::size_t i = 0; i < args.size(); ++i) {
    callee[i].purity = purity(args[i]);
    callee[i].reg = value(args[i]);
    callee[i].bound = true;
  }
  inlined_block(step.a, std::move(callee));
}

void Lowerer::escape_step(const Step& step, ClauseId clause) {
  ask_for_all(step);
  Escape escape;
  escape.step = static_cast<std::uint32_t>(&step - p_.steps.data());
  escape.clause = clause;
  escape.frame = static_cast<std::uint32_t>(frame_->size());
  std::vector<std::uint32_t> slots;
  assigned_slots(step, slots);
  for (std::uint32_t slot = 0; slot < frame_->size(); ++slot) {
    if ((*frame_)[slot].bound) escape.in.push_back({slot, (*frame_)[slot].reg});
  }
  for (const std::uint32_t slot : slots) escape.out.push_back({slot, slot_to_write(slot)});
  add(Act::step, 0, 0, 0, static_cast<std::uint32_t>(code_.escapes.size()));
  code_.escapes.push_back(std::move(escape));
  for (Known& known : known_) known.dead = true;  // it may have written anything
}

void Lowerer::assigned_slots(const Step& step, std::vector<std::uint32_t>& slots) const {
  if (step.what == Effect::Do::let) slots.push_back(step.a);
  if (step.what == Effect::Do::put && step.b != kNone) slots.push_back(step.b);
  if (step.what == Effect::Do::draw) {
    if (step.took_slot != kNone) slots.push_back(step.took_slot);
    if (step.rest_slot != kNone) slots.push_back(step.rest_slot);
  }
  const auto all = [&](Range range) {
    for (std::uint32_t i = 0; i < range.count; ++i) {
      assigned_slots(p_.steps[range.first + i], slots);
    }
  };
  all(step.steps);
  for (std::uint32_t i = 0; i < step.rules.count; ++i) {
    all(p_.choices[step.rules.first + i].steps);
  }
}

}  // namespace toll
