// Whatever the text, reading it ends, and what is wrong has a place.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

#include "dsl/syntax/parse.hpp"
#include "dsl/syntax/print.hpp"
#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

void collect(const std::vector<Clause>& clauses, std::vector<SourceSpan>& spans) {
  for (const Clause& clause : clauses) {
    for (const Token& token : clause.head) spans.push_back(token.span);
    for (const auto& cell : clause.cells) {
      for (const Token& token : cell) spans.push_back(token.span);
    }
    collect(clause.body, spans);
  }
}

/// Reads, checks that all places are in the text, and uses the result as its users do.
void survive(const std::string& text) {
  const Parsed parsed = parse_raw(text);
  std::vector<SourceSpan> spans;
  collect(parsed.file.clauses, spans);
  for (const Diagnostic& diagnostic : parsed.diagnostics.all()) {
    spans.push_back(diagnostic.span);
    REQUIRE(!diagnostic.message.empty());
    REQUIRE(!diagnostic.code().empty());
  }
  const bool inside = std::all_of(spans.begin(), spans.end(), [&](SourceSpan span) {
    return span.begin <= span.end && span.end <= text.size();
  });
  REQUIRE(inside);
  const std::string told = render(parsed.diagnostics, parsed.sources);
  REQUIRE(told.empty() == parsed.diagnostics.empty());
  for (const std::string& name : skin_names()) print(parsed.file, *find_skin(name));
}

TEST_CASE("the sample is right but for its last block") {
  const Parsed parsed = parse_raw(std::string(sample()));
  CHECK(codes(parsed.diagnostics) == "E0123");
}

TEST_CASE("any token of a file may be missing or doubled") {
  const std::string text(sample());
  std::vector<SourceSpan> spans;
  const Parsed parsed = parse_raw(text);
  collect(parsed.file.clauses, spans);
  for (std::uint32_t at = 0; at < text.size(); ++at) {  // and what is no token
    if (std::string("{}|;\n#\"").find(text[at]) != std::string::npos)
      spans.push_back({0, at, at + 1});
  }
  for (const SourceSpan span : spans) {
    CAPTURE(span.begin);
    const std::string token = text.substr(span.begin, span.end - span.begin);
    survive(text.substr(0, span.begin) + text.substr(span.end));
    survive(text.substr(0, span.end) + token + text.substr(span.end));
    survive(text.substr(0, span.begin));
  }
}

TEST_CASE("a mistake in one statement leaves the others alone") {
  const std::string before = "a { b = 1 }\n";
  const std::string after = "\nc {\n  d = 2\n}\n";
  for (const std::string wrong : {"x @ y", "x = (1 + ", "x \"abc", "x 「abc", "x ) y", "x } y",
                                  "| a", "x [ a", "x，", "1_", "甲（乙"}) {
    CAPTURE(wrong);
    const Parsed parsed = parse_english(before + wrong + after);
    CHECK(parsed.diagnostics.error_count() == 1);
    const std::string tree = shown(parsed.file.clauses);
    CHECK(tree.find("a { b = 1n; }") == 0);
    // After a comma the next line belongs to the statement.
    if (wrong != "x，") CHECK(tree.find("c { d = 2n; }") != std::string::npos);
  }
}

TEST_CASE("deep nesting is an error and no crash") {
  const std::string line = "language 1\n";
  for (const std::string piece :
       {"{", "a{",  "(",   "[",      "f(", "|", "| (", "「", "（", "a（",  "\"",   "“", "}",
        ")", "{\n", "({[", "a {\n(", "1_", "-", "a-",  "，", "#",  "\\\"", "\"\\", "。"}) {
    CAPTURE(piece);
    const std::size_t size = piece == "{" || piece == "(" ? 1U << 20U : 1U << 16U;
    std::string text = line;
    while (text.size() < size) text += piece;
    survive(text);
  }
  for (const int depth : {63, 64, 65, 199, 200, 201, 10000}) {
    std::string blocks = line;
    std::string brackets = line + "a ";
    for (int i = 0; i < depth; ++i) blocks += "a {\n";
    for (int i = 0; i < depth; ++i) brackets += i % 2 == 0 ? "(" : "[";
    for (int i = depth; i-- > 0;) brackets += i % 2 == 0 ? ")" : "]";
    for (int i = 0; i < depth; ++i) blocks += "}";
    CAPTURE(depth);
    CHECK(codes(parse_raw(blocks).diagnostics) == (depth > 64 ? "E0106" : ""));
    CHECK(codes(parse_raw(brackets).diagnostics) == (depth > 200 ? "E0107" : ""));
    survive(blocks);
    survive(brackets);
  }
  // The deepest that is allowed: all blocks and all brackets.
  std::string deepest = line;
  for (int i = 0; i < 64; ++i) deepest += "a {\n";
  deepest += "b " + std::string(200, '(') + std::string(200, ')');
  CHECK(codes(parse_raw(deepest).diagnostics).find("E0107") == std::string::npos);
}

TEST_CASE("bytes and characters at random") {
  std::mt19937 random(20250623);
  const std::vector<std::string> pieces = {
      "a",  "from",       "自",       "起", "不属于", " ",  " ",  "\n", "\n",   "{",  "}",
      "(",  ")",          "[",        "]",  "|",      ";",  ",",  ".",  "=",    "-",  "\"",
      "\\", "「",         "」",       "（", "）",     "“",  "”",  "，", "。",   "　", "1",
      "1_", "2025-06-23", "10:00",    "万", "%",      "$0", "#",  "１", "\r\n", "\t", "language 1",
      "≥",  "é",          "\xcc\x81", "😀",  "_",      "年", "..."};
  for (int round = 0; round < 3000; ++round) {
    std::string text = round % 2 == 0 ? "language 1 zh\n" : "";
    const auto length = random() % 60;
    for (unsigned i = 0; i < length; ++i) text += pieces[random() % pieces.size()];
    CAPTURE(text);
    survive(text);
  }
  for (int round = 0; round < 1000; ++round) {
    std::string text;
    const auto length = random() % 200;
    for (unsigned i = 0; i < length; ++i)
      text += static_cast<char>(random() % (round % 2 == 0 ? 256 : 128));
    survive(text);
  }
}

TEST_CASE("reading takes time in proportion to the text") {
  const auto milliseconds = [](const std::string& text) {
    const auto start = std::chrono::steady_clock::now();
    parse_raw(text);
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start)
        .count();
  };
  const std::string line = "language 1\n";
  for (const std::string piece :
       {"a (", "| \"\\\" ", "x 「", "a（", "1,000", "2025-06-23 ", "{ {  ", "a = b + c(d)\n"}) {
    CAPTURE(piece);
    std::string text = line;
    while (text.size() < (1U << 18U)) text += piece;
    CHECK(milliseconds(text) < 10000);  // some tenths of a second; a square would be hours
  }
}

}  // namespace
}  // namespace toll::dsl::testing
