// What can be told of expressions by their form: the parts of a condition, which say the same,
// which ask for a value and which rely on it.
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
  [[nodiscard]] NodeId seen(NodeId node) const;

  const Core& core_;
};

/// Is there never more than one row for which the condition of the source holds? So where each new
/// row has a value by which its event was refused if there was one already.
bool at_most_one(const Core& core, const Source& source);

}  // namespace toll::tools
