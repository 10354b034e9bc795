// The lines of a rule file that is laid out: what stands in each, and how far it is indented.
#pragma once

#include <cstddef>
#include <vector>

#include "dsl/syntax/lexemes.hpp"

namespace toll::dsl {

inline constexpr std::size_t kIndent = 2;

struct Line {
  std::vector<const Lexeme*> code;
  std::vector<std::vector<const Lexeme*>> cells;  ///< of a table row
  const Lexeme* comment = nullptr;                ///< behind the code, or alone
  bool row = false;
  bool blank_before = false;
  std::size_t block = 0;   ///< the brace it stands in, numbered in order; 0: none
  std::size_t indent = 0;  ///< in columns
  std::size_t table = 0;   ///< rows with the same number are aligned

  [[nodiscard]] bool only_comment() const { return code.empty() && !row; }
};

/// The author's lines, but for those around the braces of a block that goes over lines and around
/// table rows. `lexemes` must outlive them.
std::vector<Line> lines_of(const std::vector<Lexeme>& lexemes);

}  // namespace toll::dsl
