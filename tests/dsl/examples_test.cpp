// Examples as tables: what their steps may leave to the columns, and what is refused.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "dsl/syntax/diagnostic.hpp"

using namespace toll;
using namespace toll::dsl;

namespace {

constexpr const char* kShop = R"(language 1
currency EUR euro
unit call
domain plan { small, large }
account { balance: money }
entry used { plan: plan; calls: count call; rows parts { name: text; calls: count call } }
event use {
  field plan: plan required
  field calls: count call = 1 call
  field tags: set plan
  field kinds: counts plan as plan, n call
  field more: record { field note: text }
  balance += 1 euro
  emit used { plan = event.plan; calls = event.calls }
}
)";

struct Read {
  Policy policy;
  std::vector<std::string> codes;
};

Read read(const std::string& examples) {
  Read made;
  SourceSet sources;
  Diagnostics diagnostics;
  made.policy = load_policy({{"shop.toll", kShop + examples}}, sources, diagnostics);
  for (const Diagnostic& each : diagnostics.sorted()) {
    if (each.severity == Severity::error) made.codes.push_back(each.code());
  }
  return made;
}

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("a row is a scenario: columns stand for values, times and lists") {
  const Read made = read(R"(
examples e {
  at when_used use plan, calls n, tags tags, kinds (small s, large 2), more (note)
  expect used plan, calls n, parts parts
  expect balance is total
  | plan  | n      | tags         | s | note | parts                | when_used        | total  |
  | small | 5 call | small, large | 1 | "x"  | ()                   | 2025-07-01       | 1 euro |
  | large | -      | ()           | - | -    | (name "y", calls 10) | 2025-07-01 10:00 | 1 euro |
})");
  CHECK(made.codes == Codes{});
  REQUIRE(made.policy.scenarios.size() == 2);
  const auto& first = made.policy.scenarios[0].steps;
  const auto& second = made.policy.scenarios[1].steps;
  REQUIRE(first.size() == 3);
  CHECK(first[0].json.find(R"("plan":"small","calls":5,"tags":["small","large"],)"
                           R"("kinds":{"small":1,"large":2},"more":{"note":"x"})") !=
        std::string::npos);
  CHECK(second[0].json.find(R"("plan":"large","calls":null,"tags":[],)"
                            R"("kinds":{"small":null,"large":2},"more":{"note":null})") !=
        std::string::npos);
  CHECK(second[0].time == "2025-07-01T10:00:00+00:00");
  CHECK(first[1].json == R"({"kind":"used","plan":"small","calls":5,"parts":[]})");
  CHECK(second[1].json ==
        R"({"kind":"used","plan":"large","calls":null,"parts":[{"name":"y","calls":10}]})");
  CHECK(first[2].parts.size() == 2);
  CHECK(made.policy.scenarios[1].row == 2);
  CHECK(made.policy.scenarios[1].label == "large");
}

TEST_CASE("rows are called by as many of their first cells as tell them apart, or by their note") {
  const Read made = read(R"(
examples e {
  at 2025-07-01 use plan, calls
  | plan  | calls | because  |
  | small | 1     | -        |
  | small | 2     | "a pair" |
  | large | 1     | -        |
})");
  CHECK(made.codes == Codes{});
  REQUIRE(made.policy.scenarios.size() == 3);
  CHECK(made.policy.scenarios[0].label == "small, 1");
  CHECK(made.policy.scenarios[1].label == "a pair");
  CHECK(made.policy.scenarios[2].label == "large, 1");
}

TEST_CASE("an expectation may count entries, want none at all, and ask for states and values") {
  const Read made = read(R"(
scenario s {
  at 2025-07-01 use plan small
  expect 2 used plan small
  expect no entry
  expect balance > 3 euro
  expect that balance = 1 euro and not balance is 0
})");
  CHECK(made.codes == Codes{});
  REQUIRE(made.policy.scenarios.size() == 1);
  const auto& steps = made.policy.scenarios[0].steps;
  CHECK(steps[1].count == 2);
  CHECK(steps[2].negated);
  CHECK(steps[2].json == "{}");
  CHECK(steps[3].kind == ScenarioStep::Kind::that);
  CHECK(steps[4].parts.size() == 2);
}

TEST_CASE("what is wrong with examples is said once, where it is") {
  const auto codes = [](const std::string& body) {
    return read("examples e {" + body + "}").codes;
  };
  CHECK(codes("\n at 2025-07-01 use plan small\n") == Codes{"E0904"});
  CHECK(codes("\n at 2025-07-01 use plan\n | plan |\n") == Codes{"E0904"});
  CHECK(codes("\n at 2025-07-01 use plan\n | plan | plan |\n | small | small |\n") ==
        Codes{"E0903"});
  CHECK(codes("\n at 2025-07-01 use plan, calls\n | plan | calls |\n | small |\n"
              " | small | |\n") == Codes{"E0905", "E0905"});
  CHECK(codes("\n at 2025-07-01 use plan\n | plan | n |\n | small | 1 |\n") == Codes{"E0906"});
  CHECK(codes("\n at 2025-07-01 use plan large\n | large |\n | small |\n") == Codes{"E0907"});
  CHECK(codes("\n at 2025-07-01 use plan\n expect balance is 1 euro\n | plan | balance |\n"
              " | small | 1 euro |\n") == Codes{"E0907"});
  CHECK(codes("\n at 2025-07-01 use plan\n | plan |\n | medium |\n") == Codes{"E0302"});
  CHECK(codes("\n at t use plan small\n | t |\n | 5 |\n") == Codes{"E0201"});
  CHECK(read("scenario s {\n | plan |\n}").codes == Codes{"E0908"});
  CHECK(read("scenario s {\n expect 0 used\n}").codes == Codes{"E0909"});
}
