#include "engine/fast/operands.hpp"

namespace toll {
namespace {

Operands reading(bool b, bool c) {
  Operands made;
  made.reads_b = b;
  made.reads_c = c;
  return made;
}

Operands making(bool b, bool c) {
  Operands made = reading(b, c);
  made.writes_a = true;
  return made;
}

Operands in_row(Operands made, Reg first, std::size_t count) {
  made.first = first;
  made.count = static_cast<std::uint32_t>(count);
  return made;
}

/// Loops and rows put aside: what moves on is read and written.
Operands of_loop(const Code& code, const Ins& ins) {
  Operands made;
  switch (ins.act) {
    case Act::next_row:
      made = making(true, false);
      made.reads_a = true;
      return made;
    case Act::first_row:
      made.may_write_a = true;
      return made;
    case Act::follow_row:
      made.reads_a = made.may_write_a = true;
      return made;
    case Act::scan_rows:
    case Act::scan_chain:
    case Act::scan_back:
      made = reading(ins.act != Act::scan_rows, false);
      made.reads_a = made.may_write_a = true;
      return made;
    case Act::group:
    case Act::list_rows:
      made = making(true, false);
      made.writes_next = true;
      return made;
    case Act::next_of:
    case Act::next_gathered:
      made = reading(true, true);
      made.writes_b = made.may_write_a = true;
      return made;
    case Act::gather_begin:
      made.writes_a = made.writes_next = true;
      return made;
    case Act::gather_drop:
      return in_row(made, ins.a, 2);
    case Act::gather_sorted:
      made = in_row(reading(true, false), ins.c, code.orders[ins.x].keys);
      made.reads_a = made.reads_next = true;
      return made;
    default:
      return made;
  }
}

}  // namespace

Operands operands_of(const Program& program, const Code& code, const Ins& ins) {
  Operands made;
  switch (ins.act) {
    case Act::jump_if:
    case Act::jump_unless:
    case Act::jump_absent:
    case Act::jump_present:
    case Act::memo_store:
    case Act::steady_store:
    case Act::gather:
    case Act::unmark:
    case Act::make_up:
      return reading(true, false);
    case Act::defer:
      return in_row(made, ins.b, program.deferrals[ins.x].captures.size());
    case Act::jump_eq:
    case Act::jump_ne:
    case Act::jump_lt:
    case Act::jump_le:
    case Act::jump_not_lt:
    case Act::jump_not_le:
    case Act::jump_in_bound:
    case Act::jump_past_row:
      return reading(true, true);
    case Act::global:
    case Act::count_rows:
    case Act::gather_end:
      return making(false, false);
    case Act::move:
    case Act::neg:
    case Act::rescale:
    case Act::is_present:
    case Act::invert:
    case Act::month_of:
    case Act::table_cell:
    case Act::list_cell:
    case Act::find_one:
    case Act::row_cell:
    case Act::cell:
    case Act::chain:
    case Act::chain_next:
      return making(true, false);
    case Act::date:
      return making(true, program.terms[ins.x].y != kNoNode);
    case Act::add:
    case Act::sub:
    case Act::mul:
    case Act::floor_div:
    case Act::modulo:
    case Act::eq:
    case Act::ne:
    case Act::lt:
    case Act::le:
    case Act::compare:
    case Act::in_set:
    case Act::minimum:
    case Act::maximum:
    case Act::lookup_band:
      return making(true, true);
    case Act::sum:
      return in_row(making(false, false), ins.b, ins.c);
    case Act::row_counts:  // and more than one
      made = reading(true, false);
      made.may_write_a = true;
      return made;
    case Act::round_div:
      made = making(true, true);
      made.reads_x = true;
      return made;
    case Act::lookup:
      return in_row(making(false, false), ins.b, program.tables[ins.x].all_keys());
    case Act::join:
      return in_row(making(false, false), ins.b, ins.c);
    case Act::find:
      return in_row(making(false, false), ins.b, program.families[ins.x].key_count);
    case Act::ensure:
      made = in_row(made, ins.b, program.families[ins.x].key_count);
      made.reads_a = made.may_write_a = true;
      return made;
    case Act::write:
    case Act::increase:
      made = reading(true, false);
      made.reads_a = true;
      return made;
    case Act::set_global:
    case Act::arm:
      made.reads_a = true;
      return made;
    case Act::rows_values:
      return in_row(made, ins.b, ins.c);
    case Act::memo:
    case Act::memo_name:
    case Act::steady:
      made.may_write_a = true;
      return made;
    case Act::put:
    case Act::eval:
      return making(false, false);
    default:
      return of_loop(code, ins);
  }
}

std::uint32_t* target_of(Ins& ins) {
  switch (ins.act) {
    case Act::jump:
    case Act::jump_if:
    case Act::jump_unless:
    case Act::jump_absent:
    case Act::jump_present:
    case Act::jump_eq:
    case Act::jump_ne:
    case Act::jump_lt:
    case Act::jump_le:
    case Act::jump_not_lt:
    case Act::jump_not_le:
    case Act::jump_in_bound:
    case Act::next_row:
    case Act::next_gathered:
      return &ins.x;
    case Act::jump_past_row:
    case Act::next_of:
    case Act::first_row:
    case Act::follow_row:
    case Act::scan_rows:
    case Act::scan_chain:
    case Act::scan_back:
    case Act::unmark:
    case Act::memo:
    case Act::memo_name:
    case Act::steady:
    case Act::defer:
      return &ins.y;
    default:
      return nullptr;
  }
}

}  // namespace toll
