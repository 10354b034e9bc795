// Claims about the ways of a machine, and about timers that set each other off.

#include <algorithm>

#include "dsl/checks/checks.hpp"
#include "tools/prove/context.hpp"

namespace toll::tools::prover {

/// From every state that a way leads to, a way leads to the one that is said.
Proven prove_returns(const Context& context, std::uint32_t index) {
  const Proof& proof = context.core.proofs[index];
  const Machine& machine = context.core.machines[proof.a];
  const auto& states = context.core.domains[machine.domain].names;
  Proven made;
  made.proof = index;
  const auto spread = [&](std::vector<bool>& marked, bool forward) {
    for (bool more = true; more;) {
      more = false;
      for (const Machine::Edge& edge : machine.edges) {
        for (const Value from : edge.from) {
          const auto start = static_cast<std::size_t>(forward ? from : edge.to);
          const auto end = static_cast<std::size_t>(forward ? edge.to : from);
          if (!marked[start] || marked[end]) continue;
          marked[end] = more = true;
        }
      }
    }
  };
  std::vector<bool> reached(states.size(), false);
  reached[static_cast<std::size_t>(machine.initial)] = true;
  spread(reached, true);
  std::vector<bool> back(states.size(), false);
  back[static_cast<std::size_t>(proof.state)] = true;
  spread(back, false);
  std::size_t count = 0;
  for (std::size_t state = 0; state < states.size(); ++state) {
    if (!reached[state]) continue;
    ++count;
    if (back[state]) continue;
    made.verdict = Verdict::refuted;
    made.details.push_back(
        {"prove.trap", {states[state].shown, states[static_cast<std::size_t>(proof.state)].shown}});
  }
  if (made.verdict == Verdict::refuted) return made;
  made.verdict = Verdict::proved;
  made.how = {"prove.by.ways", {count, machine.edges.size()}};
  return made;
}

/// The check of the loader, on the core alone: it may be one that no file holds.
Proven prove_timers(const Context& context, std::uint32_t index) {
  Proven made;
  made.proof = index;
  const std::vector<dsl::Clause> clauses;
  const dsl::BuildNotes notes;
  const std::vector<dsl::SourceSpan> spans;
  const std::vector<dsl::NotionUse> uses;
  const std::vector<dsl::Decision> decisions;
  const dsl::SourceSet sources;
  const dsl::Declarations declarations(clauses, uses);
  const dsl::Subject subject{context.core, clauses,   notes,   spans,
                             uses,         decisions, sources, declarations};
  dsl::Findings found;
  dsl::check_timers(subject, found);
  if (!found.empty()) {
    // Lateness is judged from below: a deadline that is later for another reason is not seen.
    made.how = "prove.open.timers";
    for (const dsl::Finding& one : found) made.details.push_back(one.message);
    return made;
  }
  made.verdict = Verdict::proved;
  made.how = {"prove.by.deadlines", {context.core.timers.size()}};
  return made;
}

}  // namespace toll::tools::prover
