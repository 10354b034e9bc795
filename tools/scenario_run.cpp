#include "tools/scenario_run.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "toll/json.hpp"
#include "tools/entry_match.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

class Run {
 public:
  explicit Run(const std::shared_ptr<const Program>& program)
      : core_(core_of(*program)),
        match_(core_),
        runner_(program, [this](std::string_view line) { entries_.emplace_back(line); }) {}

  void step(const dsl::ScenarioStep& step) {
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
  void fail(const dsl::ScenarioStep& step, std::string expected) {
    failures.push_back({step.span, std::move(expected), entries_});
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
    if (time == kAbsent) return fail(step, "a time, not `" + step.time + "`");
    runner_.advance(time);
  }

  void expect(const dsl::ScenarioStep& step) {
    const json expected = json::parse(step.json, nullptr, false);
    const bool found = std::any_of(entries_.begin(), entries_.end(), [&](const std::string& line) {
      return match_.matches(expected, json::parse(line));
    });
    if (found == step.negated) fail(step, (step.negated ? "no entry " : "an entry ") + step.json);
  }

  void that(const dsl::ScenarioStep& step) {
    const std::string& name = core_.definitions[step.definition].name;
    const Account* const account = runner_.account(subject_);
    const bool holds = account != nullptr && account->holds(step.definition);
    if (holds == step.negated) fail(step, (step.negated ? "not that `" : "that `") + name + "`");
  }

  const Core& core_;
  EntryMatch match_;
  std::vector<std::string> entries_;
  JsonRunner runner_;
  std::string subject_;  ///< of the last event
};

}  // namespace

std::vector<ScenarioFailure> run_scenario(const std::shared_ptr<const Program>& program,
                                          const dsl::Scenario& scenario) {
  Run run(program);
  for (const dsl::ScenarioStep& step : scenario.steps) run.step(step);
  return std::move(run.failures);
}

}  // namespace toll::tools
