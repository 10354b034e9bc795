// A constant table as lookups see it whose keys take 64 bits: for each key its rows lie together,
// with what is asked of them beside the key. An absent value is INT64_MIN.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/kernel/table_index.hpp"
#include "toll/value.hpp"

namespace toll {

class NarrowTable {
 public:
  NarrowTable() = default;
  /// `band`: a column, kNone if there is none; `since` and `until`: of each row. Where 64 bits do
  /// not do for all of it, the table is not there.
  NarrowTable(const Cells& cells, const TableIndex& keys, std::uint32_t band,
              const std::vector<Value>& since, const std::vector<Value>& until, bool dated);

  [[nodiscard]] bool is_there() const { return !first_.empty(); }
  /// The row in force for this key, then the number a band is looked for, then the time; each if
  /// the table has it. Of several the one with the highest band, of these the last. INT64_MIN:
  /// none.
  [[nodiscard]] std::int64_t find(const TableIndex& keys, const std::int64_t* key) const;

  /// A key is one value, and its row is always in force.
  [[nodiscard]] bool is_array() const { return !row_of_.empty(); }
  [[nodiscard]] std::int64_t row_of(std::int64_t key) const {
    const std::uint64_t place = static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(low_);
    return place < row_of_.size() ? row_of_[place] : INT64_MIN;
  }

  /// A key is one value, its rows are always in force and told apart by their bands.
  [[nodiscard]] bool has_bands() const { return !bands_of_.empty(); }
  [[nodiscard]] std::int64_t row_of(std::int64_t key, std::int64_t number) const {
    const std::uint64_t place = static_cast<std::uint64_t>(key) - static_cast<std::uint64_t>(low_);
    if (place >= bands_of_.size() - 1) return INT64_MIN;
    const Band* const first = bands_.data() + bands_of_[place];
    const Band* band = bands_.data() + bands_of_[place + 1];
    if (band - first > kFew) band = next_band(first, band, number);
    while (band != first) {
      --band;
      if (band->from <= number) return band->row;
    }
    return INT64_MIN;
  }

  /// 64 bits do for all cells.
  [[nodiscard]] bool has_cells() const { return !cells_.empty(); }
  [[nodiscard]] std::int64_t cell(std::int64_t row, std::uint32_t column) const {
    return static_cast<std::uint64_t>(row) < rows_
               ? cells_[static_cast<std::size_t>(row) * columns_ + column]
               : INT64_MIN;
  }

  /// What row_of() and cell() look at, for machine code.
  struct Rows {
    std::int64_t low;
    std::uint64_t count;
    const std::int64_t* rows;  ///< by key, from the lowest one on
  };
  [[nodiscard]] Rows rows_by_key() const { return {low_, row_of_.size(), row_of_.data()}; }
  struct Grid {
    std::uint64_t rows;
    std::size_t columns;
    const std::int64_t* cells;  ///< row by row
  };
  [[nodiscard]] Grid grid() const { return {rows_, columns_, cells_.data()}; }

 private:
  static constexpr std::int64_t kForEver = INT64_MAX;
  static constexpr std::ptrdiff_t kFew = 8;  // so many are looked through one by one
  struct Band {
    std::int64_t from = 0;
    std::int64_t row = 0;
  };
  struct Row {
    std::int64_t band = 0;
    std::int64_t since = INT64_MIN;
    std::int64_t until = kForEver;
    std::int64_t row = 0;
  };

  bool read_rows(const Cells& cells, const TableIndex& keys, const std::vector<Value>& since,
                 const std::vector<Value>& until);
  void read_cells(const Cells& cells);
  void lay_out_keys(const TableIndex& keys);
  static const Band* next_band(const Band* first, const Band* last, std::int64_t number);

  std::uint32_t band_ = 0;
  std::uint32_t keys_ = 0;
  bool banded_ = false;
  bool dated_ = false;
  std::vector<std::uint32_t> first_;  // by group of the index: of its rows, and one past the last
  std::vector<Row> found_;  // of a group by ascending band, as they stand if it is the same
  std::int64_t low_ = 0;
  std::vector<std::int64_t> row_of_;
  std::vector<std::uint32_t> bands_of_;  // by key: where its bands begin, and where the last's end
  std::vector<Band> bands_;
  std::uint64_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<std::int64_t> cells_;
};

}  // namespace toll
