// The grammar of rule files: PEGTL rules, EBNF above each. No actions, no messages.
//
// Nothing here fails: whatever is missing or does not belong has a rule of its own (`missing<R>`,
// `stray_...`, `unexpected`), so a mistake costs one diagnostic and the tree around it stands. That
// is why must<> is not used: it would throw the statement away with the mistake.
//
// Some rules ask the state (`ask<...>`): whether an opening bracket has a partner, which the scan
// `bracket_file` finds out first; whether the last token is one after which a statement goes on in
// the next line; whether a limit is reached.
#pragma once

#include <cstddef>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/syntax/at_sight.hpp"
#include "dsl/syntax/marks.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl::grammar {

namespace p = tao::pegtl;

// ---- Rules that PEGTL lacks --------------------------------------------------------------------

/// One character for which a function says yes.
template <bool (*Is)(char32_t)>
struct character {
  using rule_t = character;
  using subs_t = p::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    const std::string_view rest(in.current(), in.size());
    const DecodedCharacter found = decode_utf8(rest, 0);
    if (found.code == kNoCharacter || !Is(found.code)) return false;
    in.bump(found.size);
    return true;
  }
};

/// How many bytes at the beginning of a text are characters of words.
inline std::size_t word_bytes(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_') {
      ++at;
      continue;
    }
    const DecodedCharacter found = decode_utf8(text, at);
    if (!is_common_ideograph(found.code) && !is_xid_continue(found.code)) return at;
    at += found.size;
  }
  return at;
}

/// One or more bytes, as many as a function counts.
template <std::size_t (*Count)(std::string_view)>
struct run {
  using rule_t = run;
  using subs_t = p::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    const std::size_t count = Count(std::string_view(in.current(), in.size()));
    in.bump(count);
    return count > 0;
  }
};

/// Look-alike of an ASCII character, such as a full-width comma.
template <char Ascii>
struct wide {
  using rule_t = wide;
  using subs_t = p::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    if (in.empty() || static_cast<unsigned char>(*in.current()) < 0x80) return false;
    const Mark* mark = find_mark(std::string_view(in.current(), in.size()));
    if (mark == nullptr || mark->ascii != std::string_view(&kAscii, 1)) return false;
    in.bump(mark->written.size());
    return true;
  }
  static constexpr char kAscii = Ascii;
};

/// Look-alike of a symbol that is a token.
struct wide_symbol {
  using rule_t = wide_symbol;
  using subs_t = p::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    const Mark* mark = find_mark(std::string_view(in.current(), in.size()));
    constexpr std::string_view kNoTokens = "(){}[];|# \"";
    if (mark == nullptr || static_cast<unsigned char>(mark->ascii[0]) >= 0x80) return false;
    if (kNoTokens.find(mark->ascii[0]) != std::string_view::npos) return false;
    in.bump(mark->written.size());
    return true;
  }
};

/// Matches nothing, if the state says so at this place.
template <typename Question>
struct ask {
  using rule_t = ask;
  using subs_t = p::empty_list;
  template <p::apply_mode, p::rewind_mode, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename State>
  static bool match(Input& in, State& state) {
    return Question::answer(state, in.current());
  }
};
// clang-format off
struct has_partner   { template <typename S> static bool answer(const S& s, const char* at) { return s.has_partner(at); } };
struct blocks_full   { template <typename S> static bool answer(const S& s, const char*) { return s.blocks_full(); } };
struct brackets_full { template <typename S> static bool answer(const S& s, const char*) { return s.brackets_full(); } };
struct wants_more    { template <typename S> static bool answer(const S& s, const char*) { return s.wants_more(); } };
struct in_row        { template <typename S> static bool answer(const S& s, const char*) { return s.in_row(); } };
struct in_template   { template <typename S> static bool answer(const S& s, const char*) { return s.in_template(); } };
struct block_ends    { template <typename S> static bool answer(const S& s, const char* at) { return s.block_ends(at); } };
struct block_begins  { template <typename S> static bool answer(const S& s, const char* at) { return s.block_begins(at); } };
struct brace_is_none { template <typename S> static bool answer(const S& s, const char* at) { return s.brace_is_none(at); } };
struct at_line_start { template <typename S> static bool answer(const S& s, const char* at) { return s.at_line_start(at); } };

// ---- What is missing is a rule that matches nothing and has a message ---------------------------

