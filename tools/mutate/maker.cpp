#include "tools/mutate/maker.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"

namespace toll::tools {
MutationMaker::MutationMaker(const dsl::Policy& policy, const dsl::SourceSet& sources)
    : PolicyPlaces(policy, sources),
      core_(*policy.core),
      blocks_(core_.blocks.size()),
      definitions_(core_.definitions.size()),
      nodes_(core_.nodes.size(), kNone),
      reached_(core_.nodes.size()) {
  for (const Machine& machine : core_.machines) machine_clauses_.insert(machine.clause);
}

void MutationMaker::reach_node(NodeId node, ClauseId clause) {
  if (node == kNoNode || reached_[node]) return;
  const Node& here = core_.nodes[node];
  reached_[node] = true;
  if (here.clause != kNone) clause = here.clause;
  nodes_[node] = clause;
  for (std::size_t i = 0; i < here.args.size(); ++i) {
    ClauseId within = clause;
    if (here.op == Op::cases && i / 2 < here.case_clauses.size() &&
        here.case_clauses[i / 2] != kNone)
      within = here.case_clauses[i / 2];
    reach_node(here.args[i], within);
  }
  if (here.op == Op::aggregate) {
    reach_source(core_.aggregates[here.a].source, clause);
    reach_node(core_.aggregates[here.a].body, clause);
  }
  if (here.op == Op::call && !definitions_[here.a]) {
    definitions_[here.a] = true;
    reach_node(core_.definitions[here.a].body, core_.definitions[here.a].clause);
  }
}

void MutationMaker::reach_source(const Source& source, ClauseId clause) {
  traversals_.emplace_back(&source, clause);
  dsl::each_root(source, [&](NodeId node) { reach_node(node, clause); });
}

void MutationMaker::reach_block(std::uint32_t block) {
  if (block == kNone || blocks_[block]) return;
  blocks_[block] = true;
  reach_effects(core_.blocks[block].effects, core_.blocks[block].clause);
}

void MutationMaker::reach_effects(const Effects& effects, ClauseId around) {
  for (const Effect& effect : effects) {
    const ClauseId clause = effect.clause != kNone ? effect.clause : around;
    if (dsl::has_source(effect)) reach_source(effect.source, clause);
    for (const NodeId arg : effect.args) reach_node(arg, clause);
    for (const Effect::EmitRows& rows : effect.rows) {
      reach_source(rows.source, clause);
      for (const NodeId column : rows.columns) reach_node(column, clause);
    }
    reach_effects(effect.effects, clause);
    for (const Rule& rule : effect.rules) {
      const ClauseId within = rule.clause != kNone ? rule.clause : clause;
      reach_node(rule.guard, within);
      reach_effects(rule.effects, within);
    }
    if (effect.what == Effect::Do::run) reach_block(effect.a);
  }
}

/// All that events and timers do. What only a scenario or a statement asks is not among it.
void MutationMaker::reach() {
  for (const EventType& event : core_.events) {
    for (const EventType::Refusal& refusal : event.refusals)
      reach_node(refusal.guard, refusal.clause);
    for (const NodeId product : event.bounded) reach_node(product, event.clause);
    reach_block(event.block);
  }
  for (const Timer& timer : core_.timers) reach_block(timer.block);
}

bool MutationMaker::made_together(ClauseId a, ClauseId b) const {
  if (a == kNone || b == kNone) return false;
  const Clause& one = core_.clauses[a];
  const Clause& other = core_.clauses[b];
  return std::tie(one.file, one.line, one.column) == std::tie(other.file, other.line, other.column);
}

Mutation& MutationMaker::add(What kind, ClauseId clause, dsl::SourceSpan span, Message says,
                             std::function<void(Core&)> apply) {
  Mutation made;
  made.kind = kind;
  made.clause = clause;
  made.span = span;
  made.says = std::move(says);
  made.apply = std::move(apply);
  const Place at = place(clause, span);
  made.file = at.file;
  made.line = at.line;
  made.column = at.column;
  return out_.emplace_back(std::move(made));
}

/// Nodes that one written thing became, as often as its declaration is used.
void MutationMaker::group() {
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, Op, Kind, Value>;
  std::map<Key, std::size_t> places;
  for (NodeId id = 0; id < core_.nodes.size(); ++id) {
    if (!reached_[id]) continue;
    const dsl::SourceSpan span = span_of(id);
    if (span.end == 0) continue;
    const Node& node = core_.nodes[id];
    const Key key{span.file, span.begin, span.end, node.op, node.type.kind, node.value};
    const auto [place, fresh] = places.emplace(key, written_.size());
    if (fresh) written_.push_back({{}, span, nodes_[id]});
    written_[place->second].nodes.push_back(id);
  }
}

std::vector<Mutation> MutationMaker::make() {
  reach();
  group();
  tables();
  values();
  steps();
  sources();
  events();
  starts();
  timers();
  spellings();
  std::stable_sort(out_.begin(), out_.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(a.file, a.line, a.column, a.kind) < std::tie(b.file, b.line, b.column, b.kind);
  });
  std::map<std::string, std::size_t> counts;
  for (Mutation& mutation : out_) {
    std::string id(to_string(mutation.kind));
    id += ":" + (mutation.clause == kNone ? "" : core_.clauses[mutation.clause].id);
    mutation.id = id + ":" + std::to_string(++counts[id]);
  }
  return std::move(out_);
}

}  // namespace toll::tools
