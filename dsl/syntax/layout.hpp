// How a rule file is laid out: the one way, whoever wrote it.
#pragma once

#include <string>

#include "dsl/syntax/clause.hpp"

namespace toll::dsl {

/// The same words, symbols and comments in the same lines, with the white space that they have by
/// rule. Lines are the author's: none is joined, and none broken but at the braces of a block that
/// goes over lines, and around table rows. Blank lines stay, one at a time. Blocks are indented by
/// two columns; tables and comments after code are aligned by display width, columns of numbers to
/// the right. `file` should have been read without errors.
std::string lay_out(const File& file);

}  // namespace toll::dsl
