// Notions: declarations that say in the words of a price page what rules would say at length. Each
// expands to rules of the same language, one level down; nothing else knows that they exist.
//
// A notion reads its declaration and writes a template: text of the kernel language with holes for
// what the declaration says. What comes out carries the position of the declaration, or of the part
// of it that a hole was filled from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/read/expr.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"

namespace toll::dsl {

using Tokens = std::vector<Token>;

/// What a hole is filled with: tokens inside a statement, or whole statements in its place.
struct Filling {
  Tokens tokens;
  std::vector<Clause> clauses;
};

/// A template being written. Holes are numbered in the order they are made.
class Expansion {
 public:
  explicit Expansion(SourceSpan origin) : origin_(origin) {}

  Expansion& operator<<(std::string_view text);
  /// An expression or other run of tokens, in brackets.
  Expansion& operator<<(const Tokens& tokens);
  /// A single name, as it is.
  Expansion& operator<<(const Token& name);
  /// Whole statements, on a line of their own.
  Expansion& operator<<(const std::vector<Clause>& clauses);
  /// Tokens without brackets.
  Expansion& raw(const Tokens& tokens);

  /// The statements that the text reads as, holes filled.
  [[nodiscard]] std::vector<Clause> clauses() const;

 private:
  void hole(Filling filling);

  SourceSpan origin_;
  std::string text_;
  std::vector<Filling> fillings_;
};

/// A name made of a prefix and a declared name: `issued` and `monthly` give the quoted name `issued
/// monthly`.
Token made_name(std::string_view prefix, const Token& name);

/// Tokens from the cursor to the end, or to one of the words (which is left).
Tokens rest_of(Cursor& head, std::initializer_list<std::string_view> stops = {});

/// A notion that was expanded, and the declarations it became: "counter:issued monthly".
struct NotionUse {
  std::string lead;
  std::string name;
  SourceSpan span;
  std::vector<std::string> parts;
};

/// Replaces every notion among the clauses by what it expands to, in place.
std::vector<Clause> expand(std::vector<Clause> clauses, Diagnostics& diagnostics,
                           std::vector<NotionUse>& uses);

// One function a notion: reads the declaration, appends what it means.
void expand_decide(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out);
void expand_grant(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out);
void expand_issue(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out);
void expand_measure(const Clause& clause, Diagnostics& diagnostics, std::vector<Clause>& out);

}  // namespace toll::dsl
