#include "tools/backtest/backtest.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/kernel/calendar.hpp"
#include "io/name_index.hpp"
#include "toll/json.hpp"
#include "tools/backtest/ledger_line.hpp"
#include "tools/backtest/tally.hpp"

namespace toll::backtest {
namespace {

struct ValuesHash {
  std::size_t operator()(const std::vector<Value>& values) const {
    std::size_t hash = 0;
    for (const Value value : values)
      hash = hash * 0x9e3779b97f4a7c15U + static_cast<std::size_t>(value);
    return hash;
  }
};

Value scaled(Value value, const Type& type) {
  for (unsigned i = type.scale; i < kScale; ++i) value *= 10;
  return value;
}

}  // namespace

/// One of the two policies at work.
class Runner final : public Observer {
 public:
  Runner(Side side, const std::shared_ptr<const Core>& core, const Counting& counting, Tally& tally)
      : side_(side),
        core_(*core),
        tally_(tally),
        calendar_(core_.zone),
        outcome_members_(outcome_members(core_)),
        other_(other_amounts(core_, counting)),
        runner(core, [this](std::string_view line) { ledger_line(line); }) {
    runner.observe(this);
    counted_.resize(core_.entries.size());
    for (const Counted& one : counting.all) counted_[one.entry].push_back(&one);
    slots_.resize(core_.entries.size());
    for (std::size_t entry = 0; entry < core_.entries.size(); ++entry) {
      const EntryKind& kind = core_.entries[entry];
      for (std::size_t i = 0; i < kind.members.size(); ++i) {
        if (!other_[entry][i]) continue;
        slots_[entry].push_back(
            {i, tally.amount(kind.wire + "." + kind.members[i].wire), kind.members[i].type});
      }
    }
  }

  void entry(std::string_view subject, const Account& account, const EntryView& entry) override {
    book_ = tally_.touch(subject);
    seq_ = entry.seq;
    tally_.note(side_, Noted::outcome, book_, outcome(account, entry), 1, entry);
    if (entry.kind >= core_.entries.size()) return;
    for (const Counted* const one : counted_[entry.kind]) count(*one, account, entry);
    for (const Slot& slot : slots_[entry.kind]) {
      const Value value = entry.members[slot.member];
      if (value == kAbsent) continue;
      tally_.note(side_, Noted::amount, book_, slot.id, scaled(value, slot.type), entry);
    }
  }

 private:
  /// A member that is an amount of money and not counted.
  struct Slot {
    std::size_t member = 0;
    std::uint32_t id = 0;
    Type type;
  };

  void ledger_line(std::string_view line) { tally_.said(side_, book_, comparable(line), seq_); }

  std::string shown(const Account& account, const Type& type, Value value, bool wire) const {
    if (type.kind == Kind::boolean) return value != 0 ? "true" : "false";
    if (type.kind == Kind::text || (value & kUnknownName) != 0) {
      const std::string text(account.text(value));
      return wire ? text : told(text);
    }
    const Domain::Name& name = core_.domains[type.ref].names[static_cast<std::size_t>(value)];
    return wire ? name.wire : name.shown;
  }

  /// A text as the policy's statement tells it to customers.
  std::string told(const std::string& text) const {
    for (const Statement& statement : core_.statements) {
      for (const Statement::Wording& wording : statement.wordings) {
        if (wording.text == text) return wording.shown;
      }
    }
    return text;
  }

