// The tokens of TreeBuilder: what was written, and what it says.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "dsl/syntax/at_sight.hpp"
#include "dsl/syntax/builder.hpp"
#include "dsl/syntax/literals.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

/// After some symbols a statement goes on in the next line.
bool is_joining_symbol(std::string_view symbol) {
  switch (symbol.empty() ? '\0' : symbol.front()) {
    case ',':
    case '=':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '<':
    case '>':
    case '!':
      return true;
    case ':':
      return symbol.size() == 2;
    default:
      return false;
  }
}

bool is_joining(const Token& token) {
  if (token.kind == TokenKind::symbol) return is_joining_symbol(token.word);
  return token.keyword && (token.word == "and" || token.word == "or");
}

/// Byte length of the last character.
std::size_t last_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() &&
         (static_cast<unsigned char>(text[text.size() - size]) & 0xc0U) == 0x80U)
    ++size;
  return size;
}

bool is_blank(std::string_view content) {
  for (std::size_t at = 0; at < content.size();) {
    const DecodedCharacter character = decode_utf8(content, at);
    if (!is_white_space(character.code)) return false;
    at += character.size;
  }
  return true;
}

}  // namespace

Token& TreeBuilder::push(TokenKind kind, Range range, TokenText raw) {
  Token& token = tokens_.emplace_back();
  token.kind = kind;
  token.raw = std::move(raw);
  token.span = span(range);
  const char before = range.begin == 0 ? ' ' : text_[range.begin - 1];
  token.spaced = before == ' ' || before == '\t' || before == '\n' || before == '\r';
  wants_more_ = false;
  return token;
}

/// The name of a field: never a keyword, whatever the skin.
bool TreeBuilder::after_dot(Range range) const {
  if (tokens_.empty()) return false;
  const Token& last = tokens_.back();
  return last.kind == TokenKind::symbol && last.word == "." && last.span.end == range.begin;
}

void TreeBuilder::token(TokenKind kind, const char* at, std::uint32_t size) {
  const Range range = {offset(at), offset(at) + size};
  const std::string_view written(at, size);
  switch (kind) {
    case TokenKind::word:
      return word(range);
    case TokenKind::quoted:
      return quoted(range, true);
    case TokenKind::string:
      push(kind, range, kept(written.substr(1, size - 2)));
      return;
    case TokenKind::number:
    case TokenKind::percent:
      if (!sight::is_ascii(written.back())) return number(range, kind);
      push(kind, range, kept(written.substr(0, kind == TokenKind::percent ? size - 1 : size)));
      return;
    case TokenKind::date:
    case TokenKind::time:
      if (!sight::is_possible(written)) return time(range, kind);
      if (kind == TokenKind::time && written[sight::kDateSize] != 'T') {
        std::string joined(written);
        joined[sight::kDateSize] = 'T';
        push(kind, range, TokenText(joined));
      } else {
        push(kind, range, kept(written));
      }
      return;
    case TokenKind::symbol:
      return symbol(range, written);
    case TokenKind::hole:
      break;
  }
}

void TreeBuilder::word(Range range) {
  const std::string_view written = slice(range);
  const Skin::Word* const known = after_dot(range) ? nullptr : skin_->word(written);
  if (known == nullptr) {
    push(TokenKind::word, range, kept(written)).word = kept(written);
    return;
  }
  if (known->entry == Skin::kFiller) {
    fillers_.push_back(span(range));
    return;
  }
  const Skin::Entry& entry = skin_->entries()[known->entry];
  for (std::size_t i = 0; i < entry.canonical.size(); ++i) {
    const Skin::Piece piece = entry.pieces[i];
    Token& token = push(piece.is_word ? TokenKind::word : TokenKind::symbol, range, kept(written));
    token.word = TokenText::kept(entry.canonical[i]);
    token.keyword = piece.keyword;
    wants_more_ = is_joining(token);
  }
}

void TreeBuilder::symbol(Range range, std::string_view canonical) {
  Token& token = push(TokenKind::symbol, range, kept(slice(range)));
  token.word = kept(canonical);
  wants_more_ = is_joining(token);
}

void TreeBuilder::quoted(Range range, bool closed) {
  std::string_view content = slice(range);
  content.remove_prefix(last_size("\u300c"));
  if (closed) {
    content.remove_suffix(last_size(content));
    if (is_blank(content)) {
      error(range, "E0113.empty-name");
      content = slice(range);  // a name of some sort stands here: nothing else is wrong
    }
  }
  push(TokenKind::quoted, range, kept(content)).word = kept(content);
}

