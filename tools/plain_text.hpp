// What every report does to a text before it shows it.
#pragma once

#include <string>
#include <string_view>

namespace toll::tools {

/// With blanks to this many columns of a terminal; longer texts stay as they are.
std::string padded(std::string_view text, int width, bool right = false);

/// Text as it stands in HTML and SVG, also inside quotes.
std::string html_escaped(std::string_view text);

}  // namespace toll::tools
