#include "tools/show/remarks.hpp"

#include <algorithm>
#include <array>

#include "dsl/syntax/unicode.hpp"

namespace toll::tools::show {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The mark of a comment that the text begins with, or nothing. Lua has another one.
std::string_view comment_mark(std::string_view text, bool lua) {
  for (const std::string_view mark : {"#", "\uff03"}) {
    if (!lua && text.starts_with(mark)) return mark;
  }
  return lua && text.starts_with("--") && !text.starts_with("--[") ? "--" : std::string_view();
}

bool is_wide(std::string_view text, bool first) {
  std::size_t at = 0;
  if (!first) {
    at = text.size();
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xc0U) == 0x80U) {
    }
  }
  return dsl::display_width(dsl::decode_utf8(text, at).code) == 2;
}

/// Lines of one comment run on; Chinese ones without a blank.
void append_line(std::string& text, std::string_view line) {
  if (line.empty()) return;
  const bool tight = !text.empty() && is_wide(text, false) && is_wide(line, true);
  // A line that ends in a reference, as "(A7)", has said what it had to say.
  if (text.ends_with("\uff09")) text += "\uff1b";
  if (!text.empty() && !tight) text += ' ';
  text += line;
}

}  // namespace

bool Remarks::is_comment(std::string_view line) const {
  return !comment_mark(trimmed(line), lua_).empty();
}

std::string_view Remarks::said(std::string_view comment) const {
  const std::string_view text = trimmed(comment);
  return trimmed(text.substr(comment_mark(text, lua_).size()));
}

Remarks::Remarks(const dsl::File& file)
    : text_(file.text), lua_(file.path.ends_with(".lua")), starts_{0} {
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '\n') starts_.push_back(at + 1);
  }
  const std::size_t first = file.language.head.empty() ? 0 : line_of(file.language.span.end) + 1;
  for (std::size_t at = first; at < starts_.size() && is_comment(line(at)); ++at) {
    append_line(heading_, said(line(at)));
    heading_lines_.insert(at);
  }
}

std::size_t Remarks::line_of(std::size_t byte) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), byte);
  return static_cast<std::size_t>(after - starts_.begin()) - 1;
}

std::string_view Remarks::line(std::size_t index) const {
  const std::size_t begin = starts_[index];
  const std::size_t end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
  return text_.substr(begin, end - begin);
}

std::string Remarks::above(dsl::SourceSpan span) const {
  const std::size_t here = line_of(span.begin);
  // Only what stands first in its line is remarked on from above.
  if (!trimmed(text_.substr(starts_[here], span.begin - starts_[here])).empty()) return {};
  std::size_t first = here;
  while (first > 0 && is_comment(line(first - 1)) && heading_lines_.count(first - 1) == 0) --first;
  std::string text;
  for (std::size_t at = first; at < here; ++at) append_line(text, said(line(at)));
  return text;
}

std::string Remarks::beside(dsl::SourceSpan span) const {
  const std::size_t here = line_of(span.end);
  const std::size_t end = starts_[here] + line(here).size();
  const std::string_view rest = text_.substr(span.end, end - span.end);
  const std::size_t first = rest.find_first_not_of(" \t\r{}|;,");
  if (first == std::string_view::npos || !is_comment(rest.substr(first))) return {};
  return std::string(said(rest.substr(first)));
}

std::string Remarks::of(dsl::SourceSpan span) const {
  std::string text = above(span);
  append_line(text, beside(span));
  return text;
}

TitledText split_title(const std::string& text) {
  static constexpr std::array<std::string_view, 6> kEnds = {"\uff1a", "\u3002", ": ",
                                                            ". ",     "\uff1b", "; "};
  std::size_t end = std::string::npos;
  std::size_t next = std::string::npos;
  for (const std::string_view mark : kEnds) {
    const std::size_t found = text.find(mark);
    if (found < end) {
      end = found;
      next = found + mark.size();
    }
  }
  if (end == std::string::npos) {
    const bool stop = text.ends_with(".");
    return {text.substr(0, text.size() - (stop ? 1 : 0)), ""};
  }
  return {text.substr(0, end), text.substr(next)};
}

}  // namespace toll::tools::show