  std::uint32_t outcome(const Account& account, const EntryView& entry) {
    if (entry.kind == EntryView::kError) return tally_.outcome(entry.code, entry.code, true);
    if (entry.kind == EntryView::kDuplicate) return tally_.outcome("duplicate", "duplicate", false);
    const EntryKind& kind = core_.entries[entry.kind];
    key_.assign(1, entry.kind);
    for (const std::uint32_t member : outcome_members_[entry.kind]) {
      const Value value = entry.members[member];
      const bool data =
          kind.members[member].type.kind == Kind::text && value >> 32 != 0;  // not the policy's own
      key_.push_back(data ? kAbsent : value);
    }
    const auto found = outcomes_.find(key_);
    if (found != outcomes_.end()) return found->second;
    std::string words;
    std::string wire = kind.wire;
    for (std::size_t i = 0; i < outcome_members_[entry.kind].size(); ++i) {
      const Value value = key_[i + 1];
      if (value == kAbsent) continue;
      const EntryKind::Member& member = kind.members[outcome_members_[entry.kind][i]];
      const std::string flag = member.type.kind == Kind::boolean ? member.name + " " : "";
      words += (words.empty() ? ": " : ", ") + flag + shown(account, member.type, value, false);
      wire += "\n" + member.wire + "=" + shown(account, member.type, value, true);
    }
    const std::uint32_t id = tally_.outcome(wire, kind.name + words, false);
    outcomes_.emplace(key_, id);
    return id;
  }

  Value month_of(const EntryView& entry) const {
    if (entry.time == kAbsent) return kAbsent;
    return month_of_day(calendar_.local(entry.time).day);
  }

  void count(const Counted& counted, const Account& account, const EntryView& entry) {
    const EntryKind& kind = core_.entries[entry.kind];
    const Value said = counted.month == kNone ? kAbsent : entry.members[counted.month];
    const Value month = said == kAbsent ? month_of(entry) : said;
    const Value total = entry.members[counted.member];
    const Value sign = counted.negative ? -1 : 1;
    Value rest = total == kAbsent ? 0 : sign * scaled(total, kind.members[counted.member].type);
    tally_.total(side_, book_, rest);
    if (counted.rows == kNone) {
      if (total == kAbsent) tally_.unpriced(side_, book_);
      part(account, kind.members, entry.members, kind.name, month, rest, 0, entry);
      return;
    }
    const std::vector<EntryKind::Member>& columns = kind.members[counted.rows].columns;
    if (entry.members[counted.rows] == kAbsent) return;
    const ListView& rows = entry.rows[static_cast<std::size_t>(entry.members[counted.rows])];
    std::uint32_t number = 0;
    for (std::size_t first = 0; first < rows.cells.size(); first += rows.columns) {
      ++number;
      const std::span<const Value> row = rows.cells.subspan(first, rows.columns);
      const Value amount = row[counted.row_money];
      if (amount == kAbsent) tally_.unpriced(side_, book_);
      const Value exact =
          amount == kAbsent ? 0 : sign * scaled(amount, columns[counted.row_money].type);
      const Value of = counted.row_month == kNone ? kAbsent : row[counted.row_month];
      part(account, columns, row, kind.name, of == kAbsent ? month : of, exact, number, entry);
      rest -= exact;
    }
    if (rest != 0) part(account, {}, {}, kind.name, month, rest, 0, entry);
  }

  /// What a line is about: the names in it; without any, what the entry is called.
  void part(const Account& account, const std::vector<EntryKind::Member>& members,
            std::span<const Value> values, const std::string& otherwise, Value month, Value amount,
            std::uint32_t row, const EntryView& entry) {
    std::string wire;
    std::string words;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].rows || members[i].type.kind != Kind::name || values[i] == kAbsent) continue;
      wire += (wire.empty() ? "" : "\n") + shown(account, members[i].type, values[i], true);
      words += (words.empty() ? "" : ", ") + shown(account, members[i].type, values[i], false);
    }
    if (words.empty()) wire = words = otherwise;
    const std::uint32_t id = tally_.part(wire, words, month);
    tally_.pay(side_, id, amount);
    tally_.note(side_, Noted::part, book_, id, amount, entry, row);
  }

  const Side side_;
  const Core& core_;
  Tally& tally_;
  Calendar calendar_;
  std::vector<std::vector<std::uint32_t>> outcome_members_;
  std::vector<std::vector<bool>> other_;
  std::vector<std::vector<const Counted*>> counted_;
  std::vector<std::vector<Slot>> slots_;
  std::unordered_map<std::vector<Value>, std::uint32_t, ValuesHash> outcomes_;
  std::vector<Value> key_;
  std::uint32_t book_ = kNone;
  std::uint64_t seq_ = 0;

 public:
  JsonRunner runner;
};

