#include "tools/coverage/paragraphs.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace toll::tools {
namespace {

/// Letters and digits of ASCII: what ids are made of where one may be the beginning of another.
bool goes_on(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

}  // namespace

bool names_paragraph(std::string_view source, std::string_view id) {
  if (id.empty()) return false;
  for (std::size_t at = source.find(id); at != std::string_view::npos; at = source.find(id, at + 1)) {
    const std::size_t end = at + id.size();
    const bool begins = at == 0 || !goes_on(id.front()) || !goes_on(source[at - 1]);
    // 3.1 is not named by 3.1.2 or 3.12; a point may end a sentence.
    const bool part = end + 1 < source.size() && (source[end] == '.' || source[end] == '-') &&
                      goes_on(source[end + 1]);
    const bool ends = end >= source.size() || !goes_on(id.back()) || (!goes_on(source[end]) && !part);
    if (begins && ends) return true;
  }
  return false;
}

std::vector<ParagraphUse> paragraphs_of(const dsl::Policy& policy) {
  std::vector<ParagraphUse> uses;
  if (policy.documents.empty()) return uses;
  std::set<std::string_view> sources;
  for (const Clause& clause : policy.core->clauses) sources.insert(clause.source);
  for (const dsl::Scenario& scenario : policy.scenarios) sources.insert(scenario.source);
  for (const dsl::Document& document : policy.documents) {
    for (const dsl::Paragraph& one : document.paragraphs) {
      const bool named = std::any_of(sources.begin(), sources.end(), [&](std::string_view source) {
        return names_paragraph(source, one.id);
      });
      uses.push_back({&document, &one, named || !one.because.empty()});
    }
  }
  return uses;
}

}  // namespace toll::tools
