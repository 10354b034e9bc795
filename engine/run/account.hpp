// What stands behind an Account, for the engine's other rooms.
#pragma once

#include <string_view>

#include "engine/run/state.hpp"
#include "toll/engine.hpp"

namespace toll {

struct Account::State : AccountState {
  using AccountState::AccountState;
};

struct Workspace;

/// Delivers what an event or timer wrote.
void deliver(const Account& account, AccountState& state, Workspace& work,
             std::string_view event_id, Sink& sink);

}  // namespace toll
