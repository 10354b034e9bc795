// toll explain CODE: the page of a diagnostic.
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "messages/pages.hpp"

namespace toll::cli {
namespace {

ExitCode explain(const std::string& code, Report& report) {
  const EmbeddedPage* const page = find_page(code, report.language());
  if (page == nullptr) {
    const std::string_view nearest = nearest_code(code);
    report.error(nearest.empty() ? Message("cli.explain.unknown", {code})
                                 : Message("cli.explain.unknown-but", {code, nearest}));
    return kUsage;
  }
  Output output;
  if (report.json()) {
    const nlohmann::json result = {{"schema_version", kSchemaVersion},
                                   {"code", page->code},
                                   {"title", title_of(*page)},
                                   {"page", page->text}};
    output.write(result.dump() + "\n");
  } else {
    output.write(plain_text(*page));
  }
  if (output.finish()) return kDone;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_explain(Options& app, Language language) {
  const auto code = std::make_shared<std::string>();
  app.add_option("code", *code, say("help.explain.code", language)).required().type_name("CODE");
  return [code](Report& report) { return explain(*code, report); };
}

}  // namespace toll::cli
