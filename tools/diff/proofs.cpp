#include "tools/diff/proofs.hpp"

#include <algorithm>
#include <set>

#include "dsl/checks/conditions.hpp"
#include "dsl/checks/walk.hpp"

namespace toll::diff {
namespace {

constexpr std::size_t kMostWays = 24;  ///< of a list that is looked at pair by pair

std::vector<NodeId> first_of(const std::vector<NodeId>& guards, std::size_t count) {
  std::vector<NodeId> out;
  for (std::size_t i = 0; i < count && i < guards.size(); ++i)
    if (guards[i] != kNoNode) out.push_back(guards[i]);
  return out;
}

}  // namespace

bool Proofs::possible(const std::vector<NodeId>& hold, const std::vector<NodeId>& fail,
                      bool with_facts) {
  dsl::Question question;
  for (const NodeId node : hold)
    if (node != kNoNode) question.hold.push_back(node);
  question.fail = fail;
  if (with_facts) question.hold.insert(question.hold.end(), holding_.begin(), holding_.end());
  return dsl::possible(joined_.core(), question);
}

std::optional<Proofs::Side> Proofs::bring(std::size_t side, const std::vector<Way>& ways) {
  Side out;
  for (const Way& way : ways) {
    const NodeId guard =
        way.guard == kNoNode ? kNoNode : joined_.bring(*coders_[side], side, way.guard);
    if (way.guard != kNoNode && guard == kNoNode) return std::nullopt;
    out.guards.push_back(guard);
    out.fails.push_back(coders_[side]->can_fail(way.guard));
    out.terms.push_back(way.guard == kNoNode ? 0 : coders_[side]->closed(way.guard));
    out.does.push_back(way.does);
  }
  return out;
}

/// Wherever one list comes to its rule i and the other to its rule j, both do the same.
bool Proofs::same_choice(const Side& a, const Side& b, Term nothing, bool with_facts) {
  for (std::size_t i = 0; i <= a.guards.size(); ++i) {
    for (std::size_t j = 0; j <= b.guards.size(); ++j) {
      const Term one = i < a.guards.size() ? a.does[i] : nothing;
      const Term other = j < b.guards.size() ? b.does[j] : nothing;
      if (one == other) continue;
      std::vector<NodeId> hold;
      if (i < a.guards.size()) hold.push_back(a.guards[i]);
      if (j < b.guards.size()) hold.push_back(b.guards[j]);
      std::vector<NodeId> fail = first_of(a.guards, i);
      // One that always holds leaves nothing for those behind it.
      if (fail.size() < i) continue;
      const std::vector<NodeId> more = first_of(b.guards, j);
      if (more.size() < j) continue;
      fail.insert(fail.end(), more.begin(), more.end());
      if (possible(hold, fail, with_facts)) return false;
    }
  }
  return true;
}

/// What can fail is asked in the same states.
bool Proofs::fail_alike(const Side& a, const Side& b, bool with_facts) {
  for (std::size_t i = 0; i < a.guards.size(); ++i) {
    if (!a.fails[i]) continue;
    std::size_t j = 0;
    while (j < b.guards.size() && b.terms[j] != a.terms[i]) ++j;
    if (j == b.guards.size()) return false;
    const std::vector<NodeId> before_a = first_of(a.guards, i);
    const std::vector<NodeId> before_b = first_of(b.guards, j);
    for (const NodeId guard : before_b)
      if (possible({guard}, before_a, with_facts)) return false;
    for (const NodeId guard : before_a)
      if (possible({guard}, before_b, with_facts)) return false;
  }
  return true;
}

/// What is proven of every row, of those that the guards speak of.
const std::vector<NodeId>& Proofs::facts_on(const std::vector<NodeId>& guards) {
  holding_.clear();
  std::set<std::uint32_t> seen;
  std::vector<NodeId> rows;
  for (const NodeId guard : guards) {
    dsl::each_node(joined_.core(), guard, [&](NodeId id) {
      const Node& node = joined_.core().nodes[id];
      if (node.op != Op::row_field) return;
      const Node& row = joined_.core().nodes[node.args[0]];
      if (row.type.of == Of::family && row.op == Op::local && seen.insert(row.a).second)
        rows.push_back(node.args[0]);
    });
  }
  if (rows.empty() || !facts_) return holding_;
  for (const tools::RowFact& fact : facts_()) {
    for (const NodeId row : rows) {
      if (joined_.core().nodes[row].type.ref != fact.family) continue;
      const NodeId body = joined_.with_row(fact.body, fact.slot, row);
      if (body == kNoNode) continue;
      // Of a row that is not there nothing is known.
      const NodeId there = joined_.present(row);
      holding_.push_back(joined_.either(joined_.negation(there), body));
    }
  }
  return holding_;
}

std::optional<Message> Proofs::choices(const std::vector<Way>& before,
                                       const std::vector<Way>& after, Term nothing) {
  if (before.size() > kMostWays || after.size() > kMostWays) return std::nullopt;
  const std::optional<Side> a = bring(0, before);
  const std::optional<Side> b = bring(1, after);
  if (!a || !b) return std::nullopt;
  if (same_choice(*a, *b, nothing, false) && fail_alike(*a, *b, false) && fail_alike(*b, *a, false))
    return Message("diff.proof.choice");
  if (!untouched_) return std::nullopt;
  std::vector<NodeId> all = a->guards;
  all.insert(all.end(), b->guards.begin(), b->guards.end());
  all.erase(std::remove(all.begin(), all.end(), kNoNode), all.end());
  if (facts_on(all).empty()) return std::nullopt;
  if (!same_choice(*a, *b, nothing, true) || !fail_alike(*a, *b, true) || !fail_alike(*b, *a, true))
    return std::nullopt;
  relied_ = true;
  return Message("diff.proof.rows");
}

std::optional<Message> Proofs::conditions(NodeId before, NodeId after) {
  const auto parts = [](const Core& core, NodeId root) {
    const Node& node = core.nodes[root];
    return node.op == Op::logical_and ? node.args : std::vector<NodeId>{root};
  };
  // A condition is a list of what stands in its way, then of what it lets through.
  const auto ways = [&](std::size_t side, NodeId root) {
    std::optional<Side> out = bring(side, {});
    for (const NodeId part : parts(coders_[side]->core(), root)) {
      const NodeId here = joined_.bring(*coders_[side], side, part);
      if (here == kNoNode) return std::optional<Side>();
      out->guards.push_back(joined_.negation(here));
      out->fails.push_back(coders_[side]->can_fail(part));
      out->terms.push_back(coders_[side]->closed(part));
      out->does.push_back(1);
    }
    return out;
  };
  const std::optional<Side> a = ways(0, before);
  const std::optional<Side> b = ways(1, after);
  if (!a || !b) return std::nullopt;
  if (!same_choice(*a, *b, 2, false) || !fail_alike(*a, *b, false) || !fail_alike(*b, *a, false))
    return std::nullopt;
  return Message("diff.proof.condition");
}

std::optional<Message> Proofs::values(NodeId before, NodeId after) {
  const Core* const cores[2] = {&coders_[0]->core(), &coders_[1]->core()};
  const NodeId ids[2] = {before, after};
  const Node& a = cores[0]->nodes[before];
  const Node& b = cores[1]->nodes[after];
  // `> 0` and `>= 0` of what is never 0.
  const auto less = [](Op op) { return op == Op::lt || op == Op::le; };
  const auto more = [](Op op) { return op == Op::gt || op == Op::ge; };
  if ((less(a.op) && less(b.op)) || (more(a.op) && more(b.op))) {
    bool never = true;
    for (std::size_t i = 0; i < 2; ++i)
      never = never && coders_[0]->closed(a.args[i]) == coders_[1]->closed(b.args[i]);
    for (std::size_t side = 0; side < 2 && never; ++side) {
      if (!signs_[side]) signs_[side].emplace(*cores[side]);
      never = !signs_[side]->can_equal(ids[side]);
    }
    if (never) return Message("diff.proof.signs");
  }
  // The first and the last of rows of which there is one at most.
  if (a.op == Op::aggregate && b.op == Op::aggregate) {
    const Aggregate& x = cores[0]->aggregates[a.a];
    const Aggregate& y = cores[1]->aggregates[b.a];
    const auto end = [](const Aggregate& one) {
      return one.fn == Aggregate::Fn::first || one.fn == Aggregate::Fn::last;
    };
    const auto row_alone = [](const Core& core, const Aggregate& one) {
      const Node& body = core.nodes[one.body];
      return body.op == Op::local && body.a == one.source.slot;
    };
    if (end(x) && end(y) && row_alone(*cores[0], x) && row_alone(*cores[1], y) &&
        coders_[0]->known(x.source.where) == coders_[1]->known(y.source.where) &&
        a.type.ref < cores[0]->families.size() && b.type.ref < cores[1]->families.size() &&
        coders_[0]->names().families[a.type.ref] == coders_[1]->names().families[b.type.ref] &&
        tools::at_most_one(*cores[0], x.source) && tools::at_most_one(*cores[1], y.source) &&
        std::none_of(x.source.by.begin(), x.source.by.end(),
                     [&](NodeId by) { return coders_[0]->can_fail(by); }) &&
        std::none_of(y.source.by.begin(), y.source.by.end(),
                     [&](NodeId by) { return coders_[1]->can_fail(by); }))
      return Message("diff.proof.one-row");
  }
  if (a.type.kind == Kind::boolean && b.type.kind == Kind::boolean)
    return conditions(before, after);
  return std::nullopt;
}

std::optional<Message> Proofs::bounded(std::uint32_t event_before, std::uint32_t event_after,
                                       NodeId before, NodeId after) const {
  const Core* const cores[2] = {&coders_[0]->core(), &coders_[1]->core()};
  const NodeId ids[2] = {before, after};
  const std::uint32_t events[2] = {event_before, event_after};
  Term counted[2] = {};
  Term given[2] = {};
  for (std::size_t side = 0; side < 2; ++side) {
    if (ids[side] == kNoNode) return std::nullopt;
    const Core& core = *cores[side];
    const Node& times = core.nodes[ids[side]];
    if (times.op != Op::mul) return std::nullopt;
    for (std::size_t i = 0; i < 2; ++i) {
      const Node& either = core.nodes[times.args[i]];
      const Node& count = core.nodes[times.args[1 - i]];
      if (either.op != Op::coalesce || either.args.size() != 2 || count.op != Op::field) continue;
      const Node& otherwise = core.nodes[either.args[1]];
      if (otherwise.op != Op::constant || (otherwise.value != 0 && otherwise.value != 1)) continue;
      if (core.events[events[side]].fields[count.a].type.read != FieldType::Read::count) continue;
      counted[side] = coders_[side]->known(times.args[1 - i]);
      given[side] = coders_[side]->known(either.args[0]);
    }
  }
  if (counted[0] == 0 || counted[0] != counted[1] || given[0] != given[1]) return std::nullopt;
  return Message("diff.proof.bounded");
}

}  // namespace toll::diff
