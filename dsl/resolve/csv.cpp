// Tables whose rows lie in a CSV file beside the rule file: the spreadsheet's own rows, read as if
// they stood between bars. Positions point into the CSV file.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "dsl/resolve/tables.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

constexpr std::size_t kMaxCsv = std::size_t{16} << 20U;

/// One cell: its text without quotes, and where it stands.
struct Cell {
  std::string text;
  SourceSpan span;
};

/// RFC 4180: quotes double inside quotes; a record ends at a line end outside quotes.
std::vector<std::vector<Cell>> records(const std::string& text, std::uint32_t file) {
  std::vector<std::vector<Cell>> all(1);
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (at < text.size()) {
    Cell cell;
    const std::size_t begin = at;
    if (text[at] == '"') {
      ++at;
      while (at < text.size() &&
             (text[at] != '"' || (at + 1 < text.size() && text[at + 1] == '"'))) {
        if (text[at] == '"') ++at;
        cell.text += text[at++];
      }
      if (at < text.size()) ++at;
    }
    while (at < text.size() && text[at] != ',' && text[at] != '\n') {
      if (text[at] != '\r') cell.text += text[at];
      ++at;
    }
    cell.span = {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at)};
    all.back().push_back(std::move(cell));
    if (at < text.size() && text[at++] == '\n') all.emplace_back();
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

Token token(TokenKind kind, std::string raw, SourceSpan span) {
  Token made;
  made.kind = kind;
  made.raw = made.word = std::move(raw);
  made.span = span;
  return made;
}

/// A cell that starts with a digit is a number and perhaps its unit (`0.15 yuan/call`, `20%`,
/// `2025-07-01`); anything else is names, separated by commas.
Tokens tokens_of(const Cell& cell) {
  const std::string& text = cell.text;
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  const std::size_t last = text.find_last_not_of(" \t");
  const std::string trimmed = text.substr(first, last - first + 1);
  if (trimmed == "-") return {token(TokenKind::symbol, "-", cell.span)};
  for (const std::string& name : skin_names()) {  // a spreadsheet does not say its language
    const Skin::Entry* entry = find_skin(name)->find(trimmed);
    const bool known = entry != nullptr && entry->canonical.size() == 1 &&
                       (entry->canonical[0] == "quote" || entry->canonical[0] == "above" ||
                        entry->canonical[0] == "true" || entry->canonical[0] == "false");
    if (!known) continue;
    Token word = token(TokenKind::word, trimmed, cell.span);
    word.word = entry->canonical[0];
    word.keyword = true;
    return {word};
  }
  Tokens made;
  if (trimmed[0] >= '0' && trimmed[0] <= '9') {
    const bool date = trimmed.size() == 10 && trimmed[4] == '-' && trimmed[7] == '-';
    if (date) return {token(TokenKind::date, trimmed, cell.span)};
    const std::size_t end = std::min(trimmed.find_first_not_of("0123456789."), trimmed.size());
    const bool percent = end < trimmed.size() && trimmed[end] == '%';
    made.push_back(
        token(percent ? TokenKind::percent : TokenKind::number, trimmed.substr(0, end), cell.span));
    std::string unit;
    for (std::size_t i = end + (percent ? 1 : 0); i <= trimmed.size(); ++i) {
      const char c = i < trimmed.size() ? trimmed[i] : '/';
      if (c == ' ') continue;
      if (c != '/') {
        unit += c;
        continue;
      }
      if (!unit.empty()) made.push_back(token(TokenKind::quoted, unit, cell.span));
      if (i < trimmed.size()) made.push_back(token(TokenKind::symbol, "/", cell.span));
      unit.clear();
    }
    return made;
  }
  std::string name;
  for (std::size_t i = 0; i <= trimmed.size(); ++i) {
    if (i < trimmed.size() && trimmed[i] != ',') {
      name += trimmed[i];
      continue;
    }
    if (!made.empty()) made.push_back(token(TokenKind::symbol, ",", cell.span));
    const std::size_t begin = name.find_first_not_of(' ');
    made.push_back(
        token(TokenKind::quoted, begin == std::string::npos ? "" : name.substr(begin), cell.span));
    name.clear();
  }
  return made;
}

}  // namespace

bool TableReader::read_csv() {
  const std::filesystem::path rule_file = builder_.sources_.path(clause_.span.file);
  const std::filesystem::path name = csv_.raw;
  // Beside the rule file or below it: a rule file says nothing about the rest of the disk.
  const bool outside =
      name.is_absolute() || std::find(name.begin(), name.end(), "..") != name.end();
  if (outside) {
    builder_.error(csv_.span, "E0614.outside");
    return false;
  }
  const std::filesystem::path path = rule_file.parent_path() / name;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in || text.view().size() > kMaxCsv) {
    builder_.error(csv_.span, {"E0001.cannot-read", {path.string()}});
    return false;
  }
  const std::uint32_t file = builder_.sources_.add(path.string(), std::move(text).str());
  builder_.sources_.set_skin(file, builder_.sources_.skin(clause_.span.file));
  csv_rows_.clear();
  for (const std::vector<Cell>& record : records(builder_.sources_.text(file), file)) {
    if (record.size() == 1 && record[0].text.empty()) continue;
    Clause row;
    row.kind = Clause::Kind::row;
    for (const Cell& cell : record) {
      row.cells.push_back(tokens_of(cell));
      row.cell_spans.push_back(cell.span);
    }
    row.span = {file, record.front().span.begin, record.back().span.end};
    csv_rows_.push_back(std::move(row));
  }
  return true;
}

}  // namespace toll::dsl