template <typename Rule> struct missing : p::success {};
template <typename Rule> struct expect : p::sor<Rule, missing<Rule>> {};

// ---- Characters ---------------------------------------------------------------------------------

// any = any character
struct any : p::utf8::any {};
// newline = "\n" | "\r\n"
struct newline : p::sor<p::one<'\n'>, p::string<'\r', '\n'>> {};
// line_end = newline | end of file
struct line_end : p::sor<newline, p::eof> {};
// blank = " " | "\t"
struct blank : p::one<' ', '\t'> {};
// comment = "#" { any - newline }
struct comment_mark : p::sor<p::one<'#'>, wide<'#'>> {};
inline std::size_t line_bytes(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return text.size();
  return end > 0 && text[end - 1] == '\r' ? end - 1 : end;
}
struct comment : p::seq<comment_mark, p::opt<run<line_bytes>>> {};

// narrow = { blank | comment }                 white space within a line
struct narrow : p::star<p::sor<blank, comment, wide<' '>>> {};
// wide_space = { blank | comment | newline }   white space over lines
struct wide_space : p::star<p::sor<blank, comment, newline, wide<' '>>> {};

// ---- Words --------------------------------------------------------------------------------------

struct letter : character<is_xid_start> {};
struct word_character : character<is_xid_continue> {};
// Full-width brackets, U+FF08 and U+FF09, are part of names.
struct word_open : p::utf8::one<0xff08> {};
struct word_close : p::utf8::one<0xff09> {};
struct any_bracket : p::utf8::one<'(', ')', '[', ']', '{', '}', 0xff08, 0xff09, 0xff3b, 0xff3d, 0xff5b, 0xff5d,
                                  0x300c, 0x300d, 0x3010, 0x3011> {};
// word_bracket = word_open { any - bracket - newline } word_close
struct word_bracket : p::seq<word_open, p::star<p::not_at<p::sor<any_bracket, newline>>, any>, word_close> {};
struct open_word_bracket : p::seq<word_open, p::star<word_character>> {};
// hyphen = "-" &word_character
struct hyphen : p::seq<p::one<'-'>, p::at<word_character>> {};
// word = letter { word_character | word_bracket | hyphen } | "_" { word_character | word_bracket }
struct word_part : p::sor<run<word_bytes>, word_bracket, open_word_bracket> {};
struct word : p::sor<p::seq<letter, p::star<p::sor<word_part, hyphen>>>, p::seq<p::one<'_'>, p::star<word_part>>> {};

// quoted = U+300C { any - newline - U+300C - U+300D } U+300D
struct name_open : p::utf8::one<0x300c> {};
struct name_close : p::utf8::one<0x300d> {};
struct quoted : p::seq<name_open, p::star<p::not_at<p::sor<name_open, name_close, newline>>, any>, name_close> {};
// Where the closing mark is missing, the name is taken to end before a blank or punctuation.
struct open_quoted : p::seq<name_open, p::star<p::not_at<p::sor<blank, newline, any_bracket, p::one<'|', ';', ',', '#', '"'>>>, any>> {};

// string = '"' { "\" (any - newline) | any - '"' - newline } '"'
struct string_end : p::sor<p::one<'"'>, newline> {};
struct string_character : p::seq<p::not_at<string_end>, p::opt<p::one<'\\'>, p::not_at<newline>>, any> {};
// What a string is made of but for those: quotes, line ends, backslashes.
inline std::size_t plain_string_bytes(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '"' && text[at] != '\\' && text[at] != '\n' && text[at] != '\r') ++at;
  return at;
}
struct string : p::seq<p::one<'"'>, p::star<p::sor<run<plain_string_bytes>, string_character>>, p::one<'"'>> {};
struct wide_string : p::seq<wide<'"'>, p::star<p::not_at<p::sor<string_end, wide<'"'>>>, any>, p::sor<p::one<'"'>, wide<'"'>>> {};
// Where the closing quote is missing, the string ends with the line, but for a last `{` or `|`.
struct last_of_line : p::seq<p::one<'{', '|'>, p::star<blank>, line_end> {};
struct open_string : p::seq<p::sor<p::one<'"'>, wide<'"'>>, p::star<p::not_at<p::sor<newline, last_of_line>>, any>> {};

// ---- Numbers and times --------------------------------------------------------------------------

