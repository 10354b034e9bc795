// Text of a rule file in, clause tree out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

inline constexpr std::size_t kMaxFileSize = std::size_t{4} << 20U;

/// Adds the file to `sources` and reads it. Every mistake is reported, and the tree holds what can
/// be made of the rest; check `diagnostics` before using it. Never throws (but for memory), takes
/// time in proportion to the text.
File parse_file(SourceSet& sources, std::string path, std::string text, Diagnostics& diagnostics);

/// The same, slower: nothing is told at sight, all by the grammar. What that is measured against.
File parse_by_grammar(SourceSet& sources, std::string path, std::string text,
                      Diagnostics& diagnostics);

/// Reads text that our own code wrote, in English, without a language line. `$0`, `$1` are holes.
/// All spans are `origin`. A mistake in the text is our bug: it is printed and the process stops.
std::vector<Clause> parse_template(std::string_view text, SourceSpan origin);

}  // namespace toll::dsl
