// Text with marks: what the author of a policy wrote (names, codes) stands between marks inside
// sentences from the catalogues, so that every format can show it in its way and escape it.
//
// Marks are control characters, which no rule file holds; what is marked is cleared of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "messages/messages.hpp"

namespace toll::tools::show {

/// A string in which marks may stand.
using Inline = std::string;

struct Run {
  enum class Style : std::uint8_t { plain, name, code, strong };
  Style style = Style::plain;
  std::string text;
  std::string target;  ///< id of an article; empty: no link
};

/// A name of the policy; `target` is the id of the article that says what it is, if there is one.
Inline name(std::string_view text, std::string_view target = {});
/// A text as events and entries write it.
Inline code(std::string_view text);
Inline strong(std::string_view text);
/// A number, an amount, a remark: shown as it is.
Inline value(std::string_view text);

/// The runs of a text. Where a Chinese sentence meets a Latin word or a number, a space comes
/// between them.
std::vector<Run> runs_of(const Inline& text, Language language);
/// The text alone.
std::string plain(const Inline& text, Language language);

/// Lines of at most `width` columns; breaks at blanks and between ideographs, longer words are cut.
std::vector<std::string> wrapped(std::string_view text, int width);
}  // namespace toll::tools::show
