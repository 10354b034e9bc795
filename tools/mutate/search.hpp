// Looks for a history that a policy and its mutant answer differently, and writes it as a scenario.
//
// It starts from the scenarios that come past the mutation and varies them: numbers at and beside
// the bounds that stand near the mutation, names of its rows and what other tables join to them,
// times at and beside what turns in the account. The same every time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/engine.hpp"
#include "tools/mutate/history.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll::tools {

class ScenarioSearch {
 public:
  ScenarioSearch(const dsl::Policy& policy, const dsl::SourceSet& sources, const std::string& path,
                 std::shared_ptr<const Program> program, std::size_t tries);

  /// A scenario that passes under the policy and fails under the mutant. Starts from the scenarios
  /// in `near`, which come past the mutation, or from all if there are none.
  std::optional<std::string> find(const Mutation& mutation,
                                  const std::shared_ptr<const Program>& mutant,
                                  const std::vector<std::size_t>& near);

 private:
  /// What a mutation turns on.
  struct Hints {
    std::vector<Value> numbers;                                ///< whole ones
    std::vector<std::pair<std::uint32_t, std::string>> names;  ///< by domain, as events write them
    std::vector<Value> times;
  };

  void hint_node(NodeId node, Hints& hints) const;
  void hint_rows(const Mutation& mutation, Hints& hints) const;
  void hint_name(std::uint32_t domain, std::string name, Hints& hints) const;
  [[nodiscard]] Hints hints_of(const Mutation& mutation) const;
  [[nodiscard]] bool differ(const Happenings& history) const;
  [[nodiscard]] std::optional<Value> first_difference(const Happenings& history) const;
  void vary(Happenings& history, const Hints& hints);
  void vary_field(Happening& happening, const Hints& hints);
  bool set_name(nlohmann::json& data, const Field& field, const Hints& hints);
  void add_event(Happenings& history, const std::vector<Value>& times);
  void move(Happenings& history, const std::vector<Value>& times);
  void shrink(Happenings& history) const;
  [[nodiscard]] std::optional<std::string> write(const Mutation& mutation,
                                                 const Happenings& history) const;
  [[nodiscard]] const EventType* type_of(const nlohmann::json& event) const;
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

  const dsl::Policy& policy_;
  const Core& core_;
  const dsl::SourceSet& sources_;
  const std::string& path_;
  std::shared_ptr<const Program> program_;
  std::shared_ptr<const Program> mutant_;
  std::size_t tries_;
  std::mt19937_64 random_;
  std::vector<Happenings> histories_;                          ///< by scenario
  std::map<std::string, std::vector<nlohmann::json>> events_;  ///< of the scenarios, by type
};

}  // namespace toll::tools
