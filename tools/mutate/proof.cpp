#include "tools/mutate/proof.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "tools/coverage/reach.hpp"
#include "tools/mutate/maker.hpp"

namespace toll::tools {
namespace {

/// What holds of two expressions in one state.
class Logic {
 public:
  explicit Logic(const Core& core) : core_(core) {}

  /// They cannot both hold.
  [[nodiscard]] bool exclude(NodeId a, NodeId b) const {
    const std::vector<NodeId> left = parts(a);
    const std::vector<NodeId> right = parts(b);
    return std::any_of(left.begin(), left.end(), [&](NodeId x) {
      return std::any_of(right.begin(), right.end(),
                         [&](NodeId y) { return contradict(x, y) || contradict(y, x); });
    });
  }

  /// The parts of a condition, each of which has to hold.
  [[nodiscard]] std::vector<NodeId> parts(NodeId node) const {
    std::vector<NodeId> open{node};
    std::vector<NodeId> out;
    while (!open.empty()) {
      const NodeId here = seen(open.back());
      open.pop_back();
      if (here == kNoNode) continue;
      if (core_.nodes[here].op == Op::logical_and) {
        open.insert(open.end(), core_.nodes[here].args.begin(), core_.nodes[here].args.end());
      } else {
        out.push_back(here);
      }
    }
    return out;
  }

  [[nodiscard]] bool same(NodeId a, NodeId b) const {
    a = seen(a);
    b = seen(b);
    if (a == b) return true;
    if (a == kNoNode || b == kNoNode) return false;
    const Node& x = core_.nodes[a];
    const Node& y = core_.nodes[b];
    if (x.op != y.op || x.a != y.a || x.b != y.b || x.value != y.value || !(x.type == y.type) ||
        x.args.size() != y.args.size() || x.op == Op::aggregate)
      return false;
    for (std::size_t i = 0; i < x.args.size(); ++i)
      if (!same(x.args[i], y.args[i])) return false;
    return true;
  }

 private:
  /// A definition without parameters is what it says.
  [[nodiscard]] NodeId seen(NodeId node) const {
    while (node != kNoNode && core_.nodes[node].op == Op::call && core_.nodes[node].args.empty())
      node = core_.definitions[core_.nodes[node].a].body;
    return node;
  }

  static constexpr int kLess = 1;
  static constexpr int kEqual = 2;
  static constexpr int kMore = 4;
  /// The orders of its sides with which a comparison holds; 0: it is none.
  static int orders(Op op) {
    switch (op) {
      case Op::lt:
        return kLess;
      case Op::le:
        return kLess | kEqual;
      case Op::gt:
        return kMore;
      case Op::ge:
        return kMore | kEqual;
      case Op::eq:
        return kEqual;
      case Op::ne:
        return kLess | kMore;
      default:
        return 0;
    }
  }

  [[nodiscard]] bool contradict(NodeId a, NodeId b) const {
    const Node& x = core_.nodes[a];
    const Node& y = core_.nodes[b];
    if (x.op == Op::logical_not) {
      const std::vector<NodeId> all = parts(x.args[0]);
      return all.size() == 1 && same(all.front(), b);
    }
    if (x.op == Op::logical_or)
      return std::all_of(x.args.begin(), x.args.end(),
                         [&](NodeId part) { return exclude(part, b); });
    if (orders(x.op) == 0 || orders(y.op) == 0) return false;
    if (same(x.args[0], y.args[0]) && same(x.args[1], y.args[1]))
      return (orders(x.op) & orders(y.op)) == 0;
    if (x.op != Op::eq || y.op != Op::eq || !same(x.args[0], y.args[0])) return false;
    const Node& one = core_.nodes[x.args[1]];
    const Node& other = core_.nodes[y.args[1]];
    return one.op == Op::constant && other.op == Op::constant && one.value != other.value;
  }

