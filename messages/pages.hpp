// What a diagnostic means, at length: the pages of docs/errors, one a code and language, built in.
//
// A page starts with `# CODE: title`; its blocks `toll wrong` show policies that have the mistake,
// its blocks `toll` how they are put right. Both are run by a test (tests/docs/errors_test.py).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "messages/messages.hpp"

namespace toll {

/// A file of docs/errors as it was built in.
struct EmbeddedPage {
  std::string_view language;  ///< "en"
  std::string_view code;      ///< "E0611"
  std::string_view text;      ///< Markdown
};
/// Generated at build time by embed_pages.cmake; by code, then language.
const std::vector<EmbeddedPage>& embedded_pages();

/// The page of a code, or null. The code may be written in small letters.
const EmbeddedPage* find_page(std::string_view code, Language language);
/// The code that was probably meant; empty if none is near.
std::string_view nearest_code(std::string_view code);

std::string title_of(const EmbeddedPage& page);
/// The page for a terminal: no signs of Markdown, examples indented.
std::string plain_text(const EmbeddedPage& page);

}  // namespace toll
