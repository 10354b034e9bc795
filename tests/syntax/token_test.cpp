#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

struct Case {
  std::string text;
  std::string expected;
};
using Cases = std::vector<Case>;

void check(const Cases& cases) {
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Parsed parsed = parse_english(c.text);
    CHECK(codes(parsed.diagnostics) == "");
    CHECK(shown(parsed.file.clauses) == c.expected);
  }
}

TEST_CASE("bare words are of any script, with hyphens and full-width brackets inside") {
  check({
      {"a b_c _d e9", "a b_c _d e9;"},
      {"größe прайс 料金 x̂", "größe прайс 料金 x̂;"},
      {"通用票据识别（大票） 身份证识别（安全加密版）",
       "通用票据识别（大票） 身份证识别（安全加密版）;"},
      {"甲（a b, c/d #1）乙", "甲（a b, c/d #1）乙;"},
      {"ap-beijing half-up 文档抽取（多模态版）-固定价格",
       "ap-beijing half-up 文档抽取（多模态版）-固定价格;"},
      {"a - b", "a - b;"},
      {"a-b a- b c -d e-1 _f-g", "a-b a - b c - d e-1 _f - g;"},
      {"a--b a->b", "a - - b a -> b;"},
      {"a.b call.x.y", "a . b call . x . y;"},
  });
}

TEST_CASE("keywords are words of the skin, but not after a dot") {
  check({
      {"policy x", "'policy x;"},
      {"row.from x", "'row . from x;"},
      {"Policy FROM", "Policy FROM;"},
      {"a is b", "a = b;"},
      {"「from」 \"from\"", "<from> \"from\";"},
  });
}

TEST_CASE("numbers are exact") {
  check({
      {"1000 10_000 0.15 0.10", "1000n 10000n 0.15n 0.10n;"},
      {"1万 2.5万 3亿 1.50万 0.00015万 2万亿",
       "10000n 25000n 300000000n 15000n 1.5n 2000000000000n;"},
      {"1000次 1万次 0.15元/次", "1000n 次 10000n 次 0.15n 元 / 次;"},
      {"3-1 3 - 1 -1", "3n - 1n 3n - 1n - 1n;"},
      {"1..5 1.5.x 1, 000", "1n .. 5n 1.5n . x 1n , 000n;"},
      {"2025-07 09:00", "2025n - 07n 09n : 00n;"},
      {"100000000000000000 999999999999999999", "100000000000000000n 999999999999999999n;"},
      {"20% 0.5% 1万% 20 % 3", "20% 0.5% 10000% 20n % 3n;"},
  });
}

TEST_CASE("dates and times") {
  check({
      {"2025-06-23 2024-02-29 0001-01-01 9999-12-31",
       "@2025-06-23 @2024-02-29 @0001-01-01 @9999-12-31;"},
      {"2025-06-23 10:00", "@2025-06-23T10:00;"},
      {"2025-06-23   10:00", "@2025-06-23T10:00;"},
      {"2025-06-23T10:00:00.5 2025-06-23 23:59:59", "@2025-06-23T10:00:00.5 @2025-06-23T23:59:59;"},
      {"2025-06-23 10 次", "@2025-06-23 10n 次;"},
      {"2025-06-23起 2025-06-23Tuesday", "@2025-06-23 起 @2025-06-23 Tuesday;"},
  });
}

TEST_CASE("strings and quoted names stay in their line") {
  check({
      {R"("a" "" "a \"b\" \\ \n \t“”，；")", "\"a\" \"\" \"a \"b\" \\ \n \t“”，；\";"},
      {"「车辆 VIN 码识别」 「a/b」「c（d）」", "<车辆 VIN 码识别> <a/b> <c（d）>;"},
      {"\"# no comment\" # comment", "\"# no comment\";"},
  });
}

TEST_CASE("symbols, the longest first") {
  check({
      {"a := b += c <= d >= e != f => g -> h // i .. j",
       "a := b += c <= d >= e != f => g -> h // i .. j;"},
      {"a:=b<=c", "a := b <= c;"},
      {"( a ) [ b ] , : . = + - * / % < > ? \n", "( a ) [ b ] , : . = + - * / % < > ?;"},
  });
}

TEST_CASE("a token knows its place and whether a space stands before it") {
  const Parsed parsed = parse_english("a.b  c[1]\t元");
  const std::vector<Token>& head = parsed.file.clauses.at(0).head;
  std::string spaced;
  std::string slices;
  for (const Token& token : head) {
    spaced += token.spaced ? '_' : '.';
    slices += parsed.sources.slice(token.span);
  }
  CHECK(spaced == "_.._..._");
  CHECK(slices == "a.bc[1]元");
  CHECK(head[0].span.begin == 11);
  CHECK(parsed.sources.position(head[3].span).line == 2);
  CHECK(parsed.sources.position(head[3].span).column == 6);
}

TEST_CASE("a Chinese word may stand for several tokens or a symbol; fillers are dropped") {
  const Parsed parsed =
      parse_chinese("自 2025-06-23 起 至 2025-07-01 止 当 a 不属于 b 且 c 不是 d 时");
  CHECK(codes(parsed.diagnostics) == "");
  CHECK(shown(parsed.file.clauses) ==
        "'from @2025-06-23 'until @2025-07-01 'when a 'not 'in b 'and c != d;");
  const std::vector<Token>& head = parsed.file.clauses.at(0).head;
  CHECK(head[6].raw == "不属于");
  CHECK(head[6].span.begin == head[7].span.begin);
  CHECK(head[6].span.end == head[7].span.end);
  CHECK(parsed.file.fillers.size() == 3);
  // Inside a word, after a dot and in brackets they are names.
  CHECK(shown(parse_chinese("时间 x.后 「的」").file.clauses) == "时间 x . 后 <的>;");
  CHECK(shown(parse_chinese("from policy").file.clauses) == "from policy;");
}

}  // namespace
}  // namespace toll::dsl::testing
