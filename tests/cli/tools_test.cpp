// What works on a policy rather than with it: the core as JSON, expectations of scenarios.
#include <doctest/doctest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "dsl/policy.hpp"
#include "tests/io/small_core.hpp"
#include "tools/canonical_json.hpp"
#include "tools/core_json.hpp"
#include "tools/entry_match.hpp"
#include "tools/scenario_run.hpp"

using namespace toll;
using namespace toll::tools;
using nlohmann::json;

namespace {

const Core& core() {
  static const Core kCore = test::small_core();
  return kCore;
}

bool matches(std::string_view expected, std::string_view entry) {
  return EntryMatch(core()).matches(json::parse(expected), json::parse(entry));
}

dsl::ScenarioStep step(dsl::ScenarioStep::Kind kind, std::string text) {
  dsl::ScenarioStep made;
  made.kind = kind;
  (kind == dsl::ScenarioStep::Kind::until ? made.time : made.json) = std::move(text);
  return made;
}

}  // namespace

TEST_CASE("numbers match by value, names after normalisation, times as instants") {
  constexpr std::string_view kEntry =
      "{\"kind\":\"echo\",\"time\":\"2025-07-01T10:00:00+08:00\",\"m\":\"75\",\"n\":5,\"price\":"
      "null,"
      "\"thing\":\"\u5C0F\u7968\",\"place\":\"nor th\",\"b\":true,\"cause\":\"e1\"}";
  for (const std::string_view expected :
       {"{}", R"({"kind":"echo"})", R"({"m":"75.00"})", R"({"m":75})", R"({"m":75.0})",
        R"({"n":5,"m":"7.5e1"})", R"({"price":null})", R"({"t":null})",
        "{\"thing\":\"\u5C0F \u7968\"}", R"({"thing":"ticket"})", R"({"b":true,"cause":"e1"})",
        R"({"time":"2025-07-01T02:00:00Z"})"}) {
    CAPTURE(std::string(expected));
    CHECK(matches(expected, kEntry));
  }
  for (const std::string_view expected :
       {R"({"kind":"woke"})", R"({"m":"75.01"})", R"({"m":null})", R"({"n":"6"})", R"({"t":"x"})",
        R"({"price":"0"})", R"x({"thing":"bill(A)"})x", R"({"thing":5})", R"({"b":false})",
        R"({"time":"2025-07-01T10:00:00Z"})", R"({"m":"seventy-five"})", "[]"}) {
    CAPTURE(std::string(expected));
    CHECK_FALSE(matches(expected, kEntry));
  }
}

TEST_CASE("rows match in any order, all of them, each once") {
  constexpr std::string_view kEntry =
      R"({"kind":"echo","rows":[{"from":0,"price":"0.1"},{"from":10,"price":"0.2"}],)"
      R"x("things":["ticket","bill(A)"]})x";
  CHECK(matches(R"({"rows":[{"from":10,"price":"0.20"},{"from":0}]})", kEntry));
  CHECK(matches(R"({"rows":[{},{"from":10}]})", kEntry));
  CHECK(matches(R"({"rows":[{},{"from":0}]})", kEntry));
  CHECK(matches(R"x({"things":["bill (A)","ticket"]})x", kEntry));
  CHECK_FALSE(matches(R"({"rows":[{"from":10}]})", kEntry));
  CHECK_FALSE(matches(R"({"rows":[{"from":10},{"from":10}]})", kEntry));
  CHECK_FALSE(matches(R"({"rows":[{"from":0},{"from":10},{}]})", kEntry));
  CHECK_FALSE(matches(R"({"rows":[]})", kEntry));
  CHECK_FALSE(matches(R"({"things":["ticket"]})", kEntry));
  CHECK(matches(R"({"rows":[]})", R"({"kind":"echo","rows":[]})"));
}

TEST_CASE("scenarios run as real events, and a failure says what came instead") {
  using Kind = dsl::ScenarioStep::Kind;
  const auto program = prepare(std::make_shared<const Core>(test::small_core()));
  dsl::Scenario scenario;
  scenario.steps = {step(Kind::event, test::event_line("echo", R"({"k":7,"m":"1.50"})")),
                    step(Kind::expect, R"({"kind":"echo","m":"1.5"})"),
                    step(Kind::until, "2030-01-01T00:00:00+08:00"),
                    step(Kind::expect, R"({"kind":"woke","cause":"timer:wake"})"),
                    step(Kind::event, "{oops"),
                    step(Kind::expect, R"({"kind":"error","code":"bad-json"})")};
  CHECK(run_scenario(program, scenario).empty());

  scenario.steps[1].negated = true;
  scenario.steps[3].json = R"({"kind":"echo"})";
  const auto failures = run_scenario(program, scenario);
  REQUIRE(failures.size() == 2);
  CHECK(failures[0].expected == R"(no entry {"kind":"echo","m":"1.5"})");
  CHECK(failures[1].expected == R"(an entry {"kind":"echo"})");
  REQUIRE(failures[1].entries.size() == 1);
  CHECK(json::parse(failures[1].entries[0])["kind"] == "woke");
}

TEST_CASE("canonical JSON is sorted, breaks long lines and keeps short ones") {
  const json value = {{"b", {1, 2}}, {"a", nullptr}, {"c", json::object()}};
  CHECK(canonical_json(value) == "{\"a\": null, \"b\": [1, 2], \"c\": {}}\n");
  CHECK(canonical_json(value, 20) == "{\n \"a\": null,\n \"b\": [1, 2],\n \"c\": {}\n}\n");
  CHECK(json::parse(canonical_json(value, 1)) == value);
}

TEST_CASE("the core as JSON is stable, whole, and free of positions if asked") {
  const std::string text = core_json(core(), true);
  CHECK(text == core_json(test::small_core(), true));
  const json parsed = json::parse(text);
  CHECK(parsed["toll_core"] == kCoreFormat);
  CHECK(parsed["clauses"]["echo"]["line"] == 12);
  CHECK(parsed["timers"]["wake"]["block"] == "wake");
  CHECK(parsed["events"]["order"]["refuse"][0]["if"] ==
        json::parse(R"(["eq", ["field", "size"], 13])"));
  CHECK(parsed["blocks"]["echo"]["effects"][1]["rules"][0]["effects"][0]["at"] ==
        json::parse(R"(["instant", "2030-01-01T00:00:00+08:00"])"));
  CHECK(parsed["domains"]["place"]["exact"] == true);
  CHECK(parsed["events"]["echo"]["fields"][10]["unknown_code"] == "unknown-thing");

  Core moved = test::small_core();
  moved.clauses[0].file = "other.toll";
  moved.clauses[0].line = 99;
  CHECK(core_json(moved, false) == core_json(core(), false));
  CHECK(core_json(moved, true) != text);
  for (const std::string_view word : {"\"file\"", "\"line\"", "\"column\"", "small.toll"})
    CHECK(core_json(core(), false).find(word) == std::string::npos);
}
