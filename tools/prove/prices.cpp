// `tariff T never falls` and `tariff T unchanged`: decided at the bounds of tiers.

#include <algorithm>
#include <map>

#include "tools/prove/context.hpp"

namespace toll::tools::prover {
namespace {

using Ranges = std::vector<Proof::Range>;

/// In order, and none beside the next.
Ranges tidy(Ranges ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Proof::Range& a, const Proof::Range& b) { return a.from < b.from; });
  Ranges out;
  for (const Proof::Range& one : ranges) {
    if (!out.empty() && one.from <= out.back().to + 1) {
      out.back().to = std::max(out.back().to, one.to);
    } else {
      out.push_back(one);
    }
  }
  return out;
}

/// The first number that is in one and not in the other.
std::optional<Value> first_beyond(const Ranges& ranges, const Ranges& others) {
  for (const Proof::Range& one : ranges) {
    Value at = one.from;
    for (const Proof::Range& other : others) {
      if (other.from <= at && at <= other.to) at = other.to + 1;
    }
    if (at <= one.to) return at;
  }
  return std::nullopt;
}

/// What the exceptions say of some keys.
struct Excepted {
  bool any = false;
  bool everywhere = false;
  Ranges ranges;
};
Excepted excepted(const Proof& proof, const Table& table, const std::vector<Value>& keys) {
  Excepted found;
  for (const Proof::Exception& one : proof.exceptions) {
    const bool fits = one.names.empty() ||
                      std::any_of(one.names.begin(), one.names.end(), [&](const Proof::Name& name) {
                        for (std::size_t i = 0; i < table.keys.size() && i < keys.size(); ++i) {
                          if (table.keys[i] == name.column && keys[i] == name.name) return true;
                        }
                        return false;
                      });
    if (!fits) continue;
    found.any = true;
    found.everywhere = found.everywhere || one.ranges.empty();
    found.ranges.insert(found.ranges.end(), one.ranges.begin(), one.ranges.end());
  }
  found.ranges = tidy(std::move(found.ranges));
  return found;
}

/// The words for one schedule's bills, in messages and in scenarios.
class Bills {
 public:
  Bills(const Context& context, const Proof& proof, const Schedule& schedule)
      : context_(context),
        proof_(proof),
        table_(context.core.tables[proof.tariff.table]),
        schedule_(schedule) {
    quantity_ = table_.columns[table_.band].type;
    price_ = table_.columns[proof.tariff.column].type;
    money_ = price_;
    money_.dimension = product(price_.dimension, quantity_.dimension);
  }

  [[nodiscard]] std::string keys() const { return context_.keys(table_, schedule_.keys); }
  [[nodiscard]] std::string quantity(Value value) const { return context_.say(value, quantity_); }
  [[nodiscard]] std::string money(Value value) const { return context_.say(value, money_); }
  [[nodiscard]] std::string bill(Value at) const {
    const auto bill = schedule_.bill(at);
    return bill ? money(*bill) : context_.text.word("quote");
  }

  /// `either(charge(list, text, 9_999 call, 9_999 call), 0)`: an expression of the language.
  [[nodiscard]] std::string expression(Value at) const {
    const PolicyText& text = context_.text;
    const Value units = at - std::min(at, schedule_.covered);
    std::string keys;
    for (std::size_t i = 0; i < schedule_.keys.size(); ++i) {
      keys += context_.say(schedule_.keys[i], table_.columns[table_.keys[i]].type) + ", ";
    }
    const std::string open = text.word("either") + "(";
    if (!proof_.tariff.name.empty()) {
      return open + text.word("charge") + "(" + text.name(proof_.tariff.name).value_or("") + ", " +
             keys + quantity(units) + ", " + quantity(at) + "), 0)";
    }
    if (proof_.tariff.graduated) return {};
    return open + text.name(table_.name).value_or("") + "[" + keys + quantity(at) + "]." +
           text.name(table_.columns[proof_.tariff.column].name).value_or("") + " * " +
           quantity(units) + ", 0)";
  }

 private:
  static Dimension product(const Dimension& a, const Dimension& b) {
    std::map<int, int> powers;
    for (const Dimension* const one : {&a, &b}) {
      for (const Dimension::Power& power : one->powers) {
        if (power.unit != 0) powers[power.unit] += power.exponent;
      }
    }
    Dimension made;
    int at = 0;
    for (const auto& [unit, exponent] : powers) {
      if (exponent == 0 || at >= Dimension::kMax) continue;
      made.powers[at].unit = static_cast<std::uint8_t>(unit);
      made.powers[at].exponent = static_cast<std::int8_t>(exponent);
      ++at;
    }
    return made;
  }

  const Context& context_;
  const Proof& proof_;
  const Table& table_;
  const Schedule& schedule_;
  Type quantity_;
  Type price_;
  Type money_;
};

/// What a schedule of some keys costs nothing for, in one era, by the rows that are in force.
class Covering {
 public:
  Covering(const Context& context, const Proof& proof) : context_(context), proof_(proof) {}

