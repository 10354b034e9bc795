#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "cli/commands.hpp"
#include "cli/coverage.hpp"
#include "cli/file_watch.hpp"
#include "cli/output.hpp"
#include "tools/scenario_report.hpp"
#include "tools/scenario_run.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct TestOptions {
  std::string policy;
  std::string filter;  ///< part of a scenario's name
  bool watch = false;
  CoverageOptions coverage;
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

/// What one run came to; for a watch, to be compared with the next.
struct Results {
  std::map<std::string, std::string> failed;  ///< by the name of the test: what is said about it
  std::vector<std::string> order;             ///< of the failed
  std::size_t passed = 0;
  json failures = json::array();
  std::vector<std::string> hooks;  ///< that scenarios ran, and nobody looked into
  std::optional<tools::Coverage> coverage;
};

Results run_tests(const TestOptions& options, const Loaded& loaded, const Report& report) {
  const std::shared_ptr<const Program> program = prepare(loaded.policy.core);
  const tools::ScenarioReport says(loaded.policy, loaded.sources, report.language());
  Results results;
  for (const Hook& hook : loaded.policy.core->hooks) results.hooks.push_back(hook.name);
  for (const dsl::Scenario& scenario : loaded.policy.scenarios) {
    const std::string name = says.name(scenario);
    if (name.find(options.filter) == std::string::npos) continue;
    const auto found = tools::run_scenario(program, scenario);
    if (found.empty()) {
      ++results.passed;
      continue;
    }
    for (const tools::ScenarioFailure& failure : found)
      results.failures.push_back(failure_json(says, scenario, failure, loaded.sources));
    // Two scenarios of one name are two tests.
    std::string key = name;
    while (results.failed.count(key) != 0) key += '\'';
    results.order.push_back(key);
    results.failed[key] = says.text(scenario, found);
  }
  if (options.coverage.on) {
    results.coverage =
        tools::measure_coverage(loaded.policy, loaded.sources, [&](const dsl::Scenario& scenario) {
          return says.name(scenario).find(options.filter) != std::string::npos;
        });
  }
  return results;
}

/// What is new since the run before; the first time, everything.
std::string changes(const Results& before, const Results& now, const Report& report) {
  std::string out;
  for (const std::string& name : before.order)
    if (now.failed.count(name) == 0) out += report.text({"test.no-longer-fails", {name}}) + "\n";
  for (const std::string& name : now.order) {
    const auto known = before.failed.find(name);
    if (known == before.failed.end() || known->second != now.failed.at(name))
      out += now.failed.at(name);
  }
  return out;
}

bool write_results(const Results& before, const Results& now, const Report& report,
                   Output& output) {
  if (report.json()) {
    json result = {{"schema_version", kSchemaVersion},
                   {"passed", now.passed},
                   {"failed", now.order.size()},
                   {"failures", now.failures}};
    if (!now.hooks.empty()) result["hooks"] = now.hooks;
    if (now.coverage) result["coverage"] = coverage_json(*now.coverage, report);
    output.write(result.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  } else {
    output.write(changes(before, now, report) +
                 report.text({"cli.test.summary", {now.passed, now.order.size()}}) + "\n");
    if (now.coverage) output.write("\n" + coverage_text(*now.coverage, report));
  }
  return output.finish();
}

ExitCode answer(const TestOptions& options, const Results& results, Report& report) {
  if (results.passed + results.order.size() > 0) return results.order.empty() ? kDone : kNo;
  report.error(options.filter.empty() ? Message("cli.test.no-scenarios")
                                      : Message("cli.test.none-named", {options.filter}));
  return kNo;
}

/// The folders in which a save may change the policy.
std::set<std::string> folders_of(const TestOptions& options, const Loaded& loaded) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::set<std::string> folders;
  const fs::path path(options.policy);
  folders.insert(fs::is_directory(path, error) ? path.string() : path.parent_path().string());
  for (std::uint32_t file = 0; file < loaded.sources.size(); ++file) {
    const fs::path source(loaded.sources.path(file));
    if (!fs::is_directory(source, error)) folders.insert(source.parent_path().string());
  }
  return folders;
}

