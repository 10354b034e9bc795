#include "tools/diff/tables.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "tools/analysis/table_use.hpp"
#include "tools/prove/reached.hpp"

namespace toll::diff {
namespace {

/// Instants in order, where absent is the beginning (for `since`) or the end (for `until`).
bool in_force(const Table& table, const Table::Row& row, Value since) {
  if (!table.dated) return true;
  const bool begun = row.since == kAbsent || (since != kAbsent && row.since <= since);
  const bool over = row.until != kAbsent && since != kAbsent && row.until <= since;
  return begun && !over;
}

class Compare {
 public:
  Compare(const TableSide& before, std::uint32_t table_before, const TableSide& after,
          std::uint32_t table_after)
      : sides_{&before, &after},
        tables_{&before.coder.core().tables[table_before], &after.coder.core().tables[table_after]},
        uses_{&before.reach.tables[table_before], &after.reach.tables[table_after]} {
    change_.before = table_before;
    change_.after = table_after;
  }

  TableChange all() {
    if (!same_shape()) {
      change_.reshaped = true;
      return change_;
    }
    pair_columns();
    for (const auto& [key, rows] : by_key()) question(rows);
    // As the table has them.
    const auto place = [](const Region& region) {
      return region.row_after == kNone ? region.row_before : region.row_after;
    };
    std::stable_sort(change_.regions.begin(), change_.regions.end(),
                     [&](const Region& a, const Region& b) { return place(a) < place(b); });
    if (change_.regions.empty()) change_.reordered = !same_traversals();
    return change_;
  }

 private:
  using Rows = std::array<std::vector<std::uint32_t>, 2>;

  [[nodiscard]] const Table& table(std::size_t side) const { return *tables_[side]; }
  [[nodiscard]] Term cell(std::size_t side, std::uint32_t row, std::uint32_t column) const {
    return sides_[side]->coder.value(table(side).columns[column].type,
                                     table(side).rows[row].cells[column]);
  }

  [[nodiscard]] bool same_shape() const {
    const auto name = [this](std::size_t side, std::uint32_t column) {
      return column == kNone ? std::string() : table(side).columns[column].name;
    };
    if (table(0).keys.size() != table(1).keys.size()) return false;
    for (std::size_t i = 0; i < table(0).keys.size(); ++i) {
      const std::uint32_t a = table(0).keys[i];
      const std::uint32_t b = table(1).keys[i];
      if (name(0, a) != name(1, b) || sides_[0]->coder.type(table(0).columns[a].type) !=
                                          sides_[1]->coder.type(table(1).columns[b].type))
        return false;
    }
    return name(0, table(0).band) == name(1, table(1).band);
  }

  /// Columns that both have and somebody reads.
  void pair_columns() {
    for (std::uint32_t a = 0; a < table(0).columns.size(); ++a) {
      for (std::uint32_t b = 0; b < table(1).columns.size(); ++b) {
        if (table(0).columns[a].name != table(1).columns[b].name) continue;
        if (uses_[0]->columns.count(a) == 0 && uses_[1]->columns.count(b) == 0) continue;
        columns_.emplace_back(a, b);
      }
    }
  }

  [[nodiscard]] std::map<std::vector<Term>, Rows> by_key() const {
    std::map<std::vector<Term>, Rows> out;
    for (std::size_t side = 0; side < 2; ++side) {
      for (std::uint32_t row = 0; row < table(side).rows.size(); ++row) {
        std::vector<Term> key;
        for (const std::uint32_t column : table(side).keys) key.push_back(cell(side, row, column));
        // Rows without a question (no keys, no band) are known by all they say.
        if (table(side).keys.empty() && table(side).band == kNone && !table(side).dated)
          for (const auto& pair : columns_)
            key.push_back(cell(side, row, side == 0 ? pair.first : pair.second));
        out[std::move(key)][side].push_back(row);
      }
    }
    return out;
  }

  /// Rows of one key: era by era, band by band.
  void question(const Rows& rows) {
    std::set<Value> dates;
    std::set<Value> bounds;
    for (std::size_t side = 0; side < 2; ++side) {
      for (const std::uint32_t row : rows[side]) {
        if (table(side).dated) {
          if (table(side).rows[row].since != kAbsent) dates.insert(table(side).rows[row].since);
          if (table(side).rows[row].until != kAbsent) dates.insert(table(side).rows[row].until);
        }
        if (table(side).band != kNone) bounds.insert(table(side).rows[row].cells[table(side).band]);
      }
    }
    std::vector<Value> eras(dates.begin(), dates.end());
    eras.insert(eras.begin(), kAbsent);
    std::vector<Value> bands(bounds.begin(), bounds.end());
    if (bands.empty()) bands.push_back(kAbsent);
    std::map<std::pair<Value, std::pair<std::uint32_t, std::uint32_t>>, std::size_t> open;
    for (std::size_t e = 0; e < eras.size(); ++e) {
      const std::size_t first = change_.regions.size();
      for (std::size_t b = 0; b < bands.size(); ++b) {
        Region region;
        region.since = eras[e];
        region.until = e + 1 < eras.size() ? eras[e + 1] : kAbsent;
        region.banded = table(0).band != kNone;
        region.from = bands[b];
        region.below = b + 1 < bands.size() ? bands[b + 1] : kAbsent;
        region.row_before = answer(0, rows[0], region.since, region.from);
        region.row_after = answer(1, rows[1], region.since, region.from);
        if (!differs(region)) continue;
        if (auto why = unseen(region)) {
          for (const auto& pair : region.columns) {
            unseen_[0].emplace(region.row_before, pair.first);
            unseen_[1].emplace(region.row_after, pair.second);
          }
          change_.proven.emplace_back(region, std::move(*why));
        } else {
          add(region, first);
        }
      }
    }
  }

