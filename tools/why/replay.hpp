// One account's events once more, with a trace.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "toll/engine.hpp"
#include "tools/why/record.hpp"

namespace toll::why {

/// The lines of a file of events that name one account, and the greatest time of them all.
struct History {
  struct Event {
    std::string json;
    std::uint64_t line = 0;
  };
  std::string account;
  std::vector<Event> events;
  std::string until;  ///< RFC 3339; empty: none of the lines told a time
};

/// Keeps the lines about `account`; `until` empty: the greatest time that any line tells.
History history_of(const Core& core, const std::vector<std::string>& lines,
                   const std::string& account, const std::string& until);

/// Plays a history; the steps numbered in `detailed` are kept whole.
std::unique_ptr<Recorder> replay(const std::shared_ptr<const Program>& program,
                                 const History& history, std::set<std::size_t> detailed);

}  // namespace toll::why
