// Parts of a core as readable JSON: names in place of indexes, values in place of 128-bit numbers.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "toll/core.hpp"

namespace toll::tools {

/// The words for one core. Names that occur twice in a list are told apart as `name#2`.
class CoreText {
 public:
  explicit CoreText(const Core& core);

  [[nodiscard]] std::string clause(ClauseId id) const;
  [[nodiscard]] std::string type(const Type& type) const;
  [[nodiscard]] nlohmann::json value(const Type& type, Value value) const;

  /// Expressions are nested arrays: ["add", a, b]; constants that need a word, ["date",
  /// "2025-07-01"].
  [[nodiscard]] nlohmann::json expression(NodeId node) const;
  [[nodiscard]] nlohmann::json expressions(const std::vector<NodeId>& nodes) const;

  /// Rows to visit.
  [[nodiscard]] nlohmann::json source(const Source& source) const;

  /// Effects are objects with the verb as "do" and the clause they come from.
  [[nodiscard]] nlohmann::json effects(const Effects& effects) const;

  /// The event whose fields the nodes shown next read; kNone: fields are shown by number.
  void read_fields_of(std::uint32_t event) { event_ = event; }
  /// The one event whose handling runs this block, or kNone.
  [[nodiscard]] std::uint32_t event_of_block(std::uint32_t block) const {
    return block_events_[block];
  }

  static std::string name_at(const std::vector<std::string>& names, std::uint32_t index);

  std::vector<std::string> clauses, units, domains, tables, registers, families, machines, timers,
      events, entries, definitions, hooks, blocks;

 private:
  [[nodiscard]] nlohmann::json constant(const Node& node) const;
  [[nodiscard]] nlohmann::json cases(const Node& node) const;
  [[nodiscard]] nlohmann::json aggregate(const Aggregate& aggregate) const;
  [[nodiscard]] nlohmann::json effect(const Effect& effect) const;
  [[nodiscard]] nlohmann::json rules(const std::vector<Rule>& rules) const;
  void emit(nlohmann::json& out, const Effect& effect) const;
  [[nodiscard]] std::string column(const Type& row, std::uint32_t index) const;
  [[nodiscard]] std::string field(std::uint32_t index) const;
  void visit_block(std::uint32_t block, std::uint32_t event);
  void visit_effects(const Effects& effects, std::uint32_t event);

  const Core& core_;
  std::uint32_t event_ = kNone;
  std::vector<std::uint32_t> block_events_;
  std::vector<bool> block_shared_;
};

}  // namespace toll::tools
