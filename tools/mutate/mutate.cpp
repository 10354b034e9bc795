#include "tools/mutate/mutate.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>

#include "dsl/checks/walk.hpp"
#include "tools/coverage/exercise.hpp"
#include "tools/diff/diff.hpp"
#include "tools/mutate/absence.hpp"
#include "tools/mutate/search.hpp"
#include "tools/mutate/trial.hpp"
#include "tools/mutate/workers.hpp"
#include "tools/prove/row_facts.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;
using Verdict = MutantReport::Verdict;

/// What decides over rows and their order is asked wherever the rows are: an index may have
/// answered it without a word.
void widen(const Core& core, Exercised& done) {
  const auto source = [&](const Source& of) {
    dsl::each_root(of, [&](NodeId root) {
      dsl::each_node(core, root, [&](NodeId node) { done.nodes[node] = true; });
    });
  };
  for (NodeId node = 0; node < core.nodes.size(); ++node) {
    if (done.nodes[node] && core.nodes[node].op == Op::aggregate)
      source(core.aggregates[core.nodes[node].a].source);
  }
  for (const Effect* effect : done.effects) {
    if (dsl::has_source(*effect)) source(effect->source);
    for (const Effect::EmitRows& rows : effect->rows) source(rows.source);
  }
  for (std::size_t event = 0; event < core.events.size(); ++event) {
    if (!done.events[event]) continue;
    const auto all = [&](NodeId root) {
      dsl::each_node(core, root, [&](NodeId node) { done.nodes[node] = true; });
    };
    for (const EventType::Refusal& refusal : core.events[event].refusals) all(refusal.guard);
    for (const NodeId product : core.events[event].bounded) all(product);
  }
}

/// What is sent and refused by whoever reads it, before the engine hears of it, counts too; so does
/// what a condition of the scenario asks.
void sent(const Core& core, const dsl::Scenario& scenario, Exercised& done) {
  const std::function<void(NodeId)> asked = [&](NodeId root) {
    dsl::each_node(core, root, [&](NodeId node) {
      const bool fresh = !done.nodes[node];
      done.nodes[node] = true;
      if (fresh && core.nodes[node].op == Op::call)
        asked(core.definitions[core.nodes[node].a].body);
    });
  };
  for (const dsl::ScenarioStep& step : scenario.steps) {
    if (step.kind == dsl::ScenarioStep::Kind::that) asked(core.definitions[step.definition].body);
    if (step.kind != dsl::ScenarioStep::Kind::event) continue;
    const json event = json::parse(step.json, nullptr, false);
    for (std::size_t i = 0; i < core.events.size(); ++i)
      if (event.is_object() && event.value("type", "") == core.events[i].wire)
        done.events[i] = true;
  }
}

bool touches(const Mutation::Touches& touches, const Exercised& done) {
  if (touches.none()) return true;
  return std::any_of(touches.nodes.begin(), touches.nodes.end(),
                     [&](NodeId node) { return done.nodes[node]; }) ||
         std::any_of(touches.effects.begin(), touches.effects.end(),
                     [&](const Effect* effect) { return done.effects.count(effect) != 0; }) ||
         std::any_of(touches.rows.begin(), touches.rows.end(),
                     [&](const Mutation::Touches::TableRow& row) {
                       const Exercised::Row& here = done.rows[row.table][row.row];
                       return here.tested || here.read;
                     }) ||
         std::any_of(touches.events.begin(), touches.events.end(),
                     [&](std::uint32_t event) { return done.events[event]; });
}

bool wanted(const Mutation& mutation, const MutateOptions& options) {
  const bool kind = options.kinds.empty() || std::find(options.kinds.begin(), options.kinds.end(),
                                                       mutation.kind) != options.kinds.end();
  const bool file =
      options.files.empty() ||
      std::any_of(options.files.begin(), options.files.end(), [&](const std::string& part) {
        return mutation.file.find(part) != std::string::npos;
      });
  return kind && file;
}

/// The mutations to run, in their order. A sample is the same on every machine.
std::vector<std::size_t> chosen(const std::vector<Mutation>& all, const MutateOptions& options) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (wanted(all[i], options)) out.push_back(i);
  if (options.sample == 0 || options.sample >= out.size()) return out;
  std::mt19937_64 random(options.seed);
  for (std::size_t i = 0; i < options.sample; ++i)
    std::swap(out[i], out[i + static_cast<std::size_t>(random() % (out.size() - i))]);
  out.resize(options.sample);
  std::sort(out.begin(), out.end());
  return out;
}

class Runner {
 public:
  Runner(const dsl::Policy& policy, const dsl::SourceSet& sources, const std::string& path,
         const MutateOptions& options)
      : policy_(policy),
        core_(*policy.core),
        sources_(sources),
        path_(path),
        options_(options),
        facts_(proven_row_facts(policy)),
        program_(prepare(policy.core)),
        trial_(core_, policy.scenarios) {
    for (const dsl::Scenario& scenario : policy.scenarios) {
      exercised_.push_back(exercise(program_, scenario));
      widen(core_, exercised_.back());
      sent(core_, scenario, exercised_.back());
    }
  }

