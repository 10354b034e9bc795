// toll prove: does a policy keep what its `prove` clauses say?
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/prove/prove.hpp"
#include "tools/scenario_run.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct ProveArguments {
  std::string policy;
  std::string later;
  std::uint32_t histories = 400;
};

/// Does a scenario pass, read as one more file of the policy?
bool passes(const std::string& path, const std::string& skin, const std::string& scenario) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::is_directory(path) ? fs::path(path) : fs::path(path).parent_path();
  const std::string name = (folder / "counterexample.toll").string();
  const std::string head = skin == "en" ? "language 1\n" : "language 1 " + skin + "\n";
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy =
      dsl::load_policy(path, {{name, head + scenario}}, sources, diagnostics);
  if (policy.core == nullptr || policy.scenarios.empty()) return false;
  const dsl::Scenario& written = policy.scenarios.back();
  if (sources.path(written.span.file) != name) return false;
  return tools::run_scenario(prepare(policy.core), written).empty();
}

ExitCode prove(const ProveArguments& arguments, Report& report) {
  const bool two = !arguments.later.empty();
  Loaded earlier;
  if (two) {
    earlier = load(arguments.policy, false, report);
    if (earlier.code != kDone) return earlier.code;
  }
  const std::string& path = two ? arguments.later : arguments.policy;
  const Loaded loaded = load(path, false, report);
  if (loaded.code != kDone) return loaded.code;
  if (!report.chosen_language()) {
    if (const auto own = read_language(loaded.policy.skin)) report.choose_language(*own);
  }
  dsl::SourceSet sources;
  dsl::Diagnostics none;
  const std::vector<dsl::File> files = dsl::read_files(path, sources, none);
  tools::ProveOptions options;
  options.histories = arguments.histories;
  if (two) options.earlier = earlier.policy.core.get();
  const Core& core = *loaded.policy.core;
  const auto verdicts = tools::prove_policy(
      loaded.policy, files, options,
      [&](const std::string& scenario) { return passes(path, loaded.policy.skin, scenario); });
  Output output;
  if (report.json()) {
    const json all = {
        {"schema_version", kSchemaVersion},
        {"proofs", json::parse(tools::proofs_json(core, verdicts, report.language()))}};
    output.write(all.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  } else if (!verdicts.empty()) {
    output.write(tools::proofs_text(core, verdicts, report.language()));
  }
  if (!output.finish()) {
    report.error(output.problem());
    return kUnusable;
  }
  if (verdicts.empty() && !report.json()) report.note(Message("prove.none"));
  return tools::all_proved(verdicts) ? kDone : kNo;
}

}  // namespace

Run declare_prove(CLI::App& app, Language language) {
  const auto arguments = std::make_shared<ProveArguments>();
  app.add_option("policy", arguments->policy, say("help.prove.policy", language))
      ->required()
      ->type_name("POLICY");
  app.add_option("later", arguments->later, say("help.prove.later", language))->type_name("NEW");
  app.add_option("--histories", arguments->histories, say("help.prove.histories", language))
      ->type_name("NUMBER")
      ->check(CLI::Range(0, 1'000'000));
  return [arguments](Report& report) { return prove(*arguments, report); };
}

}  // namespace toll::cli
