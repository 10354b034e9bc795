// What the builder knew and a core does not say: places, and what was named where. For checks.
#pragma once

#include <vector>

#include "dsl/syntax/clause.hpp"
#include "toll/core.hpp"

namespace toll::dsl {

struct BuildNotes {
  std::vector<SourceSpan> spans;  ///< by ClauseId
  std::vector<ClauseId> idle;     ///< settings and tariffs that nothing asks for
};

}  // namespace toll::dsl
