#include "dsl/syntax/name.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

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

}  // namespace

std::string fold(std::string_view name) {
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 127; });
  if (plain) return std::string(name);
  const std::optional<std::string> normal = to_nfkc(name);
  if (!normal) return std::string(name);
  std::string folded = without_spaces(*normal);
  // A mark that followed a space may now join the letter before it; once more, and it is stable.
  if (folded.size() != normal->size()) folded = to_nfkc(folded).value_or(folded);
  return folded;
}

}  // namespace toll::dsl
