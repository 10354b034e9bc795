// How a run of Lua ended, in words.
#pragma once

#include "dsl/lua/sandbox.hpp"
#include "messages/messages.hpp"

namespace toll::dsl::lua {

/// Of what was read when a policy was loaded.
Message message_of(const Outcome& outcome, const Limits& limits);

}  // namespace toll::dsl::lua
