// The reduced policy with a record of each decision: the same rules, and an entry for every source
// that units of a call come from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "toll/core.hpp"

namespace bench {

/// What one rule came to for one call, as ids: what stands behind them is the core's.
struct Decided {
  std::uint64_t account = 0;
  std::int64_t time = 0;
  std::uint32_t rule = 0;    ///< ClauseId
  std::uint32_t pool = 0;    ///< name
  std::uint32_t source = 0;  ///< name
  std::uint32_t unused = 0;
  std::int64_t units = 0;
};

/// The policy at `path`, a decision written wherever it counts; stops the process if it cannot.
std::shared_ptr<const toll::Core> load_recording(const std::string& path);

}  // namespace bench
