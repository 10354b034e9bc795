#include "tools/prove/induction.hpp"

#include "tools/prove/walk.hpp"

namespace toll::tools::prover {
namespace {

struct Step {
  std::uint32_t block = 0;
  std::uint32_t event = kNone;
  Message name;
};

std::vector<Step> steps_of(const Core& core) {
  std::vector<Step> all;
  for (std::uint32_t i = 0; i < core.events.size(); ++i) {
    if (core.events[i].block == kNone) continue;
    all.push_back({core.events[i].block, i, {"prove.place.event", {core.events[i].name}}});
  }
  for (const Timer& timer : core.timers) {
    all.push_back({timer.block, kNone, {"prove.place.timer", {timer.name}}});
  }
  return all;
}

/// The claims that were known besides, by name; of those that nobody wrote, how many.
Message known_besides(const Core& core, const std::vector<Claim>& claims, std::uint32_t but) {
  std::string names;
  std::size_t unsaid = 0;
  for (const Claim& claim : claims) {
    if (claim.proof == but) continue;
    if (claim.field != kNone) {
      ++unsaid;
    } else {
      names += (names.empty() ? "" : ", ") + core.proofs[claim.proof].name;
    }
  }
  if (unsaid == 0) return names.empty() ? Message() : Message("prove.with.claims", {names});
  if (names.empty()) return {"prove.with.numbers", {unsaid}};
  return {"prove.with.both", {names, unsaid}};
}

struct Kept {
  std::vector<Claim> claims;
  std::map<std::uint32_t, std::size_t> ways;  ///< through the rules, by proof
  std::map<std::uint32_t, Message> why;       ///< of what is not kept
};

/// What may break a claim if these hold before; empty: nothing.
Message broken_by(const Context& context, const std::vector<Step>& steps, const Claim& claim,
                  Kept& kept) {
  {
    Walk walk(context, kept.claims, &claim, kNone);
    const bool first = !claim.rows || !context.core.families[claim.family].keyed ||
                       walk.holds_of_first_values(claim);
    if (!first || !walk.empty_rows_count_nothing()) return "prove.open.beginning";
  }
  std::size_t count = 0;
  for (const Step& step : steps) {
    Walk walk(context, kept.claims, &claim, kNone);
    const bool fine = walk.block(step.block, step.event);
    count += walk.ways;
    if (!fine) return {walk.exhausted() ? "prove.open.steps" : "prove.open.step", {step.name}};
  }
  kept.ways[claim.proof] = count;
  return {};
}

/// Claims that are kept together, with those that are known as they are; what is not kept is taken
/// out, and the others looked at again without it.
Kept keep(const Context& context, const std::vector<Step>& steps, std::vector<Claim> claims,
          const std::vector<Claim>& known) {
  Kept kept;
  for (bool again = true; again && !claims.empty();) {
    again = false;
    kept.claims = known;
    kept.claims.insert(kept.claims.end(), claims.begin(), claims.end());
    std::vector<Claim> still;
    for (const Claim& claim : claims) {
      const Message broken = broken_by(context, steps, claim, kept);
      if (broken.empty()) {
        still.push_back(claim);
      } else {
        kept.why[claim.proof] = broken;
        again = true;
      }
    }
    claims = std::move(still);
  }
  kept.claims = known;
  kept.claims.insert(kept.claims.end(), claims.begin(), claims.end());
  return kept;
}

/// Claims about entries of a kind: of each place that writes one, with others known of the account.
Proven entries_kept(const Context& context, const std::vector<Step>& steps,
                    const std::vector<Claim>& known, std::uint32_t proof) {
  Proven made;
  made.proof = proof;
  std::size_t count = 0;
  std::size_t places = 0;
  for (const Step& step : steps) {
    Walk walk(context, known, nullptr, proof);
    const bool fine = walk.block(step.block, step.event);
    count += walk.ways;
    places += walk.emits;
    if (fine) continue;
    made.how = {walk.exhausted() ? "prove.open.steps" : "prove.open.step", {step.name}};
    return made;
  }
  made.verdict = Verdict::proved;
  const Core& core = context.core;
  const Message others = known_besides(core, known, kNone);
  made.how = {others.empty() ? "prove.by.entries" : "prove.by.entries-with",
              {places, core.entries[core.proofs[proof].a].name, count, others}};
  return made;
}

class Induction {
 public:
  Induction(const Context& context, std::vector<Proven>& all)
      : context_(context), core_(context.core), all_(all), steps_(steps_of(core_)) {}

  void run(const std::vector<std::uint32_t>& proofs) {
    std::vector<Claim> claims;
    const Account begun(context_.program);
    for (const std::uint32_t proof : proofs) {
      const Proof& said = core_.proofs[proof];
      const Depends on = depends_on(core_, core_.definitions[said.definition].body);
      if (on.opaque || (on.time && said.of == Proof::Of::state)) {
        all_[proof].how = on.opaque ? "prove.open.opaque" : "prove.open.time";
      } else if (said.of == Proof::Of::entries) {
        entries_.push_back(proof);
      } else if (!begun.holds(said.definition)) {
        all_[proof].how = "prove.open.beginning";
      } else {
        claims.push_back(claim_of(core_, proof));
      }
    }
    const Kept kept = round(claims, {});
    // With more that is known, more may be shown.
    std::vector<Claim> open;
    Places spoken;
    for (const Claim& claim : claims) {
      if (all_[claim.proof].verdict == Verdict::proved) continue;
      open.push_back(claim);
      spoken.insert(claim.reads.begin(), claim.reads.end());
    }
    bool done = open.empty();
    for (const std::uint32_t proof : entries_) {
      if (all_[proof].verdict == Verdict::proved) continue;
      done = false;
      reads_of(core_, core_.definitions[core_.proofs[proof].definition].body, spoken);
    }
    if (done) return;
    const std::vector<Claim> more = unsaid(core_, spoken);
    open.insert(open.end(), more.begin(), more.end());
    if (!more.empty()) round(open, kept.claims);
  }

 private:
  Kept round(const std::vector<Claim>& claims, const std::vector<Claim>& known) {
    Kept kept = keep(context_, steps_, claims, known);
    for (const auto& [proof, why] : kept.why) {
      if (proof < all_.size()) all_[proof].how = why;
    }
    for (const Claim& claim : kept.claims) {
      if (claim.field == kNone) proved(claim, kept);
    }
    for (const std::uint32_t proof : entries_) {
      if (all_[proof].verdict == Verdict::proved) continue;
      all_[proof] = entries_kept(context_, steps_, kept.claims, proof);
    }
    return kept;
  }

  void proved(const Claim& claim, Kept& kept) {
    Proven& made = all_[claim.proof];
    if (made.verdict == Verdict::proved) return;
    made.verdict = Verdict::proved;
    const Message others = known_besides(core_, kept.claims, claim.proof);
    made.how = {others.empty() ? "prove.by.induction" : "prove.by.induction-with",
                {core_.events.size(), core_.timers.size(), kept.ways[claim.proof], others}};
  }

  const Context& context_;
  const Core& core_;
  std::vector<Proven>& all_;
  const std::vector<Step> steps_;
  std::vector<std::uint32_t> entries_;
};

}  // namespace

void prove_by_induction(const Context& context, const std::vector<std::uint32_t>& proofs,
                        std::vector<Proven>& all) {
  Induction(context, all).run(proofs);
}

}  // namespace toll::tools::prover
