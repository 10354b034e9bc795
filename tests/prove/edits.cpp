// Is anything proved that does not hold? Single edits of a policy, as `toll mutate` makes them, are
// proved, and what is then called proved is held against a brute force: the policy's scenarios and
// histories made up anew, rows asked at times of no meaning, bills of quantities drawn at random.
//
//     toll_prove_edits POLICY [--count N] [--seed N] [--histories N] [--only PART_OF_ID]...
//     [--list]
//
// Exit status 1 if the brute force breaks what was called proved, if an edit that `toll diff`
// proves to change nothing is refuted, or if of many edits none is. What is refuted has to show a
// scenario that runs under the edit, if it has one at all. `--list` tells what became of the claims
// that an edit takes the proof from.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "tools/diff/diff.hpp"
#include "tools/mutate/absence.hpp"
#include "tools/mutate/mutations.hpp"
#include "tools/prove/context.hpp"
#include "tools/prove/histories.hpp"
#include "tools/prove/prove.hpp"
#include "tools/scenario_run.hpp"

namespace toll {
namespace {

using tools::Mutation;
using tools::Proven;
using tools::Verdict;
using tools::prover::Context;

constexpr Value kDay = Value{86'400} * 1'000'000'000;

struct Arguments {
  std::string policy;
  std::size_t count = 200;
  std::uint64_t seed = 1;
  std::uint32_t histories = 100;
  std::vector<std::string> only;  ///< parts of the ids of edits; none: all
  bool list = false;
};

Arguments read_arguments(int count, char** words) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value = [&] { return i + 1 < count ? std::string(words[++i]) : std::string("0"); };
    if (word == "--count") {
      out.count = std::stoul(value());
    } else if (word == "--seed") {
      out.seed = std::stoul(value());
    } else if (word == "--histories") {
      out.histories = static_cast<std::uint32_t>(std::stoul(value()));
    } else if (word == "--only") {
      out.only.push_back(value());
    } else if (word == "--list") {
      out.list = true;
    } else {
      out.policy = word;
    }
  }
  return out;
}

/// Is a row's name or number excepted?
bool excepted(const Proof& proof, const std::vector<std::uint32_t>& named, const Table::Row& row,
              std::optional<Value> number) {
  return std::any_of(proof.exceptions.begin(), proof.exceptions.end(), [&](const auto& one) {
    bool name = one.names.empty();
    for (const Proof::Name& of : one.names) {
      const bool column = std::find(named.begin(), named.end(), of.column) != named.end();
      name = name || (column && row.cells[of.column] == of.name);
    }
    bool range = one.ranges.empty();
    for (const Proof::Range& of : one.ranges) {
      range = range || (number && of.from <= *number && *number <= of.to);
    }
    return name && range;
  });
}

/// What tables say, tried at times and of quantities that mean nothing.
class Tables {
 public:
  Tables(const Context& context, std::uint64_t seed) : context_(context), random_(seed) {}

  /// A row of which the claim fails though nothing excepts it.
  bool row_fails(const Proof& proof) {
    const Table& table = context_.core.tables[proof.a];
    std::vector<std::uint32_t> columns;
    for (std::uint32_t i = 0; i < table.columns.size(); ++i) columns.push_back(i);
    bool fails = false;
    for (int tries = 0; tries < 20; ++tries) {
      const Account account(context_.program);
      account.view(proof.view, time(), [&](Value at, std::span<const Value> holds) {
        const Table::Row& row = table.rows[static_cast<std::size_t>(at)];
        std::optional<Value> number;
        if (proof.ranges != kNone) number = row.cells[proof.ranges];
        fails = fails || (holds[0] != 1 && !excepted(proof, columns, row, number));
      });
    }
    return fails;
  }

