// Rows: those of tables that a lookup found, and those that a sum, a search or a count went
// through.
#include <algorithm>

#include "tools/why/unfold.hpp"

namespace toll::why {
namespace {

constexpr std::size_t kMany = 12;  ///< parts of a sum shown without --all

}  // namespace

/// A row of a table: which, why it is that one if tiers are about, and where it stands.
std::vector<Reason> Unfolder::table_row(const Record& found, std::uint32_t table, Value row) {
  const Table& shape = core_.tables[table];
  const Record& lookup = core_of(found);
  Reason reason;
  reason.kind = "row";
  reason.fact("table", shape.name);
  const bool looked_up = node(lookup).op == Op::lookup;
  if (row == kAbsent || row < 0 || static_cast<std::size_t>(row) >= shape.rows.size()) {
    std::string keys;
    for (std::size_t i = 0; looked_up && i < shape.keys.size() && i < lookup.inside.size(); ++i)
      keys += (keys.empty() ? "" : ", ") + show(*lookup.inside[i]);
    reason.text = keys.empty() ? words_.say({"why.no-row", {shape.name}})
                               : words_.say({"why.no-row-for", {shape.name, keys}});
    reason.place = words_.place_of(shape.clause);
    return {reason};
  }
  const Table::Row& at = shape.rows[static_cast<std::size_t>(row)];
  const std::string keys = words_.table_row(table, row, *found.step);
  reason.place = words_.place_of(at.clause);
  reason.source = words_.source_of(at.clause);
  reason.text = words_.say({"why.row", {shape.name, keys}});
  reason.fact("row", keys);
  Type instant;
  instant.kind = Kind::instant;
  if (shape.dated && (at.since != kAbsent || at.until != kAbsent)) {
    if (at.since != kAbsent)
      reason.text += words_.say({"why.since", {words_.show(instant, at.since, *found.step)}});
    if (at.until != kAbsent)
      reason.text += words_.say({"why.until", {words_.show(instant, at.until, *found.step)}});
  }
  std::vector<Reason> reasons;
  if (shape.band != kNone) {
    // Which tier, and where the next one begins.
    const Type& type = shape.columns[shape.band].type;
    const Value from = at.cells[shape.band];
    Value next = kAbsent;
    for (const Table::Row& other : shape.rows) {
      bool same = other.since == at.since;
      for (const std::uint32_t key : shape.keys) same = same && other.cells[key] == at.cells[key];
      const Value bound = other.cells[shape.band];
      if (same && bound > from && (next == kAbsent || bound < next)) next = bound;
    }
    const std::string lower = words_.show(type, from, *found.step);
    reason.kind = "tier";
    reason.fact("from", lower);
    if (looked_up && lookup.inside.size() > shape.keys.size()) {
      const Record& number = *lookup.inside[shape.keys.size()];
      reason.text += words_.say({"why.tier-reached", {show(number), lower}});
      reason.fact("reached_by", show(number));
      if (!is_plain(number)) reason.inside.push_back(value(number));
    } else {
      reason.text += words_.say({"why.tier", {lower}});
    }
    if (next != kAbsent) {
      const std::string upper = words_.show(type, next, *found.step);
      reason.text += words_.say({"why.next-tier", {upper}});
      reason.fact("next_from", upper);
    } else {
      reason.text += words_.say({"why.last-tier"});
    }
  }
  reasons.push_back(std::move(reason));
  return reasons;
}

/// Did a row belong to the traversal? Its conjuncts were asked, then perhaps the body.
bool Unfolder::passed(const Record& turn, const Aggregate& aggregate) const {
  for (const Record* one : turn.inside) {
    if (one->node == aggregate.body && one == turn.inside.back()) return true;
    if (one->value != 1) return false;
  }
  return aggregate.body == kNoNode;
}

std::vector<Reason> Unfolder::aggregate(const Record& eval) {
  using Fn = Aggregate::Fn;
  const Aggregate& fold = core_.aggregates[node(eval).a];
  std::vector<const Record*> rows;
  const Record* chosen = nullptr;
  for (const Record* one : eval.inside) {
    if (one->what != Record::What::turn || one->why == Trace::Turn::sort) continue;
    if (one->why == Trace::Turn::visit) chosen = one;
    if (one->why == Trace::Turn::test &&
        (fold.fn == Fn::first || fold.fn == Fn::last ? true : passed(*one, fold)))
      rows.push_back(one);
  }
  const auto name = [&](const Record& turn) {
    if (turn.family != kNone) return words_.row(turn.family, turn.fields, *turn.step);
    if (fold.source.of == Source::Of::table) {
      const Table& table = core_.tables[fold.source.index];
      std::string row = words_.table_row(fold.source.index, turn.row, *turn.step);
      if (table.band != kNone)
        row += words_.say(
            {"why.tier",
             {words_.show(table.columns[table.band].type,
                          table.rows[static_cast<std::size_t>(turn.row)].cells[table.band],
                          *turn.step)}});
      return row;
    }
    // Of a list of the event, the place in it.
    const auto place = static_cast<std::uint32_t>(turn.row);
    return words_.say({"why.row-number", {static_cast<std::size_t>(place) + 1}});
  };
  const auto told = [&](const Record& turn, const std::string& value) {
    Reason reason;
    reason.kind = "part";
    reason.text = value.empty() ? name(turn) : words_.say({"why.value", {name(turn), value}});
    reason.fact("row", name(turn));
    if (!value.empty()) reason.fact("value", value);
    if (fold.source.of == Source::Of::table) {
      const ClauseId clause =
          core_.tables[fold.source.index].rows[static_cast<std::size_t>(turn.row)].clause;
      reason.place = words_.place_of(clause);
      reason.source = words_.source_of(clause);
    }
    return reason;
  };
  std::vector<Reason> reasons;
  const bool numbers = fold.fn == Fn::sum || fold.fn == Fn::min || fold.fn == Fn::max;
  if (numbers) {
    for (const Record* row : rows) {
      if (row->inside.empty() || row->inside.back()->node != fold.body) continue;
      const Record& body = *row->inside.back();
      if (fold.fn != Fn::sum && body.value != eval.value) continue;
      Reason part = told(*row, show(body));
      const Record& core = core_of(body);
      if (computes(node(core).op)) {
        const std::string in_numbers = words_.in_numbers(core);
        if (in_numbers != show(body)) {
          part.text += " = " + in_numbers;
          part.fact("computed", in_numbers);
        }
      }
      part.inside = because(body);
      reasons.push_back(std::move(part));
    }
    limit(reasons, kMany);
  } else if (fold.fn == Fn::first || fold.fn == Fn::last) {
    if (chosen == nullptr && eval.value != kAbsent && !rows.empty())
      chosen = rows.back();  // of `first` the search ended there, of `last` nothing came after
    if (chosen != nullptr && eval.value != kAbsent) reasons.push_back(told(*chosen, ""));
  } else if (fold.fn == Fn::any || fold.fn == Fn::all) {
    const bool looking_for = fold.fn == Fn::any;
    for (const Record* row : rows) {
      const bool decided =
          fold.body == kNoNode ? looking_for : (row->inside.back()->value == 1) == looking_for;
      if (!decided) continue;
      Reason one = told(*row, "");
      if (fold.body != kNoNode && !is_plain(*row->inside.back()))
        one.inside.push_back(condition(*row->inside.back()));
      reasons.push_back(std::move(one));
    }
  } else {
    for (const Record* row : rows) reasons.push_back(told(*row, ""));
    limit(reasons, kMany);
  }
  if (!reasons.empty()) return reasons;
  if (fold.source.of == Source::Of::family && core_.families[fold.source.index].event_scope)
    return unwritten(eval, fold.source.index);
  if (fold.source.of == Source::Of::table || fold.source.of == Source::Of::family) {
    Reason none;
    none.kind = "no-row";
    none.text = words_.say(
        {"why.no-such-row",
         {fold.source.of == Source::Of::table ? core_.tables[fold.source.index].name
                                              : core_.families[fold.source.index].name}});
    reasons.push_back(std::move(none));
  }
  return reasons;
}

}  // namespace toll::why
