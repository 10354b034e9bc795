// One account's whole state. A fresh account holds little more than its registers: families, texts
// and sets come into being with what is put into them.
//
// Of a million accounts each event needs another one, and the memory of one is far away. What every
// event looks at therefore lies together: clock and deadline, then a pointer a family, then the
// registers. The last two follow the struct itself, since their number is the policy's. It is also
// what a million accounts are paid for in: instants that take more than 64 bits lie elsewhere, and
// so does whatever one account shares with its neighbours or few of them have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "engine/kernel/digest_set.hpp"
#include "engine/kernel/family_state.hpp"
#include "engine/kernel/pool.hpp"
#include "engine/run/owed.hpp"
#include "engine/run/program.hpp"
#include "toll/value.hpp"

namespace toll {

struct AccountState {
  static constexpr std::size_t kFewPoolBytes = 4096;
  /// Bounds of the instants that 64 bits tell, both excluded.
  static constexpr std::int64_t kEarliest = INT64_MIN + 1;
  static constexpr std::int64_t kLatest = INT64_MAX;

  /// What the accounts of a store have in common.
  struct Shared {
    const Program* program = nullptr;  ///< lives as long as they
    bool is_kept = false;              ///< it is the Kept of one account
    bool is_lent = false;              ///< the memory of the accounts is somebody else's
  };
  /// What only some accounts have.
  struct Kept : Shared {
    explicit Kept(const Shared& shared, bool timed = false) : Shared(shared), digests(timed) {
      is_kept = true;
    }
    std::shared_ptr<const Program> holds_program;  ///< unless somebody else does
    std::unique_ptr<TextPool> texts;
    std::unique_ptr<SetPool> sets;  ///< those that are not the program's
    DigestSet digests;
    std::size_t pools_limit = kFewPoolBytes;  ///< beyond it, texts and sets are looked through
    std::int64_t over_by = INT64_MIN;  ///< rows that notes of chains leave out are over by then
    Value clock = kAbsent;             ///< if it is not between kEarliest and kLatest
    std::unique_ptr<Owed> owed;
  };
  struct Deadline {
    Value at = kAbsent;
    std::uint32_t timer = kNone;
  };

  /// Bytes that must be there for an account's state, what follows the struct included.
  static std::size_t size_of(const Program& program);
  /// By itself.
  explicit AccountState(std::shared_ptr<const Program> program);
  /// One of a store; `rows`: where the rows of its families are to lie. Both live as long.
  AccountState(Shared& shared, FamilyMemory& rows, std::uint64_t number);
  ~AccountState();
  AccountState(const AccountState&) = delete;
  AccountState& operator=(const AccountState&) = delete;
  /// Takes over another's state, but for the ids of its events. Not while an event is at hand.
  void copy_from(const AccountState& other);

  [[nodiscard]] FamilyState* families() { return reinterpret_cast<FamilyState*>(this + 1); }
  [[nodiscard]] const FamilyState* families() const {
    return reinterpret_cast<const FamilyState*>(this + 1);
  }
  [[nodiscard]] const Program* program() const { return shared_->program; }
  [[nodiscard]] bool is_lent() const { return shared_->is_lent; }
  [[nodiscard]] unsigned char* globals() {
    return reinterpret_cast<unsigned char*>(this) + program()->first_global;
  }
  [[nodiscard]] const unsigned char* globals() const {
    return reinterpret_cast<const unsigned char*>(this) + program()->first_global;
  }
  [[nodiscard]] Value global(std::uint32_t cell) const {
    return program()->globals.read(globals(), cell);
  }
  /// The rows of an account family.
  [[nodiscard]] const FamilyState& rows(std::uint32_t family) const {
    return families()[program()->family_places[family]];
  }
  [[nodiscard]] FamilyState& rows(std::uint32_t family) {
    return families()[program()->family_places[family]];
  }

  [[nodiscard]] Value clock() const {
    return is_told(narrow_clock) ? Value{narrow_clock} : clock_elsewhere();
  }
  void set_clock(Value to);
  void set_clock(std::int64_t to) {
    if (is_told(to)) [[likely]] {
      narrow_clock = to;
    } else {
      set_clock(Value{to});
    }
  }
  /// Which timer fires next; absent: none is armed.
  [[nodiscard]] Deadline next_deadline() const;
  [[nodiscard]] bool is_due(Value until) const;

  [[nodiscard]] const Kept& kept() const;
  [[nodiscard]] Kept& to_keep();
  [[nodiscard]] std::int64_t over_by() const {
    return shared_->is_kept ? own()->over_by : INT64_MIN;
  }
  /// What it is owed; null: all its rows are there, and stand where they should.
  [[nodiscard]] Owed* owed() const { return shared_->is_kept ? own()->owed.get() : nullptr; }
  [[nodiscard]] Owed& to_owe();
  [[nodiscard]] std::unique_ptr<Owed> take_owed() { return std::move(to_keep().owed); }
  /// The text of a text or of an unknown name.
  [[nodiscard]] std::string_view text(Value value) const;
  [[nodiscard]] std::span<const std::uint64_t> set(Value value) const;
  /// The set with these names, trailing zero words left out.
  Value intern_set(std::span<const std::uint64_t> bits);
  [[nodiscard]] std::uint32_t text_count() const {
    return shared_->is_kept && own()->texts ? own()->texts->size() : 0;
  }

  /// Forgets texts and sets that nothing refers to any more, once they are many. Not while an event
  /// is at hand.
  void collect_garbage();
  /// Works out when the next timer fires.
  void refresh_deadline();
  /// The same where one deadline has changed, from `before`.
  void refresh_deadline(Value before, Value deadline);
  [[nodiscard]] std::size_t bytes() const;
  /// What of it lies neither in the struct nor in the memory of rows that it was given.
  [[nodiscard]] std::size_t bytes_elsewhere() const;

  /// INT64_MIN: there was no event; kEarliest or kLatest: that or beyond.
  std::int64_t narrow_clock = INT64_MIN;
  /// When the next timer fires. kEarliest: then or before; kLatest: then or later, or never.
  std::int64_t due = kLatest;
  std::uint64_t number = 0;  ///< in the store
  std::uint64_t entries = 0;

 private:
  /// Whether 64 bits tell all of a clock or deadline.
  [[nodiscard]] static bool is_told(std::int64_t instant) {
    return kEarliest < instant && instant < kLatest;
  }
  [[nodiscard]] static bool is_told(Value instant) {
    return kEarliest < instant && instant < kLatest;
  }
  [[nodiscard]] static std::int64_t due_of(Value deadline);
  [[nodiscard]] const Kept* own() const { return static_cast<const Kept*>(shared_); }
  [[nodiscard]] Value clock_elsewhere() const;
  [[nodiscard]] Deadline earliest_deadline() const;
  [[nodiscard]] std::size_t bytes_of_kept() const;

  Shared* shared_;  // the store's, or the account's own Kept
};
static_assert(sizeof(AccountState) == 40, "there is one for each of a million accounts");

/// Seconds of an instant, rounded down.
[[nodiscard]] std::int64_t whole_seconds(Value instant);

}  // namespace toll
