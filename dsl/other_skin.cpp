#include "dsl/other_skin.hpp"

#include <algorithm>
#include <array>

#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

/// Codes of errors that a word of another skin may be the cause of.
constexpr std::array<std::string_view, 6> kCodes = {"E0201", "E0202", "E0302",
                                                    "E0502", "E0604", "E0901"};

std::string_view word_of(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of(" \t\r\n(){}[],:;|"), text.size()));
}

/// The canonical words that `word` stands for in a skin that is not `own`; empty if in none.
std::string canonical(std::string_view word, const Skin& own) {
  if (word.empty() || own.is_reserved(word)) return {};
  for (const std::string& name : skin_names()) {
    const Skin::Entry* const entry = find_skin(name)->find(word);
    if (name == own.name() || entry == nullptr) continue;
    std::string words;
    for (const std::string& one : entry->canonical) words += (words.empty() ? "" : " ") + one;
    return words;
  }
  return {};
}

}  // namespace

void advise_skins(const SourceSet& sources, Diagnostics& diagnostics) {
  if (diagnostics.empty()) return;
  std::vector<Diagnostic> all = diagnostics.all();
  for (Diagnostic& one : all) {
    if (std::find(kCodes.begin(), kCodes.end(), one.code()) == kCodes.end()) continue;
    const Skin* const own = find_skin(sources.skin(one.span.file));
    if (own == nullptr) continue;
    const std::string_view word = word_of(sources.slice(one.span));
    const std::string words = canonical(word, *own);
    if (!words.empty()) one.help = {"advice.other-skin", {own->name(), keyword(words), word}};
  }
  diagnostics.replace(std::move(all));
}

}  // namespace toll::dsl
