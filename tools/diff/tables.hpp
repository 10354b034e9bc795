// What an edit of a table means for those who read it: not which lines changed, but which question
// gets another answer.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/coverage/reach.hpp"
#include "tools/diff/reach.hpp"
#include "tools/diff/terms.hpp"

namespace toll::diff {

/// One question that a table answers otherwise: for some keys, in an era, in a band.
struct Region {
  std::uint32_t row_before = kNone;  ///< kNone: no row answered
  std::uint32_t row_after = kNone;
  Value since = kAbsent;
  Value until = kAbsent;
  bool banded = false;
  Value from = kAbsent;  ///< of the band's column, inclusive
  Value below = kAbsent;
  /// Columns read anywhere whose values differ, in both tables; none where a row is new or gone.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> columns;
};

struct TableChange {
  std::uint32_t before = kNone;
  std::uint32_t after = kNone;
  std::vector<Region> regions;
  bool reordered = false;  ///< the same rows, in another order that can matter
  bool reshaped = false;   ///< asked by other keys: no row can be compared with another
  /// Rows that say something else which nobody looks at, and why: by row of the new table, or of
  /// the old one where there is none.
  std::vector<std::pair<Region, Message>> proven;
};

struct TableSide {
  Coder& coder;
  const Reach& reach;
  const tools::Reach& reads;
};

/// Complete: questions of no region have the same answer, as far as anybody reads it.
TableChange compare_tables(const TableSide& before, std::uint32_t table_before,
                           const TableSide& after, std::uint32_t table_after);

}  // namespace toll::diff
