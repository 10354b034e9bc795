// What commands that replay events have in common: --events and --until.
#pragma once

#include <string>
#include <string_view>

#include "cli/options.hpp"
#include "cli/report.hpp"
#include "messages/messages.hpp"

namespace toll::cli {

struct History {
  std::string events;  ///< a path, or "-"
  std::string until;   ///< RFC 3339; empty: the greatest time in the events
};

/// Declares both, with the texts `help.COMMAND.events` and `help.COMMAND.until`. Returns --events,
/// which is required unless somebody says otherwise.
Option declare_history(Options& app, History& history, const std::string& command,
                       Language language);

/// False, and said: --until is no time.
bool check_until(const History& history, Report& report);

/// The events, or what they are read from, cannot be read: says so.
void cannot_read(const std::string& path, int error, Report& report);

}  // namespace toll::cli
