#include "dsl/syntax/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "dsl/syntax/at_sight.hpp"

namespace toll::dsl {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool contains(const std::array<CodeRange, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](CodeRange range) { return range.first <= code && code <= range.last; });
}

// utf8proc knows general categories; these are the characters where annex 31 departs from them.
constexpr std::array<CodeRange, 4> kOtherStart = {
    {{0x1885, 0x1886}, {0x2118, 0x2118}, {0x212e, 0x212e}, {0x00aa, 0x00aa}}};
constexpr std::array<CodeRange, 4> kOtherContinue = {
    {{0x00b7, 0x00b7}, {0x0387, 0x0387}, {0x1369, 0x1371}, {0x19da, 0x19da}}};
// Letters whose compatibility forms are no identifiers, and a letter that is pattern syntax.
constexpr std::array<CodeRange, 12> kNeither = {{{0x037a, 0x037a},
                                                 {0x309b, 0x309c},
                                                 {0x2e2f, 0x2e2f},
                                                 {0xfc5e, 0xfc63},
                                                 {0xfdfa, 0xfdfb},
                                                 {0xfe70, 0xfe70},
                                                 {0xfe72, 0xfe72},
                                                 {0xfe74, 0xfe74},
                                                 {0xfe76, 0xfe76},
                                                 {0xfe78, 0xfe78},
                                                 {0xfe7a, 0xfe7a},
                                                 {0xfe7c, 0xfe7c}}};
constexpr std::array<CodeRange, 4> kNotFirst = {
    {{0x0e33, 0x0e33}, {0x0eb3, 0x0eb3}, {0xff9e, 0xff9f}, {0xfe7e, 0xfe7e}}};

constexpr std::array<CodeRange, 14> kForbidden = {{{0x0000, 0x0008},
                                                   {0x000b, 0x001f},
                                                   {0x007f, 0x009f},
                                                   {0x00ad, 0x00ad},
                                                   {0x061c, 0x061c},
                                                   {0x180e, 0x180e},
                                                   {0x200b, 0x200b},
                                                   {0x200e, 0x200f},
                                                   {0x2028, 0x202e},
                                                   {0x2060, 0x2064},
                                                   {0x2066, 0x206f},
                                                   {0xfeff, 0xfeff},
                                                   {0xfff9, 0xfffb},
                                                   {0xe0000, 0xe007f}}};

utf8proc_category_t category(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

}  // namespace

DecodedCharacter decode_any_utf8(std::string_view text, std::size_t at) {
  utf8proc_int32_t code = -1;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at),
                                     static_cast<utf8proc_ssize_t>(text.size() - at), &code);
  if (size <= 0) return {kNoCharacter, 1};
  return {static_cast<char32_t>(code), static_cast<std::uint32_t>(size)};
}

void append_utf8(std::string& text, char32_t code) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = sight::plain_text_end(text, 0); at < text.size();
       at = sight::plain_text_end(text, at)) {
    const DecodedCharacter character = decode_utf8(text, at);
    if (character.code == kNoCharacter) return at;
    at += character.size;
  }
  return std::string_view::npos;
}

bool is_xid_start(char32_t code) {
  if (code < 0x80) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  if (is_common_ideograph(code)) return true;
  if (code == kNoCharacter || contains(kNeither, code) || contains(kNotFirst, code)) return false;
  switch (category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return contains(kOtherStart, code);
  }
}

bool is_xid_continue(char32_t code) {
  if (code < 0x80) return is_xid_start(code) || (code >= '0' && code <= '9') || code == '_';
  if (is_xid_start(code)) return true;
  if (code == kNoCharacter || contains(kNeither, code) || code == 0xfe7e) return false;
  switch (category(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return contains(kOtherContinue, code) || contains(kNotFirst, code);
  }
}

bool is_white_space(char32_t code) {
  if (code == ' ' || (code >= '\t' && code <= '\r')) return true;
  if (code < 0x80 || code == kNoCharacter || is_common_ideograph(code)) return false;
  const utf8proc_category_t found = category(code);
  return found == UTF8PROC_CATEGORY_ZS || found == UTF8PROC_CATEGORY_ZL ||
         found == UTF8PROC_CATEGORY_ZP || code == 0x85;
}

bool is_forbidden(char32_t code) {
  return (code < 0x20 || code >= 0x7f) && !is_common_ideograph(code) && contains(kForbidden, code);
}

int display_width(char32_t code) {
  if (code >= 0x20 && code < 0x7f) return 1;
  if (code == kNoCharacter) return 1;
  return utf8proc_charwidth(static_cast<utf8proc_int32_t>(code));
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    width += display_width(character.code);
    at += character.size;
  }
  return width;
}

}  // namespace toll::dsl
