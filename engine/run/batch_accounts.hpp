// Where a store's accounts are: by number, and the memory that their states lie in.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "engine/kernel/chunks.hpp"
#include "engine/run/state.hpp"

namespace toll {

/// Memory of the accounts' states, by place in the order of their making.
class StateMemory {
 public:
  StateMemory(std::size_t size, std::pmr::memory_resource& from)
      : stride_((size + alignof(AccountState) - 1) / alignof(AccountState) * alignof(AccountState)),
        chunks_(from) {}
  /// Room for so many in one piece.
  void reserve(std::size_t states) {
    const std::size_t room = blocks_.size() * kBlock;
    if (states <= room) return;
    const std::size_t blocks = (states - room + kBlock - 1) / kBlock;
    unsigned char* const piece = chunks_.add(blocks * kBlock * stride_);
    for (std::size_t i = 0; i < blocks; ++i) blocks_.push_back(piece + i * kBlock * stride_);
  }
  /// Memory for the state at the next place.
  void* next(std::size_t place) {
    if (place == blocks_.size() * kBlock) reserve(place + std::clamp(place / 4, kBlock, kMost));
    return at(place);
  }
  [[nodiscard]] AccountState* state(std::size_t place) const {
    return reinterpret_cast<AccountState*>(at(place));
  }
  [[nodiscard]] std::size_t stride() const { return stride_; }
  [[nodiscard]] std::size_t bytes() const {
    return chunks_.bytes() + blocks_.capacity() * sizeof(unsigned char*);
  }

 private:
  static constexpr std::size_t kBlock = 256;
  static constexpr std::size_t kMost = 32'768;

  [[nodiscard]] unsigned char* at(std::size_t place) const {
    return blocks_[place / kBlock] + place % kBlock * stride_;
  }

  std::size_t stride_;
  Chunks chunks_;
  std::vector<unsigned char*> blocks_;
};

/// Accounts by number, by linear probing, at most three quarters full. A slot tells an account by a
/// part of its number's hash; the number itself stands in the state, which is needed anyhow.
class AccountIndex {
 public:
  explicit AccountIndex(const StateMemory& states, std::pmr::memory_resource& from)
      : states_(states), slots_(16, &from) {}
  void reserve(std::size_t accounts) {
    const std::size_t size = accounts / 3 * 4 + 16;
    if (size > slots_.size()) rebuild(size);
  }
  /// Null: there is none.
  [[nodiscard]] AccountState* find(std::uint64_t account) const {
    return look(account, [account](const AccountState& state) { return state.number == account; });
  }
  /// The same without a look at the state: nearly always right.
  [[nodiscard]] AccountState* guess(std::uint64_t account) const {
    return look(account, [](const AccountState&) { return true; });
  }
  void insert(std::uint64_t account, std::uint32_t place) {
    if (++used_ > slots_.size() / 4 * 3) rebuild(slots_.size() + slots_.size() / 2);
    put({hash(account), place + 1});
  }
  /// (Inlined always: what only fetches is taken for idle by compilers that look from outside.)
  [[gnu::always_inline]] void prefetch(std::uint64_t account) const {
    __builtin_prefetch(&slots_[home(hash(account))]);
  }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t next = 0;  ///< the place after the account's; 0: free
  };

  [[nodiscard]] static std::uint32_t hash(std::uint64_t account) {
    return static_cast<std::uint32_t>(((account ^ (account >> 29)) * 0x9e3779b97f4a7c15U) >> 32);
  }
  [[nodiscard]] std::size_t home(std::uint32_t hash) const {
    return static_cast<std::size_t>((hash * std::uint64_t{slots_.size()}) >> 32);
  }
  template <class Is>
  [[nodiscard]] AccountState* look(std::uint64_t account, Is is) const {
    const std::uint32_t sought = hash(account);
    for (std::size_t at = home(sought);; at = at + 1 == slots_.size() ? 0 : at + 1) {
      const Slot& slot = slots_[at];
      if (slot.next == 0) return nullptr;
      if (slot.hash != sought) continue;
      AccountState* const state = states_.state(slot.next - 1);
      if (is(*state)) return state;
    }
  }
  void put(const Slot& slot) {
    std::size_t at = home(slot.hash);
    while (slots_[at].next != 0) at = at + 1 == slots_.size() ? 0 : at + 1;
    slots_[at] = slot;
  }
  void rebuild(std::size_t size) {
    std::pmr::vector<Slot> old(size, slots_.get_allocator());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.next != 0) put(slot);
    }
  }

  const StateMemory& states_;
  std::pmr::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace toll
