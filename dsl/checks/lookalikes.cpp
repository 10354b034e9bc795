#include "dsl/checks/lookalikes.hpp"

#include <unordered_map>

#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

using Letters = std::unordered_map<char32_t, std::string>;

/// Lines of `what it is drawn like`, a blank, the letters.
Letters read_letters() {
  Letters letters;
  const std::string_view text = embedded_lookalikes();
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t blank = line.find(' ');
    if (line.empty() || line[0] == '#' || blank == std::string_view::npos) continue;
    for (std::size_t i = blank + 1; i < line.size();) {
      const DecodedCharacter letter = decode_utf8(line, i);
      i += letter.size;
      // What ASCII letters are drawn like (1, l and I are one) is left to the reader.
      if (letter.code > 0x7f) letters.emplace(letter.code, line.substr(0, blank));
    }
  }
  return letters;
}

enum class Script : std::uint8_t { other, latin, greek, cyrillic, armenian, georgian, cherokee };

/// Scripts whose letters are drawn alike and that no word mixes. Chinese, Japanese and Korean
/// letters stand beside Latin ones as a matter of course.
Script script_of(char32_t code) {
  const auto in = [&](char32_t first, char32_t last) { return first <= code && code <= last; };
  if (in('A', 'Z') || in('a', 'z') || in(0xc0, 0x24f) || in(0x1e00, 0x1eff)) return Script::latin;
  if (in(0x370, 0x3ff) || in(0x1f00, 0x1fff)) return Script::greek;
  if (in(0x400, 0x52f) || in(0x1c80, 0x1c8f) || in(0xa640, 0xa69f)) return Script::cyrillic;
  if (in(0x530, 0x58f)) return Script::armenian;
  if (in(0x10a0, 0x10ff) || in(0x1c90, 0x1cbf)) return Script::georgian;
  if (in(0x13a0, 0x13ff) || in(0xab70, 0xabbf)) return Script::cherokee;
  return Script::other;
}

}  // namespace

std::string drawn(std::string_view folded) {
  static const Letters kLetters = read_letters();
  std::string out;
  out.reserve(folded.size());
  for (std::size_t i = 0; i < folded.size();) {
    if (static_cast<unsigned char>(folded[i]) < 0x80) {
      out += folded[i++];
      continue;
    }
    const DecodedCharacter letter = decode_utf8(folded, i);
    const auto known = kLetters.find(letter.code);
    if (known == kLetters.end()) {
      out += folded.substr(i, letter.size);
    } else {
      out += known->second;
    }
    i += letter.size;
  }
  return out;
}

MixedLetters mixed_letters(std::string_view folded) {
  MixedLetters mixed;
  Script script = Script::other;
  for (std::size_t i = 0; i < folded.size();) {
    const DecodedCharacter letter = decode_utf8(folded, i);
    i += letter.size;
    const Script next = script_of(letter.code);
    if (script != Script::other && next != Script::other && next != script) {
      mixed.second = letter.code;
      return mixed;
    }
    script = next;
    mixed.first = letter.code;
  }
  return {};
}

}  // namespace toll::dsl
