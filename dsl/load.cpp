#include "toll/policy.hpp"

#include "dsl/policy.hpp"

namespace toll {

namespace {

LoadedPolicy loaded_from(dsl::Policy policy, const dsl::SourceSet& sources,
                         const dsl::Diagnostics& diagnostics, const std::string& path,
                         std::string_view language) {
  const Language reader = read_language(language).value_or(Language::en);
  LoadedPolicy loaded;
  loaded.report = dsl::render(diagnostics, sources, reader);
  if (!diagnostics.has_errors()) loaded.core = std::move(policy.core);
  if (loaded.core == nullptr && loaded.report.empty()) {
    loaded.report = say({"cli.holds-no-policy", {path}}, reader) + "\n";
  }
  return loaded;
}

}  // namespace

LoadedPolicy load_policy(const std::string& path, std::string_view language,
                         const LoadLimits& limits) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy = dsl::load_policy(path, sources, diagnostics, limits);
  return loaded_from(std::move(policy), sources, diagnostics, path, language);
}

LoadedPolicy load_policy(const std::vector<PolicyFile>& files, std::string_view language,
                         const LoadLimits& limits) {
  std::vector<dsl::RuleFile> given;
  given.reserve(files.size());
  for (const PolicyFile& file : files) given.push_back({file.path, file.text});
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy = dsl::load_folder(given, sources, diagnostics, limits);
  return loaded_from(std::move(policy), sources, diagnostics, ".", language);
}

}  // namespace toll
