#include "dsl/syntax/print.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

std::string to_english(const std::string& text) {
  return print(parse_chinese(text).file, english()).substr(std::string("language 1\n").size());
}

std::string to_chinese(const std::string& text) {
  return print(parse_english(text).file, *find_skin("zh"))
      .substr(std::string("language 1 zh\n").size());
}

TEST_CASE("keywords change, names, layout and comments do not") {
  CHECK(to_chinese("policy x { # policy\n   currency   CNY 元 }") ==
        "政策 x { # policy\n   币种   CNY 元 }");
  CHECK(to_english("政策 x { # 政策\n\t币种 CNY 元;\r\n}") ==
        "policy x { # 政策\n\tcurrency CNY 元;\r\n}");
  CHECK(to_chinese("a and not b or c not in d") == "a 且 非 b 或 c 不属于 d");
  CHECK(to_english("a 不属于 b 非 c") == "a not in b not c");
  CHECK(to_chinese("x.from, \"from\"") == "x.from, \"from\"");
}

TEST_CASE("symbols written as words change, symbols written as symbols do not") {
  CHECK(to_chinese("a is b = c") == "a 是 b = c");
  CHECK(to_english("a 是 b 不是 c = d") == "a is b != c = d");
  // English has no word for it, so both ways of writing it must be one in Chinese.
  CHECK(to_chinese("a!=b") == "a 不是 b");
}

TEST_CASE("fillers go and come") {
  CHECK(to_english("当 a 时 { 自 2025-06-23起 至 x 止 }") == "when a { from 2025-06-23 until x }");
  CHECK(to_english("的\n  的 a") == "\n  a");
  CHECK(to_chinese("from 2025-06-23 until x.y(1, 2) z") == "自 2025-06-23 至 x.y(1, 2) z");
  CHECK(to_chinese("after 24 hours -> x") == "满 24 小时 后 -> x");
  CHECK(to_chinese("after 24 元/次, b") == "满 24 元/次 后, b");
  CHECK(to_chinese("x at least 5 to end of day") == "x 不少于 5 到当日结束");
  CHECK(to_english("x 不少于 5 到当日结束") == "x at least 5 to end of day");
  CHECK(to_chinese("(after (a + b)) after") == "(满 (a + b) 后) 满");
  CHECK(to_english("满 24小时 后") == "after 24 hours");
}

TEST_CASE("names that are words of the other skin are put in brackets, and taken out again") {
  CHECK(to_chinese("自 起 x") == "「自」 「起」 x");
  CHECK(to_english("「自」 「起」 x") == "自 起 x");
  CHECK(to_english("from(policy)") == "「from」(policy)");
  CHECK(to_chinese("「自」") == "「自」");
  CHECK(to_chinese("「from」(「policy」)") == "from(policy)");
  CHECK(to_chinese("「a b」") == "「a b」");
  CHECK(to_english("a「自」") == "a「自」");
}

TEST_CASE("keywords that can only be names stay, and need no brackets there") {
  CHECK(to_chinese("field 「文本」: text") == "字段 文本: 文本");
  CHECK(to_english("字段 文本 = \"text\": 文本") == "field 文本 = \"text\": text");
  CHECK(to_english("表 价 按 文本, 月份 横排 规格 作 价格 { | 文本 | 金额: 金额 |\n| 真 | 空 | }") ==
        "table 价 by 文本, 月份 across 规格 as 价格 { | 文本 | 金额: money |\n| true | none | }");
  CHECK(to_english("登记 变化 { 到 = 真; 裁决 = x.价格 }") ==
        "emit 变化 { 到 = true; 裁决 = x.价格 }");
  CHECK(to_english("于 2025-07-01 购买 价格 5, 文本 \"a\"; 期望 无 购买 价格 空") ==
        "at 2025-07-01 购买 价格 5, 文本 \"a\"; expect no 购买 价格 none");
  CHECK(to_english("名录 裁决 { 价格 = \"p\", 金额 = \"m\" }; x: 集合 裁决; y: 集合 名") ==
        "domain 裁决 { 价格 = \"p\", 金额 = \"m\" }; x: set 裁决; y: set 名");
  CHECK(to_english("当 真 = 空 { x := 最大(年份(t), 1) }") == "when true = none { x := max(year(t), 1) }");
  CHECK(to_english("15 元/QPS/天 a") == "15 元/QPS/days a");
}

