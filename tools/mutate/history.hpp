// A history that may still change: events and passing time, as data. And what a program answers.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"
#include "toll/value.hpp"

namespace toll::tools {

struct Happening {
  nlohmann::json event;  ///< null: time passes
  Value time = kAbsent;
};
using Happenings = std::vector<Happening>;

Happenings happenings_of(const Core& core, const dsl::Scenario& scenario);

/// What each happening wrote, as a scenario sees it: neither the rule nor the words of a message.
/// Nothing: the timers never end.
using Answers = std::vector<std::vector<std::string>>;
std::optional<Answers> answers(const std::shared_ptr<const Program>& program,
                               const Happenings& history);

/// Instants at which something may turn in the account after a history: deadlines and what its rows
/// keep.
std::vector<Value> instants(const std::shared_ptr<const Program>& program,
                            const Happenings& history);

/// The line of an event, with an id of its own and one account for all.
std::string line_of(const Core& core, const Happening& happening, std::size_t number);

}  // namespace toll::tools
