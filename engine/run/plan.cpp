#include "engine/run/plan.hpp"

#include <algorithm>

#include "engine/kernel/assert.hpp"

namespace toll {

RowSource Planner::source(const Source& source) {
  RowSource made;
  made.of = source.of;
  made.index = source.index;
  made.list = source.list;
  made.at = source.at;
  made.slot = source.slot;
  std::vector<NodeId> conjuncts;
  if (source.where != kNoNode) split(source.where, conjuncts);
  const std::vector<Equality> looked_up = choose(source, made, equalities(conjuncts, source.slot));
  std::vector<NodeId> keys;
  for (const Equality& equality : looked_up) {
    keys.push_back(equality.value);
    conjuncts[equality.conjunct] = kNoNode;
  }
  std::erase(conjuncts, kNoNode);
  made.keys = operands(keys);
  made.where = operands(conjuncts);
  for (std::size_t i = 0; i < source.by.size(); ++i) {
    const bool descending = i < source.descending.size() && source.descending[i];
    made.by.push_back({source.by[i], core_.nodes[source.by[i]].type.kind, descending});
  }
  made.in_order = made.by.empty() ||
                  (made.find == RowSource::Find::chain && !p_.families[made.index].order.empty());
  return made;
}

void Planner::split(NodeId node, std::vector<NodeId>& conjuncts) const {
  if (core_.nodes[node].op != Op::logical_and) {
    conjuncts.push_back(node);
    return;
  }
  for (const NodeId part : core_.nodes[node].args) split(part, conjuncts);
}

// Definitions have frames of their own, so only their arguments can use a slot.
bool Planner::uses(NodeId index, std::uint32_t slot) const {
  if (index == kNoNode) return false;
  const Node& node = core_.nodes[index];
  if (node.op == Op::local) return node.a == slot;
  const auto any = [&](const std::vector<NodeId>& nodes) {
    return std::any_of(nodes.begin(), nodes.end(), [&](NodeId part) { return uses(part, slot); });
  };
  if (node.op == Op::aggregate) {
    const Aggregate& fold = core_.aggregates[node.a];
    return uses(fold.source.list, slot) || uses(fold.source.at, slot) ||
           uses(fold.source.where, slot) || any(fold.source.by) || uses(fold.body, slot);
  }
  return any(node.args);
}

std::vector<Planner::Equality> Planner::equalities(const std::vector<NodeId>& conjuncts,
                                                   std::uint32_t slot) const {
  std::vector<Equality> found;
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    const Node& node = core_.nodes[conjuncts[i]];
    if (node.op != Op::eq) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      const Node& field = core_.nodes[node.args[side]];
      const NodeId value = node.args[1 - side];
      if (field.op != Op::row_field) continue;
      const Node& row = core_.nodes[field.args[0]];
      if (row.op != Op::local || row.a != slot || uses(value, slot)) continue;
      found.push_back({i, field.a, value});
      break;
    }
  }
  return found;
}

std::vector<Planner::Equality> Planner::choose(const Source& source, RowSource& made,
                                               const std::vector<Equality>& all) {
  const auto on = [&](std::uint32_t column) {
    return std::find_if(all.begin(), all.end(),
                        [&](const Equality& equality) { return equality.column == column; });
  };
  if (source.of == Source::Of::table && !all.empty()) {
    made.find = RowSource::Find::column;
    made.found_by = column_index(source.index, all.front().column);
    return {all.front()};
  }
  if (source.of != Source::Of::family) return {};
  const FamilyShape& family = p_.families[source.index];
  if (family.index != kNone && on(family.index) != all.end()) {
    made.find = RowSource::Find::chain;
    return {*on(family.index)};
  }
  if (!family.keyed) return {};
  std::vector<Equality> key;
  for (std::uint32_t i = 0; i < family.key_count; ++i) {
    if (on(i) == all.end()) return {};
    key.push_back(*on(i));
  }
  made.find = RowSource::Find::key;
  return key;
}

std::uint32_t Planner::column_index(std::uint32_t table, std::uint32_t column) {
  const auto [at, fresh] = column_indexes_.try_emplace(
      {table, column}, static_cast<std::uint32_t>(p_.column_indexes.size()));
  if (fresh) p_.column_indexes.emplace_back(p_.tables[table].cells, std::vector{column});
  return at->second;
}

Range Planner::operands(const std::vector<NodeId>& nodes) {
  const Range range{static_cast<std::uint32_t>(p_.operands.size()),
                    static_cast<std::uint32_t>(nodes.size())};
  p_.operands.insert(p_.operands.end(), nodes.begin(), nodes.end());
  return range;
}

