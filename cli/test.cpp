#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/scenario_run.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct TestOptions {
  std::string policy;
  std::string filter;  ///< part of a scenario's name
};

std::string place_text(const dsl::SourceSpan& span, const dsl::SourceSet& sources) {
  const dsl::Position at = sources.position(span);
  return sources.path(span.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string failure_text(const dsl::Scenario& scenario, const tools::ScenarioFailure& failure,
                         const dsl::SourceSet& sources) {
  std::string out = place_text(failure.span, sources) + ": scenario `" + scenario.name +
                    "`: expected " + failure.expected + "\n";
  if (failure.entries.empty()) out += "    no entry was written since the last step\n";
  for (const std::string& entry : failure.entries) out += "    got " + entry + "\n";
  return out;
}

json failure_json(const dsl::Scenario& scenario, const tools::ScenarioFailure& failure,
                  const dsl::SourceSet& sources) {
  json entries = json::array();
  for (const std::string& entry : failure.entries) entries.push_back(json::parse(entry));
  const dsl::PlaceRecord place = {sources.path(failure.span.file), failure.span.begin,
                                  failure.span.end, sources.position(failure.span),
                                  sources.end_position(failure.span)};
  return {{"scenario", scenario.name},
          {"span", place_json(place)},
          {"expected", failure.expected},
          {"entries", std::move(entries)}};
}

ExitCode test(const TestOptions& options, Report& report) {
  const Loaded loaded = load(options.policy, true, report);
  if (loaded.code != kDone) return loaded.code;
  const std::shared_ptr<const Program> program = prepare(loaded.policy.core);
  Output output;
  json failures = json::array();
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const dsl::Scenario& scenario : loaded.policy.scenarios) {
    if (scenario.name.find(options.filter) == std::string::npos) continue;
    const auto found = tools::run_scenario(program, scenario);
    ++(found.empty() ? passed : failed);
    for (const tools::ScenarioFailure& failure : found) {
      if (report.json()) {
        failures.push_back(failure_json(scenario, failure, loaded.sources));
      } else {
        output.write(failure_text(scenario, failure, loaded.sources));
      }
    }
  }
  if (report.json()) {
    const json result = {{"schema_version", kSchemaVersion},
                         {"passed", passed},
                         {"failed", failed},
                         {"failures", std::move(failures)}};
    output.write(result.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  } else {
    output.write(report.text(Message("cli.test.summary", {passed, failed})) + "\n");
  }
  if (!output.finish()) {
    report.error(output.problem());
    return kUnusable;
  }
  if (passed + failed == 0) {
    report.error(options.filter.empty() ? Message("cli.test.no-scenarios")
                                        : Message("cli.test.none-named", {options.filter}));
    return kNo;
  }
  return failed > 0 ? kNo : kDone;
}

}  // namespace

Run declare_test(CLI::App& app, Language language) {
  const auto options = std::make_shared<TestOptions>();
  app.add_option("path", options->policy, say("help.policy", language))
      ->required()
      ->type_name("PATH");
  app.add_option("--filter", options->filter, say("help.test.filter", language))->type_name("NAME");
  return [options](Report& report) { return test(*options, report); };
}

}  // namespace toll::cli
