// The words of an explanation: values and expressions as the policy's author would write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/policy.hpp"
#include "dsl/syntax/skin.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/why/record.hpp"

namespace toll::why {

/// The skin a policy is written in.
const dsl::Skin& skin_of(const dsl::Policy& policy);

class Words {
 public:
  Words(const dsl::Policy& policy, const dsl::SourceSet& sources, Language language);

  [[nodiscard]] const Core& core() const { return core_; }
  [[nodiscard]] std::string say(const Message& message) const {
    return toll::say(message, language_);
  }

  [[nodiscard]] Language language() const { return language_; }

  /// A value with its unit: "0.15 yuan/call", "2025-07-01 09:00".
  [[nodiscard]] std::string show(const Type& type, Value value, const Step& step) const;
  /// How long: "1 hour 30 minutes".
  [[nodiscard]] std::string span(Value nanos) const;
  /// An expression as its author wrote it, in one line; where nobody did, as it could be written.
  [[nodiscard]] std::string text(NodeId node) const;
  [[nodiscard]] bool has_text(NodeId node) const;
  /// The text of a comparison with the values of what it compares: "balance (-3 yuan) < 0".
  [[nodiscard]] std::string with_values(const Record& record) const;
  /// A computation in numbers: "round(0.15 yuan/call * 500 call, 0.01 yuan)".
  [[nodiscard]] std::string in_numbers(const Record& record) const;

  /// "rules.toll:12", of an expression or a clause; empty if nobody wrote it.
  [[nodiscard]] std::string place(NodeId node) const;
  [[nodiscard]] std::string place_of(ClauseId clause) const;
  [[nodiscard]] std::string source_of(ClauseId clause) const;
  /// Is the clause one of a rule file, whose words can be quoted?
  [[nodiscard]] bool is_quoted(ClauseId clause) const;
  /// The line of the policy a clause stands in.
  [[nodiscard]] std::string quote(ClauseId clause) const;
  /// What a rule is called: its label, or nothing if it has only a number.
  [[nodiscard]] std::string label(ClauseId clause) const;

  /// What tells rows apart: keys of a table or counter, names and texts of a list.
  [[nodiscard]] std::string row(std::uint32_t family, const std::vector<Value>& fields,
                                const Step& step) const;
  [[nodiscard]] std::string table_row(std::uint32_t table, Value row, const Step& step) const;
  /// A word of the language in the policy's spelling.
  [[nodiscard]] std::string keyword(const dsl::CanonicalWords& words) const;

 private:
  [[nodiscard]] std::string unit(const Dimension& dimension) const;
  [[nodiscard]] std::string written(NodeId node) const;
  [[nodiscard]] std::string joined(const std::vector<std::string>& parts) const;
  [[nodiscard]] std::string bracketed(const std::string& text, const std::string& value) const;
  [[nodiscard]] std::string operand(const Record& record, bool inside) const;

  const Core& core_;
  const dsl::SourceSet& sources_;
  const std::vector<dsl::SourceSpan>& spans_;
  const std::map<NodeId, std::string>& texts_;
  const dsl::Skin& skin_;
  Language language_;
  std::string root_;  ///< of file names, left out
};

/// Does this compute from its operands (rather than read something)?
bool computes(Op op);
/// The word of an operator between two operands; empty: it is none.
std::string_view infix(Op op);

}  // namespace toll::why
