// What stands behind an Account, for the engine's other rooms.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "engine/run/state.hpp"
#include "engine/run/workspace.hpp"
#include "toll/engine.hpp"

namespace toll {

struct Account::State final : AccountState {
  using AccountState::AccountState;

  static std::unique_ptr<State> make(const std::shared_ptr<const Program>& program) {
    static_assert(sizeof(State) == sizeof(AccountState), "what follows one follows the other");
    return std::unique_ptr<State>(new (::operator new(size_of(*program))) State(program));
  }
  /// In memory of the caller's, who gives it back after the account is gone.
  static State* make_at(void* memory, Shared& shared, FamilyMemory& rows, std::uint64_t number) {
    return new (memory) State(shared, rows, number);
  }

  static void* operator new(std::size_t, void* at) { return at; }
  static void operator delete(void*, void*) {}
  static void operator delete(State* state, std::destroying_delete_t) {
    const bool lent = state->is_lent();
    state->~State();
    if (!lent) ::operator delete(state);
  }
};

/// Delivers what an event or timer wrote, entry by entry; `entry` is one that nothing but this has
/// written.
template <class Take>
void deliver_each(AccountState& state, Workspace& work, EntryView& entry, Take take) {
  const std::string_view event_id = entry.event_id;
  for (const PendingEntry& pending : work.entries) {
    entry.seq = ++state.entries;
    entry.time = pending.time;
    entry.timer = pending.timer;
    if (!event_id.empty()) entry.event_id = pending.timer == kNone ? event_id : std::string_view{};
    entry.kind = pending.same.kind;
    entry.clause = pending.same.clause;
    entry.members = {work.entry_values.data() + pending.first_member, pending.same.members};
    if (pending.same.rows != 0) [[unlikely]]
      entry.rows = work.rows_of(pending);
    take(std::as_const(entry));
    entry.rows = {};
  }
}

}  // namespace toll
