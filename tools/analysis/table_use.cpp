#include "tools/analysis/table_use.hpp"

#include <algorithm>
#include <optional>

#include "dsl/checks/walk.hpp"
#include "tools/analysis/logic.hpp"

namespace toll::tools {
namespace {

/// What a condition says of a row that is known, as far as the row decides it.
class OfRow {
 public:
  OfRow(const Core& core, const Source& source, const Table::Row& row, std::uint32_t but)
      : core_(core), source_(source), row_(row), but_(but) {}

  /// The row belongs to no traversal of the source, whatever is in the column `but`.
  [[nodiscard]] bool out() const {
    for (const NodeId part : Logic(core_).parts(source_.where))
      if (holds(part) == std::optional(false)) return true;
    return false;
  }

 private:
  [[nodiscard]] std::optional<Value> value(NodeId id) const {
    const Node& node = core_.nodes[id];
    if (node.op == Op::constant) return node.value;
    if (node.op != Op::row_field || node.a == but_) return std::nullopt;
    const Node& row = core_.nodes[node.args[0]];
    if (row.op != Op::local || row.a != source_.slot) return std::nullopt;
    return row_.cells[node.a];
  }

  [[nodiscard]] std::optional<bool> holds(NodeId id) const {
    const Node& node = core_.nodes[id];
    switch (node.op) {
      case Op::eq:
      case Op::ne: {
        const std::optional<Value> a = value(node.args[0]);
        const std::optional<Value> b = value(node.args[1]);
        if (!a || !b) return std::nullopt;
        return (*a == *b) == (node.op == Op::eq);
      }
      case Op::present: {
        const std::optional<Value> a = value(node.args[0]);
        if (!a) return std::nullopt;
        return *a != kAbsent;
      }
      case Op::logical_not: {
        const std::optional<bool> inner = holds(node.args[0]);
        if (!inner) return std::nullopt;
        return !*inner;
      }
      case Op::row_field: {
        const std::optional<Value> a = value(id);
        if (!a || node.type.kind != Kind::boolean) return std::nullopt;
        return *a == 1;
      }
      default:
        return std::nullopt;
    }
  }

  const Core& core_;
  const Source& source_;
  const Table::Row& row_;
  std::uint32_t but_;
};

}  // namespace

bool is_key(const Table& table, std::uint32_t column) {
  return column == table.band ||
         std::find(table.keys.begin(), table.keys.end(), column) != table.keys.end();
}

bool unseen(const Core& core, const Reach& reach, std::uint32_t index, const Table::Row& row,
            std::uint32_t column) {
  if (is_key(core.tables[index], column)) return false;
  return std::all_of(reach.columns.begin(), reach.columns.end(), [&](const Reach::Read& read) {
    if (read.table != index || read.column != column) return true;
    return read.source != nullptr && OfRow(core, *read.source, row, column).out();
  });
}

bool row_matters(const Core& core, const Reach& reach, std::uint32_t table) {
  const auto other = [&](NodeId user, NodeId id) {
    return id != kNoNode && core.nodes[id].op == Op::lookup && core.nodes[id].a == table &&
           (user == kNoNode || core.nodes[user].op != Op::row_field);
  };
  bool found = false;
  for (NodeId id = 0; id < core.nodes.size(); ++id) {
    if (!reach.nodes[id]) continue;
    for (const NodeId argument : core.nodes[id].args) found = found || other(id, argument);
    if (core.nodes[id].op != Op::aggregate) continue;
    const Aggregate& aggregate = core.aggregates[core.nodes[id].a];
    found = found || other(kNoNode, aggregate.body) ||
            (aggregate.source.of == Source::Of::table && aggregate.source.index == table);
    dsl::each_root(aggregate.source, [&](NodeId root) { found = found || other(kNoNode, root); });
  }
  for (const Block& block : core.blocks) {
    dsl::each_effect(block.effects, [&](const Effect& effect) {
      dsl::each_root(effect, [&](NodeId root) { found = found || other(kNoNode, root); });
      const auto goes_through = [&](const Source& source) {
        return source.of == Source::Of::table && source.index == table;
      };
      found = found || (dsl::has_source(effect) && goes_through(effect.source));
      for (const Effect::EmitRows& rows : effect.rows) found = found || goes_through(rows.source);
    });
  }
  for (const Definition& definition : core.definitions)
    found = found || other(kNoNode, definition.body);
  return found;
}

}  // namespace toll::tools
