// No timer sets itself off without end: a timer that arms itself does so for a later instant, and
// timers that arm one another do not come round to where they began at one instant.

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/later.hpp"
#include "dsl/checks/walk.hpp"

namespace toll::dsl {
namespace {

/// A place where one timer arms another for an instant that may be now.
struct Arming {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  ClauseId clause = kNone;
};

class Timers {
 public:
  Timers(const Subject& subject, Findings& found)
      : subject_(subject), core_(subject.core), lateness_(subject.core), found_(found) {}

  void look() {
    for (std::uint32_t timer = 0; timer < core_.timers.size(); ++timer) {
      timer_ = timer;
      seen_.clear();
      block(core_.timers[timer].block, {}, {});
    }
    for (const Arming& one : armings_) {
      if (one.from == one.to) say("E1007.itself", one, {});
    }
    circles();
  }

 private:
  using Sure = std::vector<NodeId>;
  using Names = std::map<std::uint32_t, Value>;  ///< parameters that are one name, by slot

  /// A procedure is gone through for each way in which its arguments are bounded.
  void block(std::uint32_t index, const Bounds& arguments, const Names& names) {
    std::string way = std::to_string(index);
    for (const auto& [slot, name] : names) {
      way += "," + std::to_string(slot) + "=" + std::to_string(static_cast<long long>(name));
    }
    for (const auto& [slot, bound] : arguments) {
      way += "," + std::to_string(slot) + ":" + std::to_string(static_cast<int>(bound.of)) + ":" +
             std::to_string(static_cast<long long>(bound.least));
    }
    if (!seen_.insert(way).second) return;
    effects(core_.blocks[index].effects, arguments, {}, names);
  }

  /// Of conditions about names that a procedure was given: whether they hold, if that is certain.
  std::optional<bool> certain(NodeId id, const Names& names) const {
    if (id == kNoNode) return true;
    const Node& node = core_.nodes[id];
    if (node.op == Op::eq && core_.nodes[node.args[0]].op == Op::local) {
      const auto known = names.find(core_.nodes[node.args[0]].a);
      const Node& other = core_.nodes[node.args[1]];
      if (known == names.end() || other.op != Op::constant) return std::nullopt;
      return known->second == other.value;
    }
    if (node.op != Op::logical_or && node.op != Op::logical_and) return std::nullopt;
    const bool decides = node.op == Op::logical_or;
    bool open = false;
    for (const NodeId arg : node.args) {
      const auto part = certain(arg, names);
      if (part == decides) return decides;
      open = open || !part;
    }
    return open ? std::nullopt : std::optional(!decides);
  }

  /// What a condition said of the account holds until something is written.
  static bool writes(const Effect& effect) {
    bool found = false;
    const auto look = [&](const Effect& one) {
      using Do = Effect::Do;
      found = found || (one.what != Do::let && one.what != Do::each && one.what != Do::choose &&
                        one.what != Do::arm && one.what != Do::disarm && one.what != Do::emit);
    };
    look(effect);
    each_effect(effect.effects, look);
    for (const Rule& rule : effect.rules) each_effect(rule.effects, look);
    return found;
  }

  void effects(const Effects& list, Bounds locals, Sure sure, const Names& names) {
    for (const Effect& effect : list) {
      if (effect.what == Effect::Do::let) {
        locals.erase(effect.a);
        const Bound bound = lateness_.bound(effect.args[0], locals, sure);
        if (bound.known()) locals.emplace(effect.a, bound);
      } else if (effect.what == Effect::Do::arm) {
        if (!lateness_.bound(effect.args[0], locals, sure).later_than_now()) {
          armings_.push_back({timer_, effect.a, effect.clause});
        }
      } else if (effect.what == Effect::Do::run) {
        Bounds arguments;
        Names given;
        for (std::uint32_t i = 0; i < effect.args.size(); ++i) {
          const Node& argument = core_.nodes[effect.args[i]];
          if (argument.op == Op::constant && argument.type.kind == Kind::name) {
            given.emplace(i, argument.value);
          }
          const Bound bound = lateness_.bound(effect.args[i], locals, sure);
          if (bound.known()) arguments.emplace(i, bound);
        }
        block(effect.a, arguments, given);
      }
      effects(effect.effects, locals, sure, names);
      for (const Rule& rule : effect.rules) {
        const auto holds = certain(rule.guard, names);
        if (holds == false) continue;
        Sure inside = sure;
        inside.push_back(rule.guard);
        effects(rule.effects, locals, inside, names);
        if (holds == true) break;
      }
      if (writes(effect)) sure.clear();
    }
  }

  /// Of each circle, one finding: at the arming that closes it.
  void circles() {
    std::set<std::set<std::uint32_t>> said;
    for (std::uint32_t start = 0; start < core_.timers.size(); ++start) {
      std::vector<const Arming*> path;
      std::set<std::uint32_t> visited;
      if (!way_back(start, start, visited, path)) continue;
      std::set<std::uint32_t> members;
      for (const Arming* one : path) members.insert(one->from);
      if (members.size() < 2 || !said.insert(members).second) continue;
      std::vector<Elsewhere> notes;
      for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        notes.push_back(
            {place(*path[i]), {"check.arms-here", {name(path[i]->from), name(path[i]->to)}}});
      }
      say("E1008.circle", *path.back(), std::move(notes));
    }
  }

  bool way_back(std::uint32_t at, std::uint32_t start, std::set<std::uint32_t>& visited,
                std::vector<const Arming*>& path) const {
    for (const Arming& one : armings_) {
      if (one.from != at || one.from == one.to) continue;
      path.push_back(&one);
      if (one.to == start) return true;
      if (visited.insert(one.to).second && way_back(one.to, start, visited, path)) return true;
      path.pop_back();
    }
    return false;
  }

  void say(std::string_view id, const Arming& one, std::vector<Elsewhere> notes) {
    notes.push_back(
        {subject_.span(core_.timers[one.from].clause), {"check.timer-here", {name(one.from)}}});
    found_.push_back({place(one),
                      Message(id, {name(one.from), name(one.to)}),
                      name(one.to),
                      std::move(notes),
                      {}});
  }

  SourceSpan place(const Arming& one) const {
    return subject_.statement(one.clause, "arm", name(one.to));
  }

  const std::string& name(std::uint32_t timer) const { return core_.timers[timer].name; }

  const Subject& subject_;
  const Core& core_;
  Lateness lateness_;
  Findings& found_;
  std::uint32_t timer_ = 0;
  std::set<std::string> seen_;
  std::vector<Arming> armings_;
};

}  // namespace

void check_timers(const Subject& subject, Findings& found) { Timers(subject, found).look(); }

}  // namespace toll::dsl
