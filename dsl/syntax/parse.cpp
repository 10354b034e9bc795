// The only file that brings grammar and tree together, and the only one that needs PEGTL.
#include "dsl/syntax/parse.hpp"

#include <cstdio>
#include <tao/pegtl.hpp>
#include <utility>

#include "dsl/syntax/at_sight.hpp"
#include "dsl/syntax/builder.hpp"
#include "dsl/syntax/grammar.hpp"
#include "dsl/syntax/messages.hpp"
#include "dsl/syntax/unicode.hpp"
#include "engine/kernel/assert.hpp"

namespace toll::dsl {
namespace {

namespace p = tao::pegtl;
using Input = p::memory_input<p::tracking_mode::lazy, p::eol::lf_crlf>;

template <typename ActionInput, typename State>
Range range_of(const ActionInput& in, const State& state) {
  const auto begin = static_cast<std::uint32_t>(in.begin() - state.text().data());
  return {begin, begin + static_cast<std::uint32_t>(in.size())};
}

// ---- First pass: which brackets have partners ---------------------------------------------------

template <typename Rule>
struct scan : p::nothing<Rule> {};

template <char C>
struct scan<grammar::scan_open<C>> {
  template <typename ActionInput>
  static void apply(const ActionInput& in, BracketScan& brackets) {
    brackets.open(C, range_of(in, brackets).begin);
  }
};
template <char C>
struct scan<grammar::scan_close<C>> {
  template <typename ActionInput>
  static void apply(const ActionInput& in, BracketScan& brackets) {
    brackets.close(C == ')' ? '(' : '[', range_of(in, brackets).begin);
  }
};
template <>
struct scan<grammar::barrier> {
  template <typename ActionInput>
  static void apply(const ActionInput& /*in*/, BracketScan& brackets) {
    brackets.barrier();
  }
};
template <bool Open>
struct scan_brace {
  template <typename ActionInput>
  static void apply(const ActionInput& in, BracketScan& brackets) {
    const Range range = range_of(in, brackets);
    brackets.brace({range.begin, range.end, Open});
  }
};
template <>
struct scan<grammar::scan_brace_open> : scan_brace<true> {};
template <>
struct scan<grammar::scan_brace_close> : scan_brace<false> {};

// ---- Second pass: the tree ----------------------------------------------------------------------

template <typename Rule>
struct build : p::nothing<Rule> {};

/// An action that calls one function with the range that matched.
template <auto Function>
struct tell {
  template <typename ActionInput>
  static void apply(const ActionInput& in, TreeBuilder& builder) {
    Function(builder, range_of(in, builder));
  }
};

/// An action that reports a mistake and does nothing else.
template <typename Rule>
struct mistake {
  template <typename ActionInput>
  static void apply(const ActionInput& in, TreeBuilder& builder) {
    builder.report(message_of<Rule>, range_of(in, builder));
  }
};

// clang-format off
using B = TreeBuilder;
namespace g = grammar;

template <> struct build<g::word> : tell<[](B& b, Range r) { b.word(r); }> {};
template <> struct build<g::quoted> : tell<[](B& b, Range r) { b.quoted(r, true); }> {};
template <> struct build<g::string> : tell<[](B& b, Range r) { b.string(r, true); }> {};
template <> struct build<g::wide_string> : tell<[](B& b, Range r) { b.string(r, true); }> {};
template <> struct build<g::number> : tell<[](B& b, Range r) { b.number(r, TokenKind::number); }> {};
template <> struct build<g::wide_number> : tell<[](B& b, Range r) { b.wide_number(r); }> {};
template <> struct build<g::percent> : tell<[](B& b, Range r) { b.number(r, TokenKind::percent); }> {};
template <> struct build<g::date> : tell<[](B& b, Range r) { b.time(r, TokenKind::date); }> {};
template <> struct build<g::time> : tell<[](B& b, Range r) { b.time(r, TokenKind::time); }> {};
template <> struct build<g::hole> : tell<[](B& b, Range r) { b.hole(r); }> {};
template <> struct build<g::symbol> : tell<[](B& b, Range r) { b.symbol(r, b.text().substr(r.begin, r.end - r.begin)); }> {};
template <> struct build<g::wide_symbol> : tell<[](B& b, Range r) {
  const Mark* mark = find_mark(b.text().substr(r.begin));
  b.look_alike(r, mark->ascii);
  b.symbol(r, mark->ascii);
}> {};
template <char C> struct build<g::wide<C>> : tell<[](B& b, Range r) { b.look_alike(r, std::string_view(&g::wide<C>::kAscii, 1)); }> {};
template <> struct build<g::wide<'"'>> : p::nothing<g::wide<'"'>> {};  // the string says so, once

template <> struct build<g::open_quoted> : tell<[](B& b, Range r) { b.report(message_of<g::open_quoted>, r); b.quoted(r, false); }> {};
template <> struct build<g::open_string> : tell<[](B& b, Range r) { b.report(message_of<g::open_string>, r); b.string(r, false); }> {};
template <> struct build<g::open_word_bracket> : mistake<g::open_word_bracket> {};
template <> struct build<g::unclosed_bracket> : mistake<g::unclosed_bracket> {};
template <> struct build<g::stray_bracket> : mistake<g::stray_bracket> {};
template <> struct build<g::stray_brace> : mistake<g::stray_brace> {};
template <> struct build<g::unexpected_brace> : mistake<g::unexpected_brace> {};
template <> struct build<g::unexpected> : tell<[](B& b, Range r) { b.unexpected(message_of<g::unexpected>, r); }> {};
template <> struct build<g::sentence_stop> : tell<[](B& b, Range r) { b.sentence_stop(r); }> {};
template <> struct build<g::stray_bar> : tell<[](B& b, Range r) { b.stray_bar(message_of<g::stray_bar>, r); }> {};
template <> struct build<g::too_deep_group> : tell<[](B& b, Range r) { b.report(message_of<g::too_deep_group>, {r.begin, r.begin + 1}); b.stop(); }> {};
template <> struct build<g::too_deep_block> : tell<[](B& b, Range r) { b.report(message_of<g::too_deep_block>, {r.begin, r.begin + 1}); b.stop(); }> {};

template <> struct build<g::group_open<'('>> : tell<[](B& b, Range r) { b.open_group(r, "("); }> {};
template <> struct build<g::group_open<'['>> : tell<[](B& b, Range r) { b.open_group(r, "["); }> {};
template <> struct build<g::group_close<')'>> : tell<[](B& b, Range r) { b.close_group(r, ")"); }> {};
template <> struct build<g::group_close<']'>> : tell<[](B& b, Range r) { b.close_group(r, "]"); }> {};
template <char C> struct build<g::missing<g::group_close<C>>> : tell<[](B& b, Range r) {
  b.report(message_of<g::missing<g::group_close<C>>>, r);
  b.close_group(std::nullopt, {});
}> {};

template <> struct build<g::language_line> : tell<[](B& b, Range) { b.language_line(); }> {};
template <> struct build<g::missing<g::language_line>> : tell<[](B& b, Range r) { b.no_language_line(r.begin); }> {};
template <> struct build<g::statement_close> : tell<[](B& b, Range) { b.close_statement(); }> {};
template <> struct build<g::block_open> : tell<[](B& b, Range r) { b.open_block(r); }> {};
template <> struct build<g::block_close> : tell<[](B& b, Range r) { b.close_block(r); }> {};
template <> struct build<g::missing<g::block_close>> : tell<[](B& b, Range) { b.block_not_closed(); }> {};
template <> struct build<g::missing_close> : tell<[](B& b, Range) { b.missing_close(); }> {};
template <> struct build<g::missing_open> : tell<[](B& b, Range r) { b.missing_open(r); }> {};
template <> struct build<g::brace_that_is_none> : tell<[](B& b, Range r) { b.brace_that_is_none(r); }> {};
template <> struct build<g::row_open> : tell<[](B& b, Range r) { b.open_row(r); }> {};
template <> struct build<g::cell_close> : tell<[](B& b, Range r) { b.close_cell(r); }> {};
template <> struct build<g::missing<g::cell_close>> : tell<[](B& b, Range r) { b.report(message_of<g::missing<g::cell_close>>, r); b.close_cell(r); }> {};
template <> struct build<g::row_close> : tell<[](B& b, Range) { b.close_row(); }> {};
// clang-format on

template <typename Top>
void read(std::string_view text, TreeBuilder& builder) {
  Input in(text.data(), text.data() + text.size(), "");
  const bool whole = p::parse<Top, build>(in, builder);
  TOLL_ASSERT(whole);  // the grammar has a rule for every mistake
}

BracketScan scan_brackets(std::string_view text, bool at_sight) {
  BracketScan brackets(text, at_sight);
  Input in(text.data(), text.data() + text.size(), "");
  p::parse<grammar::bracket_file, scan>(in, brackets);
  brackets.finish();
  return brackets;
}

// ---- Before any grammar -------------------------------------------------------------------------

void report_forbidden(std::string_view text, std::uint32_t file, Diagnostics& diagnostics) {
  constexpr std::size_t kMost = 20;
  constexpr char32_t kByteOrderMark = 0xfeff;
  std::size_t count = 0;
  char32_t before = kNoCharacter;
  for (std::size_t at = 0; at < text.size() && count < kMost;) {
    if (const std::size_t plain = sight::plain_text_end(text, at); plain > at) {
      before = kNoCharacter;
      at = plain;
      continue;
    }
    const DecodedCharacter character = decode_utf8(text, at);
    const char32_t code = character.code;
    const bool line_end = code == '\r' && text.substr(at, 2) == "\r\n";
    const bool mark = code == kByteOrderMark && at == 0;
    if (is_forbidden(code) && !line_end && !mark && code != before) {
      char name[16];
      std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(code));
      const auto begin = static_cast<std::uint32_t>(at);
      diagnostics.error({file, begin, begin + character.size}, {"E0104.forbidden", {name}});
      ++count;
    }
    before = code;
    at += character.size;
  }
}

/// Is this text at all? If not, it is not read.
bool acceptable(std::string_view text, std::uint32_t file, Diagnostics& diagnostics) {
  if (text.size() > kMaxFileSize) {
    diagnostics.error({file, 0, 0}, "E0105.too-large");
    return false;
  }
  bool forbidden = false;
  for (std::size_t bad = sight::plain_text_end(text, 0); bad < text.size();
       bad = sight::plain_text_end(text, bad)) {
    const DecodedCharacter character = decode_utf8(text, bad);
    if (character.code == kNoCharacter) {
      const auto at = static_cast<std::uint32_t>(bad);
      diagnostics.error({file, at, at + 1}, {"E0103.not-utf8", {bad}});
      return false;
    }
    forbidden = forbidden || is_forbidden(character.code);
    bad += character.size;
  }
  if (forbidden) report_forbidden(text, file, diagnostics);
  return true;
}

void set_spans(std::vector<Clause>& clauses, SourceSpan origin) {
  const auto set = [origin](std::vector<Token>& tokens) {
    for (Token& token : tokens) token.span = origin;
  };
  for (Clause& clause : clauses) {
    clause.span = origin;
    set(clause.head);
    for (std::vector<Token>& cell : clause.cells) set(cell);
    for (SourceSpan& span : clause.cell_spans) span = origin;
    set_spans(clause.body, origin);
  }
}

File parse(SourceSet& sources, std::string path, std::string text, Diagnostics& diagnostics,
           bool at_sight) {
  File file;
  file.path = path;
  file.kept = std::make_shared<const std::string>(std::move(text));
  file.text = *file.kept;
  file.skin = english().name();
  const std::uint32_t id = sources.add(std::move(path), file.kept);
  file.id = id;
  if (!acceptable(file.text, id, diagnostics)) return file;
  const BracketScan brackets = scan_brackets(file.text, at_sight);
  TreeBuilder builder(file.text, id, brackets, diagnostics);
  if (!at_sight) builder.read_by_grammar();
  read<grammar::file>(file.text, builder);
  builder.finish(file);
  sources.set_skin(id, file.skin);
  return file;
}

}  // namespace

File parse_file(SourceSet& sources, std::string path, std::string text, Diagnostics& diagnostics) {
  return parse(sources, std::move(path), std::move(text), diagnostics, true);
}

File parse_by_grammar(SourceSet& sources, std::string path, std::string text,
                      Diagnostics& diagnostics) {
  return parse(sources, std::move(path), std::move(text), diagnostics, false);
}

std::vector<Clause> parse_template(std::string_view text, SourceSpan origin) {
  Diagnostics diagnostics;
  const BracketScan brackets = scan_brackets(text, true);
  TreeBuilder builder(text, 0, brackets, diagnostics);
  builder.read_template();
  read<grammar::template_file>(text, builder);
  File file;
  builder.finish(file);
  if (!diagnostics.empty()) {
    SourceSet sources;
    sources.add("template", std::string(text));
    const std::string report = render(diagnostics, sources) + std::string(text) + "\n";
    std::fwrite(report.data(), 1, report.size(), stderr);
  }
  TOLL_ASSERT(diagnostics.empty());  // the text above is not in the language
  set_spans(file.clauses, origin);
  return std::move(file.clauses);
}

}  // namespace toll::dsl
