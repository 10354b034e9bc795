// toll prove: does a policy keep what its `prove` clauses say?
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/prove/prove.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct ProveArguments {
  std::string policy;
  std::string later;
  std::uint32_t histories = 400;
  std::string only;
};

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
  options.only = arguments.only;
  if (two) {
    options.earlier = &earlier.policy;
    options.earlier_sources = &earlier.sources;
  }
  options.sources = &loaded.sources;
  options.language = report.language();
  const Core& core = *loaded.policy.core;
  const auto verdicts =
      tools::prove_policy(loaded.policy, files, options, tools::trial(path, loaded.policy.skin));
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

Run declare_prove(Options& app, Language language) {
  const auto arguments = std::make_shared<ProveArguments>();
  app.add_option("policy", arguments->policy, say("help.prove.policy", language))
      .required()
      .type_name("POLICY");
  app.add_option("later", arguments->later, say("help.prove.later", language)).type_name("NEW");
  app.add_option("--only", arguments->only, say("help.prove.only", language)).type_name("NAME");
  app.add_option("--histories", arguments->histories, say("help.prove.histories", language))
      .type_name("NUMBER")
      .between(0, 1'000'000);
  return [arguments](Report& report) { return prove(*arguments, report); };
}

}  // namespace toll::cli
