// Edits of a policy at random: whatever is then said to be proved, no history may break.
#include <doctest/doctest.h>

#include <algorithm>

#include "dsl/policy.hpp"
#include "tools/mutate/mutations.hpp"
#include "tools/prove/histories.hpp"
#include "tools/prove/prove.hpp"

namespace toll::test {
namespace {

using tools::Proven;
using tools::Verdict;

const std::vector<dsl::File> kNoFiles;

std::vector<Proven> verdicts(const dsl::Policy& policy) {
  tools::ProveOptions options;
  options.histories = 12;
  options.events = 30;
  return tools::prove_policy(policy, kNoFiles, options, {});
}

}  // namespace

TEST_CASE("nothing that a history breaks is proved, whatever is edited") {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy =
      dsl::load_policy(TOLL_SOURCE_DIR "/examples/small/proofs.toll", sources, diagnostics);
  REQUIRE(policy.core != nullptr);
  const std::vector<Proven> before = verdicts(policy);
  for (const Proven& one : before) {
    CAPTURE(policy.core->proofs[one.proof].name);
    CHECK((one.verdict == Verdict::proved || one.verdict == Verdict::not_asked));
  }
  const auto mutations = tools::mutations_of(policy, sources);
  REQUIRE(mutations.size() > 30);
  std::size_t changed = 0;
  std::size_t tried = 0;
  for (std::size_t i = 0; i < mutations.size(); i += 2) {
    dsl::Policy mutant = policy;
    mutant.core = tools::mutant_of(*policy.core, mutations[i]);
    if (mutant.core == nullptr || tools::stillborn(*mutant.core)) continue;
    // The claims stay what they were: it is the rules that are edited.
    ++tried;
    const std::vector<Proven> after = verdicts(mutant);
    std::vector<std::uint32_t> proved;
    for (const Proven& one : after) {
      const Proof::Of of = mutant.core->proofs[one.proof].of;
      const bool history = of == Proof::Of::state || of == Proof::Of::entries;
      if (one.verdict == Verdict::proved && history) proved.push_back(one.proof);
      changed += one.verdict != before[one.proof].verdict ? 1U : 0U;
    }
    tools::ProveOptions more;
    more.histories = 40;
    more.events = 40;
    more.seed = 99 + i;
    const tools::TryScenario none;
    const tools::prover::Context context(mutant, kNoFiles, more, none);
    const auto broken = tools::prover::Histories(context).search(proved);
    CAPTURE(mutations[i].id);
    CHECK(broken.empty());
  }
  CHECK(tried > 15);
  CHECK(changed > 10);
}

}  // namespace toll::test