// digits = digit { digit | "_" }
struct digits : p::seq<p::digit, p::star<p::sor<p::digit, p::one<'_'>>>> {};
// scale = WAN YI | WAN | YI                    10^12, 10^4, 10^8
struct scale : p::sor<p::seq<p::utf8::one<0x4e07>, p::opt<p::utf8::one<0x4ebf>>>, p::utf8::one<0x4ebf>> {};
// number = digits [ "." digits ] [ scale ]
struct fraction : p::seq<p::one<'.'>, digits> {};
struct plain_number : p::seq<digits, p::opt<fraction>, p::opt<scale>> {};
// "1,000" reads as two numbers to a machine and as one to people: a mistake, not a number.
struct comma_number : p::seq<p::rep_min_max<1, 3, p::digit>, p::plus<p::one<','>, p::rep<3, p::digit>, p::not_at<p::sor<p::digit, p::one<'_'>>>>,
                             p::opt<fraction>, p::opt<scale>> {};
struct number : p::sor<comma_number, plain_number> {};
// Full-width digits, alone or among others, are read as the ASCII ones.
struct wide_digit : p::utf8::range<0xff10, 0xff19> {};
struct percent_sign : p::sor<p::one<'%'>, wide<'%'>> {};
struct wide_number : p::seq<p::star<p::digit>, wide_digit, p::star<p::sor<p::digit, wide_digit>>, p::opt<percent_sign>> {};
// percent = number "%"
struct percent_number : number {};
struct percent : p::seq<percent_number, percent_sign> {};

struct up_to_two : p::rep_min_max<1, 2, p::digit> {};
// date = digit digit digit digit "-" digit digit "-" digit digit
// More is matched than is right, so that 2025-6-3 is a badly written date and not a difference.
template <typename A, typename B, typename... C>
struct date_with : p::seq<p::rep<4, p::digit>, A, up_to_two, B, up_to_two, C..., p::not_at<p::digit>> {};
struct date_text : p::sor<date_with<p::one<'-'>, p::one<'-'>>, date_with<p::utf8::one<0x5e74>, p::utf8::one<0x6708>, p::utf8::one<0x65e5>>> {};
struct date : p::seq<date_text> {};
// time = date ( "T" | blank ) digit digit ":" digit digit [ ":" digit digit [ "." digit { digit } ] ]
struct colon : p::sor<p::one<':'>, wide<':'>> {};
struct seconds : p::seq<colon, up_to_two, p::opt<p::one<'.'>, p::plus<p::digit>>> {};
struct time : p::seq<date_text, p::sor<p::one<'T'>, p::plus<blank>>, up_to_two, colon, up_to_two, p::opt<seconds>, p::not_at<p::digit>> {};

// ---- Symbols and brackets -----------------------------------------------------------------------

// symbol = ":=" | "+=" | "<=" | ">=" | "!=" | "=>" | "->" | "//" | ".." | "," | ":" | "." | "=" | "+" | "-" | "*" | "/" | "%" | "<" | ">" | "?"
struct symbol : p::sor<p::string<':', '='>, p::string<'+', '='>, p::string<'<', '='>, p::string<'>', '='>, p::string<'!', '='>,
                       p::string<'=', '>'>, p::string<'-', '>'>, p::string<'/', '/'>, p::string<'.', '.'>,
                       p::one<',', ':', '.', '=', '+', '-', '*', '/', '%', '<', '>', '?'>> {};
// hole = "$" digit { digit }                   only in templates
struct hole : p::seq<ask<in_template>, p::one<'$'>, p::plus<p::digit>> {};
// An ideographic full stop ends a statement if nothing follows in its line, else it is a ".".
struct sentence_stop : p::seq<p::utf8::one<0x3002>, p::at<p::star<blank>, p::sor<line_end, p::one<'}', '#'>, wide<'}'>>>> {};

template <char C> struct bracket : p::sor<p::one<C>, wide<C>> {};
struct opening : p::sor<bracket<'('>, bracket<'['>> {};
struct closing : p::sor<bracket<')'>, bracket<']'>> {};
template <char C> struct group_open : bracket<C> {};
template <char C> struct group_close : bracket<C> {};

