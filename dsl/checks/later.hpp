// Is a deadline later than now? A proof from how it is made: the start of a later month, now and a
// while, the later of two of which one is later. What cannot be proved is "no".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "toll/core.hpp"

namespace toll::dsl {

/// What is surely so of a value, seen from `now`: it is not before a bound. Bounds of instants are
/// a number of nanoseconds from now, or the first instant of a day some days from now; those of
/// dates and months are a number of days or months from today's, those of numbers and spans a
/// number.
struct Bound {
  enum class Of : std::uint8_t { nothing, now, midnight, day, month, number };
  Of of = Of::nothing;
  Value least = 0;

  [[nodiscard]] bool known() const { return of != Of::nothing; }
  [[nodiscard]] bool later_than_now() const {
    return (of == Of::now && least > 0) || (of == Of::midnight && least >= 1);
  }
};

/// What locals are known to be, by slot.
using Bounds = std::map<std::uint32_t, Bound>;

class Lateness {
 public:
  explicit Lateness(const Core& core) : core_(core) {}

  /// `sure`: conditions that hold where the value is made.
  Bound bound(NodeId node, const Bounds& locals, const std::vector<NodeId>& sure);

 private:
  Bound bound_(NodeId node, const Bounds& locals, const std::vector<NodeId>& sure);
  Bound cases(const Node& node, const Bounds& locals, const std::vector<NodeId>& sure);
  Bound sum(const Node& node, const Bounds& locals, const std::vector<NodeId>& sure);
  Bound extreme(const Node& node, const Bounds& locals, const std::vector<NodeId>& sure);
  Bound lookup(const Node& node);
  bool said_later(NodeId node, NodeId condition) const;
  std::string key(NodeId node) const;
  bool is_now(NodeId node) const;

  const Core& core_;
  int depth_ = 0;
};

}  // namespace toll::dsl
