// An account saved and restored between any two events goes on as if nothing had happened.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "engine/run/save.hpp"
#include "tests/policy/ocr.hpp"
#include "toll/json.hpp"

namespace toll::test {
namespace {

std::shared_ptr<const Program> program() {
  static const auto kProgram = prepare(ocr().policy.core);
  return kProgram;
}

struct Case {
  std::string name;
  std::vector<std::string> events;
  std::string until;
};

std::vector<Case> cases() {
  const std::string folder = TOLL_SOURCE_DIR "/tests/conformance";
  std::map<std::string, std::string> untils;
  for (const std::string& line : read_lines(folder + "/UNTIL")) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string::npos) untils[line.substr(0, blank)] = line.substr(blank + 1);
  }
  const std::string ending = ".events.jsonl";
  std::vector<Case> found;
  for (const std::string& path : files_in(folder, ending)) {
    const std::string name = path.substr(folder.size() + 1, path.size() - folder.size() - 1 - ending.size());
    found.push_back({name, read_lines(path), untils[name]});
  }
  return found;
}

std::string subject_of(const std::string& line) {
  const std::string key = "\"subject\"";
  std::size_t at = line.find(key);
  if (at == std::string::npos) return {};
  at = line.find('"', line.find(':', at + key.size()));
  return line.substr(at + 1, line.find('"', at + 1) - at - 1);
}

/// The ledger; after every `every`-th event (0: never) the account of that event is put aside as
/// bytes and read back into a new one. Counts how often.
std::vector<std::string> ledger(const Case& history, std::size_t every, std::size_t& restored,
                                std::string* last_state = nullptr) {
  std::vector<std::string> lines;
  JsonRunner runner(program(), [&lines](std::string_view line) { lines.emplace_back(line); });
  std::size_t number = 0;
  for (const std::string& line : history.events) {
    runner.feed(line, ++number);
    Account* account = runner.account(subject_of(line));
    if (account == nullptr) continue;
    if (last_state != nullptr) *last_state = account->save();
    if (every == 0 || number % every != 0) continue;
    const std::string state = account->save();
    Account fresh(program());
    REQUIRE(fresh.restore(state) == "");
    REQUIRE(fresh.save() == state);
    *account = std::move(fresh);
    ++restored;
  }
  const Value until = history.until.empty() ? runner.latest_time() : runner.parse_time(history.until);
  if (until != kAbsent) runner.advance(until);
  return lines;
}

TEST_CASE("a history restored after every k-th event writes the same ledger") {
  std::size_t restored = 0;
  std::size_t entries = 0;
  std::vector<Case> histories = cases();
  Case month = {"a month of many accounts", read_lines(TOLL_SOURCE_DIR "/examples/ocr-month/events.jsonl"), ""};
  month.events.resize(std::min<std::size_t>(month.events.size(), 1'500));
  histories.push_back(std::move(month));
  for (const Case& history : histories) {
    CAPTURE(history.name);
    std::size_t none = 0;
    const std::vector<std::string> straight = ledger(history, 0, none);
    entries += straight.size();
    for (const std::size_t every : {1U, 2U, 7U}) {
      if (history.events.size() > 500 && every < 7) continue;
      REQUIRE(ledger(history, every, restored) == straight);
    }
  }
  CHECK(restored > 100);
  CHECK(entries > 1'000);
  MESSAGE(histories.size() << " histories, " << entries << " entries, restored " << restored
                           << " times");
}

std::string sealed(std::string body) {
  const std::uint64_t checksum = state_checksum(body);
  body += "end ";
  for (int i = 0; i < 16; ++i) body += "0123456789abcdef"[checksum >> (60 - 4 * i) & 15];
  return body + "\n";
}

TEST_CASE("a state cut anywhere or with flipped bits is refused or usable, never a crash") {
  std::vector<Case> histories = cases();
  // The longest states have the most to damage.
  std::string state;
  Case longest;
  for (const Case& history : histories) {
    std::size_t none = 0;
    std::string last;
    ledger(history, 0, none, &last);
    if (last.size() > state.size()) {
      state = last;
      longest = history;
    }
  }
  REQUIRE(state.size() > 500);
  Account account(program());
  const std::string untouched = account.save();
  for (std::size_t size = 0; size < state.size(); ++size) {
    REQUIRE(account.restore(state.substr(0, size)) != "");
  }
  REQUIRE(account.save() == untouched);

  std::mt19937 random(20250623);
  std::size_t refused = 0;
  std::size_t taken = 0;
  for (int round = 0; round < 3'000; ++round) {
    std::string damaged = state;
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8);
    }
    // Half of them get a good checksum, so that what stands behind it is reached.
    if (round % 2 == 0 && damaged.rfind("end ") != std::string::npos) {
      damaged = sealed(damaged.substr(0, damaged.rfind("end ")));
    }
    Account other(program());
    if (other.restore(damaged) != "") {
      ++refused;
      continue;
    }
    ++taken;
    const std::string again = other.save();
    Account third(program());
    REQUIRE(third.restore(again) == "");
    REQUIRE(third.save() == again);
    // What was taken can be used: the history goes on over it.
    JsonRunner runner(program(), [](std::string_view) {});
    runner.feed(longest.events.front(), 1);
    Account* const mine = runner.account(subject_of(longest.events.front()));
    REQUIRE(mine != nullptr);
    *mine = std::move(third);
    for (const std::string& line : longest.events) runner.feed(line, 1);
    runner.advance(runner.latest_time());
  }
  CHECK(refused > 500);
  CHECK(taken > 0);
  MESSAGE(state.size() << " prefixes refused; of 3000 damaged states " << refused << " refused, "
                       << taken << " taken and used");
}

}  // namespace
}  // namespace toll::test
