#include "tools/plain_text.hpp"

#include <algorithm>

#include "dsl/syntax/unicode.hpp"

namespace toll::tools {

std::string padded(std::string_view text, int width, bool right) {
  const int missing = std::max(0, width - dsl::display_width(text));
  const std::string blanks(static_cast<std::size_t>(missing), ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace toll::tools
