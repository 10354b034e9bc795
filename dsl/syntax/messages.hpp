// What to say when a rule matches that stands for a mistake: rule -> code, message, help. `{}` is
// replaced by the text that matched. A rule that reports and has no text here does not compile.
#pragma once

#include <string_view>

#include "dsl/syntax/builder.hpp"
#include "dsl/syntax/codes.hpp"
#include "dsl/syntax/grammar.hpp"

namespace toll::dsl {

// clang-format off
template <typename Rule> inline constexpr Text text_of = Rule::has_no_text_in_messages_hpp;

template <> inline constexpr Text text_of<grammar::unexpected> = {
    code::unexpected_character, "unexpected `{}`", ""};
template <> inline constexpr Text text_of<grammar::unexpected_brace> = {
    code::unexpected_character, "unexpected `{}` in a table row", "a block cannot open in a row"};
template <> inline constexpr Text text_of<grammar::open_string> = {
    code::open_string, "this string is not closed in its line", "close it with `\"`"};
template <> inline constexpr Text text_of<grammar::open_quoted> = {
    code::open_name, "this name is not closed in its line", "close it with `\u300d`"};
template <> inline constexpr Text text_of<grammar::open_word_bracket> = {
    code::open_word_bracket, "`\uff08` in a name is not closed", "close it with `\uff09`, or write `(` if this is no name"};
template <> inline constexpr Text text_of<grammar::unclosed_bracket> = {
    code::open_bracket, "`{}` is never closed", "close it before the next `{`, `}`, `;` or table row"};
template <> inline constexpr Text text_of<grammar::stray_bracket> = {
    code::stray_bracket, "`{}` closes nothing", "delete it, or open the bracket before it"};
template <> inline constexpr Text text_of<grammar::missing<grammar::group_close<')'>>> = {
    code::open_bracket, "expected `)`", "a bracket in a table row closes in that row"};
template <> inline constexpr Text text_of<grammar::missing<grammar::group_close<']'>>> = {
    code::open_bracket, "expected `]`", "a bracket in a table row closes in that row"};
template <> inline constexpr Text text_of<grammar::too_deep_group> = {
    code::brackets_too_deep, "more than 200 brackets in one another", "the rest of the file was not read"};
template <> inline constexpr Text text_of<grammar::too_deep_block> = {
    code::blocks_too_deep, "more than 64 blocks in one another", "the rest of the file was not read"};
template <> inline constexpr Text text_of<grammar::stray_brace> = {
    code::stray_brace, "`}` closes nothing", "delete it, or look for a block above that closes too early"};
template <> inline constexpr Text text_of<grammar::stray_bar> = {
    code::stray_bar, "`|` inside a statement", "a table row starts its own line"};
template <> inline constexpr Text text_of<grammar::missing<grammar::cell_close>> = {
    code::open_row, "expected `|` at the end of the row", "the last cell of a row is closed with `|`"};
// clang-format on

}  // namespace toll::dsl
