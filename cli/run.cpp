#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"
#include "io/feed.hpp"
#include "io/time_text.hpp"
#include "toll/json.hpp"

namespace toll::cli {
namespace {

struct RunOptions {
  std::string policy;
  std::string events;  ///< a path, or "-"
  std::string until;   ///< empty: the greatest time in the input
  std::string ledger = "-";
};

void summarise(const JsonRunner::Totals& totals, Report& report) {
  report.member("run", {{"events", totals.events},
                        {"entries", totals.entries},
                        {"errors", totals.errors},
                        {"accounts", totals.accounts}});
  if (totals.errors > 0)
    report.note(
        Message("cli.run.errors", {std::to_string(totals.errors), std::to_string(totals.entries),
                                   std::to_string(totals.events)}));
}

ExitCode run(const RunOptions& options, Report& report) {
  const std::vector<ZoneRule> utc;  // the policy's zone is not known yet
  if (!options.until.empty() && !io::parse_instant(options.until, io::Zone(utc))) {
    report.error(Message("cli.bad-until", {options.until}));
    return kUsage;
  }
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;

  const Input input(options.events);
  const auto unreadable = [&](int error) {
    report.error(Message("cli.cannot-read", {options.events, std::string(std::strerror(error))}));
    return kUnusable;
  };
  if (input.error() != 0) return unreadable(input.error());
  std::optional<Output> output;
  if (options.ledger == "-") {
    output.emplace();
  } else {
    output.emplace(options.ledger, input.descriptor());
  }

  JsonRunner runner(loaded.policy.core, [&output](std::string_view line) {
    output->write(line);
    output->write("\n");
  });
  const Value until = options.until.empty() ? kAbsent : runner.parse_time(options.until);
  int error = 0;
  if (output->problem().empty()) {
    Progress progress(input.size(), !report.json());
    error = io::feed_all(input.descriptor(), runner, [&](std::uint64_t bytes) {
      progress.at(bytes);
      return output->problem().empty();
    });
    const Value end = until == kAbsent ? runner.latest_time() : until;
    if (error == 0 && end != kAbsent) runner.advance(end);
  }
  output->finish();
  if (error != 0) return unreadable(error);
  if (!output->problem().empty()) {
    report.error(output->problem());
    return kUnusable;
  }
  summarise(runner.totals(), report);
  return runner.totals().errors > 0 ? kNo : kDone;
}

}  // namespace

Run declare_run(Options& app, Language language) {
  const auto options = std::make_shared<RunOptions>();
  app.add_option("policy", options->policy, say("help.policy", language))
      .required()
      .type_name("POLICY");
  app.add_option("--events", options->events, say("help.run.events", language))
      .required()
      .type_name("FILE");
  app.add_option("--until", options->until, say("help.run.until", language)).type_name("TIME");
  app.add_option("--ledger", options->ledger, say("help.run.ledger", language)).type_name("FILE");
  return [options](Report& report) { return run(*options, report); };
}

}  // namespace toll::cli
