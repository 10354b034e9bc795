// The parts of a policy in words, for a difference: rows, prices, conditions, as its author wrote
// them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/diff/code.hpp"
#include "tools/diff/diff.hpp"
#include "tools/diff/tables.hpp"
#include "tools/why/words.hpp"

namespace toll::diff {

std::string joined(const std::vector<std::string>& parts);

class Say {
 public:
  Say(const Side& side, Language language);

  /// A value with its unit; a text in quotes.
  [[nodiscard]] std::string value(const Type& type, Value value) const;
  [[nodiscard]] std::string place(ClauseId clause) const;
  [[nodiscard]] std::string place(const CodePlace& at) const;

  /// "table tiers, text, from 10000 call below 100000 call".
  [[nodiscard]] Message row_title(std::uint32_t table, const Region& region,
                                  const Table::Row& row) const;
  /// A row that one of them has, with what it says.
  [[nodiscard]] Message row_cells(const char* id, std::uint32_t table, const Table::Row& row) const;

  /// The declaration or rule in which a piece of code stands.
  [[nodiscard]] Message code_title(const CodePlace& at) const;
  /// The code itself, in one line.
  [[nodiscard]] std::string code(const CodePlace& at) const;
  /// The setting whose value a constant is; kNone: of none.
  [[nodiscard]] ClauseId setting_of(NodeId node) const;

 private:
  [[nodiscard]] NodeId first_written(const Effect& effect) const;
  [[nodiscard]] NodeId first_written(NodeId node) const;
  [[nodiscard]] std::string line_of(NodeId node) const;
  [[nodiscard]] ClauseId declaration_of(ClauseId clause) const;

  const Core& core_;
  const dsl::Policy& policy_;
  const dsl::SourceSet& sources_;
  why::Words words_;
  std::map<std::string, ClauseId> settings_;  ///< by name
};

}  // namespace toll::diff
