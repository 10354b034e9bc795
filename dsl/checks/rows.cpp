// Rows of tables that no lookup can find: the `otherwise` of a table whose other rows have all
// keys already.

#include <set>

#include "dsl/checks/checks.hpp"

namespace toll::dsl {
namespace {

bool is_otherwise(const Table& table, const Table::Row& row) {
  for (const std::uint32_t key : table.keys) {
    if (row.cells[key] != kAbsent) return false;
  }
  return !table.keys.empty();
}

}  // namespace

void check_rows(const Subject& subject, Findings& found) {
  const Core& core = subject.core;
  for (const Table& table : core.tables) {
    std::size_t combinations = 1;
    for (const std::uint32_t key : table.keys) {
      const Type& type = table.columns[key].type;
      // Keys other than names have no end.
      combinations = type.kind != Kind::name || combinations > table.rows.size()
                         ? table.rows.size() + 1
                         : combinations * core.domains[type.ref].names.size();
    }
    const Table::Row* otherwise = nullptr;
    for (const Table::Row& row : table.rows) {
      if (is_otherwise(table, row)) otherwise = &row;
    }
    if (otherwise == nullptr) continue;
    std::set<std::vector<Value>> keys;
    for (const Table::Row& row : table.rows) {
      if (is_otherwise(table, row)) continue;
      std::vector<Value> key;
      for (const std::uint32_t column : table.keys) key.push_back(row.cells[column]);
      keys.insert(std::move(key));
    }
    if (keys.size() < combinations) continue;
    found.push_back(
        {subject.span(otherwise->clause), {"W1003.otherwise", {table.name}}, table.name, {}, {}});
  }
}

}  // namespace toll::dsl
