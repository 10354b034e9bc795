// A number ten times off its neighbours in a column: a point or a zero too many, most likely.

#include <algorithm>

#include "dsl/resolve/tables.hpp"

namespace toll::dsl {
namespace {

/// Does x lie between a and b?
bool between(Value a, Value x, Value b) { return (a <= x && x <= b) || (b <= x && x <= a); }

/// Is x outside of its neighbours, and inside once it is ten times as much or a tenth?
bool ten_times(Value before, Value x, Value after) {
  return before > 0 && after > 0 && !between(before, x, after) && x % 10 == 0 &&
         between(before, x / 10, after);
}
bool a_tenth(Value before, Value x, Value after) {
  return x > 0 && !between(before, x, after) && between(before, x * 10, after);
}

/// Neighbours say something if they are near each other.
bool near(Value a, Value b) { return a > 0 && b > 0 && a < 8 * b && b < 8 * a; }

}  // namespace

/// Rows as they are ordered: those of one key and time stand together, tiers ascending.
void TableReader::check_neighbours() {
  for (std::uint32_t column = 0; column < columns_.size(); ++column) {
    const bool key = std::find(table_.keys.begin(), table_.keys.end(), column) != table_.keys.end();
    if (key || column == table_.band || columns_[column].type.kind != Kind::number) continue;
    for (std::size_t i = 1; i + 1 < table_.rows.size(); ++i) {
      const Table::Row& before = table_.rows[i - 1];
      const Table::Row& row = table_.rows[i];
      const Table::Row& after = table_.rows[i + 1];
      const Value low = before.cells[column];
      const Value x = row.cells[column];
      const Value high = after.cells[column];
      const auto same_keys = [&](const Table::Row& one, const Table::Row& other) {
        return std::all_of(table_.keys.begin(), table_.keys.end(), [&](std::uint32_t one_key) {
          return one.cells[one_key] == other.cells[one_key];
        });
      };
      const bool known = low != kAbsent && x != kAbsent && high != kAbsent;
      const bool tiers = table_.band != kNone && same_keys(before, row) && same_keys(row, after) &&
                         before.since == row.since && row.since == after.since;
      // Across keys, prices differ as they please; only two equal neighbours say anything.
      const bool alike = table_.band == kNone && low == high;
      if (!known || !(tiers || alike) || !near(low, high)) continue;
      const bool more = ten_times(low, x, high);
      if (!more && !a_tenth(low, x, high)) continue;
      Diagnostic warning;
      warning.severity = Severity::warning;
      warning.message = {more ? "W0601.ten-times" : "W0601.tenth", {columns_[column].name}};
      warning.span = spans_[i];
      for (const std::size_t other : {i - 1, i + 1}) {
        warning.related.push_back(
            {Severity::note, "note.neighbour", spans_[other], {}, {}, {}, {}});
      }
      builder_.diagnostics_.add(std::move(warning));
    }
  }
}

}  // namespace toll::dsl
