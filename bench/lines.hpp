// The workload as lines of JSON: a meter's own short lines, and the contract's events.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "bench/workload.hpp"
#include "toll/core.hpp"

namespace bench {

/// One line a call, without an envelope. Returns the bytes written.
std::uint64_t write_lines(const Workload& workload, const std::string& path);

/// How many events and bytes a file of the contract has.
struct Written {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
};

/// Every customer's opening, pay-as-you-go switch and credit, every pack and call, under the names
/// of a policy that takes the contract's events: the first of its interfaces that a new account can
/// call at that time, in their order, and the pools that those calls draw from.
Written write_events(const Workload& workload, const std::shared_ptr<const toll::Core>& core,
                     const std::string& path);

/// The same, line by line.
using EachLine = std::function<void(std::string_view line)>;
std::uint64_t make_events(const Workload& workload, const std::shared_ptr<const toll::Core>& core,
                          const EachLine& each);

}  // namespace bench
