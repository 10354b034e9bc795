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

std::string names_of(const Core& core, const std::vector<Claim>& claims, std::uint32_t but) {
  std::string made;
  for (const Claim& claim : claims) {
    if (claim.proof == but) continue;
    made += (made.empty() ? "" : ", ") + core.proofs[claim.proof].name;
  }
  return made;
}

}  // namespace

void prove_by_induction(const Context& context, const std::vector<std::uint32_t>& proofs,
                        std::vector<Proven>& all) {
  const Core& core = context.core;
  const std::vector<Step> steps = steps_of(core);
  std::vector<Claim> claims;
  const Account begun(context.program);
  for (const std::uint32_t proof : proofs) {
    if (core.proofs[proof].of != Proof::Of::state) continue;
    const Depends on = depends_on(core, core.definitions[core.proofs[proof].definition].body);
    if (on.opaque || on.time) {
      all[proof].how = on.opaque ? "prove.open.opaque" : "prove.open.time";
    } else if (!begun.holds(core.proofs[proof].definition)) {
      all[proof].how = "prove.open.beginning";
    } else {
      claims.push_back(claim_of(core, proof));
    }
  }
  // All claims together are kept, or those that are left when what is not kept is taken out.
  std::map<std::uint32_t, std::size_t> ways;
  for (bool again = true; again && !claims.empty();) {
    again = false;
    std::vector<Claim> kept;
    for (const Claim& claim : claims) {
      Message broken;
      std::size_t count = 0;
      {
        Walk walk(context, claims, &claim, kNone);
        const bool first =
            !claim.rows || !core.families[claim.family].keyed || walk.holds_of_first_values(claim);
        if (!first || !walk.empty_rows_count_nothing()) broken = "prove.open.beginning";
      }
      for (const Step& step : steps) {
        if (!broken.empty()) break;
        Walk walk(context, claims, &claim, kNone);
        const bool fine = walk.block(step.block, step.event);
        count += walk.ways;
        if (!fine) {
          broken = {walk.exhausted() ? "prove.open.steps" : "prove.open.step", {step.name}};
        }
      }
      ways[claim.proof] = count;
      if (broken.empty()) {
        kept.push_back(claim);
      } else {
        all[claim.proof].how = broken;
        again = true;
      }
    }
    claims = std::move(kept);
  }
  for (const Claim& claim : claims) {
    Proven& made = all[claim.proof];
    made.verdict = Verdict::proved;
    const std::string others = names_of(core, claims, claim.proof);
    made.how = {others.empty() ? "prove.by.induction" : "prove.by.induction-with",
                {core.events.size(), core.timers.size(), ways[claim.proof], others}};
  }
  for (const std::uint32_t proof : proofs) {
    if (core.proofs[proof].of != Proof::Of::entries) continue;
    Proven& made = all[proof];
    const Depends on = depends_on(core, core.definitions[core.proofs[proof].definition].body);
    if (on.opaque) {
      made.how = "prove.open.opaque";
      continue;
    }
    Message broken;
    std::size_t count = 0;
    std::size_t places = 0;
    for (const Step& step : steps) {
      Walk walk(context, claims, nullptr, proof);
      const bool fine = walk.block(step.block, step.event);
      count += walk.ways;
      places += walk.emits;
      if (fine) continue;
      broken = {walk.exhausted() ? "prove.open.steps" : "prove.open.step", {step.name}};
      break;
    }
    if (!broken.empty()) {
      made.how = broken;
      continue;
    }
    made.verdict = Verdict::proved;
    const std::string others = names_of(core, claims, kNone);
    made.how = {others.empty() ? "prove.by.entries" : "prove.by.entries-with",
                {places, core.entries[core.proofs[proof].a].name, count, others}};
  }
}

}  // namespace toll::tools::prover