  /// By row of the table; false: a value went out of range.
  bool at(Value era, std::map<std::uint32_t, Value>& found) const {
    found.clear();
    if (proof_.view == kNone) return true;
    const Account account(context_.program);
    return account.view(proof_.view, era, [&](Value row, std::span<const Value> columns) {
      found[static_cast<std::uint32_t>(row)] = columns[0];
    });
  }

 private:
  const Context& context_;
  const Proof& proof_;
};

struct Dated {
  Value era = kAbsent;
  Schedule schedule;
};

/// All schedules of a proof, in every era in which its rows or what they do not count change.
bool schedules(const Context& context, const Proof& proof,
               std::map<std::vector<Value>, std::vector<Dated>>& out) {
  const Covering covering(context, proof);
  std::map<std::uint32_t, Value> covered;
  const std::vector<Schedule> all = schedules_of(context.core, proof.tariff);
  for (const Value era : context.eras()) {
    if (!covering.at(era, covered)) return false;
    for (const Schedule& one : all) {
      const bool begun = one.since == kAbsent || one.since <= era;
      if (!begun || (one.until != kAbsent && one.until <= era)) continue;
      Value free = 0;
      for (const std::uint32_t row : one.rows) {
        const auto found = covered.find(row);
        if (found != covered.end() && found->second != kAbsent) free = found->second;
      }
      std::vector<Dated>& known = out[one.keys];
      const bool same = !known.empty() && known.back().schedule.covered == free &&
                        known.back().schedule.rows == one.rows;
      if (same) continue;
      Schedule made = schedule_of(context.core, proof.tariff, one.rows, free);
      made.since = one.since;
      made.until = one.until;
      known.push_back({era, std::move(made)});
    }
  }
  return true;
}

Ranges ranges_of(const std::vector<Band>& bands) {
  Ranges out;
  for (const Band& band : bands) {
    out.push_back({band.from, band.to == kAbsent ? INT64_MAX : band.to});
  }
  return tidy(std::move(out));
}

void refute(Proven& made, Message detail, std::string scenario) {
  made.verdict = Verdict::refuted;
  made.details.push_back(std::move(detail));
  if (made.scenario.empty()) made.scenario = std::move(scenario);
}

/// A quantity at which the bill falls although nothing says so.
void falls_unsaid(const Context& context, const Proof& proof, const Dated& dated, Value from,
                  Proven& made) {
  const Bills bills(context, proof, dated.schedule);
  for (const Band& band : falling_bands(dated.schedule)) {
    if (from < band.from || (band.to != kAbsent && from > band.to)) continue;
    const Value cheaper = band.cheaper == kAbsent ? from + 1 : band.cheaper;
    std::string scenario;
    if (made.scenario.empty() && !bills.expression(from).empty()) {
      scenario = context.scenario(proof, dated.era,
                                  {bills.expression(from) + " > " + bills.expression(cheaper)});
    }
    refute(made,
           {"prove.falls",
            {bills.keys(), bills.quantity(from), bills.bill(from), bills.quantity(cheaper),
             bills.bill(cheaper)}},
           std::move(scenario));
    return;
  }
}

/// A quantity that is excepted, though no greater one costs less.
void needless(const Context& context, const Proof& proof, const Dated& dated, Value at,
              Proven& made) {
  const Bills bills(context, proof, dated.schedule);
  Value next = at + 1;
  for (const Piece& piece : dated.schedule.pieces) {
    if (piece.from > at && !piece.quoted) {
      next = piece.from;
      break;
    }
  }
  std::string scenario;
  if (made.scenario.empty() && dated.schedule.bill(at) && dated.schedule.bill(next) &&
      !bills.expression(at).empty()) {
    scenario = context.scenario(proof, dated.era,
                                {bills.expression(at) + " <= " + bills.expression(next)});
  }
  refute(
      made,
      {"prove.falls.needless",
       {bills.keys(), bills.quantity(at), bills.bill(at), bills.quantity(next), bills.bill(next)}},
      std::move(scenario));
}

}  // namespace

