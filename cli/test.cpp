#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/scenario_report.hpp"
#include "tools/scenario_run.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct TestOptions {
  std::string policy;
  std::string filter;  ///< part of a scenario's name
};

json failure_json(const tools::ScenarioReport& says, const dsl::Scenario& scenario,
                  const tools::ScenarioFailure& failure, const dsl::SourceSet& sources) {
  const auto place = [&sources](const dsl::SourceSpan& span) {
    return place_json({sources.path(span.file), span.begin, span.end, sources.position(span),
                       sources.end_position(span)});
  };
  json out = says.data(scenario, failure);
  out["span"] = place(failure.span);
  if (scenario.row != 0) out["row_span"] = place(scenario.row_span);
  return out;
}

ExitCode test(const TestOptions& options, Report& report) {
  const Loaded loaded = load(options.policy, true, report);
  if (loaded.code != kDone) return loaded.code;
  const std::shared_ptr<const Program> program = prepare(loaded.policy.core);
  const tools::ScenarioReport says(loaded.policy, loaded.sources, report.language());
  Output output;
  json failures = json::array();
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const dsl::Scenario& scenario : loaded.policy.scenarios) {
    if (says.name(scenario).find(options.filter) == std::string::npos) continue;
    const auto found = tools::run_scenario(program, scenario);
    ++(found.empty() ? passed : failed);
    if (!report.json()) output.write(says.text(scenario, found));
    for (const tools::ScenarioFailure& failure : found) {
      if (report.json()) failures.push_back(failure_json(says, scenario, failure, loaded.sources));
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
