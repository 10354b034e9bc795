// Every situation has an answer: a `measure` says what is counted whatever the event holds, and a
// decision that is approved writes the entry that a denial would have written.

#include <algorithm>
#include <map>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

std::uint32_t event_called(const Core& core, std::string_view name) {
  for (std::uint32_t i = 0; i < core.events.size(); ++i) {
    if (fold(core.events[i].name) == fold(name)) return i;
  }
  return kNone;
}

/// The situation in which no rule holds; nothing if one always does.
std::optional<Situation> falls_through(const Core& core, const Effect& choose,
                                       std::uint32_t event) {
  Question question;
  question.event = event;
  for (const Rule& rule : choose.rules) {
    if (rule.guard == kNoNode) return std::nullopt;
    question.fail.push_back(rule.guard);
  }
  return find_situation(core, question);
}

/// A situation as one message: "`event.code` is absent, `mode` is `fixed`".
std::vector<Elsewhere> shown(const Situation& situation, SourceSpan span) {
  if (situation.empty()) return {};
  Message all = situation[0];
  for (std::size_t i = 1; i < situation.size(); ++i) {
    all = Message("check.and", {all, situation[i]});
  }
  return {{span, {"check.such-as", {all}}}};
}

void look_at_measures(const Subject& subject, Findings& found) {
  for (const NotionUse& use : subject.uses) {
    if (use.lead != "measure") continue;
    const std::uint32_t event = event_called(subject.core, use.name);
    for (const Block& block : subject.core.blocks) {
      if (fold(block.name) != fold("measure " + use.name) || block.effects.empty()) continue;
      const auto situation = falls_through(subject.core, block.effects[0], event);
      if (!situation) continue;
      found.push_back(
          {use.span, {"E1009.measure", {use.name}}, use.name, shown(*situation, use.span), {}});
    }
  }
}

/// Does every way through effects write an entry of this kind? If not, where the way begins that
/// does not.
class Answers {
 public:
  Answers(const Core& core, std::uint32_t entry, std::uint32_t event)
      : core_(core), entry_(entry), event_(event) {}

  bool always(const Effects& effects) {
    return std::any_of(effects.begin(), effects.end(),
                       [&](const Effect& effect) { return always(effect); });
  }

  /// Of effects that do not always answer: the clause where they do not.
  ClauseId hole(const Effects& effects, ClauseId around) {
    for (const Effect& effect : effects) {
      if (effect.what == Effect::Do::run && ever(effect)) {
        return hole(core_.blocks[effect.a].effects, core_.blocks[effect.a].clause);
      }
      if (effect.what != Effect::Do::choose || !ever(effect)) continue;
      for (const Rule& rule : effect.rules) {
        if (!always(rule.effects)) return hole(rule.effects, rule.clause);
      }
      situation_ = falls_through(core_, effect, event_).value_or(Situation{});
      return effect.rules.empty() ? effect.clause : effect.rules.back().clause;
    }
    return around;
  }

  /// When it is a list of rules that holds nothing for some situation.
  [[nodiscard]] const Situation& situation() const { return situation_; }

 private:
  bool always(const Effect& effect) {
    if (effect.what == Effect::Do::emit) return effect.a == entry_;
    if (effect.what == Effect::Do::run) {
      const auto [known, fresh] = blocks_.emplace(effect.a, false);
      if (fresh) blocks_[effect.a] = always(core_.blocks[effect.a].effects);
      return blocks_[effect.a];
    }
    if (effect.what != Effect::Do::choose || effect.rules.empty()) return false;
    return std::all_of(effect.rules.begin(), effect.rules.end(),
                       [&](const Rule& rule) { return always(rule.effects); }) &&
           !falls_through(core_, effect, event_);
  }

  bool ever(const Effect& effect) const {
    bool found = false;
    const auto look = [&](const Effect& one) {
      if (one.what == Effect::Do::emit) found = found || one.a == entry_;
      if (one.what == Effect::Do::run) found = found || ever(core_.blocks[one.a].effects);
    };
    look(effect);
    each_effect(effect.effects, look);
    for (const Rule& rule : effect.rules) each_effect(rule.effects, look);
    return found;
  }
  bool ever(const Effects& effects) const {
    return std::any_of(effects.begin(), effects.end(),
                       [&](const Effect& effect) { return ever(effect); });
  }

  const Core& core_;
  std::uint32_t entry_;
  std::uint32_t event_;
  std::map<std::uint32_t, bool> blocks_;
  Situation situation_;
};

void look_at(const Subject& subject, const Decision& decision, Findings& found) {
  const Core& core = subject.core;
  const std::uint32_t event = event_called(core, decision.event.raw);
  std::uint32_t entry = kNone;
  for (std::uint32_t i = 0; i < core.entries.size(); ++i) {
    if (fold(core.entries[i].name) == fold(decision.entry.raw)) entry = i;
  }
  if (event == kNone || entry == kNone) return;
  Answers answers(core, entry, event);
  const Effects& effects = core.blocks[core.events[event].block].effects;
  if (answers.always(effects)) return;
  ClauseId clause = kNone;
  for (const Effect& effect : effects) {
    const SourceSpan span = subject.span(effect.clause);
    const bool here = effect.what == Effect::Do::choose && span.file == decision.span.file &&
                      span.begin == decision.span.begin;
    if (here) clause = answers.hole({effect}, effect.clause);
  }
  if (clause == kNone) return;
  // The rule of the approval has the place of the whole decision.
  SourceSpan place = subject.span(clause);
  if (place.file == decision.span.file && place.begin == decision.span.begin) {
    place = decision.approve;
  }
  std::vector<Elsewhere> notes = shown(answers.situation(), place);
  notes.push_back({decision.span, {"check.decision", {core.events[event].name}}});
  found.push_back({place,
                   {"E1009.decision", {core.events[event].name, core.entries[entry].name}},
                   core.events[event].name,
                   std::move(notes),
                   {}});
}

}  // namespace

void check_answers(const Subject& subject, Findings& found) {
  look_at_measures(subject, found);
  for (const Decision& decision : subject.decisions) look_at(subject, decision, found);
}

}  // namespace toll::dsl
