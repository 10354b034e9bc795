#include "tools/backtest/explain.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "tools/why/why.hpp"

namespace toll::backtest {
namespace {

using why::Reason;

constexpr std::size_t kMostEvents = 100'000;  // of one account

bool told_before(const Reason& reason) {
  return std::any_of(reason.facts.begin(), reason.facts.end(),
                     [](const auto& fact) { return fact.first == "see"; });
}

void gather(const Reason& reason, std::set<std::string>& texts) {
  texts.insert(reason.text);
  for (const Reason& one : reason.inside) gather(one, texts);
}

/// What a sentence rests on, itself or below it: what implements a paragraph of the price page.
const Reason* sourced(const Reason& reason) {
  if (!reason.source.empty()) return &reason;
  for (const Reason& one : reason.inside) {
    if (const Reason* const found = sourced(one)) return found;
  }
  return nullptr;
}

/// Or else the row of a table that was read.
const Reason* row_of(const Reason& reason) {
  if ((reason.kind == "row" || reason.kind == "tier") && !reason.place.empty()) return &reason;
  for (const Reason& one : reason.inside) {
    if (const Reason* const found = row_of(one)) return found;
  }
  return nullptr;
}

/// Where an explanation parts from another: sentences that the other does not have, and that rest
/// on none of that kind.
class Parting {
 public:
  explicit Parting(const std::set<std::string>& others) : others_(others) {}

  bool walk(const Reason& reason, const std::string& place) {
    const std::string& here = reason.place.empty() ? place : reason.place;
    bool deeper = false;
    for (const Reason& one : reason.inside) deeper = walk(one, here) || deeper;
    if (deeper) return true;
    if (told_before(reason) || others_.count(reason.text) > 0) return false;
    const Reason* basis = sourced(reason);
    if (basis == nullptr) basis = row_of(reason);
    Cause cause = {reason.text, here, {}};
    if (basis != nullptr)
      cause = {reason.text, basis->place.empty() ? here : basis->place, basis->source};
    // One that rests on a paragraph of the price page says more than one that does not.
    if (found_.text.empty() || (found_.source.empty() && !cause.source.empty()))
      found_ = std::move(cause);
    return true;
  }

  Cause found() { return std::move(found_); }

 private:
  const std::set<std::string>& others_;
  Cause found_;
};

struct ToldPartings {
  Both<std::string> entry;
  Both<Cause> cause;
};

/// The same entry asked about under both policies, and where the answers part.
ToldPartings partings(const Explaining& explaining, const std::string& account,
                      const std::vector<std::string>& lines, const Where& where,
                      const Both<std::uint32_t>& row) {
  Both<std::vector<Reason>> answers;
  Both<std::set<std::string>> texts;
  for (const Side side : {kOld, kNew}) {
    if (where.seq[side] == 0) continue;
    why::Question question;
    question.policy = explaining.policy[side];
    question.sources = explaining.sources[side];
    question.program = explaining.program[side];
    question.events = lines;
    question.account = account;
    question.until = explaining.until;
    question.entry = where.seq[side];
    question.line = row[side];
    question.language = explaining.language;
    answers[side] = why::answer(question).reasons;
    for (const Reason& one : answers[side]) gather(one, texts[side]);
  }
  ToldPartings out;
  for (const Side side : {kOld, kNew}) {
    if (answers[side].empty()) continue;
    const Reason& reason = answers[side].front();
    out.entry[side] = reason.text;
    Parting parting(texts[side == kOld ? kNew : kOld]);
    for (const Reason& one : reason.inside) parting.walk(one, reason.place);
    out.cause[side] = parting.found();
  }
  return out;
}

}  // namespace

EventsOf::EventsOf(const Core& core, const Result& result,
                   const std::vector<std::uint32_t>& accounts)
    : reader_(core) {
  for (const std::uint32_t account : accounts) by_account_[result.books[account].name];
}

/// A subject may be written with escapes; otherwise it stands in the line as it is.
bool EventsOf::may_name_one(std::string_view line) const {
  if (line.find('\\') != std::string_view::npos) return true;
  return std::any_of(by_account_.begin(), by_account_.end(), [&](const auto& one) {
    return line.find(one.first) != std::string_view::npos;
  });
}

void EventsOf::take(std::string_view line) {
  if (!may_name_one(line)) return;
  reader_.read_head(line);
  const auto found = by_account_.find(reader_.envelope().subject);
  if (found == by_account_.end() || found->second.too_many) return;
  Events& events = found->second;
  events.lines.emplace_back(line);
  if (events.lines.size() > kMostEvents) events = {{}, true};
}

const std::vector<std::string>* EventsOf::of(const std::string& account) const {
  const auto found = by_account_.find(account);
  return found == by_account_.end() || found->second.too_many ? nullptr : &found->second.lines;
}

const PartLine* greatest_line(const Book& book) {
  const auto most = std::max_element(
      book.lines.begin(), book.lines.end(), [](const PartLine& a, const PartLine& b) {
        return magnitude(a.sum[kNew] - a.sum[kOld]) < magnitude(b.sum[kNew] - b.sum[kOld]);
      });
  return most == book.lines.end() ? nullptr : &*most;
}

Explained explain(const Result& result, std::uint32_t account, const EventsOf* events,
                  const Explaining& explaining) {
  const Book& book = result.books[account];
  Explained out;
  out.account = account;
  const PartLine* const most = greatest_line(book);
  out.line = most;
  if (most == nullptr) return out;
  const std::vector<std::string>* const lines = events == nullptr ? nullptr : events->of(book.name);
  if (lines == nullptr) return out;
  const auto part = [&](const Where& where, const Both<std::uint32_t>& row) {
    return partings(explaining, book.name, *lines, where, row);
  };
  ToldPartings told = part(most->where, most->row);
  // A bill that only counts other units leaves the reason to the event that made them so.
  const bool sourced = !told.cause[kOld].source.empty() || !told.cause[kNew].source.empty();
  if (!sourced && book.first.account != kNone) {
    ToldPartings first = part(book.first, {});
    if (!first.cause[kOld].source.empty() || !first.cause[kNew].source.empty())
      told = std::move(first);
  }
  out.entry = std::move(told.entry);
  out.cause = std::move(told.cause);
  return out;
}

}  // namespace toll::backtest
