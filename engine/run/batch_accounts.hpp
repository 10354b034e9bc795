// Where a store's accounts are: by number, and the memory that their states lie in.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "engine/run/state.hpp"

namespace toll {

/// Accounts by number, by linear probing, at most half full.
class AccountIndex {
 public:
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
    std::vector<Slot> old(size);
    old.swap(slots_);
    mask_ = size - 1;
    shift_ = 64 - std::countr_zero(size);
    for (const Slot& slot : old) {
      if (slot.state != nullptr) put(slot.account, slot.state);
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::size_t mask_ = 15;
  int shift_ = 60;
  std::size_t used_ = 0;
};

/// Memory of the accounts' states, each on cache lines of its own.
class StateMemory {
 public:
  explicit StateMemory(std::size_t size) : stride_((size + kLine - 1) / kLine * kLine) {}
  /// Room for so many in one piece.
  void reserve(std::size_t states) {
    if (states <= free_) return;
    chunks_.emplace_back(new (std::align_val_t{kLine}) unsigned char[states * stride_]);
    bytes_ += states * stride_;
    next_ = chunks_.back().get();
    free_ = states;
  }
  void* get() {
    if (free_ == 0) reserve(chunks_.empty() ? 16 : 4096);
    --free_;
    return std::exchange(next_, next_ + stride_);
  }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kLine = 64;
  struct Free {
    void operator()(unsigned char* chunk) const {
      ::operator delete[](chunk, std::align_val_t{kLine});
    }
  };
  std::size_t stride_;
  std::vector<std::unique_ptr<unsigned char[], Free>> chunks_;
  unsigned char* next_ = nullptr;
  std::size_t free_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace toll
