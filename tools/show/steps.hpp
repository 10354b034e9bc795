// Effects as steps that people can follow: a nested list.
#pragma once

#include <vector>

#include "tools/show/document.hpp"
#include "tools/show/phrases.hpp"
#include "tools/show/remarks.hpp"

namespace toll::tools::show {

class Steps {
 public:
  Steps(const Words& words, const Phrases& phrases) : words_(words), phrases_(phrases) {}

  /// The steps of a body; names that it makes are added to the scope as it goes.
  [[nodiscard]] std::vector<Item> of(const std::vector<dsl::Clause>& body, const Remarks& remarks,
                                     Scope scope) const;
  /// `when CONDITION [as LABEL] { .. }`, `otherwise { .. }`.
  [[nodiscard]] Item rule(const dsl::Clause& clause, const Remarks& remarks,
                          const Scope& scope) const;
  /// `emit ENTRY { .. }`
  [[nodiscard]] Item emit(const dsl::Clause& clause, const Scope& scope) const;

 private:
  [[nodiscard]] Item step(const dsl::Clause& clause, const Remarks& remarks, Scope& scope) const;
  [[nodiscard]] Item let(dsl::Cursor& head, Scope& scope) const;
  [[nodiscard]] Item put(const dsl::Clause& clause, dsl::Cursor& head, Scope& scope) const;
  [[nodiscard]] Item draw(const dsl::Clause& clause, dsl::Cursor& head, const Remarks& remarks,
                          Scope& scope) const;
  [[nodiscard]] Item each(const dsl::Clause& clause, dsl::Cursor& head, const Remarks& remarks,
                          const Scope& scope) const;
  [[nodiscard]] Item choose(const dsl::Clause& clause, const Remarks& remarks,
                            const Scope& scope) const;
  [[nodiscard]] Item emit_from(const dsl::Clause& clause, dsl::Cursor& head,
                               const Scope& scope) const;
  [[nodiscard]] Item timing(dsl::Cursor& head, const Scope& scope) const;
  [[nodiscard]] Item program(dsl::Cursor& head, const Scope& scope) const;
  [[nodiscard]] Item assignment(dsl::Cursor& head, const Scope& scope) const;
  [[nodiscard]] Item with_cases(std::string_view id, const Inline& name, const Tokens& value,
                                const Scope& scope) const;
  [[nodiscard]] Inline fields(const std::vector<dsl::Clause>& body, const Scope& scope) const;

  const Words& words_;
  const Phrases& phrases_;
};

/// A step with what a comment says of it.
Item remarked(const Words& words, Item item, const std::string& remark);

}  // namespace toll::tools::show
