// One mistake, one error: what follows from another mistake is not told, what stands by itself is.
#include "dsl/echoes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dsl/policy.hpp"

namespace toll::dsl::echoes_test {
namespace {

constexpr const char* kBefore = R"(language 1
policy p
unit call, page
currency CNY yuan
domain plan { small, large, huge }
)";

struct Outcome {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<DiagnosticRecord> told;
  std::string codes;  ///< "E0302:7 E0441:9", with the lines of the text after kBefore
};

Outcome load(const std::string& text, const std::string& before = kBefore) {
  Outcome outcome;
  load_policy({{"test.toll", before + text}}, outcome.sources, outcome.diagnostics);
  outcome.told = to_records(outcome.diagnostics, outcome.sources);
  const auto lines = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  for (const DiagnosticRecord& one : outcome.told) {
    outcome.codes += (outcome.codes.empty() ? "" : " ") + one.code + ":" +
                     std::to_string(one.place.from.line - lines);
  }
  return outcome;
}

TEST_CASE("names of a declaration that cannot be read are not missed elsewhere") {
  const std::string uses =
      "define a() = used > 1 call\ndefine b() = rate > 2\n"
      "on use { used := 0 call }\nevent use { }\n";
  CHECK(load("acount {\n  used: count call\n}\nsetting rate = 3\n" + uses).codes == "E0302:1");
  CHECK(load("account {\n  used count call\n}\nsetting rate = 3\n" + uses).codes == "E0201:2");
  CHECK(load("account {\n  used: count call\n}\nsetting = 3\n" + uses).codes == "E0201:4");
  CHECK(load("unit , hour_rate\ndefine c() = 3 gram > 2 gram\n").codes == "E0201:1");
}

TEST_CASE("an unknown name is told once, with a word on its other uses") {
  const Outcome outcome =
      load("define a() = totl > 1\ndefine b() = totl > 2\ndefine c() = totl > 3 and other\n");
  CHECK(outcome.codes == "E0302:1 E0302:3");
  REQUIRE(outcome.told[0].related.size() == 1);
  CHECK(outcome.told[0].related[0].message == "2 more places with this name, the first here");
  CHECK(outcome.told[0].related[0].place.from.line == 7);
}

TEST_CASE("a declaration that many uses do not fit is told, not the uses") {
  const std::string uses =
      "define a() = used > 1 call\ndefine b() = used < 2 call\ndefine c() = used = 3 call\n";
  const Outcome outcome = load("account { used: count page }\n" + uses);
  CHECK(outcome.codes == "E0441:1");
  CHECK(outcome.told[0].related.size() == 2);
  // Two are two mistakes, for all that is known.
  CHECK(
      load("account { used: count page }\ndefine a() = used > 1 call\ndefine b() = used < 2 call\n")
          .codes == "E0413:2 E0413:3");
}

TEST_CASE("a header that no row fits, and a key that is empty, are told once") {
  const std::string rows = "  | small | 1 |\n  | large | 2 |\n  | huge | 3 |\n}\n";
  CHECK(load("table t by plan {\n  | plan |\n" + rows).codes == "E0603:2");
  CHECK(load("table t by plan {\n  | plan | n |\n  | | 0 |\n" + rows).codes == "E0615:3");
  CHECK(load("table t by plan {\n  | plan | n |\n  | small |\n  | large | 2 |\n}\n").codes ==
        "E0603:3");
}

TEST_CASE("scenarios wait until the rules are right, but for how they are written") {
  const std::string scenario =
      "scenario \"s\" {\n  at 2025-07-01 use plan small, calls 1\n  expect used\n}\n";
  CHECK(load("evnt use { }\n" + scenario).codes == "E0302:1");
  CHECK(load("scenario \"s\" {\n  at 2025-07-01 use plan small\n}\n").codes == "E0302:2");
  CHECK(load("evnt use { }\nscenario \"s\" {\n  at noon\n}\n").codes == "E0302:1 E0201:3");
}

TEST_CASE("mistakes that have nothing to do with each other are all told") {
  CHECK(load("define a() = totl > 0\naccount { n: count call }\ndefine b() = n > 5 page\n"
             "on use { x := 1 }\n")
            .codes == "E0302:1 E0413:3 E0302:4");
}

TEST_CASE("a word of the other skin is shown as this file spells it") {
  const Outcome english = load("account { n: number }\nevent e { \u5f53 n > 0 { n := 1 } }\n");
  REQUIRE(!english.told.empty());
  CHECK(english.told[0].help ==
        "this file is written with `language 1 en`: write `when` for `\u5f53`");
}

TEST_CASE("a number ten times off its neighbours is worth a warning") {
  const auto tiers = [](const std::string& middle) {
    return load(
               "table t by plan band n {\n  | plan | n | price |\n  | small | < 10 call | 0.15 "
               "yuan |\n"
               "  | small | < 20 call | " +
               middle + " yuan |\n  | small | above | 0.10 yuan |\n}\n")
        .codes;
  };
  CHECK(tiers("0.12") == "");
  CHECK(tiers("1.2") == "W0601:4");
  CHECK(tiers("0.012") == "W0601:4");
  CHECK(tiers("0.5") == "");
}

}  // namespace
}  // namespace toll::dsl::echoes_test
