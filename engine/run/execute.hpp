// Values of 64 bits in the registers of straight code, and the 128 bits that they stand for.
#pragma once

#include <cstdint>
#include <span>

#include "engine/fast/code.hpp"
#include "engine/run/run.hpp"
#include "toll/value.hpp"

namespace toll {

/// A memo that was not worked out yet.
inline constexpr std::int64_t kUnknownMemo = INT64_MIN + 1;

inline Value widen(std::int64_t value) { return value == kNothing ? kAbsent : Value{value}; }

/// False: it does not fit.
inline bool narrow(Value value, std::int64_t& out) {
  out = static_cast<std::int64_t>(value);
  if (out == value && out != kNothing) return true;
  out = kNothing;
  return value == kAbsent;
}

inline bool less(std::int64_t a, std::int64_t b) { return a < b && a != kNothing; }
inline bool less_or_equal(std::int64_t a, std::int64_t b) { return a <= b && a != kNothing; }

inline bool contains(std::span<const std::uint64_t> set, Value name) {
  if (name < 0 || name >= static_cast<Value>(set.size()) * 64) return false;
  const auto index = static_cast<std::size_t>(name);
  return (set[index / 64] >> (index % 64) & 1) != 0;
}

inline void Run::begin_narrow(std::int64_t now, std::int64_t clock) {
  now_ = now;
  clock_ = clock;
  r_[kNowReg] = now;
  r_[kClockReg] = clock;
  for (FamilyState& family : w_.event_families) {
    if (family.count() != 0) family.clear();
  }
  slots_ = top_ = w_.slots.data();
  if (now < w_.era_from || now >= w_.era_until) find_era();
}

// As refusal() and handle(), but for a clock that takes 64 bits.
inline std::string_view Run::handle_fields(std::uint32_t index, std::int64_t time) {
  const Entries& code = p_.code.events[index];
  const EventType& type = p_.core->events[index];
  fields_to_widen_ = static_cast<std::uint32_t>(type.fields.size());
  std::int64_t clock = time;
  if (s_->clock != kAbsent && s_->clock > time && !narrow(s_->clock, clock)) {
    give_up();
    return {};
  }
  if (code.refuses) {
    begin_narrow(time, clock);
    if (!execute(code.refusal)) give_up();
    if (failed() || is_refused_) return refused_by(type);
  }
  if (clock == time) {
    if (s_->next_timer != kNone && s_->next_deadline <= time) {
      fire_due(time);
      if (failed()) return {};
    }
    s_->clock = time;
    timer_ = kNone;
  }
  if (code.handle == kNone) return {};
  begin_narrow(time, clock);
  if (!execute(code.handle)) give_up();
  return {};
}

inline FamilyState* Run::family_of(const CellRef& cell) {
  return cell.of_event ? &w_.event_families[cell.place] : s_->families[cell.place].get();
}

inline bool Run::write_cell(const CellRef& cell, std::int64_t row, std::int64_t value) {
  const FamilyShape& shape = p_.families[cell.family];
  FamilyState* const rows = family_of(cell);
  if (!cell.simple || rows == nullptr || static_cast<std::uint64_t>(row) >= rows->count()) {
    return write_with_care(cell, row, value);
  }
  const auto at = static_cast<std::uint32_t>(row);
  if (shape.tracked && !rows->marked(shape, at)) set_mark(cell.family, at, true);
  unsigned char* const record = rows->record(shape, at);
  std::int64_t old = 0;
  if (!read_narrow(record + cell.offset, cell.store, old)) {
    return write_with_care(cell, row, value);
  }
  if (old == value) return true;
  if (!cell.of_event) w_.journal.cell(cell.family, at, cell.field, widen(old));
  return pack_narrow(record + cell.offset, cell.store, value);
}

}  // namespace toll
