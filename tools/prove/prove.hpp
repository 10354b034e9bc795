// Does a policy keep what its `prove` clauses say? Each is shown to hold, or shown not to by a
// history that anybody can run, or left open; never is one said to hold that was only tried.
//
// How: claims about tables are tried on every row in every era. Claims about bills are decided at
// the bounds of tiers (tools/analysis). Claims about states and entries are shown by induction over
// the policy's effects: they hold of an account that has just begun, and every event and timer
// keeps them, whatever came before. What induction leaves open is tried on histories made for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "toll/engine.hpp"

namespace toll::tools {

enum class Verdict : std::uint8_t {
  proved,
  refuted,
  unknown,
  not_asked,  ///< it compares with an earlier edition, and none was given
};

/// Quantities of one schedule of which using more costs less; numbers as decimals.
struct FallingBand {
  std::vector<std::string> keys;  ///< of the table's row
  Value since = kAbsent;          ///< the schedule that is in force then
  std::string free;               ///< units that cost nothing, and count
  std::string from;
  std::string to;
  std::string cheaper;  ///< the greater quantity that costs the least
  std::string cost_from;
  std::string cost_to;
  std::string cost_cheaper;
  bool excepted = false;
};

struct Proven {
  std::uint32_t proof = 0;  ///< of Core::proofs
  Verdict verdict = Verdict::unknown;
  Message how;                     ///< by what it is shown, or how far it is open
  std::vector<Message> details;    ///< refuted: what does not hold, the first of it first
  std::string scenario;            ///< refuted: a scenario that passes and shows it; may be empty
  std::vector<FallingBand> bands;  ///< of a bill that falls, excepted or not
};

struct ProveOptions {
  /// The edition that `unchanged` compares with; its files and those of the policy itself, from
  /// which differences are quoted.
  const dsl::Policy* earlier = nullptr;
  const dsl::SourceSet* earlier_sources = nullptr;
  const dsl::SourceSet* sources = nullptr;
  Language language = Language::en;   ///< of names and amounts in messages about differences
  std::string only;                   ///< claims whose name has this in it; empty: all
  std::uint32_t histories = 400;      ///< tried where induction leaves a claim open
  std::uint32_t events = 60;          ///< in each history
  std::uint64_t seed = 1;             ///< of the histories: the same seed, the same verdicts
  std::uint64_t most_steps = 30'000;  ///< of the induction, for each claim
};

/// A scenario is shown only if it passes when it is read as one more file of the policy.
using TryScenario = std::function<bool(const std::string& text)>;

/// Reads the policy at this path once more, with the scenario beside its files, and runs it.
TryScenario trial(const std::string& path, const std::string& skin);

/// One verdict for each of Core::proofs that is asked for, in order. `files`: the trees the policy
/// was read from; the author's words are quoted from them. Without any, scenarios are left out
/// where they need quotes.
std::vector<Proven> prove_policy(const dsl::Policy& policy, const std::vector<dsl::File>& files,
                                 const ProveOptions& options, const TryScenario& passes);

/// Is nothing refuted and nothing left open?
bool all_proved(const std::vector<Proven>& verdicts);

/// For people: a line or more for each claim, scenarios ready to paste.
std::string verdicts_text(const Core& core, const std::vector<Proven>& verdicts, Language language);
/// The same, and how many there are of each verdict.
std::string proofs_text(const Core& core, const std::vector<Proven>& verdicts, Language language);
/// For programs: the member `proofs` of what `toll prove --json` prints.
std::string proofs_json(const Core& core, const std::vector<Proven>& verdicts, Language language);

}  // namespace toll::tools
