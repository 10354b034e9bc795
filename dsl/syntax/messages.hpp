// What to say when a rule matches that stands for a mistake: rule -> message. Argument 0 is the
// text that matched. A rule that reports and has no message here does not compile.
#pragma once

#include <string_view>

#include "dsl/syntax/grammar.hpp"

namespace toll::dsl {

// clang-format off
template <typename Rule> inline constexpr std::string_view message_of = Rule::has_no_message_in_messages_hpp;

template <> inline constexpr std::string_view message_of<grammar::unexpected> = "E0108.unexpected";
template <> inline constexpr std::string_view message_of<grammar::unexpected_brace> = "E0108.brace-in-row";
template <> inline constexpr std::string_view message_of<grammar::open_string> = "E0110.open-string";
template <> inline constexpr std::string_view message_of<grammar::open_quoted> = "E0112.open-name";
template <> inline constexpr std::string_view message_of<grammar::open_word_bracket> = "E0114.open-bracket-in-name";
template <> inline constexpr std::string_view message_of<grammar::unclosed_bracket> = "E0119.never-closed";
template <> inline constexpr std::string_view message_of<grammar::stray_bracket> = "E0120.stray";
template <> inline constexpr std::string_view message_of<grammar::missing<grammar::group_close<')'>>> = "E0119.row-paren";
template <> inline constexpr std::string_view message_of<grammar::missing<grammar::group_close<']'>>> = "E0119.row-square";
template <> inline constexpr std::string_view message_of<grammar::too_deep_group> = "E0107.brackets";
template <> inline constexpr std::string_view message_of<grammar::too_deep_block> = "E0106.blocks";
template <> inline constexpr std::string_view message_of<grammar::stray_brace> = "E0122.stray";
template <> inline constexpr std::string_view message_of<grammar::stray_bar> = "E0125.bar";
template <> inline constexpr std::string_view message_of<grammar::missing<grammar::cell_close>> = "E0124.open-row";
// clang-format on

}  // namespace toll::dsl
