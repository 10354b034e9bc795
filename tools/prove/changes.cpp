// `policy unchanged`: two editions are the same for all accounts, but for what is declared to
// change. What differs is told by `toll diff`, which leaves nothing out; what it names has to stand
// where a change is declared.
#include "tools/prove/changes.hpp"

#include <algorithm>

#include "tools/prove/context.hpp"
#include "tools/prove/elsewhere.hpp"

namespace toll::tools::prover {
namespace {

constexpr std::size_t kMostTold = 5;
constexpr Value kMostOfCount = 1'000'000'000'000;  // the contract's bound of a quantity

/// The id of a clause, or of one that stands in it.
bool stands_in(const std::string& id, const std::string& place) {
  return id.compare(0, place.size(), place) == 0 &&
         (id.size() == place.size() || id[place.size()] == '/');
}

bool is_key(const Table& table, std::uint32_t column) {
  return std::find(table.keys.begin(), table.keys.end(), column) != table.keys.end();
}

/// All of a difference's band lies in these ranges.
bool within(const diff::Difference& difference, std::vector<Proof::Range> ranges) {
  if (!difference.banded) return false;
  std::sort(ranges.begin(), ranges.end(),
            [](const Proof::Range& a, const Proof::Range& b) { return a.from < b.from; });
  Value at = difference.from == kAbsent ? 0 : difference.from;
  const Value last = difference.below == kAbsent ? kMostOfCount : difference.below - 1;
  for (const Proof::Range& one : ranges) {
    if (one.from <= at && at <= one.to) at = one.to + 1;
  }
  return at > last;
}

}  // namespace

Outside outside_of(const Core& core, const Proof& proof) {
  Outside made;
  for (const Proof::Exception& one : proof.exceptions) {
    if (one.event != kNone) made.events.insert(core.events[one.event].wire);
    const bool rows = one.table != kNone || !one.names.empty();
    if (one.since == kAbsent || rows) continue;
    if (made.before == kAbsent || one.since < made.before) made.before = one.since;
  }
  return made;
}

Declared::Declared(const diff::Side& earlier, const diff::Side& now, const Proof& proof)
    : cores_{earlier.policy->core.get(), now.policy->core.get()},
      proof_(proof),
      say_{diff::Say(earlier, Language::en), diff::Say(now, Language::en)} {}

bool Declared::covers(const diff::Difference& difference) const {
  return std::any_of(proof_.exceptions.begin(), proof_.exceptions.end(),
                     [&](const Proof::Exception& one) { return covers(difference, one); });
}

bool Declared::covers(const diff::Difference& difference, const Proof::Exception& one) const {
  const auto place = [&](const std::string& id) { return stands(difference, id); };
  if (std::any_of(one.places.begin(), one.places.end(), place)) return true;
  if (one.table == kNone && one.names.empty()) return false;
  if (one.since != kAbsent && (difference.since == kAbsent || difference.since < one.since)) {
    return false;
  }
  if (one.table != kNone &&
      !stands_in(difference.id, "table:" + cores_[1]->tables[one.table].name)) {
    return false;
  }
  if (!one.ranges.empty() && !within(difference, one.ranges)) return false;
  return one.names.empty() || named(difference, one);
}

/// An edit of a rule is told as one of the setting or the tariff that the rule reads, where that
/// reads on; to be one it has to be nothing else.
bool Declared::stands(const diff::Difference& difference, const std::string& place) const {
  if (!stands_in(difference.id, place)) return false;
  if (place.starts_with("setting:")) return only_setting(difference, place);
  return !place.starts_with("tariff:") || only_tariffs();
}

bool Declared::only_setting(const diff::Difference& difference, const std::string& place) const {
  for (std::size_t side = 0; side < 2; ++side) {
    const Core& core = *cores_[side];
    const diff::Targets& targets = difference.targets[side];
    const auto is = [&](ClauseId clause) {
      return clause != kNone && core.clauses[clause].id == place;
    };
    if (!targets.effects.empty()) return false;
    if (targets.nodes.size() != difference.targets[1 - side].nodes.size()) return false;
    for (const NodeId id : targets.nodes) {
      const Node& node = core.nodes[id];
      const bool dated = node.op == Op::row_field && core.nodes[node.args[0]].op == Op::lookup;
      const bool reads = dated ? is(core.tables[core.nodes[node.args[0]].a].clause)
                               : is(say_[side].setting_of(id));
      if (!reads) return false;
    }
    for (const auto& [table, row] : targets.rows) {
      if (!is(core.tables[table].clause)) return false;
    }
  }
  return true;
}

/// Every tariff that became another is declared to.
bool Declared::only_tariffs() const {
  const auto declared = [&](const std::string& place) {
    return std::any_of(proof_.exceptions.begin(), proof_.exceptions.end(), [&](const auto& one) {
      return std::find(one.places.begin(), one.places.end(), place) != one.places.end();
    });
  };
  const auto column = [&](std::size_t side, const Tariff& tariff) {
    const Table& table = cores_[side]->tables[tariff.table];
    return table.name + "." + table.columns[tariff.column].name;
  };
  for (const Tariff& was : cores_[0]->tariffs) {
    for (const Tariff& is : cores_[1]->tariffs) {
      const bool same =
          was.graduated == is.graduated && was.upto == is.upto && column(0, was) == column(1, is);
      if (was.name == is.name && !same && !declared("tariff:" + is.name)) return false;
    }
  }
  return true;
}

const std::string& Declared::shown(const Proof::Exception& of, const Proof::Name& name) const {
  const Core& core = *cores_[1];
  const std::uint32_t domain =
      of.table == kNone ? name.column : core.tables[of.table].columns[name.column].type.ref;
  return core.domains[domain].names[static_cast<std::size_t>(name.name)].shown;
}

/// Is it about rows that all have one of these names among their keys, or about such a name itself?
bool Declared::named(const diff::Difference& difference, const Proof::Exception& one) const {
  if (one.table == kNone) {
    const auto name = [&](const Proof::Name& of) {
      return difference.id == "domain:" + cores_[1]->domains[of.column].name + "/" + shown(one, of);
    };
    if (std::any_of(one.names.begin(), one.names.end(), name)) return true;
  }
  bool any = false;
  for (std::size_t side = 0; side < 2; ++side) {
    const diff::Targets& targets = difference.targets[side];
    if (!targets.nodes.empty() || !targets.effects.empty() || !targets.clauses.empty() ||
        !targets.tables.empty() || !targets.events.empty()) {
      return false;
    }
    for (const auto& [index, row] : targets.rows) {
      const Table& table = cores_[side]->tables[index];
      if (!has_name(*cores_[side], table, table.rows[row], one)) return false;
      any = true;
    }
  }
  return any;
}

/// Names are compared by what they say: their numbers may differ between editions.
bool Declared::has_name(const Core& core, const Table& table, const Table::Row& row,
                        const Proof::Exception& one) const {
  return std::any_of(one.names.begin(), one.names.end(), [&](const Proof::Name& name) {
    const std::string& wanted = shown(one, name);
    for (std::uint32_t column = 0; column < table.columns.size(); ++column) {
      const Type& type = table.columns[column].type;
      if (!is_key(table, column) || type.kind != Kind::name) continue;
      if (one.table != kNone &&
          table.columns[column].name != cores_[1]->tables[one.table].columns[name.column].name) {
        continue;
      }
      const Value cell = row.cells[column];
      const auto& names = core.domains[type.ref].names;
      const bool known = cell >= 0 && static_cast<std::size_t>(cell) < names.size();
      if (known && names[static_cast<std::size_t>(cell)].shown == wanted) return true;
    }
    return false;
  });
}

namespace {

class Compare {
 public:
  Compare(const Context& context, const Proof& proof)
      : context_(context),
        proof_(proof),
        earlier_(*context.options.earlier),
        where_(outside_of(context.core, proof)),
        outside_{kept_out(earlier_), kept_out(context.policy)},
        declared_({&outside_[0], context.options.earlier_sources},
                  {&outside_[1], context.options.sources}, proof) {
    options_.language = context.options.language;
  }

