// What `toll test --coverage` adds to the tests.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "tools/coverage/coverage.hpp"

namespace toll::cli {

struct CoverageOptions {
  bool on = false;
  std::string html;   ///< a file; empty: none
  std::string least;  ///< a share such as "95%"; empty: all
};

/// The share in tenths of a percent: "95%", "99.5%"; empty is all of it. Nothing: it is none.
std::optional<std::size_t> read_share(const std::string& text);

std::string coverage_text(const tools::Coverage& coverage, const Report& report);
nlohmann::json coverage_json(const tools::Coverage& coverage, const Report& report);

}  // namespace toll::cli
