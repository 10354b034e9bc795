#include "dsl/syntax/csv.hpp"

namespace toll::dsl {

std::vector<std::vector<CsvCell>> csv_records(std::string_view text, char separator) {
  std::vector<std::vector<CsvCell>> all(1);
  std::size_t at = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
  while (at < text.size()) {
    CsvCell cell;
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
    while (at < text.size() && text[at] != separator && text[at] != '\n') {
      if (text[at] != '\r') cell.text += text[at];
      ++at;
    }
    cell.begin = static_cast<std::uint32_t>(begin);
    cell.end = static_cast<std::uint32_t>(at);
    all.back().push_back(std::move(cell));
    if (at == text.size()) break;
    if (text[at++] == '\n') {
      all.emplace_back();
    } else if (at == text.size()) {  // the last cell of the file is empty
      all.back().push_back({"", static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at)});
    }
  }
  if (all.back().empty()) all.pop_back();
  return all;
}

char csv_separator(std::string_view text) {
  std::size_t commas = 0;
  std::size_t semicolons = 0;
  std::size_t tabs = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (tabs > commas && tabs >= semicolons) return '\t';
  return semicolons > commas ? ';' : ',';
}

}  // namespace toll::dsl
