// The words in which a policy is shown: sentences of the catalogues, numbers as people write them,
// names with links to where they are declared.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/read/expr.hpp"
#include "dsl/syntax/source.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/show/inline.hpp"

namespace toll::tools::show {

using Tokens = std::vector<dsl::Token>;

class Words {
 public:
  /// `sources` holds the texts that the tokens stand in.
  Words(const Core& core, const dsl::SourceSet& sources, Language language)
      : core_(core), sources_(sources), language_(language) {}

  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] const Core& core() const { return core_; }

  [[nodiscard]] Inline say(std::string_view id, std::vector<Argument> arguments = {}) const {
    return toll::say(Message(id, std::move(arguments)), language_);
  }
  /// "a, b, c"
  [[nodiscard]] Inline list(const std::vector<Inline>& items) const;
  /// Clauses of a sentence: "a; b; c"
  [[nodiscard]] Inline series(const std::vector<Inline>& items) const;

  /// Something that is declared; later `ref`s of that kind and name lead to `id`.
  void declare(std::string_view kind, std::string_view name, std::string id);
  [[nodiscard]] Inline ref(std::string_view kind, const dsl::Token& token) const;
  [[nodiscard]] Inline ref(std::string_view kind, const std::string& name) const;

  /// "10,000" in English; in Chinese as the author wrote it, but for `_`.
  [[nodiscard]] std::string number(const dsl::Token& token) const;
  /// A number token with the unit that follows: "1,000 call", "24 hours", "0.15 yuan/call".
  [[nodiscard]] Inline quantity(const dsl::Token& token, const Tokens& unit) const;
  [[nodiscard]] std::string unit(const Tokens& unit) const;
  [[nodiscard]] static std::string time(const dsl::Token& token);

  /// A type as written in declarations, read from the cursor: "whole number (call)".
  [[nodiscard]] Inline type(dsl::Cursor& head) const;

 private:
  [[nodiscard]] Inline span_of_time(const dsl::Token& token, std::string_view word) const;
  [[nodiscard]] std::string unit_word(const dsl::Token& token) const;
  [[nodiscard]] Inline numeric(std::string_view id, std::string_view id_of_unit,
                               dsl::Cursor& head) const;

  const Core& core_;
  const dsl::SourceSet& sources_;
  Language language_;
  std::map<std::string, std::string> targets_;  ///< "kind:folded name" -> id
};

/// The text of some tokens of a cell or name, blanks as written.
std::string text_of(const Tokens& tokens, std::size_t first, std::size_t last);
/// Reads an expression; the policy has been loaded, so it is one.
dsl::ExprPtr read_expression(const Tokens& tokens);
/// Tokens from the cursor to its end, or to one of these words or symbols outside brackets.
Tokens tokens_until(dsl::Cursor& head, std::initializer_list<std::string_view> stops = {});

}  // namespace toll::tools::show
