// Rules that never apply: their condition contradicts itself, or an earlier rule holds whenever
// they would.

#include <algorithm>
#include <set>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"

namespace toll::dsl {
namespace {

struct Guarded {
  NodeId guard = kNoNode;
  ClauseId clause = kNone;
};

/// The event at hand in each block, where there is only one.
std::vector<std::uint32_t> events_of(const Core& core) {
  constexpr std::uint32_t kSeveral = kNone - 1;
  std::vector<std::uint32_t> events(core.blocks.size(), kNone);
  const auto mark = [&](const auto& self, std::uint32_t block, std::uint32_t event) -> void {
    if (events[block] == event || events[block] == kSeveral) return;
    events[block] = events[block] == kNone ? event : kSeveral;
    each_effect(core.blocks[block].effects, [&](const Effect& effect) {
      if (effect.what == Effect::Do::run) self(self, effect.a, events[block]);
    });
  };
  for (const Timer& timer : core.timers) mark(mark, timer.block, kSeveral);
  for (std::uint32_t i = 0; i < core.events.size(); ++i) mark(mark, core.events[i].block, i);
  std::replace(events.begin(), events.end(), kSeveral, kNone);
  return events;
}

void look_at(const Subject& subject, const std::vector<Guarded>& rules, std::uint32_t event,
             Findings& found) {
  const Core& core = subject.core;
  Question earlier;
  earlier.event = event;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const Guarded& rule = rules[i];
    if (rule.guard == kNoNode) return;
    const SourceSpan span = subject.span(rule.clause);
    Question alone;
    alone.event = event;
    alone.hold = {rule.guard};
    earlier.hold = {rule.guard};
    if (!possible(core, alone)) {
      found.push_back({span, "E1010.contradiction", {}, {}, {}});
    } else if (!possible(core, earlier)) {
      Finding finding;
      finding.span = span;
      finding.message = "E1010.shadowed";
      for (std::size_t j = 0; j < i; ++j) {
        Question pair;
        pair.event = event;
        pair.hold = {rule.guard};
        pair.fail = {rules[j].guard};
        if (possible(core, pair)) continue;
        finding.notes.push_back({subject.span(rules[j].clause), "check.holds-before"});
        break;
      }
      found.push_back(std::move(finding));
    }
    earlier.fail.push_back(rule.guard);
  }
}

}  // namespace

void check_shadows(const Subject& subject, Findings& found) {
  const Core& core = subject.core;
  const std::vector<std::uint32_t> events = events_of(core);
  std::set<NodeId> seen;
  const auto expression = [&](NodeId root, std::uint32_t event) {
    each_node(core, root, [&](NodeId id) {
      const Node& node = core.nodes[id];
      if (node.op != Op::cases || !seen.insert(id).second) return;
      std::vector<Guarded> rules;
      for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
        rules.push_back({node.args[i], node.case_clauses[i / 2]});
      }
      look_at(subject, rules, event, found);
    });
  };
  for (std::uint32_t i = 0; i < core.blocks.size(); ++i) {
    each_effect(core.blocks[i].effects, [&](const Effect& effect) {
      each_root(effect, [&](NodeId root) { expression(root, events[i]); });
      if (effect.what != Effect::Do::choose) return;
      std::vector<Guarded> rules;
      for (const Rule& rule : effect.rules) rules.push_back({rule.guard, rule.clause});
      look_at(subject, rules, events[i], found);
    });
  }
  each_root(core, [&](NodeId root) { expression(root, kNone); });
}

}  // namespace toll::dsl
