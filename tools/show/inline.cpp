#include "tools/show/inline.hpp"

#include <algorithm>

#include "dsl/syntax/unicode.hpp"

namespace toll::tools::show {
namespace {

constexpr char kOpen = '\x01';  // style, target, kText, text, kClose
constexpr char kText = '\x02';
constexpr char kClose = '\x03';

std::string cleared(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
    out += control ? ' ' : c;
  }
  return out;
}

Inline marked(char style, std::string_view text, std::string_view target = {}) {
  return kOpen + std::string(1, style) + cleared(target) + kText + cleared(text) + kClose;
}

bool is_ideograph(char32_t code) {
  return (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) ||
         (code >= 0x20000 && code <= 0x3ffff);
}

bool is_latin(char32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
         (code >= 'A' && code <= 'Z') || code == '%' || code == '"';
}

char32_t first_of(std::string_view text) { return dsl::decode_utf8(text, 0).code; }

char32_t last_of(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xc0U) == 0x80U) {
  }
  return text.empty() ? dsl::kNoCharacter : dsl::decode_utf8(text, at).code;
}

Run::Style style_of(char mark) {
  switch (mark) {
    case 'n':
      return Run::Style::name;
    case 'c':
      return Run::Style::code;
    case 's':
      return Run::Style::strong;
    default:
      return Run::Style::plain;
  }
}

/// Ideographic punctuation that does not begin a line.
bool clings(char32_t code) {
  constexpr char32_t kClinging[] = {0x3001, 0x3002, 0xff0c, 0xff1a, 0xff1b, 0xff09, 0x300d,
                                    0x300f, 0x300b, 0x3011, 0x201d, 0xff1f, 0x2014};
  return std::find(std::begin(kClinging), std::end(kClinging), code) != std::end(kClinging);
}

/// Opening marks, which do not end a line.
bool opens(char32_t code) {
  constexpr char32_t kOpening[] = {0xff08, 0x300c, 0x300e, 0x300a, 0x3010, 0x201c, '(', '['};
  return std::find(std::begin(kOpening), std::end(kOpening), code) != std::end(kOpening);
}

/// What belongs on one line: a word with the blanks before it, or one wide character with the
/// punctuation that clings to it.
std::string_view next_piece(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] == ' ') ++at;
  bool first = true;
  while (at < text.size() && text[at] != ' ') {
    const dsl::DecodedCharacter found = dsl::decode_utf8(text, at);
    const bool wide = dsl::display_width(found.code) == 2;
    if (!first && wide && !clings(found.code)) break;
    at += found.size;
    first = opens(found.code);
    if (wide && !first && at < text.size() && !clings(dsl::decode_utf8(text, at).code)) break;
  }
  return text.substr(0, at);
}

}  // namespace

Inline name(std::string_view text, std::string_view target) { return marked('n', text, target); }
Inline code(std::string_view text) { return marked('c', text); }
Inline strong(std::string_view text) { return marked('s', text); }
Inline value(std::string_view text) { return marked('v', text); }

std::vector<Run> runs_of(const Inline& text, Language language) {
  std::vector<Run> runs;
  const auto add = [&](Run run) {
    if (run.text.empty()) return;
    if (language == Language::zh && !runs.empty()) {
      const char32_t before = last_of(runs.back().text);
      const char32_t after = first_of(run.text);
      const bool apart =
          (is_ideograph(before) && is_latin(after)) || (is_latin(before) && is_ideograph(after));
      if (apart) runs.push_back({Run::Style::plain, " ", ""});
    }
    runs.push_back(std::move(run));
  };
  std::string pending;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != kOpen) {
      pending += text[at++];
      continue;
    }
    add({Run::Style::plain, pending, ""});
    pending.clear();
    const std::size_t middle = text.find(kText, at);
    const std::size_t close = text.find(kClose, at);
    if (middle == Inline::npos || close == Inline::npos) break;
    Run run;
    run.style = style_of(text[at + 1]);
    run.target = text.substr(at + 2, middle - at - 2);
    run.text = text.substr(middle + 1, close - middle - 1);
    add(std::move(run));
    at = close + 1;
  }
  add({Run::Style::plain, pending, ""});
  return runs;
}

std::string plain(const Inline& text, Language language) {
  std::string out;
  for (const Run& run : runs_of(text, language)) out += run.text;
  return out;
}

std::vector<std::string> wrapped(std::string_view text, int width) {
  std::vector<std::string> lines(1);
  int used = 0;
  while (!text.empty()) {
    std::string_view piece = next_piece(text);
    text.remove_prefix(piece.size());
    if (used + dsl::display_width(piece) > width && used > 0) {
      lines.emplace_back();
      used = 0;
      piece.remove_prefix(std::min(piece.find_first_not_of(' '), piece.size()));
    }
    for (std::size_t at = 0; at < piece.size();) {
      const dsl::DecodedCharacter found = dsl::decode_utf8(piece, at);
      const int columns = dsl::display_width(found.code);
      if (used + columns > width && used > 0 && !clings(found.code)) {
        lines.emplace_back();
        used = 0;
      }
      lines.back() += piece.substr(at, found.size);
      used += columns;
      at += found.size;
    }
  }
  return lines;
}

}  // namespace toll::tools::show
