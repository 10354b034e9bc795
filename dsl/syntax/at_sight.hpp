// What can be told at sight of the text of a rule file: nearly all of it.
//
// The grammar has a rule for whatever people write, right or wrong, and takes its time to find out
// which. What is here knows the plain cases only and says nothing of the others: it must never see
// anything that the grammar would see otherwise.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dsl/syntax/clause.hpp"

namespace toll::dsl {

/// A token at the beginning of a text; `size` is 0 if it cannot be told at sight what stands there.
struct Sight {
  TokenKind kind = TokenKind::word;
  std::uint32_t size = 0;
};

namespace sight {

enum Class : std::uint8_t {
  kOther = 0,
  kLetter = 1,      // a-z A-Z
  kDigit = 2,       // 0-9
  kLow = 4,         // _
  kBlank = 8,       // space, tab
  kSymbol = 16,     // begins a symbol that is no bracket
  kBracket = 32,    // what matters for finding the partners of brackets
  kIdeograph = 64,  // the first byte of U+5000 to U+8FFF, which are all common ideographs
  kPlain = 128,     // ASCII but for controls that no text file has
};

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] = kLetter;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kLetter;
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (std::size_t c = 0xe5; c <= 0xe8; ++c) classes[c] = kIdeograph;
  classes['_'] = kLow;
  classes[' '] = classes['\t'] = kBlank;
  for (const char c : std::string_view(",:.=+-*/%<>?!")) {
    classes[static_cast<unsigned char>(c)] = kSymbol;
  }
  for (const char c : std::string_view("#\"()[]{};|")) {
    classes[static_cast<unsigned char>(c)] = kBracket;
  }
  for (std::size_t c = ' '; c < 0x7f; ++c) classes[c] |= kPlain;
  classes['\t'] |= kPlain;
  classes['\n'] |= kPlain;
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

inline std::uint8_t class_of(char c) { return kClasses[static_cast<unsigned char>(c)]; }
inline bool is(char c, unsigned classes) { return (class_of(c) & classes) != 0; }
inline bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

/// Bytes of the common ideograph (U+4E00 to U+9FBF) at a place, or 0. The text is valid UTF-8.
inline std::size_t ideograph_at(std::string_view text, std::size_t at) {
  if (is(text[at], kIdeograph)) return 3;
  const auto first = static_cast<unsigned char>(text[at]);
  const auto second = at + 2 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
  const bool common = (first == 0xe4 && second >= 0xb8) || (first == 0xe9 && second <= 0xbe);
  return common ? 3 : 0;
}

/// { ASCII letter | digit | "_" | common ideograph }
inline std::size_t word_end(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is(text[at], kLetter | kDigit | kLow)) {
      ++at;
      continue;
    }
    const std::size_t size = is_ascii(text[at]) ? 0 : ideograph_at(text, at);
    if (size == 0) return at;
    at += size;
  }
  return at;
}

/// Where brackets of full width end that begin at a place and hold neither brackets nor line ends;
/// 0 if they do not.
inline std::size_t wide_brackets_end(std::string_view text, std::size_t at) {
  constexpr std::string_view kOpen = "\uff08";
  constexpr std::string_view kClose = "\uff09";
  if (text.substr(at, kOpen.size()) != kOpen) return 0;
  for (at += kOpen.size(); at < text.size();) {
    if (text.substr(at, kClose.size()) == kClose) return at + kClose.size();
    const char c = text[at];
    const std::size_t ideograph = is_ascii(c) ? 0 : ideograph_at(text, at);
    if (ideograph == 0 && !is(c, kLetter | kDigit | kLow | kBlank | kSymbol)) return 0;
    at += ideograph == 0 ? 1 : ideograph;
  }
  return 0;
}

inline Sight word(std::string_view text) {
  const bool low = text[0] == '_';
  std::size_t at = word_end(text, 0);
  while (at + 1 < text.size()) {
    if (text[at] == '-') {
      if (low) break;
      const std::size_t end = word_end(text, at + 1);
      if (end == at + 1 && is_ascii(text[end])) break;
      if (end == at + 1) return {};
      at = end;
    } else if (is_ascii(text[at])) {
      break;
    } else {
      at = wide_brackets_end(text, at);
      if (at == 0) return {};
      at = word_end(text, at);
    }
  }
  return {TokenKind::word, static_cast<std::uint32_t>(at)};
}