struct Backtest::Impl {
  Impl(const Both<std::shared_ptr<const Core>>& both, const Both<Counting>& counts)
      : cores(both),
        counting(counts),
        older(kOld, cores[kOld], counting[kOld], tally),
        newer(kNew, cores[kNew], counting[kNew], tally) {}

  Both<std::shared_ptr<const Core>> cores;
  Both<Counting> counting;
  Tally tally;
  Runner older;
  Runner newer;
  std::uint64_t events = 0;

  /// The state in which each machine ended, where that differs.
  void compare_states() {
    std::map<std::pair<std::string, Both<std::string>>, StateChange> found;
    std::map<std::string, Both<std::uint32_t>> machines;
    for (const Side side : {kOld, kNew}) {
      for (std::uint32_t i = 0; i < cores[side]->machines.size(); ++i) {
        auto [at, fresh] = machines.try_emplace(cores[side]->machines[i].wire);
        if (fresh) at->second = {kNone, kNone};
        at->second[side] = i;
      }
    }
    Result& result = tally.result();
    for (std::uint32_t book = 0; book < result.books.size(); ++book) {
      const Both<const Account*> accounts = {older.runner.account(result.books[book].name),
                                             newer.runner.account(result.books[book].name)};
      if (accounts[kOld] == nullptr || accounts[kNew] == nullptr) continue;
      for (const auto& [name, index] : machines) {
        Both<std::string> wires;
        StateChange change;
        for (const Side side : {kOld, kNew}) {
          if (index[side] == kNone) continue;
          const Machine& machine = cores[side]->machines[index[side]];
          const auto state = static_cast<std::size_t>(accounts[side]->state(index[side]));
          const Domain::Name& of = cores[side]->domains[machine.domain].names[state];
          wires[side] = of.wire;
          change.machine = machine.name;
          change.state[side] = of.shown;
        }
        if (wires[kOld] == wires[kNew]) continue;
        StateChange& known = found.try_emplace({name, wires}, change).first->second;
        if (known.accounts++ == 0) known.first = book;
        result.books[book].states = true;
      }
    }
    for (auto& [key, change] : found) result.states.push_back(std::move(change));
  }
};

Backtest::Backtest(const Both<std::shared_ptr<const Core>>& cores, const Both<Counting>& counting)
    : impl_(std::make_unique<Impl>(cores, counting)) {}
Backtest::~Backtest() = default;

void Backtest::feed(std::string_view line, std::uint64_t line_number) {
  ++impl_->events;
  impl_->older.runner.feed(line, line_number);
  impl_->newer.runner.feed(line, line_number);
  impl_->tally.settle_step();
}

void Backtest::feed_too_long(std::uint64_t line_number) {
  ++impl_->events;
  impl_->older.runner.feed_too_long(line_number);
  impl_->newer.runner.feed_too_long(line_number);
  impl_->tally.settle_step();
}

Value Backtest::parse_time(std::string_view text) const {
  return impl_->newer.runner.parse_time(text);
}

Result Backtest::finish(Value until) {
  const Value end = until == kAbsent ? impl_->newer.runner.latest_time() : until;
  impl_->tally.close();
  if (end != kAbsent) {
    impl_->older.runner.advance(end);
    impl_->newer.runner.advance(end);
  }
  impl_->tally.settle_all();
  impl_->compare_states();
  Result& result = impl_->tally.result();
  result.type = impl_->counting[kNew].type;
  for (const Side side : {kOld, kNew}) {
    for (const Counted& one : impl_->counting[side].all) {
      result.counted[side].push_back((one.negative ? "-" : "") + one.name);
    }
  }
  result.errors = {impl_->older.runner.totals().errors, impl_->newer.runner.totals().errors};
  result.events = impl_->events;
  result.until = end;
  return std::move(result);
}

}  // namespace toll::backtest
