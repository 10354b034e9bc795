#include "dsl/syntax/name.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "dsl/syntax/at_sight.hpp"
#include "dsl/syntax/folded.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

/// Punctuation that stands in names and that normalizing leaves as it is, whatever is beside it.
bool is_stable_mark(char32_t code) {
  constexpr std::u32string_view kMarks = U"\u00a7\u00b7\u00d7\u201c\u201d\u3001\u3002\u300a\u300b";
  return kMarks.find(code) != std::u32string_view::npos;
}

std::optional<std::string> to_nfkc(std::string_view text) {
  struct Free {
    void operator()(utf8proc_uint8_t* memory) const { std::free(memory); }  // NOLINT: C library
  };
  utf8proc_uint8_t* made = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                 static_cast<utf8proc_ssize_t>(text.size()), &made, options);
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(made);
  if (size < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
}

std::string without_spaces(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const DecodedCharacter character = decode_utf8(text, at);
    if (!is_white_space(character.code)) kept.append(text.substr(at, character.size));
    at += character.size;
  }
  return kept;
}

/// Of printable ASCII, its full-width forms, common ideographs and their punctuation, as most names
/// are: the forms become ASCII, spaces are left out, and nothing else changes.
std::optional<std::string> simply_folded(std::string_view name) {
  constexpr char32_t kFirstWide = 0xff01;
  constexpr char32_t kLastWide = 0xff5e;
  std::string folded;
  folded.reserve(name.size());
  for (std::size_t at = 0; at < name.size();) {
    if (name[at] >= ' ' && name[at] < 127) {
      if (name[at] != ' ') folded += name[at];
      ++at;
      continue;
    }
    const DecodedCharacter character = decode_utf8(name, at);
    if (is_common_ideograph(character.code) || is_stable_mark(character.code)) {
      folded.append(name, at, character.size);
    } else if (character.code >= kFirstWide && character.code <= kLastWide) {
      folded += static_cast<char>(character.code - kFirstWide + '!');
    } else {
      return std::nullopt;
    }
    at += character.size;
  }
  return folded;
}

}  // namespace

bool is_folded(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    if (name[at] > ' ' && name[at] < 127) {
      ++at;
      continue;
    }
    if (sight::is(name[at], sight::kIdeograph) && at + 2 < name.size() &&
        (name[at + 1] & 0xc0) == 0x80 && (name[at + 2] & 0xc0) == 0x80) {
      at += 3;
      continue;
    }
    const DecodedCharacter character = decode_utf8(name, at);
    if (!is_common_ideograph(character.code) && !is_stable_mark(character.code)) return false;
    at += character.size;
  }
  return true;
}

std::string fold(std::string_view name) {
  if (is_folded(name)) return std::string(name);
  if (std::optional<std::string> folded = simply_folded(name)) return *std::move(folded);
  const std::optional<std::string> normal = to_nfkc(name);
  if (!normal) return std::string(name);
  std::string folded = without_spaces(*normal);
  // A mark that followed a space may now join the letter before it; once more, and it is stable.
  if (folded.size() != normal->size()) folded = to_nfkc(folded).value_or(folded);
  return folded;
}

}  // namespace toll::dsl
