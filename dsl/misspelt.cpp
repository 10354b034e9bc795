#include "dsl/misspelt.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "dsl/syntax/nearest.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

std::string_view first_word(std::string_view text) {
  return text.substr(0, std::min(text.find_first_of(" \t\r\n(){}[],:;|=.\""), text.size()));
}

/// The words of the language in a message, as a skin spells them.
std::vector<std::string> words_in(const Message& message, const Skin& skin) {
  std::vector<std::string> words;
  say(message, Language::en, [&](std::string_view canonical) {
    words.push_back(skin.spell(canonical));
    return words.back();
  });
  return words;
}

}  // namespace

void advise_words(const SourceSet& sources, Diagnostics& diagnostics) {
  if (diagnostics.empty()) return;
  std::vector<Diagnostic> all = diagnostics.all();
  for (Diagnostic& one : all) {
    if (one.code() != "E0201" || !one.help.empty()) continue;
    const Skin* const skin = find_skin(sources.skin(one.span.file));
    if (skin == nullptr) continue;
    const std::string_view word = first_word(sources.slice(one.span));
    if (word.empty() || skin->is_reserved(word)) continue;
    const std::vector<std::string> words = words_in(one.message, *skin);
    const std::vector<std::string_view> expected(words.begin(), words.end());
    const std::string_view meant = nearest_name(word, expected);
    if (!meant.empty()) one.help = {"advice.did-you-mean", {meant}};
  }
  diagnostics.replace(std::move(all));
}

}  // namespace toll::dsl
