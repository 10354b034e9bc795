#include "dsl/syntax/layout.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "dsl/syntax/lexemes.hpp"
#include "dsl/syntax/lines.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

using Kind = Lexeme::Kind;

// ---- Within a line ------------------------------------------------------------------------------

/// Of what is written as a symbol, not as a word for one.
std::string_view sign_of(const Lexeme& lexeme) {
  if (lexeme.kind != Kind::token || lexeme.token == nullptr) return {};
  const Token& token = *lexeme.token;
  return token.kind == TokenKind::symbol && token.raw == token.word ? std::string_view(token.raw)
                                                                    : std::string_view();
}

bool is_opening(std::string_view sign) { return sign == "(" || sign == "["; }
bool is_closing(std::string_view sign) { return sign == ")" || sign == "]"; }

/// Signs that stand between spaces. Not those of sums and products: `yuan/call`, `-1`, `a.b` are
/// written tight, and it matters.
bool is_apart(std::string_view sign) {
  static constexpr std::string_view kApart[] = {
      "=", ":=", "+=", "<=", ">=", "!=", "=>", "->", "<", ">"};
  return std::find(std::begin(kApart), std::end(kApart), sign) != std::end(kApart);
}

bool is_figure(const Lexeme& lexeme) {
  if (lexeme.token == nullptr) return false;
  const TokenKind kind = lexeme.token->kind;
  return kind == TokenKind::number || kind == TokenKind::percent || kind == TokenKind::date ||
         kind == TokenKind::time;
}

bool is_keyword(const Lexeme& lexeme) {
  return lexeme.token == nullptr ||
         (lexeme.token->kind == TokenKind::word && lexeme.token->keyword);
}

/// Does a space stand between the two?
bool is_gap(const Lexeme& a, const Lexeme& b) {
  if (b.kind == Kind::semicolon) return false;
  if (a.kind == Kind::open && b.kind == Kind::close) return false;
  if (a.kind != Kind::token || b.kind != Kind::token) return true;
  const std::string_view before = sign_of(a);
  const std::string_view after = sign_of(b);
  if (is_opening(before) || is_closing(after) || after == "," || after == ":") return false;
  if (before == "," || before == ":" || is_apart(before) || is_apart(after)) return true;
  if (is_figure(a) && after.empty() && is_keyword(b)) return true;
  return b.spaced;
}

// ---- The whole ----------------------------------------------------------------------------------

struct Column {
  int width = 0;
  bool figures = false;  ///< nothing but numbers, and signs for none
};

class Layout {
 public:
  explicit Layout(const File& file)
      : file_(file), lexemes_(lexemes_of(file)), lines_(lines_of(lexemes_)) {}

