// Many accounts at once, fed with events that lie in structs of the caller's own: no text, no JSON,
// nothing allocated for an event in the long run. The contract's JSON (toll/json.hpp) says the same
// in lines of text.
//
// The ledger is the same as that of one Account after the other, and of any number of threads: give
// each thread a store of its own and each account to one of them (shard_of).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <vector>

#include "toll/engine.hpp"
#include "toll/value.hpp"

namespace toll {

/// Where the parts of one type of event lie in a struct, so that an array of them can be read as it
/// is. Fields that are not listed have their initial values; only booleans, numbers, names,
/// instants and dates can be listed.
struct EventLayout {
  /// A whole number of 1, 2, 4 or 8 bytes.
  struct Part {
    std::size_t offset = 0;
    std::size_t bytes = 0;
    bool is_signed = false;
  };
  struct Field {
    std::uint32_t field = 0;  ///< index into EventType::fields
    Part part;
    std::int64_t times = 1;  ///< what is read is multiplied: seconds to nanoseconds, say
    /// What the numbers 0, 1, .. stand for: names by index, kNothing for no value. Other numbers
    /// are no value either. Empty: the number is the value.
    std::vector<std::int64_t> meanings;
  };
  static constexpr std::int64_t kNothing = INT64_MIN;

  std::uint32_t type = 0;  ///< index into Core::events
  std::size_t stride = 0;  ///< from one struct to the next
  Part account;
  Part time;
  std::int64_t nanos_per_tick = 1;
  std::vector<Field> fields;
};

/// Takes the entries of all accounts of a store. Everything is borrowed for the call.
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual void entry(std::uint64_t account, const Account& state, const EntryView& entry) = 0;
};

/// One thread at a time. Who feeds a store tells repeats: ids are neither asked for nor kept.
class AccountStore {
 public:
  /// `from`: where the memory of its accounts comes from, which has to outlive the store; null: the
  /// default resource. For more accounts than fit a processor's cache, see toll/memory.hpp.
  explicit AccountStore(std::shared_ptr<const Program> program,
                        std::pmr::memory_resource* from = nullptr);
  ~AccountStore();
  AccountStore(AccountStore&&) noexcept;
  AccountStore& operator=(AccountStore&&) noexcept;

  /// Room for so many accounts, and for so many bytes of what they will hold besides.
  void reserve(std::size_t accounts, std::size_t bytes = 0);

  /// Takes note of how events lie. The number stands for it in this store from then on.
  std::uint32_t add_layout(const EventLayout& layout);

  /// Applies `count` events in their order; the memory of later ones is fetched ahead. An account
  /// comes into being with its first event. An event whose required field is missing, whose name is
  /// none, or whose count is too small becomes the `error` entry bad-event.
  void apply(std::uint32_t layout, const void* events, std::size_t count, BatchSink& sink);

  /// Fires all timers due at or before `until`, account by account in order of first appearance.
  void advance(Value until, BatchSink& sink);

  [[nodiscard]] std::size_t size() const;
  /// The account with this number, null if there was no event of it.
  [[nodiscard]] const Account* find(std::uint64_t account) const;
  [[nodiscard]] std::size_t bytes() const;  ///< memory held

  /// Which of `shards` stores an account belongs in, if they share the work.
  [[nodiscard]] static std::size_t shard_of(std::uint64_t account, std::size_t shards);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace toll
