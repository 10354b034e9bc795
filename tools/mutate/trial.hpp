// Scenarios run for their verdict alone, again and again under other programs: parsed once, stopped
// at the first thing that is not as expected. And the ledger of events under a program.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"
#include "toll/json.hpp"
#include "toll/value.hpp"
#include "tools/entry_match.hpp"

namespace toll::tools {

/// Timers may fire so often before one event: a policy that goes beyond that is taken for one that
/// never ends. A count and not a clock, so that every run says the same.
inline constexpr int kMostFires = 2000;

/// Is the account calm until then, or do its timers go on and on?
bool ends(const Account& account, Value until);

class Trial {
 public:
  enum class Verdict : std::uint8_t { passed, failed, endless };

  Trial(const Core& core, const std::vector<dsl::Scenario>& scenarios);

  [[nodiscard]] std::size_t size() const { return scenarios_.size(); }
  [[nodiscard]] Verdict run(const std::shared_ptr<const Program>& program,
                            std::size_t scenario) const;

 private:
  struct Step {
    dsl::ScenarioStep::Kind kind = dsl::ScenarioStep::Kind::event;
    std::string line;         ///< event
    std::string subject;      ///< of the last event so far
    Value time = kAbsent;     ///< event, until
    nlohmann::json expected;  ///< expect
    bool negated = false;
    std::uint32_t count = kNone;
    std::uint32_t definition = kNone;
  };
  EntryMatch match_;
  std::vector<std::vector<Step>> scenarios_;
};

}  // namespace toll::tools
