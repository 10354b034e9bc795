#include "tools/coverage/exercise.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "toll/json.hpp"

namespace toll::tools {
namespace {

void merge(std::vector<bool>& all, const std::vector<bool>& more) {
  for (std::size_t i = 0; i < all.size(); ++i)
    if (more[i]) all[i] = true;
}

bool is_comparison(Op op) { return op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge; }

bool of_table(const Source& source) { return source.of == Source::Of::table; }

}  // namespace

Exercised::Exercised(const Core& core)
    : nodes(core.nodes.size()),
      equal(core.nodes.size()),
      held(core.nodes.size()),
      failed(core.nodes.size()),
      clauses(core.clauses.size()),
      timers(core.timers.size()),
      events(core.events.size()) {
  for (const Table& table : core.tables) rows.emplace_back(table.rows.size());
}

void Exercised::add(const Exercised& other) {
  merge(nodes, other.nodes);
  merge(equal, other.equal);
  merge(held, other.held);
  merge(failed, other.failed);
  merge(clauses, other.clauses);
  merge(timers, other.timers);
  merge(events, other.events);
  for (std::size_t table = 0; table < rows.size(); ++table) {
    for (std::size_t row = 0; row < rows[table].size(); ++row) {
      Row& here = rows[table][row];
      const Row& more = other.rows[table][row];
      here.tested = here.tested || more.tested;
      here.read = here.read || more.read;
      here.at_bound = here.at_bound || more.at_bound;
      here.below = here.below || more.below;
    }
  }
  effects.insert(other.effects.begin(), other.effects.end());
  moves.insert(other.moves.begin(), other.moves.end());
}

Exercise::Exercise(const Core& core)
    : core_(core), done_(core), values_(core.nodes.size(), kAbsent) {}

void Exercise::timer(std::uint32_t timer, Value /*deadline*/) { done_.timers[timer] = true; }

void Exercise::rule(ClauseId clause) {
  if (clause != kNone) done_.clauses[clause] = true;
}

void Exercise::looked_up(std::uint32_t table, std::uint32_t row) {
  done_.rows[table][row].read = true;
}

void Exercise::enter(const Effect& effect, ClauseId /*clause*/) {
  done_.effects.insert(&effect);
  if (dsl::has_source(effect)) sources_.push_back(&effect.source);
  for (const Effect::EmitRows& rows : effect.rows) sources_.push_back(&rows.source);
}

void Exercise::leave(const Effect& effect) {
  std::size_t count = effect.rows.size() + (dsl::has_source(effect) ? 1 : 0);
  for (; count > 0 && !sources_.empty(); --count) {
    settle(sources_.back());
    sources_.pop_back();
  }
}

void Exercise::changed(const Change& change) {
  if (change.of == Change::Of::state && change.old != change.value)
    done_.moves.emplace(change.index, change.old, change.value);
}

void Exercise::enter(NodeId node) {
  done_.nodes[node] = true;
  const Node& here = core_.nodes[node];
  if (here.op == Op::aggregate) sources_.push_back(&core_.aggregates[here.a].source);
}

void Exercise::leave(NodeId node, Value value) {
  values_[node] = value;
  const Node& here = core_.nodes[node];
  if (here.op == Op::aggregate && !sources_.empty()) {
    settle(sources_.back());
    sources_.pop_back();
  }
  if (value != 1 && !asked_.empty()) {
    asked_.erase(std::remove_if(asked_.begin(), asked_.end(),
                                [&](const Asked& one) {
                                  const std::vector<NodeId>& all = conditions_of(*one.source);
                                  return std::find(all.begin(), all.end(), node) != all.end();
                                }),
                 asked_.end());
  }
  if (here.type.kind == Kind::boolean) (value == 1 ? done_.held : done_.failed)[node] = true;
  if (is_comparison(here.op) && values_[here.args[0]] == values_[here.args[1]] &&
      values_[here.args[0]] != kAbsent)
    done_.equal[node] = true;
  if (here.op == Op::lookup && value != kAbsent) met(here, value);
}

/// A band was looked up: with a value at one of its ends?
void Exercise::met(const Node& lookup, Value row) {
  const Table& table = core_.tables[lookup.a];
  done_.rows[lookup.a][static_cast<std::size_t>(row)].read = true;
  if (table.band == kNone || table.keys.size() >= lookup.args.size()) return;
  const Value key = values_[lookup.args[table.keys.size()]];
  const auto index = static_cast<std::size_t>(row);
  const Table::Row& here = table.rows[index];
  Exercised::Row& done = done_.rows[lookup.a][index];
  if (key == here.cells[table.band]) done.at_bound = true;
  const bool next = index + 1 < table.rows.size() && table.rows[index + 1].since == here.since &&
                    std::all_of(table.keys.begin(), table.keys.end(), [&](std::uint32_t column) {
                      return table.rows[index + 1].cells[column] == here.cells[column];
                    });
  if (next && key + 1 == table.rows[index + 1].cells[table.band]) done.below = true;
}

/// The parts of a source's condition, each of which has to hold.
const std::vector<NodeId>& Exercise::conditions_of(const Source& source) {
  const auto [found, fresh] = conditions_.try_emplace(&source);
  if (!fresh) return found->second;
  std::vector<NodeId> open;
  if (source.where != kNoNode) open.push_back(source.where);
  while (!open.empty()) {
    const Node& node = core_.nodes[open.back()];
    const NodeId here = open.back();
    open.pop_back();
    if (node.op == Op::logical_and) {
      open.insert(open.end(), node.args.begin(), node.args.end());
    } else {
      found->second.push_back(here);
    }
  }
  return found->second;
}

/// Nothing put the row out that was asked last.
void Exercise::settle(const Source* source) {
  const auto asked = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const Asked& one) { return one.source == source; });
  if (asked == asked_.end()) return;
  done_.rows[source->index][asked->row].read = true;
  asked_.erase(asked);
}

void Exercise::turn(std::uint32_t slot, Value row, Turn why) {
  for (auto source = sources_.rbegin(); source != sources_.rend(); ++source) {
    if ((*source)->slot != slot) continue;
    if (!of_table(**source)) return;
    const auto index = static_cast<std::size_t>(row);
    settle(*source);
    done_.rows[(*source)->index][index].tested = true;
    if (why == Turn::test) asked_.push_back({*source, index});
    return;
  }
}

Exercised exercise(const std::shared_ptr<const Program>& program, const dsl::Scenario& scenario) {
  Exercise trace(core_of(*program));
  JsonRunner runner(program, JsonRunner::Ledger());
  runner.trace(&trace);
  for (const dsl::ScenarioStep& step : scenario.steps) {
    if (step.kind == dsl::ScenarioStep::Kind::event) runner.feed(step.json);
    if (step.kind != dsl::ScenarioStep::Kind::until) continue;
    const Value time = runner.parse_time(step.time);
    if (time != kAbsent) runner.advance(time);
  }
  return trace.done();
}

}  // namespace toll::tools
