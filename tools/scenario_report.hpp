// What is said about a scenario that failed: the entry expected beside the one that came, why it
// came, and the events before; as text for people and as data.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "tools/entry_compare.hpp"
#include "tools/policy_text.hpp"
#include "tools/scenario_run.hpp"

namespace toll::tools {

class ScenarioReport {
 public:
  /// Borrows all three.
  ScenarioReport(const dsl::Policy& policy, const dsl::SourceSet& sources, Language language);

  /// The scenario's name; of a row with its number and what tells it from the others.
  [[nodiscard]] std::string name(const dsl::Scenario& scenario) const;
  /// All failures of one scenario; what would be said twice is said once.
  [[nodiscard]] std::string text(const dsl::Scenario& scenario,
                                 const std::vector<ScenarioFailure>& failures) const;
  [[nodiscard]] nlohmann::json data(const dsl::Scenario& scenario,
                                    const ScenarioFailure& failure) const;

 private:
  /// A line of a rule file that had a part in it.
  struct Reason {
    std::string rule;   ///< "FILE:LINE" as the ledger has it
    std::string place;  ///< the same with the whole path
    std::string text;
    std::string source;  ///< the paragraph it implements
    bool row = false;    ///< of a table
  };
  struct Details {
    std::vector<nlohmann::json> came;
    std::optional<std::size_t> shown;  ///< the entry compared or not wanted
    std::vector<ComparedMember> members;
    std::vector<Reason> reasons;
  };

  [[nodiscard]] Details details(const dsl::ScenarioStep& step,
                                const ScenarioFailure& failure) const;
  [[nodiscard]] std::vector<Reason> reasons(const nlohmann::json& entry,
                                            const std::vector<ClauseId>& clauses) const;
  [[nodiscard]] Reason reason(const std::string& file, std::uint32_t line) const;
  [[nodiscard]] std::string paragraph(ClauseId clause) const;
  [[nodiscard]] std::string step_text(const dsl::ScenarioStep& step) const;
  [[nodiscard]] std::string place(const dsl::SourceSpan& span) const;
  [[nodiscard]] std::string one_line(const dsl::SourceSpan& span) const;
  [[nodiscard]] std::string headline(const dsl::ScenarioStep& step, const ScenarioFailure& failure,
                                     const Details& details) const;
  [[nodiscard]] std::string comparison(const std::vector<ComparedMember>& members) const;
  [[nodiscard]] std::string values(const dsl::ScenarioStep& step, const ScenarioFailure& failure,
                                   const std::string& indent) const;
  [[nodiscard]] std::string entry_text(const nlohmann::json& entry) const;
  [[nodiscard]] std::string value_text(const std::string& value, const Type& type) const;
  [[nodiscard]] std::string say(const Message& message) const {
    return toll::say(message, language_);
  }

  const dsl::Policy& policy_;
  const dsl::SourceSet& sources_;
  Language language_;
  PolicyText words_;
  EntryCompare compare_;
  std::set<ClauseId> rows_;                                  ///< clauses that are rows of tables
  std::map<std::string, std::uint32_t> files_;               ///< as clauses name them
  std::map<std::string, std::vector<ClauseId>> clauses_at_;  ///< "FILE:LINE"
};

}  // namespace toll::tools
