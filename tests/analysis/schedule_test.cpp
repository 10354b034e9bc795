#include "tools/analysis/schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"

namespace toll::test {
namespace {

using tools::Band;
using tools::Schedule;

struct Loaded {
  std::shared_ptr<const Core> core;
  std::shared_ptr<const Program> program;
};

Loaded load(const std::string& text) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy({{"prices.toll", text}}, sources, diagnostics);
  INFO(dsl::render(diagnostics, sources));
  REQUIRE(policy.core != nullptr);
  return {policy.core, prepare(policy.core)};
}

constexpr int kMost = 40;

/// A table of tiers, and what each total costs of which the first `covered` are free.
std::string policy_text(const std::string& rows, bool graduated, int covered) {
  std::string text =
      "language 1\npolicy random\ncurrency CNY yuan\nunit call\nallow W1001 tiers, list because "
      "\"test\"\nevent look {}\ntable tiers band calls {\n| calls | price: price yuan/call? |\n" +
      rows + "}\ntariff list by tiers.price " + (graduated ? "graduated" : "reached") + "\n";
  for (int total = 0; total <= kMost; ++total) {
    const int units = total > covered ? total - covered : 0;
    text += "define bill" + std::to_string(total) + " = charge(list, " + std::to_string(units) +
            " call, " + std::to_string(total) + " call)\n";
  }
  return text;
}

std::string random_rows(std::mt19937& random, bool upto) {
  std::string rows;
  int bound = 0;
  const auto tiers = static_cast<unsigned>(2 + random() % 3);
  for (unsigned i = 0; i < tiers; ++i) {
    bound += 1 + static_cast<int>(random() % 9);
    const bool last = i + 1 == tiers;
    const bool quoted = random() % 6 == 0;
    const std::string price = quoted ? "quote" : "0." + std::to_string(10 + random() % 40);
    rows += "| " + (last ? "above" : (upto ? "<= " : "< ") + std::to_string(bound) + " call") +
            " | " + price + (quoted ? "" : " yuan/call") + " |\n";
  }
  return rows;
}

std::uint32_t definition(const Core& core, const std::string& name) {
  for (std::uint32_t i = 0; i < core.definitions.size(); ++i) {
    if (core.definitions[i].name == name) return i;
  }
  return kNone;
}

}  // namespace

TEST_CASE("schedules say what the engine charges, and the bands are where that falls") {
  std::mt19937 random(7);
  int falling = 0;
  for (int round = 0; round < 120; ++round) {
    const bool graduated = random() % 2 == 0;
    const bool upto = random() % 2 == 0;
    const int covered = random() % 3 == 0 ? 0 : static_cast<int>(random() % 12);
    const std::string text = policy_text(random_rows(random, upto), graduated, covered);
    CAPTURE(text);
    const Loaded loaded = load(text);
    const Core& core = *loaded.core;
    const auto all = tools::schedules_of(core, core.tariffs[0], covered);
    REQUIRE(all.size() == 1);
    const Schedule& schedule = all[0];
    const Account account(loaded.program);
    std::vector<Value> bills;
    for (int total = 0; total <= kMost; ++total) {
      CAPTURE(total);
      const Value charged = account.value_of(definition(core, "bill" + std::to_string(total)));
      bills.push_back(charged);
      const bool same = schedule.bill(total).value_or(kAbsent) == charged;
      CHECK(same);
    }
    // Every bound is far below kMost, so that a bill that falls does so before it.
    const auto bands = tools::falling_bands(schedule);
    for (int total = 0; total < kMost; ++total) {
      const auto at = static_cast<std::size_t>(total);
      Value least = kAbsent;
      for (std::size_t more = at + 1; more < bills.size(); ++more) {
        if (bills[more] != kAbsent && (least == kAbsent || bills[more] < least))
          least = bills[more];
      }
      const bool falls = bills[at] != kAbsent && least != kAbsent && least < bills[at];
      const auto held = std::count_if(bands.begin(), bands.end(), [&](const Band& band) {
        return band.from <= total && total <= band.to;
      });
      CAPTURE(total);
      CHECK(held == (falls ? 1 : 0));
      falling += falls ? 1 : 0;
    }
    for (const Band& band : bands) {
      const bool saved = bills[static_cast<std::size_t>(band.to)] - band.saved ==
                         bills[static_cast<std::size_t>(band.cheaper)];
      CHECK(saved);
    }
  }
  CHECK(falling > 50);
}

