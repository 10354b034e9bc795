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

DecodedCharacter decode_utf8(std::string_view text, std::size_t at);
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
