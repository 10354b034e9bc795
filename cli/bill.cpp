// `toll bill`: statements that customers read.
#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/output.hpp"
#include "io/feed.hpp"
#include "io/time_text.hpp"
#include "toll/json.hpp"
#include "tools/statement_collector.hpp"
#include "tools/statement_data.hpp"
#include "tools/statement_document.hpp"

namespace toll::cli {
namespace {

struct BillOptions {
  std::string policy;
  std::string events;  ///< a path, or "-"
  std::string until;   ///< empty: the greatest time in the input
  std::string account;
  std::string month;
  std::string statement;
  std::string format = "text";
  std::string output = "-";
  bool one_account = false;
};

/// Statements one after the other, in one format.
class Writer {
 public:
  Writer(const tools::StatementWords& words, const std::string& format, Output& output)
      : words_(words), format_(format), output_(output) {}

  void begin() {
    const Core& core = words_.core();
    if (format_ == "csv") output_.write(tools::csv_head(words_));
    if (format_ == "html")
      output_.write(
          tools::html_head(core.name + " - " + words_.statement().name, words_.language()));
    if (format_ == "json") {
      const nlohmann::json head = {{"policy", core.name},
                                   {"schema_version", kSchemaVersion},
                                   {"statement", words_.statement().name}};
      std::string text = dump(head);
      text.pop_back();  // its last brace: the statements come before it
      output_.write(text + ",\"statements\":[");
    }
  }

  void write(const tools::MonthStatement& statement) {
    if (format_ == "csv") {
      output_.write(tools::as_csv(statement, words_));
    } else if (format_ == "json") {
      output_.write((count_ > 0 ? ",\n" : "\n") + dump(tools::statement_json(statement, words_)));
    } else if (format_ == "html") {
      output_.write(tools::as_html(tools::document_of(statement, words_)));
    } else {
      if (count_ > 0) output_.write("\n\n");
      output_.write(tools::as_text(tools::document_of(statement, words_)));
    }
    ++count_;
  }

  void end() {
    if (format_ == "json") output_.write("\n],\"zone\":" + dump(words_.core().zone_name) + "}\n");
    if (format_ == "html") output_.write(tools::html_foot());
  }

 private:
  static std::string dump(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  const tools::StatementWords& words_;
  const std::string& format_;
  Output& output_;
  std::size_t count_ = 0;
};

const Statement* find_statement(const Core& core, const std::string& name, Report& report) {
  if (core.statements.empty()) {
    report.error(Message("bill.no-statement"));
    return nullptr;
  }
  if (name.empty()) return &core.statements.front();
  const auto found = std::find_if(core.statements.begin(), core.statements.end(),
                                  [&](const Statement& one) { return one.name == name; });
  if (found != core.statements.end()) return &*found;
  report.error(Message("bill.no-such-statement", {name}));
  return nullptr;
}

ExitCode bill(const BillOptions& options, Report& report) {
  const std::vector<ZoneRule> utc;  // the policy's zone is not known yet
  if (!options.until.empty() && !io::parse_instant(options.until, io::Zone(utc))) {
    report.error(Message("cli.bad-until", {options.until}));
    return kUsage;
  }
  tools::StatementCollector::Wanted wanted;
  if (options.one_account) wanted.account = options.account;
  if (!options.month.empty()) {
    wanted.month = io::parse_month(options.month);
    if (!wanted.month) {
      report.error(Message("bill.bad-month", {options.month}));
      return kUsage;
    }
  }
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  const Core& core = *loaded.policy.core;
  const Statement* const statement = find_statement(core, options.statement, report);
  if (statement == nullptr) return kNo;

  const Input input(options.events);
  const auto unreadable = [&](int error) {
    report.error(Message("cli.cannot-read", {options.events, std::string(std::strerror(error))}));
    return kUnusable;
  };
  if (input.error() != 0) return unreadable(input.error());
  std::optional<Output> output;
  if (options.output == "-") {
    output.emplace();
  } else {
    output.emplace(options.output, input.descriptor());
  }
  if (!output->problem().empty()) {
    report.error(output->problem());
    return kUnusable;
  }

  tools::StatementCollector collector(core, *statement, wanted);
  JsonRunner runner(loaded.policy.core, nullptr);
  runner.observe(&collector);
  Progress progress(input.size(), !report.json());
  const int error = io::feed_all(input.descriptor(), runner, [&](std::uint64_t bytes) {
    progress.at(bytes);
    return true;
  });
  if (error != 0) return unreadable(error);
  const Value until =
      options.until.empty() ? runner.latest_time() : runner.parse_time(options.until);
  if (until != kAbsent) runner.advance(until);

  const Language language =
      report.chosen_language().value_or(read_language(loaded.policy.skin).value_or(Language::en));
  const tools::StatementWords words(core, *statement, language);
  Writer writer(words, options.format, *output);
  writer.begin();
  const std::size_t count =
      collector.finish(runner, until, [&](const tools::MonthStatement& one) { writer.write(one); });
  writer.end();
  if (!output->finish()) {
    report.error(output->problem());
    return kUnusable;
  }
  if (runner.totals().errors > 0) {
    report.note(Message("cli.run.errors", {std::to_string(runner.totals().errors),
                                           std::to_string(runner.totals().entries),
                                           std::to_string(runner.totals().events)}));
  }
  if (count > 0 || (!options.one_account && !wanted.month)) {
    return runner.totals().errors > 0 ? kNo : kDone;
  }
  if (options.one_account && !collector.knows(options.account)) {
    report.error(Message("bill.no-account", {options.account}));
  } else if (wanted.month) {
    report.error(Message("bill.no-month", {options.month}));
  }
  return kNo;
}

}  // namespace

Run declare_bill(Options& app, Language language) {
  const auto options = std::make_shared<BillOptions>();
  app.add_option("policy", options->policy, say("help.policy", language))
      .required()
      .type_name("POLICY");
  app.add_option("--events", options->events, say("help.bill.events", language))
      .required()
      .type_name("FILE");
  const Option account =
      app.add_option("--account", options->account, say("help.bill.account", language))
          .type_name("ACCOUNT");
  app.add_option("--month", options->month, say("help.bill.month", language)).type_name("MONTH");
  app.add_option("--until", options->until, say("help.bill.until", language)).type_name("TIME");
  app.add_option("--format", options->format, say("help.bill.format", language))
      .one_of({"text", "json", "csv", "html"});
  app.add_option("--statement", options->statement, say("help.bill.statement", language))
      .type_name("NAME");
  app.add_option("--output", options->output, say("help.bill.output", language)).type_name("FILE");
  return [options, account](Report& report) {
    options->one_account = account.count() > 0;
    return bill(*options, report);
  };
}

}  // namespace toll::cli
