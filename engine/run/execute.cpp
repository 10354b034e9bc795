// Runs straight code. Where a value does not fit, it ends, and nothing it did counts.
#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

#include "engine/run/execute.hpp"
#include "engine/run/execute_fused.hpp"
#include "engine/run/run.hpp"

namespace toll {

void Run::load_fields() {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!narrow(fields_[i], r_[p_.code.first_field + i])) return give_up();
  }
}

void Run::load_times() {
  if (!narrow(now_, r_[kNowReg]) || !narrow(clock_, r_[kClockReg])) return give_up();
  if (r_[kNowReg] < w_.era_from || r_[kNowReg] >= w_.era_until) find_era();
}

// Looked up again only when the time has left the era before.
void Run::find_era() {
  const std::vector<std::int64_t>& eras = p_.code.eras;
  const auto next = std::upper_bound(eras.begin(), eras.end(), r_[kNowReg]);
  w_.era = static_cast<std::size_t>(next - eras.begin());
  w_.era_from = w_.era == 0 ? INT64_MIN : eras[w_.era - 1];
  w_.era_until = w_.era == eras.size() ? INT64_MAX : eras[w_.era];
}

void Run::give_up() {
  gave_up_ = true;
  fail("a value takes more than 64 bits");
}

// kOne: of a single instruction, and where code goes on after it.
template <bool kOne>
[[gnu::always_inline]] inline const Ins* Run::interpret(const Ins* at) {
  const Ins* const code = p_.code.ins.data();
  const CellRef* const cells = p_.code.cells.data();
  std::int64_t* const r = r_;
  unsigned char* const state = reinterpret_cast<unsigned char*>(s_);
  FamilyState* const families = s_->families();
  const FamilyState* const event_families = w_.event_families.data();
  const std::unique_ptr<std::int64_t[]>* const memos = w_.memos.data();
  for (;;) {
    const Ins& i = *at++;
    switch (i.act) {
      case Act::finish:
        return at;
      case Act::jump:
        at = code + i.x;
        break;
      case Act::jump_if:
        if (r[i.b] == 1) at = code + i.x;
        break;
      case Act::jump_unless:
        if (r[i.b] != 1) at = code + i.x;
        break;
      case Act::jump_absent:
        if (r[i.b] == kNothing) at = code + i.x;
        break;
      case Act::jump_present:
        if (r[i.b] != kNothing) at = code + i.x;
        break;
      case Act::jump_eq:
        if (r[i.b] == r[i.c]) at = code + i.x;
        break;
      case Act::jump_ne:
        if (r[i.b] != r[i.c]) at = code + i.x;
        break;
      case Act::jump_lt:
        if (less(r[i.b], r[i.c])) at = code + i.x;
        break;
      case Act::jump_le:
        if (less_or_equal(r[i.b], r[i.c])) at = code + i.x;
        break;
      case Act::jump_not_lt:
        if (!less(r[i.b], r[i.c])) at = code + i.x;
        break;
      case Act::jump_not_le:
        if (!less_or_equal(r[i.b], r[i.c])) at = code + i.x;
        break;
      case Act::move:
        r[i.a] = r[i.b];
        break;
      case Act::global:
        if (!read_narrow(state + cells[i.x].offset, cells[i.x].store, r[i.a])) return nullptr;
        break;
      case Act::global_flag: {
        const unsigned char flag = state[i.x];
        r[i.a] = flag > 1 ? kNothing : flag;
        break;
      }
      case Act::add:
        if (!add_narrow(r[i.b], r[i.c], r[i.a])) return nullptr;
        break;
      case Act::sum: {
        std::int64_t sum = 0;
        bool over = false;
        const std::int64_t* value = r + i.b;
        const std::int64_t* const end = value + i.c;
        for (; value != end && *value != kNothing; ++value) {
          over = __builtin_add_overflow(sum, *value, &sum) || over;
        }
        if (value == end && (over || sum == kNothing)) return nullptr;
        r[i.a] = value == end ? sum : kNothing;
        break;
      }
      case Act::sub:
        if (!sub_narrow(r[i.b], r[i.c], r[i.a])) return nullptr;
        break;
      case Act::mul:
        if (!mul_narrow(r[i.b], r[i.c], r[i.a])) return nullptr;
        break;
      case Act::neg:
        r[i.a] = r[i.b] == kNothing ? kNothing : -r[i.b];
        break;
      case Act::rescale:
      case Act::floor_div:
      case Act::modulo:
      case Act::round_div:
        if (!round_into(i)) return nullptr;
        break;
      case Act::eq:
        r[i.a] = r[i.b] == r[i.c];
        break;
      case Act::ne:
        r[i.a] = r[i.b] != r[i.c];
        break;
      case Act::lt:
        r[i.a] = less(r[i.b], r[i.c]);
        break;
      case Act::le:
        r[i.a] = less_or_equal(r[i.b], r[i.c]);
        break;
      case Act::is_present:
        r[i.a] = r[i.b] != kNothing;
        break;
      case Act::invert:
        r[i.a] = r[i.b] != 1;
        break;
      case Act::compare:
        if (r[i.b] == kNothing || r[i.c] == kNothing) {
          r[i.a] = 0;
        } else {
          const int order = compare(static_cast<Kind>(i.y), r[i.b], r[i.c]);
          r[i.a] = i.x == 0 ? order < 0 : order <= 0;
        }
        break;
      case Act::in_set:
        r[i.a] = contains(s_->set(widen(r[i.c])), r[i.b]);
        break;
      case Act::minimum:
        r[i.a] = least(r[i.b], r[i.c]);
        break;
      case Act::maximum:
        r[i.a] = std::max(r[i.b], r[i.c]);
        break;
      case Act::month_of:
        r[i.a] = r[i.b] == kNothing ? kNothing : month_of(r[i.b]);
        break;
      case Act::date:
        if (!date_into(i)) return nullptr;
        break;
      case Act::lookup:
        if (!lookup_into(i)) return nullptr;
        break;
      case Act::lookup_key:
        r[i.a] = p_.tables[i.x].narrow.row_of(r[i.b]);
        break;
      case Act::lookup_band:
        r[i.a] = p_.tables[i.x].narrow.row_of(r[i.b], r[i.c]);
        break;
      case Act::lookup_cell: {
        const NarrowTable& table = p_.tables[i.x].narrow;
        r[i.a] = table.row_of(r[i.b]);
        r[at->a] = table.cell(r[i.a], at->c);
        ++at;
        break;
      }
      case Act::table_count:
        r[i.a] = p_.tables[i.x].narrow.cell(r[i.b], i.c);
        break;
      case Act::table_cell: {
        const Cells& table = p_.tables[i.x].cells;
        r[i.a] = kNothing;
        if (r[i.b] < 0 || r[i.b] >= table.rows) break;
        if (!narrow(table.at(static_cast<std::uint32_t>(r[i.b]), i.c), r[i.a])) return nullptr;
        break;
      }
      case Act::list_cell:
        if (!list_cell_into(i)) return nullptr;
        break;
      case Act::jump_past_row:
        if (!is_in_force(p_.tables[i.x], static_cast<std::size_t>(r[i.b]), widen(r[i.c]))) {
          at = code + i.y;
        }
        break;
      case Act::join:
        if (!join(i)) return nullptr;
        break;
      case Act::find:
        r[i.a] = find_row(i);
        break;
      case Act::find_one: {
        const FamilyShape& shape = p_.families[i.x];
        unsigned char key[sizeof(Value)];
        r[i.a] = kNothing;
        if (!pack_narrow(key, shape.layout.cell(0).store, r[i.b])) break;
        const std::uint32_t row = family(i.x).find_packed(shape, key);
        if (row != FamilyState::kMissing) r[i.a] = row;
        break;
      }
      case Act::find_name: {
        const std::uint32_t row = row_of_name(i, families);
        r[i.a] = row != FamilyState::kMissing ? std::int64_t{row} : kNothing;
        break;
      }
      case Act::row_cell:
      case Act::cell: {
        const CellRef& cell = cells[i.x];
        const FamilyState* rows = family_of(cell);
        const auto row = static_cast<std::uint64_t>(r[i.b]);
        if (row >= rows->count()) {
          r[i.a] = i.act == Act::cell ? cell.initial : kNothing;
        } else if (!read_narrow(rows->record(cell.stride, row) + cell.offset, cell.store, r[i.a])) {
          return nullptr;
        }
        break;
      }
      case Act::row_count:
      case Act::cell_count: {
        const CountAt cell(i.y);
        const FamilyState& rows = families[i.c];
        const auto row = static_cast<std::uint64_t>(r[i.b]);
        if (row < rows.count()) [[likely]] {
          r[i.a] = packed::load<std::int64_t>(rows.record(cell.stride(), row) + cell.offset());
        } else {
          r[i.a] = i.act == Act::cell_count ? cells[i.x].initial : kNothing;
        }
        break;
      }
      case Act::row_handle:
      case Act::event_handle: {
        const CountAt cell(i.y);
        const FamilyState& rows = i.act == Act::row_handle ? families[i.c] : event_families[i.c];
        const auto row = static_cast<std::uint64_t>(r[i.b]);
        r[i.a] = kNothing;
        if (row >= rows.count()) break;
        const unsigned char* const at_row = rows.record(cell.stride(), row) + cell.offset();
        const auto handle = packed::load<std::uint32_t>(at_row);
        if (handle < packed::kAccountBit) [[likely]] {
          r[i.a] = handle;
        } else if (!read_narrow(at_row, RecordLayout::Store::handle, r[i.a])) {
          return nullptr;
        }
        break;
      }
      case Act::event_count: {
        const CountAt cell(i.y);
        const FamilyState& rows = event_families[i.c];
        const auto row = static_cast<std::uint64_t>(r[i.b]);
        r[i.a] = row < rows.count()
                     ? packed::load<std::int64_t>(rows.record(cell.stride(), row) + cell.offset())
                     : kNothing;
        break;
      }
      case Act::row_counts: {
        const CountAt cell(i.y);
        const FamilyState& rows = families[i.c];
        const auto row = static_cast<std::uint64_t>(r[i.b]);
        if (row < rows.count()) [[likely]] {
          const unsigned char* from = rows.record(cell.stride(), row) + cell.offset();
          std::int64_t* to = r + i.a;
          for (std::int64_t* const end = to + i.x; to != end; from += sizeof *to) {
            *to++ = packed::load<std::int64_t>(from);
          }
        } else {
          std::fill_n(r + i.a, i.x, kNothing);
        }
        break;
      }
      case Act::ensure:
        if (r[i.a] == kNothing && !make_row(i, r[i.a])) return nullptr;
        break;
      case Act::put:
        if (!put_row(i, r[i.a])) return nullptr;
        break;
      case Act::write:
        if (!write_cell(cells[i.x], r[i.b], r[i.a])) return nullptr;
        break;
      case Act::write_count:
        if (!write_count(i, families, false)) return nullptr;
        break;
      case Act::increase_count:
        if (!write_count(i, families, true)) return nullptr;
        break;
      case Act::event_write:
      case Act::event_increase:
        if (!write_event_count(i)) return nullptr;
        break;
      case Act::increase: {
        const CellRef& cell = cells[i.x];
        const unsigned char* record =
            family_of(cell)->record(cell.stride, static_cast<std::uint64_t>(r[i.b]));
        std::int64_t sum = 0;
        if (!read_narrow(record + cell.offset, cell.store, sum)) return nullptr;
        if (!add_narrow(sum, r[i.a], sum) || !write_cell(cell, r[i.b], sum)) return nullptr;
        break;
      }
      case Act::set_global:
        if (!set_global_narrow(i.x, r[i.a])) return nullptr;
        break;
      case Act::arm:
        if (!arm_narrow(i.x, r[i.a])) return nullptr;
        break;
      case Act::clear:
        clear(i.x);
        break;
      case Act::count_rows:
        r[i.a] = family(i.x).count();
        break;
      case Act::next_row:
        if (++r[i.a] >= r[i.b]) at = code + i.x;
        break;
      case Act::group: {
        const Value key = widen(r[i.b]);
        const auto [first, end] = p_.column_indexes[i.x].places(p_.tables[i.y].cells, &key);
        r[i.a] = first;
        r[i.a + 1] = end;
        break;
      }
      case Act::next_of:
        if (r[i.b] == r[i.c]) {
          at = code + i.y;
        } else {
          r[i.a] = p_.column_indexes[i.x].row_at(static_cast<std::size_t>(r[i.b]++));
        }
        break;
      case Act::chain:
        r[i.a] = last_of_chain(i);
        break;
      case Act::chain_next:
        r[i.a] = family(i.x).next(p_.families[i.x], static_cast<std::uint32_t>(r[i.b]));
        break;
      case Act::first_row:
        r[i.a] = 0;
        if ((i.c != 0 ? event_families : families)[i.x].count() == 0) at = code + i.y;
        break;
      case Act::follow_row:
        if (++r[i.a] < (i.c != 0 ? event_families : families)[i.x].count()) at = code + i.y;
        break;
      case Act::scan_rows:
      case Act::scan_chain:
      case Act::scan_back: {
        bool found = false;
        if (!scan(i, found)) return nullptr;
        if (!found) at = code + i.y;
        break;
      }
      case Act::list_rows:
        list_rows(i);
        break;
      case Act::gather_begin:
        r[i.a] = static_cast<std::int64_t>(w_.found.size());
        r[i.a + 1] = static_cast<std::int64_t>(w_.found_keys.size());
        break;
      case Act::gather:
        w_.found.push_back(r[i.b]);
        break;
      case Act::gather_sorted:
        if (!gather_sorted(i)) return nullptr;
        break;
      case Act::gather_changed:
        gather_changed(i.x);
        break;
      case Act::gather_end:
        r[i.a] = static_cast<std::int64_t>(w_.found.size());
        break;
      case Act::next_gathered:
        if (r[i.b] == r[i.c]) {
          at = code + i.x;
        } else {
          r[i.a] = w_.found[static_cast<std::size_t>(r[i.b]++)];
        }
        break;
      case Act::gather_drop:
        w_.found.resize(static_cast<std::size_t>(r[i.a]));
        w_.found_keys.resize(static_cast<std::size_t>(r[i.a + 1]));
        break;
      case Act::unmark:
        if (!unmark(i)) at = code + i.y;
        break;
      case Act::emit:
        emit(i);
        break;
      case Act::rows_begin:
        w_.entry_rows.push_back({w_.entry_values.size(), 0, 0});
        break;
      case Act::rows_values: {
        Value* const values = w_.entry_values.extend(i.c);
        for (Reg k = 0; k < i.c; ++k) values[k] = widen(r[i.b + k]);
        break;
      }
      case Act::rows_end:
        rows_end(i);
        break;
      case Act::refuse:
        is_refused_ = true;
        refused_ = i.x;
        return at;
      case Act::jump_in_bound:
        if (r[i.b] == kNothing || (r[i.b] <= r[i.c] && r[i.b] >= -r[i.c])) at = code + i.x;
        break;
      case Act::memo:
        if (recall(i) || memo_into(i)) at = code + i.y;
        break;
      case Act::memo_name: {
        const std::uint64_t place = r[i.b] == kNothing ? 0 : static_cast<std::uint64_t>(r[i.b]) + 1;
        const std::int64_t* answers = memos[i.x].get();
        if (place <= i.c && answers[place] != kUnknownMemo) [[likely]] {
          r[i.a] = answers[place];
          at = code + i.y;
        } else if (memo_into(i)) {
          at = code + i.y;
        }
        break;
      }
      case Act::memo_branch: {
        const std::uint64_t place = r[i.b] == kNothing ? 0 : static_cast<std::uint64_t>(r[i.b]) + 1;
        const std::int64_t* answers = memos[i.x].get();
        const std::int64_t answer = place <= i.c ? answers[place] : kUnknownMemo;
        if (answer != kUnknownMemo) [[likely]] {
          const Ins& branch = code[i.y];
          r[i.a] = answer;
          at = &branch + 1;
          if ((answer == 1) == (branch.act == Act::jump_if)) at = code + branch.x;
        } else if (memo_into(i)) {
          at = code + i.y;
        }
        break;
      }
      case Act::flag_if: {
        const unsigned char flag = state[i.x];
        r[i.a] = flag > 1 ? kNothing : flag;
        at = flag == 1 ? code + i.y : at + 1;
        break;
      }
      case Act::flag_unless: {
        const unsigned char flag = state[i.x];
        r[i.a] = flag > 1 ? kNothing : flag;
        at = flag != 1 ? code + i.y : at + 1;
        break;
      }
      case Act::find_branch: {
        const std::uint32_t row = row_of_name(i, families);
        r[i.a] = row != FamilyState::kMissing ? std::int64_t{row} : kNothing;
        at = row != FamilyState::kMissing ? at + 1 : code + at->x;
        break;
      }
      case Act::find_cell:
        find_cell(i, *at++, families);
        break;
      case Act::count_up_to:
        at = count_up_to(at, families);
        break;
      case Act::take:
        at = take(at, families);
        break;
      case Act::sub_jump:
        if (!sub_narrow(r[i.b], r[i.c], r[i.a])) return nullptr;
        at = less(r[at->b], r[i.a]) ? at + 1 : code + at->x;
        break;
      case Act::sub_minimum:
        if (!sub_narrow(r[i.b], r[i.c], r[i.a])) return nullptr;
        r[at->a] = least(r[at->b], r[i.a]);
        ++at;
        break;
      case Act::ensure_increase:
        if (r[i.a] == kNothing && !make_row(i, r[i.a])) return nullptr;
        ++at;
        if (!write_count(at[-1], families, true)) return nullptr;
        break;
      case Act::find_or_make:
        if (!find_or_make(i, r[i.a])) return nullptr;
        ++at;
        break;
      case Act::memo_store:
        if (memo_place_ != nullptr && r[i.b] != kUnknownMemo) *memo_place_ = r[i.b];
        break;
      case Act::steady: {
        const Workspace::Steady& known = w_.steady[i.x];
        if (known.step != w_.step) break;
        r[i.a] = known.value;
        at = code + i.y;
        break;
      }
      case Act::steady_store:
        w_.steady[i.x] = {w_.step, r[i.b]};
        break;
      case Act::make_up:
        if (s_->owed() != nullptr && !make_up(r[i.b])) return nullptr;
        break;
      case Act::make_whole:
        make_whole();
        if (failed()) return nullptr;
        break;
      case Act::defer:
        if (defer(i)) at = code + i.y;
        break;
      case Act::eval:
        if (!escape(p_.code.escapes[i.x], r[i.a])) return nullptr;
        break;
      case Act::step: {
        std::int64_t none = 0;
        if (!escape(p_.code.escapes[i.x], none)) return nullptr;
        break;
      }
      default:
        __builtin_unreachable();
    }
    if (kOne) return at;
  }
}

// Translating code takes as long as a thousand events by the interpreter, or more.
bool Run::execute_slowly(std::uint32_t entry) {
  if (++w_.interpreted == TOLL_MACHINE_CODE_AFTER) w_.machine_code = p_.machine_code();
  return interpret<false>(p_.code.ins.data() + entry) != nullptr;
}

const Ins* Run::execute_one(const Ins* at) { return interpret<true>(at); }

}  // namespace toll
