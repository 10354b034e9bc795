// Which signs the numbers of a policy can have: a count that is only ever added to is never below
// zero, a row that is only made with something in it is never empty. What cannot be told may have
// any sign, so "cannot" is a proof, and "can" may be more than ever happens.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "toll/core.hpp"

namespace toll::tools {

/// A set of signs; the empty one: there is no such number.
class Sign {
 public:
  enum Bit : std::uint8_t { minus = 1, zero = 2, plus = 4, all = 7 };

  constexpr explicit Sign(unsigned bits = all) : bits_(static_cast<std::uint8_t>(bits)) {}
  static Sign of(Value value);

  [[nodiscard]] unsigned bits() const { return bits_; }
  [[nodiscard]] bool has(Bit bit) const { return (bits_ & bit) != 0; }
  [[nodiscard]] bool none() const { return bits_ == 0; }
  friend Sign operator|(Sign a, Sign b) { return Sign(a.bits() | b.bits()); }
  friend Sign operator&(Sign a, Sign b) { return Sign(a.bits() & b.bits()); }
  friend bool operator==(Sign a, Sign b) { return a.bits_ == b.bits_; }
  friend bool operator<(Sign a, Sign b) { return a.bits_ < b.bits_; }

 private:
  std::uint8_t bits_ = all;
};

class Signs {
 public:
  /// What is known of locals, by slot.
  using Locals = std::map<std::uint32_t, Sign>;

  explicit Signs(const Core& core);

  /// `event`: the event at hand, if there is only one.
  [[nodiscard]] Sign of(NodeId node, const Locals& locals, std::uint32_t event) const;
  /// Can the two sides of a comparison ever be the same?
  [[nodiscard]] bool can_equal(NodeId comparison) const;
  [[nodiscard]] bool can_hold(NodeId condition, const Locals& locals, std::uint32_t event) const;
  /// What locals are where the condition holds.
  [[nodiscard]] Locals where(NodeId condition, Locals locals, std::uint32_t event) const;

 private:
  struct At {
    const Locals& locals;
    std::uint32_t event;
  };

  [[nodiscard]] Sign number(const Node& node, const At& at) const;
  [[nodiscard]] Sign field(std::uint32_t index, std::uint32_t event) const;
  [[nodiscard]] Sign row_field(const Node& node) const;
  [[nodiscard]] Sign extreme(const Node& node, const At& at) const;
  [[nodiscard]] bool comparison(const Node& node, const At& at) const;
  void block(std::uint32_t index, const Locals& arguments, std::uint32_t event);
  void effects(const Effects& list, Locals locals, std::uint32_t event);
  void write(const Effect& effect, const Locals& locals, std::uint32_t event);
  void widen(Sign& known, Sign more);

  const Core& core_;
  std::vector<Sign> registers_;
  std::vector<std::vector<Sign>> fields_;  ///< by family: of rows that are there
  std::set<std::tuple<std::uint32_t, std::uint32_t, Locals>> seen_;
  bool changed_ = false;
  mutable int depth_ = 0;
};

}  // namespace toll::tools