  MutantReport run(const Mutation& mutation, const Progress& progress) {
    MutantReport report;
    const std::shared_ptr<const Core> core = mutant_of(core_, mutation);
    if (auto why = stillborn(*core)) {
      report.verdict = Verdict::stillborn;
      report.proof = std::move(*why);
      return report;
    }
    const std::shared_ptr<const Program> program = prepare(core);
    progress("prepared");
    const std::vector<std::size_t> order = candidates(mutation);
    report.exercised = !order.empty();
    std::vector<bool> passed(trial_.size());
    for (const std::size_t scenario : order) {
      const Trial::Verdict verdict = trial_.run(program, scenario);
      if (verdict == Trial::Verdict::passed) {
        passed[scenario] = true;
        continue;
      }
      report.verdict = verdict == Trial::Verdict::endless ? Verdict::endless : Verdict::killed;
      report.killer = scenario;
      killers_[mutation.clause] = scenario;
      return report;
    }
    if (reads_what_may_be_absent(core_, *core, mutation)) {
      report.verdict = Verdict::stillborn;
      report.proof = Message("mutate.may-be-absent");
      return report;
    }
    // What is read otherwise now was perhaps not touched before.
    if (!mutation.touches.rows.empty()) {
      for (std::size_t scenario = 0; scenario < trial_.size(); ++scenario) {
        if (passed[scenario] || trial_.run(program, scenario) == Trial::Verdict::passed) continue;
        report.verdict = Verdict::killed;
        report.killer = scenario;
        return report;
      }
    }
    if (auto proof = changes_no_bill(core)) {
      report.verdict = Verdict::equivalent;
      report.proof = std::move(*proof);
      return report;
    }
    progress("searching");
    if (!options_.write) return report;
    ScenarioSearch search(policy_, sources_, path_, program_, options_.tries);
    if (auto text = search.find(mutation, program, order)) {
      report.verdict = Verdict::told_apart;
      report.scenario = std::move(*text);
    }
    return report;
  }

 private:
  /// The scenarios that come past the mutation; first the one that killed its neighbour, then the
  /// shorter ones.
  std::vector<std::size_t> candidates(const Mutation& mutation) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < exercised_.size(); ++i)
      if (touches(mutation.touches, exercised_[i])) out.push_back(i);
    std::stable_sort(out.begin(), out.end(), [this](std::size_t a, std::size_t b) {
      return policy_.scenarios[a].steps.size() < policy_.scenarios[b].steps.size();
    });
    const auto neighbour = killers_.find(mutation.clause);
    if (neighbour == killers_.end()) return out;
    const auto at = std::find(out.begin(), out.end(), neighbour->second);
    if (at != out.end()) std::rotate(out.begin(), at, at + 1);
    return out;
  }

  /// Why `toll diff` names no difference to the policy; nothing: it does.
  [[nodiscard]] std::optional<Message> changes_no_bill(
      const std::shared_ptr<const Core>& core) const {
    dsl::Policy edited;
    edited.skin = policy_.skin;
    edited.core = core;
    edited.node_spans = policy_.node_spans;
    edited.node_texts = policy_.node_texts;
    diff::Options options;
    options.facts = facts_;
    const diff::Result result =
        diff::differences({&policy_, &sources_}, {&edited, &sources_}, options);
    if (!result.equal()) return std::nullopt;
    return result.proven.empty() ? Message("mutate.says-the-same") : result.proven.front().why;
  }

  const dsl::Policy& policy_;
  const Core& core_;
  const dsl::SourceSet& sources_;
  const std::string& path_;
  const MutateOptions& options_;
  RowFacts facts_;
  std::shared_ptr<const Program> program_;
  Trial trial_;
  std::vector<Exercised> exercised_;
  std::map<ClauseId, std::size_t> killers_;
};

// Texts cross from one process to the other as JSON; a message as its id and arguments.
json message_json(const Message& message) {
  json arguments = json::array();
  for (const Argument& argument : message.arguments) arguments.push_back(argument.text);
  return {message.id, std::move(arguments)};
}

Message message_of(const json& made) {
  std::vector<Argument> arguments;
  for (const json& argument : made[1]) arguments.emplace_back(argument.get<std::string>());
  return {made[0].get<std::string>(), std::move(arguments)};
}

std::string answer_of(const MutantReport& report) {
  const json made = {static_cast<int>(report.verdict), report.killer, report.exercised,
                     message_json(report.proof), report.scenario};
  return made.dump(-1, ' ', true, json::error_handler_t::replace);
}

MutantReport report_of(const WorkResult& result) {
  MutantReport report;
  if (result.done) {
    const json made = json::parse(result.answer);
    report.verdict = static_cast<Verdict>(made[0].get<int>());
    report.killer = made[1].get<std::size_t>();
    report.exercised = made[2].get<bool>();
    report.proof = message_of(made[3]);
    report.scenario = made[4].get<std::string>();
  } else if (result.reached.empty()) {
    report.verdict = Verdict::stillborn;
    report.proof = Message("mutate.no-program");
  } else if (result.reached == "prepared") {
    report.verdict = Verdict::endless;
  }
  return report;
}

}  // namespace

MutationRun mutate(const dsl::Policy& policy, const dsl::SourceSet& sources,
                   const std::string& path, const MutateOptions& options) {
  MutationRun run;
  run.mutations = mutations_of(policy, sources);
  const std::vector<std::size_t> all = chosen(run.mutations, options);
  Runner runner(policy, sources, path, options);
  const std::vector<WorkResult> results =
      in_processes(all.size(), options.jobs, [&](std::size_t item, const Progress& progress) {
        return answer_of(runner.run(run.mutations[all[item]], progress));
      });
  for (std::size_t i = 0; i < all.size(); ++i) {
    run.mutants.push_back(report_of(results[i]));
    run.mutants.back().mutation = all[i];
  }
  return run;
}

}  // namespace toll::tools
