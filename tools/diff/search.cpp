// Looks for an account that shows each difference: the policies' own scenarios first, as they are
// and carried on; then, for what they do not show, histories led to the changed part.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

#include "tools/diff/carry.hpp"
#include "tools/diff/diff.hpp"
#include "tools/diff/play.hpp"
#include "tools/diff/touch.hpp"
#include "tools/diff/vary.hpp"

namespace toll::diff {
namespace {

constexpr Value kTail = 40 * kDay;       ///< until the bill of the month comes
constexpr Value kLongTail = 400 * kDay;  ///< until what holds for a year is over
constexpr std::size_t kBases = 12;       ///< seeds that are varied for one difference
constexpr std::size_t kOthers = 4;       ///< of them examples of other differences
constexpr std::size_t kQuiet = 6;        ///< histories that are carried on
// So many times the tries: for what is led to the target, and for carrying on what is quiet yet.
constexpr std::size_t kDirected = 4;
constexpr std::size_t kCarried = 8;

class Search {
 public:
  Search(const Side& before, const Side& after, const Options& options, Result& result)
      : core_{before.policy->core.get(), after.policy->core.get()},
        options_(options),
        result_(result),
        vary_(*core_[0], *core_[1]),
        duel_(prepare(before.policy->core), prepare(after.policy->core)),
        carry_(*core_[0], *core_[1], vary_),
        touch_{Touch(*core_[0], result.differences, 0), Touch(*core_[1], result.differences, 1)} {
    std::set<std::vector<std::string>> known;
    for (const Side* side : {&after, &before}) {
      for (PlayedHistory& seed : vary_.seeds(*side->policy)) {
        std::vector<std::string> lines;
        for (const PlayedEvent& event : seed.events) lines.push_back(event.line);
        if (known.insert(std::move(lines)).second) seeds_.push_back(std::move(seed));
      }
    }
    std::stable_sort(seeds_.begin(), seeds_.end(),
                     [](const PlayedHistory& a, const PlayedHistory& b) {
                       return a.events.size() < b.events.size();
                     });
  }

  void all() {
    carry_.learn(seeds_);
    scenarios();
    for (std::uint32_t i = 0; i < result_.differences.size(); ++i) {
      if (best_.count(i) != 0) continue;
      target_ = i;
      if (facts_.empty()) learn();
      quiet_.clear();
      alike_.clear();
      left_ = options_.tries * kDirected;
      directed();
      if (best_.count(i) == 0) carry_on();
      left_ = options_.tries;
      if (best_.count(i) == 0) wander();
      if (best_.count(i) == 0) carry_on();
    }
    for (std::uint32_t i = 0; i < result_.differences.size(); ++i)
      if (best_.count(i) == 0) after_others(i);
    finish();
    result_.played = duel_.played();
  }

 private:
  struct Found {
    PlayedHistory history;
    Parting parting;
    std::size_t shared = 0;
    bool later = false;
  };
  struct Facts {
    std::set<std::uint32_t> met;
    std::set<std::uint32_t> tables[2];
  };

  // -- seeds as they are
  void scenarios() {
    for (const PlayedHistory& seed : seeds_) {
      if (all_shown()) return;  // by shorter ones
      if (try_it(seed)) continue;
      PlayedHistory longer = seed;
      longer.until = vary_.end_of(seed) + kTail;
      if (!try_it(longer)) {
        longer.until = vary_.end_of(seed) + kLongTail;
        try_it(longer);
      }
    }
  }

  /// Has each difference an example of its own?
  [[nodiscard]] bool all_shown() const {
    return best_.size() == result_.differences.size() &&
           std::all_of(best_.begin(), best_.end(),
                       [](const auto& one) { return one.second.shared == 0; });
  }

  /// Plays a history; what it shows is kept. True: the ledgers part.
  bool try_it(const PlayedHistory& history) {
    const Parting parting = duel_.play(history);
    if (!parting.differs) return false;
    std::set<std::uint32_t> met;
    if (result_.differences.size() > 1) {
      met = touched(history);
    } else {
      met.insert(0);
    }
    if (met.empty()) {  // what no trace can tell: names, fields, entries
      for (std::uint32_t i = 0; i < result_.differences.size(); ++i)
        if (is_untold(result_.differences[i])) met.insert(i);
    }
    for (const std::uint32_t i : met) {
      const auto known = best_.find(i);
      if (known != best_.end() && (known->second.shared < met.size() - 1 ||
                                   (known->second.shared == met.size() - 1 &&
                                    known->second.history.events.size() <= history.events.size())))
        continue;
      best_[i] = {history, parting, met.size() - 1, false};
    }
    return true;
  }

