#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "cli/commands.hpp"

namespace toll::cli {

Loaded load(const std::string& path, bool warnings, Report& report) {
  Loaded loaded;
  loaded.code = kUnusable;
  if (::access(path.c_str(), R_OK) != 0) {
    report.error(Message("cli.cannot-read", {path, std::string(std::strerror(errno))}));
    return loaded;
  }
  dsl::Diagnostics diagnostics;
  loaded.policy = dsl::load_policy(path, loaded.sources, diagnostics);
  const bool usable = loaded.policy.core != nullptr && !diagnostics.has_errors();
  if (warnings || !usable) report.diagnostics(diagnostics, loaded.sources);
  if (usable) {
    loaded.code = kDone;
    loaded.warnings = std::move(diagnostics);
  } else {
    loaded.policy.core = nullptr;
    if (diagnostics.empty()) report.error(Message("cli.holds-no-policy", {path}));
  }
  return loaded;
}

namespace {

ExitCode check(const std::string& policy, Report& report) {
  const bool readable = ::access(policy.c_str(), R_OK) == 0;
  const Loaded loaded = load(policy, true, report);
  // A policy with errors is the answer "no"; one that cannot be read is no answer.
  return loaded.code == kUnusable && readable ? kNo : loaded.code;
}

}  // namespace

Run declare_check(Options& app, Language language) {
  const auto policy = std::make_shared<std::string>();
  app.add_option("path", *policy, say("help.policy", language)).required().type_name("PATH");
  return [policy](Report& report) { return check(*policy, report); };
}

}  // namespace toll::cli
