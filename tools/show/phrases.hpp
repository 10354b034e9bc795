// Expressions as people say them: "the event's size is less than 3", "there is a row of packs where
// kind is paid".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/show/words.hpp"

namespace toll::tools::show {

/// What names mean at a place: rows at hand, parameters, the event.
struct Scope {
  struct Local {
    std::string name;
    std::optional<Type> type;
    bool at_hand = false;  ///< its fields are said without it
  };
  std::vector<Local> locals;
  std::uint32_t event = kNone;

  [[nodiscard]] const Local* find(const std::string& name) const;
};

class Phrases {
 public:
  explicit Phrases(const Words& words) : words_(words) {}

  [[nodiscard]] Inline expression(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Inline expression(const Tokens& tokens, const Scope& scope) const;
  /// The same as one of several in a row: what has commas of its own stands in brackets.
  [[nodiscard]] Inline part(const Tokens& tokens, const Scope& scope) const;
  /// The same where it says whether something holds: a value that is yes or no is said to be yes.
  [[nodiscard]] Inline condition(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Inline condition(const Tokens& tokens, const Scope& scope) const;
  /// "packs where kind is paid, in the order of ends". The row is added to `inner`.
  [[nodiscard]] Inline traversal(const dsl::Traversal& over, const Scope& scope,
                                 Scope& inner) const;
  /// The cases of `( when .. => .. )`, each as a phrase; empty if it is something else.
  [[nodiscard]] std::vector<Inline> cases(const Tokens& tokens, const Scope& scope) const;

  [[nodiscard]] std::optional<Type> type_of(const dsl::Expr& expr, const Scope& scope) const;
  /// The type of the rows that a traversal visits.
  [[nodiscard]] std::optional<Type> row_type(const dsl::Expr& source, const Scope& scope) const;
  [[nodiscard]] std::uint32_t event_index(const dsl::Token& name) const;
  [[nodiscard]] std::optional<Type> row_of_family(const dsl::Token& name) const;

 private:
  /// How tightly a phrase holds together: what is looser than its place asks for gets brackets.
  enum class Bond { sequence, either, both, comparison, sum, product, word };
  struct Phrase {
    Inline text;
    Bond bond = Bond::word;
  };

  [[nodiscard]] Phrase phrase(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase condition_phrase(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Inline condition_at_least(Bond bond, const dsl::Expr& expr,
                                          const Scope& scope) const;
  [[nodiscard]] Inline at_least(Bond bond, const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase binary(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase comparison(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase unary(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase presence(const dsl::Expr& expr, bool there, const Scope& scope) const;
  [[nodiscard]] Phrase member(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase index(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase call(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] std::optional<Phrase> function(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] Phrase aggregate(const dsl::Expr& expr, const Scope& scope, bool negated) const;
  [[nodiscard]] Inline one_case(const dsl::Expr& expr, std::size_t at, const Scope& scope) const;
  [[nodiscard]] Inline keys(const dsl::Expr& expr, std::size_t first, const Scope& scope) const;
  [[nodiscard]] Inline name_of(const dsl::Token& token, const Scope& scope) const;
  [[nodiscard]] bool is_time(const dsl::Expr& expr, const Scope& scope) const;
  [[nodiscard]] std::optional<Type> column_type(const Type& row, const std::string& name) const;

  const Words& words_;
};

}  // namespace toll::tools::show
