// Values of 64 bits in the registers of straight code, and the 128 bits that they stand for.
#pragma once

#include <cstdint>
#include <cstring>
#include <exception>
#include <span>
#include <utility>

#include "engine/fast/code.hpp"
#include "engine/jit/machine_code.hpp"
#include "engine/run/run.hpp"
#include "toll/value.hpp"

namespace toll {

/// A memo that was not worked out yet.
inline constexpr std::int64_t kUnknownMemo = INT64_MIN + 1;

/// Known names and the policy's own texts are not above it, an account's texts are.
inline constexpr std::int64_t kMostShared = 0xffffffff;

inline Value widen(std::int64_t value) { return value == kNothing ? kAbsent : Value{value}; }

/// False: it does not fit.
inline bool narrow(Value value, std::int64_t& out) {
  out = static_cast<std::int64_t>(value);
  if (out == value && out != kNothing) return true;
  out = kNothing;
  return value == kAbsent;
}

/// What is reckoned with absent values is absent. False: it does not fit.
inline bool add_narrow(std::int64_t a, std::int64_t b, std::int64_t& out) {
  std::int64_t sum = 0;
  const bool over = __builtin_add_overflow(a, b, &sum);
  if (a == kNothing || b == kNothing) {
    sum = kNothing;
  } else if (over || sum == kNothing) {
    return false;
  }
  out = sum;
  return true;
}

inline bool sub_narrow(std::int64_t a, std::int64_t b, std::int64_t& out) {
  std::int64_t difference = 0;
  const bool over = __builtin_sub_overflow(a, b, &difference);
  if (a == kNothing || b == kNothing) {
    difference = kNothing;
  } else if (over || difference == kNothing) {
    return false;
  }
  out = difference;
  return true;
}

inline bool mul_narrow(std::int64_t a, std::int64_t b, std::int64_t& out) {
  std::int64_t product = 0;
  const bool over = __builtin_mul_overflow(a, b, &product);
  if (a == kNothing || b == kNothing) {
    product = kNothing;
  } else if (over || product == kNothing) {
    return false;
  }
  out = product;
  return true;
}

inline bool less(std::int64_t a, std::int64_t b) { return a < b && a != kNothing; }
inline bool less_or_equal(std::int64_t a, std::int64_t b) { return a <= b && a != kNothing; }

inline bool contains(std::span<const std::uint64_t> set, Value name) {
  if (name < 0 || name >= static_cast<Value>(set.size()) * 64) return false;
  const auto index = static_cast<std::size_t>(name);
  return (set[index / 64] >> (index % 64) & 1) != 0;
}

/// At no time, all rows are.
inline bool is_in_force(const TableData& table, std::size_t row, Value at) {
  return at == kAbsent || ((table.since[row] == kAbsent || table.since[row] <= at) &&
                           (table.until[row] == kAbsent || at < table.until[row]));
}

[[gnu::always_inline]] inline bool Run::execute(std::uint32_t entry) {
  if (w_.machine_code == nullptr) [[unlikely]]
    return execute_slowly(entry);
  if (w_.machine_code->run(frame_, entry)) [[likely]]
    return true;
  if (thrown_ != nullptr) [[unlikely]]
    std::rethrow_exception(std::exchange(thrown_, nullptr));
  return false;
}

inline void Run::set_times(std::int64_t now, std::int64_t clock) {
  r_[kNowReg] = now;
  r_[kClockReg] = clock;
  ++w_.step;
  if (now < w_.era_from || now >= w_.era_until) find_era();
}

inline void Run::begin_narrow(std::int64_t now, std::int64_t clock) {
  now_ = now;
  clock_ = clock;
  for (FamilyState& family : w_.event_families) {
    if (family.count() != 0) family.clear();
  }
  set_times(now, clock);
}

// As refusal() and handle(), but for a clock that takes 64 bits.
[[gnu::always_inline]] inline Run::Outcome Run::handle_fields(const Entries& code,
                                                              std::int64_t time) {
  std::int64_t clock = time;
  if (s_->narrow_clock > time) [[unlikely]] {
    if (!narrow(s_->clock(), clock)) {
      give_up();
      return Outcome::failed;
    }
  }
  if (code.refuses) {
    begin_narrow(time, clock);
    if (!execute(code.refusal)) give_up();
    if (failed()) return Outcome::failed;
    if (is_refused_) {
      w_.journal.accept(*s_);  // what was made up for it stays
      return Outcome::refused;
    }
  }
  if (clock == time) {
    if (s_->due <= time) [[unlikely]] {
      fire_due(time);
      if (failed()) return Outcome::failed;
      timer_ = kNone;
    }
    s_->set_clock(time);
  }
  if (code.handle == kNone) return Outcome::done;
  begin_narrow(time, clock);
  if (!execute(code.handle)) give_up();
  return failed() ? Outcome::failed : Outcome::done;
}

inline FamilyState* Run::family_of(const CellRef& cell) {
  return (cell.of_event ? w_.event_families.data() : s_->families()) + cell.place;
}

inline bool Run::write_cell(const CellRef& cell, std::int64_t row, std::int64_t value) {
  FamilyState* const rows = family_of(cell);
  if (!cell.simple || static_cast<std::uint64_t>(row) >= rows->count()) {
    return write_with_care(cell, row, value);
  }
  const auto at = static_cast<std::uint32_t>(row);
  if (cell.tracked && !rows->marked(p_.families[cell.family], at)) {
    set_mark(cell.family, at, true);
  }
  unsigned char* const place = rows->record(cell.stride, at) + cell.offset;
  std::int64_t old = 0;
  if (!read_narrow(place, cell.store, old)) return write_with_care(cell, row, value);
  if (old == value) return true;
  if (!cell.of_event) w_.journal.cell(cell.family, at, cell.field, widen(old));
  return pack_narrow(place, cell.store, value);
}

/// What memo_into() finds if it was worked out before.
[[gnu::always_inline]] inline bool Run::recall(const Ins& ins) {
  const Memo& memo = p_.code.memos[ins.x];
  const std::int64_t* const answers = w_.memos[ins.x].get();
  std::size_t place = memo.dated ? w_.era : 0;
  bool known = answers != nullptr;
  const Memo::Input* const end = memo.inputs.data() + memo.inputs.size();
  for (const Memo::Input* input = memo.inputs.data(); input != end; ++input) {
    const std::int64_t name = r_[input->reg];
    const std::uint64_t one = name == kNothing ? 0 : static_cast<std::uint64_t>(name) + 1;
    known = known && one <= input->size;
    place = place * (input->size + 1) + static_cast<std::size_t>(one);
  }
  if (!known || answers[place] == kUnknownMemo) return false;
  r_[ins.a] = answers[place];
  return true;
}

/// Of a family of the event nothing is put down in the journal.
[[gnu::always_inline]] inline bool Run::write_event_count(const Ins& ins) {
  const CountAt cell(ins.y);
  const FamilyState& rows = w_.event_families[ins.c];
  const auto row = static_cast<std::uint64_t>(r_[ins.b]);
  std::int64_t value = r_[ins.a];
  if (row >= rows.count()) [[unlikely]]
    return write_with_care(p_.code.cells[ins.x], r_[ins.b], value);
  unsigned char* const place = rows.record(cell.stride(), row) + cell.offset();
  if (ins.act == Act::event_increase) {
    const auto old = packed::load<std::int64_t>(place);
    if (old == kNothing || value == kNothing) {
      value = kNothing;
    } else if (__builtin_add_overflow(old, value, &value) || value == kNothing) {
      return false;
    }
  }
  std::memcpy(place, &value, sizeof value);
  return true;
}

}  // namespace toll
