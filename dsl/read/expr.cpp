#include "dsl/read/expr.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace toll::dsl {
namespace {

constexpr int kMaxDepth = 200;
constexpr int kMaxChain = 1000;  // a + b + c ..: as deep as it is long

constexpr std::array<std::string_view, 12> kTimeWords = {"seconds", "second", "minutes", "minute",
                                                         "hours",   "hour",   "days",    "day",
                                                         "months",  "month",  "years",   "year"};

constexpr std::array<std::string_view, 8> kAggregates = {"any", "all", "count", "sum",
                                                         "min", "max", "first", "last"};

/// Words that continue or end an expression and so can be neither a name nor a unit in one.
constexpr std::array<std::string_view, 14> kReserved = {"and", "or",    "not",       "in",  "has",
                                                        "no",  "where", "for",       "by",  "at",
                                                        "as",  "when",  "otherwise", "take"};

/// Words of the language that count things on price pages and can never stand behind a number
/// otherwise: `0.01 usd/file`, `3 record`.
constexpr std::array<std::string_view, 21> kThings = {
    "account", "counter", "domain",  "draw",   "entry", "event", "file",
    "index",   "list",    "machine", "min",    "move",  "order", "policy",
    "record",  "row",     "run",     "source", "table", "text",  "zone"};

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool reserved(const Token& token) {
  return token.kind == TokenKind::word && token.keyword && one_of(token.word, kReserved);
}

ExprPtr make(Expr::Kind kind, const Token& token) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->token = token;
  expr->span = token.span;
  return expr;
}

SourceSpan cover(SourceSpan a, SourceSpan b) {
  if (a.file != b.file) return a;
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

}  // namespace

bool is_time_word(const Token& token) {
  return token.kind == TokenKind::word && token.keyword && one_of(token.word, kTimeWords);
}

bool can_be_unit(const Token& token) {
  if (token.kind == TokenKind::quoted) return true;
  if (token.kind != TokenKind::word) return false;
  return !token.keyword || is_time_word(token) || one_of(token.word, kThings);
}

const Token& Cursor::end() {
  static const Token kEnd{TokenKind::symbol, {}, {}, false, false, 0, {}};
  return kEnd;
}

const Token& Cursor::empty() {
  static const Token kEmpty;
  return kEmpty;
}

bool Cursor::expect_word(std::string_view word) {
  if (accept_word(word)) return true;
  fail({"what.sign", {keyword(word)}});
  return false;
}

bool Cursor::expect_symbol(std::string_view symbol) {
  if (accept_symbol(symbol)) return true;
  fail({"what.sign", {symbol}});
  return false;
}

bool Cursor::at_name() const {
  const Token& token = peek();
  return token.kind == TokenKind::quoted || (token.kind == TokenKind::word && !reserved(token));
}

SourceSpan Cursor::here() const {
  if (!done()) return tokens_[position_].span;
  if (tokens_.empty()) return whole_;
  const SourceSpan last = tokens_.back().span;
  return {last.file, last.end, last.end};
}

void Cursor::fail(Message expected) {
  if (failed_) return;
  failed_ = true;
  diagnostics_.error(here(), {"E0201.expected", {std::move(expected)}});
}

bool Cursor::finish() {
  if (failed_) return false;
  if (done()) return true;
  failed_ = true;
  diagnostics_.error(here(), {"E0202.left-over", {peek().raw}});
  return false;
}

/// Reads the operator of a level at the cursor, if there is one, without moving past it.
bool Cursor::operator_here(int level, std::string_view& word) const {
  struct Operator {
    std::string_view word;
    int level;
  };
  static constexpr std::array<Operator, 16> kOperators = {{{"or", 0},
                                                           {"and", 1},
                                                           {"=", 2},
                                                           {"!=", 2},
                                                           {"<=", 2},
                                                           {"<", 2},
                                                           {">=", 2},
                                                           {">", 2},
                                                           {"in", 2},
                                                           {"not in", 2},
                                                           {"+", 3},
                                                           {"-", 3},
                                                           {"*", 4},
                                                           {"/", 4},
                                                           {"//", 4},
                                                           {"%", 4}}};
  if (done()) return false;
  const Token& token = peek();
  const bool sign = token.kind == TokenKind::symbol;
  if (!sign && (token.kind != TokenKind::word || !token.keyword)) return false;
  constexpr std::string_view kNoOperators = "()[],.:?";
  if (sign && token.word.size() == 1 && kNoOperators.find(token.word[0]) != std::string_view::npos)
    return false;
  word = token.word == "not" && at_word("in", 1) ? "not in" : std::string_view(token.word);
  return std::any_of(kOperators.begin(), kOperators.end(),
                     [&](const Operator& one) { return one.level == level && one.word == word; });
}

