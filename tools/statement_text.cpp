// Statements for a terminal or a mail: tables in columns.
#include <algorithm>

#include "dsl/syntax/unicode.hpp"
#include "tools/statement_document.hpp"

namespace toll::tools {
namespace {

constexpr std::string_view kReplacement = "\ufffd";
constexpr std::size_t kGap = 2;
constexpr std::size_t kMostRule = 40;  // under a last column of words, which may be long

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::max(0, dsl::display_width(text)));
}

class TextTable {
 public:
  explicit TextTable(const StatementTable& table) : table_(table) {
    for (const StatementTable::Column& column : table.columns) {
      cells_of_head_.push_back(harmless(column.heading));
      widths_.push_back(width_of(cells_of_head_.back()));
    }
    for (const StatementTable::Row& row : table.rows) {
      std::vector<std::string>& cells = cells_.emplace_back();
      for (std::size_t i = 0; i < widths_.size(); ++i) {
        cells.push_back(i < row.cells.size() ? harmless(row.cells[i]) : std::string());
        if (!runs_on(row, i)) widths_[i] = std::max(widths_[i], width_of(cells.back()));
      }
    }
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (!runs_on(table.rows[i], 0)) continue;
      std::size_t room = widths_[0];
      for (std::size_t c = 1; c < widths_.size() && cells_[i][c].empty(); ++c) {
        room += widths_[c] + kGap;
      }
      widths_[0] += width_of(cells_[i][0]) > room ? width_of(cells_[i][0]) - room : 0;
    }
  }

  void append(std::string& out) const {
    line(out, cells_of_head_);
    rule(out);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (table_.rows[i].total) rule(out);
      line(out, cells_[i]);
    }
  }

 private:
  /// What is said of other rows may run on over the empty cells beside it.
  static bool runs_on(const StatementTable::Row& row, std::size_t cell) {
    return (row.remark || row.total) && cell == 0;
  }

  void line(std::string& out, const std::vector<std::string>& cells) const {
    std::string text;
    std::size_t end = 0;  // where the next column begins
    std::size_t at = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t width = width_of(cells[i]);
      std::size_t begin = end;
      if (table_.columns[i].number && width < widths_[i]) begin += widths_[i] - width;
      if (!cells[i].empty()) {
        text.append(begin - at, ' ');
        text += cells[i];
        at = begin + width;
      }
      end += widths_[i] + kGap;
    }
    out += "  " + text + "\n";
  }

  void rule(std::string& out) const {
    std::size_t width = 0;
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      const bool last_words = i + 1 == widths_.size() && !table_.columns[i].number;
      width += (last_words ? std::min(widths_[i], kMostRule) : widths_[i]) + kGap;
    }
    out += "  " + std::string(width - kGap, '-') + "\n";
  }

  const StatementTable& table_;
  std::vector<std::string> cells_of_head_;
  std::vector<std::vector<std::string>> cells_;
  std::vector<std::size_t> widths_;
};

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const dsl::DecodedCharacter character = dsl::decode_utf8(text, at);
    const bool blank = character.code == '\n' || character.code == '\r' || character.code == '\t';
    if (character.code == dsl::kNoCharacter || blank || dsl::is_forbidden(character.code)) {
      out += kReplacement;
    } else {
      out += text.substr(at, character.size);
    }
    at += character.size;
  }
  return out;
}

std::string as_text(const StatementDocument& document) {
  std::string out = harmless(document.title) + "\n";
  out += std::string(width_of(harmless(document.title)), '=') + "\n";
  std::size_t names = 0;
  for (const auto& fact : document.facts) names = std::max(names, width_of(fact.first));
  for (const auto& fact : document.facts) {
    out += fact.first + std::string(names - width_of(fact.first) + kGap, ' ') +
           harmless(fact.second) + "\n";
  }
  for (const std::string& warning : document.warnings) out += "\n! " + warning + "\n";
  for (const StatementSection& section : document.sections) {
    out += "\n" + harmless(section.heading);
    if (!section.unit.empty()) out += "  (" + harmless(section.unit) + ")";
    out += "\n";
    TextTable(section.table).append(out);
    for (const std::string& note : section.notes) out += "  " + harmless(note) + "\n";
    for (const std::string& warning : section.warnings) out += "  ! " + harmless(warning) + "\n";
  }
  return out;
}

}  // namespace toll::tools
