// How a run of Lua ended, in words.
#pragma once

#include "dsl/lua/sandbox.hpp"
#include "messages/messages.hpp"

namespace toll::dsl::lua {

/// Of what was read when a policy was loaded; `help` if there is more to say than the catalogues
/// do.
Message message_of(const Outcome& outcome, const Limits& limits, Message& help);

}  // namespace toll::dsl::lua