  void verdict(Proven& made) {
    const diff::Side before{&outside_[0], context_.options.earlier_sources};
    const diff::Side after{&outside_[1], context_.options.sources};
    const std::size_t all =
        diff::differences({&earlier_, before.sources}, {&context_.policy, after.sources}, options_)
            .differences.size();
    diff::Result result = diff::differences(before, after, options_);
    const auto undeclared = [&](const diff::Difference& one) { return !declared_.covers(one); };
    const bool same =
        std::none_of(result.differences.begin(), result.differences.end(), undeclared);
    if (same) {
      made.verdict = Verdict::proved;
      made.how = {all == 0 ? "prove.by.same" : "prove.by.declared", {all, result.equal_parts}};
      return;
    }
    result = diff::compare(before, after, options_);
    Elsewhere elsewhere(context_, earlier_, outside_, where_, declared_, result);
    std::size_t count = 0;
    for (const diff::Difference& one : result.differences) {
      if (!undeclared(one)) continue;
      if (++count <= kMostTold) tell(one, made);
      if (made.verdict == Verdict::refuted) continue;
      if (const auto history = elsewhere.show(one)) refute(one, *history, made);
    }
    if (count > kMostTold) made.details.push_back({"prove.outside.more", {count - kMostTold}});
    if (made.verdict != Verdict::refuted) {
      made.how = {"prove.open.outside", {result.played + elsewhere.played()}};
    }
  }

