// Exact numbers for programs in Lua: decimals of 128 bits in place of Lua's own fractions.
//
// A whole number that fits 64 bits is always a whole number of Lua, anything else always one of
// these: so equal numbers are equal to `==`, and either kind may stand beside the other.
#pragma once

#include "toll/value.hpp"

struct lua_State;

namespace toll::dsl::lua {

/// value / 10^scale, without zeros at its end.
struct Exact {
  Value value = 0;
  int scale = 0;
};

/// More decimals than this are an error: a program rounds before.
inline constexpr int kMostDecimals = 12;

/// Sets up what exact numbers can do, in a new state.
void open_exact(lua_State* state);
void push_exact(lua_State* state, Exact number);
/// False: what stands there is no exact number.
bool read_exact(lua_State* state, int index, Exact& number);

/// For programs: number "0.15"; round(x, step), a half away from zero; divide(a, b, step), a
/// quotient rounded in this way; max and min.
int exact_number(lua_State* state);
int exact_round(lua_State* state);
int exact_divide(lua_State* state);
int exact_max(lua_State* state);
int exact_min(lua_State* state);
/// Digits, a point, digits.
int push_exact_text(lua_State* state, int index);

}  // namespace toll::dsl::lua
