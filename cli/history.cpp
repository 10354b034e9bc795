#include "cli/history.hpp"

#include <cstring>
#include <vector>

#include "io/time_text.hpp"

namespace toll::cli {

Option declare_history(Options& app, History& history, const std::string& command,
                       Language language) {
  // messages: help.*
  app.add_option("--until", history.until, say(Message("help." + command + ".until"), language))
      .type_name("TIME");
  return app
      .add_option("--events", history.events, say(Message("help." + command + ".events"), language))
      .required()
      .type_name("FILE");
}

bool check_until(const History& history, Report& report) {
  const std::vector<ZoneRule> utc;  // the policy's zone is not known yet
  if (history.until.empty() || io::parse_instant(history.until, io::Zone(utc))) return true;
  report.error(Message("cli.bad-until", {history.until}));
  return false;
}

void cannot_read(const std::string& path, int error, Report& report) {
  report.error(Message("cli.cannot-read", {path, std::string(std::strerror(error))}));
}

}  // namespace toll::cli
