// The functions that a rule file in Lua has, in place of Lua's libraries: those that can neither
// hang nor tell two runs apart, each charged for what it does.
#pragma once

#include <cstdint>

struct lua_State;

namespace toll::dsl::lua {

/// Begins an error that is a message of the catalogues, and each of its parts.
inline constexpr char kMessageMark = '\x01';

/// Ends the run if the budget does not bear this many more steps; charge_text also if no text may
/// be that long. Neither comes back then.
void charge(lua_State* state, std::uint64_t steps);
void charge_text(lua_State* state, std::uint64_t bytes);

/// A C function for lua_pcall: makes the environment of the rule file and what texts can do.
int open_library(lua_State* state);
/// Pushes a table of those of `table` that are written in C++.
void push_list_functions(lua_State* state);
/// Pushes a table of functions for our own prelude, which rule files do not see.
void push_tools(lua_State* state);
/// Puts an empty table that cannot be changed in front of the table at the top of the stack.
void fix_table(lua_State* state);
/// Makes unknown names in the table at the top of the stack errors that tell them as names of a
/// library ("string."), or as the rule file's own ("").
void close_table(lua_State* state, const char* library);
/// A C function for lua_pcall: keeps the line of the rule file in which an error came up.
int remember_line(lua_State* state);
/// The line of the rule file that is being run, 0 if none.
std::int64_t line_of_rules(lua_State* state);

}  // namespace toll::dsl::lua
