// A scenario written from what happened: an account's events, and of each what it wrote, in the
// words of the policy.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"
#include "toll/value.hpp"
#include "tools/policy_text.hpp"

namespace toll::tools {

struct History {
  std::vector<std::string> events;  ///< lines of one account, in order of arrival
  Value from = kAbsent;             ///< entries from here on are expected; absent: all
  Value last = kAbsent;             ///< and until here, inclusive: nothing after it is told
  /// Another policy, or none: what it would write and this one does not is expected not to come.
  std::shared_ptr<const Program> unlike;
};

struct WrittenScenario {
  std::string text;          ///< empty: it cannot be written
  std::size_t steps = 0;     ///< events and times that pass
  std::size_t expected = 0;  ///< expectations
  std::size_t left_out = 0;  ///< events that were refused, which the language cannot say
  std::string cannot_say;    ///< the id of the first event that did happen and cannot be said
};

class ScenarioWriter {
 public:
  /// How faithful a scenario can be is found out by running it: see Style.
  struct Style {
    bool times = true;     ///< a step for each time at which timers fired
    bool refused = true;   ///< also events that were refused
    bool silence = false;  ///< say also that nothing was written
  };

  ScenarioWriter(std::shared_ptr<const Program> program, const dsl::Skin& skin);

  [[nodiscard]] WrittenScenario write(const std::string& name, const History& history,
                                      Style style) const;

 private:
  struct Step;
  [[nodiscard]] std::vector<Step> replay(const std::shared_ptr<const Program>& program,
                                         const History& history, const Style& style) const;
  void split(const Step& step, const Style& style, std::vector<Step>& out) const;
  void add_unlike(const std::vector<Step>& others, std::vector<Step>& steps) const;
  [[nodiscard]] std::vector<std::string> expectations(const Step& step,
                                                      const History& history) const;
  [[nodiscard]] Value time_of(const nlohmann::json& entry) const;
  [[nodiscard]] bool is_expected(const nlohmann::json& entry, const Step& step,
                                 const History& history) const;

  std::shared_ptr<const Program> program_;
  PolicyText text_;
};

}  // namespace toll::tools
