// The codes of diagnostics. A code is documented in docs/errors/, stable, and never used again for
// something else. Syntax has E01xx.
#pragma once

#include <array>
#include <string_view>

namespace toll::dsl {

struct ErrorCode {
  std::string_view code;
  std::string_view title;
};

namespace code {
inline constexpr std::string_view no_language_line = "E0101";
inline constexpr std::string_view bad_language_line = "E0102";
inline constexpr std::string_view not_utf8 = "E0103";
inline constexpr std::string_view forbidden_character = "E0104";
inline constexpr std::string_view file_too_large = "E0105";
inline constexpr std::string_view blocks_too_deep = "E0106";
inline constexpr std::string_view brackets_too_deep = "E0107";
inline constexpr std::string_view unexpected_character = "E0108";
inline constexpr std::string_view full_width = "E0109";
inline constexpr std::string_view open_string = "E0110";
inline constexpr std::string_view bad_escape = "E0111";
inline constexpr std::string_view open_name = "E0112";
inline constexpr std::string_view empty_name = "E0113";
inline constexpr std::string_view open_word_bracket = "E0114";
inline constexpr std::string_view bad_number = "E0115";
inline constexpr std::string_view long_number = "E0116";
inline constexpr std::string_view no_such_time = "E0117";
inline constexpr std::string_view bad_date = "E0118";
inline constexpr std::string_view open_bracket = "E0119";
inline constexpr std::string_view stray_bracket = "E0120";
inline constexpr std::string_view open_block = "E0121";
inline constexpr std::string_view stray_brace = "E0122";
inline constexpr std::string_view block_without_head = "E0123";
inline constexpr std::string_view open_row = "E0124";
inline constexpr std::string_view stray_bar = "E0125";
inline constexpr std::string_view empty_row = "E0126";
inline constexpr std::string_view too_many_errors = "E0127";
}  // namespace code

inline constexpr std::array<ErrorCode, 27> kSyntaxCodes = {{
    {code::no_language_line, "the first statement is not `language`"},
    {code::bad_language_line, "unknown language version or skin"},
    {code::not_utf8, "the file is not UTF-8"},
    {code::forbidden_character, "control or invisible character"},
    {code::file_too_large, "file too large"},
    {code::blocks_too_deep, "blocks nested too deep"},
    {code::brackets_too_deep, "brackets nested too deep"},
    {code::unexpected_character, "unexpected character"},
    {code::full_width, "full-width punctuation"},
    {code::open_string, "string not closed"},
    {code::bad_escape, "unknown escape in a string"},
    {code::open_name, "quoted name not closed"},
    {code::empty_name, "empty name"},
    {code::open_word_bracket, "bracket inside a name not closed"},
    {code::bad_number, "badly written number"},
    {code::long_number, "too many digits"},
    {code::no_such_time, "no such date or time"},
    {code::bad_date, "badly written date or time"},
    {code::open_bracket, "bracket never closed"},
    {code::stray_bracket, "bracket closes nothing"},
    {code::open_block, "block never closed"},
    {code::stray_brace, "brace closes nothing"},
    {code::block_without_head, "block without a statement"},
    {code::open_row, "table row not closed"},
    {code::stray_bar, "`|` inside a statement"},
    {code::empty_row, "table row without cells"},
    {code::too_many_errors, "too many mistakes in one file"},
}};

}  // namespace toll::dsl
