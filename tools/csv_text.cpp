#include "tools/csv_text.hpp"

#include "tools/statement_document.hpp"

namespace toll::tools {
namespace {

bool starts_formula(std::string_view cell) {
  // Full-width signs too: some spreadsheets read them as the plain ones.
  for (const std::string_view sign :
       {"=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20"}) {
    if (cell.starts_with(sign)) return true;
  }
  return false;
}

}  // namespace

std::string csv_words(std::string_view text) {
  const std::string plain = harmless(text);
  return (starts_formula(plain) ? "'" : "") + plain;
}

std::string csv_cell(std::string_view cell) {
  const bool plain = cell.find_first_of(",\"\r\n") == std::string_view::npos &&
                     (cell.empty() || (cell.front() != ' ' && cell.back() != ' '));
  if (plain) return std::string(cell);
  std::string out = "\"";
  for (const char c : cell) {
    out += c;
    if (c == '"') out += c;
  }
  return out + "\"";
}

}  // namespace toll::tools