  static bool is_untold(const Difference& one) {
    const auto none = [](const Targets& targets) {
      return targets.nodes.empty() && targets.effects.empty() && targets.clauses.empty() &&
             targets.rows.empty() && targets.tables.empty() && targets.events.empty() &&
             targets.names.empty();
    };
    return one.anywhere || (none(one.targets[0]) && none(one.targets[1]));
  }

  /// The differences that take part in a history before its ledgers part.
  std::set<std::uint32_t> touched(const PlayedHistory& history, bool to_the_end = false) {
    for (Touch& touch : touch_) touch.clear();
    duel_.play(history, &touch_[0], &touch_[1], to_the_end);
    std::set<std::uint32_t> met = touch_[0].met();
    met.insert(touch_[1].met().begin(), touch_[1].met().end());
    said(history, met);
    return met;
  }

  /// The differences between names that events of a history say.
  void said(const PlayedHistory& history, std::set<std::uint32_t>& met) const {
    for (std::uint32_t i = 0; i < result_.differences.size(); ++i) {
      for (std::size_t side = 0; side < 2; ++side)
        for (const auto& [domain, name] : result_.differences[i].targets[side].names)
          if (vary_.says(history, side, domain, name)) met.insert(i);
    }
  }

  void learn() {
    for (const PlayedHistory& seed : seeds_) {
      PlayedHistory longer = seed;
      longer.until = vary_.end_of(seed) + kTail;
      Facts& facts = facts_.emplace_back();
      facts.met = touched(longer);
      for (std::size_t side = 0; side < 2; ++side) facts.tables[side] = touch_[side].tables();
    }
  }

  // -- led to the changed part
  [[nodiscard]] const Difference& difference() const { return result_.differences[target_]; }
  [[nodiscard]] bool done() const { return left_ == 0 || best_.count(target_) != 0; }

  bool attempt(const PlayedHistory& history) {
    if (done()) return true;
    --left_;
    PlayedHistory longer = history;
    const Value end = vary_.end_of(history);
    longer.until = end + kTail;
    if (!try_it(longer)) quietly(longer);
    return done();
  }

  /// Keeps a history that nothing is written of otherwise, but after which the accounts differ.
  void quietly(const PlayedHistory& history) {
    if (quiet_.size() >= kQuiet || !duel_.apart()) return;
    auto cut = duel_.to_the_parting(history);
    if (!cut) cut = history;
    std::string kinds;
    for (const PlayedEvent& event : cut->events) kinds += event.object.value("type", "") + " ";
    if (alike_[kinds]++ > 1) return;
    if (result_.differences.size() > 1 && touched(*cut).count(target_) == 0) return;
    quiet_.push_back(std::move(*cut));
  }

  void carry_on() {
    left_ = options_.tries * kCarried;
    const std::vector<PlayedHistory> all = std::move(quiet_);
    quiet_.clear();
    for (const PlayedHistory& history : all) {
      duel_.to_the_parting(history);
      const Account accounts[2] = {duel_.account(0).copy(), duel_.account(1).copy()};
      const auto attempt_one = [this](const PlayedHistory& longer) { return attempt(longer); };
      if (carry_.on(history, difference().hints, accounts[0], accounts[1], attempt_one)) return;
    }
  }

  /// What counts only where others have told already: a state, say, that is new and that only the
  /// other differences lead to.
  void after_others(std::uint32_t index) {
    target_ = index;
    left_ = options_.tries * kDirected;
    std::vector<PlayedHistory> examples;
    for (const auto& [other, found] : best_) {
      if (found.later) continue;
      examples.push_back(found.history);
      if (found.parting.time != kAbsent) examples.back().until = found.parting.time;
    }
    const auto takes_part = [this](const PlayedHistory& history) {
      if (left_ == 0) return true;
      --left_;
      const Parting parting = duel_.play(history);
      if (!parting.differs) return false;
      const std::set<std::uint32_t> met = touched(history, true);
      if (met.count(target_) == 0) return false;
      best_[target_] = {history, parting, met.size() - 1, true};
      return true;
    };
    for (const PlayedHistory& example : examples) {
      duel_.play(example, nullptr, nullptr, true);
      const Account accounts[2] = {duel_.account(0).copy(), duel_.account(1).copy()};
      if (carry_.on(example, difference().hints, accounts[0], accounts[1], takes_part)) return;
    }
  }

