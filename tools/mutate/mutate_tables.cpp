// What can be wrong in a table: an amount, a bound, the day an edition begins, a row forgotten.
#include <algorithm>
#include <map>
#include <set>

#include "tools/mutate/maker.hpp"

namespace toll::tools {
namespace {

using TableRows = std::vector<std::uint32_t>;

Mutation::Touches touching(std::uint32_t table, const TableRows& rows) {
  Mutation::Touches touches;
  for (const std::uint32_t row : rows) touches.rows.push_back({table, row});
  return touches;
}

bool same_keys(const Table& table, const Table::Row& a, const Table::Row& b) {
  return a.since == b.since &&
         std::all_of(table.keys.begin(), table.keys.end(),
                     [&](std::uint32_t column) { return a.cells[column] == b.cells[column]; });
}

/// The rows that one written cell became: a list in another cell of its line makes several rows of
/// it; a value that varies along the line stands in the header, once for the whole table.
class CellGroups {
 public:
  CellGroups(const Core& core, const Table& table, std::uint32_t column)
      : core_(core), column_(column) {
    std::map<std::uint32_t, Value> seen;
    for (const Table::Row& row : table.rows) {
      const auto [at, fresh] = seen.emplace(line(row), row.cells[column]);
      if (!fresh && at->second != row.cells[column]) header_ = true;
    }
    std::map<std::pair<std::uint32_t, Value>, std::size_t> places;
    for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
      const Table::Row& row = table.rows[i];
      const std::pair key{header_ ? 0 : line(row), row.cells[column_]};
      const auto [place, fresh] = places.emplace(key, groups_.size());
      if (fresh) groups_.emplace_back();
      groups_[place->second].push_back(i);
    }
  }

  [[nodiscard]] const std::vector<TableRows>& groups() const { return groups_; }

 private:
  /// Rows that nobody wrote are each their own line.
  [[nodiscard]] std::uint32_t line(const Table::Row& row) const {
    if (row.clause == kNone) return kNone;
    return core_.clauses[row.clause].line;
  }

  const Core& core_;
  std::uint32_t column_;
  bool header_ = false;
  std::vector<TableRows> groups_;
};

}  // namespace

void MutationMaker::rows_missing(std::uint32_t index) {
  const Table& table = core_.tables[index];
  for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
    const Table::Row& row = table.rows[i];
    // A band with a hole in it is no table; the one below reaches up over it.
    const bool first = table.band == kNone || i == 0 || !same_keys(table, table.rows[i - 1], row);
    if (!first && table.band_end == kNone) continue;
    Mutation& made =
        add(What::row, row.clause, {}, {"mutate.row", {table.name, row_name(table, row)}},
            [index, i, first](Core& core) {
              Table& all = core.tables[index];
              if (!first) all.rows[i - 1].cells[all.band_end] = all.rows[i].cells[all.band_end];
              all.rows.erase(all.rows.begin() + i);
            });
    made.touches = touching(index, {i});
  }
}

