// toll review OLD NEW [--events FILE]: what a reviewer of a change should know, on one page.
#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "cli/backtest.hpp"
#include "cli/output.hpp"
#include "tools/review/review.hpp"

namespace toll::cli {
namespace {

using backtest::kNew;
using backtest::kOld;
using review::Answer;

struct ReviewOptions {
  backtest::Both<std::string> policy;
  BacktestOptions backtest;
  std::string format = "markdown";
  std::string output = "-";
};

/// A policy with everything that is said about it, which nobody prints.
struct Read {
  Loaded loaded;
  dsl::Diagnostics diagnostics;
  dsl::SourceSet apart;  ///< of the trees
  std::vector<dsl::File> files;
  [[nodiscard]] review::Side side() const {
    return {&loaded.policy, &loaded.sources, &files, &diagnostics};
  }
};

/// False, and said: there is nothing to be read.
bool read(const std::string& path, Read& out, Report& report) {
  if (::access(path.c_str(), R_OK) != 0) {
    cannot_read(path, errno, report);
    return false;
  }
  out.loaded.policy = dsl::load_policy(path, out.loaded.sources, out.diagnostics);
  if (out.loaded.policy.core == nullptr && out.diagnostics.empty()) {
    report.error(Message("cli.holds-no-policy", {path}));
    return false;
  }
  dsl::Diagnostics said_before;
  out.files = dsl::read_files(path, out.apart, said_before);
  return true;
}

review::Section backtest_section(const BacktestInput& input, const BacktestFound& found,
                                 const std::string& events) {
  const backtest::Words words(*input.loaded[kNew]->policy.core, found.result.type, input.language);
  const backtest::Told told = {found.result, found.summary, input.gate, found.verdict,
                               found.most,   input.policy,  events};
  review::Section section;
  section.id = "backtest";
  section.sentence = in_short(told, words);
  if (backtest::differs(found.result, found.summary)) {
    section.answer = Answer::look;
    section.details = review::tables_of(document_of(told, words), input.language);
  }
  if (input.gate.wanted()) {
    section.answer = found.verdict.kept ? Answer::good : Answer::bad;
    section.sentence += "\n" + words.say("gate") + ": " + gate_text(told, words);
  }
  return section;
}

ExitCode write(const review::Page& page, const ReviewOptions& options, Language language,
               Report& report) {
  Output output = options.output == "-" ? Output() : Output(options.output, -1);
  if (options.format == "json" || report.json()) {
    nlohmann::json out = review::to_json(page);
    out["schema_version"] = kSchemaVersion;
    output.write(out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  } else {
    output.write(review::to_markdown(page, language));
  }
  if (output.finish()) return page.worst() == Answer::good ? kDone : kNo;
  report.error(output.problem());
  return kUnusable;
}

ExitCode run_review(const ReviewOptions& options, Report& report) {
  BacktestInput input;
  if (!read_backtest_options(options.backtest, input, report)) return kUsage;
  backtest::Both<Read> policies;
  for (const backtest::Side side : {kOld, kNew}) {
    if (!read(options.policy[side], policies[side], report)) return kUnusable;
    input.loaded[side] = &policies[side].loaded;
  }
  input.policy = options.policy;
  input.language = report.chosen_language().value_or(
      read_language(policies[kNew].loaded.policy.skin).value_or(Language::en));
  const Language language = input.language;
  review::Page page;
  page.before = options.policy[kOld];
  page.after = options.policy[kNew];
  const review::Side before = policies[kOld].side();
  const review::Side after = policies[kNew].side();
  if (policies[kOld].diagnostics.has_errors()) {
    report.diagnostics(policies[kOld].diagnostics, policies[kOld].loaded.sources);
    return kUnusable;
  }
  page.sections.push_back(review::check_section(before, after, language));
  if (policies[kNew].diagnostics.has_errors()) {
    const ExitCode code = write(page, options, language, report);
    return code == kNo ? kUnusable : code;
  }
  page.sections.push_back(review::tests_section(before, after, language));
  page.sections.push_back(review::coverage_section(before, after, language));
  page.sections.push_back(review::lint_section(before, after, language));
  page.sections.push_back(review::diff_section(before, after, language));
  page.sections.push_back(
      review::prove_section(before, after, language,
                            tools::trial(options.policy[kNew], policies[kNew].loaded.policy.skin)));
  if (!options.backtest.history.events.empty()) {
    const BacktestFound found = find_changes(input, report);
    if (found.code != kDone) return found.code;
    page.sections.push_back(backtest_section(input, found, options.backtest.history.events));
  }
  return write(page, options, language, report);
}

}  // namespace

Run declare_review(Options& app, Language language) {
  const auto options = std::make_shared<ReviewOptions>();
  declare_policies(app, options->policy, language);
  declare_backtest_options(app, options->backtest, language).required(false);
  app.add_option("--format", options->format, say("help.review.format", language))
      .one_of({"markdown", "json"});
  app.add_option("--output", options->output, say("help.review.output", language))
      .type_name("FILE");
  return [options](Report& report) { return run_review(*options, report); };
}

}  // namespace toll::cli
