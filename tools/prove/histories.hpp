// Histories made up for a policy: its scenarios, as they are and varied, and events of all its
// types with values from its own domains, tables and bounds, at times around its own deadlines and
// dates. What they break is refuted; what they do not break is not proved.
#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tools/diff/vary.hpp"
#include "tools/prove/context.hpp"

namespace toll::tools::prover {

struct Happening {
  std::string json;  ///< a line of the wire
  Value time = 0;
};

/// A history that breaks a claim, as short as leaving out events makes it.
struct Broken {
  std::vector<Happening> events;
  Value at = 0;  ///< when it was broken: the last event's time, or that of a timer after it
};

/// A policy that watches its own entries: for each claim about them a register that tells whether
/// one of them broke it. Nothing else differs.
struct Watched {
  std::shared_ptr<const Core> core;
  std::shared_ptr<const Program> program;
  std::map<std::uint32_t, std::uint32_t> registers;  ///< by proof

  /// Does the claim fail of the account as it is?
  [[nodiscard]] bool broken(const Account& account, std::uint32_t proof) const;
};
Watched watch(const Core& core);

class Histories {
 public:
  explicit Histories(const Context& context);

  /// An event that is not refused, at a time or within a day of it.
  [[nodiscard]] std::optional<Happening> one_event(Value time) const;

  /// Looks for histories that break any of these claims about states and entries: the policy's
  /// scenarios first, then so many that are made up.
  [[nodiscard]] std::map<std::uint32_t, Broken> search(
      const std::vector<std::uint32_t>& proofs) const;

  /// A history as events alone.
  [[nodiscard]] std::vector<Happening> random_history(std::mt19937_64& random,
                                                      std::uint32_t events) const;

 private:
  class Maker;
  void collect();
  void run(const Watched& watched, const std::vector<Happening>& events,
           std::vector<std::uint32_t>& open, std::map<std::uint32_t, Value>& broken) const;
  /// A scenario, some steps away from what it says.
  [[nodiscard]] std::vector<Happening> varied(const diff::Vary& vary,
                                              const std::vector<diff::PlayedHistory>& seeds,
                                              std::mt19937_64& random) const;
  /// Those of the open claims that a history breaks, in as few events as that takes.
  void look(const Watched& watched, std::vector<Happening> events, std::vector<std::uint32_t>& open,
            std::map<std::uint32_t, Broken>& found) const;

  const Context& context_;
  const Core& core_;
  std::vector<std::int64_t> counts_;   ///< numbers of the policy, and their neighbours
  std::vector<std::string> decimals_;  ///< amounts of the policy
  std::vector<Value> dates_;           ///< instants at which rows begin or end
};

}  // namespace toll::tools::prover