  /// A quantity that costs more than a greater one though nothing excepts it.
  bool bill_falls(const Proof& proof) {
    if (proof.tariff.graduated) return false;
    const Table& table = context_.core.tables[proof.tariff.table];
    for (int tries = 0; tries < 20; ++tries) {
      const Value now = time();
      std::map<std::uint32_t, Value> free;
      if (proof.view != kNone) {
        Account(context_.program).view(proof.view, now, [&](Value row, std::span<const Value> of) {
          if (of[0] != kAbsent) free[static_cast<std::uint32_t>(row)] = of[0];
        });
      }
      for (const auto& [keys, rows] : in_force(table, now)) {
        if (falls(proof, table, rows, free)) return true;
      }
    }
    return false;
  }

 private:
  using Rows = std::vector<std::uint32_t>;

  Value time() {
    constexpr Value kFirst = 17'000;  // days: the years from 2016 on
    return (kFirst + static_cast<Value>(random_() % 5'000)) * kDay +
           static_cast<Value>(random_() % 86'400) * 1'000'000'000;
  }

  static std::map<std::vector<Value>, Rows> in_force(const Table& table, Value now) {
    std::map<std::vector<Value>, Rows> made;
    for (std::uint32_t i = 0; i < table.rows.size(); ++i) {
      const Table::Row& row = table.rows[i];
      if (row.since != kAbsent && now < row.since) continue;
      if (row.until != kAbsent && now >= row.until) continue;
      std::vector<Value> keys;
      for (const std::uint32_t key : table.keys) keys.push_back(row.cells[key]);
      made[keys].push_back(i);
    }
    return made;
  }

  bool falls(const Proof& proof, const Table& table, const Rows& rows,
             const std::map<std::uint32_t, Value>& free) {
    Value covered = 0;
    std::set<Value> tried;
    for (const std::uint32_t row : rows) {
      const auto found = free.find(row);
      if (found != free.end()) covered = found->second;
      const Value bound = table.rows[row].cells[table.band];
      for (Value near = bound - 1; near <= bound + 1; ++near) tried.insert(near);
      for (int i = 0; i < 6; ++i) tried.insert(static_cast<Value>(random_() % 2'000'000));
    }
    for (const Proof::Exception& one : proof.exceptions) {
      for (const Proof::Range& range : one.ranges) {
        for (const Value end : {range.from - 1, range.to + 1}) tried.insert(end);
      }
    }
    const auto cost = [&](Value units) {
      const Table::Row* reached = nullptr;
      for (const std::uint32_t row : rows) {
        const Table::Row& one = table.rows[row];
        const bool fits = one.cells[table.band] <= units;
        const bool better =
            reached == nullptr || reached->cells[table.band] <= one.cells[table.band];
        if (fits && better) reached = &one;
      }
      const Value price = reached == nullptr ? kAbsent : reached->cells[proof.tariff.column];
      return price == kAbsent ? kAbsent : price * (units - std::min(units, covered));
    };
    Value least = kAbsent;  // of the quantities beyond
    for (auto at = tried.rbegin(); at != tried.rend() && *at >= 0; ++at) {
      const Value paid = cost(*at);
      if (paid == kAbsent) continue;
      const bool less = least != kAbsent && least < paid;
      if (less && !excepted(proof, table.keys, table.rows[rows.front()], *at)) return true;
      if (least == kAbsent || paid < least) least = paid;
    }
    return false;
  }

  const Context& context_;
  std::mt19937_64 random_;
};

/// Claims called proved that the brute force breaks.
std::vector<std::uint32_t> broken(const dsl::Policy& edited, const std::vector<Proven>& verdicts,
                                  const Arguments& arguments) {
  tools::ProveOptions options;
  options.histories = arguments.histories;
  options.events = 40;
  options.seed = arguments.seed + 99;
  const tools::TryScenario none;
  const Context context(edited, {}, options, none);
  std::vector<std::uint32_t> found;
  std::vector<std::uint32_t> histories;
  Tables tables(context, arguments.seed + 7);
  for (const Proven& one : verdicts) {
    if (one.verdict != Verdict::proved) continue;
    const Proof& proof = context.core.proofs[one.proof];
    const bool history = proof.of == Proof::Of::state || proof.of == Proof::Of::entries;
    if (history) histories.push_back(one.proof);
    const bool wrong = (proof.of == Proof::Of::rows && tables.row_fails(proof)) ||
                       (proof.of == Proof::Of::falls && tables.bill_falls(proof));
    if (wrong) found.push_back(one.proof);
  }
  for (const auto& [proof, history] : tools::prover::Histories(context).search(histories)) {
    found.push_back(proof);
  }
  return found;
}

/// The edit done to the policy with one more file.
class Again {
 public:
  Again(const std::string& path, const std::string& skin) : path_(path) {
    namespace fs = std::filesystem;
    const fs::path folder = fs::is_directory(path) ? fs::path(path) : fs::path(path).parent_path();
    name_ = (folder / "counterexample.toll").string();
    head_ = skin == "en" ? "language 1\n" : "language 1 " + skin + "\n";
  }

  /// Does the scenario pass under the edit? And without it?
  [[nodiscard]] std::pair<bool, bool> passes(const std::string& scenario,
                                             const std::string& id) const {
    dsl::SourceSet sources;
    dsl::Diagnostics diagnostics;
    dsl::Policy policy = dsl::load_policy(path_, {{name_, head_ + scenario}}, sources, diagnostics);
    if (policy.core == nullptr || policy.scenarios.empty()) return {};
    const dsl::Scenario written = policy.scenarios.back();
    if (sources.path(written.span.file) != name_) return {};
    const bool before = tools::run_scenario(prepare(policy.core), written).empty();
    for (const Mutation& one : tools::mutations_of(policy, sources)) {
      if (one.id != id) continue;
      const auto core = tools::mutant_of(*policy.core, one);
      return {tools::run_scenario(prepare(core), written).empty(), before};
    }
    return {};
  }

 private:
  std::string path_;
  std::string name_;
  std::string head_;
};

struct Counts {
  std::size_t edits = 0;
  std::size_t claims = 0;
  std::map<Verdict, std::size_t> verdicts;
  std::size_t shown = 0;                    ///< refuted, with a scenario
  std::size_t both = 0;                     ///< of them, those that pass without the edit as well
  std::size_t broken = 0;                   ///< called proved, and the brute force breaks it: wrong
  std::size_t equal = 0;                    ///< edits that change nothing
  std::size_t turned = 0;                   ///< and yet refuted: wrong
  std::map<std::string, std::size_t> open;  ///< claims left open
};

const char* word_of(Verdict verdict) {
  return verdict == Verdict::proved    ? "proved"
         : verdict == Verdict::refuted ? "refuted"
         : verdict == Verdict::unknown ? "open"
                                       : "not asked";
}

class Run {
 public:
  Run(const Arguments& arguments, const dsl::Policy& policy, const dsl::SourceSet& sources,
      const std::vector<dsl::File>& files)
      : arguments_(arguments),
        policy_(policy),
        sources_(sources),
        files_(files),
        again_(arguments.policy, policy.skin) {}

  int all() {
    for (const Proven& one : verdicts(policy_, {})) before_[one.proof] = one.verdict;
    std::vector<Mutation> all = tools::mutations_of(policy_, sources_);
    std::mt19937_64 random(arguments_.seed);
    while (counts_.edits < arguments_.count && !all.empty()) {
      const std::size_t at = random() % all.size();
      const Mutation mutation = std::move(all[at]);
      all[at] = std::move(all.back());
      all.pop_back();
      if (!wanted(mutation)) continue;
      dsl::Policy edited = policy_;
      edited.core = tools::mutant_of(*policy_.core, mutation);
      if (tools::stillborn(*edited.core) ||
          tools::reads_what_may_be_absent(*policy_.core, *edited.core, mutation)) {
        continue;
      }
      ++counts_.edits;
      one(mutation, edited);
    }
    return report();
  }

 private:
  [[nodiscard]] bool wanted(const Mutation& mutation) const {
    const auto& only = arguments_.only;
    return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& part) {
             return mutation.id.find(part) != std::string::npos;
           });
  }

  [[nodiscard]] std::vector<Proven> verdicts(const dsl::Policy& policy,
                                             const tools::TryScenario& passes) const {
    tools::ProveOptions options;
    options.earlier = &policy_;
    options.earlier_sources = &sources_;
    options.sources = &sources_;
    return tools::prove_policy(policy, files_, options, passes);
  }

  void one(const Mutation& mutation, const dsl::Policy& edited) {
    bool both = false;
    const auto passes = [&](const std::string& scenario) {
      const auto [after, before] = again_.passes(scenario, mutation.id);
      both = before;
      return after;
    };
    // The last scenario that passed is the one that is shown.
    std::map<std::string, bool> without;
    const std::vector<Proven> all = verdicts(edited, [&](const std::string& scenario) {
      const bool after = passes(scenario);
      without[scenario] = both;
      return after;
    });
    const diff::Side before = {&policy_, &sources_};
    const diff::Side after = {&edited, &sources_};
    const bool equal = diff::differences(before, after, {}).equal();
    counts_.equal += equal ? 1U : 0U;
    std::string told;
    for (const Proven& one : all) {
      ++counts_.claims;
      ++counts_.verdicts[one.verdict];
      const std::string& name = edited.core->proofs[one.proof].name;
      if (one.verdict == Verdict::unknown) ++counts_.open[name];
      if (!one.scenario.empty()) {
        ++counts_.shown;
        counts_.both += without[one.scenario] ? 1U : 0U;
      }
      if (one.verdict == before_[one.proof]) continue;
      told += std::string(told.empty() ? "" : ", ") + name + " " + word_of(one.verdict) +
              (one.verdict == Verdict::refuted && one.scenario.empty() ? " (told)" : "");
      if (equal && one.verdict == Verdict::refuted) {
        ++counts_.turned;
        std::cout << "WRONG: nothing changes, and yet it is refuted: " << name << "\n";
      }
    }
    for (const std::uint32_t proof : broken(edited, all, arguments_)) {
      ++counts_.broken;
      std::cout << "WRONG: called proved, and does not hold: " << edited.core->proofs[proof].name
                << "\n  by " << mutation.id << "\n";
    }
    if (arguments_.list && !told.empty()) {
      std::cout << mutation.id << ": " << say(mutation.says, Language::en) << " [" << mutation.file
                << ":" << mutation.line << "]\n  " << told << "\n";
    }
    std::cout << std::flush;
  }

  int report() {
    std::cout << counts_.edits << " edits, " << counts_.equal << " of them change nothing; "
              << counts_.claims << " verdicts\n"
              << counts_.verdicts[Verdict::proved] << " proved, of which " << counts_.broken
              << " do not hold\n"
              << counts_.verdicts[Verdict::refuted] << " refuted, " << counts_.shown
              << " with a scenario that passes under the edit (" << counts_.both
              << " of them without it too), " << counts_.turned << " wrongly\n"
              << counts_.verdicts[Verdict::unknown] << " open\n";
    for (const auto& [name, count] : counts_.open) {
      std::cout << "open: " << name << " " << count << "\n";
    }
    // Edits of which none breaks a claim would try nothing.
    constexpr std::size_t kMany = 20;
    const bool idle =
        counts_.edits == 0 || (counts_.edits > kMany && counts_.verdicts[Verdict::refuted] == 0);
    return counts_.broken + counts_.turned > 0 || idle ? 1 : 0;
  }

  const Arguments& arguments_;
  const dsl::Policy& policy_;
  const dsl::SourceSet& sources_;
  const std::vector<dsl::File>& files_;
  const Again again_;
  std::map<std::uint32_t, Verdict> before_;
  Counts counts_;
};

int run(const Arguments& arguments) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(arguments.policy, sources, diagnostics);
  if (policy.core == nullptr) {
    std::cerr << dsl::render(diagnostics, sources);
    return 3;
  }
  dsl::SourceSet trees;
  const std::vector<dsl::File> files = dsl::read_files(arguments.policy, trees, diagnostics);
  return Run(arguments, policy, sources, files).all();
}

}  // namespace
}  // namespace toll

int main(int count, char** words) { return toll::run(toll::read_arguments(count, words)); }
