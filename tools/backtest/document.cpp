// A backtest as headings and tables of texts.
#include <algorithm>
#include <utility>

#include "tools/backtest/report.hpp"

namespace toll::backtest {
namespace {

using tools::StatementDocument;
using tools::StatementSection;
using tools::StatementTable;

constexpr std::size_t kMostGroups = 20;

using Column = StatementTable::Column;
Column words_column(std::string heading) { return {std::move(heading), false, false}; }
Column number_column(std::string heading) { return {std::move(heading), true, false}; }

StatementTable::Row row(std::vector<std::string> cells, bool total = false) {
  StatementTable::Row made;
  made.cells = std::move(cells);
  made.total = total;
  return made;
}

class Writer {
 public:
  Writer(const Told& told, const Words& words) : t_(told), r_(told.result), w_(words) {}

  StatementDocument run() {
    out_.title = w_.say("title", {t_.policy[kOld], t_.policy[kNew]});
    facts();
    warnings();
    months();
    groups();
    bands();
    accounts();
    outcomes();
    states();
    amounts();
    return std::move(out_);
  }

 private:
  void fact(std::string_view id, std::string text) {
    out_.facts.emplace_back(w_.say(id), std::move(text));
  }

  void facts() {
    fact("in-short", in_short(t_, w_));
    if (t_.gate.wanted()) fact("gate", gate_text(t_, w_));
    std::string counted;
    for (const Side side : {kOld, kNew}) {
      if (side == kNew && r_.counted[kNew] == r_.counted[kOld]) continue;
      if (side == kNew) counted += " | ";
      for (std::size_t i = 0; i < r_.counted[side].size(); ++i)
        counted += (i > 0 ? ", " : "") + r_.counted[side][i];
    }
    fact("counted", w_.say("counted-in", {counted, w_.unit()}));
    fact("history",
         w_.say("history-text", {t_.events, w_.values().number(r_.events, Type{Kind::number}),
                                 w_.values().instant(r_.until), w_.values().core().zone_name}));
  }

  void warnings() {
    if (!r_.sound) out_.warnings.push_back(w_.say("unsound"));
    if (r_.unpriced[kOld] != 0 || r_.unpriced[kNew] != 0) {
      out_.warnings.push_back(w_.say(
          "unpriced", {std::to_string(r_.unpriced[kOld]), std::to_string(r_.unpriced[kNew])}));
    }
  }

  StatementSection& section(std::string_view id, std::vector<Column> columns) {
    StatementSection& made = out_.sections.emplace_back();
    made.heading = w_.say(id);
    made.table.columns = std::move(columns);
    return made;
  }

  std::vector<Column> sums_columns(std::string_view first) const {
    return {words_column(w_.say(first)),      number_column(w_.say("old")),
            number_column(w_.say("new")),     number_column(w_.say("change")),
            number_column(w_.say("percent")), number_column(w_.say("accounts"))};
  }

  StatementTable::Row sums_row(std::string name, const Sums& sums, bool total = false) const {
    return row({std::move(name), w_.amount(sums.sum[kOld]), w_.amount(sums.sum[kNew]),
                w_.change(sums.change()), w_.percent(sums.sum), std::to_string(sums.accounts)},
               total);
  }

  Sums total() const {
    Sums sums;
    sums.sum = r_.total;
    sums.accounts = t_.summary.more + t_.summary.less;
    return sums;
  }

  void months() {
    StatementSection& made = section("by-month", sums_columns("month"));
    made.unit = w_.unit();
    for (const MonthSums& one : t_.summary.months)
      made.table.rows.push_back(sums_row(w_.month(one.month), one));
    made.table.rows.push_back(sums_row(w_.say("total"), total(), true));
  }

  void groups() {
    if (t_.summary.groups.empty()) return;
    StatementSection& made = section("by-group", sums_columns("group"));
    made.unit = w_.unit();
    const std::size_t shown = std::min(kMostGroups, t_.summary.groups.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const GroupSums& one = t_.summary.groups[i];
      made.table.rows.push_back(sums_row(r_.groups[one.group], one));
    }
    const std::size_t left = t_.summary.groups.size() - shown;
    if (left > 0) made.notes.push_back(w_.say("more-groups", {left}));
    if (t_.summary.same_groups > 0)
      made.notes.push_back(w_.say("same-groups", {std::to_string(t_.summary.same_groups)}));
  }

  void bands() {
    StatementSection& made =
        section("bands", {words_column(w_.say("band")), number_column(w_.say("accounts"))});
    for (const Band& band : t_.summary.bands) {
      if (band.accounts > 0)
        made.table.rows.push_back(row({w_.band(band), std::to_string(band.accounts)}));
    }
  }

