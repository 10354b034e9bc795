// Claims about the rows of a table: every row is tried, in every era.

#include <algorithm>
#include <map>

#include "tools/prove/context.hpp"

namespace toll::tools::prover {
namespace {

/// Does an exception speak of this row: one of its names, one of its ranges?
bool fits(const Proof& proof, const Proof::Exception& exception, const Table::Row& row) {
  const auto named = [&](const Proof::Name& name) { return row.cells[name.column] == name.name; };
  const auto within = [&](const Proof::Range& range) {
    const Value value = row.cells[proof.ranges];
    return value != kAbsent && range.from <= value && value <= range.to;
  };
  const bool name =
      exception.names.empty() || std::any_of(exception.names.begin(), exception.names.end(), named);
  const bool range = exception.ranges.empty() ||
                     std::any_of(exception.ranges.begin(), exception.ranges.end(), within);
  return name && range;
}

std::string row_name(const Context& context, const Table& table, const Table::Row& row) {
  std::string made;
  std::vector<std::uint32_t> columns = table.keys;
  if (table.band != kNone) columns.push_back(table.band);
  if (columns.empty()) columns.push_back(0);
  for (const std::uint32_t column : columns) {
    made += (made.empty() ? "" : ", ") + context.say(row.cells[column], table.columns[column].type);
  }
  return made;
}

/// In the author's words: there is a row with these keys of which the claim does not hold.
std::string fails(const Context& context, const Proof& proof, const Table& table,
                  const Table::Row& row) {
  const auto each = context.written(proof, "each");
  const auto that = context.written(proof, "that");
  if (!each || !that) return {};
  const PolicyText& text = context.text;
  const std::string variable = each->substr(0, each->find(' '));
  std::string made = text.word("any") + "(" + text.word("not") + " (" + *that + ")";
  for (const std::uint32_t key : table.keys) {
    made += " " + text.word("and") + " " + variable + "." +
            text.name(table.columns[key].name).value_or("") + " = " +
            context.say(row.cells[key], table.columns[key].type);
  }
  return made + " " + text.word("for") + " " + *each + ")";
}

}  // namespace

Proven prove_rows(const Context& context, std::uint32_t index) {
  const Core& core = context.core;
  const Proof& proof = core.proofs[index];
  const Table& table = core.tables[proof.a];
  const View& view = core.views[proof.view];
  Proven made;
  made.proof = index;
  const Depends claim = depends_on(core, view.columns[0]);
  const Depends rows = depends_on(core, view.source);
  if (claim.account || claim.event || rows.account || rows.event) {
    made.how = "prove.open.account";
    return made;
  }
  if (claim.time || claim.opaque || rows.time || rows.opaque) {
    made.how = claim.opaque || rows.opaque ? "prove.open.opaque" : "prove.open.time";
    return made;
  }
  const Account account(context.program);
  std::map<std::uint32_t, Value> failing;  // row -> the first era in which it fails
  std::size_t tried = 0;
  std::size_t eras = 0;
  for (const Value era : context.eras()) {
    ++eras;
    const bool sound = account.view(proof.view, era, [&](Value row, std::span<const Value> holds) {
      ++tried;
      if (holds[0] != 1) failing.emplace(static_cast<std::uint32_t>(row), era);
    });
    if (!sound) {
      made.how = "prove.open.range";
      return made;
    }
  }
  std::vector<bool> needed(proof.exceptions.size(), false);
  std::size_t unsaid = 0;
  for (const auto& [row, era] : failing) {
    bool said = false;
    for (std::size_t i = 0; i < proof.exceptions.size(); ++i) {
      if (!fits(proof, proof.exceptions[i], table.rows[row])) continue;
      said = needed[i] = true;
    }
    if (said) continue;
    ++unsaid;
    made.verdict = Verdict::refuted;
    if (unsaid > 5) continue;
    made.details.push_back({"prove.row", {row_name(context, table, table.rows[row])}});
    if (!made.scenario.empty()) continue;
    const std::string shown = fails(context, proof, table, table.rows[row]);
    if (!shown.empty()) made.scenario = context.scenario(proof, era, {shown});
  }
  if (unsaid > 5) made.details.push_back({"prove.rows.more", {unsaid - 5}});
  // Each name and each quantity that is excepted has a row that fails.
  for (const Proof::Exception& one : proof.exceptions) {
    const auto idle = [&](const Proof::Exception& part, const std::string& shown) {
      const bool any = std::any_of(failing.begin(), failing.end(), [&](const auto& at) {
        return fits(proof, part, table.rows[at.first]);
      });
      if (any) return;
      made.verdict = Verdict::refuted;
      made.details.push_back({"prove.row.needless", {shown}});
    };
    for (const Proof::Name& name : one.names) {
      Proof::Exception part = one;
      part.names = {name};
      idle(part, context.say(name.name, table.columns[name.column].type));
    }
    for (const Proof::Range& range : one.ranges) {
      Proof::Exception part = one;
      part.ranges = {range};
      idle(part, context.say(range.from, table.columns[proof.ranges].type));
    }
    if (one.names.empty() && one.ranges.empty()) idle(one, proof.name);
  }
  if (made.verdict == Verdict::refuted) {
    // An exception without need is shown by the condition, which holds of all the rest.
    return made;
  }
  made.verdict = Verdict::proved;
  made.how = {proof.exceptions.empty() ? "prove.by.rows" : "prove.by.rows-but",
              {tried, eras, failing.size()}};
  return made;
}

}  // namespace toll::tools::prover
