#include "dsl/syntax/lines.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace toll::dsl {
namespace {

using Kind = Lexeme::Kind;

std::string_view symbol_of(const Lexeme& lexeme) {
  const bool symbol = lexeme.kind == Kind::token && lexeme.token != nullptr &&
                      lexeme.token->kind == TokenKind::symbol;
  return symbol ? std::string_view(lexeme.token->word) : std::string_view();
}

/// After one of these a statement goes on in the next line.
bool is_joining(const Lexeme& lexeme) {
  static constexpr std::string_view kJoining[] = {",", "=", ":=", "+=", "+",  "-",  "*",  "/", "//",
                                                  "%", "<", "<=", ">",  ">=", "!=", "=>", "->"};
  const std::string_view symbol = symbol_of(lexeme);
  if (!symbol.empty())
    return std::find(std::begin(kJoining), std::end(kJoining), symbol) != std::end(kJoining);
  return lexeme.kind == Kind::token && lexeme.token != nullptr && lexeme.token->keyword &&
         (lexeme.token->word == "and" || lexeme.token->word == "or");
}

// ---- Which lines --------------------------------------------------------------------------------

class Breaker {
 public:
  explicit Breaker(const std::vector<Lexeme>& lexemes) : lexemes_(lexemes) {}

  std::vector<Line> run() {
    for (std::size_t i = 0; i < lexemes_.size(); ++i) take(i);
    flush();
    return std::move(lines_);
  }

 private:
  void take(std::size_t at) {
    const Lexeme& lexeme = lexemes_[at];
    if (lexeme.kind == Kind::newline) return newline();
    switch (lexeme.kind) {
      case Kind::comment:
        comment(lexeme);
        break;
      case Kind::open:
        line_.code.push_back(&lexeme);
        if (goes_over_lines(at)) {
          flush();
          blocks_.push_back(++block_count_);
          begins_ = true;
        }
        break;
      case Kind::close:
        close(at);
        break;
      case Kind::semicolon:
        semicolon(at);
        break;
      case Kind::bar:
        bar();
        break;
      default:
        line_.code.push_back(&lexeme);
    }
    seen_ = true;
  }

  void newline() {
    flush();
    if (!seen_) blank_ = true;
    seen_ = false;
  }

  void comment(const Lexeme& lexeme) {
    // Behind a brace or row that ended its line.
    const bool behind = seen_ && empty() && !lines_.empty() && lines_.back().comment == nullptr;
    (behind ? lines_.back() : line_).comment = &lexeme;
    if (!behind) flush();
  }

  void close(std::size_t at) {
    const bool breaks = goes_over_lines(lexemes_[at].partner);
    if (breaks) {
      flush();
      if (!blocks_.empty()) blocks_.pop_back();
      blank_ = false;
    }
    line_.code.push_back(&lexemes_[at]);
    if (breaks) flush();
  }

  void semicolon(std::size_t at) {
    if (line_.row) return flush();
    if (line_.code.empty()) return;
    const Lexeme& before = *line_.code.back();
    const Kind next = at + 1 < lexemes_.size() ? lexemes_[at + 1].kind : Kind::newline;
    const bool last = next == Kind::newline || next == Kind::comment || next == Kind::close ||
                      next == Kind::semicolon;
    const bool needed = is_joining(before) || (!last && before.kind != Kind::open);
    if (needed) line_.code.push_back(&lexemes_[at]);
  }

  void bar() {
    if (line_.row) {
      line_.cells.push_back(std::exchange(line_.code, {}));
      return;
    }
    flush();
    line_.row = true;
  }

  [[nodiscard]] bool goes_over_lines(std::size_t open) const {
    for (std::size_t i = open; i < lexemes_[open].partner; ++i) {
      if (lexemes_[i].kind == Kind::newline || lexemes_[i].kind == Kind::bar) return true;
    }
    return false;
  }

  [[nodiscard]] bool empty() const { return line_.only_comment() && line_.comment == nullptr; }

