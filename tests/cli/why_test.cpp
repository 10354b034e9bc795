// Explanations: that asking changes nothing, and that what they say adds up.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/json.hpp"
#include "tools/why/replay.hpp"
#include "tools/why/why.hpp"

namespace toll::test {
namespace {

const std::string kRoot = TOLL_SOURCE_DIR;

struct Loaded {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy;
};

const Loaded& loaded(const std::string& path) {
  static std::map<std::string, std::unique_ptr<Loaded>> known;
  std::unique_ptr<Loaded>& one = known[path];
  if (one == nullptr) {
    one = std::make_unique<Loaded>();
    one->policy = dsl::load_policy(kRoot + "/" + path, one->sources, one->diagnostics);
    REQUIRE(one->policy.core != nullptr);
  }
  return *one;
}

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

struct Case {
  std::string policy;
  std::string events;
  std::string until;
};

/// The published cases of the OCR policy and the examples of other trades.
std::vector<Case> cases() {
  std::vector<Case> found;
  for (const char* name : {"api-graduated", "phone-plan", "prepaid-credits", "trunk-calls"}) {
    const std::string folder = "examples/" + std::string(name);
    found.push_back({folder, kRoot + "/" + folder + "/events.jsonl", ""});
  }
  std::map<std::string, std::string> untils;
  for (const std::string& line : lines_of(kRoot + "/tests/conformance/UNTIL")) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string::npos) untils[line.substr(0, blank)] = line.substr(blank + 1);
  }
  const std::string ending = ".events.jsonl";
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::directory_iterator(kRoot + "/tests/conformance"))
    if (file.path().string().ends_with(ending)) paths.push_back(file.path().string());
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    std::string name = std::filesystem::path(path).filename().string();
    name.erase(name.size() - ending.size());
    found.push_back({"rules/tencent-ocr", path, untils[name]});
  }
  return found;
}

/// Account by account, the ledger that the events give without a trace.
std::map<std::string, std::vector<std::string>> ledger(const Case& one) {
  std::map<std::string, std::vector<std::string>> ledgers;
  JsonRunner runner(loaded(one.policy).policy.core, [&](std::string_view line) {
    const std::string key = "\"account\":\"";
    const std::size_t at = line.find(key) + key.size();
    const std::string account(line.substr(at, line.find('"', at) - at));
    ledgers[account].emplace_back(line);
  });
  std::uint64_t number = 0;
  for (const std::string& line : lines_of(one.events)) runner.feed(line, ++number);
  runner.advance(one.until.empty() ? runner.latest_time() : runner.parse_time(one.until));
  return ledgers;
}

using Number = Value;
constexpr Number kOne = 1'000'000'000'000;

/// "0.15 yuan/call" -> 0.15 * kOne; nothing if it does not begin with a number.
std::optional<Number> number_of(const std::string& text) {
  std::size_t at = text.starts_with("-") ? 1 : 0;
  Number value = 0;
  Number unit = kOne;
  bool point = false;
  const std::size_t first = at;
  for (; at < text.size() && text[at] != ' '; ++at) {
    if (text[at] == '.' && !point) {
      point = true;
    } else if (text[at] >= '0' && text[at] <= '9') {
      value =
          point ? value + (text[at] - '0') * (unit /= 10) : value * 10 + (text[at] - '0') * kOne;
    } else {
      return {};
    }
  }
  if (at == first) return {};
  return text[0] == '-' ? -value : value;
}

/// Reckons what an explanation shows: + - * // % between blanks, brackets, round(x, unit).
class Reckoner {
 public:
  explicit Reckoner(std::string text) : text_(std::move(text)) {}
  std::optional<Number> run() {
    const std::optional<Number> value = sum();
    return at_ == text_.size() ? value : std::nullopt;
  }

