// toll why POLICY --events F --account A (--entry N | --invoice MONTH) [--not WORD]: the tree
// behind an amount or a refusal.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "io/time_text.hpp"
#include "tools/why/why.hpp"

namespace toll::cli {
namespace {

struct WhyOptions {
  std::string policy;
  std::string events;
  std::string account;
  std::uint64_t entry = 0;
  std::string invoice;
  std::size_t line = 0;
  std::string otherwise;
  std::string until;
  std::string format = "text";
  bool all = false;
};

bool read_lines(const std::string& path, std::vector<std::string>& lines) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) return false;
  }
  std::istream& in = path == "-" ? std::cin : file;
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  if (!lines.empty() && lines[0].starts_with("\xEF\xBB\xBF")) lines[0].erase(0, 3);
  return !in.bad();
}

ExitCode why(const WhyOptions& options, Report& report) {
  const std::vector<ZoneRule> utc;  // the policy's zone is not known yet
  if (!options.until.empty() && !io::parse_instant(options.until, io::Zone(utc))) {
    report.error(Message("cli.bad-until", {options.until}));
    return kUsage;
  }
  if ((options.entry == 0) == options.invoice.empty()) {
    report.error(Message("why.which"));
    return kUsage;
  }
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  toll::why::Question question;
  if (!read_lines(options.events, question.events)) {
    report.error(Message("cli.cannot-read", {options.events, std::string(std::strerror(errno))}));
    return kUnusable;
  }
  question.policy = &loaded.policy;
  question.sources = &loaded.sources;
  question.account = options.account;
  question.until = options.until;
  question.entry = options.entry;
  question.invoice = options.invoice;
  question.line = options.line;
  question.otherwise = options.otherwise;
  question.all = options.all;
  question.language = report.chosen_language().value_or(toll::why::language_of(loaded.policy));
  const toll::why::Answer answer = toll::why::answer(question);
  if (answer.reasons.empty()) {
    report.error(answer.problem);
    return kNo;
  }
  Output output;
  if (options.format == "json" || report.json()) {
    nlohmann::json result = {{"schema_version", kSchemaVersion}, {"account", options.account}};
    result["why"] = nlohmann::json::array();
    for (const toll::why::Reason& reason : answer.reasons)
      result["why"].push_back(toll::why::as_json(reason));
    output.write(result.dump() + "\n");
  } else {
    for (const toll::why::Reason& reason : answer.reasons) output.write(toll::why::as_text(reason));
  }
  if (output.finish()) return kDone;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_why(Options& app, Language language) {
  const auto options = std::make_shared<WhyOptions>();
  app.add_option("policy", options->policy, say("help.policy", language))
      .required()
      .type_name("POLICY");
  app.add_option("--events", options->events, say("help.run.events", language))
      .required()
      .type_name("FILE");
  app.add_option("--account", options->account, say("help.why.account", language))
      .required()
      .type_name("NAME");
  app.add_option("--entry", options->entry, say("help.why.entry", language)).type_name("N");
  app.add_option("--invoice", options->invoice, say("help.why.invoice", language))
      .type_name("MONTH");
  app.add_option("--line", options->line, say("help.why.line", language)).type_name("N");
  app.add_option("--not", options->otherwise, say("help.why.not", language)).type_name("WORD");
  app.add_option("--until", options->until, say("help.run.until", language)).type_name("TIME");
  app.add_option("--format", options->format, say("help.why.format", language))
      .one_of({"text", "json"});
  app.add_flag("--all", options->all, say("help.why.all", language));
  return [options](Report& report) { return why(*options, report); };
}

}  // namespace toll::cli
