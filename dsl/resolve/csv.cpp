// Tables whose rows lie in a CSV file beside the rule file: the spreadsheet's own rows, read as if
// they stood between bars. Positions point into the CSV file.

#include "dsl/resolve/csv.hpp"

#include <algorithm>

#include "dsl/resolve/tables.hpp"
#include "dsl/syntax/csv.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

constexpr std::size_t kMaxCsv = std::size_t{16} << 20U;

Token token(TokenKind kind, std::string_view raw, SourceSpan span) {
  Token made;
  made.kind = kind;
  made.raw = made.word = raw;
  made.span = span;
  return made;
}

/// A cell that starts with a digit is a number and perhaps its unit (`0.15 yuan/call`, `20%`,
/// `2025-07-01`); anything else is names, separated by commas.
Tokens tokens_of(const std::string& text, SourceSpan span) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  const std::size_t last = text.find_last_not_of(" \t");
  const std::string trimmed = text.substr(first, last - first + 1);
  if (trimmed == "-") return {token(TokenKind::symbol, "-", span)};
  for (const std::string& name : skin_names()) {  // a spreadsheet does not say its language
    const Skin::Entry* entry = find_skin(name)->find(trimmed);
    const bool known = entry != nullptr && entry->canonical.size() == 1 &&
                       (entry->canonical[0] == "quote" || entry->canonical[0] == "above" ||
                        entry->canonical[0] == "true" || entry->canonical[0] == "false");
    if (!known) continue;
    Token word = token(TokenKind::word, trimmed, span);
    word.word = entry->canonical[0];
    word.keyword = true;
    return {word};
  }
  Tokens made;
  if (trimmed[0] >= '0' && trimmed[0] <= '9') {
    const bool date = trimmed.size() >= 10 && trimmed[4] == '-' && trimmed[7] == '-';
    if (date && trimmed.size() == 10) return {token(TokenKind::date, trimmed, span)};
    if (date && trimmed.size() >= 16 && (trimmed[10] == ' ' || trimmed[10] == 'T')) {
      const std::string time = trimmed.substr(0, 10) + "T" + trimmed.substr(11);
      return {token(TokenKind::time, time, span)};
    }
    const std::size_t end = std::min(trimmed.find_first_not_of("0123456789."), trimmed.size());
    const bool percent = end < trimmed.size() && trimmed[end] == '%';
    made.push_back(
        token(percent ? TokenKind::percent : TokenKind::number, trimmed.substr(0, end), span));
    std::string unit;
    for (std::size_t i = end + (percent ? 1 : 0); i <= trimmed.size(); ++i) {
      const char c = i < trimmed.size() ? trimmed[i] : '/';
      if (c == ' ') continue;
      if (c != '/') {
        unit += c;
        continue;
      }
      if (!unit.empty()) made.push_back(token(TokenKind::quoted, unit, span));
      if (i < trimmed.size()) made.push_back(token(TokenKind::symbol, "/", span));
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
    if (!made.empty()) made.push_back(token(TokenKind::symbol, ",", span));
    const std::size_t begin = name.find_first_not_of(' ');
    made.push_back(
        token(TokenKind::quoted, begin == std::string::npos ? "" : name.substr(begin), span));
    name.clear();
  }
  return made;
}

}  // namespace

std::optional<std::vector<Clause>> read_csv_rows(const std::filesystem::path& path,
                                                 SourceSet& sources, const FileReader& reader) {
  std::optional<std::string> text = reader(path);
  if (!text || text->size() > kMaxCsv) return std::nullopt;
  const std::uint32_t file = sources.add(path.string(), std::move(*text));
  std::vector<Clause> rows;
  for (const std::vector<CsvCell>& record : csv_records(sources.text(file))) {
    if (record.size() == 1 && record[0].text.empty()) continue;
    Clause row;
    row.kind = Clause::Kind::row;
    for (const CsvCell& cell : record) {
      const SourceSpan span = {file, cell.begin, cell.end};
      row.cells.push_back(tokens_of(cell.text, span));
      row.cell_spans.push_back(span);
    }
    row.span = {file, record.front().begin, record.back().end};
    rows.push_back(std::move(row));
  }
  return rows;
}

bool TableReader::read_csv() { return builder_.csv_rows(clause_, csv_, csv_rows_); }

/// The path of a file that a declaration names, told by `outside` if it lies elsewhere.
std::optional<std::filesystem::path> Builder::beside(const Clause& declaration, const Token& name,
                                                     const char* outside) {
  const std::filesystem::path rule_file = sources_.path(declaration.span.file);
  const std::filesystem::path beside = std::string(name.raw);
  // Beside the rule file or below it: a rule file says nothing about the rest of the disk.
  if (beside.is_absolute() || std::find(beside.begin(), beside.end(), "..") != beside.end()) {
    error(name.span, outside);
    return std::nullopt;
  }
  return rule_file.parent_path() / beside;
}

/// The rows of the CSV file `name` beside the rule file in which the declaration stands.
bool Builder::csv_rows(const Clause& declaration, const Token& name, std::vector<Clause>& rows) {
  const auto path = beside(declaration, name, "E0614.outside");
  if (!path) return false;
  std::optional<std::vector<Clause>> read = read_csv_rows(*path, sources_, read_);
  if (!read) {
    error(name.span, {"E0001.cannot-read", {path->string()}});
    return false;
  }
  rows = std::move(*read);
  if (!rows.empty()) {
    sources_.set_skin(rows[0].span.file, sources_.skin(declaration.span.file));
  }
  return true;
}

}  // namespace toll::dsl
