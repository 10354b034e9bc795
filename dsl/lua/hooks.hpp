// Hooks written in Lua: programs of a policy that are run while bills are made.
//
// A program is a file of Lua that gives back a table of functions, by the names of hooks:
//
//   local function price(km, kind) .. end
//   return { distance_price = price }
//
// A call runs the program anew and then the function, so that nothing one call leaves can be seen
// by another. Each is counted: steps, and bytes asked for. Thread-safe: hosts are immutable; a
// caller serves one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/lua/sandbox.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"
#include "toll/core.hpp"
#include "toll/hooks.hpp"

namespace toll::dsl::lua {

/// Whether a hook can take, or give, values of a type: booleans, numbers and names; take texts too.
bool can_take(const Type& type);
bool can_give(const Type& type);

/// What is wrong with a program, by itself: floating point, no Lua, no table at its end, too much
/// work. False if anything is. `functions` are the names that it gives back.
bool check_program(const std::string& text, std::uint32_t file, Diagnostics& diagnostics,
                   std::vector<std::string>& functions, const HookLimits& limits = {});

/// Floating point in a program: fractions, `/` and `^`. (hook_text.cpp)
bool check_numbers(std::string_view text, std::uint32_t file, Diagnostics& diagnostics);

/// What runs the hooks of a core whose programs are checked.
std::shared_ptr<const HookHost> host_of(const Core& core, const HookLimits& limits = {});

}  // namespace toll::dsl::lua
