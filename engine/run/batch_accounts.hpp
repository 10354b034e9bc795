// Where a store's accounts are: by number, and the memory that their states lie in.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <utility>
#include <vector>

#include "engine/kernel/chunks.hpp"
#include "engine/run/state.hpp"

namespace toll {

/// Accounts by number, by linear probing, at most half full.
class AccountIndex {
 public:
  explicit AccountIndex(std::pmr::memory_resource& from) : slots_(16, &from) {}
  void reserve(std::size_t accounts) {
    std::size_t size = 16;
    while (size < 2 * accounts) size *= 2;
    if (size > slots_.size()) rebuild(size);
  }
  /// Null: there is none.
  [[nodiscard]] AccountState* find(std::uint64_t account) const {
    std::size_t at = home(account);
    while (slots_[at].account != account && slots_[at].state != nullptr) at = (at + 1) & mask_;
    return slots_[at].state;
  }
  void insert(std::uint64_t account, AccountState* state) {
    reserve(++used_);
    put(account, state);
  }
  void prefetch(std::uint64_t account) const { __builtin_prefetch(&slots_[home(account)]); }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t account = 0;
    AccountState* state = nullptr;
  };

  [[nodiscard]] std::size_t home(std::uint64_t account) const {
    return ((account ^ (account >> 29)) * 0x9e3779b97f4a7c15U) >> shift_;
  }
  void put(std::uint64_t account, AccountState* state) {
    std::size_t at = home(account);
    while (slots_[at].state != nullptr) at = (at + 1) & mask_;
    slots_[at] = {account, state};
  }
  void rebuild(std::size_t size) {
    std::pmr::vector<Slot> old(size, slots_.get_allocator());
    old.swap(slots_);
    mask_ = size - 1;
    shift_ = 64 - std::countr_zero(size);
    for (const Slot& slot : old) {
      if (slot.state != nullptr) put(slot.account, slot.state);
    }
  }

  std::pmr::vector<Slot> slots_;
  std::size_t mask_ = 15;
  int shift_ = 60;
  std::size_t used_ = 0;
};

/// Memory of the accounts' states, each on cache lines of its own.
class StateMemory {
 public:
  StateMemory(std::size_t size, std::pmr::memory_resource& from)
      : stride_((size + kLine - 1) / kLine * kLine), chunks_(from) {}
  /// Room for so many in one piece.
  void reserve(std::size_t states) {
    if (states <= free_) return;
    next_ = chunks_.add(states * stride_);
    free_ = states;
  }
  void* get() {
    if (free_ == 0) reserve(chunks_.bytes() == 0 ? 16 : 4096);
    --free_;
    return std::exchange(next_, next_ + stride_);
  }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] std::size_t bytes() const { return chunks_.bytes(); }

 private:
  static constexpr std::size_t kLine = Chunks::kLine;
  std::size_t stride_;
  Chunks chunks_;
  unsigned char* next_ = nullptr;
  std::size_t free_ = 0;
};

}  // namespace toll
