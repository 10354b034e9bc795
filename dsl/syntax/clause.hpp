// The clause tree: what a rule file is before anyone knows what its words mean.
//
// A file is a list of statements; a statement is a head of tokens, perhaps followed by a block of
// statements and table rows. Both skins and both front ends end here; declarations are read from
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/token_text.hpp"

namespace toll::dsl {

/// Bytes [begin, end) of a file of the SourceSet; line and column are worked out on print.
struct SourceSpan {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

enum class TokenKind : std::uint8_t {
  word,    // a bare name or keyword: `raw` as written, `word` in the canonical (English) vocabulary
  quoted,  // a name in corner brackets (U+300C, U+300D): always a name
  string,  // "text": `raw` is the unescaped content
  number,  // digits, `_` and one point, perhaps with wan or yi (10^4, 10^8): `raw` is plain decimal
           // text of at most 18 digits ("10000", "0.15")
  percent,  // a number followed by %: `raw` without the sign
  date,     // 2025-06-23
  time,     // 2025-06-23T10:00:00 or with a space, seconds and fraction optional: `raw` with T
  symbol,   // ( ) [ ] , : . .. ? = := += + - * / // % < <= > >= != => ->
  hole,     // $0 in a template, never in a file: `index` into the holes of the template
};

struct Token {
  TokenKind kind = TokenKind::word;
  TokenText raw;
  TokenText word;           ///< words, quoted names, symbols: canonical spelling; `raw` as written
  bool keyword = false;     ///< `word` is in the vocabulary
  bool spaced = false;      ///< white space stands before it
  std::uint32_t index = 0;  ///< hole
  SourceSpan span;
};

struct Clause {
  enum class Kind : std::uint8_t { statement, row };
  Kind kind = Kind::statement;
  std::vector<Token> head;                ///< statement
  std::vector<std::vector<Token>> cells;  ///< row: | a | b |
  std::vector<SourceSpan> cell_spans;
  bool has_block = false;
  std::vector<Clause> body;  ///< in order: statements and rows
  SourceSpan span;           ///< head, or the row
};

struct File {
  std::string path;                         ///< as shown in diagnostics and in `rule`
  std::uint32_t id = 0;                     ///< in the SourceSet, and in every span of the file
  std::shared_ptr<const std::string> kept;  ///< what tokens point into
  std::string_view text;                    ///< the same
  std::string skin;                         ///< "en" or "zh", from the `language` line
  Clause language;                          ///< that line
  std::vector<Clause> clauses;              ///< all after it
  std::vector<SourceSpan> fillers;          ///< words that were dropped, for printing
};

}  // namespace toll::dsl
