// What rules let anyone have: `event.count > limits[..].most`. A tier that begins beyond is one that
// nobody reaches.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "toll/core.hpp"

namespace toll::tools {

bool has_currency(const Core& core, const Dimension& dimension);

/// The first name among the keys; kNone: there is none.
std::uint32_t name_key(const Table& table);

class Limits {
 public:
  explicit Limits(const Core& core);

  /// The most units that rules let the name of a banded row have; nothing: any number.
  [[nodiscard]] std::optional<Value> of(const Table& table, const Table::Row& row) const;

 private:
  void look(NodeId id);

  const Core& core_;
  std::set<NodeId> seen_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> columns_;  ///< that quantities are held against
};

}  // namespace toll::tools
