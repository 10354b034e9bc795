// Aggregates: what is asked of many rows at once.
#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {
namespace {

constexpr int kDeepestRows = 60;
constexpr int kTrialDepth = 6;
constexpr std::uint64_t kTrialSteps = 300;

}  // namespace

/// What an aggregate is asked of, said without its own names: the same question of the same rows is
/// the same term, wherever a policy asks it.
std::string Symbolic::told_apart(const Aggregate& aggregate, State& state, const Slots& slots) {
  const Source& source = aggregate.source;
  std::string key = "A" + std::to_string(static_cast<int>(aggregate.fn)) + "." +
                    std::to_string(static_cast<int>(source.of)) + "." +
                    std::to_string(source.index) + "@" + std::to_string(state.rows[source.index]);
  Slots inner = slots;
  Symbol row;
  row.value.factors[atoms_.named("any row")] = 1;
  inner[source.slot] = row;
  const auto add = [&](NodeId node) {
    if (node == kNoNode) return;
    const Symbol one = value(node, state, inner);
    key += "(" + key_of(one.value) + key_of(one.present) + ")";
  };
  add(source.list);
  add(source.at);
  key += source.where == kNoNode ? "" : key_of(form(source.where, state, inner));
  for (std::size_t i = 0; i < source.by.size(); ++i) {
    add(source.by[i]);
    key += source.descending[i] ? "-" : "+";
  }
  add(aggregate.body);
  return key;
}

/// Is what is added up, or chosen from, surely at least 0 for every row?
bool Symbolic::never_negative(const Aggregate& aggregate, const State& state, const Slots& slots) {
  if (aggregate.body == kNoNode || core_.nodes[aggregate.body].type.kind != Kind::number) {
    return false;
  }
  State trial = state;
  Slots inner = slots;
  Symbol row;
  row.value.factors[atoms_.fresh()] = 1;
  inner[aggregate.source.slot] = row;
  const bool kept =
      aggregate.source.of == Source::Of::family || aggregate.source.of == Source::Of::changed;
  if (kept && known_of_row_) known_of_row_(aggregate.source.index, row, trial);
  trial.facts.push_back(form(aggregate.source.where, trial, inner));
  const Symbol part = value(aggregate.body, trial, inner);
  return Solver(atoms_, kTrialSteps)
      .follows(trial.facts, either({opposite(part.present), at_least_0(part.value)}));
}

Symbol Symbolic::aggregate(const Node& node, State& state, const Slots& slots) {
  const Aggregate& made_of = core_.aggregates[node.a];
  std::size_t total = 0;
  if (plain_sum(made_of, total)) {
    Symbol made;
    made.value = state.totals[total];
    return made;
  }
  if (depth_ > kDeepestRows) return anything(node.type);
  ++depth_;
  const std::string key = told_apart(made_of, state, slots);
  --depth_;
  Type type = node.type;
  using Fn = Aggregate::Fn;
  if (made_of.fn == Fn::first || made_of.fn == Fn::last || made_of.fn == Fn::min ||
      made_of.fn == Fn::max) {
    type.optional = true;
  }
  if (made_of.fn == Fn::sum) type.optional = true;
  Symbol made = opaque(key, type);
  if (made_of.fn == Fn::count) {
    atoms_.bound(made.value.factors.begin()->first, 0, std::nullopt);
  }
  if (made_of.fn == Fn::sum && !node.type.optional) made.present = yes();
  const bool number = made_of.fn == Fn::sum || made_of.fn == Fn::min || made_of.fn == Fn::max;
  if (number && depth_ < kTrialDepth) {
    ++depth_;
    if (never_negative(made_of, state, slots)) {
      state.facts.push_back(either({opposite(made.present), at_least_0(made.value)}));
    }
    --depth_;
  }
  if ((made_of.fn == Fn::first || made_of.fn == Fn::last) && made_of.source.where != kNoNode &&
      depth_ < kDeepestRows) {
    // The row that was found is one of those that were asked for.
    ++depth_;
    Slots inner = slots;
    inner[made_of.source.slot] = {made.value, yes()};
    const FormP holds = form(made_of.source.where, state, inner);
    state.facts.push_back(either({opposite(made.present), holds}));
    --depth_;
  }
  return made;
}

}  // namespace toll::tools::prover