/// Tokens that need no rule to be told, and the gaps between them; the state says where a gap goes over lines.
struct plain_tokens {
  using rule_t = plain_tokens;
  using subs_t = p::empty_list;
  template <p::apply_mode Apply, p::rewind_mode, template <typename...> class Action, template <typename...> class Control,
            typename Input, typename State>
  static bool match(Input& in, State& state) {
    if (Apply == p::apply_mode::nothing || !state.reads_at_sight()) return false;
    const std::string_view text(in.current(), in.size());
    std::size_t at = 0;
    for (Sight seen = sight::token(text); seen.size != 0; seen = sight::token(text.substr(at))) {
      state.token(seen.kind, in.current() + at, seen.size);
      at = sight::gap_end(text, at + seen.size, state.gap_over_lines());
    }
    in.bump(at);
    return at > 0;
  }
};

struct token;
struct group_item;
struct group_items : p::sor<plain_tokens, group_item> {};
// White space in brackets goes over lines; a row stays in its line whatever is in it.
struct group_gap : p::sor<p::seq<ask<in_row>, narrow>, wide_space> {};
// group = "(" { token } ")" | "[" { token } "]"
template <char Open, char Close>
struct group_of : p::seq<group_open<Open>, group_gap, p::star<p::not_at<bracket<Close>>, group_items, group_gap>, expect<group_close<Close>>> {};
// Too deep: the rest of the file is not read.
struct rest_of_file : p::star<any> {};
struct too_deep_group : p::seq<ask<brackets_full>, opening, rest_of_file> {};
struct group : p::seq<ask<has_partner>, p::sor<too_deep_group, group_of<'(', ')'>, group_of<'[', ']'>>> {};
struct unclosed_bracket : p::seq<opening> {};
struct stray_bracket : p::seq<closing> {};

// token = hole | time | date | percent | number | string | quoted | word | group | symbol
// Words come first and what begins alike stands together: no two parts of it begin with one character.
struct figure : p::seq<p::at<p::sor<p::digit, wide_digit>>, p::sor<wide_number, time, date, percent, number>> {};
struct any_string : p::seq<p::at<p::sor<p::one<'"'>, wide<'"'>>>, p::sor<string, wide_string, open_string>> {};
struct any_quoted : p::seq<p::at<name_open>, p::sor<quoted, open_quoted>> {};
struct token : p::sor<word, figure, any_string, any_quoted, hole, group, unclosed_bracket, stray_bracket, symbol,
                      p::seq<p::not_at<sentence_stop>, wide_symbol>> {};

// ---- Statements ---------------------------------------------------------------------------------

struct bar : p::sor<p::one<'|'>, wide<'|'>> {};
struct semicolon : p::sor<p::one<';'>, wide<';'>> {};
struct brace_open : p::sor<p::one<'{'>, wide<'{'>> {};
struct brace_close : p::sor<p::one<'}'>, wide<'}'>> {};

// Characters that begin no token, up to one that might.
struct statement_stop : p::sor<newline, bar, semicolon, sentence_stop, brace_open, brace_close> {};
struct known : p::sor<statement_stop, blank, wide<' '>, comment_mark, letter, p::digit, wide_digit, opening, closing, symbol, name_open,
                      p::one<'"', '_'>, wide<'"'>, wide_symbol> {};
struct unexpected : p::seq<any, p::star<p::not_at<known>, any>> {};
struct unexpected_brace : p::seq<brace_open> {};

struct stray_bar : p::seq<p::not_at<ask<at_line_start>>, bar> {};
struct group_item : p::sor<token, p::seq<p::not_at<statement_stop>, unexpected>> {};
struct head_item : p::sor<token, stray_bar, p::seq<p::not_at<statement_stop>, unexpected>> {};
// gap = wide_space after a comma, a binary operator, `and`, `or`; else narrow
struct gap : p::sor<p::seq<ask<wants_more>, wide_space>, narrow> {};
// head = token { gap token }
struct no_head : p::one<'\n', '{', '}', ';'> {};  // none of these begins what follows
struct head : p::plus<p::not_at<no_head>, p::sor<plain_tokens, head_item>, gap> {};

// row = "|" { cell }
// cell = { token } "|"
struct row_stop : p::sor<line_end, semicolon, brace_close> {};
struct row_open : p::seq<bar> {};
struct cell_close : p::seq<bar> {};
struct cell_item : p::sor<token, unexpected_brace, p::seq<p::not_at<p::sor<row_stop, bar>>, unexpected>> {};
struct cell : p::sor<cell_close, p::seq<p::plus<p::not_at<p::one<'|'>>, p::sor<plain_tokens, cell_item>, narrow>, expect<cell_close>>> {};
struct row_close : p::success {};
struct row : p::seq<row_open, narrow, p::star<p::not_at<row_stop>, cell, narrow>, row_close> {};