ExprPtr Cursor::expression() {
  if (++depth_ > kMaxDepth) {
    fail("what.simpler");
    --depth_;
    return nullptr;
  }
  ExprPtr result = binary(0);
  --depth_;
  return result;
}

ExprPtr Cursor::binary(int level) {
  if (level == 5) return unary();
  if (level == 2 && at_word("not") && !at_word("in", 1)) {
    const Token& token = next();
    auto expr = make(Expr::Kind::unary, token);
    if (++depth_ > kMaxDepth) fail("what.simpler");
    ExprPtr inner = failed_ ? nullptr : binary(2);
    --depth_;
    if (inner == nullptr) return nullptr;
    expr->span = cover(expr->span, inner->span);
    expr->args.push_back(std::move(inner));
    return expr;
  }
  ExprPtr left = binary(level + 1);
  std::string_view word;
  for (int length = 0; left != nullptr && operator_here(level, word); ++length) {
    if (length > kMaxChain) {
      fail("what.simpler");
      return nullptr;
    }
    auto expr = make(Expr::Kind::binary, peek());
    expr->token.word = word;
    position_ += word == "not in" ? 2U : 1U;
    ExprPtr right = binary(level + 1);
    if (right == nullptr) return nullptr;
    expr->span = cover(left->span, right->span);
    expr->args.push_back(std::move(left));
    expr->args.push_back(std::move(right));
    if (word == "+" || word == "-") expr->end = calendar_end();
    left = std::move(expr);
    if (level == 2) break;  // comparisons do not chain
  }
  return left;
}

CalendarEnd Cursor::calendar_end() {
  if (accept_word("exact")) return CalendarEnd::exact;
  if (at_word("to") && at_word("end", 1) && at_word("of", 2) && at_word("day", 3)) {
    position_ += 4;
    return CalendarEnd::end_of_day;
  }
  return CalendarEnd::unsaid;
}

ExprPtr Cursor::unary() {
  const bool prefix = at_symbol("-") || ((at_word("has") || at_word("no")) && peek().keyword);
  if (!prefix) return postfix(primary());
  const Token& token = next();
  auto expr = make(Expr::Kind::unary, token);
  if (++depth_ > kMaxDepth) fail("what.simpler");
  ExprPtr inner = failed_ ? nullptr : unary();
  --depth_;
  if (inner == nullptr) return nullptr;
  expr->span = cover(expr->span, inner->span);
  expr->args.push_back(std::move(inner));
  return expr;
}

ExprPtr Cursor::postfix(ExprPtr left) {
  // Each part stands around the one before it: a chain is as deep as it is long.
  for (int length = 0; left != nullptr; ++length) {
    if (length > kMaxDepth) {
      fail("what.simpler");
      return nullptr;
    }
    if (accept_symbol(".")) {
      auto expr = make(Expr::Kind::member, peek());
      if (peek().kind != TokenKind::word && peek().kind != TokenKind::quoted) {
        fail("what.member-after-dot");
        return nullptr;
      }
      ++position_;
      expr->span = cover(left->span, expr->token.span);
      expr->args.push_back(std::move(left));
      left = std::move(expr);
    } else if (at_symbol("[") && !peek().spaced) {
      auto expr = make(Expr::Kind::index, next());
      expr->span = left->span;
      expr->args.push_back(std::move(left));
      if (!at_symbol("]") && !at_word("at")) {
        do {
          ExprPtr key = expression();
          if (key == nullptr) return nullptr;
          expr->args.push_back(std::move(key));
        } while (accept_symbol(","));
      }
      if (accept_word("at")) {
        expr->at = expression();
        if (expr->at == nullptr) return nullptr;
      }
      expr->span = cover(expr->span, here());
      if (!expect_symbol("]")) return nullptr;
      left = std::move(expr);
    } else {
      break;
    }
  }
  return left;
}

ExprPtr Cursor::number() {
  const Token& token = next();
  auto expr =
      make(token.kind == TokenKind::percent ? Expr::Kind::percent : Expr::Kind::number, token);
  if (token.kind == TokenKind::percent || !can_be_unit(peek())) return expr;
  expr->unit.push_back(next());
  expr->span = cover(expr->span, expr->unit.back().span);
  // `0.15 yuan/call` is a price when written tight; `a / b` with spaces divides.
  while ((at_symbol("/") || at_symbol("*")) && !peek().spaced && can_be_unit(peek(1)) &&
         !peek(1).spaced) {
    expr->unit.push_back(next());
    expr->unit.push_back(next());
    expr->span = cover(expr->span, expr->unit.back().span);
  }
  return expr;
}

