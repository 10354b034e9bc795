// toll scenario: an account's history as a scenario that passes today.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "engine/kernel/calendar.hpp"
#include "io/event_reader.hpp"
#include "io/line_reader.hpp"
#include "io/time_text.hpp"
#include "tools/scenario_run.hpp"
#include "tools/scenario_write.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct ScenarioOptions {
  std::string policy;
  std::string events;
  std::string account;
  std::string name;
  std::string month;
  std::string from;
  std::string until;
  bool file = false;
};

/// The account's lines, and the greatest time that any line tells.
bool read_events(const ScenarioOptions& options, const Core& core, tools::History& history,
                 Report& report) {
  int descriptor = STDIN_FILENO;
  if (options.events != "-") descriptor = ::open(options.events.c_str(), O_RDONLY | O_CLOEXEC);
  int error = descriptor < 0 ? errno : 0;
  Value latest = kAbsent;
  if (error == 0) {
    const io::Zone zone(core.zone);
    io::LineReader lines(descriptor, io::kMaxLine);
    io::LineReader::Line line;
    while (lines.next(line)) {
      if (line.number == 1 && line.text.substr(0, 3) == "\xEF\xBB\xBF") line.text.remove_prefix(3);
      const json event = line.too_long ? json() : json::parse(line.text, nullptr, false);
      if (!event.is_object()) continue;
      const auto text = [&event](const char* key) {
        const auto found = event.find(key);
        return found != event.end() && found->is_string() ? found->get<std::string>() : "";
      };
      const auto time = io::parse_instant(text("time"), zone);
      if (time && (latest == kAbsent || *time > latest)) latest = *time;
      if (text("subject") == options.account && time && !text("id").empty())
        history.events.emplace_back(line.text);
    }
    error = lines.failed();
    if (descriptor != STDIN_FILENO) ::close(descriptor);
  }
  if (error != 0) {
    report.error(Message("cli.cannot-read", {options.events, std::string(std::strerror(error))}));
    return false;
  }
  if (history.last == kAbsent) history.last = latest;
  return true;
}

/// The period that is told, from `--month` or from `--from` and `--until`.
std::optional<Message> read_period(const ScenarioOptions& options, const Core& core,
                                   tools::History& history) {
  const io::Zone zone(core.zone);
  if (!options.month.empty()) {
    const auto first = io::parse_date(options.month + "-01");
    if (!first) return Message("scenario.bad-month", {options.month});
    const Calendar calendar(core.zone);
    const auto day = static_cast<std::int64_t>(*first);
    history.from = calendar.instant({day, 0});
    history.last = calendar.instant({add_months(day, 1), 0}) - 1;
    return std::nullopt;
  }
  for (const auto& [option, text, out] : {std::tuple{"--from", &options.from, &history.from},
                                          std::tuple{"--until", &options.until, &history.last}}) {
    if (text->empty()) continue;
    const auto time = io::parse_instant(*text, zone);
    if (!time) return Message("scenario.bad-time", {option, *text});
    *out = *time;
  }
  return std::nullopt;
}

/// Does a scenario pass, read as one more file of the policy?
bool passes(const Loaded& loaded, const std::string& text) {
  std::vector<dsl::RuleFile> files;
  for (std::uint32_t file = 0; file < loaded.sources.size(); ++file) {
    const std::string& path = loaded.sources.path(file);
    const auto extension = std::filesystem::path(path).extension();
    if (extension == ".toll" || extension == ".lua")
      files.push_back({path, loaded.sources.text(file)});
  }
  const auto folder = std::filesystem::path(files.front().path).parent_path();
  const std::string path = (folder / ".written.toll").string();
  files.push_back({path, text});
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(files, sources, diagnostics);
  if (policy.core == nullptr || policy.scenarios.empty()) return false;
  const dsl::Scenario& written = policy.scenarios.back();
  if (sources.path(written.span.file) != path) return false;
  return tools::run_scenario(prepare(policy.core), written).empty();
}

std::string language_line(const std::string& skin) {
  return skin == "en" ? "language 1\n" : "language 1 " + skin + "\n";
}

ExitCode scenario(const ScenarioOptions& options, Report& report) {
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  const Core& core = *loaded.policy.core;
  tools::History history;
  if (const auto wrong = read_period(options, core, history)) {
    report.error(*wrong);
    return kUsage;
  }
  if (!read_events(options, core, history, report)) return kUnusable;
  if (history.events.empty()) {
    report.error(Message("scenario.no-account", {options.account}));
    return kNo;
  }
  const std::string& skin = loaded.policy.skin;
  const tools::ScenarioWriter writer(prepare(loaded.policy.core), *dsl::find_skin(skin));
  std::string name = options.name.empty() ? options.account : options.name;
  if (options.name.empty() && !options.month.empty()) name += " " + options.month;
  std::string cannot_say;
  for (const tools::ScenarioWriter::Style style :
       {tools::ScenarioWriter::Style{true, true}, tools::ScenarioWriter::Style{true, false},
        tools::ScenarioWriter::Style{false, true}, tools::ScenarioWriter::Style{false, false}}) {
    const tools::WrittenScenario written = writer.write(name, history, style);
    if (!written.cannot_say.empty()) cannot_say = written.cannot_say;
    if (written.text.empty() || !passes(loaded, language_line(skin) + written.text)) continue;
    if (written.expected == 0) report.note(Message("scenario.nothing-expected"));
    if (written.left_out > 0) report.note(Message("scenario.left-out", {written.left_out}));
    Output output;
    output.write((options.file ? language_line(skin) : "") + written.text);
    if (output.finish()) return kDone;
    report.error(output.problem());
    return kUnusable;
  }
  report.error(cannot_say.empty() ? Message("scenario.cannot-write", {options.account})
                                  : Message("scenario.cannot-say", {cannot_say}));
  return kNo;
}

}  // namespace

Run declare_scenario(Options& app, Language language) {
  const auto options = std::make_shared<ScenarioOptions>();
  app.add_option("policy", options->policy, say("help.policy", language))
      .required()
      .type_name("POLICY");
  app.add_option("--events", options->events, say("help.scenario.events", language))
      .required()
      .type_name("FILE");
  app.add_option("--account", options->account, say("help.scenario.account", language))
      .required()
      .type_name("NAME");
  app.add_option("--name", options->name, say("help.scenario.name", language)).type_name("NAME");
  const Option month =
      app.add_option("--month", options->month, say("help.scenario.month", language))
          .type_name("YYYY-MM");
  app.add_option("--from", options->from, say("help.scenario.from", language))
      .type_name("TIME")
      .excludes(month);
  app.add_option("--until", options->until, say("help.scenario.until", language))
      .type_name("TIME")
      .excludes(month);
  app.add_flag("--file", options->file, say("help.scenario.file", language));
  return [options](Report& report) { return scenario(*options, report); };
}

}  // namespace toll::cli
