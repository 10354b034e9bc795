#include "tools/prove/prove.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/time_text.hpp"
#include "tools/prove/context.hpp"
#include "tools/prove/histories.hpp"
#include "tools/prove/induction.hpp"
#include "tools/scenario_write.hpp"

namespace toll::tools {
namespace {

using prover::Broken;
using prover::Context;

/// A history as a scenario that shows, at its end, that the claim does not hold.
std::string scenario_of(const Context& context, const Proof& proof, const Broken& broken) {
  History history;
  for (const prover::Happening& one : broken.events) history.events.push_back(one.json);
  history.last = broken.at;
  const ScenarioWriter writer(context.program, context.skin);
  const auto condition =
      proof.of == Proof::Of::state ? context.condition(proof) : std::optional<std::string>();
  for (const bool refused : {true, false}) {
    WrittenScenario written = writer.write(proof.name, history, {true, refused});
    if (written.text.empty()) continue;
    std::string text = written.text;
    if (condition) {
      const std::size_t end = text.rfind('}');
      text.insert(end, "  " + context.text.word("expect") + " " + context.text.word("that") + " " +
                           context.text.word("not") + " " + *condition + "\n");
    }
    if (context.passes(text)) return text;
    // Without the author's words it still shows what was written.
    if (context.passes(written.text)) return written.text;
  }
  return {};
}

bool asked(const Context& context, std::uint32_t proof) {
  return context.core.proofs[proof].name.find(context.options.only) != std::string::npos;
}

/// States and entries: by induction, with what was proved of states as known; the rest is tried.
void prove_histories(const Context& context, std::vector<Proven>& all) {
  std::vector<std::uint32_t> open;
  for (const Proven& one : all) {
    const Proof::Of of = context.core.proofs[one.proof].of;
    if (of == Proof::Of::state || of == Proof::Of::entries) open.push_back(one.proof);
  }
  // A claim may rest on others, so that all are looked at if one is.
  if (std::none_of(open.begin(), open.end(),
                   [&](std::uint32_t proof) { return asked(context, proof); })) {
    return;
  }
  prover::prove_by_induction(context, open, all);
  open.erase(std::remove_if(open.begin(), open.end(),
                            [&](std::uint32_t proof) {
                              return all[proof].verdict == Verdict::proved ||
                                     !asked(context, proof);
                            }),
             open.end());
  const auto broken = prover::Histories(context).search(open);
  for (const std::uint32_t proof : open) {
    Proven& made = all[proof];
    const auto found = broken.find(proof);
    if (found == broken.end()) {
      made.how = {"prove.open.induction",
                  {made.how, static_cast<std::size_t>(context.options.histories),
                   static_cast<std::size_t>(context.options.events)}};
      continue;
    }
    made.verdict = Verdict::refuted;
    made.how = {};
    made.details = {
        {"prove.history", {found->second.events.size(), context.text.time(found->second.at)}}};
    made.scenario = scenario_of(context, context.core.proofs[proof], found->second);
  }
}

const char* word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::proved:
      return "proved";
    case Verdict::refuted:
      return "refuted";
    case Verdict::unknown:
      return "unknown";
    case Verdict::not_asked:
      break;
  }
  return "not-asked";
}

nlohmann::json band_json(const Core& core, const FallingBand& band) {
  nlohmann::json made = {
      {"keys", band.keys}, {"since", nullptr}, {"free", band.free}, {"excepted", band.excepted}};
  if (band.since != kAbsent) {
    std::string time;
    io::append_instant(time, band.since, io::Zone(core.zone));
    made["since"] = time;
  }
  const auto number = [&](const char* member, const std::string& text) {
    made[member] = text.empty() ? nlohmann::json() : nlohmann::json(text);
  };
  number("from", band.from);
  number("to", band.to);
  number("cheaper", band.cheaper);
  number("cost_from", band.cost_from);
  number("cost_to", band.cost_to);
  number("cost_cheaper", band.cost_cheaper);
  return made;
}

