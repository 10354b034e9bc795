#include "tools/statement_collector.hpp"

#include <algorithm>
#include <utility>

namespace toll::tools {
namespace {

/// What a copy of an account writes on its way to the end of a month is written by the account
/// itself soon after.
class Nowhere final : public Sink {
  void entry(const Account& /*account*/, const EntryView& /*entry*/) override {}
};

bool moved(const BucketLine& line) {
  return line.received != 0 || line.drawn != 0 || line.expired != 0 || line.returned != 0 ||
         line.difference != 0;
}

bool anything_in(const MonthBook& book) {
  if (book.booked) return true;
  for (const auto& lines : book.statement.buckets) {
    if (std::any_of(lines.begin(), lines.end(), moved)) return true;
  }
  return false;
}

}  // namespace

StatementCollector::StatementCollector(const Core& core, const Statement& statement, Wanted wanted)
    : core_(core),
      reading_(core, statement),
      wanted_(std::move(wanted)),
      told_kinds_(core.entries.size(), false) {
  for (const Statement::Draw& draw : statement.draws) told_kinds_[draw.entry] = true;
  for (const Statement::Bill& bill : statement.bills) told_kinds_[bill.entry] = true;
  for (const std::uint32_t kind : statement.shows) told_kinds_[kind] = true;
}

bool StatementCollector::wants(std::string_view subject) {
  return !wanted_.account || *wanted_.account == subject;
}

bool StatementCollector::tells(Value month) const {
  return !wanted_.month || *wanted_.month == month;
}

StatementCollector::Books& StatementCollector::books_of(std::string_view subject) {
  const auto found = by_name_.find(subject);
  if (found != by_name_.end()) return *found->second;
  Books& made = all_.emplace_back();
  made.name = subject;
  by_name_.emplace(made.name, &made);
  return made;
}

bool StatementCollector::knows(std::string_view subject) const {
  const auto found = by_name_.find(subject);
  return found != by_name_.end() && found->second->high != kAbsent;
}

void StatementCollector::enter(Books& books, Value month) {
  books.month = month;
  books.month_start = reading_.start_of(month);
  books.month_end = reading_.start_of(month + 1);
}

MonthBook& StatementCollector::book(Books& books, Value month) {
  const auto [at, fresh] = books.months.try_emplace(month);
  if (fresh) {
    MonthStatement& statement = at->second.statement;
    statement.account = books.name;
    statement.month = month;
    statement.from = reading_.start_of(month);
    statement.until = reading_.start_of(month + 1);
  }
  return at->second;
}

// The account as it was at the first instant of each month that it is about to pass. A timer may be
// due on the way, so a copy goes there alone: the event may yet fail, and then nothing was passed.
void StatementCollector::before(std::string_view subject, const Account& account, Value time) {
  at_hand_ = &books_of(subject);
  Books& books = *at_hand_;
  passed_.clear();
  books.booking = books.high;
  if (books.high == kAbsent) {
    Passed& first = passed_.emplace_back();
    first.month = reading_.month_of(time);
    first.snapshot = reading_.snapshot(account, reading_.start_of(first.month));
    books.booking = time;
    return;
  }
  if (time < books.month_end) return;
  const Value deadline = account.next_deadline();
  const Value last = reading_.month_of(time);
  std::optional<Account> ahead;
  if (deadline != kAbsent && deadline < reading_.start_of(last)) ahead.emplace(account.copy());
  Nowhere nowhere;
  bool going = true;
  for (Value month = books.month + 1; month <= last; ++month) {
    const Value start = reading_.start_of(month);
    if (ahead && going) going = ahead->advance(start - 1, nowhere);
    Passed& passed = passed_.emplace_back();
    passed.month = month;
    passed.snapshot.at = start;
    if (!tells(month - 1) && !tells(month)) continue;
    const Account& seen = ahead ? *ahead : account;
    passed.snapshot = reading_.snapshot(seen, start);
    if (!reading_.metered(seen, month - 1, start - 1, passed.metered))
      passed.snapshot.sound = false;
  }
}

// Entries are booked when the account comes to them: one of a late event in the month that the
// account has reached, whatever time it tells.
void StatementCollector::entry(std::string_view /*subject*/, const Account& account,
                               const EntryView& entry) {
  if (at_hand_ == nullptr || entry.kind >= told_kinds_.size() || !told_kinds_[entry.kind]) return;
  Books& books = *at_hand_;
  if (entry.time != kAbsent) books.booking = std::max(books.booking, entry.time);
  const bool here = books.high != kAbsent && books.booking < books.month_end;
  const Value month = here ? books.month : reading_.month_of(books.booking);
  const Statement& statement = reading_.statement();
  for (std::uint32_t i = 0; i < statement.draws.size(); ++i) {
    if (statement.draws[i].entry == entry.kind && tells(month)) {
      draw(book(books, month), i, account, entry);
      book(books, month).booked = true;
    }
  }
  const bool shown = std::find(statement.shows.begin(), statement.shows.end(), entry.kind) !=
                     statement.shows.end();
  const bool billed = std::any_of(statement.bills.begin(), statement.bills.end(),
                                  [&](const auto& bill) { return bill.entry == entry.kind; });
  if (!billed && !(shown && tells(month))) return;
  EntryCopy copy = reading_.copy(account, entry);
  copy.late = entry.time != kAbsent && entry.time < reading_.start_of(month);
  for (std::uint32_t i = 0; i < statement.bills.size(); ++i) {
    if (statement.bills[i].entry == entry.kind) bill(books, i, copy, month);
  }
  if (!shown || !tells(month)) return;
  book(books, month).booked = true;
  book(books, month).statement.entries.push_back(std::move(copy));
}

void StatementCollector::draw(MonthBook& book, std::uint32_t index, const Account& account,
                              const EntryView& entry) {
  const Statement::Draw& draw = reading_.statement().draws[index];
  const std::vector<EntryKind::Member>& members = core_.entries[draw.entry].members;
  const bool rows = draw.rows != kNone;
  const std::vector<EntryKind::Member>& columns = rows ? members[draw.rows].columns : members;
  const auto add = [&](std::span<const Value> values) {
    if (values[draw.count] == kAbsent || values[draw.id] == kAbsent) return;
    DrawnSum sum;
    sum.draw = index;
    Datum id = reading_.datum(account, columns[draw.id].type, values[draw.id]);
    if (id.type.kind == Kind::name && id.text.empty()) {
      id.text = core_.domains[id.type.ref].names[static_cast<std::size_t>(id.value)].wire;
    }
    sum.id = id.text;
    std::string key = std::to_string(index) + '\x1e' + identity(id);
    for (const Statement::Label& label : draw.labels) {
      sum.labels.push_back(reading_.datum(account, label.type, values[label.column]));
      key += '\x1e' + identity(sum.labels.back());
    }
    const auto [at, fresh] = book.drawn_by.emplace(std::move(key), book.drawn.size());
    if (fresh) book.drawn.push_back(std::move(sum));
    book.drawn[at->second].count += values[draw.count];
  };
  if (!rows) return add(entry.members);
  const Value list = entry.members[draw.rows];
  if (list == kAbsent) return;
  const ListView& view = entry.rows[static_cast<std::size_t>(list)];
  for (std::size_t first = 0; first < view.cells.size(); first += view.columns) {
    add(view.cells.subspan(first, view.columns));
  }
}

void StatementCollector::bill(Books& books, std::uint32_t index, const EntryCopy& entry,
                              Value booked) {
  const Statement::Bill& bill = reading_.statement().bills[index];
  InvoiceCopy made;
  made.bill = index;
  made.entry = entry;
  made.total = entry.members[bill.sum].value;
  const Value said = bill.month == kNone ? kAbsent : entry.members[bill.month].value;
  const Value month = said == kAbsent ? booked : said;
  if (bill.rows != kNone) {
    const std::vector<EntryKind::Member>& members = core_.entries[bill.entry].members;
    const unsigned total_scale = members[bill.sum].type.scale;
    const unsigned scale = members[bill.rows].columns[bill.row_money].type.scale;
    Value sum = 0;
    for (const std::vector<Datum>& row : entry.rows[bill.rows]) {
      if (row[bill.row_money].absent()) {
        ++made.unpriced;
      } else {
        sum += row[bill.row_money].value;
      }
    }
    for (unsigned i = scale; i < total_scale; ++i) sum *= 10;
    if (made.total != kAbsent && scale <= total_scale) made.difference = made.total - sum;
    adjust(books, index, made, month);
  } else if (made.total == kAbsent) {
    made.unpriced = 1;
  }
  MonthBook& of = book(books, month);
  of.booked = true;
  if (tells(month)) of.statement.invoices.push_back(std::move(made));
}

/// Lines about other months are told there too.
void StatementCollector::adjust(Books& books, std::uint32_t index, const InvoiceCopy& invoice,
                                Value month) {
  const Statement::Bill& bill = reading_.statement().bills[index];
  if (bill.row_month == kNone) return;
  for (const std::vector<Datum>& row : invoice.entry.rows[bill.rows]) {
    const Value of = row[bill.row_month].value;
    if (of == kAbsent || of == month) continue;
    MonthBook& other = book(books, of);
    other.booked = true;
    if (tells(of)) {
      other.statement.adjustments.push_back({index, month, invoice.entry.time, row});
    }
  }
}

void StatementCollector::after(std::string_view /*subject*/, const Account& account, bool applied) {
  Books& books = *at_hand_;
  at_hand_ = nullptr;
  if (account.clock() == kAbsent) passed_.clear();
  if (!applied) {  // an event changed nothing; an advance came as far as the timer that failed
    std::erase_if(passed_, [&](const Passed& one) { return one.snapshot.at > account.clock(); });
  }
  for (Passed& passed : passed_) {
    if (books.high == kAbsent) {
      books.high = account.clock();
    } else {
      settle(books, passed.snapshot, passed.metered, true);
    }
    enter(books, passed.month);
    books.opening = std::move(passed.snapshot);
    book(books, passed.month);
  }
  passed_.clear();
  if (account.clock() != kAbsent) books.high = std::max(books.high, account.clock());
}

void StatementCollector::settle(Books& books, const Snapshot& closing,
                                const std::vector<StatementReading::Metered>& metered,
                                bool closed) {
  MonthBook& ending = book(books, books.month);
  ending.settled = true;
  ending.statement.closed = closed;
  ending.statement.until = closing.at;
  if (!tells(books.month)) return;
  settle_buckets(reading_.statement(), books.opening, closing, ending.drawn, ending.statement);
  ending.drawn = {};
  ending.drawn_by.clear();
  ending.statement.metered.assign(reading_.statement().metered.size(), {});
  for (const StatementReading::Metered& row : metered) {
    if (reading_.statement().metered[row.part].month == kNone) {
      ending.statement.metered[row.part].push_back(row.line);
    } else {
      ending.counted[{row.part, row.row}] = row.line.count;
    }
  }
}

std::size_t StatementCollector::finish(JsonRunner& runner, Value until, const Out& out) {
  std::size_t count = 0;
  for (Books& books : all_) {
    const Account* const account = runner.account(books.name);
    if (books.high == kAbsent || account == nullptr) continue;
    const Value end = until == kAbsent ? books.high : std::max(until, books.high);
    while (end >= books.month_end) {  // a timer that failed was in the way
      settle(books, reading_.snapshot(*account, books.month_end), {}, true);
      books.opening = reading_.snapshot(*account, books.month_end);
      enter(books, books.month + 1);
    }
    std::vector<StatementReading::Metered> metered;
    Snapshot closing = reading_.snapshot(*account, end);
    if (!reading_.metered(*account, books.month, end, metered)) closing.sound = false;
    settle(books, closing, metered, false);
    MonthBook& last = book(books, books.month);
    if (end == books.month_start && !anything_in(last)) books.months.erase(books.month);
    // Months without anything in them are months all the same.
    for (Value month = books.months.begin()->first; month < books.months.rbegin()->first; ++month) {
      book(books, month);
    }
    for (auto& [month, of] : books.months) {
      if (!tells(month)) continue;
      if (month > books.month) of.statement.closed = false;
      tell(*account, books, of, out);
      ++count;
    }
    books.months.clear();
  }
  return count;
}

/// What is metered by the month is told as it came to be known in the end: invoices are made of it.
void StatementCollector::tell(const Account& account, Books& /*books*/, MonthBook& of,
                              const Out& out) {
  MonthStatement& statement = of.statement;
  const Statement& declared = reading_.statement();
  statement.buckets.resize(declared.buckets.size());
  statement.beyond.resize(declared.draws.size());
  statement.metered.resize(declared.metered.size());
  std::vector<StatementReading::Metered> rows;
  const Value now = statement.closed ? statement.until - 1 : statement.until;
  if (!reading_.metered(account, statement.month, now, rows)) statement.sound = false;
  for (StatementReading::Metered& row : rows) {
    if (declared.metered[row.part].month == kNone) continue;
    if (of.settled && statement.closed) {
      const auto found = of.counted.find({row.part, row.row});
      row.line.late = row.line.count - (found == of.counted.end() ? Value{0} : found->second);
    }
    statement.metered[row.part].push_back(std::move(row.line));
  }
  for (auto& lines : statement.metered) {
    std::erase_if(lines, [](const UsageLine& line) { return line.count == 0 && line.late == 0; });
  }
  out(statement);
}

}  // namespace toll::tools
