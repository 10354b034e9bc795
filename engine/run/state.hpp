// One account's whole state. A fresh account holds little more than its registers: families, texts
// and sets come into being with what is put into them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/kernel/digest_set.hpp"
#include "engine/kernel/family_state.hpp"
#include "engine/kernel/pool.hpp"
#include "engine/run/program.hpp"
#include "toll/value.hpp"

namespace toll {

struct Workspace;

struct AccountState {
  static constexpr std::size_t kFewPoolBytes = 4096;

  explicit AccountState(std::shared_ptr<const Program> of);
  /// Takes over another's state, but for the ids of its events. Not while an event is at hand.
  void copy_from(const AccountState& other);

  [[nodiscard]] Value global(std::uint32_t cell) const {
    return program->globals.read(globals.get(), cell);
  }
  /// The rows of an account family; null: there never were any.
  [[nodiscard]] const FamilyState* rows(std::uint32_t family) const {
    return families[program->family_places[family]].get();
  }
  [[nodiscard]] std::unique_ptr<FamilyState>& rows_place(std::uint32_t family) {
    return families[program->family_places[family]];
  }

  /// The text of a text or of an unknown name.
  [[nodiscard]] std::string_view text(Value value) const;
  [[nodiscard]] std::span<const std::uint64_t> set(Value value) const;
  /// The set with these names, trailing zero words left out.
  Value intern_set(std::span<const std::uint64_t> bits);
  [[nodiscard]] std::uint32_t text_count() const { return texts ? texts->size() : 0; }

  /// Forgets texts and sets that nothing refers to any more, once they are many. Not while an event
  /// is at hand.
  void collect_garbage();
  /// Works out which timer fires next.
  void refresh_deadline();
  [[nodiscard]] std::size_t bytes() const;

  // What every event looks at stands first.
  std::unique_ptr<unsigned char[]> globals;
  std::vector<std::unique_ptr<FamilyState>> families;
  Value clock = kAbsent;
  Value next_deadline = kAbsent;
  std::uint32_t next_timer = kNone;
  std::unique_ptr<TextPool> texts;
  std::unique_ptr<SetPool> sets;  ///< those that are not the program's
  std::uint64_t entries = 0;
  const Workspace* workspace = nullptr;  ///< while an event or timer is at hand: its texts
  std::shared_ptr<const Program> program;
  DigestSet digests;
  std::size_t pools_limit = kFewPoolBytes;  ///< beyond it, texts and sets are looked through
};

/// Seconds of an instant, rounded down.
[[nodiscard]] std::int64_t whole_seconds(Value instant);

}  // namespace toll
