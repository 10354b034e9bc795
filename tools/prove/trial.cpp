// A counterexample is shown to nobody before it has passed as a scenario of the policy.
#include <filesystem>

#include "tools/prove/prove.hpp"
#include "tools/scenario_run.hpp"

namespace toll::tools {

TryScenario trial(const std::string& path, const std::string& skin) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::is_directory(path) ? fs::path(path) : fs::path(path).parent_path();
  const std::string name = (folder / "counterexample.toll").string();
  const std::string head = skin == "en" ? "language 1\n" : "language 1 " + skin + "\n";
  return [path, name, head](const std::string& scenario) {
    dsl::SourceSet sources;
    dsl::Diagnostics diagnostics;
    const dsl::Policy policy =
        dsl::load_policy(path, {{name, head + scenario}}, sources, diagnostics);
    if (policy.core == nullptr || policy.scenarios.empty()) return false;
    const dsl::Scenario& written = policy.scenarios.back();
    if (sources.path(written.span.file) != name) return false;
    return run_scenario(prepare(policy.core), written).empty();
  };
}

}  // namespace toll::tools
