// W1104: scenarios that no edit of the rules can make fail: they expect nothing, or what always is.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"
#include "tools/analysis/logic.hpp"
#include "tools/core_text.hpp"
#include "tools/coverage/reach.hpp"
#include "tools/entry_match.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools::lint_rules {
namespace {

using Step = dsl::ScenarioStep;
using nlohmann::json;

constexpr std::size_t kMostValues = 40;

class Expectations {
 public:
  Expectations(const Subject& subject, std::vector<Finding>& found)
      : core_(subject.core()), text_(core_), match_(core_), found_(found) {
    const Reach reach(core_);
    for (std::uint32_t i = 0; i < core_.blocks.size(); ++i) {
      if (!reach.blocks()[i]) continue;
      dsl::each_effect(core_.blocks[i].effects, [&](const Effect& effect) {
        if (effect.what == Effect::Do::emit) emits_.push_back(&effect);
      });
    }
  }

  void look(const dsl::Scenario& scenario) {
    bool happened = false;
    for (const Step& step : scenario.steps) {
      happened = happened || step.kind == Step::Kind::event || step.kind == Step::Kind::until;
      if (!seen_.insert({step.span.file, step.span.begin}).second) continue;
      if (step.kind == Step::Kind::that && always(step)) say(scenario, step, "W1104.always");
      if (step.kind == Step::Kind::expect && step.negated) {
        if (!happened)
          say(scenario, step, "W1104.nothing-yet");
        else if (!ever(step))
          say(scenario, step, "W1104.never-written");
      }
    }
  }

 private:
  void say(const dsl::Scenario& scenario, const Step& step, std::string_view id) {
    found_.push_back({step.span, {id, {scenario.name}}, scenario.name});
  }

  /// Is there no ledger at all of which it does not hold?
  [[nodiscard]] bool always(const Step& step) const {
    if (step.definition == kNone) return false;
    if (says_itself(core_.definitions[step.definition].body)) return true;
    dsl::Question question;
    question.fail = {core_.definitions[step.definition].body};
    return !dsl::possible(core_, question);
  }

  /// `x is x`, whatever x is.
  [[nodiscard]] bool says_itself(NodeId id) const {
    const Node& node = core_.nodes[id];
    if (node.op == Op::logical_and) {
      return std::all_of(node.args.begin(), node.args.end(),
                         [&](NodeId part) { return says_itself(part); });
    }
    return (node.op == Op::eq || node.op == Op::le || node.op == Op::ge) &&
           !core_.nodes[node.args[0]].type.optional &&
           Logic(core_).same(node.args[0], node.args[1]);
  }

  /// Is there a rule that may write such an entry?
  [[nodiscard]] bool ever(const Step& step) const {
    const json expected = json::parse(step.json, nullptr, false);
    if (!expected.is_object() || !expected.contains("kind")) return true;
    const json& kind = expected["kind"];
    const auto entry = std::find_if(core_.entries.begin(), core_.entries.end(),
                                    [&](const EntryKind& one) { return kind == one.wire; });
    if (entry == core_.entries.end()) return true;  // every policy has it
    const auto index = static_cast<std::uint32_t>(entry - core_.entries.begin());
    return std::any_of(emits_.begin(), emits_.end(), [&](const Effect* emit) {
      return emit->a == index && may_write(*emit, *entry, expected);
    });
  }

  [[nodiscard]] bool may_write(const Effect& emit, const EntryKind& entry,
                               const json& expected) const {
    for (std::size_t i = 0; i < emit.fields.size(); ++i) {
      const EntryKind::Member& member = entry.members[emit.fields[i]];
      const auto wanted = expected.find(member.wire);
      if (wanted == expected.end() || wanted->is_null()) continue;
      std::vector<NodeId> values;
      if (!constants(emit.args[i], values)) continue;
      const bool one = std::any_of(values.begin(), values.end(), [&](NodeId value) {
        const Node& node = core_.nodes[value];
        return node.value != kAbsent &&
               match_.member_matches(*wanted, text_.value(node.type, node.value), member);
      });
      if (!one) return false;
    }
    return true;
  }

  /// The constants that an expression comes to; false: it may come to anything else.
  bool constants(NodeId id, std::vector<NodeId>& out) const {
    if (id == kNoNode || out.size() > kMostValues) return false;
    const Node& node = core_.nodes[id];
    if (node.op == Op::constant) {
      // Other kinds are written in ways of their own.
      const Kind kind = node.type.kind;
      if (kind != Kind::text && kind != Kind::name && kind != Kind::boolean) return false;
      out.push_back(id);
      return true;
    }
    if (node.op == Op::coalesce) {
      return std::all_of(node.args.begin(), node.args.end(),
                         [&](NodeId arg) { return constants(arg, out); });
    }
    if (node.op != Op::cases) return false;
    for (std::size_t i = 1; i < node.args.size(); i += 2) {
      if (!constants(node.args[i], out)) return false;
    }
    return true;
  }

  const Core& core_;
  CoreText text_;
  EntryMatch match_;
  std::vector<Finding>& found_;
  std::vector<const Effect*> emits_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;  ///< rows of examples share their steps
};

}  // namespace

void idle_scenarios(const Subject& subject, std::vector<Finding>& found) {
  std::set<std::uint32_t> seen;
  Expectations expectations(subject, found);
  for (const dsl::Scenario& scenario : subject.scenarios()) {
    expectations.look(scenario);
    const bool asks =
        std::any_of(scenario.steps.begin(), scenario.steps.end(), [](const Step& step) {
          return step.kind == Step::Kind::expect || step.kind == Step::Kind::that;
        });
    // Every row of examples is a scenario; they are said once.
    if (asks || !seen.insert(scenario.span.begin).second) continue;
    found.push_back({scenario.span, {"W1104.idle", {scenario.name}}, scenario.name});
  }
}

}  // namespace toll::tools::lint_rules