// block = "{" { item } "}"
// Where braces are missing or too many, a plan says which (braces.hpp).
struct items;
struct brace_that_is_none : p::seq<ask<brace_is_none>, p::sor<brace_open, brace_close>> {};
struct block_open : p::seq<p::not_at<ask<brace_is_none>>, brace_open> {};
struct block_close : p::seq<p::not_at<ask<brace_is_none>>, brace_close> {};
struct missing_open : p::seq<ask<block_begins>> {};
struct missing_close : p::seq<ask<block_ends>> {};
struct block_end : p::sor<missing_close, block_close, missing<block_close>> {};
struct too_deep_block : p::seq<ask<blocks_full>, brace_open, rest_of_file> {};
struct block : p::sor<too_deep_block, p::seq<block_open, items, block_end>> {};
struct block_without_brace : p::seq<missing_open, items, block_end> {};

// statement = head [ block ]
struct statement_close : p::success {};
struct statement : p::seq<head, p::sor<block, block_without_brace, statement_close>> {};
// item = row | statement | separator           a block alone is a mistake
struct separator : p::sor<run<sight::white_bytes>, comment, semicolon, sentence_stop, wide<' '>> {};
struct item : p::sor<separator, brace_that_is_none, row, statement, block> {};
struct items : p::star<p::not_at<ask<block_ends>>, item> {};

// ---- Files --------------------------------------------------------------------------------------

struct byte_order_mark : p::utf8::bom {};
// language_line = "language" number [ word ]
struct language_word : p::seq<p::string<'l', 'a', 'n', 'g', 'u', 'a', 'g', 'e'>, p::not_at<word_character>> {};
struct language_line : p::seq<p::at<language_word>, head> {};
struct stray_brace : p::seq<brace_close> {};
// file = language_line { item }
struct file : p::seq<p::opt<byte_order_mark>, wide_space, expect<language_line>, p::star<p::sor<item, stray_brace>>, p::eof> {};
// template = { item }
struct template_file : p::seq<p::star<p::sor<item, stray_brace>>, p::eof> {};

// Which brackets have partners: before the next row, block or `;`.
template <char C> struct scan_open : bracket<C> {};
template <char C> struct scan_close : bracket<C> {};
struct scan_brace_open : brace_open {};
struct scan_brace_close : brace_close {};
struct barrier : p::seq<p::sor<semicolon, bar>> {};
struct plain_part {
  using rule_t = plain_part;
  using subs_t = p::empty_list;
  template <p::apply_mode, p::rewind_mode, template <typename...> class Action, template <typename...> class Control, typename Input,
            typename State>
  static bool match(Input& in, State& state) {
    if (!state.reads_at_sight()) return false;
    const auto offset = static_cast<std::uint32_t>(in.current() - state.text().data());
    const std::size_t size = sight::scan(std::string_view(in.current(), in.size()), offset, state);
    in.bump(size);
    return size > 0;
  }
};
struct bracket_file : p::star<p::sor<plain_part, comment, string, wide_string, open_string, quoted, open_quoted, word,
                                     scan_open<'('>, scan_open<'['>, scan_close<')'>, scan_close<']'>, scan_brace_open,
                                     scan_brace_close, barrier, any>> {};
// clang-format on

}  // namespace toll::dsl::grammar

namespace TAO_PEGTL_NAMESPACE {

template <typename Name, bool (*Is)(char32_t)>
struct analyze_traits<Name, toll::dsl::grammar::character<Is>> : analyze_any_traits<> {};
template <typename Name, std::size_t (*Count)(std::string_view)>
struct analyze_traits<Name, toll::dsl::grammar::run<Count>> : analyze_any_traits<> {};
template <typename Name, char Ascii>
struct analyze_traits<Name, toll::dsl::grammar::wide<Ascii>> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, toll::dsl::grammar::plain_tokens> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, toll::dsl::grammar::plain_part> : analyze_any_traits<> {};
template <typename Name>
struct analyze_traits<Name, toll::dsl::grammar::wide_symbol> : analyze_any_traits<> {};
template <typename Name, typename Question>
struct analyze_traits<Name, toll::dsl::grammar::ask<Question>> : analyze_opt_traits<> {};

}  // namespace TAO_PEGTL_NAMESPACE
