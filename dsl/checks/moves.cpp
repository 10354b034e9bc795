// `move MACHINE to STATE` follows an edge of the machine from wherever the machine may then be.
//
// Where it may be is worked out from the conditions around the move and around whatever runs it; a
// machine of which they say nothing may be in any state.

#include <algorithm>
#include <set>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"

namespace toll::dsl {
namespace {

using States = std::set<Value>;

class Moves {
 public:
  Moves(const Subject& subject, std::uint32_t machine, Findings& found)
      : subject_(subject), core_(subject.core), machine_(machine), found_(found) {
    go_ = go_block(core_, machine);
    for (std::size_t i = 0; i < core_.domains[core_.machines[machine].domain].names.size(); ++i) {
      all_.insert(static_cast<Value>(i));
    }
    inside_.resize(core_.blocks.size());
    reaches_.resize(core_.blocks.size());
  }

  void look() {
    if (go_ == kNone) return;
    std::set<std::uint32_t> tops;
    for (const EventType& event : core_.events) tops.insert(event.block);
    for (const Timer& timer : core_.timers) tops.insert(timer.block);
    for (const std::uint32_t top : tops) {
      if (top != kNone) inside_[top] = all_;
    }
    // Callers before what they run: procedures do not run themselves, so this order exists.
    std::vector<std::uint32_t> order;
    std::vector<bool> seen(core_.blocks.size(), false);
    for (std::uint32_t i = 0; i < core_.blocks.size(); ++i) sort(i, seen, order);
    for (const std::uint32_t block : order) {
      reaches_[block] = block == go_ || any_moves(core_.blocks[block].effects);
    }
    std::reverse(order.begin(), order.end());
    for (const std::uint32_t block : order) {
      if (reaches_[block] && !inside_[block].empty())
        go_through(core_.blocks[block].effects, inside_[block]);
    }
  }

 private:
  void sort(std::uint32_t block, std::vector<bool>& seen, std::vector<std::uint32_t>& order) {
    if (seen[block]) return;
    seen[block] = true;
    each_effect(core_.blocks[block].effects, [&](const Effect& effect) {
      if (effect.what == Effect::Do::run) sort(effect.a, seen, order);
    });
    order.push_back(block);
  }

  States those(const States& states, NodeId holds, const std::vector<NodeId>& fail) const {
    States out;
    for (const Value state : states) {
      Question question;
      question.hold = {holds};
      question.fail = fail;
      question.machine = machine_;
      question.state = state;
      if (possible(core_, question)) out.insert(state);
    }
    return out;
  }

  /// Only what may move the machine is looked at: of the rest there is nothing to say.
  void go_through(const Effects& effects, const States& states) {
    States here = states;
    for (const Effect& effect : effects) {
      if (!moves(effect)) continue;
      if (effect.what == Effect::Do::run) run(effect, here);
      go_through(effect.effects, here);
      std::vector<NodeId> earlier;
      for (const Rule& rule : effect.rules) {
        if (any_moves(rule.effects)) go_through(rule.effects, those(here, rule.guard, earlier));
        earlier.push_back(rule.guard);
      }
      here = all_;  // once something may have moved it, nothing is known of it any more
    }
  }

  bool moves(const Effect& effect) const {
    if (effect.what == Effect::Do::run && reaches_[effect.a]) return true;
    return any_moves(effect.effects) ||
           std::any_of(effect.rules.begin(), effect.rules.end(),
                       [this](const Rule& rule) { return any_moves(rule.effects); });
  }

  bool any_moves(const Effects& effects) const {
    return std::any_of(effects.begin(), effects.end(),
                       [this](const Effect& effect) { return moves(effect); });
  }

  void run(const Effect& effect, const States& states) {
    inside_[effect.a].insert(states.begin(), states.end());
    if (effect.a != go_ || effect.args.empty()) return;
    const Machine& machine = core_.machines[machine_];
    const Node& to = core_.nodes[effect.args[0]];
    if (to.op != Op::constant) return;
    const auto& names = core_.domains[machine.domain].names;
    for (const Value from : states) {
      const bool edge =
          std::any_of(machine.edges.begin(), machine.edges.end(), [&](const Machine::Edge& one) {
            return one.to == to.value &&
                   std::find(one.from.begin(), one.from.end(), from) != one.from.end();
          });
      if (edge) continue;
      const std::string& before = names[static_cast<std::size_t>(from)].shown;
      const std::string& after = names[static_cast<std::size_t>(to.value)].shown;
      found_.push_back({subject_.statement(effect.clause, "move", machine.name),
                        {from == to.value ? "E1006.there-already" : "E1006.no-edge",
                         {machine.name, before, after}},
                        machine.name,
                        {{subject_.span(machine.clause), "check.edges-here"}},
                        {"E1006.help", {machine.name, before, after}}});
      return;
    }
  }

  const Subject& subject_;
  const Core& core_;
  std::uint32_t machine_;
  Findings& found_;
  std::uint32_t go_ = kNone;
  States all_;
  std::vector<bool> reaches_;   ///< by block: it may move the machine, or run one that may
  std::vector<States> inside_;  ///< by block: the states it may find the machine in
};

}  // namespace

void check_moves(const Subject& subject, Findings& found) {
  for (std::uint32_t i = 0; i < subject.core.machines.size(); ++i) {
    Moves(subject, i, found).look();
  }
}

}  // namespace toll::dsl
