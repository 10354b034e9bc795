// Words that run together: where no space is needed between the words of a language, people forget
// the one that rule files need.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/skin.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

/// Is anything declared under this name?
using IsKnown = std::function<bool(const std::string& name)>;

/// The words that one written word was meant to be, the first of them a keyword of the skin; empty
/// if it is just an unknown word.
std::vector<std::string> split_words(std::string_view word, const Skin& skin,
                                     const IsKnown& is_known);

/// Errors about a word that is several give that as their help, with the spaces as a fix. The names
/// of the policy are taken from its clauses.
void advise_spaces(const SourceSet& sources, const std::vector<Clause>& clauses,
                   Diagnostics& diagnostics);

}  // namespace toll::dsl
