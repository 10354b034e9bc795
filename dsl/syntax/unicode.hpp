// What the syntax layer needs to know about characters: UTF-8, identifier letters, widths, dangers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace toll::dsl {

inline constexpr char32_t kNoCharacter = 0xffffffffU;

struct DecodedCharacter {
  char32_t code = kNoCharacter;  ///< kNoCharacter at the end of the text or if the bytes are bad
  std::uint32_t size = 0;        ///< bytes; 1 if they are bad, 0 at the end
};

/// Any character, or none: what decode_utf8() does not know at sight.
DecodedCharacter decode_any_utf8(std::string_view text, std::size_t at);

inline DecodedCharacter decode_utf8(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  // U+3000 to U+9FFF, most of what is written beyond ASCII: three bytes of one form.
  if (first >= 0xe3 && first <= 0xe9 && at + 2 < text.size()) {
    const auto second = static_cast<unsigned char>(text[at + 1]);
    const auto third = static_cast<unsigned char>(text[at + 2]);
    if ((second & 0xc0U) == 0x80U && (third & 0xc0U) == 0x80U) {
      return {(first & 0x0fU) << 12U | (second & 0x3fU) << 6U | (third & 0x3fU), 3};
    }
  }
  return decode_any_utf8(text, at);
}
/// Ideographs in common use: letters, of one width, that no normal form changes.
constexpr bool is_common_ideograph(char32_t code) { return code >= 0x4e00 && code <= 0x9fbf; }
void append_utf8(std::string& text, char32_t code);

/// Offset of the first byte that is not UTF-8, or npos. Overlong forms and surrogates are not
/// UTF-8.
std::size_t find_invalid_utf8(std::string_view text);

/// XID_Start and XID_Continue of Unicode's annex 31.
bool is_xid_start(char32_t code);
bool is_xid_continue(char32_t code);

/// White space that may stand between words or inside names: blanks of any width, line ends.
bool is_white_space(char32_t code);

/// Characters that change how a line looks without being seen, or that no text file has: controls
/// but tab and line feed (and a carriage return before one), bidi controls, invisible separators.
bool is_forbidden(char32_t code);

/// Columns of a terminal: East Asian wide characters take two, combining marks none.
int display_width(char32_t code);
int display_width(std::string_view text);

}  // namespace toll::dsl
