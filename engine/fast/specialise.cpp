// After the code is made: instructions for what is seen most, in place of those that can do all.
#include <algorithm>
#include <map>

#include "engine/fast/lower.hpp"

namespace toll {
namespace {

enum class Mention : std::uint8_t { none, read, written };

/// What an instruction does with a register; `read` if that is not plain to see.
Mention mention(const Program& program, const Code& code, const Ins& ins, Reg reg) {
  const auto reads = [&](bool some, bool writes_a) {
    if (some) return Mention::read;
    return writes_a && ins.a == reg ? Mention::written : Mention::none;
  };
  const auto in_row = [reg](Reg first, std::size_t count) {
    return reg >= first && reg - first < static_cast<std::int64_t>(count);
  };
  switch (ins.act) {
    case Act::finish:
    case Act::jump:
    case Act::clear:
    case Act::refuse:
    case Act::gather_changed:
    case Act::emit_end:
    case Act::rows_begin:
    case Act::rows_end:
      return Mention::none;
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
    case Act::memo_store:
    case Act::gather:
    case Act::unmark:
      return reads(ins.b == reg || ins.c == reg, false);
    case Act::move:
    case Act::add:
    case Act::sub:
    case Act::mul:
    case Act::neg:
    case Act::eq:
    case Act::ne:
    case Act::lt:
    case Act::le:
    case Act::is_present:
    case Act::invert:
    case Act::minimum:
    case Act::maximum:
    case Act::month_of:
    case Act::date:
    case Act::row_cell:
    case Act::cell:
    case Act::find_one:
    case Act::chain:
    case Act::chain_next:
    case Act::next_gathered:
      return reads(ins.b == reg || ins.c == reg, true);
    case Act::table_cell:
    case Act::list_cell:
      return reads(ins.b == reg, true);
    case Act::global:
    case Act::count_rows:
    case Act::gather_end:
      return reads(false, true);
    case Act::gather_begin:
      return reads(false, true) == Mention::written || ins.a + 1 == reg ? Mention::written
                                                                        : Mention::none;
    case Act::gather_drop:
      return reads(in_row(ins.a, 2), false);
    case Act::set_global:
    case Act::arm:
      return reads(ins.a == reg, false);
    case Act::write:
    case Act::increase:
      return reads(ins.a == reg || ins.b == reg, false);
    case Act::ensure:
      return reads(ins.a == reg || in_row(ins.b, program.families[ins.x].key_count), false);
    case Act::find:
      return reads(in_row(ins.b, program.families[ins.x].key_count), true);
    case Act::put:
      return reads(in_row(ins.b, program.families[ins.x].layout.cells()), true);
    case Act::emit_begin:
      return reads(
          std::find(code.emissions[ins.x].members.begin(), code.emissions[ins.x].members.end(),
                    reg) != code.emissions[ins.x].members.end(),
          false);
    case Act::gather_sorted:
      return reads(in_row(ins.a, 2) || ins.b == reg || in_row(ins.c, code.orders[ins.x].keys),
                   false);
    case Act::rows_values:
      return reads(in_row(ins.b, ins.c), false);
    case Act::memo:
    case Act::memo_name: {
      const auto& inputs = code.memos[ins.x].inputs;
      return reads(std::any_of(inputs.begin(), inputs.end(),
                               [&](const Memo::Input& input) { return input.reg == reg; }),
                   false);
    }
    case Act::eval:
    case Act::step: {
      const Escape& escape = code.escapes[ins.x];
      const auto has = [&](const auto& pairs) {
        return std::any_of(pairs.begin(), pairs.end(),
                           [&](const auto& pair) { return pair.second == reg; });
      };
      return reads(has(escape.in), ins.act == Act::eval);
    }
    default:
      return Mention::read;
  }
}

/// Where code goes on after an instruction: next, and to a target.
struct Onward {
  bool next = true;
  std::uint32_t target = kNone;
};

/// Null: it does not jump.
std::uint32_t* target_of(Ins& ins);

Onward onward(Ins ins) {
  const std::uint32_t* target = target_of(ins);
  const bool ends = ins.act == Act::finish || ins.act == Act::refuse || ins.act == Act::jump;
  return {!ends, target == nullptr ? kNone : *target};
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
    case Act::scan_rows:
    case Act::scan_chain:
    case Act::scan_back:
    case Act::unmark:
    case Act::memo:
    case Act::memo_name:
      return &ins.y;
    default:
      return nullptr;
  }
}

bool is_branch(Act act) { return act == Act::jump_if || act == Act::jump_unless; }

}  // namespace

