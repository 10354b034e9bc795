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

/// Printable ASCII and common ideographs (U+4E00 to U+9FBF): most names, and NFKC leaves them
/// alone.
bool is_folded(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const auto byte = static_cast<unsigned char>(name[at]);
    if (byte > ' ' && byte < 127) {
      ++at;
      continue;
    }
    if (byte < 0xe4 || byte > 0xe9 || at + 2 >= name.size()) return false;
    const auto next = static_cast<unsigned char>(name[at + 1]);
    if ((byte == 0xe4 && next < 0xb8) || (byte == 0xe9 && next > 0xbe)) return false;
    at += 3;
  }
  return true;
}

}  // namespace

std::string fold(std::string_view name) {
  if (is_folded(name)) return std::string(name);
  const std::optional<std::string> normal = to_nfkc(name);
  if (!normal) return std::string(name);
  std::string folded = without_spaces(*normal);
  // A mark that followed a space may now join the letter before it; once more, and it is stable.
  if (folded.size() != normal->size()) folded = to_nfkc(folded).value_or(folded);
  return folded;
}

}  // namespace toll::dsl
