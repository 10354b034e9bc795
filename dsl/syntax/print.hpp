// The same rule file in the words of another skin.
#pragma once

#include <string>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {

/// Comments and layout are kept; only keywords, words for symbols, fillers and the language line
/// change. A bare name that is a word of the other skin is put in corner brackets, and so is a
/// keyword of this skin where it can only be a name (a field called `text`). Printing to another
/// skin and back gives the same clause tree, but for the brackets around the latter. `file` should
/// have been read without errors.
std::string print(const File& file, const Skin& to);

}  // namespace toll::dsl
