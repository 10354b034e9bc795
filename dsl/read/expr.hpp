// Expressions as they are written: a tree over tokens, nothing resolved yet.
//
//   or < and < not < = != < <= > >= in, not in < + - < * / // % < - (unary), has, no < . [] ()
//
// A sum may say how a calendar span ends: `t + 1 years to end of day`, `t + 5 years exact`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"

namespace toll::dsl {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// How an instant plus a calendar span ends.
enum class CalendarEnd : std::uint8_t { unsaid, exact, end_of_day };

/// `v in SOURCE [at INSTANT] [where CONDITION] [by KEY, KEY descending]`
struct Traversal {
  Token variable;
  bool changed = false;  ///< `changed FAMILY`: only rows written since the last visit
  ExprPtr source;
  ExprPtr at;  ///< of a dated table: the rows in force then
  ExprPtr where;
  std::vector<ExprPtr> by;
  std::vector<bool> descending;
};

struct Expr {
  enum class Kind : std::uint8_t {
    number,  // text: plain decimal; unit: tokens of its unit, if any
    percent,
    text,
    name,  // a bare or quoted name
    date,
    time,
    constant,  // word: true, false, none
    now,
    clock,
    event,      // `event`, to be followed by members
    member,     // args[0] . text
    index,      // args[0] [ args[1..] at `at` ]
    call,       // text ( args )
    unary,      // word: - not has no
    binary,     // word: the operator
    cases,      // args: guard, value, ..; a null guard is otherwise; labels beside
    aggregate,  // word: any all count sum min max first last; args[0]: body; traversal
    tuple,      // (a, b, c) after `in`
  };
  Kind kind = Kind::name;
  Token token;              ///< the token that names it: errors point here
  std::vector<Token> unit;  ///< number: unit words, `/` between
  std::vector<ExprPtr> args;
  ExprPtr at;  ///< index, call: the instant of a dated lookup
  CalendarEnd end = CalendarEnd::unsaid;
  std::vector<std::string> labels;  ///< cases
  Traversal over;                   ///< aggregate
  SourceSpan span;
};

/// Walks the tokens of a head, cell or template. Readers of statements use it too.
class Cursor {
 public:
  Cursor(const std::vector<Token>& tokens, SourceSpan whole, Diagnostics& diagnostics)
      : tokens_(tokens), whole_(whole), diagnostics_(diagnostics) {}

  [[nodiscard]] bool done() const { return position_ >= tokens_.size(); }
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return position_ + ahead < tokens_.size() ? tokens_[position_ + ahead] : end();
  }
  const Token& next() {
    const Token& token = peek();
    if (!done()) ++position_;
    return token;
  }
  [[nodiscard]] bool at_word(std::string_view word, std::size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::word && token.word == word;
  }
  [[nodiscard]] bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return token.kind == TokenKind::symbol && token.word == symbol && !token.raw.empty();
  }
  bool accept_word(std::string_view word) {
    const bool there = at_word(word);
    if (there) ++position_;
    return there;
  }
  bool accept_symbol(std::string_view symbol) {
    const bool there = at_symbol(symbol);
    if (there) ++position_;
    return there;
  }
  /// Report `expected WHAT` (an id such as "what.timer") and return false unless the word or symbol
  /// is there.
  bool expect_word(std::string_view word);
  bool expect_symbol(std::string_view symbol);
  /// A name (bare word or quoted), or an empty token and an error. `what` makes a Message.
  template <typename What>
  const Token& name(What&& what) {
    if (at_name()) return tokens_[position_++];
    fail(Message(std::forward<What>(what)));
    return empty();
  }
  template <typename What>
  const Token& string(What&& what) {
    if (peek().kind == TokenKind::string) return next();
    fail(Message(std::forward<What>(what)));
    return empty();
  }
  ExprPtr expression();
  Traversal traversal();        ///< from the variable on
  bool finish();                ///< nothing may be left: error otherwise
  void fail(Message expected);  ///< once per cursor: later errors would be echoes
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] SourceSpan here() const;
  [[nodiscard]] Diagnostics& diagnostics() { return diagnostics_; }
  [[nodiscard]] std::size_t position() const { return position_; }
  void rewind(std::size_t position) { position_ = position; }

 private:
  ExprPtr binary(int level);
  ExprPtr unary();
  ExprPtr postfix(ExprPtr left);
  ExprPtr primary();
  ExprPtr number();
  ExprPtr parenthesised();
  ExprPtr cases(const Token& open);
  ExprPtr call(const Token& name);
  CalendarEnd calendar_end();
  bool operator_here(int level, std::string_view& word) const;
  [[nodiscard]] bool at_name() const;

  static const Token& end();    ///< what stands behind the last token
  static const Token& empty();  ///< in place of what is not there
  const std::vector<Token>& tokens_;
  SourceSpan whole_;
  Diagnostics& diagnostics_;
  std::size_t position_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

/// Words after a number that make it a span of time rather than a quantity.
bool is_time_word(const Token& token);
/// Can this word stand after a number as its unit? Anything that is no operator or clause word.
bool can_be_unit(const Token& token);

}  // namespace toll::dsl
