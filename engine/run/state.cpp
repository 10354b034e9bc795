#include "engine/run/state.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/checked.hpp"
#include "engine/run/workspace.hpp"

namespace toll {

std::size_t AccountState::size_of(const Program& program) {
  return sizeof(AccountState) + program.account_families * sizeof(FamilyState) +
         program.globals.size();
}

AccountState::AccountState(std::shared_ptr<const Program> program) {
  auto own = std::make_unique<Kept>(Shared{program.get()}, program->core->remember_seconds >= 0);
  own->holds_program = std::move(program);
  const Program& of = *own->program;
  for (std::uint32_t i = 0; i < of.account_families; ++i) new (families() + i) FamilyState;
  shared_ = own.release();
  std::copy(of.blank_globals.begin(), of.blank_globals.end(), globals());
}

AccountState::AccountState(Shared& shared, FamilyMemory& memory, std::uint64_t as)
    : number(as), shared_(&shared) {
  const Program& of = *shared.program;
  for (std::uint32_t i = 0; i < of.account_families; ++i) new (families() + i) FamilyState(memory);
  std::copy(of.blank_globals.begin(), of.blank_globals.end(), globals());
}

AccountState::~AccountState() {
  std::destroy_n(families(), program()->account_families);
  if (shared_->is_kept) delete own();
}

void AccountState::copy_from(const AccountState& other) {
  const Program& program = *this->program();
  TOLL_ASSERT(&program == other.program());
  std::copy_n(other.globals(), program.globals.size(), globals());
  for (std::uint32_t i = 0; i < program.families.size(); ++i) {
    if (program.families[i].event_scope) continue;
    rows(i) = other.rows(i).copy(program.families[i]);
  }
  const Kept& had = other.kept();
  Kept& has = to_keep();
  has.texts = had.texts == nullptr ? nullptr : std::make_unique<TextPool>(*had.texts);
  has.sets = had.sets == nullptr ? nullptr : std::make_unique<SetPool>(*had.sets);
  has.pools_limit = had.pools_limit;
  has.over_by = had.over_by;
  has.owed = had.owed == nullptr ? nullptr : std::make_unique<Owed>(*had.owed);
  has.clock = had.clock;
  narrow_clock = other.narrow_clock;
  due = other.due;
  entries = other.entries;
}

const AccountState::Kept& AccountState::kept() const {
  static const Kept kNobody{Shared{}};
  return shared_->is_kept ? *own() : kNobody;
}

AccountState::Kept& AccountState::to_keep() {
  if (!shared_->is_kept) shared_ = new Kept(*shared_, program()->core->remember_seconds >= 0);
  return static_cast<Kept&>(*shared_);
}

Value AccountState::clock_elsewhere() const {
  return narrow_clock == INT64_MIN ? kAbsent : kept().clock;
}

void AccountState::set_clock(Value to) {
  if (is_told(to)) {
    narrow_clock = static_cast<std::int64_t>(to);
  } else if (to == kAbsent) {
    narrow_clock = INT64_MIN;
  } else {
    to_keep().clock = to;
    narrow_clock = to < 0 ? kEarliest : kLatest;
  }
}

Owed& AccountState::to_owe() {
  std::unique_ptr<Owed>& owed = to_keep().owed;
  if (owed == nullptr) {
    owed = std::make_unique<Owed>();
    owed->numbers.resize(program()->owed_families.size());
  }
  return *owed;
}

std::string_view AccountState::text(Value value) const {
  if (value == kAbsent || value < 0) return {};
  const auto index = static_cast<std::uint32_t>(value);
  switch (static_cast<TextSpace>(static_cast<std::uint8_t>(value >> 32))) {
    case TextSpace::policy:
      return index < program()->texts.size() ? view(program()->texts.at(index))
                                             : std::string_view{};
    case TextSpace::account: {
      // A text of the event at hand has the index it will have if it is kept.
      const Workspace* const work = AtHand::of(*this);
      if (work != nullptr && index >= work->first_text) {
        const std::uint32_t own = index - work->first_text;
        return own < work->texts.size() ? view(work->texts.at(own)) : std::string_view{};
      }
      return index < text_count() ? view(kept().texts->at(index)) : std::string_view{};
    }
    case TextSpace::event:
      break;
  }
  return {};
}

std::span<const std::uint64_t> AccountState::set(Value value) const {
  if (value == kAbsent) return {};
  const auto index = static_cast<std::uint32_t>(value);
  const std::uint32_t shared = program()->sets.size();
  if (index < shared) return program()->sets.at(index);
  const SetPool* own = kept().sets.get();
  return own != nullptr && index - shared < own->size() ? own->at(index - shared)
                                                        : std::span<const std::uint64_t>{};
}

Value AccountState::intern_set(std::span<const std::uint64_t> bits) {
  while (!bits.empty() && bits.back() == 0) bits = bits.first(bits.size() - 1);
  const std::uint32_t known = program()->sets.find(bits);
  if (known != SetPool::kMissing) return known;
  std::unique_ptr<SetPool>& sets = to_keep().sets;
  if (sets == nullptr) sets = std::make_unique<SetPool>();
  return static_cast<Value>(program()->sets.size()) + sets->add(bits);
}

AccountState::Deadline AccountState::next_deadline() const {
  if (program()->core->timers.size() == 1 && is_told(due)) return {due, 0};
  return earliest_deadline();
}

AccountState::Deadline AccountState::earliest_deadline() const {
  const std::vector<Timer>& timers = program()->core->timers;
  Deadline next;
  for (std::uint32_t i = 0; i < timers.size(); ++i) {
    const Value at = global(program()->timer_cell(i));
    if (at == kAbsent) continue;
    if (next.timer == kNone || at < next.at ||
        (at == next.at && timers[i].rank < timers[next.timer].rank)) {
      next = {at, i};
    }
  }
  return next;
}

bool AccountState::is_due(Value until) const {
  if (is_told(due)) return due <= until;
  if (due == kLatest && until < kLatest) return false;
  const Deadline next = next_deadline();
  return next.timer != kNone && next.at <= until;
}

std::int64_t AccountState::due_of(Value deadline) {
  if (deadline == kAbsent || deadline >= kLatest) return kLatest;
  return deadline <= kEarliest ? kEarliest : static_cast<std::int64_t>(deadline);
}

void AccountState::refresh_deadline() { due = due_of(earliest_deadline().at); }

void AccountState::refresh_deadline(Value before, Value deadline) {
  const std::int64_t changed = due_of(deadline);
  if (changed <= due || program()->core->timers.size() == 1) {
    due = changed;
  } else if (due_of(before) == due) {
    refresh_deadline();
  }
}

std::size_t AccountState::bytes() const {
  const Program& program = *this->program();
  std::size_t total = size_of(program) + bytes_of_kept();
  for (std::uint32_t i = 0; i < program.families.size(); ++i) {
    if (!program.families[i].event_scope) total += rows(i).bytes(program.families[i]);
  }
  return total;
}

std::size_t AccountState::bytes_elsewhere() const {
  const Program& program = *this->program();
  std::size_t total = bytes_of_kept();
  for (std::uint32_t i = 0; i < program.families.size(); ++i) {
    if (program.families[i].event_scope || rows(i).is_in_memory()) continue;
    total += rows(i).bytes(program.families[i]);
  }
  return total;
}

std::size_t AccountState::bytes_of_kept() const {
  if (!shared_->is_kept) return 0;
  const Kept& kept = *own();
  std::size_t total = sizeof kept + kept.digests.bytes();
  if (kept.texts) total += sizeof *kept.texts + kept.texts->bytes();
  if (kept.sets) total += sizeof *kept.sets + kept.sets->bytes();
  if (kept.owed) total += kept.owed->bytes();
  return total;
}

std::int64_t whole_seconds(Value instant) {
  return static_cast<std::int64_t>(checked::floor_div(instant, kNanosPerSecond));
}

}  // namespace toll
