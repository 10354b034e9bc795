#include "bench/kernel.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace bench {
namespace {

std::uint64_t hash_of(std::uint64_t key) { return (key ^ (key >> 29)) * 0x9e3779b97f4a7c15U; }
std::uint64_t key_of(std::uint64_t account, std::uint64_t pool) { return account << 6 | pool; }

/// An array in large pages, all of it touched when it is made; it does not grow.
template <class Item>
class Arena {
 public:
  explicit Arena(std::size_t capacity) : bytes_(capacity * sizeof(Item)) {
    void* at = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) std::abort();
    madvise(at, bytes_, MADV_HUGEPAGE);
    std::memset(at, 0, bytes_);
    items_ = static_cast<Item*>(at);
  }
  ~Arena() { munmap(items_, bytes_); }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Item& operator[](std::size_t i) const { return items_[i]; }
  Item& add() {
    if ((size_ + 1) * sizeof(Item) > bytes_) std::abort();
    return items_[size_++];
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  Item* items_ = nullptr;
  std::size_t bytes_;
  std::size_t size_ = 0;
};

/// From keys (never 0) to numbers, by linear probing, at most half full.
class Index {
 public:
  static constexpr std::uint32_t kMissing = 0xffffffffU;
  explicit Index(std::size_t most) : slots_(size_for(most)), mask_(size_for(most) - 1) {
    for (std::size_t size = mask_ + 1; size > 1; size /= 2) --shift_;
  }
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const {
    for (std::size_t at = hash_of(key) >> shift_;; at = (at + 1) & mask_) {
      if (slots_[at].key == key) return slots_[at].value;
      if (slots_[at].key == 0) return kMissing;
    }
  }
  void insert(std::uint64_t key, std::uint32_t value) {
    std::size_t at = hash_of(key) >> shift_;
    while (slots_[at].key != 0) at = (at + 1) & mask_;
    slots_[at] = {key, value, 0};
  }
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[hash_of(key) >> shift_]); }

 private:
  struct Slot {
    std::uint64_t key;
    std::uint32_t value;
    std::uint32_t unused;
  };
  static std::size_t size_for(std::size_t most) {
    std::size_t size = 1024;
    while (size < 2 * most) size *= 2;
    return size;
  }
  Arena<Slot> slots_;
  std::size_t mask_;
  int shift_ = 64;
};

struct alignas(64) State {
  std::uint64_t key;
  std::uint32_t free;
  std::uint32_t paid;
  std::uint32_t rejected;
  std::uint32_t drawn[kPacksOfPool];
  std::uint32_t first_pack;
  std::uint8_t packs;
  std::uint8_t month;
  bool pay_as_you_go;
  bool touched;
};

struct Booked {
  std::uint64_t key;
  std::uint32_t free;
  std::uint32_t drawn[kPacksOfPool];
  std::uint32_t paid;
  std::uint32_t rejected;
  std::uint32_t month;
};

struct PackState {
  std::int64_t starts_ms;
  std::int64_t ends_ms;
  std::int64_t left;
};

std::size_t states_for(const Workload& workload) {
  const std::size_t customers = workload.customers.size();
  return customers * (customers > 100'000 ? 2 : 8) + 4096;
}

}  // namespace

struct Kernel::Impl {
  Impl(const Workload& workload, std::size_t shards)
      : states(states_for(workload) / shards + 4096),
        booked(3 * states_for(workload) / shards + 4096),
        by_key(states_for(workload) / shards + 4096),
        customers(workload.customers.size()),
        first_packs(workload.packs.size()) {
    for (int i = 0; i < kInterfaces; ++i) pools[i] = static_cast<std::uint8_t>(pool_of(i));
    for (int i = 0; i < kCodes; ++i) counted[i] = i < kCountedCodes;
    for (const Customer& customer : workload.customers) {
      customers.insert(customer.account, static_cast<std::uint32_t>(customer.pay_as_you_go));
    }
    for (const Pack& pack : workload.packs) {
      if (pack.place == 0) {
        first_packs.insert(key_of(pack.account, pack.pool),
                           static_cast<std::uint32_t>(packs.size()));
      }
      packs.push_back({pack.starts_ms, pack.ends_ms, pack.units});
      places.push_back(static_cast<std::uint8_t>(pack.place));
    }
  }

  [[gnu::noinline]] State& make(std::uint64_t key, std::uint64_t account) {
    by_key.insert(key, static_cast<std::uint32_t>(states.size()));
    State& state = states.add();
    state.key = key;
    state.pay_as_you_go = customers.find(account) == 1;
    const std::uint32_t first = first_packs.find(key);
    if (first != Index::kMissing) {
      state.first_pack = first;
      state.packs = 1;
      while (first + state.packs < packs.size() && places[first + state.packs] == state.packs) {
        ++state.packs;
      }
    }
    return state;
  }

