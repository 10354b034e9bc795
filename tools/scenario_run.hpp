// Scenarios of a policy, run as real events: through the JSON reader, the engine and the writer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"

namespace toll::tools {

struct ScenarioFailure {
  dsl::SourceSpan span;              ///< of the step
  std::string expected;              ///< one sentence
  std::vector<std::string> entries;  ///< ledger lines written since the last event or time step
};

/// Runs a scenario on accounts of its own; empty: it passed. A failed step does not stop it.
std::vector<ScenarioFailure> run_scenario(const std::shared_ptr<const Program>& program,
                                          const dsl::Scenario& scenario);

}  // namespace toll::tools