void MutationMaker::cells(std::uint32_t index) {
  const Table& table = core_.tables[index];
  const auto is_key = [&](std::uint32_t column) {
    return std::find(table.keys.begin(), table.keys.end(), column) != table.keys.end();
  };
  std::size_t plain = 0;
  for (std::uint32_t column = 0; column < table.columns.size(); ++column)
    plain += is_key(column) || column == table.band || column == table.band_end ? 0U : 1U;
  for (std::uint32_t column = 0; column < table.columns.size(); ++column) {
    const Type& type = table.columns[column].type;
    if (column == table.band || column == table.band_end) continue;
    // A table of keys alone says what belongs together: its last key is what it says.
    const bool says = plain > 0 ? !is_key(column) : column == table.keys.back();
    const bool size = is_key(column) && type.kind == Kind::number && table.band == kNone;
    if (!says && !size) continue;
    const CellGroups groups(core_, table, column);
    for (const TableRows& rows : groups.groups()) {
      const Table::Row& row = table.rows[rows.front()];
      const Value old = row.cells[column];
      const auto becomes = [&](What kind, Value fresh) {
        Mutation& made = add(kind, row.clause, {},
                             {"mutate.cell",
                              {table.name, row_name(table, row), table.columns[column].name,
                               value(type, old), value(type, fresh)}},
                             [index, column, rows, fresh](Core& core) {
                               for (const std::uint32_t one : rows)
                                 core.tables[index].rows[one].cells[column] = fresh;
                             });
        made.touches = touching(index, rows);
      };
      if (old == kAbsent) {
        if (type.kind == Kind::number) becomes(What::quote, 0);
        continue;
      }
      if (type.kind == Kind::text) continue;  // a remark, or a code that a step repeats
      for (const bool up : {true, false}) {
        const std::optional<Value> fresh = next_value(core_, type, old, up);
        if (!fresh) continue;
        const bool money = type.kind == Kind::number && type.scale > 0;
        becomes(money                        ? What::price
                : type.kind == Kind::number  ? What::number
                : type.kind == Kind::boolean ? What::flag
                : type.kind == Kind::name    ? What::name
                                             : What::date,
                *fresh);
        if (type.kind == Kind::boolean || type.kind == Kind::name) break;
      }
    }
  }
}

/// Where one band ends and the next one begins.
void MutationMaker::bounds(std::uint32_t index) {
  const Table& table = core_.tables[index];
  if (table.band == kNone) return;
  const Type& type = table.columns[table.band].type;
  const CellGroups groups(core_, table, table.band);
  for (const TableRows& rows : groups.groups()) {
    const Value old = table.rows[rows.front()].cells[table.band];
    TableRows uppers;
    TableRows lowers;
    for (const std::uint32_t i : rows) {
      if (i == 0 || !same_keys(table, table.rows[i - 1], table.rows[i])) continue;
      uppers.push_back(i);
      lowers.push_back(i - 1);
    }
    if (uppers.empty()) continue;
    const Table::Row& below = table.rows[lowers.front()];
    for (const bool up : {true, false}) {
      const std::optional<Value> fresh = next_value(core_, type, old, up);
      if (!fresh) continue;
      Mutation& made =
          add(What::bound, below.clause, {},
              {"mutate.bound",
               {table.name, row_name(table, below), value(type, old), value(type, *fresh)}},
              [index, uppers, value = *fresh](Core& core) {
                Table& all = core.tables[index];
                for (const std::uint32_t i : uppers) {
                  all.rows[i].cells[all.band] = value;
                  if (all.band_end != kNone) all.rows[i - 1].cells[all.band_end] = value;
                }
              });
      TableRows both = uppers;
      both.insert(both.end(), lowers.begin(), lowers.end());
      made.touches = touching(index, both);
    }
  }
}

/// A second earlier or later from one edition to the next.
void MutationMaker::editions(std::uint32_t index) {
  const Table& table = core_.tables[index];
  if (!table.dated) return;
  std::map<Value, TableRows> rows;
  for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
    const Table::Row& row = table.rows[i];
    if (row.since != kAbsent) rows[row.since].push_back(i);
    if (row.until != kAbsent && row.until != row.since) rows[row.until].push_back(i);
  }
  Type instant;
  instant.kind = Kind::instant;
  for (const auto& [at, all] : rows) {
    for (const bool up : {true, false}) {
      const std::optional<Value> fresh = next_value(core_, instant, at, up);
      if (!fresh) continue;
      Mutation& made =
          add(What::date, table.rows[all.front()].clause, {},
              {"mutate.edition", {table.name, value(instant, at), words().time(*fresh)}},
              [index, at = at, value = *fresh](Core& core) {
                for (Table::Row& row : core.tables[index].rows) {
                  if (row.since == at) row.since = value;
                  if (row.until == at) row.until = value;
                }
              });
      made.touches = touching(index, all);
    }
  }
}

void MutationMaker::tables() {
  for (std::uint32_t table = 0; table < core_.tables.size(); ++table) {
    rows_missing(table);
    cells(table);
    bounds(table);
    editions(table);
  }
}

}  // namespace toll::tools
