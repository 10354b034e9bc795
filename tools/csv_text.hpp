// Cells of a table that spreadsheets read (RFC 4180).
#pragma once

#include <string>
#include <string_view>

namespace toll::tools {

/// Words, which must not be taken for a formula, and without what would hide in a text.
std::string csv_words(std::string_view text);

/// A cell as it stands in the table, in quotes where it has to be.
std::string csv_cell(std::string_view cell);

}  // namespace toll::tools
