// Does `toll diff` name every edit that changes a bill, and no other? Single edits of a policy, as
// `toll mutate` makes them, are compared with a brute force: all scenarios, and histories made of
// them at random, played under both.
//
//     toll_diff_edits POLICY [--events FILE]... [--stories N] [--count N] [--seed N] [--tries N]
//                     [--only PART_OF_ID]... [--decided] [--list]
//
// Exit status 1 if a difference was denied that the brute force shows, if one is left without an
// example that the brute force has, or if an example given does not show one; with `--decided` also
// if one is left that may differ. `--list` tells the
// edits that have no example, and why those are proven that are.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "io/time_text.hpp"
#include "tools/diff/diff.hpp"
#include "tools/diff/play.hpp"
#include "tools/diff/vary.hpp"
#include "tools/mutate/absence.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll {
namespace {

using diff::PlayedEvent;
using diff::PlayedHistory;

struct Arguments {
  std::string policy;
  std::vector<std::string> events;
  std::size_t count = 200;
  std::size_t stories = 600;
  std::uint64_t seed = 1;
  std::size_t tries = diff::Options().tries;
  bool list = false;
  std::vector<std::string> only;  ///< parts of the ids of edits; none: all
  bool decided = false;           ///< an edit that may differ is a failure
};

Arguments read_arguments(int count, char** words) {
  Arguments out;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value = [&] { return i + 1 < count ? std::string(words[++i]) : std::string("0"); };
    if (word == "--events") {
      out.events.push_back(value());
    } else if (word == "--count") {
      out.count = std::stoul(value());
    } else if (word == "--stories") {
      out.stories = std::stoul(value());
    } else if (word == "--seed") {
      out.seed = std::stoul(value());
    } else if (word == "--tries") {
      out.tries = std::stoul(value());
    } else if (word == "--only") {
      out.only.push_back(value());
    } else if (word == "--decided") {
      out.decided = true;
    } else if (word == "--list") {
      out.list = true;
    } else {
      out.policy = word;
    }
  }
  return out;
}

/// The accounts of a file of events, each with its history.
void read_events(const std::string& path, const Core& core, std::vector<PlayedHistory>& out) {
  std::ifstream file(path);
  std::map<std::string, PlayedHistory> accounts;
  const io::Zone zone(core.zone);
  Value last = kAbsent;
  for (std::string line; std::getline(file, line);) {
    PlayedEvent event;
    event.object = nlohmann::json::parse(line, nullptr, false);
    if (!event.object.is_object() || !event.object.contains("subject") ||
        !event.object["subject"].is_string())
      continue;
    const std::string subject = event.object["subject"].get<std::string>();
    event.line = line;
    const auto time = event.object.find("time");
    if (time != event.object.end() && time->is_string()) {
      const Value at =
          io::parse_instant(time->get_ref<const std::string&>(), zone).value_or(kAbsent);
      if (at != kAbsent && (last == kAbsent || at > last)) last = at;
    }
    accounts[subject].events.push_back(std::move(event));
  }
  for (auto& [subject, history] : accounts) {
    history.until = last;
    out.push_back(std::move(history));
  }
}

/// Histories made of the scenarios, with nothing in view.
void make_stories(const diff::Vary& vary, const std::vector<PlayedHistory>& seeds,
                  const Arguments& arguments, std::vector<PlayedHistory>& out) {
  std::mt19937_64 random(arguments.seed + 77);
  constexpr std::size_t kMostEvents = 20;
  for (std::size_t i = 0; i < arguments.stories && !seeds.empty(); ++i) {
    PlayedHistory story = seeds[random() % seeds.size()];
    const std::size_t steps = 2 + random() % 12;
    for (std::size_t step = 0; step < steps && story.events.size() < kMostEvents; ++step)
      vary.step(story, diff::Hints(), seeds, random);
    story.until = vary.end_of(story) + (random() % 2 == 0 ? 40 : 400) * diff::kDay;
    out.push_back(std::move(story));
  }
}

using Ledger = std::vector<std::string>;

Ledger ledger_of(diff::Player& player, const PlayedHistory& history) {
  Ledger out;
  player.begin(nullptr);
  for (const PlayedEvent& event : history.events)
    for (const auto& entry : player.event(event.line)) out.push_back(entry.line);
  for (const auto& entry : player.until(history.until)) out.push_back(entry.line);
  return out;
}

struct Counts {
  std::size_t edits = 0;
  std::size_t shown = 0;        ///< a difference with an example; the brute force shows one as well
  std::size_t shown_alone = 0;  ///< with an example; the brute force shows none
  std::size_t open_differs = 0;  ///< `may differ` without an example, and the brute force shows one
  std::size_t open = 0;          ///< `may differ` without an example; the brute force shows none
  std::size_t equal = 0;         ///< proven equal, and the brute force shows nothing
  std::size_t denied = 0;        ///< proven equal, and the brute force shows a difference: wrong
  std::size_t false_example = 0;
};

