#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/parse.hpp"
#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

void check(std::string_view text, std::string_view expected) {
  CAPTURE(text);
  const Parsed parsed = parse_english(text);
  CHECK(codes(parsed.diagnostics) == "");
  CHECK(shown(parsed.file.clauses) == expected);
}

TEST_CASE("a statement ends at a line end, a semicolon, a brace or the end of the file") {
  check("a b\nc; d\r\n\n;;e", "a b; c; d; e;");
  check("a # comment\n# comment\nb#c", "a; b;");
  check("a { b; c }", "a { b; c; }");
  check("a{b}c{}", "a { b; } c {}");
  check("a {\n  b {\n    c\n  }\n  d\n}\n", "a { b { c; } d; }");
  check("", "");
  check("# only a comment", "");
}

TEST_CASE("a statement goes on after a comma, a binary operator, `and` and `or`") {
  for (const std::string_view mark : {",", "=",  ":=", "+=", "+",  "-",  "*",  "/",   "//", "%",
                                      "<", "<=", ">",  ">=", "!=", "=>", "->", "and", "or", "is"}) {
    CAPTURE(mark);
    const Parsed parsed = parse_english("a " + std::string(mark) + " # why\n\n  b\nc");
    CHECK(codes(parsed.diagnostics) == "");
    CHECK(parsed.file.clauses.size() == 2);
  }
  for (const std::string_view mark : {".", ":", "..", ")", "not", "20%"}) {
    CAPTURE(mark);
    CHECK(parse_english("a " + std::string(mark) + "\n b").file.clauses.size() == 2);
  }
  CHECK(parse_chinese("甲 且\n乙 或\n丙 不是\n丁 是\n戊").file.clauses.size() == 1);
}

TEST_CASE("newlines are white space inside brackets") {
  check("a = (\n b\n + [ c # d\n\n , e ]\n)\nf", "a = ( b + [ c , e ] ); f;");
  check("f(\n) { g }", "f ( ) { g; }");
}

TEST_CASE("rows are lines of cells") {
  check("t {\n  | a | b c |\n  || x |\n|  |\n}", "t { |a|b c| ||x| || }");
  check("t { | a | b | }", "t { |a|b| }");
  check("t {\n| a | # note\n| f(1, [2]) | }", "t { |a| |f ( 1n , [ 2n ] )| }");
  check("| a, | b + |\nc", "|a ,|b +| c;");
  check("| \"a | b\" |", "|\"a | b\"|");
}

TEST_CASE("the raw text of a cell can be had back") {
  const Parsed parsed = parse_english("|  FailedOperation.ImageBlur |元/次|   | 「a」 x|\n");
  const Clause& row = parsed.file.clauses.at(0);
  REQUIRE(row.cell_spans.size() == 4);
  CHECK(parsed.sources.slice(row.cell_spans[0]) == "FailedOperation.ImageBlur");
  CHECK(parsed.sources.slice(row.cell_spans[1]) == "元/次");
  CHECK(parsed.sources.slice(row.cell_spans[2]) == "");
  CHECK(parsed.sources.slice(row.cell_spans[3]) == "「a」 x");
  CHECK(parsed.sources.slice(row.span) == "|  FailedOperation.ImageBlur |元/次|   | 「a」 x|");
}

TEST_CASE("the span of a statement is its head") {
  const Parsed parsed = parse_english("  a (b,\n c) {\n d }");
  CHECK(parsed.sources.slice(parsed.file.clauses.at(0).span) == "a (b,\n c)");
}

TEST_CASE("the language line decides the skin and is kept apart") {
  const Parsed english = parse_raw("# c\n\n  language 1 # en\na");
  CHECK(codes(english.diagnostics) == "");
  CHECK(english.file.skin == "en");
  CHECK(shown(english.file.language.head) == "'language 1n");
  CHECK(shown(english.file.clauses) == "a;");
  CHECK(parse_raw("language 1 zh; a").file.skin == "zh");
  CHECK(parse_raw("\xef\xbb\xbflanguage 1 en").file.skin == "en");
  CHECK(codes(parse_raw("\xef\xbb\xbflanguage 1 en\r\n").diagnostics) == "");
}

TEST_CASE("both skins give the same tree") {
  const Parsed english = parse_english(
      "policy P { currency CNY 元; unit 次 }\n"
      "state s from 2025-06-23 { when x != 1 and not y or z not in [a, b] -> t\n otherwise { let u "
      "= 2 } }");
  const Parsed chinese = parse_chinese(
      "政策 P { 币种 CNY 元; 单位 次 }\n"
      "状态 s 自 2025-06-23 起 { 当 x 不是 1 且 非 y 或 z 不属于 [a, b] 时 -> t\n 否则 { 令 u 是 2 "
      "} }");
  CHECK(codes(english.diagnostics) == "");
  CHECK(codes(chinese.diagnostics) == "");
  CHECK(shown(english.file.clauses) == shown(chinese.file.clauses));
}

TEST_CASE("templates are in English, with holes, and every span is their origin") {
  const SourceSpan origin = {3, 10, 20};
  const std::vector<Clause> clauses =
      parse_template("when $0.count >= $12 {\n  let x = \"a\"\n  | $1 | |\n}\n", origin);
  CHECK(shown(clauses) == "'when $0 . count >= $12 { 'let x = \"a\"; |$1|| }");
  const Clause& row = clauses.at(0).body.at(1);
  for (const SourceSpan span : {clauses[0].span, clauses[0].head[1].span, row.span,
                                row.cell_spans.at(0), row.cells.at(0).at(0).span}) {
    CHECK(span.file == 3);
    CHECK(span.begin == 10);
    CHECK(span.end == 20);
  }
  CHECK(clauses[0].head[2].spaced == false);
  CHECK(parse_template("", origin).empty());
}

}  // namespace
}  // namespace toll::dsl::testing