  [[nodiscard]] std::uint32_t answer(std::size_t side, const std::vector<std::uint32_t>& rows,
                                     Value since, Value from) const {
    std::uint32_t found = kNone;
    for (const std::uint32_t row : rows) {
      if (!in_force(table(side), table(side).rows[row], since)) continue;
      if (table(side).band == kNone) return found == kNone ? row : found;
      const Value bound = table(side).rows[row].cells[table(side).band];
      if (bound > from) continue;
      if (found == kNone || table(side).rows[found].cells[table(side).band] <= bound) found = row;
    }
    return found;
  }

  bool differs(Region& region) const {
    if (region.row_before == kNone || region.row_after == kNone)
      return region.row_before != region.row_after;
    for (const auto& [a, b] : columns_) {
      // Where a band begins is said by the band.
      if (cell(0, region.row_before, a) != cell(1, region.row_after, b))
        region.columns.emplace_back(a, b);
    }
    return !region.columns.empty();
  }

  /// Why nobody sees what a region says otherwise.
  [[nodiscard]] std::optional<Message> unseen(const Region& region) const {
    const std::uint32_t tables[2] = {change_.before, change_.after};
    const std::uint32_t rows[2] = {region.row_before, region.row_after};
    const auto core = [this](std::size_t side) -> const Core& {
      return sides_[side]->coder.core();
    };
    if (region.banded && region.from != kAbsent) {
      bool never = true;
      for (std::size_t side = 0; side < 2 && never; ++side) {
        // Both ask by the keys of whichever row there is.
        const std::size_t of = rows[side] == kNone ? 1 - side : side;
        never =
            (of == side || table(side).keys.empty()) &&
            tools::never_reached(core(side), tables[side], table(of).rows[rows[of]], region.from);
      }
      if (never) return Message("diff.proof.out-of-reach");
    }
    if (rows[0] == kNone || rows[1] == kNone) {
      const std::size_t there = rows[0] == kNone ? 1 : 0;
      for (const std::uint32_t column : uses_[there]->columns)
        if (!tools::is_key(table(there), column) &&
            table(there).rows[rows[there]].cells[column] != kAbsent)
          return std::nullopt;
      for (std::size_t side = 0; side < 2; ++side) {
        if (tools::row_matters(core(side), sides_[side]->reads, tables[side])) return std::nullopt;
        for (const std::uint32_t column : uses_[side]->columns)
          if (tools::is_key(table(side), column)) return std::nullopt;
      }
      return Message("diff.proof.no-more");
    }
    for (const auto& [a, b] : region.columns) {
      const std::uint32_t columns[2] = {a, b};
      for (std::size_t side = 0; side < 2; ++side)
        if (!tools::unseen(core(side), sides_[side]->reads, tables[side],
                           table(side).rows[rows[side]], columns[side]))
          return std::nullopt;
    }
    return Message("diff.proof.unseen");
  }

  /// Joins what goes on from the band or the era before in the same words.
  void add(const Region& region, std::size_t first_of_era) {
    const auto same_rows = [&](const Region& other) {
      return says(0, other.row_before) == says(0, region.row_before) &&
             says(1, other.row_after) == says(1, region.row_after);
    };
    for (std::size_t i = first_of_era; i < change_.regions.size(); ++i) {
      Region& other = change_.regions[i];
      if (region.banded && other.below == region.from && same_rows(other)) {
        other.below = region.below;
        return;
      }
    }
    for (std::size_t i = 0; i < first_of_era; ++i) {
      Region& other = change_.regions[i];
      if (other.until != kAbsent && other.until == region.since && other.from == region.from &&
          other.below == region.below && same_key(other, region) && same_rows(other)) {
        other.until = region.until;
        return;
      }
    }
    change_.regions.push_back(region);
  }

  [[nodiscard]] bool same_key(const Region& a, const Region& b) const {
    const auto key = [this](const Region& region) {
      const std::size_t side = region.row_before == kNone ? 1 : 0;
      const std::uint32_t row = side == 0 ? region.row_before : region.row_after;
      std::vector<Term> out;
      for (const std::uint32_t column : table(side).keys) out.push_back(cell(side, row, column));
      return out;
    };
    return key(a) == key(b);
  }

