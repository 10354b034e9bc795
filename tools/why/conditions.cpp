// Conditions: what they compared, which part decided, and how they led to where we are.
#include <algorithm>

#include "tools/why/unfold.hpp"

namespace toll::why {

const Record& Unfolder::failing(const Record& eval, const Core& core) {
  const Record* at = &eval;
  for (;;) {
    const Op op = core.nodes[at->node].op;
    const bool goes_on = (op == Op::logical_and || op == Op::call) && !at->inside.empty();
    if (!goes_on) return *at;
    at = at->inside.back();
  }
}

/// A sentence that says whether it holds. Below it: the parts that made it so, for a comparison the
/// values that are not plain.
Reason Unfolder::condition(const Record& eval) {
  const Node& here = node(eval);
  Reason reason;
  reason.kind = "condition";
  reason.place = words_.place(eval.node);
  const std::string text = words_.with_values(eval);
  const bool holds = eval.value == 1;
  reason.text = words_.say({holds ? "why.holds" : "why.holds-not", {text}});
  reason.fact("condition", words_.text(eval.node)).fact("holds", holds ? "true" : "false");
  if (shallow_) return reason;
  const auto parts = [&](bool deciding_only) {
    for (const Record* part : eval.inside) {
      if (deciding_only && part->value != eval.value) continue;
      reason.inside.push_back(condition(*part));
    }
  };
  switch (here.op) {
    case Op::logical_and:
    case Op::logical_or: {
      // Of an `and` that fails and an `or` that holds, one part decided; it says enough alone.
      const bool one_decides = (here.op == Op::logical_and) != holds;
      if (one_decides && !eval.inside.empty()) {
        Reason only = condition(*eval.inside.back());
        if (words_.has_text(eval.node)) {
          only.fact("of", words_.text(eval.node));
        }
        return only;
      }
      parts(true);
      return reason;
    }
    case Op::logical_not: {
      if (eval.inside.empty()) return reason;
      const Record& inner = *eval.inside[0];
      const Op op = node(inner).op;
      if (op == Op::present || op == Op::in_set) {
        reason.inside = condition(inner).inside;
      } else {
        reason.inside.push_back(condition(inner));
      }
      return reason;
    }
    case Op::call:
      if (!eval.inside.empty()) reason.inside.push_back(condition(*eval.inside.back()));
      return reason;
    case Op::local:
      if (eval.made_by != nullptr && eval.made_by->what == Record::What::eval)
        reason.inside.push_back(condition(*eval.made_by));
      return reason;
    case Op::aggregate:
      reason.inside = aggregate(eval);
      return reason;
    case Op::present:
      if (!eval.inside.empty()) reason.inside = because(*eval.inside[0]);
      return reason;
    case Op::cases:
      reason.inside = cases(eval);
      return reason;
    default:
      break;
  }
  for (const Record* part : eval.inside) {
    if (is_plain(*part) || node(*part).op == Op::field) continue;
    std::vector<Reason> rests_on = because(*part);
    if (rests_on.empty()) continue;
    Reason one;
    one.kind = "value";
    one.text = words_.say({"why.value", {words_.text(part->node), show(*part)}});
    one.place = words_.place(part->node);
    one.fact("expression", words_.text(part->node)).fact("value", show(*part));
    one.inside = std::move(rests_on);
    reason.inside.push_back(std::move(one));
  }
  return reason;
}

std::uint32_t Unfolder::machine_of(ClauseId edge) const {
  for (std::uint32_t machine = 0; machine < core_.machines.size(); ++machine)
    for (const Machine::Edge& one : core_.machines[machine].edges)
      if (edge != kNone && one.clause == edge) return machine;
  return kNone;
}

/// A choice: the rules that were tried and did not hold, and the one that did.
Reason Unfolder::chosen(const Record& choose) {
  Reason reason;
  reason.kind = "choice";
  std::vector<const Record*> guards;
  for (const Record* one : choose.inside)
    if (one->what == Record::What::eval) guards.push_back(one);
  const std::vector<Rule>& rules = choose.effect->rules;
  std::size_t at = 0;
  std::vector<Reason> tried;
  for (const Rule& rule : rules) {
    const Record* const guard =
        rule.guard == kNoNode || at >= guards.size() ? nullptr : guards[at++];
    if (rule.guard != kNoNode && guard == nullptr) break;
    const std::string label = words_.label(rule.clause);
    const bool holds = guard == nullptr || guard->value == 1;
    Reason one;
    if (guard != nullptr) {
      shallow_ = !holds;  // that it does not hold is enough; its values stand in its text
      one = condition(*guard);
      shallow_ = false;
      if (!label.empty()) one.text = words_.say({"why.rule", {label, one.text}});
    } else {
      one.text =
          label.empty() ? words_.keyword({"otherwise"}) : words_.say({"why.otherwise", {label}});
    }
    if (machine_of(rule.clause) != kNone) {
      if (!holds) continue;  // other edges are no alternatives: one step is taken each time
      const std::string edge = words_.quote(rule.clause);
      one.text = edge;
      one.fact("edge", edge);
    }
    one.kind = holds ? "rule" : "tried";
    one.place = words_.place_of(rule.clause);
    one.source = words_.source_of(rule.clause);
    if (!label.empty()) one.fact("label", label);
    if (!holds) {
      tried.push_back(std::move(one));
      continue;
    }
    reason = std::move(one);
    break;
  }
  if (reason.text.empty()) {
    reason.text = words_.say({"why.no-rule-held"});
    reason.place = words_.place_of(choose.clause);
  }
  if (!tried.empty() && reason.inside.empty()) {
    reason.inside = std::move(tried);
  } else if (!tried.empty()) {
    Reason before;
    before.kind = "tried-before";
    before.text = words_.say({"why.tried-before"});
    before.inside = std::move(tried);
    reason.inside.push_back(std::move(before));
  }
  return reason;
}

std::vector<Reason> Unfolder::way_to(const Record& record) {
  std::vector<const Record*> choices;
  for (const Record* at = record.parent; at != nullptr; at = at->parent) {
    if (at->what != Record::What::effect || at->effect->what != Effect::Do::choose) continue;
    const bool written = std::any_of(at->inside.begin(), at->inside.end(), [&](const Record* one) {
      return one->what == Record::What::eval && words_.has_text(one->node);
    });
    // Of what a program made no text is kept: its labels have to do.
    const bool labelled =
        !words_.is_quoted(at->clause) &&
        std::any_of(at->effect->rules.begin(), at->effect->rules.end(),
                    [&](const Rule& rule) { return !words_.label(rule.clause).empty(); });
    const bool edge = std::any_of(
        at->effect->rules.begin(), at->effect->rules.end(),
        [&](const Rule& rule) { return machine_of(rule.clause) != kNone && !at->inside.empty(); });
    if ((written || labelled || edge) && chosen_.insert(at).second) choices.push_back(at);
  }
  std::vector<Reason> reasons;
  for (std::size_t i = choices.size(); i-- > 0;) reasons.push_back(chosen(*choices[i]));
  return reasons;
}

}  // namespace toll::why