/// Do digits stand there, and a colon or hyphen where `form` has one?
inline bool has_form(std::string_view text, std::size_t at, std::string_view form) {
  if (at + form.size() > text.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = text[at + i];
    if (form[i] == '0' ? !is(c, kDigit) : c != form[i]) return false;
  }
  return true;
}

inline constexpr std::size_t kDateSize = 10;
inline constexpr std::size_t kTimeSize = 16;

/// Is there such a day, and time of day? Of a text of the form that date_or_time() knows.
inline bool is_possible(std::string_view time) {
  const auto two = [time](std::size_t at) { return (time[at] - '0') * 10 + (time[at + 1] - '0'); };
  constexpr int kMostDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = two(5);
  const int day = two(8);
  if (month < 1 || month > 12 || day < 1 || day > kMostDays[month - 1]) return false;
  if (time.substr(0, 4) == "0000") return false;
  return time.size() == kDateSize || (two(11) < 24 && two(14) < 60);
}

inline Sight date_or_time(std::string_view text) {
  constexpr std::size_t kDate = kDateSize;
  constexpr std::size_t kTime = kTimeSize;
  if (!has_form(text, 4, "-00-00")) return {};
  const char after = kDate < text.size() ? text[kDate] : '\n';
  if (is(after, kDigit | kLetter) || !is_ascii(after)) return {};
  std::size_t next = kDate;
  while (next < text.size() && is(text[next], kBlank)) ++next;
  if (next == text.size() || (is_ascii(text[next]) && !is(text[next], kDigit)))
    return {TokenKind::date, kDate};
  // The time of day, in whole minutes and one blank away; else it is a date before an ideograph.
  if (!is_ascii(text[next])) return {TokenKind::date, kDate};
  if (next != kDate + 1 || !has_form(text, next, "00:00")) return {};
  const char end = kTime < text.size() ? text[kTime] : '\n';
  if (end == ':' || end == '.' || is(end, kDigit) || !is_ascii(end)) return {};
  return {TokenKind::time, kTime};
}

inline Sight figure(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && is(text[at], kDigit)) ++at;
  if (at + 1 >= text.size()) return {};
  if (text[at] == '-') return at == 4 ? date_or_time(text) : Sight{};
  if (text[at] == ',' && is(text[at + 1], kDigit)) return {};
  if (text[at] == '.' && is(text[at + 1], kDigit)) {
    ++at;
    while (at < text.size() && is(text[at], kDigit)) ++at;
    if (at == text.size()) return {};
  }
  constexpr std::size_t kMost = 18;
  if (text[at] == '_' || at > kMost) return {};
  if (!is_ascii(text[at])) {
    // Ten thousand or a hundred million, and nothing more.
    const std::string_view scale = text.substr(at, 3);
    if (scale != "\u4e07" && scale != "\u4ebf") return {};
    at += 3;
    if (at == text.size() || !is_ascii(text[at]) || text[at] == '%') return {};
    return {TokenKind::number, static_cast<std::uint32_t>(at)};
  }
  if (text[at] == '%') return {TokenKind::percent, static_cast<std::uint32_t>(at + 1)};
  return {TokenKind::number, static_cast<std::uint32_t>(at)};
}

inline Sight string(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') return {TokenKind::string, static_cast<std::uint32_t>(at + 1)};
    if (c == '\\' || c == '\n' || c == '\r') break;
  }
  return {};
}

/// A name between U+300C and U+300D.
inline Sight quoted(std::string_view text) {
  for (std::size_t at = 3; at + 2 < text.size(); ++at) {
    if (text[at] == '\n') break;
    if (text[at] != '\xe3' || text[at + 1] != '\x80') continue;
    if (text[at + 2] == '\x8c') break;
    if (text[at + 2] == '\x8d') return {TokenKind::quoted, static_cast<std::uint32_t>(at + 3)};
  }
  return {};
}

inline Sight symbol(std::string_view text) {
  const char first = text[0];
  const char second = text.size() > 1 ? text[1] : '\0';
  const bool two = (second == '=' && (first == ':' || first == '+' || first == '<' ||
                                      first == '>' || first == '!')) ||
                   (second == '>' && (first == '=' || first == '-')) ||
                   (second == first && (first == '/' || first == '.'));
  if (first == '!' && !two) return {};
  return {TokenKind::symbol, two ? 2U : 1U};
}

