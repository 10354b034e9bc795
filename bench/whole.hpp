// The whole policy, from structs to structs: events of the contract, read beforehand into what the
// library takes, and entries as the library gives them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "bench/workload.hpp"
#include "toll/engine.hpp"

namespace bench {

/// What came out of it.
struct WholeTotals {
  std::uint64_t events = 0;
  std::uint64_t entries = 0;
  std::uint64_t members = 0;  ///< of entries, those that are there
  std::uint64_t errors = 0;
};

/// Applies a set's events to accounts of a policy: repeats are told, ids are remembered, timers
/// fire. Events are read some at a time; `time` is given what is to be timed, again and again.
using Timed = std::function<void(const std::function<void()>& work)>;
WholeTotals apply_whole(const std::shared_ptr<const toll::Program>& program,
                        const Workload& workload, const Timed& time);

}  // namespace bench
