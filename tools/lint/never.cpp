// W1107: rules whose condition is fine by itself and cannot hold where it stands: under another one
// that rules it out, or about numbers that never have that sign. A notice at 0 % is one.
#include <set>
#include <tuple>

#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"
#include "tools/analysis/signs.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools::lint_rules {
namespace {

/// What is known where a rule stands: conditions that hold, rules before it that did not, locals.
struct Path {
  std::vector<NodeId> hold;
  std::vector<NodeId> fail;
  dsl::Lets lets;
  Signs::Locals signs;

  /// Of what was said about the account before something was written, nothing is sure.
  void forget() {
    hold.clear();
    fail.clear();
    lets.clear();
  }
};

class Never {
 public:
  Never(const Subject& subject, std::vector<Finding>& found)
      : subject_(subject), core_(subject.core()), signs_(core_), found_(found) {}

  void look() {
    for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
      event_ = i;
      block(core_.events[i].block, {});
    }
    event_ = kNone;
    for (const Timer& timer : core_.timers) block(timer.block, {});
    for (const auto& [clause, rule] : never_) {
      if (lives_.count(clause) == 0) say(*rule);
    }
  }

 private:
  void block(std::uint32_t index, const Signs::Locals& arguments) {
    if (index == kNone || !seen_.insert({index, event_, arguments}).second) return;
    Path path;
    path.signs = arguments;
    effects(core_.blocks[index].effects, std::move(path));
  }

  static bool writes(const Effect& effect) {
    using Do = Effect::Do;
    bool found = false;
    const auto look = [&](const Effect& one) {
      found = found || (one.what != Do::let && one.what != Do::each && one.what != Do::choose &&
                        one.what != Do::arm && one.what != Do::disarm && one.what != Do::emit);
    };
    look(effect);
    dsl::each_effect(effect.effects, look);
    for (const Rule& rule : effect.rules) dsl::each_effect(rule.effects, look);
    return found;
  }

  void effects(const Effects& list, Path path) {
    for (const Effect& effect : list) {
      if (effect.what == Effect::Do::run) {
        Signs::Locals arguments;
        for (std::uint32_t i = 0; i < effect.args.size(); ++i)
          arguments.emplace(i, signs_.of(effect.args[i], path.signs, event_));
        block(effect.a, arguments);
      }
      inside(effect, path);
      rules(effect, path);
      if (writes(effect)) path.forget();
      if (effect.what == Effect::Do::let) {
        path.lets[effect.a] = effect.args[0];
        path.signs.insert_or_assign(effect.a, signs_.of(effect.args[0], path.signs, event_));
      }
      if (effect.rest_slot != kNone) {
        const Sign amount = signs_.of(effect.args[0], path.signs, event_);
        path.signs.insert_or_assign(effect.rest_slot, amount | Sign(Sign::zero));
      }
    }
  }

  /// What a loop or a draw does with each row.
  void inside(const Effect& effect, Path path) {
    if (effect.effects.empty()) return;
    // A row seen before may have been written in the turn before this one.
    if (writes(effect)) path.forget();
    if (effect.what == Effect::Do::each) path.hold.push_back(effect.source.where);
    path.signs = signs_.where(effect.source.where, std::move(path.signs), event_);
    path.lets.erase(effect.source.slot);
    if (effect.took_slot != kNone) {
      path.lets.erase(effect.took_slot);
      path.signs.insert_or_assign(effect.took_slot, Sign(Sign::plus));
    }
    effects(effect.effects, std::move(path));
  }

  void rules(const Effect& effect, const Path& path) {
    Path before = path;
    for (const Rule& rule : effect.rules) {
      Path here = before;
      here.hold.push_back(rule.guard);
      here.signs = signs_.where(rule.guard, std::move(here.signs), event_);
      const bool alive = possible(rule, before, here);
      if (rule.clause != kNone && alive) lives_.insert(rule.clause);
      if (rule.clause != kNone && !alive) never_.emplace(rule.clause, &rule);
      if (alive) effects(rule.effects, std::move(here));
      if (rule.guard != kNoNode) before.fail.push_back(rule.guard);
    }
  }

  [[nodiscard]] bool possible(const Rule& rule, const Path& before, const Path& here) const {
    if (rule.guard == kNoNode) return true;  // what holds otherwise is the rules' before it
    if (!signs_.can_hold(rule.guard, before.signs, event_)) return false;
    dsl::Question question;
    question.hold = here.hold;
    question.fail = here.fail;
    question.event = event_;
    question.lets = &here.lets;
    return dsl::possible(core_, question);
  }

  void say(const Rule& rule) {
    std::string entry;
    dsl::each_effect(rule.effects, [&](const Effect& effect) {
      if (effect.what == Effect::Do::emit && entry.empty()) entry = core_.entries[effect.a].name;
    });
    Message message = entry.empty() ? Message("W1107.never") : Message("W1107.entry", {entry});
    found_.push_back({subject_.span(rule.clause), std::move(message), entry});
  }

  const Subject& subject_;
  const Core& core_;
  Signs signs_;
  std::vector<Finding>& found_;
  std::uint32_t event_ = kNone;
  std::set<std::tuple<std::uint32_t, std::uint32_t, Signs::Locals>> seen_;
  std::set<ClauseId> lives_;  ///< rules that can hold in one of their places
  std::map<ClauseId, const Rule*> never_;
};

}  // namespace

void what_never_happens(const Subject& subject, std::vector<Finding>& found) {
  Never(subject, found).look();
}

}  // namespace toll::tools::lint_rules
