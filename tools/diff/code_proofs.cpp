// What of a comparison is shown to do the same in spite of its text.
#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "tools/diff/code.hpp"

namespace toll::diff {

bool CodeCompare::only_lets(const Effects& effects, std::size_t count) {
  return std::all_of(effects.begin(), effects.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const Effect& effect) { return effect.what == Effect::Do::let; });
}

/// Is the block that of events or timers, and run by nothing else?
bool CodeCompare::is_root(const Core& core, std::uint32_t block) const {
  bool run = false;
  for (const Block& each : core.blocks)
    dsl::each_effect(each.effects, [&](const Effect& effect) {
      run = run || (effect.what == Effect::Do::run && effect.a == block);
    });
  return !run;
}

bool CodeCompare::prove(std::optional<Message> why, CodePlace before, CodePlace after) {
  if (!why) return false;
  if (before.clause == kNone) before.clause = clause_before_;
  if (after.clause == kNone) after.clause = clause_after_;
  proven_.push_back({{before, after, false}, std::move(*why)});
  return true;
}

bool CodeCompare::same_values(NodeId before, NodeId after) {
  if (proofs_ == nullptr) return false;
  proofs_->untouched(fresh_);
  return prove(proofs_->values(before, after), at(before_, before, clause_before_),
               at(after_, after, clause_after_));
}

bool CodeCompare::same_rules(const std::vector<Rule>& before, const std::vector<Rule>& after) {
  if (proofs_ == nullptr) return false;
  const auto ways = [](Coder& side, const std::vector<Rule>& rules) {
    std::vector<Way> out;
    for (const Rule& rule : rules) out.push_back({rule.guard, side.closed(rule)});
    return out;
  };
  const std::vector<Way> a = ways(before_, before);
  const std::vector<Way> b = ways(after_, after);
  const bool equal =
      std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Way& x, const Way& y) {
        return x.does == y.does && before_.closed(x.guard) == after_.closed(y.guard);
      });
  if (equal) return true;
  proofs_->untouched(fresh_);
  // The first rule that is another one stands for them all.
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at].does == b[at].does &&
         before_.closed(a[at].guard) == after_.closed(b[at].guard))
    ++at;
  CodePlace was;
  CodePlace is;
  if (at < before.size()) {
    was.rule = &before[at];
    was.clause = before[at].clause;
  }
  if (at < after.size()) {
    is.rule = &after[at];
    is.clause = after[at].clause;
  }
  return prove(proofs_->choices(a, b, before_.effects({})), was, is);
}

bool CodeCompare::same_cases(const Node& before, const Node& after) {
  if (proofs_ == nullptr) return false;
  const Term nothing = before_.list({});
  const auto ways = [nothing](Coder& side, const Node& node) {
    std::vector<Way> out;
    for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
      const Node& value = side.core().nodes[node.args[i + 1]];
      const bool absent = value.op == Op::constant && value.value == kAbsent;
      out.push_back({node.args[i], absent ? nothing : side.closed(node.args[i + 1])});
    }
    return out;
  };
  proofs_->untouched(fresh_);
  CodePlace was;
  CodePlace is;
  was.node = before.args[0];
  is.node = after.args[0];
  return prove(proofs_->choices(ways(before_, before), ways(after_, after), nothing), was, is);
}

bool CodeCompare::same_refusals(const EventType& before, const EventType& after) {
  if (proofs_ == nullptr) return false;
  const auto ways = [](Coder& side, const EventType& event) {
    std::vector<Way> out;
    for (const EventType::Refusal& refusal : event.refusals)
      out.push_back({refusal.guard, side.with_text(1, refusal.code)});
    return out;
  };
  proofs_->untouched(false);
  CodePlace was;
  CodePlace is;
  was.clause = before.clause;
  is.clause = after.clause;
  return prove(proofs_->choices(ways(before_, before), ways(after_, after), 0), was, is);
}

}  // namespace toll::diff