  void flush() {
    if (empty()) return;
    line_.blank_before = blank_ && !begins_ && !lines_.empty();
    line_.block = blocks_.empty() ? 0 : blocks_.back();
    line_.indent = kIndent * blocks_.size();
    blank_ = begins_ = false;
    lines_.push_back(std::exchange(line_, {}));
  }

  const std::vector<Lexeme>& lexemes_;
  std::vector<Line> lines_;
  Line line_;
  bool seen_ = false;    ///< something stands in the author's line
  bool blank_ = false;   ///< a blank line stands before
  bool begins_ = false;  ///< the next line is the first of a block
  std::vector<std::size_t> blocks_;
  std::size_t block_count_ = 0;
};

// ---- How far in ---------------------------------------------------------------------------------

/// `a, b = "c",` and more names in the next line: a list, which is not indented.
bool is_plain_list(const Line& line) {
  return std::all_of(line.code.begin(), line.code.end(), [](const Lexeme* lexeme) {
    if (lexeme->kind != Kind::token || lexeme->token == nullptr) return false;
    const Token& token = *lexeme->token;
    if (token.kind == TokenKind::symbol) return token.raw == "," || token.raw == "=";
    return token.kind != TokenKind::word || !token.keyword;
  });
}

class Indenter {
 public:
  explicit Indenter(std::vector<Line>& lines) : lines_(lines) {}

  void run() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].only_comment() && !lines_[i].row) code(i);
    }
    // A comment stands like what it is about: the next line of code.
    for (std::size_t i = lines_.size(); i-- > 0;) {
      if (!lines_[i].only_comment() || i + 1 == lines_.size()) continue;
      const Line& next = lines_[i + 1];
      const bool ends = !next.code.empty() && next.code[0]->kind == Kind::close;
      if (!ends) lines_[i].indent = next.indent;
    }
  }

 private:
  void code(std::size_t at) {
    Line& line = lines_[at];
    std::size_t first = 0;
    while (first < line.code.size() && is_closing(*line.code[first]) && !open_.empty()) {
      open_.pop_back();
      ++first;
    }
    std::size_t levels = 0;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (i == 0 || open_[i] != open_[i - 1]) ++levels;
    }
    const bool outside = open_.empty();
    if (!goes_on_ && outside) is_list_ = is_plain_list(line);
    if (goes_on_ && (outside ? !is_list_ : !after_comma_)) ++levels;
    line.indent += kIndent * levels;
    for (std::size_t i = first; i < line.code.size(); ++i) {
      const std::string_view symbol = symbol_of(*line.code[i]);
      if (symbol == "(" || symbol == "[") open_.push_back(at);
      if (is_closing(*line.code[i]) && !open_.empty()) open_.pop_back();
    }
    const Lexeme& last = *line.code.back();
    goes_on_ = is_joining(last);
    after_comma_ = symbol_of(last) == ",";
  }

  static bool is_closing(const Lexeme& lexeme) {
    const std::string_view symbol = symbol_of(lexeme);
    return symbol == ")" || symbol == "]";
  }

  std::vector<Line>& lines_;
  std::vector<std::size_t> open_;  ///< the lines of the brackets that are open
  bool goes_on_ = false;
  bool after_comma_ = false;
  bool is_list_ = false;
};

/// Rows of one block are one table, until a row is said to name columns again.
void number_tables(std::vector<Line>& lines) {
  std::map<std::size_t, std::size_t> tables;  // by block
  std::size_t count = 0;
  for (Line& line : lines) {
    if (line.row) {
      std::size_t& table = tables[line.block];
      if (table == 0) table = ++count;
      line.table = table;
    } else if (!line.code.empty() && line.code[0]->token != nullptr &&
               line.code[0]->token->keyword && line.code[0]->token->word == "header") {
      tables[line.block] = 0;
    }
  }
}

}  // namespace

std::vector<Line> lines_of(const std::vector<Lexeme>& lexemes) {
  std::vector<Line> lines = Breaker(lexemes).run();
  Indenter(lines).run();
  number_tables(lines);
  return lines;
}

}  // namespace toll::dsl
