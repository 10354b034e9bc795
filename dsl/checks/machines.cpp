// States that nothing leads to, states that nothing leads out of although they are not said to be
// final, and ways that no rule takes.

#include <algorithm>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/walk.hpp"

namespace toll::dsl {
namespace {

/// Do rules move the machine to this state themselves, rather than edges?
bool moved_by_rules(const Core& core, std::uint32_t machine, Value state) {
  const std::uint32_t go = go_block(core, machine);
  bool found = false;
  for (const Block& block : core.blocks) {
    each_effect(block.effects, [&](const Effect& effect) {
      if (effect.what != Effect::Do::run || effect.a != go || effect.args.empty()) return;
      const auto& edges = core.machines[machine].edges;
      const bool edge = std::any_of(edges.begin(), edges.end(), [&](const Machine::Edge& one) {
        return one.clause == effect.clause;
      });
      const Node& to = core.nodes[effect.args[0]];
      found = found || (!edge && (to.op != Op::constant || to.value == state));
    });
  }
  return found;
}

void look_at(const Subject& subject, std::uint32_t index, Findings& found) {
  const Core& core = subject.core;
  const Machine& machine = core.machines[index];
  const auto& states = core.domains[machine.domain].names;
  for (const Machine::Edge& edge : machine.edges) {
    if (edge.how != "by" || moved_by_rules(core, index, edge.to)) continue;
    found.push_back(
        {subject.span(edge.clause),
         {"W1001.edge", {machine.name, states[static_cast<std::size_t>(edge.to)].shown}},
         machine.name,
         {},
         {}});
  }
  std::vector<bool> reached(states.size(), false);
  reached[static_cast<std::size_t>(machine.initial)] = true;
  for (bool more = true; more;) {
    more = false;
    for (const Machine::Edge& edge : machine.edges) {
      const bool from = std::any_of(edge.from.begin(), edge.from.end(), [&](Value state) {
        return reached[static_cast<std::size_t>(state)];
      });
      const auto to = static_cast<std::size_t>(edge.to);
      if (!from || reached[to]) continue;
      reached[to] = more = true;
    }
  }
  for (std::size_t state = 0; state < states.size(); ++state) {
    const SourceSpan span = subject.span(states[state].clause);
    const std::string& shown = states[state].shown;
    const auto& edges = machine.edges;
    const auto out = std::find_if(edges.begin(), edges.end(), [&](const Machine::Edge& edge) {
      return std::find(edge.from.begin(), edge.from.end(), static_cast<Value>(state)) !=
             edge.from.end();
    });
    const bool final = std::find(machine.finals.begin(), machine.finals.end(),
                                 static_cast<Value>(state)) != machine.finals.end();
    if (!reached[state]) {
      found.push_back({span, {"E1004.no-way-there", {shown, machine.name}}, shown, {}, {}});
    } else if (out == edges.end() && !final && states.size() > 1) {
      found.push_back({span, {"E1005.no-way-out", {shown, machine.name}}, shown, {}, {}});
    } else if (out != edges.end() && final) {
      found.push_back({span,
                       {"E1005.final-left", {shown, machine.name}},
                       shown,
                       {{subject.span(out->clause), "check.leaves-here"}},
                       {}});
    }
  }
}

}  // namespace

void check_machines(const Subject& subject, Findings& found) {
  for (std::uint32_t i = 0; i < subject.core.machines.size(); ++i) look_at(subject, i, found);
}

}  // namespace toll::dsl
