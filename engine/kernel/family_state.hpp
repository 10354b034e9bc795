// The rows of one family of one account (or of one event).
//
// Rows are packed records in order of making. Rows of a keyed family are found by their first
// fields; rows of a serial family with an index are chained by the value of that field, in order of
// arrival. A tracked family remembers which rows were marked since they were last visited.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/kernel/hash.hpp"
#include "engine/kernel/record.hpp"
#include "engine/kernel/row_slots.hpp"
#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

/// What all states of a family have in common.
struct FamilyShape {
  FamilyShape() = default;
  /// `initial` are the fields' initial values.
  FamilyShape(const Family& family, const std::vector<Value>& initial);

  RecordLayout layout;
  std::vector<Value> initial;
  std::vector<unsigned char> blank;  ///< a new row
  std::uint32_t key_count = 0;
  std::uint32_t key_offset = 0;  ///< where in a row that stands by which it is found: its key,
  std::uint32_t key_bytes = 0;   ///< or the value of its index
  std::uint32_t index = kNone;
  std::uint32_t link = 0;   ///< serial with index: offset of the next row of the chain
  std::uint32_t marks = 0;  ///< tracked: offset of the flags
  std::uint32_t stride = 0;
  bool keyed = false;
  bool event_scope = false;
  bool tracked = false;
};

/// Whether two keys are the same.
inline bool same_key(const unsigned char* row, const unsigned char* key, std::uint32_t bytes) {
  if (bytes == 4) return packed::load<std::uint32_t>(row) == packed::load<std::uint32_t>(key);
  if (bytes == 8) return packed::load<std::uint64_t>(row) == packed::load<std::uint64_t>(key);
  return std::memcmp(row, key, bytes) == 0;
}

class FamilyState {
 public:
  static constexpr std::uint32_t kMissing = RowSlots::kMissing;

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool has(Value row) const { return row >= 0 && row < count_; }
  void clear();

  [[nodiscard]] Value read(const FamilyShape& shape, std::uint32_t row, std::uint32_t field) const {
    return shape.layout.read(record(shape, row), field);
  }
  /// False: the field cannot hold the value; nothing is written.
  bool write(const FamilyShape& shape, std::uint32_t row, std::uint32_t field, Value value);

  /// Adds a row with these fields; kMissing: a field cannot hold its value, nothing is added.
  std::uint32_t append(const FamilyShape& shape, const Value* fields);
  /// Takes back the row added last.
  void drop_last(const FamilyShape& shape);

  /// Keyed: the row with this key.
  [[nodiscard]] std::uint32_t find(const FamilyShape& shape, const Value* key) const;
  /// The same for a key as it lies in a row.
  [[nodiscard]] std::uint32_t find_packed(const FamilyShape& shape, const unsigned char* key) const;
  /// Serial with index: the last row of the chain. Its next is the first, and so on, and back.
  [[nodiscard]] std::uint32_t chain(const FamilyShape& shape, Value value) const;
  [[nodiscard]] std::uint32_t chain_packed(const FamilyShape& shape,
                                           const unsigned char* value) const {
    return slots_.find(hash_bytes(value, shape.key_bytes), [&](std::uint32_t row) {
      return same_key(record(shape, row) + shape.key_offset, value, shape.key_bytes);
    });
  }
  [[nodiscard]] std::uint32_t next(const FamilyShape& shape, std::uint32_t row) const;

  [[nodiscard]] bool marked(const FamilyShape& shape, std::uint32_t row) const;
  /// Returns what restore_mark needs to undo it.
  unsigned char set_mark(const FamilyShape& shape, std::uint32_t row, bool marked);
  void restore_mark(const FamilyShape& shape, std::uint32_t row, unsigned char before);
  /// Rows that are or were marked since the last tidy_marks, in no useful order.
  [[nodiscard]] const std::vector<std::uint32_t>& listed() const { return listed_; }
  /// Forgets rows that are no longer marked. Not between a mark and its undoing.
  void tidy_marks(const FamilyShape& shape);

  [[nodiscard]] std::size_t bytes() const;
  /// Brings the first rows near, and where others are found.
  void prefetch() const {
    __builtin_prefetch(rows_.data());
    __builtin_prefetch(rows_.data() + 64);
    slots_.prefetch();
  }
  [[nodiscard]] const unsigned char* record(const FamilyShape& shape, std::uint32_t row) const {
    return rows_.data() + std::size_t{row} * shape.stride;
  }
  unsigned char* record(const FamilyShape& shape, std::uint32_t row) {
    return rows_.data() + std::size_t{row} * shape.stride;
  }

 private:
  static constexpr std::uint32_t kScanned = 8;  // so few keyed rows are found without slots

  [[nodiscard]] std::uint64_t hash_of(const FamilyShape& shape, std::uint32_t row) const;
  void set_next(const FamilyShape& shape, std::uint32_t row, std::uint32_t next);
  void link(const FamilyShape& shape, std::uint32_t row);
  void unlink(const FamilyShape& shape, std::uint32_t row);
  void index_keys(const FamilyShape& shape);

  std::vector<unsigned char> rows_;
  RowSlots slots_;
  std::vector<std::uint32_t> listed_;
  std::uint32_t count_ = 0;
};

inline std::uint32_t FamilyState::find_packed(const FamilyShape& shape,
                                              const unsigned char* key) const {
  const std::uint32_t bytes = shape.key_bytes;
  if (!slots_.empty()) {
    return slots_.find(hash_bytes(key, bytes),
                       [&](std::uint32_t row) { return same_key(record(shape, row), key, bytes); });
  }
  const unsigned char* at = rows_.data();
  for (std::uint32_t row = 0; row < count_; ++row, at += shape.stride) {
    if (same_key(at, key, bytes)) return row;
  }
  return kMissing;
}

}  // namespace toll