  /// Seeds that come near the target: that met it, or asked its tables; the short ones first, and
  /// of those that do the same kinds of things only a few.
  [[nodiscard]] std::vector<const PlayedHistory*> bases() const {
    std::vector<std::size_t> order[3];
    std::vector<const PlayedHistory*> out;
    // What shows another difference of the same edit is near this one more often than not.
    for (const auto& [index, found] : best_)
      if (out.size() < kOthers) out.push_back(&found.history);
    for (std::size_t i = 0; i < seeds_.size(); ++i) {
      const bool met = facts_[i].met.count(target_) != 0;
      order[met ? 0 : asks_table(i) ? 1 : 2].push_back(i);
    }
    std::map<std::string, int> alike;
    for (const auto& group : order) {
      for (const std::size_t i : group) {
        std::string kinds;
        for (const PlayedEvent& event : seeds_[i].events)
          kinds += event.object.value("type", "") + " ";
        if (out.size() >= kBases || ++alike[kinds] > 3) continue;
        out.push_back(&seeds_[i]);
      }
    }
    return out;
  }

  [[nodiscard]] bool asks_table(std::size_t seed) const {
    for (std::size_t side = 0; side < 2; ++side) {
      const Targets& targets = difference().targets[side];
      for (const auto& [table, row] : targets.rows)
        if (facts_[seed].tables[side].count(table) != 0) return true;
      for (const std::uint32_t table : targets.tables)
        if (facts_[seed].tables[side].count(table) != 0) return true;
    }
    return false;
  }

  void directed() {
    for (const PlayedHistory* const base : bases()) {
      PlayedHistory named = *base;
      if (difference().since != kAbsent || difference().until != kAbsent)
        vary_.move_into(named, difference().since, difference().until);
      if (attempt(named)) return;
      numbers(named);
      // All names of the target at once, then each name of the domains in turn.
      PlayedHistory hinted = named;
      for (const FieldSpot& spot : vary_.spots(hinted))
        for (const std::string& name : difference().hints.names)
          if (vary_.knows(*spot.field, name) && put_name(hinted, spot, name)) break;
      if (attempt(hinted)) return;
      numbers(hinted);
      if (done()) return;
      related(hinted);
      if (done()) return;
      each_name(named);
      if (done()) return;
      neighbours(hinted);
      if (done()) return;
    }
  }

  bool put_name(PlayedHistory& history, const FieldSpot& spot, const std::string& name) const {
    if (spot.field->type.read == FieldType::Read::set) return false;
    return vary_.put(history, spot, name);
  }

  /// The numbers of the target wherever one is counted.
  void numbers(const PlayedHistory& base) {
    for (const FieldSpot& spot : vary_.spots(base)) {
      if (spot.count_key || spot.field->type.read != FieldType::Read::count) continue;
      for (const nlohmann::json& value : vary_.candidates(base, spot, difference().hints, false)) {
        PlayedHistory varied = base;
        if (vary_.put(varied, spot, value) && attempt(varied)) return;
      }
    }
  }

  /// With the names of the target, those that tables join to them.
  void related(const PlayedHistory& base) {
    const std::vector<std::string>& own = difference().hints.names;
    for (const FieldSpot& spot : vary_.spots(base)) {
      const FieldType::Read read = spot.field->type.read;
      if (read != FieldType::Read::name && read != FieldType::Read::known) continue;
      if (std::any_of(own.begin(), own.end(),
                      [&](const std::string& name) { return vary_.knows(*spot.field, name); }))
        continue;
      for (const std::string& name : carry_.related(own)) {
        PlayedHistory varied = base;
        if (vary_.knows(*spot.field, name) && vary_.put(varied, spot, name) && attempt(varied))
          return;
      }
    }
  }

  /// Which name leads to a row is often said by another table: all are tried, in each of which the
  /// row was met with the numbers as well.
  void each_name(const PlayedHistory& base) {
    if (difference().targets[0].rows.empty() && difference().targets[1].rows.empty()) return;
    std::set<const Field*> fields;
    for (const FieldSpot& spot : vary_.spots(base)) {
      const FieldType::Read read = spot.field->type.read;
      if (read != FieldType::Read::name && read != FieldType::Read::known) continue;
      if (!spot.count_key && !base.events[spot.event].object.contains(spot.path)) continue;
      if (!fields.insert(spot.field).second) continue;
      for (const nlohmann::json& name : vary_.candidates(base, spot, Hints(), true)) {
        PlayedHistory varied = base;
        for (const FieldSpot& same : vary_.spots(base))
          if (same.field == spot.field) vary_.put(varied, same, name);
        if (attempt(varied)) return;
        if (difference().hints.numbers.empty() || !near(varied)) continue;
        numbers(varied);
        if (done()) return;
      }
    }
  }

