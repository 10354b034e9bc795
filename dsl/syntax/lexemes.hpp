// A rule file as a flat list of all that is written in it, comments and line ends too. The tree
// leaves those out; together with the text it tells them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"

namespace toll::dsl {

struct Lexeme {
  enum class Kind : std::uint8_t { token, comment, open, close, bar, semicolon, newline };
  Kind kind = Kind::token;
  SourceSpan span;
  bool spaced = false;           ///< white space stands before it
  const Token* token = nullptr;  ///< the first of its tokens; null: a word that was dropped
  std::size_t partner = 0;       ///< of a brace
};

/// In order. Points into `file`, which should have been read without errors.
std::vector<Lexeme> lexemes_of(const File& file);

}  // namespace toll::dsl
