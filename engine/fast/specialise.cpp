// After the code is made: instructions for what is seen most, in place of those that can do all.
#include <map>

#include "engine/fast/lower.hpp"

namespace toll {
namespace {

bool is_branch(Act act) { return act == Act::jump_if || act == Act::jump_unless; }

}  // namespace

/// What the code of an event looks for first.
Entries::Row Lowerer::first_row(std::uint32_t start) const {
  Entries::Row row;
  std::map<Reg, Entries::Row> told;  // registers that hold what a name comes to
  for (std::size_t at = start; at < code_.ins.size(); ++at) {
    const Ins& ins = code_.ins[at];
    if (ins.act == Act::memo_name) {
      Entries::Row& name = told[ins.a];
      name.field = ins.b - code_.first_field;
      name.memo = ins.x;
      at = ins.y - 1;  // the time it is worked out does not count
    } else if (ins.act == Act::find_name) {
      const auto known = told.find(ins.b);
      if (known != told.end()) {
        row = known->second;
      } else if (ins.b >= code_.first_field && ins.b < first_temp_) {
        row.field = ins.b - code_.first_field;
      } else {
        return row;
      }
      row.place = ins.x;
      row.family = ins.y;
      return row;
    } else if (ins.act == Act::finish) {
      return row;
    }
  }
  return row;
}

void Lowerer::find_by_name(Ins& ins) const {
  ins.act = Act::find_name;
  ins.y = ins.x;
  ins.c = static_cast<Reg>(p_.families[ins.y].places);
  ins.x = p_.family_places[ins.y];
}

/// What stands in the cell's description is put into the instruction, if it fits.
void Lowerer::count_at(Ins& ins, Act act) const {
  if (code_.cells[ins.x].count) cell_at(ins, act);
}

void Lowerer::cell_at(Ins& ins, Act act) const {
  const CellRef& cell = code_.cells[ins.x];
  const std::uint32_t where = CountAt::word(cell);
  if (where == 0) return;
  ins.act = act;
  ins.c = static_cast<Reg>(cell.place);
  ins.y = where;
}

bool Lowerer::is_count_of_event(const Ins& ins) const {
  const CellRef& cell = code_.cells[ins.x];
  return cell.of_event && cell.simple && !cell.tracked && cell.store == RecordLayout::Store::int64;
}

void Lowerer::specialise() {
  using Store = RecordLayout::Store;
  for (Ins& ins : code_.ins) {
    switch (ins.act) {
      case Act::global:
        if (code_.cells[ins.x].store != Store::byte) break;
        ins.act = Act::global_flag;
        ins.x = code_.cells[ins.x].offset;
        break;
      case Act::find_one: {
        const FamilyShape& shape = p_.families[ins.x];
        if (shape.event_scope || shape.layout.cell(0).store != Store::handle) break;
        find_by_name(ins);
        break;
      }
      case Act::chain: {
        const FamilyShape& shape = p_.families[ins.x];
        if (shape.event_scope || shape.layout.cell(shape.index).store != Store::handle) break;
        find_by_name(ins);
        break;
      }
      case Act::lookup:
        if (p_.tables[ins.x].narrow.is_array()) ins.act = Act::lookup_key;
        break;
      case Act::table_cell:
        if (p_.tables[ins.x].narrow.has_cells()) ins.act = Act::table_count;
        break;
      case Act::row_cell: {
        const CellRef& cell = code_.cells[ins.x];
        if (cell.store == Store::handle) {
          cell_at(ins, cell.of_event ? Act::event_handle : Act::row_handle);
        } else if (cell.store == Store::int64) {
          cell_at(ins, cell.of_event ? Act::event_count : Act::row_count);
        }
        break;
      }
      case Act::cell:
        count_at(ins, Act::cell_count);
        break;
      case Act::write:
        if (is_count_of_event(ins)) cell_at(ins, Act::event_write);
        if (code_.cells[ins.x].simple) count_at(ins, Act::write_count);
        break;
      case Act::increase:
        if (is_count_of_event(ins)) cell_at(ins, Act::event_increase);
        if (code_.cells[ins.x].simple) count_at(ins, Act::increase_count);
        break;
      default:
        break;
    }
  }
}

/// A row's count, what is missing to a limit, what of it is wanted, and that added to the count.
bool Lowerer::counts_up_to(std::size_t at) const {
  if (at + 5 >= code_.ins.size()) return false;
  const Ins* const ins = &code_.ins[at];
  return ins[1].act == Act::cell_count && ins[1].b == ins[0].a &&                      //
         ins[2].act == Act::sub && ins[2].c == ins[1].a &&                             //
         ins[3].act == Act::minimum && ins[3].c == ins[2].a &&                         //
         ins[4].act == Act::ensure && ins[4].a == ins[0].a && ins[4].x == ins[0].y &&  //
         ins[5].act == Act::increase_count && ins[5].b == ins[0].a && ins[5].a == ins[3].a &&
         ins[5].x == ins[1].x;
}

/// And whether what follows is a jump if that was all that is wanted.
bool Lowerer::jumps_if_all(std::size_t at) const {
  if (at + 6 >= code_.ins.size()) return false;
  const Ins& minimum = code_.ins[at + 3];
  const Ins& jump = code_.ins[at + 6];
  return jump.act == Act::jump_not_lt && jump.b == minimum.a && jump.c == minimum.b;
}

/// A row's count, if there is any what of it is wanted, and that taken from what is wanted and from
/// the count.
bool Lowerer::takes_from_row(std::size_t at) const {
  if (at + 5 >= code_.ins.size()) return false;
  const Ins* const ins = &code_.ins[at];
  const Reg left = ins[0].a;
  const Reg rest = ins[2].b;
  const Reg took = ins[2].a;
  const bool known_zero = ins[1].b >= kFirstConstant && ins[1].b < code_.first_field &&
                          code_.constants[ins[1].b - kFirstConstant] == 0;
  return ins[1].act == Act::jump_not_lt && known_zero && ins[1].c == left &&                    //
         ins[2].act == Act::minimum && ins[2].c == left &&                                      //
         ins[3].act == Act::sub && ins[3].a == rest && ins[3].b == rest && ins[3].c == took &&  //
         ins[4].act == Act::sub && ins[4].a == left && ins[4].b == left && ins[4].c == took &&  //
         ins[5].act == Act::write_count && ins[5].a == left && ins[5].b == ins[0].b &&
         ins[5].x == ins[0].x;
}

// The second instruction is skipped if the first comes before it, and done as ever if it is jumped
// to.
void Lowerer::pair_up() {
  for (std::size_t i = 0; i + 1 < code_.ins.size(); ++i) {
    Ins& ins = code_.ins[i];
    const Ins& next = code_.ins[i + 1];
    switch (ins.act) {
      case Act::memo_name:
        if (is_branch(code_.ins[ins.y].act) && code_.ins[ins.y].b == ins.a) {
          ins.act = Act::memo_branch;
        }
        break;
      case Act::global_flag:
        if (!is_branch(next.act) || next.b != ins.a) break;
        ins.act = next.act == Act::jump_if ? Act::flag_if : Act::flag_unless;
        ins.y = next.x;
        break;
      case Act::find_name:
        if (next.act == Act::jump_absent && next.b == ins.a) ins.act = Act::find_branch;
        if (next.act == Act::cell_count && next.b == ins.a) {
          ins.act = counts_up_to(i) ? Act::count_up_to : Act::find_cell;
          if (ins.act == Act::count_up_to && jumps_if_all(i)) code_.ins[i + 2].x = 1;
        }
        break;
      case Act::find:
      case Act::find_one: {
        const bool same = next.act == Act::ensure && next.a == ins.a && next.b == ins.b;
        if (same && next.x == ins.x && p_.families[ins.x].event_scope) ins.act = Act::find_or_make;
        break;
      }
      case Act::sub:
        if (next.act == Act::minimum && next.c == ins.a) ins.act = Act::sub_minimum;
        if (next.act == Act::jump_not_lt && next.c == ins.a) ins.act = Act::sub_jump;
        break;
      case Act::row_count:
        if (takes_from_row(i)) ins.act = Act::take;
        break;
      case Act::lookup_key:
        if (next.act == Act::table_count && next.b == ins.a && next.x == ins.x) {
          ins.act = Act::lookup_cell;
        }
        break;
      case Act::ensure:
        if (next.act == Act::increase_count && next.b == ins.a) ins.act = Act::ensure_increase;
        break;
      default:
        break;
    }
  }
}

}  // namespace toll
