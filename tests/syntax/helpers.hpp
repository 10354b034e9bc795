// Reading texts and showing trees as one line each, for the tests of the syntax layer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl::testing {

struct Parsed {
  SourceSet sources;
  Diagnostics diagnostics;
  File file;
};

/// The text as it is.
Parsed parse_raw(std::string text);
/// The text after the line `language 1`, or `language 1 zh`.
Parsed parse_english(std::string_view text);
Parsed parse_chinese(std::string_view text);

/// Canonical words as they are, keywords with a `'` before them, other tokens by kind: <quoted>,
/// "string", 12n, 20%, @2025-06-23, $0. Statements end with `;`, blocks stand in braces.
std::string shown(const std::vector<Clause>& clauses);
std::string shown(const std::vector<Token>& tokens);

/// Codes of the errors, by position: "E0108 E0109".
std::string codes(const Diagnostics& diagnostics);

/// The text with every fix of the diagnostics made.
std::string fixed(const Parsed& parsed);

/// About a hundred lines with a bit of everything, without mistakes.
std::string_view sample();

}  // namespace toll::dsl::testing