 private:
  [[nodiscard]] dsl::Policy kept_out(const dsl::Policy& policy) const {
    dsl::Policy made = policy;
    made.core = outside(*policy.core, where_);
    return made;
  }

  static void tell(const diff::Difference& one, Proven& made) {
    const std::string& place = one.place_after.empty() ? one.place_before : one.place_after;
    made.details.push_back(place.empty() ? Message("prove.outside", {one.what})
                                         : Message("prove.outside-at", {one.what, place}));
    made.details.insert(made.details.end(), one.details.begin(), one.details.end());
  }

  /// A difference that an account shows which keeps out of all that is declared.
  void refute(const diff::Difference& one, const diff::PlayedHistory& history, Proven& made) {
    made.verdict = Verdict::refuted;
    made.how = {};
    diff::Difference shown = one;
    shown.witness->events.clear();
    for (const diff::PlayedEvent& event : history.events) {
      shown.witness->events.push_back(event.line);
    }
    shown.witness->until = history.until;
    const std::string scenario =
        diff::witness_scenario(shown, {&earlier_, context_.options.earlier_sources},
                               {&context_.policy, context_.options.sources}, proof_.name);
    // It begins with the line `language`, which the rule file has already.
    const std::string text = scenario.substr(std::min(scenario.size(), scenario.find('\n') + 1));
    if (context_.passes(text)) made.scenario = text;
  }

  const Context& context_;
  const Proof& proof_;
  const dsl::Policy& earlier_;
  const Outside where_;
  const dsl::Policy outside_[2];
  const Declared declared_;
  diff::Options options_;
};

}  // namespace

Proven prove_same(const Context& context, std::uint32_t index) {
  Proven made;
  made.proof = index;
  const ProveOptions& options = context.options;
  if (options.earlier == nullptr || options.earlier_sources == nullptr ||
      options.sources == nullptr) {
    made.verdict = Verdict::not_asked;
    made.how = "prove.not-asked";
    return made;
  }
  Compare(context, context.core.proofs[index]).verdict(made);
  return made;
}

}  // namespace toll::tools::prover
