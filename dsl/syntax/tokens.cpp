// The tokens of TreeBuilder: what was written, and what it says.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "dsl/syntax/builder.hpp"
#include "dsl/syntax/literals.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

// After one of these a statement goes on in the next line.
constexpr std::array<std::string_view, 17> kJoining = {
    ",", "=", ":=", "+=", "+", "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "!=", "=>", "->"};

bool is_joining(const Token& token) {
  if (token.kind == TokenKind::symbol) {
    return std::find(kJoining.begin(), kJoining.end(), token.word) != kJoining.end();
  }
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

Token& TreeBuilder::push(TokenKind kind, Range range, std::string raw) {
  Token token;
  token.kind = kind;
  token.raw = std::move(raw);
  token.span = span(range);
  const char before = range.begin == 0 ? ' ' : text_[range.begin - 1];
  token.spaced = before == ' ' || before == '\t' || before == '\n' || before == '\r';
  tokens_.push_back(std::move(token));
  wants_more_ = false;
  return tokens_.back();
}

/// The name of a field: never a keyword, whatever the skin.
bool TreeBuilder::after_dot(Range range) const {
  if (tokens_.empty()) return false;
  const Token& last = tokens_.back();
  return last.kind == TokenKind::symbol && last.word == "." && last.span.end == range.begin;
}

void TreeBuilder::token(TokenKind kind, const char* at, std::uint32_t size) {
  const Range range = {offset(at), offset(at) + size};
  switch (kind) {
    case TokenKind::word:
      return word(range);
    case TokenKind::quoted:
      return quoted(range, true);
    case TokenKind::string:
      return string(range, true);
    case TokenKind::number:
    case TokenKind::percent:
      return number(range, kind);
    case TokenKind::date:
    case TokenKind::time:
      return time(range, kind);
    case TokenKind::symbol:
      return symbol(range, slice(range));
    case TokenKind::hole:
      break;
  }
}

void TreeBuilder::word(Range range) {
  const std::string_view written = slice(range);
  const bool field = after_dot(range);
  if (!field && skin_->is_filler(written)) {
    fillers_.push_back(span(range));
    return;
  }
  const Skin::Entry* entry = field ? nullptr : skin_->find(written);
  if (entry == nullptr) {
    push(TokenKind::word, range, std::string(written)).word = written;
    return;
  }
  for (const std::string& canonical : entry->canonical) {
    const bool is_word = is_xid_start(decode_utf8(canonical, 0).code);
    Token& token = push(is_word ? TokenKind::word : TokenKind::symbol, range, std::string(written));
    token.word = canonical;
    // In a phrase such as `at least` only some words are keywords, and only by themselves.
    token.keyword =
        is_word && (entry->canonical.size() == 1 || english().find(canonical) != nullptr);
    wants_more_ = is_joining(token);
  }
}

void TreeBuilder::symbol(Range range, std::string_view canonical) {
  Token& token = push(TokenKind::symbol, range, std::string(slice(range)));
  token.word = canonical;
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
  push(TokenKind::quoted, range, std::string(content)).word = content;
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
  push(TokenKind::string, range, std::move(read.content));
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
  push(kind, range, std::move(read.plain));
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
  push(at < written.size() ? TokenKind::percent : TokenKind::number, range, std::move(ascii));
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
  push(kind, range, std::move(read.plain));
}

void TreeBuilder::hole(Range range) {
  const std::string_view digits = slice({range.begin + 1, range.end});
  Token& token = push(TokenKind::hole, range, std::string(slice(range)));
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
