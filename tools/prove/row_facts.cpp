#include "tools/prove/row_facts.hpp"

#include <memory>
#include <optional>

#include "tools/prove/claims.hpp"
#include "tools/prove/prove.hpp"

namespace toll::tools {

RowFacts proven_row_facts(const dsl::Policy& policy) {
  const auto kept = std::make_shared<std::optional<std::vector<RowFact>>>();
  return [&policy, kept]() -> const std::vector<RowFact>& {
    if (*kept) return **kept;
    kept->emplace();
    const Core& core = *policy.core;
    ProveOptions options;
    options.histories = 0;  // what is not proven is of no use here
    const std::vector<Proven> all =
        prove_policy(policy, {}, options, [](const std::string&) { return false; });
    for (const Proven& one : all) {
      if (one.verdict != Verdict::proved || core.proofs[one.proof].of != Proof::Of::state) continue;
      const prover::Claim claim = prover::claim_of(core, one.proof);
      if (claim.rows && claim.where == kNoNode)
        (*kept)->push_back({claim.family, claim.slot, claim.body});
    }
    return **kept;
  };
}

}  // namespace toll::tools