Proven prove_falls(const Context& context, std::uint32_t index) {
  const Proof& proof = context.core.proofs[index];
  const Table& table = context.core.tables[proof.tariff.table];
  Proven made;
  made.proof = index;
  if (proof.view != kNone) {
    const View& view = context.core.views[proof.view];
    Depends depends = depends_on(context.core, view.columns[0]);
    const Depends rows = depends_on(context.core, view.source);
    if (depends.account || depends.event || depends.time || depends.opaque || rows.account ||
        rows.time) {
      made.how = "prove.open.beyond";
      return made;
    }
  }
  std::map<std::vector<Value>, std::vector<Dated>> all;
  if (!schedules(context, proof, all)) {
    made.how = "prove.open.range";
    return made;
  }
  std::size_t tiers = 0;
  std::size_t count = 0;
  std::size_t bands = 0;
  for (const auto& [keys, dated] : all) {
    const Excepted said = excepted(proof, table, keys);
    Ranges found;
    for (const Dated& one : dated) {
      const auto falling = falling_bands(one.schedule);
      const Ranges actual = ranges_of(falling);
      found.insert(found.end(), actual.begin(), actual.end());
      for (const Band& band : falling) {
        made.bands.push_back(
            falling_band(context, proof.tariff, one.schedule, one.schedule.since, band));
        const Proof::Range range{band.from, band.to == kAbsent ? INT64_MAX : band.to};
        made.bands.back().excepted = said.everywhere || !first_beyond({range}, said.ranges);
      }
      tiers += one.schedule.rows.size();
      bands += actual.size();
      ++count;
      if (said.everywhere) continue;
      const auto beyond = first_beyond(actual, said.ranges);
      if (beyond) falls_unsaid(context, proof, one, *beyond, made);
    }
    found = tidy(std::move(found));
    if (said.everywhere && found.empty()) needless(context, proof, dated.back(), 0, made);
    if (said.everywhere || made.verdict == Verdict::refuted) continue;
    const auto idle = first_beyond(said.ranges, found);
    if (idle) needless(context, proof, dated.back(), *idle, made);
  }
  if (made.verdict == Verdict::refuted) return made;
  made.verdict = Verdict::proved;
  made.how = {bands == 0 ? "prove.by.bounds" : "prove.by.bands", {count, tiers, bands}};
  return made;
}

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
  const Table& table = context.core.tables[proof.tariff.table];
  const auto before =
      std::find_if(earlier.tariffs.begin(), earlier.tariffs.end(),
                   [&](const Tariff& one) { return one.name == proof.tariff.name; });
  if (proof.tariff.name.empty() || before == earlier.tariffs.end() ||
      earlier.tables[before->table].keys.size() != table.keys.size()) {
    made.how = "prove.open.no-earlier";
    return made;
  }
  const Table& old = earlier.tables[before->table];
  // Names are compared by what they say: their numbers may differ between editions.
  const auto spelled = [](const Core& core, const Table& of, const std::vector<Value>& keys) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const Type& type = of.columns[of.keys[i]].type;
      out.push_back(type.kind == Kind::name
                        ? core.domains[type.ref].names[static_cast<std::size_t>(keys[i])].wire
                        : std::to_string(static_cast<long long>(keys[i])));
    }
    return out;
  };
  std::map<std::vector<std::string>, std::vector<Schedule>> then;
  for (Schedule& one : schedules_of(earlier, *before)) {
    then[spelled(earlier, old, one.keys)].push_back(std::move(one));
  }
  std::size_t compared = 0;
  const auto in_force = [](const Schedule& one, Value at) {
    const bool begun = one.since == kAbsent || (at != kAbsent && one.since <= at);
    return begun && (one.until == kAbsent || at == kAbsent || at < one.until);
  };
  const auto compare = [&](const Schedule& left, const Schedule& right, Value era) {
    ++compared;
    const Excepted said = excepted(proof, table, right.keys);
    if (said.everywhere) return;
    for (const Difference& one : differences(left, right)) {
      const Proof::Range range{one.from, one.until == kAbsent ? INT64_MAX : one.until - 1};
      auto at = first_beyond({range}, said.ranges);
      // Two lines may meet where they begin.
      if (at && one.listed() && one.at(*at) == 0) {
        at = first_beyond(Ranges{Proof::Range{*at + 1, range.to}}, said.ranges);
      }
      if (!at) continue;
      const Bills now(context, proof, right);
      const Bills bills(context, proof, left);
      std::string scenario;
      if (made.scenario.empty() && right.bill(*at)) {
        scenario = context.scenario(proof, era == kAbsent ? context.eras().front() : era,
                                    {now.expression(*at) + " = " + now.money(*right.bill(*at))});
      }
      refute(made,
             {"prove.changed", {now.keys(), now.quantity(*at), bills.bill(*at), now.bill(*at)}},
             std::move(scenario));
      return;
    }
  };
  const std::vector<Schedule> all = schedules_of(context.core, proof.tariff);
  std::map<std::vector<std::string>, std::vector<const Schedule*>> present;
  for (const Schedule& one : all) present[spelled(context.core, table, one.keys)].push_back(&one);
  for (const auto& [keys, now] : present) {
    std::set<Value> eras = {kAbsent};
    for (const Schedule* const one : now) eras.insert(one->since);
    for (const Schedule& one : then[keys]) eras.insert(one.since);
    for (const Value era : eras) {
      const Schedule nothing;
      const Schedule* left = &nothing;
      const Schedule* right = nullptr;
      for (const Schedule& one : then[keys]) {
        if (in_force(one, era)) left = &one;
      }
      for (const Schedule* const one : now) {
        if (in_force(*one, era)) right = one;
      }
      Schedule gone;
      gone.keys = now.front()->keys;
      if (right != nullptr || left != &nothing) compare(*left, right ? *right : gone, era);
    }
  }
  for (const auto& [keys, schedules] : then) {
    if (present.count(keys) != 0 || schedules.empty()) continue;
    std::string names;
    for (const std::string& key : keys) names += (names.empty() ? "" : ", ") + key;
    refute(made, {"prove.changed.gone", {names}}, {});
  }
  if (made.verdict == Verdict::refuted) return made;
  made.verdict = Verdict::proved;
  made.how = {"prove.by.comparing", {compared}};
  return made;
}

}  // namespace toll::tools::prover
