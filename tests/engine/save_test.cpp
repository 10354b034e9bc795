#include <doctest/doctest.h>

#include "engine/run/save.hpp"
#include "tests/engine/shop.hpp"

namespace toll::test {
namespace {

/// A state with one part of it replaced, and its checksum made good again.
std::string changed(std::string state, const std::string& from, const std::string& to) {
  const std::size_t at = state.find(from);
  REQUIRE(at != std::string::npos);
  state.replace(at, from.size(), to);
  state.resize(state.rfind("end "));
  char sum[32];
  const std::uint64_t checksum = state_checksum(state);
  for (int i = 0; i < 16; ++i) sum[i] = "0123456789abcdef"[checksum >> (60 - 4 * i) & 15];
  return state + "end " + std::string(sum, 16) + "\n";
}

TEST_CASE("a run restored at every event goes on as if nothing had happened") {
  for (const std::int64_t remember : {std::int64_t{-1}, std::int64_t{5 * 86'400}}) {
    const Shop shop(remember);
    Ledger straight(shop.make.core);
    Ledger restored(shop.make.core);
    std::mt19937 first(11);
    std::mt19937 second(11);
    Value seconds = 1'000'000;
    Value same_seconds = seconds;
    for (int i = 0; i < 600; ++i) {
      shop.random_event(straight, first, seconds);
      shop.random_event(restored, second, same_seconds);
      const std::string state = restored.account.save();
      Account fresh(restored.program);
      REQUIRE(fresh.restore(state) == "");
      REQUIRE(fresh.save() == state);
      REQUIRE(state == straight.account.save());
      restored.account = std::move(fresh);
    }
    REQUIRE(restored.lines == straight.lines);
    CHECK(straight.lines.size() > 500);
    unsigned kinds = 0;
    for (const char* kind : {"call", "buy", "bill", "note", "overflow", "bad-event", "bad-count",
                             "duplicate-id", "timer:wake"}) {
      for (const std::string& line : straight.lines) {
        if (line.find(kind) == std::string::npos) continue;
        ++kinds;
        break;
      }
    }
    CHECK(kinds == 9);
  }
}

TEST_CASE("an event that fails leaves every byte of the state but the count of entries") {
  const Shop shop;
  Ledger ledger(shop.make.core);
  std::mt19937 random(23);
  Value seconds = 1'000'000;
  int failures = 0;
  for (int i = 0; i < 1'500; ++i) {
    std::string before = ledger.account.save();
    const std::size_t lines = ledger.lines.size();
    const std::uint64_t entries = ledger.account.entries();
    shop.random_event(ledger, random, seconds);
    if (ledger.lines.back().find(" error ") == std::string::npos) continue;
    ++failures;
    REQUIRE(ledger.lines.size() == lines + 1);
    REQUIRE(ledger.account.save() == changed(before, "entries " + std::to_string(entries),
                                             "entries " + std::to_string(entries + 1)));
  }
  CHECK(failures > 100);
}

TEST_CASE("a cut, changed or random state is an error and leaves the account alone") {
  const Shop shop;
  Ledger ledger(shop.make.core);
  std::mt19937 random(5);
  Value seconds = 1'000'000;
  for (int i = 0; i < 60; ++i) shop.random_event(ledger, random, seconds);
  const std::string state = ledger.account.save();
  Ledger other(shop.make.core);
  other.apply(shop.note, 0, {event_text(0)}, {"mine"});
  const std::string mine = other.account.save();
  for (std::size_t size = 0; size < state.size(); size += 1 + size / 40) {
    CHECK(other.account.restore(state.substr(0, size)) != "");
  }
  for (int i = 0; i < 2'000; ++i) {
    std::string damaged = state;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 + random() % 255);
    CHECK(other.account.restore(damaged) != "");
  }
  CHECK(other.account.save() == mine);
}

TEST_CASE("damage under a good checksum never crashes, and what is taken can be saved again") {
  const Shop shop(5 * 86'400);
  Ledger ledger(shop.make.core);
  std::mt19937 random(17);
  Value seconds = 1'000'000;
  for (int i = 0; i < 40; ++i) shop.random_event(ledger, random, seconds);
  const std::string state = ledger.account.save();
  const std::string body = state.substr(0, state.rfind("end "));
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string damaged = body;
    const int changes = 1 + static_cast<int>(random() % 3);
    for (int j = 0; j < changes; ++j) {
      const std::size_t at = random() % damaged.size();
      const char* const likely = "0123456789 -:=?{\nabc";
      if (random() % 2 == 0) {
        damaged[at] = likely[random() % 20];
      } else if (random() % 2 == 0) {
        damaged.erase(at, 1 + random() % 8);
      } else {
        const std::size_t count = 1 + random() % 3;
        damaged.insert(at, count, likely[random() % 20]);
      }
    }
    damaged = changed(damaged + "end ", "end ", "end ");
    Ledger other(shop.make.core);
    if (other.account.restore(damaged) != "") continue;
    ++taken;
    const std::string again = other.account.save();
    Account third(other.program);
    REQUIRE(third.restore(again) == "");
    REQUIRE(third.save() == again);
    Value later = seconds;
    for (int j = 0; j < 3; ++j) shop.random_event(other, random, later);
  }
  CHECK(taken > 0);
}

TEST_CASE(
    "a state is read under a later edition: what is new is initial, what is gone is dropped") {
  Shop shop;
  Ledger ledger(shop.make.core);
  ledger.apply(shop.buy, 100, {event_text(0), 2, 50}, {"o1"});
  ledger.apply(shop.note, 200, {event_text(0)}, {"kept"});
  ledger.apply(shop.call, 300, {1, 7});
  const std::string state = ledger.account.save();
  Maker later = shop.make;
  later.core.registers.push_back({"new", kCount, 42, kNone});
  later.core.registers[shop.last_item].name = "renamed";
  later.core.families[shop.lots].fields.push_back({"paid", money(), 5});
  later.core.domains[shop.items].names = {{"kiwi", "kiwi", {}, kNone},
                                          {"pear", "pear", {}, kNone},
                                          {"plum", "plum", {}, kNone},
                                          {"fig", "fig", {}, kNone}};
  Ledger next(later.core);
  REQUIRE(next.account.restore(state) == "");
  CHECK((next.account.register_value(4) == 42));
  CHECK((next.account.register_value(shop.last_item) == kAbsent));
  CHECK((next.account.cell(shop.lots, 0, 0) == 2));
  CHECK((next.account.cell(shop.lots, 0, 4) == 5));
  CHECK(next.account.names(next.account.register_value(shop.opened)) ==
        std::vector<std::uint32_t>{2});
  CHECK(next.account.text(next.account.register_value(shop.last_note)) == "kept");
  CHECK((next.account.clock() == 300 * kSecond));
  CHECK(next.account.next_deadline() == ledger.account.next_deadline());
}

TEST_CASE("a state whose keys, types or states no longer fit is an error") {
  Shop shop;
  Ledger ledger(shop.make.core);
  ledger.apply(shop.call, 300, {1, 7});
  const std::string state = ledger.account.save();
  const auto error = [&](auto change) {
    Maker later = shop.make;
    change(later.core);
    return Ledger(later.core).account.restore(state);
  };
  CHECK(error([](Core&) {}) == "");
  CHECK(error([&](Core& core) { core.registers[shop.balance].type.scale = 0; }).find("type") !=
        std::string::npos);
  CHECK(error([&](Core& core) { core.families[shop.usage].fields[0].name = "x"; }).find("keys") !=
        std::string::npos);
  CHECK(error([&](Core& core) {
          core.domains[shop.states].names[0].wire = "fine";
        }).find("state") != std::string::npos);
}

}  // namespace
}  // namespace toll::test
