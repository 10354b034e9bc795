// A backtest for programs and spreadsheets.
#include <array>
#include <map>

#include "tools/backtest/report.hpp"
#include "tools/csv_text.hpp"

namespace toll::backtest {
namespace {

using nlohmann::json;

json sums_json(const Both<Value>& sum) {
  const std::string percent = Words::plain_percent(sum);
  return {{"old", Words::plain(sum[kOld])},
          {"new", Words::plain(sum[kNew])},
          {"change", Words::plain(sum[kNew] - sum[kOld])},
          {"change_percent", percent.empty() ? json() : json(percent)}};
}

json sums_json(const Sums& sums) {
  json out = sums_json(sums.sum);
  out["accounts"] = sums.accounts;
  return out;
}

json where_json(const Where& where, const Told& told, const Words& words) {
  const auto entry = [](std::uint64_t seq) { return seq == 0 ? json() : json(seq); };
  return {{"account", told.result.books[where.account].name},
          {"time", words.values().instant(where.time)},
          {"old_entry", entry(where.seq[kOld])},
          {"new_entry", entry(where.seq[kNew])}};
}

json month_json(Value month, const Words& words) {
  return month == kAbsent ? json() : json(words.values().month(month));
}

json cause_json(const Cause& cause) {
  if (cause.text.empty()) return nullptr;
  json out = {{"text", cause.text}, {"rule", cause.place}};
  if (!cause.source.empty()) out["source"] = cause.source;
  return out;
}

json explained_json(const Explained& one, const Told& told, const Words& words) {
  const Book& book = told.result.books[one.account];
  json out = sums_json(book.sum);
  out["account"] = book.name;
  if (one.line == nullptr) return out;
  const Part& part = told.result.parts[one.line->part];
  json line = sums_json(one.line->sum);
  line["month"] = month_json(part.month, words);
  line["paid_for"] = told.result.groups[part.group];
  line["at"] = where_json(one.line->where, told, words);
  line["before"] = cause_json(one.cause[kOld]);
  line["now"] = cause_json(one.cause[kNew]);
  out["mostly"] = std::move(line);
  return out;
}

json bands_json(const Told& told, const Words& words) {
  json out = json::array();
  for (const Band& band : told.summary.bands) {
    json one = {{"shown", words.band(band)}, {"accounts", band.accounts}};
    const int sign = band.of == Band::Of::less ? -1 : 1;
    const bool ranged = band.of == Band::Of::less || band.of == Band::Of::more;
    if (ranged) one["over_percent"] = sign * band.from;
    if (ranged && band.to != 0) one["to_percent"] = sign * band.to;
    if (band.of == Band::Of::same) one["over_percent"] = one["to_percent"] = 0;
    out.push_back(std::move(one));
  }
  return out;
}

json gate_json(const Told& told, const Words& words) {
  if (!told.gate.wanted()) return nullptr;
  return {{"kept", told.verdict.kept},
          {"text", gate_text(told, words)},
          {"accounts_above_increase", told.verdict.above},
          {"accounts_affected", told.summary.affected}};
}

}  // namespace

json json_of(const Told& told, const Words& words) {
  const Result& result = told.result;
  const Summary& summary = told.summary;
  json out = {{"old", told.policy[kOld]},
              {"new", told.policy[kNew]},
              {"text", in_short(told, words)},
              {"differs", differs(result, summary)},
              {"unit", words.unit()},
              {"counted", {{"old", result.counted[kOld]}, {"new", result.counted[kNew]}}},
              {"events", result.events},
              {"errors", {{"old", result.errors[kOld]}, {"new", result.errors[kNew]}}},
              {"until", words.values().instant(result.until)},
              {"zone", words.values().core().zone_name},
              {"sound", result.sound},
              {"total", sums_json(result.total)},
              {"unpriced", {{"old", result.unpriced[kOld]}, {"new", result.unpriced[kNew]}}},
              {"gate", gate_json(told, words)},
              {"distribution", bands_json(told, words)}};
  out["accounts"] = {{"all", summary.accounts},
                     {"more", summary.more},
                     {"less", summary.less},
                     {"same", summary.same},
                     {"affected", summary.affected}};
  json& months = out["months"] = json::array();
  for (const MonthSums& one : summary.months) {
    months.push_back(sums_json(static_cast<const Sums&>(one)));
    months.back()["month"] = month_json(one.month, words);
  }
  json& groups = out["paid_for"] = json::array();
  for (const GroupSums& one : summary.groups) {
    groups.push_back(sums_json(static_cast<const Sums&>(one)));
    groups.back()["name"] = result.groups[one.group];
  }
  json& most = out["most"] = json::array();
  for (const Explained& one : told.most) most.push_back(explained_json(one, told, words));
  json& outcomes = out["outcomes"] = json::array();
  for (const OutcomeChange& one : result.outcomes) {
    outcomes.push_back({{"shown", one.shown},
                        {"refused", one.refusal},
                        {"old", one.count[kOld]},
                        {"new", one.count[kNew]},
                        {"no_more", one.fewer},
                        {"newly", one.more},
                        {"accounts", one.accounts},
                        {"first", where_json(one.first, told, words)}});
  }
  json& states = out["states"] = json::array();
  for (const StateChange& one : result.states) {
    states.push_back({{"machine", one.machine},
                      {"old", one.state[kOld]},
                      {"new", one.state[kNew]},
                      {"accounts", one.accounts},
                      {"first", result.books[one.first].name}});
  }
  json& amounts = out["other_amounts"] = json::array();
  for (const AmountChange& one : result.amounts) {
    amounts.push_back({{"amount", one.name},
                       {"accounts", one.accounts},
                       {"old", Words::plain(one.amount[kOld])},
                       {"new", Words::plain(one.amount[kNew])},
                       {"first", where_json(one.first, told, words)}});
  }
  return out;
}

std::string csv_of(const Told& told, const Words& words) {
  constexpr std::array<std::string_view, 11> kColumns = {"account", "old",      "new",     "change",
                                                         "percent", "unit",     "differs", "month",
                                                         "group",   "line-old", "line-new"};
  const auto line_of = [](const std::vector<std::string>& cells) {
    std::string out;
    for (const std::string& cell : cells) {
      if (!out.empty() || &cell != cells.data()) out += ',';
      out += tools::csv_cell(cell);
    }
    return out + "\r\n";
  };
  std::vector<std::string> head;
  for (const std::string_view column : kColumns)
    head.push_back(words.say("csv." + std::string(column)));
  std::string out = std::string("\ufeff") + line_of(head);
  for (const Book& book : told.result.books) {
    const std::string_view differs = book.change() != 0 ? "bill"
                                     : book.affected()  ? "ledger"
                                                        : "nothing";
    std::vector<std::string> cells = {tools::csv_words(book.name),
                                      Words::plain(book.sum[kOld]),
                                      Words::plain(book.sum[kNew]),
                                      Words::plain(book.change()),
                                      Words::plain_percent(book.sum),
                                      tools::csv_words(words.unit()),
                                      words.say("csv." + std::string(differs))};
    const PartLine* const line = greatest_line(book);
    if (line != nullptr) {
      const Part& part = told.result.parts[line->part];
      cells.push_back(part.month == kAbsent ? "" : words.month(part.month));
      cells.push_back(tools::csv_words(told.result.groups[part.group]));
      cells.push_back(Words::plain(line->sum[kOld]));
      cells.push_back(Words::plain(line->sum[kNew]));
    }
    cells.resize(kColumns.size());
    out += line_of(cells);
  }
  return out;
}

}  // namespace toll::backtest
