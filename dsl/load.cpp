#include "toll/policy.hpp"

#include "dsl/policy.hpp"

namespace toll {

LoadedPolicy load_policy(const std::string& path) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy = dsl::load_policy(path, sources, diagnostics);
  LoadedPolicy loaded;
  loaded.report = dsl::render(diagnostics, sources, false);
  if (!diagnostics.has_errors()) loaded.core = std::move(policy.core);
  if (loaded.core == nullptr && loaded.report.empty()) loaded.report = "`" + path + "` holds no policy\n";
  return loaded;
}

}  // namespace toll