  void accounts() {
    if (t_.most.empty()) return;
    StatementSection& made =
        section("most", {words_column(w_.say("account")), number_column(w_.say("old")),
                         number_column(w_.say("new")), number_column(w_.say("change")),
                         number_column(w_.say("percent")), words_column(w_.say("mostly"))});
    made.unit = w_.unit();
    for (const Explained& one : t_.most) {
      const Book& book = r_.books[one.account];
      const std::vector<std::string> lines = explained_text(one, t_, w_);
      made.table.rows.push_back(row({book.name, w_.amount(book.sum[kOld]),
                                     w_.amount(book.sum[kNew]), w_.change(book.change()),
                                     w_.percent(book.sum), lines.empty() ? "" : lines.front()}));
      for (std::size_t i = 1; i < lines.size(); ++i)
        made.table.rows.push_back(row({"", "", "", "", "", lines[i]}));
    }
    const std::uint64_t left = t_.summary.more + t_.summary.less - t_.most.size();
    if (left > 0) made.notes.push_back(w_.say("more-accounts", {std::to_string(left)}));
  }

  void outcomes() {
    if (r_.outcomes.empty()) return;
    StatementSection& made =
        section("outcomes", {words_column(w_.say("outcome")), number_column(w_.say("old")),
                             number_column(w_.say("new")), number_column(w_.say("only-old")),
                             number_column(w_.say("only-new")), number_column(w_.say("accounts")),
                             words_column(w_.say("first"))});
    for (const OutcomeChange& one : r_.outcomes) {
      made.table.rows.push_back(
          row({one.refusal ? w_.say("refused", {one.shown}) : one.shown,
               std::to_string(one.count[kOld]), std::to_string(one.count[kNew]),
               std::to_string(one.fewer), std::to_string(one.more), std::to_string(one.accounts),
               w_.where(one.first, r_)}));
    }
  }

  void states() {
    if (r_.states.empty()) return;
    StatementSection& made =
        section("states", {words_column(w_.say("machine")), words_column(w_.say("old")),
                           words_column(w_.say("new")), number_column(w_.say("accounts")),
                           words_column(w_.say("first-account"))});
    for (const StateChange& one : r_.states) {
      made.table.rows.push_back(row({one.machine, one.state[kOld], one.state[kNew],
                                     std::to_string(one.accounts), r_.books[one.first].name}));
    }
  }

  void amounts() {
    if (r_.amounts.empty()) return;
    StatementSection& made =
        section("amounts", {words_column(w_.say("amount")), number_column(w_.say("accounts")),
                            words_column(w_.say("first")), number_column(w_.say("old")),
                            number_column(w_.say("new"))});
    for (const AmountChange& one : r_.amounts) {
      made.table.rows.push_back(
          row({one.name, std::to_string(one.accounts), w_.where(one.first, r_),
               w_.amount(one.amount[kOld]), w_.amount(one.amount[kNew])}));
    }
    made.notes.push_back(w_.say("amounts-note"));
  }

  const Told& t_;
  const Result& r_;
  const Words& w_;
  StatementDocument out_;
};

}  // namespace

std::string in_short(const Told& told, const Words& words) {
  const Summary& s = told.summary;
  if (!differs(told.result, s)) return words.say("equal", {std::to_string(s.accounts)});
  std::string out = words.say("short", {std::to_string(s.more), std::to_string(s.less),
                                        std::to_string(s.same), std::to_string(s.accounts)});
  const Both<Value>& total = told.result.total;
  const std::string space = words.language() == Language::en ? " " : "";
  if (s.more + s.less > 0) {
    out += space + words.say("short-total", {words.amount(total[kOld]), words.amount(total[kNew]),
                                             words.change(total[kNew] - total[kOld]),
                                             words.percent(total), words.unit()});
  }
  if (s.other > 0) out += space + words.say("short-other", {std::to_string(s.other)});
  return out;
}

std::string gate_text(const Told& told, const Words& words) {
  if (!told.gate.wanted()) return {};
  if (told.verdict.kept) return words.say("gate-kept");
  std::vector<std::string> reasons;
  if (told.verdict.above > 0) {
    const Book& worst = told.result.books[told.verdict.worst];
    reasons.push_back(
        words.say("gate-increase", {std::to_string(told.verdict.above), worst.name,
                                    words.amount(worst.sum[kOld]), words.amount(worst.sum[kNew])}));
  }
  if (told.verdict.too_many) {
    reasons.push_back(words.say("gate-accounts", {std::to_string(told.summary.affected),
                                                  std::to_string(*told.gate.max_accounts)}));
  }
  std::string out;
  for (const std::string& reason : reasons)
    out += (out.empty() ? "" : "; ") + reason;
  return words.say("gate-broken", {out});
}

std::vector<std::string> explained_text(const Explained& explained, const Told& told,
                                        const Words& words) {
  std::vector<std::string> out;
  if (explained.line == nullptr) return out;
  out.push_back(words.line(*explained.line, told.result));
  for (const Side side : {kOld, kNew}) {
    const Cause& cause = explained.cause[side];
    if (cause.text.empty()) continue;
    std::string origin = cause.place;
    if (!cause.source.empty()) origin += (origin.empty() ? "" : "; ") + cause.source;
    out.push_back(words.say(side == kOld ? "cause-old" : "cause-new", {cause.text, origin}));
  }
  const std::string& entry = explained.entry[explained.entry[kNew].empty() ? kOld : kNew];
  if (!entry.empty()) out.push_back(entry);
  return out;
}

tools::StatementDocument document_of(const Told& told, const Words& words) {
  return Writer(told, words).run();
}

}  // namespace toll::backtest
