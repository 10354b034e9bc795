// Records: the cells of a row, or the registers of an account, packed by what their types need.
//
// Cells are read and written through their layout only. A value that its cell cannot hold is not
// written: the caller makes that an overflow, as for any other value out of range.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "toll/value.hpp"

namespace toll {

/// How values lie in cells.
namespace packed {

inline constexpr std::uint32_t kNoHandle = 0xffffffffU;
inline constexpr std::uint32_t kUnknownBit = 0x80000000U;  // handles: an unknown name
inline constexpr std::uint32_t kAccountBit = 0x40000000U;  // handles: a text of the account
inline constexpr Value kInt80Absent = -(static_cast<Value>(1) << 79);

template <class Int>
Int load(const unsigned char* at) {
  Int value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class Int>
Value load_narrow(const unsigned char* at) {
  const Int value = load<Int>(at);
  return value == std::numeric_limits<Int>::min() ? kAbsent : value;
}

inline Value unpack_handle(std::uint32_t handle) {
  if (handle == kNoHandle) return kAbsent;
  const auto space = (handle & kAccountBit) != 0 ? TextSpace::account : TextSpace::policy;
  return ((handle & kUnknownBit) != 0 ? kUnknownName : 0) |
         text_handle(space, handle & ~(kUnknownBit | kAccountBit));
}

}  // namespace packed

class RecordLayout {
 public:
  /// How a cell lies in memory. Absent is a pattern of its own in each.
  enum class Store : std::uint8_t {
    byte,    // booleans
    handle,  // names, texts, sets, rows: 32 bits
    int32,   // dates and months
    int64,   // counts
    int80,   // instants and spans: 10^7 years of nanoseconds
    int128,  // money and other numbers with decimals
  };
  struct Cell {
    std::uint32_t offset = 0;
    Store store = Store::byte;
    Kind kind = Kind::boolean;
  };

  /// Adds a cell and returns its index.
  std::uint32_t add(const Type& type);

  [[nodiscard]] std::uint32_t size() const { return size_; }  ///< bytes of a record
  [[nodiscard]] std::uint32_t cells() const { return static_cast<std::uint32_t>(cells_.size()); }
  [[nodiscard]] Kind kind(std::uint32_t cell) const { return cells_[cell].kind; }

  [[nodiscard]] Value read(const unsigned char* record, std::uint32_t cell) const;
  [[nodiscard]] bool write(unsigned char* record, std::uint32_t cell, Value value) const;

 private:
  std::vector<Cell> cells_;
  std::uint32_t size_ = 0;
};

inline Value RecordLayout::read(const unsigned char* record, std::uint32_t cell) const {
  const Cell& here = cells_[cell];
  const unsigned char* at = record + here.offset;
  switch (here.store) {
    case Store::byte:
      return *at > 1 ? kAbsent : *at;
    case Store::handle:
      return packed::unpack_handle(packed::load<std::uint32_t>(at));
    case Store::int32:
      return packed::load_narrow<std::int32_t>(at);
    case Store::int64:
      return packed::load_narrow<std::int64_t>(at);
    case Store::int80: {
      const Value value = static_cast<Value>(packed::load<std::int16_t>(at + 8)) << 64 |
                          packed::load<std::uint64_t>(at);
      return value == packed::kInt80Absent ? kAbsent : value;
    }
    case Store::int128:
      return packed::load<Value>(at);
  }
  return kAbsent;
}

}  // namespace toll
