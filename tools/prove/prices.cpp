// `tariff T never falls`: decided at the bounds of tiers.

#include <algorithm>
#include <map>

#include "tools/prove/bills.hpp"

namespace toll::tools::prover {
namespace {

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

}  // namespace toll::tools::prover
