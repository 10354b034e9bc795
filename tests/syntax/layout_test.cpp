#include "dsl/syntax/layout.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

/// Without the language line; a second time it changes nothing.
std::string laid(const std::string& text) {
  const Parsed parsed = parse_english(text);
  REQUIRE(codes(parsed.diagnostics).empty());
  const std::string once = lay_out(parsed.file);
  const Parsed again = parse_raw(once);
  CHECK(shown(again.file.clauses) == shown(parsed.file.clauses));
  CHECK(lay_out(again.file) == once);
  return once.substr(std::string("language 1\n").size());
}

TEST_CASE("tables are aligned by what is seen: Chinese is two columns wide") {
  CHECK(laid("table t by 接口 {\n|接口|price|\n| 身份证识别 |1.5 元|\n|ab|120 元|\n}") ==
        "table t by 接口 {\n"
        "  | 接口       |  price |\n"
        "  | 身份证识别 | 1.5 元 |\n"
        "  | ab         | 120 元 |\n"
        "}\n");
  CHECK(laid("t {\n| é | ｆｕｌｌ |\n| a | b |\n}") == "t {\n  | é | ｆｕｌｌ |\n  | a | b        |\n}\n");
}

TEST_CASE("numbers stand right, names and dates left, whatever stands for no number") {
  CHECK(laid("t {\n| n | p | d |\n| a | < 5 call | 2025-01-01 |\n| bb | 10 call | x |\n| c | quote | y |\n| d "
             "| - | z |\n}") ==
        "t {\n"
        "  | n  |        p | d          |\n"
        "  | a  | < 5 call | 2025-01-01 |\n"
        "  | bb |  10 call | x          |\n"
        "  | c  |    quote | y          |\n"
        "  | d  |        - | z          |\n"
        "}\n");
  CHECK(laid("t {\n| 1 |\n| a, 2 |\n| 3, 4 |\n}") == "t {\n  | 1    |\n  | a, 2 |\n  | 3, 4 |\n}\n");
  // Another header, another table.
  CHECK(laid("t {\n| a |\n| 1 |\nheader\n| bbb |\n| c |\n}") ==
        "t {\n  | a |\n  | 1 |\n  header\n  | bbb |\n  | c   |\n}\n");
}

TEST_CASE("a block on one line stays there, one on several has its braces at line ends") {
  CHECK(laid("a{b=1;c=2}") == "a { b = 1; c = 2 }\n");
  CHECK(laid("a {}\nb { }") == "a {}\nb {}\n");
  CHECK(laid("a { b\n c { d } }") == "a {\n  b\n  c { d }\n}\n");
  CHECK(laid("t { | a |\n| b | }") == "t {\n  | a |\n  | b |\n}\n");
  CHECK(laid("a {\n b } c") == "a {\n  b\n}\nc\n");
}

TEST_CASE("blank lines separate paragraphs, one at a time") {
  CHECK(laid("\n\na\n\n\n\nb {\n\n  c\n\n\n  d\n\n}\n\n\n") == "\na\n\nb {\n  c\n\n  d\n}\n");
}

TEST_CASE("comments stay, alone or behind code, and neighbours are aligned") {
  CHECK(laid("a {\n# one\nb   # two   \nlonger # three\n\nc # four\n# five\n}# six") ==
        "a {\n"
        "  # one\n"
        "  b       # two\n"
        "  longer  # three\n"
        "\n"
        "  c  # four\n"
        "  # five\n"
        "}  # six\n");
  CHECK(laid("a { # one\nb }") == "a {  # one\n  b\n}\n");
  CHECK(laid("# only") == "# only\n");
}

TEST_CASE("what goes on in the next line is indented, a list of names is not") {
  CHECK(laid("x = a +\nb") == "x = a +\n  b\n");
  CHECK(laid("x = (\nwhen a => b,\n  otherwise => (\nc))\ny") ==
        "x = (\n  when a => b,\n  otherwise => (\n    c))\ny\n");
  CHECK(laid("x = f(\na and\nb\n)") == "x = f(\n  a and\n    b\n)\n");
  CHECK(laid("domain d {\na = \"x\",\nb,\nc\n}") == "domain d {\n  a = \"x\",\n  b,\n  c\n}\n");
}

TEST_CASE("spaces stand where they help and stay away where they matter") {
  CHECK(laid("x=a+b-c*d") == "x = a+b-c*d\n");
  CHECK(laid("x  =  5  yuan/call ,  f( a , b )[ c ]") == "x = 5 yuan/call, f(a, b)[c]\n");
  CHECK(laid("f (a) [b]") == "f (a) [b]\n");
  CHECK(laid("field a:text?  required") == "field a: text? required\n");
  CHECK(laid("after 24hours->x") == "after 24 hours -> x\n");
  CHECK(laid("at 2025-07-01    10:00 a;b ;") == "at 2025-07-01 10:00 a; b\n");
  CHECK(laid("a\r\nb\t=\t1") == "a\nb = 1\n");
}

}  // namespace
}  // namespace toll::dsl::testing