ExprPtr Cursor::primary() {
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::number:
    case TokenKind::percent:
      return number();
    case TokenKind::string:
      return make(Expr::Kind::text, next());
    case TokenKind::date:
      return make(Expr::Kind::date, next());
    case TokenKind::time:
      return make(Expr::Kind::time, next());
    case TokenKind::symbol:
      if (at_symbol("(")) return parenthesised();
      break;
    case TokenKind::quoted:
    case TokenKind::word:
      if (reserved(token)) break;
      if (at_symbol("(", 1) && !peek(1).spaced) return call(next());
      if (token.keyword) {
        if (token.word == "true" || token.word == "false" || token.word == "none") {
          return make(Expr::Kind::constant, next());
        }
        if (token.word == "now") return make(Expr::Kind::now, next());
        if (token.word == "clock") return make(Expr::Kind::clock, next());
        if (token.word == "event") return make(Expr::Kind::event, next());
      }
      return make(Expr::Kind::name, next());
    case TokenKind::hole:
      break;
  }
  fail("what.value");
  return nullptr;
}

/// ( expr ), a tuple, or ( when c => v, .. otherwise => v ).
ExprPtr Cursor::parenthesised() {
  const Token& open = next();
  if (at_word("when") || at_word("otherwise")) return cases(open);
  ExprPtr first = expression();
  if (first == nullptr) return nullptr;
  if (at_symbol(",")) {
    auto tuple = make(Expr::Kind::tuple, open);
    tuple->args.push_back(std::move(first));
    while (accept_symbol(",")) {
      ExprPtr item = expression();
      if (item == nullptr) return nullptr;
      tuple->args.push_back(std::move(item));
    }
    tuple->span = cover(open.span, here());
    if (!expect_symbol(")")) return nullptr;
    return tuple;
  }
  if (!expect_symbol(")")) return nullptr;
  return first;
}

ExprPtr Cursor::cases(const Token& open) {
  auto expr = make(Expr::Kind::cases, open);
  bool closed = false;
  do {
    const bool otherwise = accept_word("otherwise");
    if (!otherwise && !accept_word("when")) {
      fail("what.case");
      return nullptr;
    }
    closed = otherwise;
    ExprPtr guard = otherwise ? nullptr : expression();
    if (!otherwise && guard == nullptr) return nullptr;
    std::string label;
    if (accept_word("as")) label = name("a label").raw;
    if (!expect_symbol("=>")) return nullptr;
    ExprPtr value = expression();
    if (value == nullptr) return nullptr;
    expr->args.push_back(std::move(guard));
    expr->args.push_back(std::move(value));
    expr->labels.push_back(std::move(label));
  } while (accept_symbol(",") && !closed);
  if (!closed) {
    fail("what.last-case");
    return nullptr;
  }
  expr->span = cover(open.span, here());
  if (!expect_symbol(")")) return nullptr;
  return expr;
}

ExprPtr Cursor::call(const Token& name) {
  next();  // (
  if (one_of(name.word, kAggregates)) {
    const std::size_t start = position_;
    auto expr = make(Expr::Kind::aggregate, name);
    ExprPtr body = expression();
    if (body == nullptr) return nullptr;
    if (accept_word("for")) {
      expr->args.push_back(std::move(body));
      expr->over = traversal();
      if (failed_) return nullptr;
      expr->span = cover(name.span, here());
      if (!expect_symbol(")")) return nullptr;
      return expr;
    }
    position_ = start;  // min(a, b) and max(a, b) are plain functions
  }
  auto expr = make(Expr::Kind::call, name);
  if (!at_symbol(")")) {
    do {
      ExprPtr argument = expression();
      if (argument == nullptr) return nullptr;
      expr->args.push_back(std::move(argument));
    } while (accept_symbol(","));
  }
  if (accept_word("at")) {
    expr->at = expression();
    if (expr->at == nullptr) return nullptr;
  }
  expr->span = cover(name.span, here());
  if (!expect_symbol(")")) return nullptr;
  return expr;
}

Traversal Cursor::traversal() {
  Traversal over;
  over.variable = name("a name for the row at hand");
  if (failed_ || !expect_word("in")) return over;
  over.changed = accept_word("changed");
  over.source = postfix(primary());
  if (over.source == nullptr) return over;
  if (accept_word("at")) {
    over.at = expression();
    if (over.at == nullptr) return over;
  }
  if (accept_word("where")) {
    over.where = expression();
    if (over.where == nullptr) return over;
  }
  if (accept_word("by")) {
    do {
      ExprPtr key = expression();
      if (key == nullptr) return over;
      over.by.push_back(std::move(key));
      over.descending.push_back(accept_word("descending"));
    } while (accept_symbol(","));
  }
  return over;
}

}  // namespace toll::dsl
