#include "dsl/syntax/lexemes.hpp"

#include <algorithm>

#include "engine/kernel/assert.hpp"

namespace toll::dsl {
namespace {

using Kind = Lexeme::Kind;

bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class Reader {
 public:
  explicit Reader(const File& file) : file_(file) {}

  std::vector<Lexeme> run() {
    tokens(file_.language.head);
    clauses(file_.clauses);
    for (const SourceSpan filler : file_.fillers)
      tokens_.push_back({Kind::token, filler, false, nullptr, 0});
    // A written word that stands for several canonical ones is several tokens in one place.
    std::stable_sort(tokens_.begin(), tokens_.end(),
                     [](const Lexeme& a, const Lexeme& b) { return a.span.begin < b.span.begin; });
    std::uint32_t at = 0;
    for (const Lexeme& token : tokens_) {
      if (token.span.begin < at) continue;
      between(at, token.span.begin);
      add(token);
      at = token.span.end;
    }
    between(at, static_cast<std::uint32_t>(file_.text.size()));
    return std::move(lexemes_);
  }

 private:
  void tokens(const std::vector<Token>& list) {
    for (const Token& token : list) tokens_.push_back({Kind::token, token.span, false, &token, 0});
  }

  void clauses(const std::vector<Clause>& list) {
    for (const Clause& clause : list) {
      tokens(clause.head);
      for (const std::vector<Token>& cell : clause.cells) tokens(cell);
      clauses(clause.body);
    }
  }

  void add(Lexeme lexeme) {
    const std::uint32_t begin = lexeme.span.begin;
    lexeme.spaced = begin == 0 || is_white(file_.text[begin - 1]) || file_.text[begin - 1] == '\n';
    lexemes_.push_back(lexeme);
  }

  /// What stands between two tokens: everything that is none.
  void between(std::uint32_t at, std::uint32_t end) {
    const std::string_view text = file_.text;
    while (at < end) {
      const std::uint32_t begin = at++;
      const char c = text[begin];
      if (is_white(c)) continue;
      Lexeme lexeme = {Kind::comment, {file_.id, begin, at}, false, nullptr, 0};
      if (c == '\n') {
        lexeme.kind = Kind::newline;
      } else if (c == '{') {
        lexeme.kind = Kind::open;
        open_.push_back(lexemes_.size());
      } else if (c == '}') {
        lexeme.kind = Kind::close;
        if (!open_.empty()) {
          lexeme.partner = open_.back();
          lexemes_[open_.back()].partner = lexemes_.size();
          open_.pop_back();
        }
      } else if (c == '|') {
        lexeme.kind = Kind::bar;
      } else if (c == ';') {
        lexeme.kind = Kind::semicolon;
      } else if (c == '#') {
        while (at < end && text[at] != '\n') ++at;
        lexeme.span.end = at;
      } else {
        // The mark of a text's byte order, at its beginning, is the only other thing.
        TOLL_ASSERT(begin < 3);
        continue;
      }
      add(lexeme);
    }
  }

  const File& file_;
  std::vector<Lexeme> tokens_;
  std::vector<Lexeme> lexemes_;
  std::vector<std::size_t> open_;
};

}  // namespace

std::vector<Lexeme> lexemes_of(const File& file) { return Reader(file).run(); }

}  // namespace toll::dsl
