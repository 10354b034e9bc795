// What the parts of the mutator share: which of the core somebody wrote, where it stands, what it
// is called, and the list that mutations are put into.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dsl/policy.hpp"
#include "tools/coverage/places.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll::tools {

class MutationMaker : private PolicyPlaces {
 public:
  using What = Mutation::Kind;

  MutationMaker(const dsl::Policy& policy, const dsl::SourceSet& sources);
  std::vector<Mutation> make();

 private:
  /// One written expression: all nodes that it became.
  struct Written {
    std::vector<NodeId> nodes;
    dsl::SourceSpan span;
    ClauseId clause = kNone;  ///< of the rule or declaration around it
  };

  // -- what is reached, and from where (maker.cpp)
  void reach();
  void reach_node(NodeId node, ClauseId clause);
  void reach_source(const Source& source, ClauseId clause);
  void reach_block(std::uint32_t block);
  void reach_effects(const Effects& effects, ClauseId clause);
  void group();

  // -- the list (maker.cpp)
  /// Did one declaration make both? Then their order is its own.
  [[nodiscard]] bool made_together(ClauseId a, ClauseId b) const;
  Mutation& add(What kind, ClauseId clause, dsl::SourceSpan span, Message says,
                std::function<void(Core&)> apply);

  // -- mutate_tables.cpp
  void tables();
  void rows_missing(std::uint32_t table);
  void cells(std::uint32_t table);
  void bounds(std::uint32_t table);
  void editions(std::uint32_t table);

  // -- mutate_values.cpp
  void values();
  void constant(const Written& written);
  void comparison(const Written& written);
  void junction(const Written& written);
  void condition(const Written& written);
  void other_operation(const Written& written);
  void fallbacks(const Written& written);
  void cases(const Written& written);
  void add_to(const Written& written, What kind, Message says,
              std::function<void(Core&, NodeId)> apply);

  // -- mutate_steps.cpp
  void steps();
  void step(std::uint32_t block, std::size_t number, const Effect& effect, ClauseId clause);
  void rules_of(std::uint32_t block, std::size_t number, const Effect& effect);
  void sources();
  void source_order(const std::vector<NodeId>& by);
  void events();
  void field(std::uint32_t event, const Field& field, const std::function<Field&(Core&)>& place);
  void refusals(std::uint32_t event);
  void starts();
  void timers();
  void spellings();

  const Core& core_;
  std::set<ClauseId> machine_clauses_;
  std::vector<bool> blocks_;       ///< reached
  std::vector<bool> definitions_;  ///< reached
  std::vector<ClauseId> nodes_;    ///< by node: the clause around it; kNone: not reached
  std::vector<bool> reached_;
  std::vector<std::pair<const Source*, ClauseId>> traversals_;
  std::vector<Written> written_;
  std::vector<Mutation> out_;
};

/// The effects of a block in the order of the text, outer before inner; and by their number.
std::vector<const Effect*> effects_of(const Block& block);
Effect& effect_at(Core& core, std::uint32_t block, std::size_t number);

/// Makes a node `not` of what it was.
void negate_node(Core& core, NodeId node);
/// Another value of the type, by one step up or down; nothing: there is none.
std::optional<Value> next_value(const Core& core, const Type& type, Value value, bool up);

}  // namespace toll::tools
