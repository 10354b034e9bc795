// Finds rows by hash: numbers of rows in open addressing, 4 bytes a slot. What a row's key is, only
// the caller knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace toll {

class RowSlots {
 public:
  static constexpr std::uint32_t kMissing = 0xffffffffU;

  [[nodiscard]] bool empty() const { return slots_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(std::uint32_t); }
  void prefetch() const { __builtin_prefetch(slots_.data()); }
  void clear() {
    slots_.clear();
    used_ = 0;
  }

  /// The row for which `is_it(row)` holds.
  template <class IsIt>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, IsIt is_it) const {
    if (slots_.empty()) return kMissing;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
      if (is_it(slots_[slot] - 1)) return slots_[slot] - 1;
    }
    return kMissing;
  }

  /// Adds a row that is not there; `hash_of(row)` is asked when the table grows.
  template <class HashOf>
  void insert(std::uint64_t hash, std::uint32_t row, HashOf hash_of) {
    if (slots_.size() * 3 < (std::size_t{used_} + 1) * 4) {
      std::vector<std::uint32_t> old(slots_.empty() ? 4 : 2 * slots_.size());
      old.swap(slots_);
      for (const std::uint32_t entry : old) {
        if (entry != 0) place(hash_of(entry - 1), entry);
      }
    }
    place(hash, row + 1);
    ++used_;
  }

  void replace(std::uint64_t hash, std::uint32_t row, std::uint32_t by) {
    slots_[slot_of(hash, row)] = by + 1;
  }

  /// Takes a row out. Later rows of the same run move up, so that no marker stays behind.
  template <class HashOf>
  void erase(std::uint64_t hash, std::uint32_t row, HashOf hash_of) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t hole = slot_of(hash, row);
    for (std::size_t slot = (hole + 1) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
      const std::size_t home = hash_of(slots_[slot] - 1) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots_[hole] = slots_[slot];
      hole = slot;
    }
    slots_[hole] = 0;
    --used_;
  }

 private:
  void place(std::uint64_t hash, std::uint32_t entry) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = entry;
  }

  [[nodiscard]] std::size_t slot_of(std::uint64_t hash, std::uint32_t row) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    while (slots_[slot] != row + 1) slot = (slot + 1) & mask;
    return slot;
  }

  std::vector<std::uint32_t> slots_;  // row + 1; 0 is free
  std::uint32_t used_ = 0;
};

}  // namespace toll
