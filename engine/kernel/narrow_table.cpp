#include "engine/kernel/narrow_table.hpp"

#include <algorithm>

#include "toll/core.hpp"

namespace toll {
namespace {

/// False: it does not fit.
bool narrowed(Value value, std::int64_t absent, std::int64_t& out) {
  out = static_cast<std::int64_t>(value);
  const bool fits = out == value && out != INT64_MIN && out != INT64_MAX;
  if (value == kAbsent) out = absent;
  return fits || value == kAbsent;
}

}  // namespace

NarrowTable::NarrowTable(const Cells& cells, const TableIndex& keys, std::uint32_t band,
                         const std::vector<Value>& since, const std::vector<Value>& until,
                         bool dated)
    : band_(band),
      keys_(static_cast<std::uint32_t>(keys.columns())),
      banded_(band != kNone),
      dated_(dated) {
  read_cells(cells);
  if (!keys.is_narrow() || !read_rows(cells, keys, since, until)) {
    first_.clear();
    found_.clear();
    return;
  }
  if (keys_ == 1 && !dated_) lay_out_keys(keys);
}

// An absent number is below all bands, so that none is found for it.
void NarrowTable::lay_out_keys(const TableIndex& keys) {
  const auto [low, size] = keys.narrow_range();
  low_ = low;
  for (std::size_t place = 0; place < size; ++place) {
    const std::int64_t key = low + static_cast<std::int64_t>(place);
    if (!banded_) {
      row_of_.push_back(find(keys, &key));
      continue;
    }
    bands_of_.push_back(static_cast<std::uint32_t>(bands_.size()));
    const std::uint32_t group = keys.group_narrow(&key);
    if (group == kNone) continue;
    for (std::uint32_t i = first_[group]; i < first_[group + 1]; ++i) {
      bands_.push_back({found_[i].band, found_[i].row});
    }
  }
  if (banded_) bands_of_.push_back(static_cast<std::uint32_t>(bands_.size()));
}

const NarrowTable::Band* NarrowTable::next_band(const Band* first, const Band* last,
                                                std::int64_t number) {
  return std::upper_bound(first, last, number,
                          [](std::int64_t sought, const Band& one) { return sought < one.from; });
}

bool NarrowTable::read_rows(const Cells& cells, const TableIndex& keys,
                            const std::vector<Value>& since, const std::vector<Value>& until) {
  first_.push_back(0);
  for (std::uint32_t group = 0; group < keys.groups(); ++group) {
    for (const std::uint32_t row : keys.group(group)) {
      Row made;
      made.row = row;
      const bool fits = narrowed(since[row], INT64_MIN, made.since) &&
                        narrowed(until[row], kForEver, made.until) &&
                        (!banded_ || narrowed(cells.at(row, band_), INT64_MIN, made.band));
      if (!fits) return false;
      if (made.band != INT64_MIN) found_.push_back(made);
    }
    std::stable_sort(found_.begin() + first_.back(), found_.end(),
                     [](const Row& a, const Row& b) { return a.band < b.band; });
    first_.push_back(static_cast<std::uint32_t>(found_.size()));
  }
  return true;
}

void NarrowTable::read_cells(const Cells& cells) {
  rows_ = cells.rows;
  columns_ = cells.columns;
  for (const Value value : cells.values) {
    std::int64_t made = 0;
    if (!narrowed(value, INT64_MIN, made)) return cells_.clear();
    cells_.push_back(made);
  }
}

std::int64_t NarrowTable::find(const TableIndex& keys, const std::int64_t* key) const {
  constexpr std::int64_t kNothing = INT64_MIN;
  const std::int64_t number = banded_ ? key[keys_] : 0;
  const std::int64_t at = dated_ ? key[keys_ + (banded_ ? 1 : 0)] : 0;
  const std::uint32_t group = keys.group_narrow(key);
  if (group == kNone || number == kNothing || at == kNothing) return kNothing;
  const Row* const first = found_.data() + first_[group];
  const Row* row = found_.data() + first_[group + 1];
  if (banded_ && row - first > kFew) {
    row = std::upper_bound(first, row, number,
                           [](std::int64_t sought, const Row& one) { return sought < one.band; });
  }
  while (row != first) {
    --row;
    if (row->band > number) continue;
    if (!dated_) return row->row;
    if (row->since <= at && (row->until > at || row->until == kForEver)) return row->row;
  }
  return kNothing;
}

}  // namespace toll
