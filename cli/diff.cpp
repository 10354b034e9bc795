// toll diff: what an edit of the rules means for bills.
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/diff/diff.hpp"

namespace toll::cli {
namespace {

struct DiffArguments {
  std::string before;
  std::string after;
  std::string witness;
  std::size_t tries = diff::Options().tries;
};

/// A name that any file system takes, from the id of a clause.
std::string file_name(std::size_t number, const std::string& id) {
  std::string out = std::to_string(number) + "-";
  for (const char c : id) out.push_back(std::strchr("/\\:*?\"<>| \t", c) == nullptr ? c : '-');
  constexpr std::size_t kLongName = 120;
  if (out.size() > kLongName) out.resize(kLongName);
  while ((static_cast<unsigned char>(out.back()) & 0xC0U) == 0x80U ||
         (static_cast<unsigned char>(out.back()) & 0xC0U) == 0xC0U)
    out.pop_back();  // no half of a character
  return out + ".toll";
}

bool write_witnesses(const std::string& folder, const diff::Result& result,
                     const diff::Side& before, const diff::Side& after, Report& report) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::size_t number = 0;
  for (const diff::Difference& one : result.differences) {
    ++number;
    const std::string text = diff::witness_scenario(one, before, after, one.id);
    if (text.empty()) continue;
    const std::string path = (std::filesystem::path(folder) / file_name(number, one.id)).string();
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (file.good()) continue;
    report.error(Message("diff.cannot-write", {path, std::string(std::strerror(errno))}));
    return false;
  }
  return true;
}

ExitCode run_diff(const DiffArguments& arguments, Report& report) {
  const Loaded before = load(arguments.before, false, report);
  if (before.code != kDone) return before.code;
  const Loaded after = load(arguments.after, false, report);
  if (after.code != kDone) return after.code;
  const diff::Side sides[2] = {{&before.policy, &before.sources}, {&after.policy, &after.sources}};
  diff::Options options;
  options.tries = arguments.tries;
  options.language =
      report.chosen_language().value_or(read_language(after.policy.skin).value_or(Language::en));
  const diff::Result result = diff::compare(sides[0], sides[1], options);
  if (!arguments.witness.empty() &&
      !write_witnesses(arguments.witness, result, sides[0], sides[1], report))
    return kUnusable;
  Output output;
  output.write(report.json() ? diff::to_json(result, sides[0], sides[1], options, kSchemaVersion)
                             : diff::to_text(result, sides[0], sides[1], options));
  if (output.finish()) return result.equal() ? kDone : kNo;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_diff(Options& app, Language language) {
  const auto arguments = std::make_shared<DiffArguments>();
  app.add_option("old", arguments->before, say("help.diff.old", language))
      .required()
      .type_name("OLD");
  app.add_option("new", arguments->after, say("help.diff.new", language))
      .required()
      .type_name("NEW");
  app.add_option("--witness", arguments->witness, say("help.diff.witness", language))
      .type_name("DIR");
  app.add_option("--tries", arguments->tries, say("help.diff.tries", language)).type_name("N");
  return [arguments](Report& report) { return run_diff(*arguments, report); };
}

}  // namespace toll::cli
