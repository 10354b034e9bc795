#include "engine/kernel/digest_set.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "toll/value.hpp"

namespace toll {
namespace {

// Times are kept from year -17000 on, in 40 bits.
constexpr std::int64_t kSecondsBias = std::int64_t{1} << 39;

bool same_id(const DigestSet::Entry& a, const DigestSet::Entry& b) {
  return a.high == b.high && a.low == b.low;
}

/// An empty slot is all zeros, so an id must not be.
DigestSet::Entry valid(DigestSet::Entry entry) {
  if (entry.high == 0 && entry.low == 0) entry.low = 1;
  entry.content &= DigestSet::kContentMask;
  entry.seconds = std::clamp(entry.seconds, -kSecondsBias, kSecondsBias - 1);
  return entry;
}

}  // namespace

[[gnu::always_inline]] inline std::size_t DigestSet::home(const Entry& entry) const {
  return static_cast<std::size_t>((static_cast<UnsignedValue>(entry.high) * capacity_) >> 64);
}

[[gnu::always_inline]] inline std::size_t DigestSet::distance_of(const Entry& entry,
                                                                 std::size_t slot) const {
  const std::size_t from = home(entry);
  return slot >= from ? slot - from : slot + capacity_ - from;
}

[[gnu::always_inline]] inline bool DigestSet::read(std::size_t slot, Entry& entry) const {
  const unsigned char* at = slots_.get() + slot * slot_size();
  std::uint64_t rest = 0;
  std::memcpy(&entry.high, at, 8);
  std::memcpy(&rest, at + 8, 8);
  entry.low = static_cast<std::uint16_t>(rest);
  entry.content = rest >> 16;
  if (timed_) {
    std::uint64_t seconds = 0;
    std::memcpy(&seconds, at + 16, 5);
    entry.seconds = static_cast<std::int64_t>(seconds) - kSecondsBias;
  }
  return entry.high != 0 || entry.low != 0;
}

[[gnu::always_inline]] inline void DigestSet::write(std::size_t slot, const Entry& entry) {
  unsigned char* at = slots_.get() + slot * slot_size();
  const std::uint64_t rest = entry.content << 16 | entry.low;
  std::memcpy(at, &entry.high, 8);
  std::memcpy(at + 8, &rest, 8);
  if (timed_) {
    const auto seconds = static_cast<std::uint64_t>(entry.seconds + kSecondsBias);
    std::memcpy(at + 16, &seconds, 5);
  }
}

bool DigestSet::find(Entry& entry) const {
  if (count_ == 0) return false;
  const Entry sought = valid(entry);
  std::size_t slot = home(sought);
  for (std::size_t distance = 0; distance < capacity_; ++distance) {
    Entry here;
    if (!read(slot, here)) return false;
    if (same_id(here, sought)) {
      entry.content = here.content;
      entry.seconds = here.seconds;
      return true;
    }
    if (distance_of(here, slot) < distance) return false;
    if (++slot == capacity_) slot = 0;
  }
  return false;
}

void DigestSet::insert(const Entry& entry, std::int64_t horizon) {
  const Entry wanted = valid(entry);
  const std::size_t fullest =
      timed_ ? std::size_t{capacity_} * 7 / 8 : std::size_t{capacity_} * 17 / 20;
  if (count_ + 1 > std::max<std::size_t>(fullest, capacity_ < 8 ? capacity_ : 0)) grow(horizon);
  if (place(wanted)) ++count_;
}

// Entries stand in the order of their homes: the new one goes before the first that is nearer to
// its home than it would be, and the rest of the run moves up. An id that is there, perhaps
// forgotten, is met before that.
bool DigestSet::place(const Entry& entry) {
  std::size_t slot = home(entry);
  for (std::size_t distance = 0;; ++distance) {
    Entry here;
    if (!read(slot, here)) {
      write(slot, entry);
      return true;
    }
    if (same_id(here, entry)) {
      write(slot, entry);
      return false;
    }
    if (distance_of(here, slot) < distance) break;
    if (++slot == capacity_) slot = 0;
  }
  move_up(slot);
  write(slot, entry);
  return true;
}

void DigestSet::move_up(std::size_t from) {
  const std::size_t size = slot_size();
  unsigned char* const slots = slots_.get();
  std::size_t free = from;
  for (Entry here; read(free, here);) {
    if (++free == capacity_) free = 0;
  }
  if (free < from) {  // the run goes on at the beginning
    std::memmove(slots + size, slots, free * size);
    std::memcpy(slots, slots + (capacity_ - 1) * size, size);
    free = capacity_ - 1;
  }
  std::memmove(slots + (from + 1) * size, slots + from * size, (free - from) * size);
}

// Entries lie in the order of their homes, and nearly so in a larger table: each goes to its home
// or behind the one before it. Those for which that is not the order are put in as if they were
// new.
void DigestSet::grow(std::int64_t horizon) {
  DigestSet old(timed_);
  old.slots_ = std::move(slots_);
  old.capacity_ = capacity_;
  const auto each = [&](auto visit) {
    for (std::size_t slot = 0; slot < old.capacity_; ++slot) {
      Entry entry;
      if (old.read(slot, entry) && !(timed_ && entry.seconds < horizon)) visit(entry, slot);
    }
  };
  std::size_t kept = timed_ ? 0 : count_;
  if (timed_) each([&](const Entry&, std::size_t) { ++kept; });
  // Larger entries get less room, so that no more than 32 bytes go to an id.
  const std::size_t capacity = std::max<std::size_t>(2, kept * (timed_ ? 6 : 7) / 4 + 1);
  TOLL_ASSERT(reserve(capacity, kept));
  std::vector<Entry> left;
  std::size_t next = 0;
  std::size_t latest = 0;
  each([&](const Entry& entry, std::size_t slot) {
    const std::size_t from = home(entry);
    const std::size_t at = std::max(from, next);
    const bool in_order = from >= latest && old.home(entry) <= slot && at < capacity_;
    if (!in_order) return left.push_back(entry);
    write(at, entry);
    latest = from;
    next = at + 1;
  });
  for (const Entry& entry : left) place(entry);
  count_ = static_cast<std::uint32_t>(kept);
}

bool DigestSet::reserve(std::size_t capacity, std::size_t count) {
  if (capacity < count || capacity > 0x7fffffffU || capacity > 8 + 4 * count) return false;
  slots_ = capacity == 0 ? nullptr : std::make_unique<unsigned char[]>(capacity * slot_size());
  capacity_ = static_cast<std::uint32_t>(capacity);
  count_ = 0;
  return true;
}

std::vector<DigestSet::Entry> DigestSet::entries() const {
  std::vector<Entry> all;
  all.reserve(count_);
  for (std::size_t slot = 0; slot < capacity_; ++slot) {
    Entry entry;
    if (read(slot, entry)) all.push_back(entry);
  }
  std::sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  });
  return all;
}

}  // namespace toll
