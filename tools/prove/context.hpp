// What the parts of the prover share: the policy, its words, and what an expression depends on.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "io/ledger_writer.hpp"
#include "toll/engine.hpp"
#include "tools/analysis/schedule.hpp"
#include "tools/policy_text.hpp"
#include "tools/prove/prove.hpp"

namespace toll::tools::prover {

/// What the value of an expression hangs on, besides tables.
struct Depends {
  bool account = false;  ///< registers, states, rows
  bool event = false;
  bool time = false;    ///< in another way than by which rows of tables are in force
  bool opaque = false;  ///< something that no rule says
};
Depends depends_on(const Core& core, NodeId root);
Depends depends_on(const Core& core, const Source& source);

class Context {
 public:
  Context(const dsl::Policy& policy, const std::vector<dsl::File>& files,
          const ProveOptions& options, const TryScenario& passes);

  const dsl::Policy& policy;
  const std::shared_ptr<const Core> core_kept;
  const Core& core;
  const std::shared_ptr<const Program> program;
  const ProveOptions& options;
  const dsl::Skin& skin;
  const PolicyText text;

  /// The instants from which some row of a table is in force or no more, and one before all.
  [[nodiscard]] std::vector<Value> eras() const;
  /// A value in the words of the policy: `1000 call`.
  [[nodiscard]] std::string say(Value value, const Type& type) const;
  /// The names in the cells of a row by which it is looked up, the band left out.
  [[nodiscard]] std::string keys(const Table& table, const std::vector<Value>& keys) const;
  /// What the author wrote of a proof: the line that begins with a word, without it; nothing if the
  /// files do not say.
  [[nodiscard]] std::optional<std::string> written(const Proof& proof, std::string_view lead) const;
  /// The condition of a proof as one expression, in the author's words.
  [[nodiscard]] std::optional<std::string> condition(const Proof& proof) const;

  /// A scenario of some event that is not refused at that time, or soon after, and then these
  /// expectations; empty if none is found or it does not pass.
  [[nodiscard]] std::string scenario(const Proof& proof, Value time,
                                     const std::vector<std::string>& expectations) const;
  [[nodiscard]] bool passes(const std::string& scenario) const;

 private:
  const std::vector<dsl::File>& files_;
  const TryScenario& passes_;
};

/// For programs: a band in which a bill falls, of the schedule in force at `era`.
FallingBand falling_band(const Context& context, const Tariff& tariff, const Schedule& schedule,
                         Value era, const Band& band);

// One file each.
Proven prove_falls(const Context& context, std::uint32_t proof);
Proven prove_unchanged(const Context& context, std::uint32_t proof);
Proven prove_same(const Context& context, std::uint32_t proof);
Proven prove_rows(const Context& context, std::uint32_t proof);
Proven prove_returns(const Context& context, std::uint32_t proof);
Proven prove_timers(const Context& context, std::uint32_t proof);

}  // namespace toll::tools::prover
