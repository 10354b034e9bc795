// Draws: which rows gave how much, in their order, and why the others gave nothing.
#include <algorithm>
#include <map>

#include "tools/why/unfold.hpp"

namespace toll::why {
namespace {

constexpr std::size_t kFewRows = 8;  ///< of those passed over for one cause

/// Is this one of a kind rather than a matter of more or less?
bool tells_kinds_apart(Op op) {
  return op == Op::eq || op == Op::ne || op == Op::in_set || op == Op::logical_not;
}

}  // namespace

/// What a draw asked of a row; null: it takes any.
const Record* Unfolder::condition_of(const Record& turn, const Effect& draw) {
  const bool asked = !turn.inside.empty() && turn.inside[0]->node == draw.source.where;
  return asked ? turn.inside[0] : nullptr;
}

/// The rows that gave nothing, by what spoke against them.
std::vector<Reason> Unfolder::considered(const Record& effect, const std::set<Value>& used) {
  struct Cause {
    std::vector<const Record*> rows;
    const Record* part = nullptr;
  };
  std::vector<std::pair<NodeId, Cause>> causes;
  std::vector<const Record*> not_needed;
  for (const Record* turn : effect.inside) {
    if (turn->what != Record::What::turn || turn->why != Trace::Turn::weigh) continue;
    if (used.count(turn->row) != 0) continue;
    const Record* const asked = condition_of(*turn, *effect.effect);
    if (asked == nullptr || asked->value == 1) {
      not_needed.push_back(turn);
      continue;
    }
    const Record& part = failing(*asked, core_);
    auto found = std::find_if(causes.begin(), causes.end(),
                              [&](const auto& one) { return one.first == part.node; });
    if (found == causes.end()) {
      causes.push_back({part.node, {}});
      found = causes.end() - 1;
    }
    found->second.rows.push_back(turn);
    found->second.part = &part;
  }
  std::vector<Reason> reasons;
  for (const Record* turn : not_needed) {
    Reason one;
    one.kind = "passed-over";
    const std::string row = words_.row(turn->family, turn->fields, *turn->step);
    one.text = words_.say({"why.not-needed", {row}});
    one.fact("row", row).fact("cause", "not-needed");
    reasons.push_back(std::move(one));
  }
  limit(reasons, kFewRows);
  for (const auto& [id, cause] : causes) {
    const bool together = !all_ && cause.rows.size() > 1 && tells_kinds_apart(core_.nodes[id].op);
    if (together) {
      Reason one;
      one.kind = "passed-over";
      one.text =
          words_.say({"why.others-fail", {std::to_string(cause.rows.size()), words_.text(id)}});
      one.place = words_.place(id);
      one.fact("rows", std::to_string(cause.rows.size())).fact("cause", words_.text(id));
      reasons.push_back(std::move(one));
      continue;
    }
    std::vector<Reason> same;
    for (const Record* turn : cause.rows) {
      const Record& part = failing(*condition_of(*turn, *effect.effect), core_);
      Reason one;
      one.kind = "passed-over";
      const std::string row = words_.row(turn->family, turn->fields, *turn->step);
      one.text = words_.say({"why.row-fails", {row, words_.with_values(part)}});
      one.place = words_.place(id);
      one.fact("row", row).fact("cause", words_.text(id));
      same.push_back(std::move(one));
    }
    limit(same, kFewRows);
    reasons.insert(reasons.end(), same.begin(), same.end());
  }
  return reasons;
}

Reason Unfolder::draw(const Record& effect) {
  const Effect& drawn = *effect.effect;
  const Type& type = core_.families[drawn.a].fields[drawn.b].type;
  const Record* amount = nullptr;
  std::vector<const Record*> takes;
  for (const Record* one : effect.inside) {
    if (one->what == Record::What::eval && amount == nullptr) amount = one;
    if (one->what != Record::What::turn) continue;
    for (const Record* within : one->inside)
      if (within->what == Record::What::took) takes.push_back(within);
  }
  Reason reason;
  reason.kind = "draw";
  const Value asked = amount == nullptr ? kAbsent : amount->value;
  Value rest = asked;
  for (const Record* take : takes) rest = rest == kAbsent ? kAbsent : rest - take->value;
  reason.text = words_.say({"why.draw",
                            {core_.families[drawn.a].name, words_.show(type, asked, *effect.step),
                             words_.show(type, rest, *effect.step)}});
  reason.fact("asked", words_.show(type, asked, *effect.step))
      .fact("left_over", words_.show(type, rest, *effect.step));
  reason.place = amount != nullptr ? words_.place(amount->node) : words_.place_of(effect.clause);
  reason.source = words_.source_of(effect.clause);
  if (!drawn_.insert(&effect).second) {
    reason.text += words_.say({"why.see-above"});
    return reason;
  }
  if (amount != nullptr && !is_plain(*amount)) reason.inside.push_back(value(*amount));
  std::set<Value> used;
  std::size_t number = 0;
  for (const Record* take : takes) {
    used.insert(take->row);
    Reason one;
    one.kind = "drawn";
    const std::string row = words_.row(take->family, take->fields, *take->step);
    const std::string had = words_.show(type, take->left, *take->step);
    const std::string took = words_.show(type, take->value, *take->step);
    const std::string left = words_.show(type, take->left - take->value, *take->step);
    one.text = words_.say({"why.drawn", {std::to_string(++number), row, had, took, left}});
    one.fact("row", row).fact("had", had).fact("took", took).fact("left", left);
    const Place place = recorder_.current(Change::Of::field, drawn.a, take->row, drawn.b);
    one.inside = before(place, type, take->order);
    reason.inside.push_back(std::move(one));
  }
  for (Reason& one : considered(effect, used)) reason.inside.push_back(std::move(one));
  return reason;
}

Reason Unfolder::taken(const Record& took) {
  const Record* effect = took.parent;
  while (effect->what != Record::What::effect) effect = effect->parent;
  if (drawn_.count(effect) == 0) return draw(*effect);
  const Type& type = core_.families[took.effect->a].fields[took.effect->b].type;
  Reason reason;
  reason.kind = "drawn";
  const std::string row = words_.row(took.family, took.fields, *took.step);
  reason.text = words_.say({"why.taken", {words_.show(type, took.value, *took.step), row}});
  reason.fact("row", row).fact("took", words_.show(type, took.value, *took.step));
  return reason;
}

}  // namespace toll::why
