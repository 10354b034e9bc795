// Where the parts of a core stand in the rule files, and what they are called there.
#pragma once

#include <map>
#include <string>

#include "dsl/policy.hpp"
#include "tools/core_text.hpp"
#include "tools/policy_text.hpp"

namespace toll::tools {

class PolicyPlaces {
 public:
  struct Place {
    std::string file;  ///< as diagnostics show it
    std::uint32_t line = 0;
    std::uint32_t column = 0;
  };

  /// Borrows both.
  PolicyPlaces(const dsl::Policy& policy, const dsl::SourceSet& sources);

  /// What somebody wrote for a node; an empty span: nobody did.
  [[nodiscard]] dsl::SourceSpan span_of(NodeId node) const;
  /// The first written thing in an expression, or in an effect.
  [[nodiscard]] dsl::SourceSpan span_in(NodeId node) const;
  [[nodiscard]] dsl::SourceSpan span_in(const Effect& effect) const;

  /// On one line, and not longer than fits beside a sentence.
  [[nodiscard]] std::string text(const dsl::SourceSpan& span) const;
  /// The line a clause stands in; its id if there is no such line.
  [[nodiscard]] std::string line_text(ClauseId clause) const;
  [[nodiscard]] std::string line_text(const dsl::SourceSpan& span) const;
  [[nodiscard]] std::string value(const Type& type, Value value) const;
  /// The keys of a row as people tell it from the others.
  [[nodiscard]] std::string row_name(const Table& table, const Table::Row& row) const;
  /// Of the span; if it is empty, of the clause.
  [[nodiscard]] Place place(ClauseId clause, dsl::SourceSpan span = {}) const;

  [[nodiscard]] const PolicyText& words() const { return words_; }

 private:
  const dsl::Policy& policy_;
  const Core& core_;
  const dsl::SourceSet& sources_;
  CoreText names_;
  PolicyText words_;
  std::map<std::string, std::uint32_t> files_;  ///< as clauses name them
};

}  // namespace toll::tools
