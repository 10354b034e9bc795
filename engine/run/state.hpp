// One account's whole state. A fresh account holds little more than its registers: families, texts
// and sets come into being with what is put into them.
//
// Of a million accounts each event needs another one, and the memory of one is far away. What every
// event looks at therefore lies together: clock and deadline, then a pointer a family, then the
// registers. The last two follow the struct itself, since their number is the policy's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "engine/kernel/digest_set.hpp"
#include "engine/kernel/family_state.hpp"
#include "engine/kernel/pool.hpp"
#include "engine/run/program.hpp"
#include "toll/value.hpp"

namespace toll {

struct Workspace;

struct AccountState {
  static constexpr std::size_t kFewPoolBytes = 4096;

  /// What only some accounts have.
  struct Kept {
    explicit Kept(bool timed = false) : digests(timed) {}
    std::shared_ptr<const Program> program;  ///< unless somebody else holds it
    std::unique_ptr<TextPool> texts;
    std::unique_ptr<SetPool> sets;  ///< those that are not the program's
    DigestSet digests;
    std::size_t pools_limit = kFewPoolBytes;  ///< beyond it, texts and sets are looked through
    std::int64_t over_by = INT64_MIN;  ///< rows that notes of chains leave out are over by then
  };

  /// Bytes that must be there for an account's state, what follows the struct included.
  static std::size_t size_of(const Program& program);
  /// Whoever makes it sees to it that the program lives as long.
  /// `rows`: where the rows of its families are to lie; null: on the heap.
  explicit AccountState(const Program& of, FamilyMemory* rows = nullptr);
  ~AccountState();
  AccountState(const AccountState&) = delete;
  AccountState& operator=(const AccountState&) = delete;
  /// Takes over another's state, but for the ids of its events. Not while an event is at hand.
  void copy_from(const AccountState& other);

  [[nodiscard]] FamilyState* families() { return reinterpret_cast<FamilyState*>(this + 1); }
  [[nodiscard]] const FamilyState* families() const {
    return reinterpret_cast<const FamilyState*>(this + 1);
  }
  [[nodiscard]] unsigned char* globals() {
    return reinterpret_cast<unsigned char*>(families() + program->account_families);
  }
  [[nodiscard]] const unsigned char* globals() const {
    return reinterpret_cast<const unsigned char*>(families() + program->account_families);
  }
  [[nodiscard]] Value global(std::uint32_t cell) const {
    return program->globals.read(globals(), cell);
  }
  /// The rows of an account family.
  [[nodiscard]] const FamilyState& rows(std::uint32_t family) const {
    return families()[program->family_places[family]];
  }
  [[nodiscard]] FamilyState& rows(std::uint32_t family) {
    return families()[program->family_places[family]];
  }

  [[nodiscard]] const Kept& kept() const;
  [[nodiscard]] Kept& to_keep();
  [[nodiscard]] std::int64_t over_by() const {
    return kept_ == nullptr ? INT64_MIN : kept_->over_by;
  }
  /// The text of a text or of an unknown name.
  [[nodiscard]] std::string_view text(Value value) const;
  [[nodiscard]] std::span<const std::uint64_t> set(Value value) const;
  /// The set with these names, trailing zero words left out.
  Value intern_set(std::span<const std::uint64_t> bits);
  [[nodiscard]] std::uint32_t text_count() const {
    return kept_ && kept_->texts ? kept_->texts->size() : 0;
  }

  /// Forgets texts and sets that nothing refers to any more, once they are many. Not while an event
  /// is at hand.
  void collect_garbage();
  /// Works out which timer fires next.
  void refresh_deadline();
  /// The same where no other deadline than this timer's has changed.
  void refresh_deadline(std::uint32_t timer, Value deadline);
  [[nodiscard]] std::size_t bytes() const;
  /// What of it lies neither in the struct nor in the memory of rows that it was given.
  [[nodiscard]] std::size_t bytes_elsewhere() const;

  Value clock = kAbsent;
  Value next_deadline = kAbsent;
  std::uint32_t next_timer = kNone;
  std::uint32_t place = kNone;  ///< among the accounts of the store that lends the memory
  std::uint64_t number = 0;     ///< in that store
  std::uint64_t entries = 0;
  const Workspace* workspace = nullptr;  ///< while an event or timer is at hand: its texts
  const Program* const program;

 private:
  [[nodiscard]] std::size_t bytes_of_kept() const;

  std::unique_ptr<Kept> kept_;
};

/// Seconds of an instant, rounded down.
[[nodiscard]] std::int64_t whole_seconds(Value instant);

}  // namespace toll
