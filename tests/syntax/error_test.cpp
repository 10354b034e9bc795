#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

struct Refused {
  std::string text;  ///< after the line `language 1`
  std::string codes;
  std::string tree;  ///< what is made of it nevertheless
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

const std::vector<Refused>& cases() {
  static const std::vector<Refused> kCases = {
      {"a @ b", "E0108", "a b;"},
      {"a ~!&^ b\n@\nc", "E0108 E0108", "a b; c;"},
      {"a 」 b ’", "E0108 E0108", "a b;"},
      {"a， b；c", "E0109 E0109", "a , b; c;"},
      {"a ｛ b ＝ c ｝", "E0109 E0109 E0109", "a { b = c; }"},
      {"｜ a ｜ b |", "E0109 E0109", "|a|b|"},
      {"f （a、b）【c】", "E0109 E0109 E0109 E0109 E0109", "f ( a , b ) [ c ];"},
      {"a：＝b ≥ c ≠ d × e", "E0109 E0109 E0109 E0109", "a := b >= c != d * e;"},
      {"say “hi， you” 20％　x", "E0109 E0109 E0109", "say \"hi， you\" 20% x;"},
      {"１２ 1２ １％", "E0109 E0109 E0109 E0109", "12n 12n 1%;"},
      {"a。\nb 。c { d。}", "E0109 E0109 E0109", "a; b . c { d; }"},
      {"a ＃ comment", "E0109", "a;"},
      {"『x』", "E0108 E0108", "x;"},
      {"a \"b c\nd", "E0110", "a \"b c\"; d;"},
      {"a \"b {\nc }", "E0110", "a \"b \" { c; }"},
      {"| \"b |\n| c |", "E0110", "|\"b \"| |c|"},
      {R"("\q \x")", "E0111 E0111", "\"\\q \\x\";"},
      {"a 「b c\nd", "E0112", "a <b> c; d;"},
      {"a 「b { c }", "E0112", "a <b> { c; }"},
      {"「」 「 」", "E0113 E0113", "<「」> <「 」>;"},
      {"甲（乙 x", "E0114", "甲（乙 x;"},
      {"1_ 1__0", "E0115 E0115", "1n 10n;"},
      {"1,000 12,345,678.9", "E0115 E0115", "1000n 12345678.9n;"},
      {"1234567890123456789 x", "E0116", "1234567890123456789n x;"},
      {"2025-02-29 2025-06-23 25:00", "E0117 E0117", "@2025-02-29 @2025-06-23T25:00;"},
      {"2025-6-3 2025年6月3日 2025-06-23 9:00", "E0118 E0118 E0118",
       "@2025-06-03 @2025-06-03 @2025-06-23T09:00;"},
      {"let a = (1 + 2\nlet b = 3\n", "E0119", "'let a = 1n + 2n; 'let b = 3n;"},
      {"a ( b { c [ d }", "E0119 E0119", "a b { c d; }"},
      {"a [ ( ] )", "E0119 E0120", "a [ ];"},
      {"a ) ]\nb", "E0120 E0120", "a; b;"},
      {"| f(a |\n| b) |", "E0119 E0120", "|f a| |b|"},
      {"| f(a\n) | x |", "E0119 E0124 E0120 E0125", "|f ( a| x;"},
      {"a { b", "E0121", "a { b; }"},
      {"a {\n  b {\n    c\n}\nd", "E0121", "a { b { c; } } d;"},
      {"a {\n  b {\n    c\n\n}\nd", "E0121", "a { b { c; } } d;"},
      {"a {\n  b {\n    c\n  }\nd {\n  e\n}", "E0121", "a { b { c; } } d { e; }"},
      {"a {\n  b { c\n  d\n}", "E0121", "a { b { c; } d; }"},
      {"a {\n  b\n    c\n  }\n}\nd", "E0128", "a { b { c; } } d;"},
      {"a {\n  b { {\n    c\n  }\n}\nd", "E0123", "a { b { c; } } d;"},
      {"a {\n  b {\n    c }\n    d\n  }\n}\ne", "E0122", "a { b { c; d; } } e;"},
      {"a {\n  b {\n    c\n  } }\n}\ne", "E0122", "a { b { c; } } e;"},
      {"a {\nb\nc {\nd\n}\ne", "E0121", "a { b; c { d; } e; }"},
      {"a } b", "E0122", "a; b;"},
      {"a\n{ b }", "E0123", "a { b; }"},
      {"{ b }\na", "E0123", "a;"},
      {"a { b } { c }", "E0123", "a { b; }"},
      {"| a | b\n| c | d # e\n| f }", "E0124 E0124 E0124 E0122", "|a|b| |c|d| |f|"},
      {"a | b | c\nd", "E0125", "a b c; d;"},
      {"|\n| a |", "E0126", "|a|"},
      {"| a { | b |", "E0108", "|a|b|"},
      {repeated("@ ", 300), "", ""},
      {repeated("a {\n", 70), "E0106", ""},
      {"a " + repeated("(", 201) + repeated(")", 201), "E0107", ""},
  };
  return kCases;
}

TEST_CASE("every mistake is told, and the tree around it stands") {
  for (const Refused& c : cases()) {
    if (c.codes.empty()) continue;
    CAPTURE(c.text);
    const Parsed parsed = parse_english(c.text);
    CHECK(codes(parsed.diagnostics) == c.codes);
    if (!c.tree.empty()) CHECK(shown(parsed.file.clauses) == c.tree);
  }
}

TEST_CASE("mistakes of the whole file") {
  const auto codes_of = [](std::string text) {
    return codes(parse_raw(std::move(text)).diagnostics);
  };
  CHECK(codes_of("a b") == "E0101");
  CHECK(codes_of("") == "E0101");
  CHECK(codes_of("# c\n; language 1") == "E0101");
  CHECK(codes_of("languages 1") == "E0101");
  CHECK(codes_of("language") == "E0102");
  CHECK(codes_of("language zh") == "E0102");
  CHECK(codes_of("language 2") == "E0102");
  CHECK(codes_of("language 1 fr") == "E0102");
  CHECK(codes_of("language 1 zh zh") == "E0102");
  CHECK(codes_of("language 1\n a \xff b") == "E0103");
  CHECK(codes_of("language 1\n a \xe2\x80\xae b") == "E0104");
  CHECK(codes_of(std::string("language 1\n a\0\0b", 15)) == "E0104");
  CHECK(codes_of("language 1\n \"a\x01\" # \x02\nb\rc") == "E0104 E0104 E0104");
  CHECK(codes_of("language 1\n" + std::string(4U << 20U, ' ')) == "E0105");
  CHECK(codes_of("language 1\n" + std::string((4U << 20U) - 11, ' ')) == "");
}

TEST_CASE("a file without language line is read in the skin it seems to be in") {
  const Parsed parsed = parse_raw("政策 x { 币种 CNY }");
  CHECK(codes(parsed.diagnostics) == "E0101");
  CHECK(parsed.file.skin == "zh");
  CHECK(shown(parsed.file.clauses) == "'policy x { 'currency CNY; }");
  CHECK(parse_raw("language 1 fr\n政策 x").file.skin == "zh");
}

TEST_CASE("every code of the table has a case here") {
  std::set<std::string> seen = {"E0101", "E0102", "E0103", "E0104", "E0105"};
  for (const Refused& c : cases()) {
    const Parsed parsed = parse_english(c.text);
    for (const Diagnostic& diagnostic : parsed.diagnostics.all()) seen.insert(diagnostic.code());
  }
  std::set<std::string> known;
  for (const std::string& code : error_codes()) {
    if (code.starts_with("E01")) known.insert(code);
  }
  CHECK(seen == known);
}

TEST_CASE("more mistakes than anyone reads are cut off") {
  const Parsed parsed = parse_english(repeated("@ ", 5000));
  CHECK(parsed.diagnostics.error_count() == 201);
  CHECK(parsed.diagnostics.all().back().code() == "E0127");
}

TEST_CASE("fixes make it right") {
  const Parsed parsed = parse_raw("政策 x ｛ a：＝b，“c”；　d １２％。 ｝ 2025年6月3日 ｛｝？。\n");
  const Parsed again = parse_raw(fixed(parsed));
  CHECK(again.file.text == "language 1 zh\n政策 x { a:=b,\"c\"; d 12% } 2025-06-03 {}?\n");
  CHECK(codes(again.diagnostics) == "");
  CHECK(shown(again.file.clauses) == shown(parsed.file.clauses));
}

TEST_CASE("a missing brace is looked for where the indentation says") {
  const Parsed parsed = parse_english("a {\n  b {\n    c\n}\nd {\n}\n");
  REQUIRE(parsed.diagnostics.all().size() == 1);
  const Diagnostic& told = parsed.diagnostics.all()[0];
  CHECK(parsed.sources.position(told.span).line == 4);
  REQUIRE(told.related.size() == 1);
  CHECK(parsed.sources.position(told.related[0].span).line == 3);
}

}  // namespace
}  // namespace toll::dsl::testing
