#include "tools/mutate/trial.hpp"

#include <algorithm>
#include <string_view>

#include "io/time_text.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;
using StepKind = dsl::ScenarioStep::Kind;

class Nothing : public Sink {
 public:
  void entry(const Account& /*account*/, const EntryView& /*entry*/) override {}
};

/// Leaves the engine at the timer that is one too many; the account at hand is a copy that nobody
/// looks at again.
class Patience : public Trace {
 public:
  struct Lost {};
  void timer(std::uint32_t /*timer*/, Value /*deadline*/) override {
    if (++fired_ > kMostFires) throw Lost();
  }

 private:
  int fired_ = 0;
};

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

bool ends(const Account& account, Value until) {
  const Value first = account.next_deadline();
  if (first == kAbsent || first > until) return true;
  Account probe = account.copy();
  Nothing sink;
  Patience patience;
  try {
    probe.advance(until, sink, &patience);
  } catch (const Patience::Lost&) {
    return false;
  }
  return true;
}

Trial::Trial(const Core& core, const std::vector<dsl::Scenario>& scenarios) : match_(core) {
  const io::Zone zone(core.zone);
  for (const dsl::Scenario& scenario : scenarios) {
    std::vector<Step>& steps = scenarios_.emplace_back();
    std::string subject;
    for (const dsl::ScenarioStep& written : scenario.steps) {
      Step step;
      step.kind = written.kind;
      step.negated = written.negated;
      step.count = written.count;
      step.definition = written.definition;
      if (written.kind == StepKind::event) {
        const json event = json::parse(written.json, nullptr, false);
        if (event.is_object()) {
          subject = text_of(event, "subject");
          step.time = io::parse_instant(text_of(event, "time"), zone).value_or(kAbsent);
        }
        step.line = written.json;
      } else if (written.kind == StepKind::until) {
        step.time = io::parse_instant(written.time, zone).value_or(kAbsent);
      } else if (written.kind == StepKind::expect) {
        step.expected = json::parse(written.json, nullptr, false);
      }
      step.subject = subject;
      steps.push_back(std::move(step));
    }
  }
}

Trial::Verdict Trial::run(const std::shared_ptr<const Program>& program,
                          std::size_t scenario) const {
  std::vector<std::string> entries;
  std::vector<json> parsed;
  bool read = false;
  JsonRunner runner(program, [&](std::string_view line) { entries.emplace_back(line); });
  for (const Step& step : scenarios_[scenario]) {
    if (step.kind == StepKind::event || step.kind == StepKind::until) {
      entries.clear();
      read = false;
      const Account* const account = runner.account(step.subject);
      if (account != nullptr && step.time != kAbsent && !ends(*account, step.time))
        return Verdict::endless;
      if (step.kind == StepKind::event) {
        runner.feed(step.line);
      } else if (step.time != kAbsent) {
        runner.advance(step.time);
      }
      continue;
    }
    if (step.kind == StepKind::that) {
      const Account* const account = runner.account(step.subject);
      const bool holds = account != nullptr && account->holds(step.definition);
      if (holds == step.negated) return Verdict::failed;
      continue;
    }
    if (!read) {
      parsed.clear();
      for (const std::string& line : entries) parsed.push_back(json::parse(line, nullptr, false));
      read = true;
    }
    const auto found = static_cast<std::size_t>(
        std::count_if(parsed.begin(), parsed.end(),
                      [&](const json& entry) { return match_.matches(step.expected, entry); }));
    const bool counted = step.count != kNone;
    if (counted ? found != step.count : (found == 0) != step.negated) return Verdict::failed;
  }
  return Verdict::passed;
}

}  // namespace toll::tools