// Slots begin absent, which mostly nobody sees.
bool Lowerer::is_read_after(std::uint32_t start, Reg reg) {
  std::vector<std::uint32_t> ways = {start};
  seen_.resize(code_.ins.size());
  ++look_;
  while (!ways.empty()) {
    const std::uint32_t at = ways.back();
    ways.pop_back();
    if (at >= code_.ins.size() || seen_[at] == look_) continue;
    seen_[at] = look_;
    const Mention here = mention(p_, code_, code_.ins[at], reg);
    if (here == Mention::read) return true;
    if (here == Mention::written) continue;
    const Onward ways_on = onward(code_.ins[at]);
    if (ways_on.next) ways.push_back(at + 1);
    if (ways_on.target != kNone) ways.push_back(ways_on.target);
  }
  return false;
}

void Lowerer::drop_idle_moves() {
  std::vector<bool> idle(code_.ins.size(), false);
  bool any = false;
  for (const std::uint32_t at : first_moves_) {
    idle[at] = !is_read_after(at + 1, code_.ins[at].a);
    any = any || idle[at];
  }
  if (!any) return;
  std::vector<std::uint32_t> place;  // of an instruction, when the idle ones are gone
  std::uint32_t kept = 0;
  for (const bool gone : idle) {
    place.push_back(kept);
    if (!gone) ++kept;
  }
  for (std::size_t i = 0; i < idle.size(); ++i) {
    Ins ins = code_.ins[i];
    std::uint32_t* const target = target_of(ins);
    if (target != nullptr) *target = place[*target];
    if (!idle[i]) code_.ins[place[i]] = ins;
  }
  code_.ins.resize(kept);
  const auto moved = [&](std::uint32_t& entry) {
    if (entry != kNone) entry = place[entry];
  };
  for (Entries& entries : code_.events) {
    moved(entries.refusal);
    moved(entries.handle);
  }
  for (std::uint32_t& timer : code_.timers) moved(timer);
}

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
  const CellRef& cell = code_.cells[ins.x];
  const std::uint32_t where = CountAt::word(cell);
  if (!cell.count || where == 0) return;
  ins.act = act;
  ins.c = static_cast<Reg>(cell.place);
  ins.y = where;
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
      case Act::row_cell:
        count_at(ins, Act::row_count);
        break;
      case Act::cell:
        count_at(ins, Act::cell_count);
        break;
      case Act::write:
        if (code_.cells[ins.x].simple) count_at(ins, Act::write_count);
        break;
      case Act::increase:
        if (code_.cells[ins.x].simple) count_at(ins, Act::increase_count);
        break;
      default:
        break;
    }
  }
}

/// A row's count, what is missing to a limit, what of it is wanted, and that added to the count.
bool Lowerer::counts_up_to(std::size_t at) const {
  if (at + 6 >= code_.ins.size()) return false;
  const Ins* const ins = &code_.ins[at];
  return ins[1].act == Act::cell_count && ins[1].b == ins[0].a &&                      //
         ins[2].act == Act::sub && ins[2].c == ins[1].a &&                             //
         ins[3].act == Act::minimum && ins[3].c == ins[2].a &&                         //
         ins[4].act == Act::ensure && ins[4].a == ins[0].a && ins[4].x == ins[0].y &&  //
         ins[5].act == Act::increase_count && ins[5].b == ins[0].a && ins[5].a == ins[3].a &&
         ins[5].x == ins[1].x &&
         (ins[6].act != Act::jump_not_lt || (ins[6].b == ins[3].a && ins[6].c == ins[3].b));
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
        ins.act = Act::flag_branch;
        ins.c = next.act == Act::jump_if ? 1 : 0;
        ins.y = next.x;
        break;
      case Act::find_name:
        if (next.act == Act::jump_absent && next.b == ins.a) ins.act = Act::find_branch;
        if (next.act == Act::cell_count && next.b == ins.a) {
          ins.act = counts_up_to(i) ? Act::count_up_to : Act::find_cell;
        }
        break;
      case Act::sub:
        if (next.act == Act::minimum && next.c == ins.a) ins.act = Act::sub_minimum;
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