  const Core& core_;
};

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

bool is_key(const Table& table, std::uint32_t column) {
  return column == table.band ||
         std::find(table.keys.begin(), table.keys.end(), column) != table.keys.end();
}

/// Is a cell never looked at?
bool unseen(const Core& core, const Reach& reach, std::uint32_t index, const Table::Row& row,
            std::uint32_t column) {
  if (is_key(core.tables[index], column)) return false;
  return std::all_of(reach.columns.begin(), reach.columns.end(), [&](const Reach::Read& read) {
    if (read.table != index || read.column != column) return true;
    return read.source != nullptr && OfRow(core, *read.source, row, column).out();
  });
}

/// The rows of a table as lookups see them: bands that say the same are one.
std::vector<std::vector<Value>> as_seen(const Reach& reach, const Table& table,
                                        std::uint32_t index) {
  const bool bounds = table.band != kNone && !reach.reads(index, table.band) &&
                      (table.band_end == kNone || !reach.reads(index, table.band_end));
  std::vector<std::vector<Value>> out;
  std::vector<Value> last;
  for (const Table::Row& row : table.rows) {
    std::vector<Value> seen{row.since, row.until};
    for (std::uint32_t column = 0; column < row.cells.size(); ++column) {
      const bool matters = is_key(table, column) || reach.reads(index, column);
      seen.push_back(matters ? row.cells[column] : 0);
    }
    std::vector<Value> without = seen;
    if (bounds) without[table.band + 2] = 0;
    if (!bounds || without != last) out.push_back(seen);
    last = std::move(without);
  }
  return out;
}

std::optional<Message> tables_say_the_same(const Core& core, const Core& mutant) {
  const Reach reach(core);
  bool cells = true;
  for (std::uint32_t index = 0; index < core.tables.size() && cells; ++index) {
    const Table& before = core.tables[index];
    const Table& after = mutant.tables[index];
    cells = before.rows.size() == after.rows.size();
    for (std::size_t i = 0; i < before.rows.size() && cells; ++i) {
      const Table::Row& row = before.rows[i];
      cells = row.since == after.rows[i].since && row.until == after.rows[i].until;
      for (std::uint32_t column = 0; column < row.cells.size() && cells; ++column)
        cells = row.cells[column] == after.rows[i].cells[column] ||
                unseen(core, reach, index, row, column);
    }
  }
  if (cells) return Message("mutate.proof.unseen");
  for (std::uint32_t index = 0; index < core.tables.size(); ++index) {
    if (as_seen(reach, core.tables[index], index) != as_seen(reach, mutant.tables[index], index))
      return std::nullopt;
  }
  return Message("mutate.proof.same-bands");
}

/// The first of two neighbours that changed places.
template <class Item, class Same>
std::optional<std::size_t> swapped(const std::vector<Item>& before, const std::vector<Item>& after,
                                   const Same& same) {
  if (before.size() != after.size()) return std::nullopt;
  for (std::size_t i = 0; i + 1 < before.size(); ++i)
    if (!same(before[i], after[i])) return i;
  return std::nullopt;
}

std::optional<Message> order_does_not_matter(const Core& core, const Core& mutant,
                                             const Mutation& mutation) {
  const Logic logic(core);
  const Message proof("mutate.proof.exclusive");
  for (const NodeId node : mutation.touches.nodes) {
    const Node& before = core.nodes[node];
    if (before.op != Op::cases) return std::nullopt;
    const std::vector<NodeId>& after = mutant.nodes[node].args;
    const auto at = swapped(before.args, after, std::equal_to<>());
    if (!at || *at % 2 != 0 || *at + 3 >= before.args.size()) return std::nullopt;
    if (!logic.exclude(before.args[*at], before.args[*at + 2]) &&
        !logic.same(before.args[*at + 1], before.args[*at + 3]))
      return std::nullopt;
  }
  if (!mutation.touches.nodes.empty()) return proof;
  if (mutation.touches.effects.empty()) return std::nullopt;
  for (std::uint32_t block = 0; block < core.blocks.size(); ++block) {
    const std::vector<const Effect*> all = effects_of(core.blocks[block]);
    const auto found = std::find(all.begin(), all.end(), mutation.touches.effects.front());
    if (found == all.end()) continue;
    const Effect& before = **found;
    const Effect& after =
        *effects_of(mutant.blocks[block])[static_cast<std::size_t>(found - all.begin())];
    const auto at = swapped(before.rules, after.rules, [](const Rule& a, const Rule& b) {
      return a.guard == b.guard && a.clause == b.clause;
    });
    if (!at || before.rules[*at].guard == kNoNode || before.rules[*at + 1].guard == kNoNode)
      return std::nullopt;
    if (logic.exclude(before.rules[*at].guard, before.rules[*at + 1].guard)) return proof;
  }
  return std::nullopt;
}

/// A timer is never late: it fires at the clock.
std::optional<Message> only_in_timers(const Core& core, const Mutation& mutation) {
  const Reach events(core, false);
  const bool late = std::any_of(mutation.touches.nodes.begin(), mutation.touches.nodes.end(),
                                [&](NodeId node) { return events.nodes[node]; });
  if (late) return std::nullopt;
  return Message("mutate.proof.timer");
}

}  // namespace

std::optional<Message> proof_of_equivalence(const Core& core, const Core& mutant,
                                            const Mutation& mutation) {
  if (!mutation.touches.rows.empty()) return tables_say_the_same(core, mutant);
  if (mutation.kind == Mutation::Kind::order) return order_does_not_matter(core, mutant, mutation);
  if (mutation.kind == Mutation::Kind::clock) return only_in_timers(core, mutation);
  return std::nullopt;
}

}  // namespace toll::tools
