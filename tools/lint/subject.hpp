// A policy as the rules of `toll lint` look at it, and how they say where and how much.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "messages/messages.hpp"
#include "tools/analysis/limits.hpp"
#include "tools/core_text.hpp"
#include "tools/lint/lint.hpp"
#include "tools/policy_text.hpp"

namespace toll::tools::lint_rules {

struct Finding {
  dsl::SourceSpan span;
  Message message;      ///< "W1101.falls"
  std::string subject;  ///< the name it is about, for `allow CODE NAME`
};

class Subject {
 public:
  explicit Subject(const LintRequest& request);

  [[nodiscard]] const Core& core() const { return core_; }
  [[nodiscard]] const std::vector<dsl::Scenario>& scenarios() const {
    return request_.policy.scenarios;
  }
  /// The rest of the line where a clause begins.
  [[nodiscard]] dsl::SourceSpan span(ClauseId clause) const;
  /// The line in which an effect says what it is about.
  [[nodiscard]] dsl::SourceSpan effect_span(const Effect& effect) const;
  [[nodiscard]] std::string say(Value value, const Type& type) const;
  [[nodiscard]] std::string shown(const Type& name, Value value) const;

 private:
  const LintRequest& request_;
  const Core& core_;
  CoreText values_;
  PolicyText text_;
};

/// A table of tiers and a column of prices for the units that it counts.
struct Prices {
  Tariff tariff;
  Type quantity;
  Type money;  ///< of a price times a quantity
};
/// The tariffs, then the columns of banded tables that are prices and no tariff's.
std::vector<Prices> prices_of(const Core& core);

/// Is it in force now, that is without end?
bool is_latest(const Table::Row& row);

void prices_that_fall(const Subject& subject, std::vector<Finding>& found);
void dear_packs(const Subject& subject, std::vector<Finding>& found);
void tiers_beyond_limits(const Subject& subject, std::vector<Finding>& found);
void idle_scenarios(const Subject& subject, std::vector<Finding>& found);
void missing_sources(const Subject& subject, std::vector<Finding>& found);
void names_alike(const Subject& subject, std::vector<Finding>& found);
void what_never_happens(const Subject& subject, std::vector<Finding>& found);
void gifts_without_use(const Subject& subject, std::vector<Finding>& found);
void timers_in_shadow(const Subject& subject, std::vector<Finding>& found);

}  // namespace toll::tools::lint_rules
