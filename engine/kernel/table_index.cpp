#include "engine/kernel/table_index.hpp"

#include <algorithm>
#include <utility>

#include "engine/kernel/hash.hpp"

namespace toll {

TableIndex::TableIndex(const Cells& cells, std::vector<std::uint32_t> columns)
    : columns_(std::move(columns)) {
  if (!choose_ranges(cells)) {
    std::size_t size = 16;
    while (size < std::size_t{cells.rows} * 2) size *= 2;
    places_.assign(size, 0);
  }
  std::vector<std::uint32_t> group_of(cells.rows);
  std::vector<Value> key(columns_.size());
  for (std::uint32_t row = 0; row < cells.rows; ++row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) key[i] = cells.at(row, columns_[i]);
    const std::size_t place = place_of(cells, key.data());
    if (places_[place] == 0) {
      firsts_.push_back(row);
      places_[place] = static_cast<std::uint32_t>(firsts_.size());
    }
    group_of[row] = places_[place] - 1;
  }
  // Rows sorted by group, in a group as they stand.
  starts_.assign(firsts_.size() + 1, 0);
  for (const std::uint32_t group : group_of) ++starts_[group + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  rows_.assign(cells.rows, 0);
  std::vector<std::uint32_t> next(starts_);
  for (std::uint32_t row = 0; row < cells.rows; ++row) rows_[next[group_of[row]]++] = row;
}

bool TableIndex::choose_ranges(const Cells& cells) {
  const std::uint64_t limit = std::uint64_t{cells.rows} * 4 + 256;
  std::uint64_t product = 1;
  for (const std::uint32_t column : columns_) {
    Value low = 0;
    Value high = -1;
    for (std::uint32_t row = 0; row < cells.rows; ++row) {
      const Value value = cells.at(row, column);
      if (value == kAbsent) return ranges_.clear(), false;
      low = row == 0 ? value : std::min(low, value);
      high = row == 0 ? value : std::max(high, value);
    }
    Value width = 0;
    if (__builtin_sub_overflow(high, low, &width) || width >= static_cast<Value>(limit)) {
      return ranges_.clear(), false;
    }
    ranges_.push_back({low, static_cast<std::uint32_t>(width + 1)});
    product *= static_cast<std::uint64_t>(width + 1);
    if (product > limit) return ranges_.clear(), false;
  }
  places_.assign(std::max<std::size_t>(product, 1), 0);
  for (const Range& range : ranges_) {
    const auto low = static_cast<std::int64_t>(range.low);
    // An absent key, which is the lowest number, must be in no range.
    if (low != range.low || low < INT64_MIN / 2) return narrow_.clear(), !ranges_.empty();
    narrow_.push_back({low, range.size});
  }
  return !ranges_.empty();
}

std::size_t TableIndex::place_of(const Cells& cells, const Value* key) const {
  if (!ranges_.empty()) {
    std::size_t place = 0;
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
      if (key[i] < ranges_[i].low) return kMissing;
      const auto offset =
          static_cast<UnsignedValue>(key[i]) - static_cast<UnsignedValue>(ranges_[i].low);
      if (offset >= ranges_[i].size) return kMissing;
      place = place * ranges_[i].size + static_cast<std::size_t>(offset);
    }
    return place;
  }
  const std::size_t mask = places_.size() - 1;
  std::size_t place = hash_values(key, columns_.size()) & mask;
  for (; places_[place] != 0; place = (place + 1) & mask) {
    const std::uint32_t first = firsts_[places_[place] - 1];
    std::size_t same = 0;
    while (same < columns_.size() && cells.at(first, columns_[same]) == key[same]) ++same;
    if (same == columns_.size()) break;
  }
  return place;
}

std::span<const std::uint32_t> TableIndex::find(const Cells& cells, const Value* key) const {
  const std::size_t place = cells.rows == 0 ? kMissing : place_of(cells, key);
  if (place == kMissing || places_[place] == 0) return {};
  return group(places_[place] - 1);
}

}  // namespace toll
