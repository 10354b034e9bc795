// Scenarios of a policy, run as real events: through the JSON reader, the engine and the writer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"

namespace toll::tools {

struct ScenarioFailure {
  std::size_t step = 0;              ///< of the scenario
  dsl::SourceSpan span;              ///< of the step
  std::string expected;              ///< one sentence
  std::vector<std::string> entries;  ///< ledger lines written since the last event or time step
  std::size_t matched = 0;           ///< of them, those that are as expected
  /// By entry: what held and which rows were read on the way to it, in order, each once.
  std::vector<std::vector<ClauseId>> reasons;
  std::vector<std::string> values;  ///< of the parts of a condition, as the ledger writes them
};

/// Runs a scenario on accounts of its own; empty: it passed. A failed step does not stop it.
/// Failures are explained by a second run that is traced.
std::vector<ScenarioFailure> run_scenario(const std::shared_ptr<const Program>& program,
                                          const dsl::Scenario& scenario);

}  // namespace toll::tools
