// Full-width and other look-alike punctuation, and the ASCII that was meant. Chinese input methods
// write these where the language wants ASCII; the parser says so and reads on.
#pragma once

#include <array>
#include <string_view>

namespace toll::dsl {

struct Mark {
  std::string_view written;
  std::string_view ascii;
};

// Longer ones first: the first that fits is taken.
inline constexpr std::array<Mark, 53> kMarks = {{
    {"\uff1a\uff1d", ":="}, {"\uff0b\uff1d", "+="}, {"\uff1c\uff1d", "<="}, {"\uff1e\uff1d", ">="},
    {"\uff01\uff1d", "!="}, {"\uff1d\uff1e", "=>"}, {"\uff0d\uff1e", "->"}, {"\uff0f\uff0f", "//"},
    {"\uff0c", ","},        {"\uff1b", ";"},        {"\uff1a", ":"},        {"\uff5b", "{"},
    {"\uff5d", "}"},        {"\uff1d", "="},        {"\uff5c", "|"},        {"\uff08", "("},
    {"\uff09", ")"},        {"\uff3b", "["},        {"\uff3d", "]"},        {"\u3010", "["},
    {"\u3011", "]"},        {"\uff03", "#"},        {"\u201c", "\""},       {"\u201d", "\""},
    {"\uff02", "\""},       {"\u3001", ","},        {"\u3002", "."},        {"\uff0e", "."},
    {"\uff05", "%"},        {"\uff0b", "+"},        {"\uff0d", "-"},        {"\u2212", "-"},
    {"\uff0a", "*"},        {"\u00d7", "*"},        {"\uff0f", "/"},        {"\u00f7", "/"},
    {"\uff1c", "<"},        {"\uff1e", ">"},        {"\u2264", "<="},       {"\u2265", ">="},
    {"\u2260", "!="},       {"\u2192", "->"},       {"\u21d2", "=>"},       {"\u3000", " "},
    {"\u00a0", " "},        {"\u2026\u2026", ".."}, {"\u2026", ".."},       {"\u2025", ".."},
    {"\ufe31", "|"},        {"\u2502", "|"},        {"\u300e", "\u300c"},   {"\u300f", "\u300d"},
    {"\uff1f", "?"},
}};

/// The mark that `text` begins with, or null.
inline const Mark* find_mark(std::string_view text) {
  // Most text is ASCII or ideographs; neither begins like a mark.
  const unsigned first = text.empty() ? 0 : static_cast<unsigned char>(text.front());
  if (first < 0xc2 || (first > 0xc3 && first != 0xe2 && first != 0xe3 && first != 0xef)) {
    return nullptr;
  }
  for (const Mark& mark : kMarks) {
    if (text.starts_with(mark.written)) return &mark;
  }
  return nullptr;
}

}  // namespace toll::dsl
