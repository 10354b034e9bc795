#include "engine/run/state.hpp"

#include <algorithm>
#include <utility>

#include "engine/kernel/checked.hpp"
#include "engine/run/workspace.hpp"

namespace toll {

AccountState::AccountState(std::shared_ptr<const Program> of)
    : globals(new unsigned char[of->globals.size() + 1]),
      families(of->account_families),
      program(std::move(of)),
      digests(program->core->remember_seconds >= 0) {
  std::copy(program->blank_globals.begin(), program->blank_globals.end(), globals.get());
}

void AccountState::copy_from(const AccountState& other) {
  program = other.program;
  globals.reset(new unsigned char[program->globals.size() + 1]);
  std::copy_n(other.globals.get(), program->globals.size(), globals.get());
  families.clear();
  for (const auto& rows : other.families) {
    families.push_back(rows == nullptr ? nullptr : std::make_unique<FamilyState>(*rows));
  }
  texts = other.texts == nullptr ? nullptr : std::make_unique<TextPool>(*other.texts);
  sets = other.sets == nullptr ? nullptr : std::make_unique<SetPool>(*other.sets);
  clock = other.clock;
  next_deadline = other.next_deadline;
  next_timer = other.next_timer;
  entries = other.entries;
  pools_limit = other.pools_limit;
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
        const std::uint32_t place = index - workspace->first_text;
        return place < workspace->texts.size() ? view(workspace->texts.at(place))
                                               : std::string_view{};
      }
      return index < text_count() ? view(texts->at(index)) : std::string_view{};
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
  return sets != nullptr && index - shared < sets->size() ? sets->at(index - shared)
                                                          : std::span<const std::uint64_t>{};
}

Value AccountState::intern_set(std::span<const std::uint64_t> bits) {
  while (!bits.empty() && bits.back() == 0) bits = bits.first(bits.size() - 1);
  const std::uint32_t known = program->sets.find(bits);
  if (known != SetPool::kMissing) return known;
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

std::size_t AccountState::bytes() const {
  std::size_t total = sizeof *this + program->globals.size() + 1 +
                      families.capacity() * sizeof(families[0]) + digests.bytes();
  for (const auto& family : families) {
    if (family) total += sizeof *family + family->bytes();
  }
  if (texts) total += sizeof *texts + texts->bytes();
  if (sets) total += sizeof *sets + sets->bytes();
  return total;
}

std::int64_t whole_seconds(Value instant) {
  return static_cast<std::int64_t>(checked::floor_div(instant, kNanosPerSecond));
}

}  // namespace toll