namespace {

/// Upper bounds, by the same walk as evaluation takes: a frame for each call, and the arguments
/// that lie above the frame while the next ones are evaluated.
class SlotCount {
 public:
  explicit SlotCount(const Program& program)
      : p_(program),
        terms_(program.terms.size(), kUnknown),
        definitions_(program.definitions.size(), kUnknown),
        blocks_(program.blocks.size(), kUnknown) {}

  std::uint32_t most() {
    std::uint32_t most = 0;
    for (std::uint32_t i = 0; i < p_.blocks.size(); ++i) most = std::max(most, block(i));
    for (std::uint32_t i = 0; i < p_.definitions.size(); ++i) most = std::max(most, definition(i));
    for (const EventType& event : p_.core->events) {
      std::uint32_t need = 0;
      for (const auto& refusal : event.refusals) need = std::max(need, term(refusal.guard));
      for (const NodeId product : event.bounded) need = std::max(need, term(product));
      most = std::max(most, event.frame + need);
    }
    for (const ViewPlan& view : p_.views) {
      most = std::max(most, view.frame + std::max(source(view.source), all(view.columns)));
    }
    return most;
  }

 private:
  static constexpr std::uint32_t kUnknown = 0xffffffffU;
  static constexpr std::uint32_t kInProgress = 0xfffffffeU;

  std::uint32_t all(Range range) {
    std::uint32_t need = 0;
    for (const NodeId node : p_.at(range)) need = std::max(need, term(node));
    return range.count + need;
  }

  std::uint32_t source(const RowSource& source) {
    std::uint32_t need =
        std::max({all(source.keys), all(source.where), term(source.list), term(source.at)});
    for (const RowSource::SortKey& key : source.by) need = std::max(need, term(key.node));
    return need;
  }

  std::uint32_t term(NodeId node) {
    if (node == kNoNode) return 0;
    TOLL_ASSERT(terms_[node] != kInProgress);
    if (terms_[node] != kUnknown) return terms_[node];
    terms_[node] = kInProgress;
    const Term& term_ = p_.terms[node];
    std::uint32_t need = all(term_.operands);
    if (term_.op == Op::call) {
      need = std::max(need, definition(term_.a));
    } else if (term_.op == Op::aggregate) {
      const RowFold& fold = p_.folds[term_.a];
      need = std::max({need, source(fold.source), term(fold.body)});
    }
    terms_[node] = need;
    return need;
  }

  std::uint32_t definition(std::uint32_t index) {
    return routine(definitions_[index],
                   [&] { return p_.definitions[index].frame + term(p_.definitions[index].body); });
  }

  std::uint32_t block(std::uint32_t index) {
    return routine(blocks_[index],
                   [&] { return p_.blocks[index].frame + steps(p_.blocks[index].steps); });
  }

  template <class Count>
  std::uint32_t routine(std::uint32_t& known, Count count) {
    TOLL_ASSERT(known != kInProgress);  // definitions and blocks do not call themselves
    if (known == kUnknown) {
      known = kInProgress;
      known = count();
    }
    return known;
  }

  std::uint32_t steps(Range range) {
    std::uint32_t need = 0;
    for (std::uint32_t i = 0; i < range.count; ++i) {
      need = std::max(need, step(p_.steps[range.first + i]));
    }
    return need;
  }

  std::uint32_t step(const Step& step) {
    std::uint32_t need = std::max(all(step.args), steps(step.steps));
    if (step.source) need = std::max(need, source(*step.source));
    for (std::uint32_t i = 0; i < step.rules.count; ++i) {
      const Choice& choice = p_.choices[step.rules.first + i];
      need = std::max({need, term(choice.guard), steps(choice.steps)});
    }
    for (const Step::Rows& rows : step.rows) {
      need = std::max({need, source(rows.source), all(rows.columns)});
    }
    if (step.what == Effect::Do::run) need = std::max(need, block(step.a));
    if (step.what == Effect::Do::set_cell || step.what == Effect::Do::add_cell) {
      need += p_.families[step.a].layout.cells();
    }
    return need;
  }

  const Program& p_;
  std::vector<std::uint32_t> terms_;
  std::vector<std::uint32_t> definitions_;
  std::vector<std::uint32_t> blocks_;
};

}  // namespace

std::uint32_t most_slots(const Program& program) { return SlotCount(program).most(); }

}  // namespace toll
