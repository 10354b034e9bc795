#include "tools/mutate/proof.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "tools/coverage/reach.hpp"
#include "tools/analysis/logic.hpp"
#include "tools/mutate/maker.hpp"

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

/// What is proven of every row of a list excludes it.
bool excluded_by(const Logic& logic, const std::vector<RowFact>& facts, const Rule& one,
                 const Rule& other) {
  std::vector<NodeId> together = logic.parts(one.guard);
  for (const NodeId part : logic.parts(other.guard)) together.push_back(part);
  return std::any_of(facts.begin(), facts.end(),
                     [&](const RowFact& fact) { return logic.refuted(fact, together); });
}

std::optional<Message> order_does_not_matter(const Core& core, const Core& mutant,
                                             const Mutation& mutation, const RowFacts& facts) {
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
    const Rule& one = before.rules[*at];
    const Rule& other = before.rules[*at + 1];
    if (one.effects.empty() && other.effects.empty()) return Message("mutate.proof.same-rules");
    if (logic.exclude(one.guard, other.guard) || excluded_by(logic, facts(), one, other))
      return proof;
  }
  return std::nullopt;
}

/// Without a rule that does nothing: none of those below it that do something can hold instead.
std::optional<Message> rule_does_nothing(const Core& core, const Core& mutant,
                                         const Mutation& mutation) {
  if (mutation.touches.effects.empty()) return std::nullopt;
  const Logic logic(core);
  for (std::uint32_t block = 0; block < core.blocks.size(); ++block) {
    const std::vector<const Effect*> all = effects_of(core.blocks[block]);
    const auto found = std::find(all.begin(), all.end(), mutation.touches.effects.front());
    if (found == all.end()) continue;
    const std::vector<Rule>& before = (*found)->rules;
    const std::vector<Rule>& after =
        effects_of(mutant.blocks[block])[static_cast<std::size_t>(found - all.begin())]->rules;
    if (after.size() + 1 != before.size()) return std::nullopt;
    std::size_t gone = 0;
    while (gone < after.size() && before[gone].guard == after[gone].guard &&
           before[gone].clause == after[gone].clause)
      ++gone;
    if (!before[gone].effects.empty()) return std::nullopt;
    for (std::size_t below = gone + 1; below < before.size(); ++below) {
      if (before[below].effects.empty()) continue;
      std::vector<NodeId> together = logic.parts(before[gone].guard);
      for (const NodeId part : logic.parts(before[below].guard)) together.push_back(part);
      // A rule between them that holds whenever both do is asked first.
      const bool asked_first =
          std::any_of(before.begin() + static_cast<std::ptrdiff_t>(gone) + 1,
                      before.begin() + static_cast<std::ptrdiff_t>(below), [&](const Rule& rule) {
                        return rule.effects.empty() && logic.follows(together, rule.guard);
                      });
      if (!asked_first && !logic.exclude(before[gone].guard, before[below].guard))
        return std::nullopt;
    }
    return Message("mutate.proof.same-rules");
  }
  return std::nullopt;
}

/// The first of rows of which there is one at most is the last.
std::optional<Message> one_row(const Core& core, const Mutation& mutation) {
  for (const NodeId node : mutation.touches.nodes) {
    if (core.nodes[node].op != Op::aggregate) return std::nullopt;
    const Aggregate& aggregate = core.aggregates[core.nodes[node].a];
    const bool end = aggregate.fn == Aggregate::Fn::first || aggregate.fn == Aggregate::Fn::last;
    if (!end || !at_most_one(core, aggregate.source)) return std::nullopt;
  }
  if (mutation.touches.nodes.empty()) return std::nullopt;
  return Message("mutate.proof.one-row");
}

/// A row comes to be with an amount above 0, and nothing is taken off it: `> 0` and `>= 0` are one.
std::optional<Message> never_zero(const Core& core, const Mutation& mutation) {
  const Logic logic(core);
  for (const NodeId id : mutation.touches.nodes) {
    const Node& node = core.nodes[id];
    if (node.op != Op::gt) return std::nullopt;
    const Node& field = core.nodes[node.args[0]];
    const Node& zero = core.nodes[node.args[1]];
    if (field.op != Op::row_field || zero.op != Op::constant || zero.value != 0)
      return std::nullopt;
    const Type& row = core.nodes[field.args[0]].type;
    if (row.of != Of::family) return std::nullopt;
    using Do = Effect::Do;
    std::size_t writes = 0;
    std::size_t above = 0;
    for (const Block& block : core.blocks) {
      for (const Effect* const effect : effects_of(block)) {
        const bool write = effect->what == Do::set_cell || effect->what == Do::add_cell ||
                           effect->what == Do::set_row || effect->what == Do::put;
        const bool drawn = effect->what == Do::draw;
        if ((write || drawn) && effect->a == row.ref) ++writes;
        for (const Rule& rule : effect->rules) {
          for (const Effect& inner : rule.effects) {
            if (inner.what != Do::add_cell || inner.a != row.ref || inner.b != field.a) continue;
            const std::vector<NodeId> parts = logic.parts(rule.guard);
            above += std::any_of(parts.begin(), parts.end(), [&](NodeId part) {
              const Node& guard = core.nodes[part];
              return guard.op == Op::gt && logic.same(guard.args[0], inner.args[0]) &&
                     core.nodes[guard.args[1]].op == Op::constant &&
                     core.nodes[guard.args[1]].value == 0;
            });
          }
        }
      }
    }
    if (writes == 0 || writes != above) return std::nullopt;
  }
  if (mutation.touches.nodes.empty()) return std::nullopt;
  return Message("mutate.proof.above-zero");
}

/// A count that is taken once or not at all stays within the bound of every count.
std::optional<Message> never_out_of_bounds(const Core& core, const Core& mutant,
                                           const Mutation& mutation) {
  const auto small = [&](const Core& of, NodeId node) {
    return of.nodes[node].op == Op::constant &&
           (of.nodes[node].value == 0 || of.nodes[node].value == 1);
  };
  const auto is_count = [&](const EventType& event, NodeId node) {
    const Node& here = core.nodes[node];
    return here.op == Op::field && event.fields[here.a].type.read == FieldType::Read::count;
  };
  std::size_t bounds = 0;
  for (const NodeId node : mutation.touches.nodes) {
    if (!small(core, node) || !small(mutant, node)) return std::nullopt;
    for (const EventType& event : core.events) {
      for (const NodeId product : event.bounded) {
        const Node& times = core.nodes[product];
        if (times.op != Op::mul) continue;
        for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
          const Node& either = core.nodes[times.args[side]];
          bounds += either.op == Op::coalesce && either.args.back() == node &&
                            is_count(event, times.args[1 - side])
                        ? 1U
                        : 0U;
        }
      }
    }
  }
  if (bounds == 0 || bounds != mutation.touches.nodes.size()) return std::nullopt;
  return Message("mutate.proof.bounded");
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
                                            const Mutation& mutation, const RowFacts& facts) {
  using Kind = Mutation::Kind;
  if (!mutation.touches.rows.empty()) return tables_say_the_same(core, mutant);
  switch (mutation.kind) {
    case Kind::order: {
      auto proof = order_does_not_matter(core, mutant, mutation, facts);
      return proof ? proof : one_row(core, mutation);
    }
    case Kind::rule:
      return rule_does_nothing(core, mutant, mutation);
    case Kind::compare:
      return never_zero(core, mutation);
    case Kind::number:
      return never_out_of_bounds(core, mutant, mutation);
    case Kind::clock:
      return only_in_timers(core, mutation);
    default:
      return std::nullopt;
  }
}

}  // namespace toll::tools
