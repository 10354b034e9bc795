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

/// Handles keep what kind of name or text they are in their two high bits.
std::uint32_t pack_handle(Value value);

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

/// Names and policy texts are their own handles; absent is the lowest number of 64 bits.
inline std::uint32_t handle_of(std::int64_t value) {
  if (value >= 0 && value < kAccountBit) [[likely]]
    return static_cast<std::uint32_t>(value);
  return value == std::numeric_limits<std::int64_t>::min() ? kNoHandle : pack_handle(value);
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
  [[nodiscard]] const Cell& cell(std::uint32_t cell) const { return cells_[cell]; }
  [[nodiscard]] static std::uint32_t width(Store store);

  [[nodiscard]] Value read(const unsigned char* record, std::uint32_t cell) const;
  [[nodiscard]] bool write(unsigned char* record, std::uint32_t cell, Value value) const {
    return pack(record + cells_[cell].offset, cells_[cell].store, value);
  }
  /// Puts a value down as it lies in a cell. False: the cell cannot hold it.
  [[nodiscard]] static bool pack(unsigned char* at, Store store, Value value);

 private:
  std::vector<Cell> cells_;
  std::uint32_t size_ = 0;
};

/// The same for those who work with 64 bits: absent is INT64_MIN, and false means that the value
/// takes more.
inline bool read_narrow(const unsigned char* at, RecordLayout::Store store, std::int64_t& out) {
  using Store = RecordLayout::Store;
  constexpr std::int64_t kNothing = INT64_MIN;
  switch (store) {
    case Store::byte:
      out = *at > 1 ? kNothing : *at;
      return true;
    case Store::handle: {
      const auto handle = packed::load<std::uint32_t>(at);
      if (handle < packed::kAccountBit) {
        out = handle;
      } else {
        const Value value = packed::unpack_handle(handle);
        out = value == kAbsent ? kNothing : static_cast<std::int64_t>(value);
      }
      return true;
    }
    case Store::int32: {
      const auto value = packed::load<std::int32_t>(at);
      out = value == INT32_MIN ? kNothing : value;
      return true;
    }
    case Store::int64:
      out = packed::load<std::int64_t>(at);
      return true;
    case Store::int80: {
      out = packed::load<std::int64_t>(at);
      const auto high = packed::load<std::int16_t>(at + 8);
      if (high == out >> 63 && out != kNothing) return true;
      const bool absent = high == INT16_MIN && out == 0;
      out = kNothing;
      return absent;
    }
    case Store::int128: {
      const auto value = packed::load<Value>(at);
      out = static_cast<std::int64_t>(value);
      if (out == value && out != kNothing) return true;
      out = kNothing;
      return value == kAbsent;
    }
  }
  return false;
}

inline bool pack_narrow(unsigned char* at, RecordLayout::Store store, std::int64_t value) {
  using Store = RecordLayout::Store;
  constexpr std::int64_t kNothing = INT64_MIN;
  switch (store) {
    case Store::byte:
      *at = value == kNothing ? 2 : static_cast<unsigned char>(value != 0);
      return true;
    case Store::handle: {
      const std::uint32_t handle = packed::handle_of(value);
      std::memcpy(at, &handle, sizeof handle);
      return true;
    }
    case Store::int32: {
      if (value != kNothing && (value <= INT32_MIN || value > INT32_MAX)) return false;
      const auto narrow = value == kNothing ? INT32_MIN : static_cast<std::int32_t>(value);
      std::memcpy(at, &narrow, sizeof narrow);
      return true;
    }
    case Store::int64:
      std::memcpy(at, &value, sizeof value);
      return true;
    case Store::int80: {
      const std::int64_t low = value == kNothing ? 0 : value;
      const auto high = static_cast<std::int16_t>(value == kNothing ? INT16_MIN : value >> 63);
      std::memcpy(at, &low, sizeof low);
      std::memcpy(at + 8, &high, sizeof high);
      return true;
    }
    case Store::int128: {
      const Value wide = value == kNothing ? kAbsent : Value{value};
      std::memcpy(at, &wide, sizeof wide);
      return true;
    }
  }
  return false;
}

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