std::size_t count_of(const std::vector<Proven>& all, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(
      all.begin(), all.end(), [&](const Proven& one) { return one.verdict == verdict; }));
}

}  // namespace

std::vector<Proven> prove_policy(const dsl::Policy& policy, const std::vector<dsl::File>& files,
                                 const ProveOptions& options, const TryScenario& passes) {
  const Context context(policy, files, options, passes);
  std::vector<Proven> all(context.core.proofs.size());
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    all[i].proof = i;
    if (!asked(context, i)) continue;
    switch (context.core.proofs[i].of) {
      case Proof::Of::rows:
        all[i] = prover::prove_rows(context, i);
        break;
      case Proof::Of::falls:
        all[i] = prover::prove_falls(context, i);
        break;
      case Proof::Of::unchanged:
        all[i] = prover::prove_unchanged(context, i);
        break;
      case Proof::Of::same:
        all[i] = prover::prove_same(context, i);
        break;
      case Proof::Of::returns:
        all[i] = prover::prove_returns(context, i);
        break;
      case Proof::Of::timers:
        all[i] = prover::prove_timers(context, i);
        break;
      case Proof::Of::state:
      case Proof::Of::entries:
        break;
    }
  }
  prove_histories(context, all);
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Proven& one) { return !asked(context, one.proof); }),
            all.end());
  return all;
}

bool all_proved(const std::vector<Proven>& verdicts) {
  return count_of(verdicts, Verdict::refuted) + count_of(verdicts, Verdict::unknown) == 0;
}

std::string verdicts_text(const Core& core, const std::vector<Proven>& verdicts,
                          Language language) {
  std::string out;
  for (const Proven& one : verdicts) {
    const std::string& name = core.proofs[one.proof].name;
    const char* const id = one.verdict == Verdict::proved    ? "prove.proved"
                           : one.verdict == Verdict::refuted ? "prove.refuted"
                           : one.verdict == Verdict::unknown ? "prove.unknown"
                                                             : "prove.not-asked-word";
    out += say({id, {name}}, language) + "\n";
    if (!one.how.empty()) {
      const bool by = one.verdict == Verdict::proved;
      out += "  " + say(by ? Message("prove.by", {one.how}) : one.how, language) + "\n";
    }
    for (const Message& detail : one.details) out += "  " + say(detail, language) + "\n";
    if (one.scenario.empty()) continue;
    out += "  " + say("prove.shown-by", language) + "\n\n" + one.scenario + "\n";
  }
  return out;
}

std::string proofs_text(const Core& core, const std::vector<Proven>& verdicts, Language language) {
  const Message total{"prove.total",
                      {count_of(verdicts, Verdict::proved), count_of(verdicts, Verdict::refuted),
                       count_of(verdicts, Verdict::unknown)}};
  return verdicts_text(core, verdicts, language) + say(total, language) + "\n";
}

std::string proofs_json(const Core& core, const std::vector<Proven>& verdicts, Language language) {
  nlohmann::json list = nlohmann::json::array();
  for (const Proven& one : verdicts) {
    const Proof& proof = core.proofs[one.proof];
    nlohmann::json made = {{"name", proof.name}, {"verdict", word_of(one.verdict)}};
    if (proof.clause != kNone) {
      const Clause& clause = core.clauses[proof.clause];
      made["rule"] = clause.file + ":" + std::to_string(clause.line);
      if (!clause.source.empty()) made["source"] = clause.source;
    }
    if (!one.how.empty()) made["how"] = say(one.how, language);
    for (const Message& detail : one.details) made["details"].push_back(say(detail, language));
    if (!one.scenario.empty()) made["scenario"] = one.scenario;
    for (const FallingBand& band : one.bands) made["bands"].push_back(band_json(core, band));
    list.push_back(std::move(made));
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace toll::tools
