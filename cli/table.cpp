// toll table: a spreadsheet's rows as a table to paste.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/table_text.hpp"

namespace toll::cli {
namespace {

struct TableOptions {
  std::string file;
  std::string skin;
  std::string currency;
};

ExitCode table(const TableOptions& options, Report& report) {
  std::ostringstream text;
  errno = 0;
  if (options.file == "-") {
    text << std::cin.rdbuf();
  } else {
    std::ifstream in(options.file, std::ios::binary);
    if (in.peek() == std::ifstream::traits_type::eof() && errno != 0) {
      report.error(Message("cli.cannot-read", {options.file, std::string(std::strerror(errno))}));
      return kUnusable;
    }
    text << in.rdbuf();
  }
  const std::string skin =
      options.skin.empty() ? std::string(to_string(report.language())) : options.skin;
  const auto language = read_language(skin).value_or(report.language());
  const tools::TableText made =
      tools::table_text(text.view(), *dsl::find_skin(skin), options.currency, language);
  nlohmann::json problems = nlohmann::json::array();
  for (const tools::TableProblem& problem : made.problems) {
    const std::string what = report.text(problem.message);
    problems.push_back({{"row", problem.row}, {"column", problem.column}, {"message", what}});
    if (report.json()) continue;
    report.error(problem.column == 0
                     ? Message("csv.in-row", {options.file, problem.row, what})
                     : Message("csv.in-cell", {options.file, problem.row, problem.column, what}));
  }
  if (!made.problems.empty()) {
    report.member("problems", std::move(problems));
    return kNo;
  }
  Output output;
  output.write(made.text);
  if (output.finish()) return kDone;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_table(Options& app, Language language) {
  const auto options = std::make_shared<TableOptions>();
  app.add_option("file", options->file, say("help.table.file", language))
      .required()
      .type_name("FILE.csv");
  app.add_option("--skin", options->skin, say("help.table.skin", language))
      .one_of(dsl::skin_names())
      .type_name("SKIN");
  app.add_option("--currency", options->currency, say("help.table.currency", language))
      .type_name("UNIT");
  return [options](Report& report) { return table(*options, report); };
}

}  // namespace toll::cli