void TreeBuilder::string(Range range, bool closed) {
  std::string_view content = slice(range);
  const std::uint32_t open_size = decode_utf8(content, 0).size;
  const auto close_size = static_cast<std::uint32_t>(closed ? last_size(content) : 0);
  const bool wide = closed && (open_size > 1 || close_size > 1);
  const Range inside = {range.begin + open_size, range.end - close_size};
  content = slice(inside);
  if (wide) {
    Diagnostic diagnostic;
    diagnostic.message = "E0109.wide-quotes";
    diagnostic.span = span(range);
    diagnostic.fixes.push_back({span({range.begin, inside.begin}), "\""});
    diagnostic.fixes.push_back({span({inside.end, range.end}), "\""});
    add(std::move(diagnostic));
  }
  StringText read = read_string(content);
  for (const std::size_t at : read.bad_escapes) {
    const auto begin = inside.begin + static_cast<std::uint32_t>(at);
    const std::uint32_t end = begin + 1 + decode_utf8(content, at + 1).size;
    error({begin, end}, {"E0111.escape", {slice({begin, end})}});
  }
  push(TokenKind::string, range, TokenText(read.content));
}

void TreeBuilder::number(Range range, TokenKind kind) {
  std::string_view written = slice(range);
  if (kind == TokenKind::percent) written.remove_suffix(last_size(written));
  NumberText read = read_number(written);
  const std::string_view shown = written.substr(0, 40);
  switch (read.problem) {
    case NumberText::Problem::none:
      break;
    case NumberText::Problem::underscore:
      error(range, {"E0115.underscore", {shown, read.plain}});
      break;
    case NumberText::Problem::comma: {
      std::string one(written);
      std::replace(one.begin(), one.end(), ',', '_');
      error(range, {"E0115.comma", {shown, one}});
      break;
    }
    case NumberText::Problem::too_long:
      error(range, {"E0116.digits", {std::size_t{kMaxDigits}}});
      break;
  }
  push(kind, range, TokenText(read.plain));
}

void TreeBuilder::wide_number(Range range) {
  constexpr char32_t kWideZero = 0xff10;
  const std::string_view written = slice(range);
  std::string ascii;
  std::uint32_t at = 0;
  while (at < written.size()) {
    const DecodedCharacter digit = decode_utf8(written, at);
    const bool wide = digit.code >= kWideZero && digit.code <= kWideZero + 9;
    if (!wide && (digit.code < '0' || digit.code > '9')) break;
    ascii += static_cast<char>(wide ? '0' + (digit.code - kWideZero) : digit.code);
    at += digit.size;
  }
  look_alike({range.begin, range.begin + at}, ascii);
  push(at < written.size() ? TokenKind::percent : TokenKind::number, range, TokenText(ascii));
}

void TreeBuilder::time(Range range, TokenKind kind) {
  TimeText read = read_time(slice(range));
  const std::string written(slice(range));
  switch (read.problem) {
    case TimeText::Problem::none:
      break;
    case TimeText::Problem::form: {
      Diagnostic diagnostic;
      diagnostic.message = {"E0118.form", {written, read.plain}};
      diagnostic.span = span(range);
      diagnostic.fixes.push_back({span(range), read.plain});
      add(std::move(diagnostic));
      break;
    }
    case TimeText::Problem::impossible:
      error(range, {kind == TokenKind::date ? "E0117.day" : "E0117.time", {written}});
      break;
    case TimeText::Problem::too_long:
      error(range, "E0116.fraction");
      break;
  }
  push(kind, range, TokenText(read.plain));
}

void TreeBuilder::hole(Range range) {
  const std::string_view digits = slice({range.begin + 1, range.end});
  Token& token = push(TokenKind::hole, range, kept(slice(range)));
  std::from_chars(digits.data(), digits.data() + digits.size(), token.index);
}

void TreeBuilder::look_alike(Range range, std::string_view ascii) {
  if (stopped_) return;
  const std::string written(slice(range));
  const bool wide = display_width(written) > display_width(ascii) || written == "\u3000";
  Diagnostic diagnostic;
  if (ascii == " ") {
    diagnostic.message = wide ? "E0109.wide-space" : "E0109.look-alike-space";
    diagnostic.help = "advice.write-space";
  } else {
    diagnostic.message = {wide ? "E0109.wide" : "E0109.look-alike", {written}};
    diagnostic.help = {"advice.write", {ascii}};
  }
  diagnostic.span = span(range);
  diagnostic.fixes.push_back({span(range), std::string(ascii)});
  add(std::move(diagnostic));
}

void TreeBuilder::sentence_stop(Range range) {
  if (stopped_) return;
  Diagnostic diagnostic;
  diagnostic.message = {"E0109.wide", {slice(range)}};
  diagnostic.help = "advice.statement-end";
  diagnostic.span = span(range);
  diagnostic.fixes.push_back({span(range), ""});
  add(std::move(diagnostic));
}

}  // namespace toll::dsl
