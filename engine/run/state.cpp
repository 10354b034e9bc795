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

AccountState::AccountState(const Program& of, FamilyMemory* memory) : program(&of) {
  for (std::uint32_t i = 0; i < of.account_families; ++i) {
    if (memory != nullptr) {
      new (families() + i) FamilyState(*memory);
    } else {
      new (families() + i) FamilyState;
    }
  }
  std::copy(of.blank_globals.begin(), of.blank_globals.end(), globals());
}

AccountState::~AccountState() { std::destroy_n(families(), program->account_families); }

void AccountState::copy_from(const AccountState& other) {
  TOLL_ASSERT(program == other.program);
  std::copy_n(other.globals(), program->globals.size(), globals());
  for (std::uint32_t i = 0; i < program->families.size(); ++i) {
    if (program->families[i].event_scope) continue;
    rows(i) = other.rows(i).copy(program->families[i]);
  }
  const Kept& had = other.kept();
  Kept& has = to_keep();
  has.texts = had.texts == nullptr ? nullptr : std::make_unique<TextPool>(*had.texts);
  has.sets = had.sets == nullptr ? nullptr : std::make_unique<SetPool>(*had.sets);
  has.pools_limit = had.pools_limit;
  has.over_by = had.over_by;
  clock = other.clock;
  next_deadline = other.next_deadline;
  next_timer = other.next_timer;
  entries = other.entries;
}

const AccountState::Kept& AccountState::kept() const {
  static const Kept kNobody;
  return kept_ == nullptr ? kNobody : *kept_;
}

AccountState::Kept& AccountState::to_keep() {
  if (kept_ == nullptr) kept_ = std::make_unique<Kept>(program->core->remember_seconds >= 0);
  return *kept_;
}

std::string_view AccountState::text(Value value) const {
  if (value == kAbsent || value < 0) return {};
  const auto index = static_cast<std::uint32_t>(value);
  switch (static_cast<TextSpace>(static_cast<std::uint8_t>(value >> 32))) {
    case TextSpace::policy:
      return index < program->texts.size() ? view(program->texts.at(index)) : std::string_view{};
    case TextSpace::account:
      // A text of the event at hand has the index it will have if it is kept.
      if (workspace != nullptr && index >= workspace->first_text) {
        const std::uint32_t own = index - workspace->first_text;
        return own < workspace->texts.size() ? view(workspace->texts.at(own)) : std::string_view{};
      }
      return index < text_count() ? view(kept().texts->at(index)) : std::string_view{};
    case TextSpace::event:
      break;
  }
  return {};
}

std::span<const std::uint64_t> AccountState::set(Value value) const {
  if (value == kAbsent) return {};
  const auto index = static_cast<std::uint32_t>(value);
  const std::uint32_t shared = program->sets.size();
  if (index < shared) return program->sets.at(index);
  const SetPool* own = kept().sets.get();
  return own != nullptr && index - shared < own->size() ? own->at(index - shared)
                                                        : std::span<const std::uint64_t>{};
}

Value AccountState::intern_set(std::span<const std::uint64_t> bits) {
  while (!bits.empty() && bits.back() == 0) bits = bits.first(bits.size() - 1);
  const std::uint32_t known = program->sets.find(bits);
  if (known != SetPool::kMissing) return known;
  std::unique_ptr<SetPool>& sets = to_keep().sets;
  if (sets == nullptr) sets = std::make_unique<SetPool>();
  return static_cast<Value>(program->sets.size()) + sets->add(bits);
}

void AccountState::refresh_deadline() {
  next_deadline = kAbsent;
  next_timer = kNone;
  const std::vector<Timer>& timers = program->core->timers;
  for (std::uint32_t i = 0; i < timers.size(); ++i) {
    const Value deadline = global(program->timer_cell(i));
    if (deadline == kAbsent) continue;
    if (next_timer == kNone || deadline < next_deadline ||
        (deadline == next_deadline && timers[i].rank < timers[next_timer].rank)) {
      next_deadline = deadline;
      next_timer = i;
    }
  }
}

void AccountState::refresh_deadline(std::uint32_t timer, Value deadline) {
  if (program->core->timers.size() == 1) {
    next_timer = deadline == kAbsent ? kNone : timer;
    next_deadline = deadline;
    return;
  }
  const bool later = next_timer != kNone && deadline > next_deadline;
  if (timer == next_timer || !(deadline == kAbsent || later)) refresh_deadline();
}

std::size_t AccountState::bytes() const {
  std::size_t total = size_of(*program) + bytes_of_kept();
  for (std::uint32_t i = 0; i < program->families.size(); ++i) {
    if (!program->families[i].event_scope) total += rows(i).bytes(program->families[i]);
  }
  return total;
}

std::size_t AccountState::bytes_elsewhere() const {
  std::size_t total = bytes_of_kept();
  for (std::uint32_t i = 0; i < program->families.size(); ++i) {
    if (program->families[i].event_scope || rows(i).is_in_memory()) continue;
    total += rows(i).bytes(program->families[i]);
  }
  return total;
}

std::size_t AccountState::bytes_of_kept() const {
  if (kept_ == nullptr) return 0;
  std::size_t total = sizeof *kept_ + kept_->digests.bytes();
  if (kept_->texts) total += sizeof *kept_->texts + kept_->texts->bytes();
  if (kept_->sets) total += sizeof *kept_->sets + kept_->sets->bytes();
  return total;
}

std::int64_t whole_seconds(Value instant) {
  return static_cast<std::int64_t>(checked::floor_div(instant, kNanosPerSecond));
}

}  // namespace toll
