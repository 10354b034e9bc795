#include <memory>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/core_json.hpp"

namespace toll::cli {
namespace {

struct CoreOptions {
  std::string policy;
  bool no_positions = false;
};

ExitCode core(const CoreOptions& options, Report& report) {
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  Output output;
  output.write(tools::core_json(*loaded.policy.core, !options.no_positions));
  if (output.finish()) return kDone;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_core(Options& app, Language language) {
  const auto options = std::make_shared<CoreOptions>();
  app.add_option("path", options->policy, say("help.policy", language))
      .required()
      .type_name("PATH");
  app.add_flag("--no-positions", options->no_positions, say("help.core.no-positions", language));
  return [options](Report& report) { return core(*options, report); };
}

}  // namespace toll::cli
