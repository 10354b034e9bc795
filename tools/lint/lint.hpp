// What is odd about a policy although it says exactly what it means: prices at which using more
// costs less, packs that cost more than no pack. The loader's warnings are about how a policy is
// written; these take its tariffs and work out bills.
#pragma once

#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/skin.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::tools {

struct LintRequest {
  const dsl::Policy& policy;            ///< one that loads
  const std::vector<dsl::File>& files;  ///< its files as trees: they hold what is allowed, and why
  const dsl::SourceSet& sources;        ///< that the policy was loaded into
  const dsl::Skin& skin;                ///< that amounts are said in
};

/// Warnings W1101 and on, by place; what `allow CODE because ".."` names is left out.
std::vector<dsl::Diagnostic> lint(const LintRequest& request);

}  // namespace toll::tools
