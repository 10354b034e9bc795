// Which paragraphs of a policy's documents are implemented: a rule or a scenario names them as its
// source, or the policy says why none does.
#pragma once

#include <string_view>
#include <vector>

#include "dsl/policy.hpp"

namespace toll::tools {

/// Does a source name this id as a word of its own? R5 stands in "R5, R54" and not in "R54".
bool names_paragraph(std::string_view source, std::string_view id);

struct ParagraphUse {
  const dsl::Document* document = nullptr;
  const dsl::Paragraph* paragraph = nullptr;
  bool implemented = false;
};
/// In the order of the files. Points into the policy.
std::vector<ParagraphUse> paragraphs_of(const dsl::Policy& policy);

}  // namespace toll::tools
