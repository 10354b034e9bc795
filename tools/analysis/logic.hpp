// What follows from conditions by their form alone: which cannot hold together, and what becomes of
// one where a value that it asks for is absent.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "toll/core.hpp"

namespace toll::tools {

/// A condition that is proven of every row of a family, whatever an account does.
struct RowFact {
  std::uint32_t family = 0;
  std::uint32_t slot = 0;  ///< the local that is the row
  NodeId body = kNoNode;
};
/// Proving takes a while: only asked for where it may help.
using RowFacts = std::function<const std::vector<RowFact>&()>;

/// What holds of expressions in one state.
class Logic {
 public:
  explicit Logic(const Core& core) : core_(core) {}

  /// They cannot both hold.
  [[nodiscard]] bool exclude(NodeId a, NodeId b) const;
  /// One of the conditions that hold together is what `node` says, or all of its parts are.
  [[nodiscard]] bool follows(const std::vector<NodeId>& together, NodeId node) const;
  /// What is proven of a row leaves no room for these conditions to hold together.
  [[nodiscard]] bool refuted(const RowFact& fact, const std::vector<NodeId>& together) const;
  /// The parts of a condition, each of which has to hold.
  [[nodiscard]] std::vector<NodeId> parts(NodeId node) const;
  [[nodiscard]] bool same(NodeId a, NodeId b) const;
  /// What the condition asks to be there (`has x`); kNoNode: it is no such condition.
  [[nodiscard]] NodeId asked_for(NodeId condition) const;
  /// The same of `no x`.
  [[nodiscard]] NodeId asked_away(NodeId condition) const;
  /// Does an expression read the value as one that is surely there?
  [[nodiscard]] bool relies_on(NodeId expression, NodeId value) const;

 private:
  enum class Without : std::uint8_t { unknown, absent, never };

  [[nodiscard]] NodeId seen(NodeId node) const;
  [[nodiscard]] bool contradict(NodeId a, NodeId b) const;
  /// What an expression is while `value` is absent: absent too, a condition that never holds.
  [[nodiscard]] Without without(NodeId expression, NodeId value) const;

  const Core& core_;
  /// While a fact about rows is looked at: its row, on the left of every comparison, is this one.
  mutable std::uint32_t row_slot_ = kNone;
  mutable NodeId row_ = kNoNode;
};

/// Is there never more than one row for which the condition of the source holds? So where each new
/// row has a value by which its event was refused if there was one already.
bool at_most_one(const Core& core, const Source& source);

}  // namespace toll::tools
