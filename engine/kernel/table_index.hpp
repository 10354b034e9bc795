// Rows of a constant table by the values of some of its columns.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

/// The cells of a table, row by row.
struct Cells {
  std::vector<Value> values;
  std::uint32_t columns = 0;
  std::uint32_t rows = 0;
  [[nodiscard]] Value at(std::uint32_t row, std::uint32_t column) const {
    return values[std::size_t{row} * columns + column];
  }
};

class TableIndex {
 public:
  TableIndex() = default;
  TableIndex(const Cells& cells, std::vector<std::uint32_t> columns);

  /// The rows whose columns have these values, in the table's order.
  [[nodiscard]] std::span<const std::uint32_t> find(const Cells& cells, const Value* key) const;
  /// The same where keys take 64 bits and are places in an array; none is INT64_MIN.
  [[nodiscard]] bool is_narrow() const { return !narrow_.empty(); }
  /// Which group of rows has this key; kNone: none has it.
  [[nodiscard]] std::uint32_t group_narrow(const std::int64_t* key) const {
    std::uint64_t place = 0;
    for (const NarrowRange& range : narrow_) {
      const std::uint64_t offset =
          static_cast<std::uint64_t>(*key++) - static_cast<std::uint64_t>(range.low);
      if (offset >= range.size) return kNone;
      place = place * range.size + offset;
    }
    return places_[place] - 1;
  }
  /// The values that a narrow key of one column may have: the lowest, and how many.
  [[nodiscard]] std::pair<std::int64_t, std::size_t> narrow_range() const {
    return {narrow_[0].low, narrow_[0].size};
  }
  [[nodiscard]] std::size_t columns() const { return columns_.size(); }
  [[nodiscard]] std::uint32_t groups() const { return static_cast<std::uint32_t>(firsts_.size()); }
  /// The rows of a group, in the table's order.
  [[nodiscard]] std::span<const std::uint32_t> group(std::uint32_t index) const {
    return {rows_.data() + starts_[index], starts_[index + 1] - starts_[index]};
  }
  /// The same as places: the first, and one past the last.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> places(const Cells& cells,
                                                               const Value* key) const {
    const auto rows = find(cells, key);
    if (rows.empty()) return {0, 0};
    const auto first = static_cast<std::uint32_t>(rows.data() - rows_.data());
    return {first, first + static_cast<std::uint32_t>(rows.size())};
  }
  [[nodiscard]] std::uint32_t row_at(std::size_t place) const { return rows_[place]; }

 private:
  /// Small keys (names of a domain, mostly) are places in an array; others are hashed.
  struct Range {
    Value low = 0;
    std::uint32_t size = 0;
  };
  struct NarrowRange {
    std::int64_t low = 0;
    std::uint64_t size = 0;
  };
  static constexpr std::size_t kMissing = ~std::size_t{0};

  bool choose_ranges(const Cells& cells);
  /// Where a key's group is, or would be, noted; kMissing: nowhere, no row has the key.
  [[nodiscard]] std::size_t place_of(const Cells& cells, const Value* key) const;

  std::vector<std::uint32_t> columns_;
  std::vector<Range> ranges_;          // empty: hashed
  std::vector<NarrowRange> narrow_;    // the same ranges, if there are some and 64 bits do
  std::vector<std::uint32_t> places_;  // group + 1 by place or hash
  std::vector<std::uint32_t> firsts_;  // the first row of each group
  std::vector<std::uint32_t> starts_;  // where each group starts in rows_
  std::vector<std::uint32_t> rows_;
};

}  // namespace toll
