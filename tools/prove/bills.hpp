// What a tariff's schedules cost, in the words of the policy; and what a claim excepts of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/prove/context.hpp"

namespace toll::tools::prover {

using Ranges = std::vector<Proof::Range>;

/// In order, and none beside the next.
Ranges tidy(Ranges ranges);
/// The first number that is in one and not in the other.
std::optional<Value> first_beyond(const Ranges& ranges, const Ranges& others);

/// What the exceptions say of some keys.
struct Excepted {
  bool any = false;
  bool everywhere = false;
  Ranges ranges;
};
Excepted excepted(const Proof& proof, const Table& table, const std::vector<Value>& keys);

/// The words for one schedule's bills, in messages and in scenarios.
class Bills {
 public:
  Bills(const Context& context, const Proof& proof, const Schedule& schedule);

  [[nodiscard]] std::string keys() const;
  [[nodiscard]] std::string quantity(Value value) const;
  [[nodiscard]] std::string money(Value value) const;
  [[nodiscard]] std::string bill(Value at) const;
  /// `either(charge(list, text, 9_999 call, 9_999 call), 0)`: an expression of the language.
  [[nodiscard]] std::string expression(Value at) const;

 private:
  const Context& context_;
  const Proof& proof_;
  const Table& table_;
  const Schedule& schedule_;
  Type quantity_;
  Type price_;
  Type money_;
};

/// One more thing that does not hold; the first scenario is kept.
void refute(Proven& made, Message detail, std::string scenario);

}  // namespace toll::tools::prover
