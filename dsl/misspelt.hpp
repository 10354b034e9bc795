// Words of the language with a slip in them: `otherwize`.
#pragma once

#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

/// Where something else was expected and the word that stands there is almost one that was, says
/// which.
void advise_words(const SourceSet& sources, Diagnostics& diagnostics);

}  // namespace toll::dsl
