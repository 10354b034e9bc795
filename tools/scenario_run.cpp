#include "tools/scenario_run.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "io/ledger_writer.hpp"
#include "toll/json.hpp"
#include "tools/entry_match.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

/// What led to each entry, by its number.
class Reasons : public Trace {
 public:
  explicit Reasons(const Core& core) : core_(core) {}

  // What an earlier step of the same event did, such as a timer, led to nothing here.
  void timer(std::uint32_t /*timer*/, Value /*deadline*/) override { now_.clear(); }
  void handling(const EventView& /*event*/) override { now_.clear(); }
  void rule(ClauseId clause) override { add(clause); }
  void looked_up(std::uint32_t table, std::uint32_t row) override {
    if (!core_.tables[table].quiet) add(core_.tables[table].rows[row].clause);
  }
  void wrote(std::uint64_t seq) override {
    all_[seq] = std::move(now_);
    now_.clear();
  }

  [[nodiscard]] std::vector<ClauseId> of(const std::string& entry) const {
    const json parsed = json::parse(entry, nullptr, false);
    const auto found = all_.find(parsed.is_object() ? parsed.value("seq", 0U) : 0U);
    return found == all_.end() ? std::vector<ClauseId>() : found->second;
  }

 private:
  void add(ClauseId clause) {
    if (clause == kNone || std::find(now_.begin(), now_.end(), clause) != now_.end()) return;
    now_.push_back(clause);
  }

  const Core& core_;
  std::vector<ClauseId> now_;
  std::map<std::uint64_t, std::vector<ClauseId>> all_;
};

class Run {
 public:
  Run(const std::shared_ptr<const Program>& program, bool traced)
      : core_(core_of(*program)),
        match_(core_),
        reasons_(core_),
        runner_(program, [this](std::string_view line) { entries_.emplace_back(line); }),
        traced_(traced) {
    if (traced_) runner_.trace(&reasons_);
  }

  void step(const dsl::ScenarioStep& step, std::size_t index) {
    index_ = index;
    switch (step.kind) {
      case dsl::ScenarioStep::Kind::event:
        return event(step);
      case dsl::ScenarioStep::Kind::until:
        return until(step);
      case dsl::ScenarioStep::Kind::expect:
        return expect(step);
      case dsl::ScenarioStep::Kind::that:
        return that(step);
    }
  }

  std::vector<ScenarioFailure> failures;

 private:
  ScenarioFailure& fail(const dsl::ScenarioStep& step, std::string expected) {
    ScenarioFailure failure;
    failure.step = index_;
    failure.span = step.span;
    failure.expected = std::move(expected);
    failure.entries = entries_;
    if (traced_) {
      for (const std::string& entry : entries_) failure.reasons.push_back(reasons_.of(entry));
    }
    failures.push_back(std::move(failure));
    return failures.back();
  }

  void event(const dsl::ScenarioStep& step) {
    entries_.clear();
    runner_.feed(step.json);
    const json event = json::parse(step.json, nullptr, false);
    if (event.is_object()) subject_ = event.value("subject", subject_);
  }

  void until(const dsl::ScenarioStep& step) {
    entries_.clear();
    const Value time = runner_.parse_time(step.time);
    if (time == kAbsent) {
      fail(step, "a time, not `" + step.time + "`");
    } else {
      runner_.advance(time);
    }
  }

  void expect(const dsl::ScenarioStep& step) {
    const json expected = json::parse(step.json, nullptr, false);
    const auto found = std::count_if(
        entries_.begin(), entries_.end(),
        [&](const std::string& line) { return match_.matches(expected, json::parse(line)); });
    const auto matched = static_cast<std::size_t>(found);
    const bool counted = step.count != kNone;
    if (counted ? matched == step.count : (matched == 0) == step.negated) return;
    const std::string what = counted ? std::to_string(step.count) + " entries "
                                     : std::string(step.negated ? "no entry " : "an entry ");
    fail(step, what + step.json).matched = matched;
  }

  void that(const dsl::ScenarioStep& step) {
    const Account* const account = runner_.account(subject_);
    const bool holds = account != nullptr && account->holds(step.definition);
    if (holds != step.negated) return;
    const std::string& name = core_.definitions[step.definition].name;
    ScenarioFailure& failure = fail(step, (step.negated ? "not that `" : "that `") + name + "`");
    if (account == nullptr) return;
    const io::LedgerWriter writer(core_);
    for (const dsl::ScenarioStep::Part& part : step.parts) {
      const Value value = account->value_of(part.definition);
      std::string& text = failure.values.emplace_back(value == kAbsent ? "null" : "");
      if (value != kAbsent) writer.append_value(text, *account, part.type, value);
    }
  }

  const Core& core_;
  EntryMatch match_;
  std::vector<std::string> entries_;
  Reasons reasons_;
  JsonRunner runner_;
  bool traced_;
  std::size_t index_ = 0;
  std::string subject_;  ///< of the last event
};

std::vector<ScenarioFailure> run(const std::shared_ptr<const Program>& program,
                                 const dsl::Scenario& scenario, bool traced) {
  Run run(program, traced);
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) run.step(scenario.steps[i], i);
  return std::move(run.failures);
}

}  // namespace

std::vector<ScenarioFailure> run_scenario(const std::shared_ptr<const Program>& program,
                                          const dsl::Scenario& scenario) {
  const auto failures = run(program, scenario, false);
  return failures.empty() ? failures : run(program, scenario, true);
}

}  // namespace toll::tools
