// W1109: deadlines that never come: a timer armed twice in a row, a timer armed beside another one
// that is due no later and puts it off.
#include <algorithm>
#include <optional>
#include <string>

#include "dsl/checks/walk.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools::lint_rules {
namespace {

/// An instant as a moment and a while after it, in nanoseconds; days of the calendar apart.
struct Deadline {
  std::string from;
  Value span = 0;
  Value days = 0;
};

class Timers {
 public:
  Timers(const Subject& subject, std::vector<Finding>& found)
      : subject_(subject), core_(subject.core()), found_(found) {}

  void look() {
    for (const Block& block : core_.blocks) list(block.effects);
    for (std::uint32_t timer = 0; timer < core_.timers.size(); ++timer) shadow(timer);
  }

 private:
  struct Arming {
    const Effect* arm = nullptr;
    const Effects* beside = nullptr;  ///< what happens with it
  };

  void list(const Effects& effects) {
    for (std::size_t i = 0; i < effects.size(); ++i) {
      const Effect& effect = effects[i];
      if (effect.what == Effect::Do::arm) {
        armings_.push_back({&effect, &effects});
        again(effects, i);
      }
      if (effect.what == Effect::Do::disarm) disarmings_.push_back({&effect, &effects});
      list(effect.effects);
      for (const Rule& rule : effect.rules) list(rule.effects);
    }
  }

  /// Armed, and armed once more before anything can look at the clock.
  void again(const Effects& effects, std::size_t first) {
    for (std::size_t i = first + 1; i < effects.size(); ++i) {
      const bool same = effects[i].a == effects[first].a;
      if (!same || (effects[i].what != Effect::Do::arm && effects[i].what != Effect::Do::disarm))
        continue;
      const std::string& name = core_.timers[effects[first].a].name;
      found_.push_back({place(effects[first]), {"W1109.again", {name}}, name});
      return;
    }
  }

  /// Is `timer` always armed beside an earlier one that disarms it?
  void shadow(std::uint32_t timer) {
    for (std::uint32_t other = 0; other < core_.timers.size(); ++other) {
      if (other == timer || !puts_off(other, timer)) continue;
      const Effect* first = nullptr;
      bool always = true;
      for (const Arming& one : armings_) {
        if (one.arm->a == timer) {
          first = first == nullptr ? one.arm : first;
          always = always && earlier_beside(one, other);
        } else if (one.arm->a == other) {
          // Armed alone it may be put off beyond the other one's deadline.
          always = always && holds(*one.beside, Effect::Do::arm, timer);
        }
      }
      for (const Arming& one : disarmings_) {
        if (one.arm->a == other) always = always && holds(*one.beside, Effect::Do::disarm, timer);
      }
      if (!always || first == nullptr) continue;
      const std::string& name = core_.timers[timer].name;
      found_.push_back({place(*first), {"W1109.shadowed", {name, core_.timers[other].name}}, name});
      return;
    }
  }

  static bool holds(const Effects& effects, Effect::Do what, std::uint32_t timer) {
    return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
      return effect.what == what && effect.a == timer;
    });
  }

  /// When `first` fires, is `second` disarmed whatever happens?
  [[nodiscard]] bool puts_off(std::uint32_t first, std::uint32_t second) const {
    return disarms(core_.blocks[core_.timers[first].block].effects, second);
  }

  [[nodiscard]] bool disarms(const Effects& effects, std::uint32_t timer) const {
    return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
      if (effect.what == Effect::Do::disarm) return effect.a == timer;
      return effect.what == Effect::Do::run && disarms(core_.blocks[effect.a].effects, timer);
    });
  }

  [[nodiscard]] bool earlier_beside(const Arming& one, std::uint32_t other) const {
    const auto later = deadline(one.arm->args[0]);
    return later && std::any_of(one.beside->begin(), one.beside->end(), [&](const Effect& effect) {
      if (effect.what != Effect::Do::arm || effect.a != other) return false;
      const auto sooner = deadline(effect.args[0]);
      if (!sooner || sooner->from != later->from) return false;
      if (sooner->days > later->days || sooner->span > later->span) return false;
      const bool same = sooner->days == later->days && sooner->span == later->span;
      return !same || core_.timers[other].rank < core_.timers[one.arm->a].rank;
    });
  }

  /// Nothing: it cannot be told.
  [[nodiscard]] std::optional<Deadline> deadline(NodeId id) const {
    const Node& node = core_.nodes[id];
    if (node.op == Op::now || node.op == Op::clock || node.op == Op::reg)
      return Deadline{std::to_string(static_cast<int>(node.op)) + "." + std::to_string(node.a)};
    const bool adds = node.op == Op::add || node.op == Op::add_days;
    if (!adds || core_.nodes[node.args[1]].op != Op::constant) return std::nullopt;
    const Value more = core_.nodes[node.args[1]].value;
    std::optional<Deadline> base = deadline(node.args[0]);
    if (!base || more == kAbsent) return std::nullopt;
    (node.op == Op::add ? base->span : base->days) += more;
    return base;
  }

  [[nodiscard]] dsl::SourceSpan place(const Effect& effect) const {
    return subject_.effect_span(effect);
  }

  const Subject& subject_;
  const Core& core_;
  std::vector<Finding>& found_;
  std::vector<Arming> armings_;
  std::vector<Arming> disarmings_;
};

}  // namespace

void timers_in_shadow(const Subject& subject, std::vector<Finding>& found) {
  Timers(subject, found).look();
}

}  // namespace toll::tools::lint_rules