/// A token that is no bracket.
inline Sight token(std::string_view text) {
  if (text.empty()) return {};
  const char first = text[0];
  if (is(first, kLetter | kLow)) return word(text);
  if (is(first, kDigit)) return figure(text);
  if (is(first, kSymbol)) return symbol(text);
  if (first == '"') return string(text);
  if (is_ascii(first)) return {};
  if (ideograph_at(text, 0) != 0) return word(text);
  return text.starts_with("\xe3\x80\x8c") ? quoted(text) : Sight{};
}

/// Moves over characters that may stand anywhere in a text and are encoded as they should be.
inline std::size_t plain_text_end(std::string_view text, std::size_t at) {
  const auto follows = [text](std::size_t place) {
    return (static_cast<unsigned char>(text[place]) & 0xc0U) == 0x80U;
  };
  while (at < text.size()) {
    if (is(text[at], kPlain)) {
      ++at;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[at]);
    if (at + 2 >= text.size() || !follows(at + 1) || !follows(at + 2)) break;
    // U+3000 to U+9FFF, and the forms of full width.
    const bool wide = c == 0xef && (text[at + 1] == '\xbc' || text[at + 1] == '\xbd');
    if (!wide && (c < 0xe3 || c > 0xe9)) break;
    at += 3;
  }
  return at;
}

/// Moves over blanks, comments and, if it may, line ends; up to what might be more of them.
inline std::size_t gap_end(std::string_view text, std::size_t at, bool over_lines) {
  while (at < text.size()) {
    const char c = text[at];
    if (is(c, kBlank) || (over_lines && c == '\n')) {
      ++at;
    } else if (over_lines && c == '\r' && text.substr(at, 2) == "\r\n") {
      at += 2;
    } else if (c == '#') {
      const std::size_t end = text.find('\n', at);
      if (end == std::string_view::npos) return text.size();
      at = text[end - 1] == '\r' ? end - 1 : end;
    } else {
      break;
    }
  }
  return at;
}

/// Where the word begins that ends at `stop` or goes on there; `stop` if none does. All before it
/// is ASCII or common ideographs.
inline std::size_t word_before(std::string_view text, std::size_t stop) {
  std::size_t at = stop;
  while (at > 0 && (!is_ascii(text[at - 1]) || is(text[at - 1], kLetter | kDigit | kLow) ||
                    text[at - 1] == '-')) {
    --at;
  }
  const std::string_view before = text.substr(0, stop);
  while (at < stop) {
    if (is(text[at], kDigit) || text[at] == '-') {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    at = word_end(before, at);
    while (text[begin] != '_' && at + 1 < stop && text[at] == '-' && text[at + 1] != '-') {
      at = word_end(before, at + 1);
    }
    if (at == stop || (at + 1 == stop && text[begin] != '_')) return begin;
  }
  return stop;
}

/// Where what begins at one of `#"()[]{};|` ends, if that can be told; else the same place.
/// Brackets and what parts them are told to `brackets`, as at `offset` and so far behind.
template <typename Brackets>
std::size_t bracket_end(std::string_view text, std::size_t at, std::uint32_t offset,
                        Brackets& brackets) {
  const auto place = offset + static_cast<std::uint32_t>(at);
  switch (const char c = text[at]) {
    case '#':
      return gap_end(text, at, false);
    case '"':
      return at + string(text.substr(at)).size;
    case '(':
    case '[':
      brackets.open(c, place);
      break;
    case ')':
    case ']':
      brackets.close(c == ')' ? '(' : '[', place);
      break;
    case '{':
    case '}':
      brackets.brace({place, place + 1, c == '{'});
      break;
    default:
      brackets.barrier();
  }
  return at + 1;
}

/// Moves over what can be told at sight, and tells `brackets` of those among it. Words before a
/// character of another sort are left to their own rule: full-width brackets may be part of them.
template <typename Brackets>
std::size_t scan(std::string_view text, std::uint32_t offset, Brackets& brackets) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::uint8_t of = class_of(text[at]);
    if (of == kIdeograph) {
      at += 3;
    } else if ((of & kBracket) != 0) {
      const std::size_t end = bracket_end(text, at, offset, brackets);
      if (end == at) return at;
      at = end;
    } else if (is_ascii(text[at])) {
      ++at;
    } else {
      const std::size_t size = ideograph_at(text, at);
      if (size == 0) return word_before(text, at);
      at += size;
    }
  }
  return at;
}

/// { " " | tab | newline }
inline std::size_t white_bytes(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (is(text[at], kBlank) || text[at] == '\n') {
      ++at;
    } else if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

}  // namespace sight

}  // namespace toll::dsl