TEST_CASE("differences are all there are") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    const auto made = [&] {
      const Loaded loaded = load(policy_text(random_rows(random, false), random() % 2 == 0, 0));
      return tools::schedules_of(*loaded.core, loaded.core->tariffs[0]).at(0);
    };
    const Schedule left = made();
    const Schedule right = made();
    const auto found = tools::differences(left, right);
    for (int total = 0; total <= kMost; ++total) {
      const bool differs = left.bill(total) != right.bill(total);
      bool said = false;
      for (const tools::Difference& one : found) {
        if (total < one.from || (one.until != kAbsent && total >= one.until)) continue;
        said = said || !one.listed() || one.at(total) != 0;
      }
      CAPTURE(total);
      CHECK(said == differs);
    }
  }
}

TEST_CASE("each key and each era has a schedule of its own") {
  const Loaded loaded = load(R"(language 1
policy dated
zone "Asia/Shanghai"
currency CNY yuan
unit call
domain item { text, speech }
event look { field item: item required }
table tiers by item band calls {
  until 2025-07-01
  | item | calls      | price          |
  | text | < 10 call  | 0.50 yuan/call |
  | text | above      | 0.20 yuan/call |
  from 2025-07-01
  | text | above      | 0.30 yuan/call |
  | speech | above    | 0.40 yuan/call |
}
tariff list by tiers.price reached
entry seen { price: price yuan/call? }
on look { emit seen { price = price(list, event.item, 1 call) } }
)");
  const auto all = tools::schedules_of(*loaded.core, loaded.core->tariffs[0]);
  REQUIRE(all.size() == 3);
  CHECK((all[0].since == kAbsent && all[0].until != kAbsent));
  CHECK((all[1].since == all[0].until && all[1].until == kAbsent));
  CHECK(all[1].keys == all[0].keys);
  CHECK(all[2].keys != all[0].keys);
  CHECK(tools::falling_bands(all[0]).size() == 1);
  const Band band = tools::falling_bands(all[0])[0];
  CHECK((band.from == 5 && band.to == 9 && band.cheaper == 10));
  CHECK((band.saved == 2'500'000));
  CHECK(tools::falling_bands(all[1]).empty());
}

TEST_CASE("the cliffs of the price page, with a thousand free units a month") {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy =
      dsl::load_policy(TOLL_SOURCE_DIR "/rules/tencent-ocr", sources, diagnostics);
  REQUIRE(policy.core != nullptr);
  const Tariff& tariff = policy.core->tariffs.at(0);
  const auto bare = tools::falling_bands(tools::schedules_of(*policy.core, tariff).at(0));
  REQUIRE(bare.size() == 2);
  CHECK((bare[0].from == 6'667 && bare[0].to == 9'999 && bare[0].cheaper == 10'000));
  CHECK((bare[1].from == 60'001 && bare[1].to == 99'999 && bare[1].cheaper == 100'000));
  const auto bands = tools::falling_bands(tools::schedules_of(*policy.core, tariff, 1'000).at(0));
  REQUIRE(bands.size() == 2);
  CHECK((bands[0].from == 7'001 && bands[0].to == 9'999));
  CHECK((bands[1].from == 60'401 && bands[1].to == 99'999));
  // 99,999 calls cost 9,899.90 yuan, one more 5,940.00.
  CHECK((bands[1].saved == 3'959'900'000));
}

}  // namespace toll::test
