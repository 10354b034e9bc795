// `has x` without which x may not be read: an edit that takes it away is none that a policy can
// have, since every front end wants to know that what is read is there.
#include "tools/mutate/absence.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "tools/analysis/logic.hpp"
#include "tools/mutate/maker.hpp"

namespace toll::tools {
namespace {

class Readers {
 public:
  explicit Readers(const Core& core) : core_(core), logic_(core) {}

  /// Does what a condition guards rely on the value?
  [[nodiscard]] bool guarded(NodeId condition, NodeId value) const {
    for (const Node& node : core_.nodes) {
      if (node.op != Op::cases) continue;
      for (std::size_t i = 0; i + 1 < node.args.size(); i += 2)
        if (node.args[i] == condition && logic_.relies_on(node.args[i + 1], value)) return true;
    }
    bool found = false;
    for (const Block& block : core_.blocks) {
      dsl::each_effect(block.effects, [&](const Effect& effect) {
        for (const Rule& rule : effect.rules)
          if (rule.guard == condition && relies_on(rule.effects, value)) found = true;
      });
    }
    return found;
  }

  [[nodiscard]] bool relies_on(const Effects& effects, NodeId value) const {
    bool found = false;
    dsl::each_effect(effects, [&](const Effect& effect) {
      dsl::each_root(effect, [&](NodeId root) {
        if (root != kNoNode && logic_.relies_on(root, value)) found = true;
      });
    });
    return found;
  }

  /// A part of `and` or `or` is gone that the parts behind it, or what they guard, rely on.
  [[nodiscard]] bool part(NodeId node, const std::vector<NodeId>& left) const {
    const std::vector<NodeId>& all = core_.nodes[node].args;
    std::size_t gone = 0;
    while (gone < left.size() && all[gone] == left[gone]) ++gone;
    const bool both = core_.nodes[node].op == Op::logical_and;
    const NodeId value = both ? logic_.asked_for(all[gone]) : logic_.asked_away(all[gone]);
    if (value == kNoNode || !core_.nodes[value].type.optional) return false;
    return behind(node, gone, value) || (both && guarded(node, value));
  }

  /// `a or b or c` is `(a or b) or c`: what stands behind b may stand a level higher.
  [[nodiscard]] bool behind(NodeId node, std::size_t part, NodeId value) const {
    const std::vector<NodeId>& all = core_.nodes[node].args;
    for (std::size_t i = part + 1; i < all.size(); ++i)
      if (logic_.relies_on(all[i], value)) return true;
    for (NodeId outer = 0; outer < core_.nodes.size(); ++outer) {
      if (core_.nodes[outer].op != core_.nodes[node].op) continue;
      const std::vector<NodeId>& parts = core_.nodes[outer].args;
      const auto found = std::find(parts.begin(), parts.end(), node);
      if (found == parts.end()) continue;
      if (behind(outer, static_cast<std::size_t>(found - parts.begin()), value)) return true;
    }
    return false;
  }

  /// The second of two rules relies on the first not having held, and is asked before it now.
  [[nodiscard]] bool order(const std::vector<Rule>& before, const std::vector<Rule>& after) const {
    for (std::size_t i = 0; i + 1 < before.size() && before.size() == after.size(); ++i) {
      if (before[i].guard == after[i].guard) continue;
      const NodeId value = logic_.asked_away(before[i].guard);
      if (value == kNoNode || !core_.nodes[value].type.optional) return false;
      return logic_.relies_on(before[i + 1].guard, value) ||
             relies_on(before[i + 1].effects, value);
    }
    return false;
  }

 private:
  const Core& core_;
  Logic logic_;
};

}  // namespace

bool reads_what_may_be_absent(const Core& core, const Core& mutant, const Mutation& mutation) {
  const Readers readers(core);
  if (mutation.kind == Mutation::Kind::part) {
    const std::vector<NodeId>& nodes = mutation.touches.nodes;
    return !nodes.empty() && std::all_of(nodes.begin(), nodes.end(), [&](NodeId node) {
      const std::vector<NodeId>& left = mutant.nodes[node].args;
      return left.size() + 1 == core.nodes[node].args.size() && readers.part(node, left);
    });
  }
  if (mutation.kind != Mutation::Kind::order || mutation.touches.effects.empty()) return false;
  for (std::uint32_t block = 0; block < core.blocks.size(); ++block) {
    const std::vector<const Effect*> all = effects_of(core.blocks[block]);
    const auto found = std::find(all.begin(), all.end(), mutation.touches.effects.front());
    if (found == all.end()) continue;
    const auto at = static_cast<std::size_t>(found - all.begin());
    return readers.order((*found)->rules, effects_of(mutant.blocks[block])[at]->rules);
  }
  return false;
}

}  // namespace toll::tools