  std::string run() {
    measure();
    std::vector<std::string> texts;
    texts.reserve(lines_.size());
    for (const Line& line : lines_) texts.push_back(text_of(line));
    align_comments(texts);
    std::string result;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].blank_before) result += '\n';
      result += texts[i] + '\n';
    }
    return result;
  }

 private:
  [[nodiscard]] std::string text_of(const Lexeme& lexeme) const {
    const SourceSpan span = lexeme.span;
    std::string text(file_.text.substr(span.begin, span.end - span.begin));
    if (lexeme.kind == Kind::comment) {
      text.erase(text.find_last_not_of(" \t\r") + 1);
    } else if (lexeme.token != nullptr && lexeme.token->kind == TokenKind::time) {
      // Any number of blanks may stand between the date and the time of day.
      const std::size_t first = std::min(text.find_first_of(" \t"), text.size());
      const std::size_t last = text.find_last_of(" \t");
      if (first < text.size()) text.replace(first, last - first + 1, " ");
    }
    return text;
  }

  [[nodiscard]] std::string joined(const std::vector<const Lexeme*>& lexemes) const {
    std::string text;
    for (std::size_t i = 0; i < lexemes.size(); ++i) {
      if (i > 0 && is_gap(*lexemes[i - 1], *lexemes[i])) text += ' ';
      text += text_of(*lexemes[i]);
    }
    return text;
  }

  /// A number, perhaps with a unit or a comparison before it; `neutral`: a word that says there is
  /// none, or nothing.
  static bool is_figure_cell(const std::vector<const Lexeme*>& cell, bool& neutral) {
    neutral =
        cell.empty() || (cell.size() == 1 && (sign_of(*cell[0]) == "-" || (is_keyword(*cell[0]))));
    if (neutral) return true;
    const std::size_t first = sign_of(*cell[0]).empty() ? 0 : 1;
    if (first == cell.size() || cell[first]->token == nullptr) return false;
    const TokenKind kind = cell[first]->token->kind;
    const bool list = std::any_of(cell.begin(), cell.end(),
                                  [](const Lexeme* lexeme) { return sign_of(*lexeme) == ","; });
    return !list && (kind == TokenKind::number || kind == TokenKind::percent);
  }

  void measure() {
    std::map<std::size_t, std::vector<std::size_t>> tables;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].row) tables[lines_[i].table].push_back(i);
    }
    for (const auto& [table, rows] : tables) {
      std::vector<Column>& columns = columns_[table];
      for (const std::size_t row : rows) {
        columns.resize(std::max(columns.size(), lines_[row].cells.size()));
        for (std::size_t i = 0; i < lines_[row].cells.size(); ++i) {
          const int width = display_width(joined(lines_[row].cells[i]));
          columns[i].width = std::max(columns[i].width, width);
        }
      }
      for (std::size_t i = 0; i < columns.size(); ++i) columns[i].figures = holds_figures(rows, i);
    }
  }

  /// The first row names the columns.
  [[nodiscard]] bool holds_figures(const std::vector<std::size_t>& rows, std::size_t column) const {
    bool found = false;
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const Line& row = lines_[rows[i]];
      if (column >= row.cells.size()) continue;
      bool neutral = false;
      if (!is_figure_cell(row.cells[column], neutral)) return false;
      found = found || !neutral;
    }
    return found;
  }

  [[nodiscard]] std::string text_of(const Line& line) const {
    std::string text(line.indent, ' ');
    if (line.only_comment()) return text + text_of(*line.comment);
    if (!line.row) return text + joined(line.code);
    const std::vector<Column>& columns = columns_.at(line.table);
    for (std::size_t i = 0; i < line.cells.size(); ++i) {
      const std::string cell = joined(line.cells[i]);
      const auto missing = static_cast<std::size_t>(columns[i].width - display_width(cell));
      const std::string pad(missing, ' ');
      text += "| " + (columns[i].figures ? pad + cell : cell + pad) + " ";
    }
    return text + "|";
  }

  /// Those of lines that follow each other, two columns behind the longest.
  void align_comments(std::vector<std::string>& texts) const {
    const auto has_comment = [this](std::size_t at) {
      return at < lines_.size() && !lines_[at].only_comment() && lines_[at].comment != nullptr;
    };
    for (std::size_t i = 0; i < lines_.size();) {
      if (!has_comment(i)) {
        ++i;
        continue;
      }
      std::size_t end = i;
      int width = 0;
      do {
        width = std::max(width, display_width(texts[end]));
        ++end;
      } while (has_comment(end) && !lines_[end].blank_before);
      for (; i < end; ++i) {
        const auto missing = static_cast<std::size_t>(width - display_width(texts[i]));
        texts[i] += std::string(missing + 2, ' ') + text_of(*lines_[i].comment);
      }
    }
  }

  const File& file_;
  std::vector<Lexeme> lexemes_;
  std::vector<Line> lines_;
  std::map<std::size_t, std::vector<Column>> columns_;
};

}  // namespace

std::string lay_out(const File& file) { return Layout(file).run(); }

}  // namespace toll::dsl
