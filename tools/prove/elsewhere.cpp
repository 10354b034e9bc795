#include "tools/prove/elsewhere.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/time_text.hpp"

namespace toll::tools::prover {
namespace {

constexpr Value kTail = 40 * diff::kDay;  // until the bill of the month comes
constexpr std::size_t kMostEvents = 12;

/// A difference that no trace can tell: of names, or of what an entry holds.
bool untold(const diff::Difference& one) {
  const auto none = [](const diff::Targets& targets) {
    return targets.nodes.empty() && targets.effects.empty() && targets.clauses.empty() &&
           targets.rows.empty() && targets.tables.empty() && targets.events.empty();
  };
  return none(one.targets[0]) && none(one.targets[1]);
}

bool mentioned(const diff::Difference& one, const diff::PlayedHistory& history) {
  if (one.hints.names.empty()) return true;
  for (const diff::PlayedEvent& event : history.events) {
    const std::string line = event.object.dump(-1, ' ', false);
    for (const std::string& name : one.hints.names) {
      if (line.find(name) != std::string::npos) return true;
    }
  }
  return false;
}

}  // namespace

Elsewhere::Elsewhere(const Context& context, const dsl::Policy& earlier,
                     const dsl::Policy (&outside)[2], const Outside& where,
                     const Declared& declared, const diff::Result& result)
    : where_(where),
      declared_(declared),
      result_(result),
      zone_(context.core.zone),
      vary_(*earlier.core, context.core),
      whole_(prepare(earlier.core), context.program),
      outside_(prepare(outside[0].core), prepare(outside[1].core)),
      touch_{diff::Touch(*outside[0].core, result.differences, 0),
             diff::Touch(*outside[1].core, result.differences, 1)},
      seeds_(vary_.seeds(context.policy)),
      random_(context.options.seed),
      left_(context.options.histories) {}

std::optional<diff::PlayedHistory> Elsewhere::show(const diff::Difference& difference) {
  if (!difference.witness) return std::nullopt;
  const auto witness = read(*difference.witness);
  if (!witness) return std::nullopt;
  diff::PlayedHistory found = kept_out(*witness, difference.since);
  // What shows the difference may meet a declared one as well: some steps away it need not.
  while (!shows(found)) {
    if (left_ == 0) return std::nullopt;
    --left_;
    diff::PlayedHistory varied = *witness;
    const std::uint64_t steps = 1 + random_() % 4;
    for (std::uint64_t i = 0; i < steps; ++i) {
      vary_.step(varied, difference.hints, seeds_, random_);
    }
    if (varied.events.empty() || varied.events.size() > kMostEvents) continue;
    varied.until = vary_.end_of(varied) + kTail;
    found = kept_out(std::move(varied), difference.since);
  }
  shorten(found);
  return found;
}

bool Elsewhere::shows(const diff::PlayedHistory& history) {
  return !history.events.empty() && whole_.play(history).differs && !meets_declared(history);
}

/// Does a difference that is declared by its place take part in the history?
bool Elsewhere::meets_declared(const diff::PlayedHistory& history) {
  for (diff::Touch& touch : touch_) touch.clear();
  if (!outside_.play(history, &touch_[0], &touch_[1]).differs) return true;
  for (std::uint32_t i = 0; i < result_.differences.size(); ++i) {
    const diff::Difference& one = result_.differences[i];
    if (!declared_.covers(one)) continue;
    if (touch_[0].met().count(i) != 0 || touch_[1].met().count(i) != 0) return true;
    if (untold(one) && mentioned(one, history)) return true;
  }
  return false;
}

diff::PlayedHistory Elsewhere::kept_out(diff::PlayedHistory history, Value since) const {
  const auto declared = [&](const diff::PlayedEvent& event) {
    return where_.events.count(event.object.value("type", "")) != 0;
  };
  history.events.erase(std::remove_if(history.events.begin(), history.events.end(), declared),
                       history.events.end());
  if (where_.before == kAbsent || history.events.empty()) return history;
  if (history.until >= where_.before) {
    const Value tail = history.until - history.events.back().time;
    vary_.move_into(history, since, where_.before);
    history.until = std::min(history.events.back().time + tail, where_.before - 1);
  }
  const bool early =
      std::all_of(history.events.begin(), history.events.end(),
                  [&](const diff::PlayedEvent& event) { return event.time < where_.before; });
  return early ? history : diff::PlayedHistory();
}

std::optional<diff::PlayedHistory> Elsewhere::read(const diff::Witness& witness) const {
  diff::PlayedHistory history;
  history.until = witness.until;
  for (const std::string& line : witness.events) {
    diff::PlayedEvent event;
    event.object = nlohmann::json::parse(line, nullptr, false);
    event.line = line;
    if (!event.object.is_object()) return std::nullopt;
    const auto time = io::parse_instant(event.object.value("time", ""), zone_);
    if (!time) return std::nullopt;
    event.time = *time;
    history.events.push_back(std::move(event));
  }
  return history;
}

void Elsewhere::shorten(diff::PlayedHistory& history) {
  for (std::size_t i = history.events.size(); i-- > 0;) {
    diff::PlayedHistory fewer = history;
    fewer.events.erase(fewer.events.begin() + static_cast<std::ptrdiff_t>(i));
    if (shows(fewer)) history = std::move(fewer);
  }
  const diff::Parting parting = whole_.play(history);
  const Value last = vary_.end_of(history);
  diff::PlayedHistory sooner = history;
  sooner.until = parting.time == kAbsent ? last : std::max(last, parting.time);
  if (sooner.until < history.until && shows(sooner)) history = std::move(sooner);
}

}  // namespace toll::tools::prover