  /// Does it meet the target, though nothing comes of it yet?
  bool near(const PlayedHistory& history) {
    PlayedHistory longer = history;
    longer.until = vary_.end_of(history) + kTail;
    if (touched(longer).count(target_) != 0) return true;
    return touch_[0].near().count(target_) != 0 || touch_[1].near().count(target_) != 0;
  }

  /// One thing otherwise.
  void neighbours(const PlayedHistory& base) {
    for (const FieldSpot& spot : vary_.spots(base)) {
      for (const nlohmann::json& value : vary_.candidates(base, spot, difference().hints, false)) {
        PlayedHistory varied = base;
        if (vary_.put(varied, spot, value) && attempt(varied)) return;
      }
    }
    for (std::size_t i = 0; i < base.events.size(); ++i) {
      for (const Value time : vary_.times(base, difference().hints)) {
        PlayedHistory varied = base;
        vary_.set_time(varied, i, time);
        if (attempt(varied)) return;
      }
    }
  }

  /// At random, from histories that come near.
  void wander() {
    std::mt19937_64 random(20250701);
    std::vector<PlayedHistory> near;
    for (const PlayedHistory* const base : bases()) near.push_back(*base);
    if (near.empty()) return;
    while (!done()) {
      PlayedHistory varied = near[random() % near.size()];
      const std::uint64_t steps = 1 + random() % 4;
      for (std::uint64_t i = 0; i < steps; ++i)
        vary_.step(varied, difference().hints, seeds_, random);
      if (varied.events.size() > 12) continue;
      attempt(varied);
    }
  }

  // -- to the point
  void finish() {
    for (auto& [index, found] : best_) {
      target_ = index;
      shrink(found);
      Difference& one = result_.differences[index];
      one.verdict = Difference::Verdict::differs;
      Witness witness;
      for (const PlayedEvent& event : found.history.events) witness.events.push_back(event.line);
      witness.until = found.history.until;
      witness.time = found.parting.time;
      witness.before = found.parting.before;
      witness.after = found.parting.after;
      witness.shared = found.shared;
      witness.later = found.later;
      one.witness = std::move(witness);
    }
  }

  bool still(const PlayedHistory& history, Found& found) {
    const Parting parting = duel_.play(history);
    if (!parting.differs) return false;
    std::size_t shared = found.shared;
    if (result_.differences.size() > 1 && !is_untold(difference())) {
      const std::set<std::uint32_t> met = touched(history, found.later);
      if (met.count(target_) == 0 || met.size() - 1 > found.shared) return false;
      shared = met.size() - 1;
    }
    found = {history, parting, shared, found.later};
    return true;
  }

  /// Without what the difference does not need.
  void shrink(Found& found) {
    PlayedHistory cut = found.history;
    if (found.later) return fewer(found);
    const std::size_t last = std::min(found.parting.step + 1, cut.events.size());
    cut.events.resize(last);
    cut.until = vary_.end_of(found.history);
    if (found.parting.time != kAbsent && found.parting.step == found.history.events.size())
      cut.until = std::max(found.parting.time, cut.events.back().time);
    if (found.parting.step < found.history.events.size()) cut.until = cut.events.back().time;
    still(cut, found);
    fewer(found);
  }

  void fewer(Found& found) {
    for (std::size_t i = found.history.events.size(); i-- > 0;) {
      if (found.history.events.size() == 1) break;
      PlayedHistory less = found.history;
      less.events.erase(less.events.begin() + static_cast<std::ptrdiff_t>(i));
      still(less, found);
      i = std::min(i, found.history.events.size());
    }
    for (const FieldSpot& spot : vary_.spots(found.history)) {
      if (spot.count_key || spot.field->required) continue;
      PlayedHistory less = found.history;
      if (spot.event < less.events.size() && less.events[spot.event].object.contains(spot.path) &&
          vary_.put(less, spot, nullptr))
        still(less, found);
    }
  }

  const Core* core_[2];
  const Options& options_;
  Result& result_;
  Vary vary_;
  Duel duel_;
  Carry carry_;
  Touch touch_[2];
  std::vector<PlayedHistory> seeds_;
  std::vector<Facts> facts_;
  std::vector<PlayedHistory> quiet_;  ///< of the target
  std::map<std::string, int> alike_;
  std::map<std::uint32_t, Found> best_;
  std::uint32_t target_ = 0;
  std::size_t left_ = 0;
};

}  // namespace

Result compare(const Side& before, const Side& after, const Options& options) {
  Result result = differences(before, after, options);
  if (!result.equal()) Search(before, after, options, result).all();
  return result;
}

}  // namespace toll::diff