bool example_holds(const diff::Difference& one, diff::Duel& duel) {
  PlayedHistory history;
  for (const std::string& line : one.witness->events) {
    PlayedEvent event;
    event.line = line;
    history.events.push_back(std::move(event));
  }
  history.until = one.witness->until;
  return duel.play(history).differs;
}

int run(const Arguments& arguments) {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  const dsl::Policy policy = dsl::load_policy(arguments.policy, sources, diagnostics);
  if (policy.core == nullptr) {
    std::cerr << dsl::render(diagnostics, sources);
    return 3;
  }
  const diff::Vary vary(*policy.core, *policy.core);
  std::vector<PlayedHistory> histories;
  for (PlayedHistory& seed : vary.seeds(policy)) {
    seed.until = vary.end_of(seed) + 40 * diff::kDay;
    histories.push_back(std::move(seed));
  }
  make_stories(vary, vary.seeds(policy), arguments, histories);
  for (const std::string& path : arguments.events) read_events(path, *policy.core, histories);
  const std::shared_ptr<const Program> program = prepare(policy.core);
  diff::Player player(program);
  std::vector<Ledger> ledgers;
  for (const PlayedHistory& history : histories) ledgers.push_back(ledger_of(player, history));

  std::vector<tools::Mutation> all = tools::mutations_of(policy, sources);
  std::mt19937_64 random(arguments.seed);
  Counts counts;
  std::map<std::string, std::size_t> open_kinds;
  while (counts.edits < arguments.count && !all.empty()) {
    const std::size_t at = random() % all.size();
    const tools::Mutation mutation = std::move(all[at]);
    all[at] = std::move(all.back());
    all.pop_back();
    const bool wanted =
        arguments.only.empty() ||
        std::any_of(arguments.only.begin(), arguments.only.end(), [&](const std::string& part) {
          return mutation.id.find(part) != std::string::npos;
        });
    if (!wanted) continue;
    dsl::Policy edited = policy;
    edited.core = tools::mutant_of(*policy.core, mutation);
    if (tools::stillborn(*edited.core) ||
        tools::reads_what_may_be_absent(*policy.core, *edited.core, mutation))
      continue;
    ++counts.edits;
    diff::Options options;
    options.tries = arguments.tries;
    const diff::Side before = {&policy, &sources};
    const diff::Side after = {&edited, &sources};
    const diff::Result result = diff::compare(before, after, options);
    const std::shared_ptr<const Program> mutant = prepare(edited.core);
    diff::Player other(mutant);
    bool differs = false;
    for (std::size_t i = 0; i < histories.size() && !differs; ++i)
      differs = ledger_of(other, histories[i]) != ledgers[i];
    std::size_t examples = 0;
    diff::Duel duel(program, mutant);
    for (const diff::Difference& one : result.differences) {
      if (!one.witness) continue;
      ++examples;
      if (example_holds(one, duel)) continue;
      ++counts.false_example;
      std::cout << "FALSE EXAMPLE " << mutation.id << "\n";
    }
    std::size_t Counts::*count = nullptr;
    if (result.equal()) {
      count = differs ? &Counts::denied : &Counts::equal;
    } else if (examples > 0) {
      count = differs ? &Counts::shown : &Counts::shown_alone;
    } else {
      count = differs ? &Counts::open_differs : &Counts::open;
      ++open_kinds[std::string(to_string(mutation.kind))];
    }
    ++(counts.*count);
    const bool wrong = count == &Counts::denied;
    if (wrong || (arguments.list && examples == 0)) {
      std::cout << (wrong            ? "DENIED "
                    : result.equal() ? "equal "
                    : differs        ? "MISSED "
                                     : "open ")
                << mutation.id << ": " << say(mutation.says, Language::en) << " [" << mutation.file
                << ":" << mutation.line << "]\n";
      for (const diff::Proven& one : result.proven)
        std::cout << "  " << say(one.why, Language::en) << "\n";
      std::cout << std::flush;
    }
  }
  std::cout << counts.edits << " edits, " << histories.size() << " histories\n"
            << counts.shown + counts.shown_alone << " change a bill, with an example ("
            << counts.shown_alone << " of them no history had shown)\n"
            << counts.equal << " proven to change none\n"
            << counts.open << " may change one; no example, and no history shows any\n"
            << counts.open_differs << " may change one; no example, though a history shows it\n"
            << counts.denied << " denied, " << counts.false_example << " false examples\n";
  for (const auto& [kind, number] : open_kinds)
    std::cout << "without example: " << kind << " " << number << "\n";
  const std::size_t wrong = counts.denied + counts.open_differs + counts.false_example +
                            (arguments.decided ? counts.open : 0);
  return wrong > 0 || counts.edits == 0 ? 1 : 0;
}

}  // namespace
}  // namespace toll

int main(int count, char** words) { return toll::run(toll::read_arguments(count, words)); }