  [[nodiscard]] std::vector<Term> says(std::size_t side, std::uint32_t row) const {
    if (row == kNone) return {};
    std::vector<Term> out;
    for (const auto& pair : columns_) {
      const std::uint32_t column = side == 0 ? pair.first : pair.second;
      out.push_back(unseen_[side].count({row, column}) != 0 ? 0 : cell(side, row, column));
    }
    return out;
  }

  // -- those who go through the rows

  [[nodiscard]] bool same_traversals() const {
    if ((uses_[0]->identity || uses_[1]->identity) && sequence(0, {}) != sequence(1, {}))
      return false;
    std::set<std::vector<std::uint32_t>> done;
    for (std::size_t side = 0; side < 2; ++side) {
      for (const Reach::Traversal& traversal : uses_[side]->traversals) {
        const std::vector<std::uint32_t> parts = partition(side, *traversal.source);
        if (!same_order(side, parts, traversal)) return false;
      }
    }
    return true;
  }

  /// Columns that a traversal compares with something other than its own row: only rows that agree
  /// in them come one after the other.
  [[nodiscard]] std::vector<std::uint32_t> partition(std::size_t side, const Source& source) const {
    std::vector<std::uint32_t> out;
    const Core& core = sides_[side]->coder.core();
    const auto visit = [&](const auto& self, NodeId id) -> void {
      if (id == kNoNode) return;
      const Node& node = core.nodes[id];
      if (node.op == Op::logical_and)
        for (const NodeId part : node.args) self(self, part);
      if (node.op != Op::eq) return;
      for (std::size_t i = 0; i < 2; ++i) {
        const Node& read = core.nodes[node.args[i]];
        if (read.op != Op::row_field || core.nodes[read.args[0]].op != Op::local ||
            core.nodes[read.args[0]].a != source.slot)
          continue;
        if (!Reach::reads_slot(core, node.args[1 - i], source.slot)) out.push_back(read.a);
      }
    };
    visit(visit, source.where);
    return out;
  }

  [[nodiscard]] bool same_order(std::size_t side, const std::vector<std::uint32_t>& parts,
                                const Reach::Traversal& traversal) const {
    // The same columns on the other side.
    std::vector<std::uint32_t> mine;
    std::vector<std::uint32_t> other;
    for (const std::uint32_t part : parts) {
      for (const auto& [a, b] : columns_) {
        if ((side == 0 ? a : b) != part) continue;
        mine.push_back(part);
        other.push_back(side == 0 ? b : a);
      }
    }
    auto left = grouped(side, mine, traversal.source->at == kNoNode);
    auto right = grouped(1 - side, other, traversal.source->at == kNoNode);
    if (!traversal.ordered) {
      for (auto* all : {&left, &right})
        for (auto& [key, rows] : *all) std::sort(rows.begin(), rows.end());
    }
    return left == right;
  }

  /// Rows in their order, by era and by the values of some columns.
  [[nodiscard]] std::map<std::vector<Term>, std::vector<std::vector<Term>>> grouped(
      std::size_t side, const std::vector<std::uint32_t>& parts, bool all_eras) const {
    std::map<std::vector<Term>, std::vector<std::vector<Term>>> out;
    std::set<Value> dates;
    for (std::size_t each = 0; each < 2; ++each) {
      for (const Table::Row& row : table(each).rows) {
        if (row.since != kAbsent) dates.insert(row.since);
        if (row.until != kAbsent) dates.insert(row.until);
      }
    }
    std::vector<Value> eras = {kAbsent};
    if (!all_eras && table(side).dated) eras.insert(eras.end(), dates.begin(), dates.end());
    for (std::size_t e = 0; e < eras.size(); ++e) {
      for (std::uint32_t row = 0; row < table(side).rows.size(); ++row) {
        const Table::Row& cells = table(side).rows[row];
        if (!all_eras && !in_force(table(side), cells, eras[e])) continue;
        std::vector<Term> key = {static_cast<Term>(e)};
        for (const std::uint32_t part : parts) key.push_back(cell(side, row, part));
        std::vector<Term> value = says(side, row);
        out[std::move(key)].push_back(std::move(value));
      }
    }
    return out;
  }

  [[nodiscard]] std::vector<std::vector<Term>> sequence(std::size_t side,
                                                        const std::vector<std::uint32_t>&) const {
    std::vector<std::vector<Term>> out;
    for (std::uint32_t row = 0; row < table(side).rows.size(); ++row)
      out.push_back(says(side, row));
    return out;
  }

  std::array<const TableSide*, 2> sides_;
  std::array<const Table*, 2> tables_;
  std::array<const Reach::Use*, 2> uses_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> columns_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> unseen_[2];  ///< row, column
  TableChange change_;
};

}  // namespace

TableChange compare_tables(const TableSide& before, std::uint32_t table_before,
                           const TableSide& after, std::uint32_t table_after) {
  return Compare(before, table_before, after, table_after).all();
}

}  // namespace toll::diff