 private:
  bool sign(const std::string& word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  std::optional<Number> sum() {
    std::optional<Number> value = product();
    while (value) {
      const bool plus = sign(" + ");
      if (!plus && !sign(" - ")) break;
      const std::optional<Number> other = product();
      if (!other) return {};
      value = plus ? *value + *other : *value - *other;
    }
    return value;
  }
  std::optional<Number> product() {
    std::optional<Number> value = atom();
    while (value) {
      const bool times = sign(" * ");
      const bool whole = !times && sign(" // ");
      if (!times && !whole && !sign(" / ")) break;
      const std::optional<Number> other = atom();
      if (!other || (!times && *other == 0)) return {};
      if (times) value = *value * *other / kOne;
      if (whole) value = *value / *other * kOne;
      if (!times && !whole) value = *value * kOne / *other;
    }
    return value;
  }
  std::optional<Number> atom() {
    if (sign("(")) {
      const std::optional<Number> value = sum();
      return sign(")") ? value : std::nullopt;
    }
    const std::size_t open = text_.find_first_of("( ", at_);
    const bool named = at_ < text_.size() && (text_[at_] < '0' || text_[at_] > '9') &&
                       text_[at_] != '-' && open != std::string::npos && text_[open] == '(';
    if (named) {
      at_ = open + 1;
      const std::optional<Number> value = sum();
      if (!value || !sign(", ")) return {};
      const std::optional<Number> unit = sum();
      if (!unit || *unit == 0 || !sign(")")) return {};
      const Number size = *value < 0 ? -*value : *value;
      const Number rounded = (size + *unit / 2) / *unit * *unit;
      return *value < 0 ? -rounded : rounded;
    }
    // A number and perhaps its unit, which holds no blank.
    std::size_t end = text_.find_first_of(" ),", at_);
    if (end == std::string::npos) end = text_.size();
    const std::optional<Number> value = number_of(text_.substr(at_, end - at_));
    at_ = end;
    const bool unit = at_ + 1 < text_.size() && text_[at_] == ' ' &&
                      std::string("+-*/%").find(text_[at_ + 1]) == std::string::npos;
    if (unit) {
      at_ = text_.find_first_of(" ),", at_ + 1);
      if (at_ == std::string::npos) at_ = text_.size();
    }
    return value;
  }

  std::string text_;
  std::size_t at_ = 0;
};

std::string fact(const why::Reason& reason, const std::string& name) {
  for (const auto& [key, value] : reason.facts)
    if (key == name) return value;
  return {};
}

struct Sums {
  std::size_t draws = 0;
  std::size_t computed = 0;
};

void add_up(const why::Reason& reason, Sums& sums) {
  if (reason.kind == "draw" && !fact(reason, "asked").empty() && !reason.inside.empty()) {
    const auto asked = number_of(fact(reason, "asked"));
    const auto rest = number_of(fact(reason, "left_over"));
    REQUIRE(asked);
    REQUIRE(rest);
    Number taken = 0;
    for (const why::Reason& one : reason.inside) {
      if (one.kind != "drawn") continue;
      const auto had = number_of(fact(one, "had"));
      const auto took = number_of(fact(one, "took"));
      REQUIRE(took);
      CHECK(*had - *took == *number_of(fact(one, "left")));
      CHECK(*number_of(fact(one, "left")) >= 0);
      taken += *took;
    }
    CHECK(taken + *rest == *asked);
    ++sums.draws;
  }
  const std::string computed = fact(reason, "computed");
  if (!computed.empty()) {
    const auto value = number_of(fact(reason, "value"));
    const auto reckoned = Reckoner(computed).run();
    if (value && reckoned) {
      CHECK_MESSAGE(*value == *reckoned, reason.text);
      ++sums.computed;
    }
  }
  for (const why::Reason& one : reason.inside) add_up(one, sums);
}

}  // namespace

TEST_CASE("a replay that tells everything writes the same ledger") {
  for (const Case& one : cases()) {
    CAPTURE(one.events);
    const Core& core = *loaded(one.policy).policy.core;
    const auto program = prepare(loaded(one.policy).policy.core);
    for (const auto& [account, lines] : ledger(one)) {
      const why::History history = why::history_of(core, lines_of(one.events), account, one.until);
      std::set<std::size_t> all;
      for (std::size_t i = 0; i < 10'000; ++i) all.insert(i);
      const auto recorder = why::replay(program, history, all);
      std::vector<std::string> told;
      for (const why::Line& line : recorder->lines()) told.push_back(line.json);
      CHECK(told == lines);
      for (const why::Step& step : recorder->steps()) CHECK(step.detailed);
    }
  }
}

TEST_CASE("every entry is explained, and what its explanation says adds up") {
  Sums sums;
  std::size_t entries = 0;
  for (const Case& one : cases()) {
    CAPTURE(one.events);
    const Loaded& policy = loaded(one.policy);
    why::Question question;
    question.policy = &policy.policy;
    question.sources = &policy.sources;
    question.events = lines_of(one.events);
    question.until = one.until;
    question.all = true;
    question.language = why::language_of(policy.policy);
    for (const auto& [account, lines] : ledger(one)) {
      question.account = account;
      for (std::size_t seq = 1; seq <= lines.size(); ++seq) {
        CAPTURE(seq);
        question.entry = seq;
        const why::Answer answer = why::answer(question);
        if (account.empty()) continue;  // lines that name no account
        REQUIRE(answer.reasons.size() == 1);
        CHECK(!answer.reasons[0].inside.empty());
        CHECK(answer.reasons[0].text.find('[') == std::string::npos);  // a text that is missing
        add_up(answer.reasons[0], sums);
        ++entries;
      }
    }
  }
  CHECK(entries > 100);
  CHECK(sums.draws > 30);
  CHECK(sums.computed > 100);
}

}  // namespace toll::test
