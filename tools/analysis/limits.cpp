#include "tools/analysis/limits.hpp"

#include <algorithm>

namespace toll::tools {

bool has_currency(const Core& core, const Dimension& dimension) {
  return std::any_of(std::begin(dimension.powers), std::end(dimension.powers),
                     [&](const Dimension::Power& power) {
                       return power.unit != 0 && core.units[power.unit].currency;
                     });
}

std::uint32_t name_key(const Table& table) {
  for (const std::uint32_t key : table.keys) {
    if (table.columns[key].type.kind == Kind::name) return key;
  }
  return kNone;
}

Limits::Limits(const Core& core) : core_(core) {
  for (const Node& node : core.nodes) {
    const bool compares =
        node.op == Op::lt || node.op == Op::le || node.op == Op::gt || node.op == Op::ge;
    if (!compares) continue;
    for (const NodeId arg : node.args) look(arg);
  }
}

void Limits::look(NodeId id) {
  if (id == kNoNode || !seen_.insert(id).second) return;
  const Node& node = core_.nodes[id];
  if (node.op == Op::row_field && !node.args.empty()) {
    const Type& row = core_.nodes[node.args[0]].type;
    const bool count = node.type.kind == Kind::number && !node.type.dimension.none() &&
                       !has_currency(core_, node.type.dimension);
    if (row.of == Of::table && count && core_.tables[row.ref].band != node.a)
      columns_.insert({row.ref, node.a});
  }
  for (const NodeId arg : node.args) look(arg);
}

std::optional<Value> Limits::of(const Table& banded, const Table::Row& at) const {
  const std::uint32_t key = name_key(banded);
  if (banded.band == kNone || key == kNone) return std::nullopt;
  const Type& unit = banded.columns[banded.band].type;
  const std::uint32_t domain = banded.columns[key].type.ref;
  std::optional<Value> most;
  for (const auto& [index, column] : columns_) {
    const Table& table = core_.tables[index];
    if (!(table.columns[column].type.dimension == unit.dimension)) continue;
    for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
      const Type& type = table.columns[i].type;
      if (type.kind != Kind::name || type.ref != domain) continue;
      for (const Table::Row& row : table.rows) {
        if (row.cells[i] != at.cells[key] || row.cells[column] == kAbsent) continue;
        most = std::max(most.value_or(row.cells[column]), row.cells[column]);
      }
    }
  }
  return most;
}

}  // namespace toll::tools
