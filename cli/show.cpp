#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "dsl/resolve/literals.hpp"
#include "io/time_text.hpp"
#include "tools/show/show.hpp"

namespace toll::cli {
namespace {

namespace page = tools::show;

struct ShowArguments {
  std::string policy;
  std::string at;
  std::string format = "text";
  std::string section;
};

/// A date of the policy's zone, or an RFC 3339 time.
std::optional<Value> instant_of(const std::string& text, const Core& core) {
  if (io::parse_date(text)) return dsl::local_instant(text + "T00:00:00", core.zone);
  return io::parse_instant(text, io::Zone(core.zone));
}

ExitCode show(const ShowArguments& arguments, Report& report) {
  const Loaded loaded = load(arguments.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  const Core& core = *loaded.policy.core;
  page::ShowOptions options;
  options.language = report.chosen_language();
  if (!options.language) options.language = read_language(loaded.policy.skin);
  if (!arguments.at.empty()) {
    options.at = instant_of(arguments.at, core);
    options.at_shown = arguments.at;
    if (!options.at) {
      report.error(Message("cli.show.bad-at", {arguments.at}));
      return kUsage;
    }
  }
  dsl::SourceSet sources;
  dsl::Diagnostics none;
  const std::vector<dsl::File> files = dsl::read_files(arguments.policy, sources, none);
  page::Document document = page::show_policy(core, files, sources, options);
  if (!arguments.section.empty() && !page::keep_section(document, arguments.section)) {
    report.error(Message("cli.show.no-section", {arguments.section}));
    return kNo;
  }
  Output output;
  output.write(arguments.format == "html"       ? page::to_html(document)
               : arguments.format == "markdown" ? page::to_markdown(document)
                                                : page::to_text(document));
  if (output.finish()) return kDone;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_show(Options& app, Language language) {
  const auto arguments = std::make_shared<ShowArguments>();
  app.add_option("path", arguments->policy, say("help.policy", language))
      .required()
      .type_name("PATH");
  app.add_option("--at", arguments->at, say("help.show.at", language)).type_name("DATE");
  app.add_option("--format", arguments->format, say("help.show.format", language))
      .one_of({"text", "markdown", "html"});
  app.add_option("--section", arguments->section, say("help.show.section", language))
      .type_name("NAME");
  return [arguments](Report& report) { return show(*arguments, report); };
}

}  // namespace toll::cli
