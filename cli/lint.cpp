// toll lint: what is odd about a policy that loads.
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "dsl/syntax/skin.hpp"
#include "tools/lint/lint.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

ExitCode lint(const std::string& path, Report& report) {
  const Loaded loaded = load(path, false, report);
  if (loaded.code != kDone) return loaded.code;
  dsl::SourceSet apart;
  dsl::Diagnostics ignored;
  const std::vector<dsl::File> files = dsl::read_files(path, apart, ignored);
  dsl::Diagnostics told = loaded.warnings;
  for (dsl::Diagnostic& one :
       tools::lint({loaded.policy, files, loaded.sources, *dsl::find_skin(loaded.policy.skin)}))
    told.add(std::move(one));
  Output output;
  if (report.json()) {
    const json result = {
        {"schema_version", kSchemaVersion},
        {"diagnostics", diagnostics_json(told, loaded.sources, report.language())}};
    output.write(result.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  } else {
    output.write(dsl::render(told, loaded.sources, report.language(), report.color()));
  }
  if (!output.finish()) {
    report.error(output.problem());
    return kUnusable;
  }
  return told.empty() ? kDone : kNo;
}

}  // namespace

Run declare_lint(Options& app, Language language) {
  const auto policy = std::make_shared<std::string>();
  app.add_option("path", *policy, say("help.policy", language)).required().type_name("PATH");
  return [policy](Report& report) { return lint(*policy, report); };
}

}  // namespace toll::cli
