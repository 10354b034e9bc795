// Records: the cells of a row, or the registers of an account, packed by what their types need.
//
// Cells are read and written through their layout only. A value that its cell cannot hold is not
// written: the caller makes that an overflow, as for any other value out of range.
#pragma once

#include <cstdint>
#include <vector>

#include "toll/value.hpp"

namespace toll {

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

}  // namespace toll
