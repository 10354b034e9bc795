// An explanation: a tree of sentences, each with what it rests on below it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace toll::why {

struct Reason {
  std::string kind;    ///< a stable word for programs: entry, value, row, tier, draw, ..
  std::string text;    ///< the sentence, in the reader's language
  std::string place;   ///< file:line of what the policy says about it
  std::string source;  ///< the paragraph of the document that implements
  /// What the sentence says, for programs: expression, value, event, ..
  std::vector<std::pair<std::string, std::string>> facts;
  std::vector<Reason> inside;

  Reason& fact(std::string name, std::string value) {
    facts.emplace_back(std::move(name), std::move(value));
    return *this;
  }
};

/// What was told before is not told again below the same sentence: `see` is put after it.
void tell_once(Reason& reason, const std::string& see);

/// Leaves out what stands deeper.
void prune(std::vector<Reason>& reasons, std::size_t levels);

/// Indented lines, each with its place and source in brackets.
std::string as_text(const Reason& reason);
nlohmann::json as_json(const Reason& reason);

}  // namespace toll::why
