// The same workload given to the engine, with the policy in bench/policies.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "bench/record.hpp"
#include "bench/workload.hpp"
#include "toll/batch.hpp"
#include "toll/engine.hpp"

namespace bench {

/// Where a policy of bench/policies is.
std::string path_of(const std::string& name);
/// Loads a policy of bench/policies, or at a path; stops the process if it has errors.
std::shared_ptr<const toll::Core> load_core(const std::string& name);
/// The same, made ready to run.
std::shared_ptr<const toll::Program> load_program(const std::string& name);

/// One store of accounts that takes calls.
class Contest {
 public:
  /// Opens the accounts and buys their packs; `shard` of `shards`.
  Contest(std::shared_ptr<const toll::Program> program, const Workload& workload,
          std::size_t shard = 0, std::size_t shards = 1);
  ~Contest();

  void apply(const Call* calls, std::size_t count);
  void apply_all(std::span<const Call> calls) { apply(calls.data(), calls.size()); }
  /// The same from lines of JSON (bench/lines.hpp) in a file; stops the process if one is refused.
  void apply_lines(int descriptor);
  /// Ends the last month.
  void close();
  [[nodiscard]] const Totals& totals() const;
  /// Entries other than the rows of a month, if the policy writes some.
  [[nodiscard]] const std::vector<Decided>& decisions() const;
  /// Room for so many.
  void expect_decisions(std::size_t count);
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
