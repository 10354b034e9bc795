#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/core_json.hpp"

namespace toll::cli {

ExitCode core(const CoreOptions& options, Report& report) {
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  Output output;
  output.write(tools::core_json(*loaded.policy.core, options.positions));
  if (output.finish()) return kDone;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace toll::cli
