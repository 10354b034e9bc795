// One mistake, few words: of the errors of a policy, those that only follow from others are
// dropped.
//
// A declaration that could not be read leaves names undeclared and blocks misread; what is said
// elsewhere because of that is an echo. So are the second use of one unknown name, and the many
// uses that do not fit one wrong declaration. The policy does not load for any of them, and when
// the cause is put right, whatever was real is told.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

/// A declaration as it stands in its file: from its first word to the next declaration.
struct Region {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::string lead;  ///< the word it begins with
  std::string name;  ///< the word after it
};
/// Of clauses as they were read, notions not expanded.
std::vector<Region> regions_of(const std::vector<Clause>& clauses);

/// Leaves one error for each cause, as far as can be told.
void drop_echoes(std::vector<Region> regions, const SourceSet& sources, Diagnostics& diagnostics);

}  // namespace toll::dsl