ExitCode watch(const TestOptions& options, Report& report) {
  FileWatch files;
  if (!files.problem().empty()) {
    report.error(Message("test.cannot-watch", {files.problem()}));
    return kUnusable;
  }
  Results before;
  ExitCode code = kDone;
  do {
    Loaded loaded;
    for (bool missed = true; missed;) {
      Report first(report.language());  // says nothing if it is not the one that counts
      first.use_json(true);
      loaded = load(options.policy, false, first);
      // Saves in a folder first seen now were not noticed while its files were read.
      missed = files.add(folders_of(options, loaded));
    }
    if (loaded.code != kDone) loaded = load(options.policy, false, report);
    code = loaded.code;
    if (code == kDone) {
      Results now = run_tests(options, loaded, report);
      Output output;
      if (!write_results(before, now, report, output)) {
        report.error(output.problem());
        return kUnusable;
      }
      code = answer(options, now, report);
      before = std::move(now);
    }
    report.finish();
    report.note(Message("test.watching"));
  } while (files.wait());
  return code;
}

/// The page of a coverage, where it is asked for. False: it cannot be written.
bool write_page(const TestOptions& options, const Loaded& loaded, const Results& results,
                Report& report) {
  if (options.coverage.html.empty()) return true;
  std::ofstream page(options.coverage.html, std::ios::binary);
  page << tools::coverage_html(loaded.policy, loaded.sources, *results.coverage, report.language());
  page.close();
  if (page) return true;
  report.error(
      Message("cli.cannot-write", {options.coverage.html, std::string(std::strerror(errno))}));
  return false;
}

ExitCode gate(const TestOptions& options, const Results& results, Report& report) {
  const std::size_t least = read_share(options.coverage.least).value_or(1000);
  const std::size_t share = results.coverage->permille();
  if (share >= least) return kDone;
  if (!options.coverage.least.empty()) {
    const std::string text = std::to_string(share / 10) + "." + std::to_string(share % 10) + "%";
    report.error(Message("coverage.below-gate", {text, options.coverage.least}));
  }
  return kNo;
}

ExitCode test(const TestOptions& options, Report& report) {
  if (!read_share(options.coverage.least)) {
    report.error(Message("coverage.bad-gate", {options.coverage.least}));
    return kUsage;
  }
  if (options.watch) return watch(options, report);
  const Loaded loaded = load(options.policy, true, report);
  if (loaded.code != kDone) return loaded.code;
  const Results results = run_tests(options, loaded, report);
  if (results.coverage && !write_page(options, loaded, results, report)) return kUnusable;
  Output output;
  if (!write_results({}, results, report, output)) {
    report.error(output.problem());
    return kUnusable;
  }
  const ExitCode code = answer(options, results, report);
  return code == kDone && results.coverage ? gate(options, results, report) : code;
}

}  // namespace

Run declare_test(Options& app, Language language) {
  const auto options = std::make_shared<TestOptions>();
  app.add_option("path", options->policy, say("help.policy", language))
      .required()
      .type_name("PATH");
  app.add_option("--filter", options->filter, say("help.test.filter", language)).type_name("NAME");
  app.add_flag("--watch", options->watch, say("help.test.watch", language));
  const Option coverage =
      app.add_flag("--coverage", options->coverage.on, say("help.test.coverage", language));
  app.add_option("--html", options->coverage.html, say("help.test.html", language))
      .type_name("FILE")
      .needs(coverage);
  app.add_option("--min", options->coverage.least, say("help.test.min", language))
      .type_name("SHARE")
      .needs(coverage);
  return [options](Report& report) { return test(*options, report); };
}

}  // namespace toll::cli
