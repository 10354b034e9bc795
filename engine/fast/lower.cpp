#include "engine/fast/lower.hpp"

#include <algorithm>
#include <utility>

#include "engine/fast/straighten.hpp"
#include "engine/kernel/checked.hpp"

namespace toll {
namespace {

/// Beyond this, code is not made: the tree is walked.
constexpr std::size_t kMostRegisters = 60'000;
constexpr std::size_t kMostInstructions = 200'000;
constexpr std::uint32_t kMostConstants = 8'000;

/// Products that an event states must stay within this.
constexpr Value kMostCounted = 1'000'000'000'000;

std::vector<std::int64_t> eras_of(const Program& program) {
  std::vector<std::int64_t> eras;
  const auto add = [&](Value instant) {
    if (instant == kAbsent) return;
    const auto narrow = static_cast<std::int64_t>(instant);
    if (narrow == instant) eras.push_back(narrow);
  };
  for (const TableData& table : program.tables) {
    if (!table.dated) continue;
    for (const Value since : table.since) add(since);
    for (const Value until : table.until) add(until);
  }
  std::sort(eras.begin(), eras.end());
  eras.erase(std::unique(eras.begin(), eras.end()), eras.end());
  return eras;
}

}  // namespace

void Lowerer::Label::bind(std::vector<Ins>& code) {
  for (const auto& [ins, in_y] : uses_) {
    (in_y ? code[ins].y : code[ins].x) = static_cast<std::uint32_t>(code.size());
  }
  uses_.clear();
}

Lowerer::Lowerer(const Program& program) : p_(program) {
  std::size_t fields = 0;
  for (const EventType& event : p_.core->events) fields = std::max(fields, event.fields.size());
  // Constants are found as code is made: room is left for them between the fixed registers and the
  // event's fields.
  code_.first_field = static_cast<Reg>(kFirstConstant + kMostConstants);
  first_temp_ = code_.first_field + static_cast<std::uint32_t>(fields);
  first_own_ = first_temp_;
  failed_ = first_temp_ > kMostRegisters;
  code_.eras = eras_of(p_);
  for (const FamilyShape& shape : p_.families) {
    steady_fields_.emplace_back(shape.layout.cells(), true);
  }
  ends_fields_.assign(p_.families.size(), kNone);
  for (const Step& step : p_.steps) {
    const bool writes = step.what == Effect::Do::set_cell || step.what == Effect::Do::add_cell ||
                        step.what == Effect::Do::set_row || step.what == Effect::Do::draw;
    if (writes) steady_fields_[step.a][step.b] = false;
  }
}

Code Lowerer::make() {
  for (std::uint32_t i = 0; i < p_.core->events.size(); ++i) {
    const EventType& event = p_.core->events[i];
    Entries entries;
    entries.refusal = routine(event.frame, &Lowerer::refusals, i);
    entries.refuses = !event.refusals.empty() || !event.bounded.empty();
    if (event.block != kNone) {
      entries.handle = routine(p_.blocks[event.block].frame, &Lowerer::run_block, event.block);
    }
    entries.families = first_families(entries.handle);
    code_.events.push_back(entries);
  }
  for (const Timer& timer : p_.core->timers) {
    code_.timers.push_back(routine(p_.blocks[timer.block].frame, &Lowerer::run_block, timer.block));
  }
  make_ups();
  code_.registers = std::max(most_regs_, first_temp_);
  straighten(p_, code_, first_temp_);
  specialise();
  for (Entries& entries : code_.events) entries.row = first_row(entries.handle);
  pair_up();
  return std::move(code_);
}

/// The account's families that code from here on looks into, as they come.
std::vector<std::uint32_t> Lowerer::first_families(std::uint32_t start) const {
  constexpr std::size_t kFew = 4;
  std::vector<std::uint32_t> places;
  for (std::size_t i = start; i < code_.ins.size() && places.size() < kFew; ++i) {
    const Ins& ins = code_.ins[i];
    const bool looks = ins.act == Act::find || ins.act == Act::find_one || ins.act == Act::chain;
    if (!looks || p_.families[ins.x].event_scope) continue;
    const std::uint32_t place = p_.family_places[ins.x];
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  return places;
}

// Only once it is made it is known whether it looks at rows of all keys.
std::uint32_t Lowerer::routine(std::uint32_t slots, void (Lowerer::*body)(std::uint32_t),
                               std::uint32_t what) {
  const std::size_t begin = code_.ins.size();
  whole_ = makes_up_;
  wants_whole_ = false;
  const std::uint32_t made = routine_as_is(slots, body, what);
  if (!wants_whole_ || makes_up_) return made;
  code_.ins.resize(begin);
  whole_ = true;
  return routine_as_is(slots, body, what);
}

std::uint32_t Lowerer::routine_as_is(std::uint32_t slots, void (Lowerer::*body)(std::uint32_t),
                                     std::uint32_t what) {
  const auto start = static_cast<std::uint32_t>(code_.ins.size());
  Frame frame(slots);
  frame_ = &frame;
  known_.clear();
  loop_mark_ = 0;
  loops_ = 0;
  next_reg_ = first_own_;
  changing_.assign(first_own_, false);
  memos_allowed_ = true;
  failed_ = first_temp_ > kMostRegisters;
  if (whole_ && !makes_up_) add(Act::make_whole);
  (this->*body)(what);
  add(Act::finish);
  frame_ = nullptr;
  if (failed_) {
    code_.ins.resize(start);
    return kNone;
  }
  most_regs_ = std::max(most_regs_, next_reg_);
  return start;
}

void Lowerer::refusals(std::uint32_t index) {
  const EventType& event = p_.core->events[index];
  for (const NodeId product : event.bounded) {
    Value most = kMostCounted;
    bool fits = true;
    for (int i = 0; i < p_.terms[product].scale; ++i) fits = fits && checked::mul(most, 10, most);
    if (!fits || most > INT64_MAX) {
      failed_ = true;
      return;
    }
    Label fine;
    jump(fine, Act::jump_in_bound, value(product), constant(most));
    add(Act::refuse, 0, 0, 0, kNone);
    bind(fine);
  }
  for (std::uint32_t i = 0; i < event.refusals.size(); ++i) {
    const std::size_t before = mark();
    Label next;
    branch(event.refusals[i].guard, false, next);
    add(Act::refuse, 0, 0, 0, i);
    bind(next);
    forget(before);
  }
}

void Lowerer::run_block(std::uint32_t block) {
  inlined_block(block, Frame(p_.blocks[block].frame));
}

// What a rule that does not apply would have set is absent: slots that are set inside something
// else begin so.
void Lowerer::inlined_block(std::uint32_t block, Frame arguments) {
  const Routine& routine = p_.blocks[block];
  Frame* const caller = frame_;
  frame_ = &arguments;
  std::vector<std::uint32_t> inner;
  for (std::uint32_t i = 0; i < routine.steps.count; ++i) {
    const Step& step = p_.steps[routine.steps.first + i];
    if (step.what == Effect::Do::let || step.what == Effect::Do::put) continue;
    assigned_slots(step, inner);
  }
  for (const std::uint32_t slot : inner) {
    if ((*frame_)[slot].bound) continue;
    move(slot_reg(slot), constant(kAbsent));
  }
  steps(routine.steps, p_.core->blocks[block].clause);
  frame_ = caller;
}

std::size_t Lowerer::add(Act act, Reg a, Reg b, Reg c, std::uint32_t x, std::uint32_t y) {
  if (code_.ins.size() >= kMostInstructions) failed_ = true;
  if (!failed_) code_.ins.push_back({act, a, b, c, x, y});
  return code_.ins.empty() ? 0 : code_.ins.size() - 1;
}

void Lowerer::jump(Label& label, Act act, Reg b, Reg c) { label.from(add(act, 0, b, c)); }

Reg Lowerer::fresh(std::uint32_t count) {
  if (next_reg_ + count > kMostRegisters) {
    failed_ = true;
    return 0;
  }
  const auto reg = static_cast<Reg>(next_reg_);
  next_reg_ += count;
  changing_.resize(next_reg_, false);
  return reg;
}

Reg Lowerer::constant(Value wide) {
  const auto narrow = wide == kAbsent ? kNothing : static_cast<std::int64_t>(wide);
  if (wide != kAbsent && (narrow != wide || narrow == kNothing)) failed_ = true;
  const auto found = std::find(code_.constants.begin(), code_.constants.end(), narrow);
  const auto place = static_cast<std::size_t>(found - code_.constants.begin());
  if (found == code_.constants.end()) {
    if (code_.constants.size() >= kMostConstants) {
      failed_ = true;
      return kFirstConstant;
    }
    code_.constants.push_back(narrow);
  }
  return static_cast<Reg>(kFirstConstant + place);
}

std::uint32_t Lowerer::cell_number(const CellRef& cell) {
  const std::uint64_t key = std::uint64_t{cell.family} << 32U | cell.field;
  const auto next = static_cast<std::uint32_t>(code_.cells.size());
  const auto [known, fresh] = cell_numbers_.emplace(key, next);
  if (fresh) code_.cells.push_back(cell);
  return known->second;
}

std::uint32_t Lowerer::family_cell(std::uint32_t family, std::uint32_t field) {
  const FamilyShape& shape = p_.families[family];
  CellRef cell;
  cell.store = shape.layout.cell(field).store;
  cell.offset = shape.layout.cell(field).offset;
  cell.of_event = shape.event_scope;
  cell.stride = shape.stride;
  cell.count = !shape.event_scope && cell.store == RecordLayout::Store::int64;
  cell.tracked = shape.tracked;
  cell.family = family;
  cell.place = p_.family_places[family];
  cell.field = field;
  // Texts and names may have to be kept, an index to be changed.
  const Kind kind = shape.layout.kind(field);
  cell.simple = field != shape.index && kind != Kind::text && kind != Kind::name;
  const Value initial = shape.initial[field];
  cell.initial = initial == kAbsent ? kNothing : static_cast<std::int64_t>(initial);
  if (initial != kAbsent && cell.initial != initial) failed_ = true;
  return cell_number(cell);
}

std::uint32_t Lowerer::global_cell(std::uint32_t index) {
  CellRef cell;
  cell.store = p_.globals.cell(index).store;
  cell.offset = p_.first_global + p_.globals.cell(index).offset;
  cell.family = kNone;
  cell.field = index;
  return cell_number(cell);
}

Reg Lowerer::slot_reg(std::uint32_t slot) {
  Binding& binding = (*frame_)[slot];
  if (!binding.bound) {
    binding.bound = true;
    binding.purity.pure = false;
    binding.reg = fresh();
  }
  return binding.reg;
}

Reg Lowerer::slot_to_write(std::uint32_t slot) {
  const Reg reg = slot_reg(slot);
  forget_reg(reg);
  return reg;
}

void Lowerer::forget_slots(const std::vector<std::uint32_t>& slots) {
  for (const std::uint32_t slot : slots) {
    if ((*frame_)[slot].bound) forget_reg((*frame_)[slot].reg);
  }
}

Reg Lowerer::known_or(const Ins& ins, std::optional<Reg> into) { return known_from(0, ins, into); }

Reg Lowerer::cell_or_known(const Ins& ins, std::optional<Reg> into) {
  return known_from(loop_mark_, ins, into);
}

Reg Lowerer::known_from(std::size_t first, const Ins& ins, std::optional<Reg> into) {
  for (std::size_t i = first; i < known_.size(); ++i) {
    const Known& known = known_[i];
    const Ins& had = known.ins;
    if (known.dead || !known.keys.empty() || had.act != ins.act || had.b != ins.b ||
        had.c != ins.c || had.x != ins.x || had.y != ins.y) {
      continue;
    }
    if (!into) return known.reg;
    move(*into, known.reg);
    return *into;
  }
  const Reg to = into_or_new(into);
  add(ins.act, to, ins.b, ins.c, ins.x, ins.y);
  const auto steady = [&](Reg reg) { return reg >= changing_.size() || !changing_[reg]; };
  if (steady(to) && steady(ins.b) && steady(ins.c)) {
    known_.push_back({ins, {}, to, false});
  }
  return to;
}

void Lowerer::forget_reg(Reg reg) {
  for (Known& known : known_) {
    const bool key = std::find(known.keys.begin(), known.keys.end(), reg) != known.keys.end();
    if (key || known.reg == reg || known.ins.b == reg || known.ins.c == reg) known.dead = true;
  }
}

void Lowerer::forget_cell(std::uint32_t cell) {
  for (Known& known : known_) {
    if (known.ins.act == Act::row_cell && known.ins.x == cell) known.dead = true;
  }
}

void Lowerer::forget_cells(std::uint32_t family) {
  for (Known& known : known_) {
    const bool cell = known.ins.act == Act::row_cell;
    if (cell && code_.cells[known.ins.x].family == family) known.dead = true;
  }
}

void Lowerer::forget_finds(std::uint32_t family) {
  for (Known& known : known_) {
    if (!known.keys.empty() && known.ins.x == family) known.dead = true;
  }
  forget_cells(family);
}

Code make_code(const Program& program) { return Lowerer(program).make(); }

}  // namespace toll
