// The same workload given to the engine, with the policy in bench/policies.
#pragma once

#include <memory>
#include <string>

#include "bench/workload.hpp"
#include "toll/batch.hpp"
#include "toll/engine.hpp"

namespace bench {

/// Loads a policy of bench/policies; stops the process if it has errors.
std::shared_ptr<const toll::Program> load_program(const std::string& name);

/// One store of accounts that takes calls.
class Contest {
 public:
  /// Opens the accounts and buys their packs; `shard` of `shards`.
  Contest(std::shared_ptr<const toll::Program> program, const Workload& workload,
          std::size_t shard = 0, std::size_t shards = 1);
  ~Contest();

  void apply(const Call* calls, std::size_t count);
  /// Ends the last month.
  void close();
  [[nodiscard]] const Totals& totals() const;
  /// Entries other than the rows of a month.
  [[nodiscard]] std::uint64_t decisions() const;
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
