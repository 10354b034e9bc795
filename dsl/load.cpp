#include "toll/policy.hpp"

#include "dsl/policy.hpp"

namespace toll {

LoadedPolicy load_policy(const std::string& path, std::string_view language) {
  const Language reader = read_language(language).value_or(Language::en);
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy = dsl::load_policy(path, sources, diagnostics);
  LoadedPolicy loaded;
  loaded.report = dsl::render(diagnostics, sources, reader);
  if (!diagnostics.has_errors()) loaded.core = std::move(policy.core);
  if (loaded.core == nullptr && loaded.report.empty()) {
    loaded.report = say({"cli.holds-no-policy", {path}}, reader) + "\n";
  }
  return loaded;
}

}  // namespace toll
