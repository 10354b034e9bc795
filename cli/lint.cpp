// toll lint: what is odd about a policy that loads, and the edits that put some of it right.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/edit.hpp"
#include "cli/output.hpp"
#include "dsl/syntax/skin.hpp"
#include "tools/lint/fix.hpp"
#include "tools/lint/lint.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;

struct LintOptions {
  std::string policy;
  bool fix = false;
  bool diff = false;
};

/// Writes the files and tells what changed in them. False: one could not be written.
bool fix(const std::string& path, json& edits, Report& report) {
  for (const tools::Formatted& file : tools::fix_policy(path)) {
    if (!write_file(file.path, file.after)) {
      report.error(Message("cli.cannot-write", {file.path, std::string(std::strerror(errno))}));
      return false;
    }
    const std::string change = difference(file);
    if (!report.json()) std::fwrite(change.data(), 1, change.size(), stderr);
    edits.push_back({{"file", file.path}, {"diff", change}});
  }
  return true;
}

ExitCode show_edits(const std::string& path, Report& report) {
  json edits = json::array();
  std::string text;
  for (const tools::Formatted& file : tools::fix_policy(path)) {
    text += difference(file);
    edits.push_back({{"file", file.path}, {"diff", difference(file)}});
  }
  const bool none = edits.empty();
  if (report.json()) {
    const json result = {{"schema_version", kSchemaVersion}, {"files", std::move(edits)}};
    text = result.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  }
  Output output;
  output.write(text);
  if (output.finish()) return none ? kDone : kNo;
  report.error(output.problem());
  return kUnusable;
}

ExitCode lint(const LintOptions& options, Report& report) {
  json edits = json::array();
  if (options.fix || options.diff) {
    const Loaded before = load(options.policy, false, report);
    if (before.code != kDone) return before.code;
    if (options.diff) return show_edits(options.policy, report);
    if (!fix(options.policy, edits, report)) return kUnusable;
  }
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  dsl::SourceSet apart;
  dsl::Diagnostics ignored;
  const std::vector<dsl::File> files = dsl::read_files(options.policy, apart, ignored);
  std::vector<dsl::Diagnostic> found = loaded.warnings.all();
  for (dsl::Diagnostic& one :
       tools::lint({loaded.policy, files, loaded.sources, *dsl::find_skin(loaded.policy.skin)}))
    found.push_back(std::move(one));
  tools::add_fixes(found, files, loaded.sources);
  dsl::Diagnostics told;
  for (dsl::Diagnostic& one : found) told.add(std::move(one));
  Output output;
  if (report.json()) {
    json result = {{"schema_version", kSchemaVersion},
                   {"diagnostics", diagnostics_json(told, loaded.sources, report.language())}};
    if (options.fix) result["files"] = std::move(edits);
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
  const auto options = std::make_shared<LintOptions>();
  app.add_option("path", options->policy, say("help.policy", language))
      .required()
      .type_name("PATH");
  const Option fix = app.add_flag("--fix", options->fix, say("help.lint.fix", language));
  app.add_flag("--diff", options->diff, say("help.lint.diff", language)).excludes(fix);
  return [options](Report& report) { return lint(*options, report); };
}

}  // namespace toll::cli
