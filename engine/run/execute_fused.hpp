// Instructions of straight code that work on rows of the account: what is done most, and what
// does a few of them in one (engine/fast/code.hpp).
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "engine/run/execute.hpp"

namespace toll {

/// The lesser of two values; of one that is absent, the other.
inline std::int64_t least(std::int64_t a, std::int64_t b) {
  if (a == kNothing) return b;
  return b == kNothing || a <= b ? a : b;
}

// Of a family with a byte for each name, that tells the row; else it is looked for.
[[gnu::always_inline]] inline std::uint32_t Run::row_of_name(const Ins& ins,
                                                             const FamilyState* families) const {
  const FamilyState& rows = families[ins.x];
  const std::int64_t name = r_[ins.b];
  const std::uint64_t place = static_cast<std::uint64_t>(name) + 1;
  if (place < ins.c && rows.is_mapped()) [[likely]]
    return rows.mapped(place);
  return rows.find_handle(p_.families[ins.y], packed::handle_of(name));
}

// A count that is not what it was is put down, and what it was in the journal.
[[gnu::always_inline]] inline bool Run::write_count(const Ins& ins, FamilyState* families,
                                                    bool add) {
  const CountAt cell(ins.y);
  const FamilyState& rows = families[ins.c];
  const std::int64_t row = r_[ins.b];
  std::int64_t value = r_[ins.a];
  if (static_cast<std::uint64_t>(row) >= rows.count()) [[unlikely]] {
    return write_with_care(p_.code.cells[ins.x], row, value);
  }
  const auto at = static_cast<std::uint32_t>(row);
  unsigned char* const place = rows.record(cell.stride(), at) + cell.offset();
  const auto old = packed::load<std::int64_t>(place);
  if (add) {
    if (old == kNothing || value == kNothing) {
      value = kNothing;
    } else if (__builtin_add_overflow(old, value, &value) || value == kNothing) {
      return false;
    }
  }
  if (cell.tracked()) set_mark(p_.code.cells[ins.x].family, at, true);
  if (old == value) return true;
  w_.journal.count(ins.x, at, old);
  std::memcpy(place, &value, sizeof value);
  return true;
}

[[gnu::always_inline]] inline void Run::find_cell(const Ins& ins, const Ins& read,
                                                  const FamilyState* families) {
  const std::uint32_t row = row_of_name(ins, families);
  if (row == FamilyState::kMissing) [[unlikely]] {
    r_[ins.a] = kNothing;
    r_[read.a] = p_.code.cells[read.x].initial;
    return;
  }
  const CountAt cell(read.y);
  r_[ins.a] = row;
  r_[read.a] =
      packed::load<std::int64_t>(families[ins.x].record(cell.stride(), row) + cell.offset());
}

// at: behind the find; cell, sub, minimum, ensure, increase, and jump_not_lt if the sub's x is 1.
[[gnu::always_inline]] inline const Ins* Run::count_up_to(const Ins* at, FamilyState* families) {
  const Ins& find = at[-1];
  const std::uint32_t row = row_of_name(find, families);
  r_[find.a] = row != FamilyState::kMissing ? std::int64_t{row} : kNothing;
  if (row == FamilyState::kMissing) [[unlikely]]
    return at;
  const CountAt cell(at->y);
  unsigned char* const place = families[find.x].record(cell.stride(), row) + cell.offset();
  const auto old = packed::load<std::int64_t>(place);
  const std::int64_t limit = r_[at[1].b];
  const std::int64_t want = r_[at[2].b];
  // What is not plain (absent, below zero, beyond the limit) is done one by one.
  if (want <= 0 || old < 0 || old > limit) [[unlikely]]
    return at;
  const std::int64_t room = limit - old;
  const std::int64_t took = std::min(want, room);
  r_[at[0].a] = old;
  r_[at[1].a] = room;
  r_[at[2].a] = took;
  if (cell.tracked()) set_mark(p_.code.cells[at->x].family, row, true);
  if (took != 0) {
    const std::int64_t sum = old + took;
    w_.journal.count(at->x, row, old);
    std::memcpy(place, &sum, sizeof sum);
  }
  const Ins* const after = at + 5;
  if (at[1].x == 0) return after;
  return took < want ? after + 1 : p_.code.ins.data() + after->x;
}

// at: behind the row's count; jump, minimum, sub from the rest, sub from the row, write.
[[gnu::always_inline]] inline const Ins* Run::take(const Ins* at, FamilyState* families) {
  const Ins& read = at[-1];
  const CountAt cell(read.y);
  const FamilyState& rows = families[read.c];
  const auto row = static_cast<std::uint64_t>(r_[read.b]);
  const std::int64_t rest = r_[at[1].b];
  if (row >= rows.count()) [[unlikely]] {
    r_[read.a] = kNothing;
    return at;
  }
  unsigned char* const place = rows.record(cell.stride(), row) + cell.offset();
  const auto left = packed::load<std::int64_t>(place);
  r_[read.a] = left;
  if (rest <= 0) [[unlikely]]
    return at;
  if (left <= 0) return p_.code.ins.data() + at->x;
  const std::int64_t took = std::min(left, rest);
  const std::int64_t now_left = left - took;
  r_[at[1].a] = took;
  r_[at[1].b] = rest - took;
  r_[read.a] = now_left;
  const auto at_row = static_cast<std::uint32_t>(row);
  if (cell.tracked()) set_mark(p_.code.cells[read.x].family, at_row, true);
  w_.journal.count(read.x, at_row, left);
  std::memcpy(place, &now_left, sizeof now_left);
  return at + 5;
}

}  // namespace toll