TEST_CASE("words do not run into what they stood against") {
  CHECK(to_english("3是(x)") == "3 is (x)");
  CHECK(to_english("[自 x]") == "[from x]");
}

TEST_CASE("a file printed in the other skin and back is the same tree") {
  const Parsed chinese = parse_raw(std::string(sample()));
  const Parsed english_file = parse_raw(print(chinese.file, english()));
  CAPTURE(english_file.file.text);
  CHECK(codes(english_file.diagnostics) == codes(chinese.diagnostics));
  CHECK(shown(english_file.file.clauses) == shown(chinese.file.clauses));
  const Parsed back = parse_raw(print(english_file.file, *find_skin("zh")));
  CHECK(shown(back.file.clauses) == shown(chinese.file.clauses));
  CHECK(print(back.file, english()) == english_file.file.text);
  // Each word as it is best spelled; from there to the other skin and back loses nothing.
  const std::string own = print(chinese.file, *find_skin("zh"));
  CHECK(shown(parse_raw(own).file.clauses) == shown(chinese.file.clauses));
  CHECK(print(parse_raw(own).file, *find_skin("zh")) == own);
  std::string spaced = own;  // a space before a unit is for the layout to put
  spaced.replace(spaced.find("24小时"), std::string("24小时").size(), "24 小时");
  CHECK(print(parse_raw(print(parse_raw(own).file, english())).file, *find_skin("zh")) == spaced);
}

TEST_CASE("one word of several that mean the same, by where it stands") {
  const auto canonical = [](const std::string& text) {
    return print(parse_chinese(text).file, *find_skin("zh"))
        .substr(std::string("language 1 zh\n").size());
  };
  CHECK(canonical("步骤 a() { 本次 x }; 事件 e { 令 y = 事件.f }") ==
        "过程 a() { 事件 x }; 事件 e { 令 y = 本次.f }");
  CHECK(canonical("名录 a 整; 令 b = 1 年 原样") == "名录 a 原样; 令 b = 1 年 整");
  CHECK(canonical("当 a 为 b 时 { c }") == "当 a 是 b { c }");
  CHECK(to_chinese("event e { let x = event.f }") == "事件 e { 令 x = 本次.f }");
}

TEST_CASE("numbers: scale words in Chinese, digits by threes in English, plain ones stay") {
  CHECK(to_english("1万 次 1.5亿 2.5万 100万 10000 0.05 12万亿 1.5万%") ==
        "10_000 次 150_000_000 25_000 1_000_000 10000 0.05 12_000_000_000_000 15_000%");
  CHECK(to_chinese("10_000 150_000_000 25_000 123_450_000 10000 1_000 1_0") ==
        "1万 1.5亿 25_000 12345万 10000 1_000 10");
  CHECK(to_english("1万次包 a") == "1万次包 a");  // a name that begins so
}

TEST_CASE("lengths of time: one day, two days") {
  CHECK(to_english("1 天 7 天 x 30 秒 后") == "1 day 7 days x 30 seconds");
  CHECK(to_chinese("1 day + 2 day + 1 month") == "1 天 + 2 天 + 1 个月");
  const Parsed parsed = parse_english("5 minute + 5 minutes");
  CHECK(print(parsed.file, *find_skin("zh"), {{"minute"}, false}) ==
        "language 1 zh\n5 minute + 5 分钟");
}

TEST_CASE("the language line says the skin") {
  CHECK(print(parse_raw("# c\nlanguage 1 zh # d\n").file, english()) == "# c\nlanguage 1 # d\n");
  CHECK(print(parse_raw("language 1; a").file, *find_skin("zh")) == "language 1 zh; a");
  CHECK(print(parse_raw("language 1 en\n").file, *find_skin("zh")) == "language 1 zh\n");
}

}  // namespace
}  // namespace toll::dsl::testing
