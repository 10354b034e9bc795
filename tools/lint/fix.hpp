// Edits that put a finding right without a decision of the author's: what nothing uses is taken out,
// so is a row that no lookup finds, so is an `allow` that allows nothing. Prices, sources and names
// are never made up.
#pragma once

#include <string>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"
#include "tools/fmt/format.hpp"

namespace toll::tools {

/// Adds to findings the edits that there are for them. `files`: the policy's as trees.
void add_fixes(std::vector<dsl::Diagnostic>& found, const std::vector<dsl::File>& files,
               const dsl::SourceSet& sources);

/// The files of a policy that loads, with all edits made, again and again until none is left; those
/// that do not change are left out. A file in the one layout stays in it. Files that the policy only
/// imports, and files in Lua, are left alone; so is whatever would not load afterwards.
std::vector<Formatted> fix_policy(const std::string& path);

}  // namespace toll::tools
