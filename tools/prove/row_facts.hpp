// What a policy's claims say of the rows of its lists, as far as it is proven.
#pragma once

#include "dsl/policy.hpp"
#include "tools/analysis/logic.hpp"

namespace toll::tools {

/// Proven when it is asked for the first time, and kept. The policy is borrowed.
RowFacts proven_row_facts(const dsl::Policy& policy);

}  // namespace toll::tools
