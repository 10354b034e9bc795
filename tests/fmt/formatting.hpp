// What fuzzing the formatter compares: the meaning of a text, and what is made of it.
#pragma once

#include <string>

#include "dsl/policy.hpp"
#include "tools/core_json.hpp"
#include "tools/fmt/format.hpp"

namespace toll::test {

/// Empty if it is no policy.
inline std::string core_of(const std::string& text) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy({{"fuzz.toll", text}}, sources, diagnostics);
  const bool loads = policy.core != nullptr && !diagnostics.has_errors();
  return loads ? tools::core_json(*policy.core, false) : std::string();
}

inline tools::Formatted formatted(const std::string& text, const std::string& skin = "") {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  return tools::format({{{"fuzz.toll", text}}, "", skin}, sources, diagnostics).front();
}

}  // namespace toll::test
