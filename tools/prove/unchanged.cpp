// `tariff T unchanged`: every bill is that of an earlier edition, but for what is excepted.
#include <algorithm>
#include <map>

#include "tools/prove/bills.hpp"

namespace toll::tools::prover {
namespace {

/// Names are compared by what they say: their numbers may differ between editions.
using Spelled = std::vector<std::string>;
Spelled spelled(const Core& core, const Table& table, const std::vector<Value>& keys) {
  Spelled out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Type& type = table.columns[table.keys[i]].type;
    out.push_back(type.kind == Kind::name
                      ? core.domains[type.ref].names[static_cast<std::size_t>(keys[i])].wire
                      : std::to_string(static_cast<long long>(keys[i])));
  }
  return out;
}

using Schedules = std::map<Spelled, std::vector<Schedule>>;
Schedules by_keys(const Core& core, const Tariff& tariff) {
  Schedules out;
  for (Schedule& one : schedules_of(core, tariff)) {
    const Spelled keys = spelled(core, core.tables[tariff.table], one.keys);
    out[keys].push_back(std::move(one));
  }
  return out;
}

/// The schedule in force; an absent era is before all dates. Null: there is none.
const Schedule* in_force(const std::vector<Schedule>& all, Value era) {
  const Schedule* found = nullptr;
  for (const Schedule& one : all) {
    const bool begun = one.since == kAbsent || (era != kAbsent && one.since <= era);
    if (begun && (one.until == kAbsent || era == kAbsent || era < one.until)) found = &one;
  }
  return found;
}

/// The first quantity of a difference that is not excepted.
std::optional<Value> not_excepted(const Difference& one, const Ranges& excepted) {
  const Value last = one.until == kAbsent ? INT64_MAX : one.until - 1;
  const auto at = first_beyond({{one.from, last}}, excepted);
  // Two lines may meet where they begin.
  const bool meet = at && one.listed() && one.at(*at) == 0;
  return meet ? first_beyond({{*at + 1, last}}, excepted) : at;
}

class CompareEdits {
 public:
  CompareEdits(const Context& context, const Proof& proof, Schedules then)
      : context_(context),
        proof_(proof),
        table_(context.core.tables[proof.tariff.table]),
        now_(by_keys(context.core, proof.tariff)),
        then_(std::move(then)) {}

  void verdict(Proven& made) {
    for (const auto& [keys, now] : now_) priced(now, then_[keys], made);
    for (const auto& [keys, then] : then_) {
      if (now_.count(keys) != 0 || then.empty()) continue;
      std::string names;
      for (const std::string& key : keys) names += (names.empty() ? "" : ", ") + key;
      refute(made, {"prove.changed.gone", {names}}, {});
    }
    if (made.verdict == Verdict::refuted) return;
    made.verdict = Verdict::proved;
    made.how = {"prove.by.comparing", {compared_}};
  }

 private:
  /// Of the same keys, in every era in which either changes.
  void priced(const std::vector<Schedule>& now, const std::vector<Schedule>& then, Proven& made) {
    std::set<Value> eras = {kAbsent};
    for (const Schedule& one : now) eras.insert(one.since);
    for (const Schedule& one : then) eras.insert(one.since);
    Schedule none;
    none.keys = now.front().keys;
    for (const Value era : eras) {
      const Schedule* const left = in_force(then, era);
      const Schedule* const right = in_force(now, era);
      if (left == nullptr && right == nullptr) continue;
      compare(left == nullptr ? none : *left, right == nullptr ? none : *right, era, made);
    }
  }

  void compare(const Schedule& left, const Schedule& right, Value era, Proven& made) {
    ++compared_;
    const Excepted said = excepted(proof_, table_, right.keys);
    if (said.everywhere) return;
    for (const Difference& one : differences(left, right)) {
      const auto at = not_excepted(one, said.ranges);
      if (!at) continue;
      const Bills now(context_, proof_, right);
      const Bills before(context_, proof_, left);
      std::string scenario;
      if (made.scenario.empty() && right.bill(*at)) {
        scenario = context_.scenario(proof_, era == kAbsent ? context_.eras().front() : era,
                                     {now.expression(*at) + " = " + now.money(*right.bill(*at))});
      }
      refute(made,
             {"prove.changed", {now.keys(), now.quantity(*at), before.bill(*at), now.bill(*at)}},
             std::move(scenario));
      return;
    }
  }

  const Context& context_;
  const Proof& proof_;
  const Table& table_;
  Schedules now_;
  Schedules then_;
  std::size_t compared_ = 0;
};

}  // namespace

Proven prove_unchanged(const Context& context, std::uint32_t index) {
  const Proof& proof = context.core.proofs[index];
  Proven made;
  made.proof = index;
  if (context.options.earlier == nullptr) {
    made.verdict = Verdict::not_asked;
    made.how = "prove.not-asked";
    return made;
  }
  const Core& earlier = *context.options.earlier->core;
  const auto before =
      std::find_if(earlier.tariffs.begin(), earlier.tariffs.end(),
                   [&](const Tariff& one) { return one.name == proof.tariff.name; });
  const std::size_t keys = context.core.tables[proof.tariff.table].keys.size();
  if (proof.tariff.name.empty() || before == earlier.tariffs.end() ||
      earlier.tables[before->table].keys.size() != keys) {
    made.how = "prove.open.no-earlier";
    return made;
  }
  CompareEdits(context, proof, by_keys(earlier, *before)).verdict(made);
  return made;
}

}  // namespace toll::tools::prover
