// toll backtest OLD NEW --events FILE: whose bill a change of a policy would have changed.
#include "cli/backtest.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "cli/input.hpp"
#include "cli/output.hpp"
#include "io/feed.hpp"
#include "tools/backtest/backtest.hpp"

namespace toll::cli {

using backtest::kNew;
using backtest::kOld;

namespace {

struct CommandOptions {
  backtest::Both<std::string> policy;
  BacktestOptions backtest;
  std::string format = "text";
  std::string output = "-";
};

/// What both policies count, in one unit; nothing, and said why, if there is no such thing.
std::optional<backtest::Both<backtest::Counting>> counting_of(const BacktestInput& input,
                                                              Report& report) {
  backtest::Both<backtest::Counting> counting;
  backtest::Both<std::string> unit;
  for (const backtest::Side side : {kOld, kNew}) {
    const Core& core = *input.loaded[side]->policy.core;
    counting[side] = backtest::counting_of(core, input.count);
    if (!counting[side].problem.empty()) {
      report.error(counting[side].problem);
      return std::nullopt;
    }
    unit[side] = backtest::Words(core, counting[side].type, input.language).unit();
  }
  if (unit[kOld] == unit[kNew]) return counting;
  report.error(Message("backtest.policies-differ", {unit[kOld], unit[kNew]}));
  return std::nullopt;
}

/// The events of the accounts that change most, read a second time: they are explained by a replay.
std::unique_ptr<backtest::EventsOf> events_of(const BacktestInput& input,
                                              const BacktestFound& found) {
  if (found.summary.most.empty()) return nullptr;
  const Input again(input.history.events);
  if (input.history.events == "-" || again.size() == 0 || again.error() != 0) return nullptr;
  auto events = std::make_unique<backtest::EventsOf>(*input.loaded[kNew]->policy.core, found.result,
                                                     found.summary.most);
  const io::LineTaker taker = {
      [&events](std::string_view line, std::uint64_t /*number*/) { events->take(line); },
      [](std::uint64_t /*number*/) {}};
  const int error = io::read_events(again.descriptor(), taker, [](std::uint64_t) { return true; });
  if (error != 0) return nullptr;
  return events;
}

void explain_most(const BacktestInput& input, BacktestFound& found) {
  if (found.summary.most.empty()) return;
  const std::unique_ptr<backtest::EventsOf> events = events_of(input, found);
  backtest::Explaining explaining;
  for (const backtest::Side side : {kOld, kNew}) {
    explaining.policy[side] = &input.loaded[side]->policy;
    explaining.sources[side] = &input.loaded[side]->sources;
    explaining.program[side] = prepare(input.loaded[side]->policy.core);
  }
  if (found.result.until != kAbsent) {
    const std::vector<ZoneRule>& zone = input.loaded[kNew]->policy.core->zone;
    io::append_instant(explaining.until, found.result.until, io::Zone(zone));
  }
  explaining.language = input.language;
  for (const std::uint32_t account : found.summary.most) {
    found.most.push_back(backtest::explain(found.result, account, events.get(), explaining));
  }
}

}  // namespace

Option declare_backtest_options(Options& app, BacktestOptions& options, Language language) {
  const Option events = declare_history(app, options.history, "backtest", language);
  app.add_option("--count", options.count, say("help.backtest.count", language))
      .type_name("AMOUNTS");
  app.add_option("--most", options.most, say("help.backtest.most", language)).type_name("N");
  app.add_option("--max-increase", options.max_increase,
                 say("help.backtest.max-increase", language))
      .type_name("PERCENT");
  app.add_option("--max-accounts", options.max_accounts,
                 say("help.backtest.max-accounts", language))
      .type_name("N");
  return events;
}

bool read_backtest_options(const BacktestOptions& options, BacktestInput& input, Report& report) {
  if (!check_until(options.history, report)) return false;
  input.history = options.history;
  input.count = options.count;
  input.most = options.most;
  input.gate.max_accounts = options.max_accounts;
  if (options.max_increase.empty()) return true;
  input.gate.max_increase = backtest::read_percent(options.max_increase);
  if (input.gate.max_increase) return true;
  report.error(Message("backtest.bad-increase", {options.max_increase}));
  return false;
}

BacktestFound find_changes(const BacktestInput& input, Report& report) {
  BacktestFound found;
  const auto counting = counting_of(input, report);
  if (!counting) {
    found.code = kUsage;
    return found;
  }
  const Input events(input.history.events);
  found.code = kUnusable;
  if (events.error() != 0) {
    cannot_read(input.history.events, events.error(), report);
    return found;
  }
  backtest::Backtest both({input.loaded[kOld]->policy.core, input.loaded[kNew]->policy.core},
                          *counting);
  const io::LineTaker taker = {
      [&both](std::string_view line, std::uint64_t number) { both.feed(line, number); },
      [&both](std::uint64_t number) { both.feed_too_long(number); }};
  Progress progress(events.size(), !report.json());
  const int error = io::read_events(events.descriptor(), taker, [&](std::uint64_t bytes) {
    progress.at(bytes);
    return true;
  });
  if (error != 0) {
    cannot_read(input.history.events, error, report);
    return found;
  }
  const std::string& until = input.history.until;
  found.result = both.finish(until.empty() ? kAbsent : both.parse_time(until));
  found.summary = backtest::summary_of(found.result, input.most);
  found.verdict = backtest::judge(found.result, found.summary, input.gate);
  explain_most(input, found);
  found.code = kDone;
  return found;
}

namespace {

std::string text_of(const CommandOptions& options, const backtest::Told& told,
                    const backtest::Words& words, bool json) {
  if (json || options.format == "json") {
    nlohmann::json out = backtest::json_of(told, words);
    out["schema_version"] = kSchemaVersion;
    return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  if (options.format == "csv") return backtest::csv_of(told, words);
  if (options.format == "html") return backtest::page_of(told, words);
  return tools::as_text(backtest::document_of(told, words));
}

ExitCode run_backtest(const CommandOptions& options, Report& report) {
  BacktestInput input;
  if (!read_backtest_options(options.backtest, input, report)) return kUsage;
  input.policy = options.policy;
  const Loaded older = load(options.policy[kOld], false, report);
  if (older.code != kDone) return older.code;
  const Loaded newer = load(options.policy[kNew], false, report);
  if (newer.code != kDone) return newer.code;
  input.loaded = {&older, &newer};
  input.language =
      report.chosen_language().value_or(read_language(newer.policy.skin).value_or(Language::en));

  const Input events(options.backtest.history.events);  // not to be written over
  Output output = options.output == "-" ? Output() : Output(options.output, events.descriptor());
  if (!output.problem().empty()) {
    report.error(output.problem());
    return kUnusable;
  }
  const BacktestFound found = find_changes(input, report);
  if (found.code != kDone) return found.code;
  const backtest::Words words(*newer.policy.core, found.result.type, input.language);
  const backtest::Told told = {found.result,
                               found.summary,
                               input.gate,
                               found.verdict,
                               found.most,
                               options.policy,
                               options.backtest.history.events};
  output.write(text_of(options, told, words, report.json()));
  if (!output.finish()) {
    report.error(output.problem());
    return kUnusable;
  }
  const backtest::Both<std::uint64_t>& errors = found.result.errors;
  if (errors[kOld] + errors[kNew] > 0) {
    report.note(
        Message("backtest.errors", {std::to_string(errors[kOld]), std::to_string(errors[kNew]),
                                    std::to_string(found.result.events)}));
  }
  if (input.gate.wanted()) return found.verdict.kept ? kDone : kNo;
  return backtest::differs(found.result, found.summary) ? kNo : kDone;
}

}  // namespace

void declare_policies(Options& app, backtest::Both<std::string>& policy, Language language) {
  app.add_option("old", policy[kOld], say("help.backtest.old", language))
      .required()
      .type_name("OLD");
  app.add_option("new", policy[kNew], say("help.backtest.new", language))
      .required()
      .type_name("NEW");
}

Run declare_backtest(Options& app, Language language) {
  const auto options = std::make_shared<CommandOptions>();
  declare_policies(app, options->policy, language);
  declare_backtest_options(app, options->backtest, language);
  app.add_option("--format", options->format, say("help.backtest.format", language))
      .one_of({"text", "json", "csv", "html"});
  app.add_option("--output", options->output, say("help.backtest.output", language))
      .type_name("FILE");
  return [options](Report& report) { return run_backtest(*options, report); };
}

}  // namespace toll::cli
