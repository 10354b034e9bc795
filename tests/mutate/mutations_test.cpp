// The list of single edits: what it holds, that it is the same every time, and that each edit is
// one.
#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"
#include "tools/core_json.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll::tools {
namespace {

using Kind = Mutation::Kind;

constexpr const char* kPolicy = R"(language 1
policy shop
currency CNY yuan
unit call
domain item { basic, premium }
setting free_calls = 10 call
table tiers by item band units {
  every item exactly once
  | item    | units       | price          |
  | basic   | < 100 call  | 0.05 yuan/call |
  | basic   | above       | 0.03 yuan/call |
  | premium | < 100 call  | 0.50 yuan/call |
  | premium | above       | quote          |
}
account { balance: money; used: count call }
entry charged { units: count call; amount: money; note: text }
timer reminder { emit charged { units = used; amount = 0; note = "reminder" } }
timer monthly {}; timeline reminder, monthly
event use {
  field calls: count call required
  field item: known item else "unknown-item" required
  refuse "too-many" when event.calls > 1000 call
  used += event.calls
  when used > free_calls and event.calls > 0 {
    let cost = either(tiers[event.item, used].price, 1 yuan/call) * event.calls
    balance := balance - cost
    emit charged { units = event.calls; amount = cost; note = "paid" }
  }
  arm reminder at now + 1 hours
  arm monthly at start(month(now) + 1 month)
}
scenario "one" {
  at 2025-07-01 use item basic, calls 20
  expect charged units 20, amount 1 yuan
  expect that used is 20 call
}
)";

struct Loaded {
  explicit Loaded(const std::string& text = kPolicy) {
    policy = dsl::load_policy({{"shop.toll", text}}, sources, diagnostics);
    REQUIRE(policy.core != nullptr);
  }
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy;
};

/// In the order of the text, a line each.
std::string sentences(const std::vector<Mutation>& all, Kind kind) {
  std::string out;
  for (const Mutation& mutation : all)
    if (mutation.kind == kind)
      out += std::to_string(mutation.line) + " " + say(mutation.says, Language::en) + "\n";
  return out;
}