  void book(State& state) {
    if (state.touched) {
      Booked& row = booked.add();
      row = {state.key,  state.free,     {state.drawn[0], state.drawn[1], state.drawn[2]},
             state.paid, state.rejected, state.month};
    }
    state.free = state.paid = state.rejected = 0;
    state.drawn[0] = state.drawn[1] = state.drawn[2] = 0;
    state.touched = false;
  }

  template <bool kRecord>
  void apply(const Call& call, Decision* decision) {
    if constexpr (kRecord) *decision = {};
    if (!counted[call.code]) return;
    const std::uint64_t key = key_of(call.account, pools[call.interface]);
    const std::uint32_t found = by_key.find(key);
    State& state = found == Index::kMissing ? make(key, call.account) : states[found];
    const int month = month_of(call.time_ms);
    if (state.month != month) {
      book(state);
      state.month = static_cast<std::uint8_t>(month);
    }
    state.touched = true;
    const std::uint32_t free = std::min(call.units, kFreeUnits - state.free);
    state.free += free;
    if constexpr (kRecord) {
      decision->counted = 1;
      decision->free = static_cast<std::uint8_t>(free);
    }
    if (free != call.units) [[unlikely]]
      draw<kRecord>(state, call, call.units - free, decision);
  }

  template <bool kRecord>
  void draw(State& state, const Call& call, std::uint32_t rest, Decision* decision) {
    for (int i = 0; i < state.packs && rest > 0; ++i) {
      PackState& pack = packs[state.first_pack + static_cast<std::uint32_t>(i)];
      if (pack.left == 0 || call.time_ms < pack.starts_ms || call.time_ms >= pack.ends_ms) continue;
      const auto took = static_cast<std::uint32_t>(std::min<std::int64_t>(rest, pack.left));
      pack.left -= took;
      state.drawn[i] += took;
      rest -= took;
      if constexpr (kRecord) decision->packs[i] = static_cast<std::uint8_t>(took);
    }
    (state.pay_as_you_go ? state.paid : state.rejected) += rest;
    if constexpr (kRecord) {
      (state.pay_as_you_go ? decision->paid : decision->rejected) = static_cast<std::uint8_t>(rest);
    }
  }

  template <bool kRecord>
  void apply_all(std::span<const Call> calls, Decision* decisions) {
    constexpr std::size_t kIndexAhead = 24;
    constexpr std::size_t kStateAhead = 10;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (i + kIndexAhead < calls.size()) by_key.prefetch(key_at(calls[i + kIndexAhead]));
      if (i + kStateAhead < calls.size()) {
        const std::uint32_t found = by_key.find(key_at(calls[i + kStateAhead]));
        if (found != Index::kMissing) __builtin_prefetch(&states[found]);
      }
      apply<kRecord>(calls[i], kRecord ? decisions + i : nullptr);
    }
  }

  [[nodiscard]] std::uint64_t key_at(const Call& call) const {
    return key_of(call.account, pools[call.interface]);
  }

  static Row row_of(const Booked& booked) {
    Row row;
    row.account = booked.key >> 6;
    row.pool = static_cast<std::int64_t>(booked.key & 63);
    row.month = booked.month;
    row.free = booked.free;
    row.paid = booked.paid;
    row.rejected = booked.rejected;
    std::int64_t total = row.free + row.paid;
    for (int i = 0; i < kPacksOfPool; ++i) {
      row.packs[i] = booked.drawn[i];
      total += booked.drawn[i];
    }
    row.charge = row.paid * price_of(static_cast<int>(row.pool), total);
    return row;
  }

  std::uint8_t pools[kInterfaces];
  bool counted[kCodes];
  Arena<State> states;
  Arena<Booked> booked;
  Index by_key;
  Index customers;
  Index first_packs;
  std::vector<PackState> packs;
  std::vector<std::uint8_t> places;
};

Kernel::Kernel(const Workload& workload, std::size_t shards)
    : impl_(std::make_unique<Impl>(workload, shards)) {}
Kernel::~Kernel() = default;

void Kernel::apply(const Call& call) { impl_->apply<false>(call, nullptr); }
void Kernel::apply_all(std::span<const Call> calls) { impl_->apply_all<false>(calls, nullptr); }
void Kernel::apply_all(std::span<const Call> calls, Decision* decisions) {
  impl_->apply_all<true>(calls, decisions);
}

std::int64_t Kernel::close() {
  for (std::size_t i = 0; i < impl_->states.size(); ++i) impl_->book(impl_->states[i]);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < impl_->booked.size(); ++i)
    sum += Impl::row_of(impl_->booked[i]).charge;
  return sum;
}

Totals Kernel::totals() const {
  Totals totals;
  for (std::size_t i = 0; i < impl_->booked.size(); ++i)
    add_row(totals, Impl::row_of(impl_->booked[i]));
  return totals;
}

std::size_t Kernel::states() const { return impl_->states.size(); }

int Kernel::shard_of(std::uint64_t account) { return static_cast<int>(hash_of(account) >> 62 & 1); }

}  // namespace bench
