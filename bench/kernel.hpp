// The same policy written by hand, as fast as one can without giving up exactness: what an engine
// that runs rule files is compared with. One flat hash from (account, pool) to 64 bytes of state,
// packs aside, rows put down when a month is over; memory is reserved and touched beforehand.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bench/workload.hpp"

namespace bench {

/// What one call came to, for those who want to know.
struct Decision {
  std::uint8_t counted = 0;
  std::uint8_t free = 0;
  std::uint8_t packs[kPacksOfPool] = {};
  std::uint8_t paid = 0;
  std::uint8_t rejected = 0;
  std::uint8_t unused = 0;
};

class Kernel {
 public:
  /// `shards` divides the room that is reserved.
  explicit Kernel(const Workload& workload, std::size_t shards = 1);
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  /// One call at a time, nothing looked ahead for.
  void apply(const Call& call);
  /// Many, with the memory of later ones fetched meanwhile.
  void apply_all(std::span<const Call> calls);
  /// The same, and a record of every decision.
  void apply_all(std::span<const Call> calls, Decision* decisions);
  /// Ends the last month and prices all rows; returns the sum of charges.
  std::int64_t close();
  [[nodiscard]] Totals totals() const;
  /// Pools that an account has used.
  [[nodiscard]] std::size_t states() const;
  /// Which of two shards an account belongs to.
  [[nodiscard]] static int shard_of(std::uint64_t account);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench
