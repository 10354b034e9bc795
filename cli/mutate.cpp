#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "tools/mutate/mutate.hpp"
#include "tools/scenario_report.hpp"

namespace toll::cli {
namespace {

using nlohmann::json;
using tools::MutantReport;
using Verdict = MutantReport::Verdict;

struct MutateArguments {
  std::string policy;
  std::vector<std::string> only;
  std::size_t sample = 0;
  std::uint64_t seed = 1;
  std::size_t jobs = 0;
  bool list = false;
  bool no_scenarios = false;
};

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::killed:
      return "killed";
    case Verdict::endless:
      return "endless";
    case Verdict::stillborn:
      return "stillborn";
    case Verdict::equivalent:
      return "equivalent";
    case Verdict::told_apart:
    case Verdict::survived:
      return "survived";
  }
  return "";
}

std::string place(const tools::Mutation& mutation) {
  return mutation.file + ":" + std::to_string(mutation.line) + ":" +
         std::to_string(mutation.column);
}

bool survives(const MutantReport& mutant) {
  return mutant.verdict == Verdict::told_apart || mutant.verdict == Verdict::survived;
}

std::string list_text(const std::vector<tools::Mutation>& all, const Report& report) {
  std::string out;
  for (const tools::Mutation& mutation : all) {
    out += place(mutation) + ": " + std::string(to_string(mutation.kind)) + ": " +
           report.text(mutation.says) + "\n";
  }
  return out;
}

/// The line of the text a mutation is in, without the blanks before it.
std::string line_of(const tools::Mutation& mutation, const dsl::SourceSet& sources) {
  for (std::uint32_t file = 0; file < sources.size(); ++file) {
    if (sources.path(file) != mutation.file) continue;
    const std::string& text = sources.text(file);
    std::size_t begin = 0;
    for (std::uint32_t line = 1; line < mutation.line && begin != std::string::npos; ++line) {
      begin = text.find('\n', begin);
      if (begin != std::string::npos) ++begin;
    }
    if (begin == std::string::npos) return {};
    begin = std::min(text.find_first_not_of(" \t", begin), text.size());
    return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
  }
  return {};
}

std::size_t count(const tools::MutationRun& run, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(run.mutants.begin(), run.mutants.end(),
                    [&](const MutantReport& mutant) { return mutant.verdict == verdict; }));
}

std::string run_text(const tools::MutationRun& run, const dsl::SourceSet& sources,
                     const Report& report) {
  std::string out;
  for (const MutantReport& mutant : run.mutants) {
    const tools::Mutation& mutation = run.mutations[mutant.mutation];
    if (!survives(mutant)) continue;
    out += place(mutation) + ": " + report.text(mutation.says) + "\n";
    out += "    " + line_of(mutation, sources) + "\n";
    if (mutant.verdict == Verdict::told_apart) {
      out += report.text({"mutate.missing"}) + "\n" + mutant.scenario;
    } else {
      out +=
          report.text(mutant.exercised ? "mutate.not-told-apart" : "mutate.not-exercised") + "\n";
    }
    out += "\n";
  }
  const std::size_t killed = count(run, Verdict::killed) + count(run, Verdict::endless);
  const std::size_t survived = count(run, Verdict::told_apart) + count(run, Verdict::survived);
  return out +
         report.text({"mutate.summary",
                      {run.mutants.size(), killed, survived, count(run, Verdict::equivalent),
                       count(run, Verdict::stillborn)}}) +
         "\n";
}

json mutation_json(const tools::Mutation& mutation, const Report& report) {
  return {{"id", mutation.id},         {"kind", to_string(mutation.kind)},
          {"file", mutation.file},     {"line", mutation.line},
          {"column", mutation.column}, {"says", report.text(mutation.says)}};
}

json run_json(const tools::MutationRun& run, const dsl::Policy& policy,
              const tools::ScenarioReport& says, const Report& report) {
  json mutants = json::array();
  for (const MutantReport& mutant : run.mutants) {
    json one = mutation_json(run.mutations[mutant.mutation], report);
    one["verdict"] = word(mutant.verdict);
    one["exercised"] = mutant.exercised;
    if (mutant.verdict == Verdict::killed || mutant.verdict == Verdict::endless)
      one["killed_by"] = says.name(policy.scenarios[mutant.killer]);
    if (!mutant.proof.empty()) one["because"] = report.text(mutant.proof);
    if (!mutant.scenario.empty()) one["scenario"] = mutant.scenario;
    mutants.push_back(std::move(one));
  }
  return {{"schema_version", kSchemaVersion},
          {"mutants", std::move(mutants)},
          {"killed", count(run, Verdict::killed) + count(run, Verdict::endless)},
          {"survived", count(run, Verdict::told_apart) + count(run, Verdict::survived)},
          {"equivalent", count(run, Verdict::equivalent)},
          {"stillborn", count(run, Verdict::stillborn)}};
}

ExitCode mutate(const MutateArguments& arguments, Report& report) {
  const Loaded loaded = load(arguments.policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  tools::MutateOptions options;
  options.sample = arguments.sample;
  options.seed = arguments.seed;
  options.write = !arguments.no_scenarios;
  options.jobs =
      arguments.jobs != 0 ? arguments.jobs : std::max(1U, std::thread::hardware_concurrency());
  for (const std::string& only : arguments.only) {
    if (const auto kind = tools::read_mutation_kind(only)) {
      options.kinds.push_back(*kind);
    } else {
      options.files.push_back(only);
    }
  }
  Output output;
  ExitCode code = kDone;
  if (arguments.list) {
    const auto all = tools::mutations_of(loaded.policy, loaded.sources);
    json made = json::array();
    for (const tools::Mutation& mutation : all) made.push_back(mutation_json(mutation, report));
    output.write(report.json() ? json({{"schema_version", kSchemaVersion}, {"mutations", made}})
                                         .dump(-1, ' ', false, json::error_handler_t::replace) +
                                     "\n"
                               : list_text(all, report));
  } else {
    const tools::MutationRun run =
        tools::mutate(loaded.policy, loaded.sources, arguments.policy, options);
    const tools::ScenarioReport says(loaded.policy, loaded.sources, report.language());
    output.write(report.json() ? run_json(run, loaded.policy, says, report)
                                         .dump(-1, ' ', false, json::error_handler_t::replace) +
                                     "\n"
                               : run_text(run, loaded.sources, report));
    if (std::any_of(run.mutants.begin(), run.mutants.end(), survives)) code = kNo;
  }
  if (output.finish()) return code;
  report.error(output.problem());
  return kUnusable;
}

}  // namespace

Run declare_mutate(Options& app, Language language) {
  const auto arguments = std::make_shared<MutateArguments>();
  app.add_option("policy", arguments->policy, say("help.policy", language))
      .required()
      .type_name("POLICY");
  app.add_option("--only", arguments->only, say("help.mutate.only", language))
      .type_name("KIND|FILE");
  app.add_option("--sample", arguments->sample, say("help.mutate.sample", language)).type_name("N");
  app.add_option("--seed", arguments->seed, say("help.mutate.seed", language)).type_name("N");
  app.add_option("--jobs", arguments->jobs, say("help.mutate.jobs", language)).type_name("N");
  app.add_flag("--list", arguments->list, say("help.mutate.list", language));
  app.add_flag("--no-scenarios", arguments->no_scenarios,
               say("help.mutate.no-scenarios", language));
  return [arguments](Report& report) { return mutate(*arguments, report); };
}

}  // namespace toll::cli
