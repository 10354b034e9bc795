#include "tools/backtest/tally.hpp"

#include <algorithm>
#include <functional>

namespace toll::backtest {
namespace {}  // namespace

std::uint32_t Tally::touch(std::string_view subject) {
  if (at_hand_ != kNone && result_.books[at_hand_].name == subject) return at_hand_;
  if (!closed_) settle_step();
  const auto found = books_.find(subject);
  if (found != books_.end()) return at_hand_ = found->second;
  at_hand_ = static_cast<std::uint32_t>(result_.books.size());
  books_.emplace(subject, at_hand_);
  result_.books.emplace_back().name = subject;
  ledgers_.emplace_back();
  return at_hand_;
}

std::uint32_t Tally::outcome(std::string_view key, std::string_view shown, bool refusal) {
  const auto found = outcomes_.find(key);
  if (found != outcomes_.end()) return found->second;
  const auto id = static_cast<std::uint32_t>(result_.outcomes.size());
  OutcomeChange& made = result_.outcomes.emplace_back();
  made.shown = shown;
  made.refusal = refusal;
  outcomes_.emplace(key, id);
  return id;
}

std::uint32_t Tally::amount(const std::string& name) {
  const auto [at, fresh] =
      amounts_.try_emplace(name, static_cast<std::uint32_t>(result_.amounts.size()));
  if (fresh) result_.amounts.emplace_back().name = name;
  return at->second;
}

std::uint32_t Tally::part(const std::string& key, const std::string& shown, Value month) {
  const auto [group, fresh_group] =
      groups_.try_emplace(key, static_cast<std::uint32_t>(result_.groups.size()));
  if (fresh_group) result_.groups.push_back(shown);
  const std::string whole =
      month == kAbsent ? key : key + "\n" + std::to_string(static_cast<std::int64_t>(month));
  const auto [at, fresh] =
      parts_.try_emplace(whole, static_cast<std::uint32_t>(result_.parts.size()));
  if (fresh) {
    Part& made = result_.parts.emplace_back();
    made.group = group->second;
    made.month = month;
  }
  return at->second;
}

void Tally::add(Value& sum, Value amount) {
  if (__builtin_add_overflow(sum, amount, &sum)) result_.sound = false;
}

void Tally::note(Side side, Noted what, std::uint32_t book, std::uint32_t id, Value amount,
                 const EntryView& entry, std::uint32_t row) {
  if (what == Noted::outcome) ++result_.outcomes[id].count[side];
  std::vector<Open>& open = closed_ ? ledgers_[book].open : step_;
  auto at = std::find_if(open.begin(), open.end(),
                         [&](const Open& one) { return one.what == what && one.id == id; });
  if (at == open.end()) {
    at = open.emplace(open.end());
    at->what = what;
    at->id = id;
  }
  add(at->sum[side], amount);
  if (at->seq[side] == 0 || magnitude(amount) > magnitude(at->most[side])) {
    at->most[side] = amount;
    at->seq[side] = entry.seq;
    at->row[side] = row;
  }
  if (at->time == kAbsent) at->time = entry.time;
}

void Tally::total(Side side, std::uint32_t book, Value amount) {
  add(result_.books[book].sum[side], amount);
  add(result_.total[side], amount);
}

void Tally::pay(Side side, std::uint32_t part, Value amount) {
  add(result_.parts[part].sum[side], amount);
}

void Tally::unpriced(Side side, std::uint32_t book) {
  ++result_.books[book].unpriced[side];
  ++result_.unpriced[side];
}

std::string_view Tally::Text::line(std::size_t index) const {
  if (index >= lines.size()) return {};
  const std::size_t begin = index == 0 ? 0 : lines[index - 1].first;
  return std::string_view(all).substr(begin, lines[index].first - begin);
}

void Tally::Text::clear() {
  all.clear();
  lines.clear();
}

void Tally::said(Side side, std::uint32_t book, const LedgerLine& line, std::uint64_t seq) {
  if (!closed_) {
    text_[side].all.append(line.head).append(line.tail);
    text_[side].lines.emplace_back(text_[side].all.size(), seq);
    return;
  }
  constexpr std::hash<std::string_view> kHash;
  std::size_t& trail = ledgers_[book].trail[side];
  for (const std::string_view piece : {line.head, line.tail})
    trail = (trail ^ kHash(piece)) * 0x9e3779b97f4a7c15U + 1;
}

void Tally::settle_step() {
  if (at_hand_ == kNone) return;
  if (text_[kOld].all != text_[kNew].all) differ(at_hand_);
  settle(at_hand_, step_);
  text_[kOld].clear();
  text_[kNew].clear();
  at_hand_ = kNone;
}

/// The ledgers of the step are not the same.
void Tally::differ(std::uint32_t book) {
  Book& of = result_.books[book];
  of.ledger = true;
  if (of.first.account != kNone) return;
  of.first.account = book;
  std::size_t line = 0;
  while (text_[kOld].line(line) == text_[kNew].line(line)) ++line;
  for (const Side side : {kOld, kNew}) {
    if (line < text_[side].lines.size()) of.first.seq[side] = text_[side].lines[line].second;
  }
}

void Tally::close() {
  settle_step();
  closed_ = true;
}

void Tally::settle_all() {
  for (std::uint32_t book = 0; book < ledgers_.size(); ++book) {
    Ledger& ledger = ledgers_[book];
    if (ledger.trail[kOld] != ledger.trail[kNew]) result_.books[book].ledger = true;
    settle(book, ledger.open);
    ledger = {};
  }
  std::erase_if(result_.outcomes, [](const OutcomeChange& one) { return one.accounts == 0; });
  std::erase_if(result_.amounts, [](const AmountChange& one) { return one.accounts == 0; });
  for (Book& book : result_.books) {
    std::erase_if(book.lines,
                  [](const PartLine& line) { return line.sum[kOld] == line.sum[kNew]; });
    for (const PartLine& line : book.lines) ++result_.parts[line.part].accounts;
  }
}

bool Tally::first_time(std::uint32_t book, const Open& one) {
  auto& seen = ledgers_[book].seen;
  const std::pair<Noted, std::uint32_t> key(one.what, one.id);
  if (std::find(seen.begin(), seen.end(), key) != seen.end()) return false;
  seen.push_back(key);
  return true;
}

void Tally::settle(std::uint32_t book, std::vector<Open>& open) {
  for (const Open& one : open) {
    if (one.sum[kOld] == one.sum[kNew]) continue;
    const Where where = {book, one.time, one.seq};
    switch (one.what) {
      case Noted::part:
        settle_part(book, one);
        break;
      case Noted::outcome: {
        OutcomeChange& outcome = result_.outcomes[one.id];
        const Value more = one.sum[kNew] - one.sum[kOld];
        (more > 0 ? outcome.more : outcome.fewer) += static_cast<std::uint64_t>(magnitude(more));
        if (outcome.first.account == kNone) outcome.first = where;
        if (first_time(book, one)) ++outcome.accounts;
        result_.books[book].outcomes = true;
        break;
      }
      case Noted::amount: {
        AmountChange& amount = result_.amounts[one.id];
        if (amount.first.account == kNone) {
          amount.first = where;
          amount.amount = one.sum;
        }
        if (first_time(book, one)) ++amount.accounts;
        result_.books[book].amounts = true;
        break;
      }
    }
  }
  open.clear();
}

/// What differs now may be made up for later: a month that is corrected.
void Tally::settle_part(std::uint32_t book, const Open& one) {
  std::vector<PartLine>& lines = result_.books[book].lines;
  auto at = std::find_if(lines.begin(), lines.end(),
                         [&](const PartLine& line) { return line.part == one.id; });
  if (at == lines.end()) {
    at = lines.emplace(lines.end());
    at->part = one.id;
  }
  const Value before = magnitude(at->sum[kNew] - at->sum[kOld]);
  for (const Side side : {kOld, kNew}) add(at->sum[side], one.sum[side]);
  if (at->where.account == kNone || magnitude(one.sum[kNew] - one.sum[kOld]) > before) {
    at->where = {book, one.time, one.seq};
    at->row = one.row;
  }
}

}  // namespace toll::backtest