TEST_CASE("single edits of a policy are listed in its own words") {
  const Loaded shop;
  const std::vector<Mutation> all = mutations_of(shop.policy, shop.sources);
  CHECK(sentences(all, Kind::price) ==
        "10 table tiers, row basic, 0 call: price is 0.06 yuan/call instead of 0.05 yuan/call\n"
        "10 table tiers, row basic, 0 call: price is 0.04 yuan/call instead of 0.05 yuan/call\n"
        "11 table tiers, row basic, 100 call: price is 0.04 yuan/call instead of 0.03 yuan/call\n"
        "11 table tiers, row basic, 100 call: price is 0.02 yuan/call instead of 0.03 yuan/call\n"
        "12 table tiers, row premium, 0 call: price is 0.51 yuan/call instead of 0.5 yuan/call\n"
        "12 table tiers, row premium, 0 call: price is 0.49 yuan/call instead of 0.5 yuan/call\n"
        "25 1.01 yuan/call instead of 1 yuan/call\n"
        "25 0.99 yuan/call instead of 1 yuan/call\n");
  CHECK(sentences(all, Kind::bound) ==
        "10 table tiers, row basic, 0 call: it ends at 101 call instead of 100 call\n"
        "10 table tiers, row basic, 0 call: it ends at 99 call instead of 100 call\n"
        "12 table tiers, row premium, 0 call: it ends at 101 call instead of 100 call\n"
        "12 table tiers, row premium, 0 call: it ends at 99 call instead of 100 call\n");
  CHECK(sentences(all, Kind::quote) ==
        "13 table tiers, row premium, 100 call: price is 0 yuan/call instead of none\n");
  CHECK(sentences(all, Kind::compare) ==
        "22 `event.calls > 1000 call`: `>=` instead of `>`\n"
        "24 `used > free_calls`: `>=` instead of `>`\n"
        "24 `event.calls > 0`: `>=` instead of `>`\n");
  CHECK(sentences(all, Kind::part) ==
        "24 without the condition `used > free_calls`\n"
        "24 without the condition `event.calls > 0`\n");
  CHECK(sentences(all, Kind::timer) ==
        "30 timer monthly one second later\n"
        "30 timer monthly one second earlier\n");
  // A written length of time is changed where it is written.
  CHECK(sentences(all, Kind::date) ==
        "29 3601 seconds instead of 3600 seconds\n"
        "29 3599 seconds instead of 3600 seconds\n");
  CHECK(sentences(all, Kind::row) ==
        "10 table tiers: the row basic, 0 call is missing\n"
        "11 table tiers: the row basic, 100 call is missing\n"
        "12 table tiers: the row premium, 0 call is missing\n"
        "13 table tiers: the row premium, 100 call is missing\n");
  CHECK(sentences(all, Kind::sign) ==
        "26 `balance - cost`: `+` instead of `-`\n"
        "29 `now + 1 hours`: `-` instead of `+`\n"
        "30 `month(now) + 1 month`: `-` instead of `+`\n");
  CHECK(sentences(all, Kind::rule) ==
        "22 without the rule `refuse \"too-many\" when event.calls > 1000 call`\n"
        "24 without the rule `when used > free_calls and event.calls > 0 {`\n");
  CHECK(sentences(all, Kind::step) ==
        "17 an entry is forgotten: `timer reminder { emit charged { units = used; amount = 0; no "
        "..`\n"
        "23 a value is forgotten: `used += event.calls`\n"
        "26 a value is forgotten: `balance := balance - cost`\n"
        "27 an entry is forgotten: `emit charged { units = event.calls; amount = cost; note = \"p "
        "..`\n"
        "29 a deadline is forgotten: `arm reminder at now + 1 hours`\n"
        "30 a deadline is forgotten: `arm monthly at start(month(now) + 1 month)`\n");
  // What only a scenario asks is not the policy.
  for (const Mutation& mutation : all) CHECK(mutation.line < 33);
}

TEST_CASE("the list is the same every time, and ids are unique") {
  const Loaded one;
  const Loaded two;
  const std::vector<Mutation> first = mutations_of(one.policy, one.sources);
  const std::vector<Mutation> second = mutations_of(two.policy, two.sources);
  REQUIRE(first.size() == second.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].id == second[i].id);
    CHECK(first[i].says == second[i].says);
    CHECK_MESSAGE(ids.insert(first[i].id).second, first[i].id);
  }
}

TEST_CASE("an edit elsewhere leaves ids as they are") {
  std::string text = kPolicy;
  text.insert(text.find("setting"),
              "# one line more\n\nsetting other = 5 call\ndefine unused = other\n");
  const Loaded before;
  const Loaded after(text);
  std::set<std::string> ids;
  for (const Mutation& mutation : mutations_of(after.policy, after.sources))
    ids.insert(mutation.id);
  for (const Mutation& mutation : mutations_of(before.policy, before.sources))
    CHECK_MESSAGE(ids.count(mutation.id) == 1, mutation.id);
}

TEST_CASE("each edit changes the core, and only a copy of it") {
  const Loaded shop;
  const Core& core = *shop.policy.core;
  const std::string before = core_json(core, true);
  std::set<std::string> seen{before};
  for (const Mutation& mutation : mutations_of(shop.policy, shop.sources)) {
    const std::shared_ptr<const Core> mutant = mutant_of(core, mutation);
    CHECK_MESSAGE(seen.insert(core_json(*mutant, true)).second, mutation.id);
    CHECK(core_json(core, true) == before);
    if (!stillborn(*mutant)) CHECK(prepare(mutant) != nullptr);
  }
}

TEST_CASE("a core in which two rows answer one question is told") {
  const Loaded shop;
  CHECK_FALSE(stillborn(*shop.policy.core));
  Core core = *shop.policy.core;
  core.tables[0].rows[2].cells[0] = core.tables[0].rows[0].cells[0];
  CHECK(stillborn(core));
}

}  // namespace
}  // namespace toll::tools
