// The same rule file in the words of a skin: another, or its own, each word as it is best spelled.
#pragma once

#include <set>
#include <string>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {

struct PrintOptions {
  /// Units of the policy: `day` is no length of time where it is one of them.
  std::set<std::string> units;
  /// Names stay as they are in brackets and out of them. Otherwise a name that is a word of the
  /// language stands bare where it can only be a name (a field called `text`).
  bool cautious = false;
};

/// Comments and layout are kept; only keywords, words for symbols, fillers, numbers with `_` or a
/// scale word, lengths of time and the language line change. Where words mean the same, the first
/// of the skin is taken, so printing to another skin and back gives what printing to its own does.
/// A bare name that is a word of the skin is put in corner brackets. `file` should have been read
/// without errors.
std::string print(const File& file, const Skin& to, const PrintOptions& options = {});

}  // namespace toll::dsl
