#include "dsl/lua/exact.hpp"

#include <algorithm>
#include <cstring>
#include <lua.hpp>
#include <string>
#include <string_view>

#include "dsl/lua/library.hpp"
#include "engine/kernel/checked.hpp"

namespace toll::dsl::lua {
namespace {

constexpr const char* kKind = "toll.exact";

[[noreturn]] void raise(lua_State* state, const char* why) {
  luaL_error(state, "%s", why);
  __builtin_unreachable();
}

[[noreturn]] void out_of_range(lua_State* state) { raise(state, "a number is out of range"); }

Exact argument(lua_State* state, int index) {
  Exact number;
  if (read_exact(state, index, number)) return number;
  if (lua_type(state, index) == LUA_TNUMBER) raise(state, "fractions of Lua's own are not exact");
  luaL_error(state, "a number is wanted, not a %s", luaL_typename(state, index));
  __builtin_unreachable();
}

/// Both with as many decimals as the longer one.
int align(lua_State* state, Exact& a, Exact& b) {
  const int scale = std::max(a.scale, b.scale);
  if (!checked::rescale(a.value, static_cast<unsigned>(scale - a.scale), a.value) ||
      !checked::rescale(b.value, static_cast<unsigned>(scale - b.scale), b.value)) {
    out_of_range(state);
  }
  a.scale = b.scale = scale;
  return scale;
}

template <class Combine>
int combined(lua_State* state, Combine combine) {
  Exact a = argument(state, 1);
  Exact b = argument(state, 2);
  const int scale = align(state, a, b);
  Exact result{0, scale};
  if (!combine(a.value, b.value, result.value)) out_of_range(state);
  push_exact(state, result);
  return 1;
}

int plus(lua_State* state) { return combined(state, checked::add); }
int minus(lua_State* state) { return combined(state, checked::sub); }

int times(lua_State* state) {
  const Exact a = argument(state, 1);
  const Exact b = argument(state, 2);
  Exact result{0, a.scale + b.scale};
  if (!checked::mul(a.value, b.value, result.value)) out_of_range(state);
  push_exact(state, result);
  return 1;
}

int negative(lua_State* state) {
  const Exact a = argument(state, 1);
  push_exact(state, {-a.value, a.scale});
  return 1;
}

int quotient(lua_State* state) {
  return luaL_error(state, "a quotient is seldom exact: divide(a, b, step) says how to round it");
}

int whole_quotient(lua_State* state) {
  Exact a = argument(state, 1);
  Exact b = argument(state, 2);
  if (b.value == 0) raise(state, "a division by 0");
  align(state, a, b);
  push_exact(state, {checked::floor_div(a.value, b.value), 0});
  return 1;
}

int remainder(lua_State* state) {
  Exact a = argument(state, 1);
  Exact b = argument(state, 2);
  if (b.value == 0) raise(state, "a division by 0");
  const int scale = align(state, a, b);
  push_exact(state, {checked::modulo(a.value, b.value), scale});
  return 1;
}

int order(lua_State* state) {
  Exact a = argument(state, 1);
  Exact b = argument(state, 2);
  align(state, a, b);
  return (a.value > b.value) - (a.value < b.value);
}

int equal(lua_State* state) {
  Exact a;
  Exact b;
  const bool both = read_exact(state, 1, a) && read_exact(state, 2, b);
  lua_pushboolean(state, both && a.value == b.value && a.scale == b.scale ? 1 : 0);
  return 1;
}

int less(lua_State* state) {
  lua_pushboolean(state, order(state) < 0 ? 1 : 0);
  return 1;
}

int less_or_equal(lua_State* state) {
  lua_pushboolean(state, order(state) <= 0 ? 1 : 0);
  return 1;
}

/// Rounds a / b to a multiple of the number at `step`.
int rounded(lua_State* state, Exact a, Exact b, int step_index) {
  Exact step = argument(state, step_index);
  if (b.value == 0) raise(state, "a division by 0");
  if (step.value == 0) raise(state, "a step of 0");
  // a / b in units of 10^-step.scale: a and the step on one scale, b on its own.
  const int scale = std::max(a.scale, step.scale);
  Value over = 0;
  Value under = 0;
  if (!checked::rescale(a.value, static_cast<unsigned>(scale - a.scale + b.scale), over) ||
      !checked::rescale(b.value, static_cast<unsigned>(scale - step.scale), under)) {
    out_of_range(state);
  }
  Exact result{0, step.scale};
  if (!checked::round_div(over, under, step.value, result.value)) out_of_range(state);
  push_exact(state, result);
  return 1;
}

int extreme(lua_State* state, bool most) {
  int best = 1;
  Exact value = argument(state, 1);
  for (int i = 2; i <= lua_gettop(state); ++i) {
    Exact left = argument(state, i);
    Exact right = value;
    align(state, left, right);
    if (most ? left.value <= right.value : left.value >= right.value) continue;
    best = i;
    value = argument(state, i);
  }
  lua_pushvalue(state, best);
  return 1;
}

constexpr luaL_Reg kOperators[] = {{"__add", plus},
                                   {"__sub", minus},
                                   {"__mul", times},
                                   {"__div", quotient},
                                   {"__idiv", whole_quotient},
                                   {"__mod", remainder},
                                   {"__unm", negative},
                                   {"__eq", equal},
                                   {"__lt", less},
                                   {"__le", less_or_equal},
                                   {nullptr, nullptr}};

}  // namespace

void open_exact(lua_State* state) {
  luaL_newmetatable(state, kKind);
  luaL_setfuncs(state, kOperators, 0);
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_pop(state, 1);
}

void push_exact(lua_State* state, Exact number) {
  while (number.scale > 0 && number.value % 10 == 0) {
    number.value /= 10;
    --number.scale;
  }
  if (number.scale > kMostDecimals) {
    luaL_error(state, "a number has more than %d decimals: round it", kMostDecimals);
  }
  const auto narrow = static_cast<lua_Integer>(number.value);
  if (number.scale == 0 && narrow == number.value) return lua_pushinteger(state, narrow);
  // Lua's memory is not aligned for 128 bits.
  std::memcpy(lua_newuserdatauv(state, sizeof(Exact), 0), &number, sizeof number);
  luaL_setmetatable(state, kKind);
}

bool read_exact(lua_State* state, int index, Exact& number) {
  if (lua_isinteger(state, index) != 0) {
    number = {lua_tointeger(state, index), 0};
    return true;
  }
  const void* const held = luaL_testudata(state, index, kKind);
  if (held == nullptr) return false;
  std::memcpy(&number, held, sizeof number);
  return true;
}

int exact_number(lua_State* state) {
  Exact number;
  if (read_exact(state, 1, number)) {
    lua_settop(state, 1);
    return 1;
  }
  if (lua_type(state, 1) != LUA_TSTRING) return argument(state, 1), 0;
  std::size_t size = 0;
  const char* const chars = lua_tolstring(state, 1, &size);
  const std::string_view text(chars, size);
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  bool good =
      !digits.empty() && digits.size() <= 30 && digits.front() != '.' && digits.back() != '.';
  bool point = false;
  for (const char c : digits) {
    if (c == '.' && !point) {
      point = true;
    } else if (c < '0' || c > '9') {
      good = false;
    } else {
      number.value = good ? number.value * 10 + (c - '0') : 0;
      number.scale += point ? 1 : 0;
    }
  }
  if (!good) return luaL_error(state, "this is no number: write number \"0.15\"");
  if (text.starts_with('-')) number.value = -number.value;
  push_exact(state, number);
  return 1;
}

int exact_round(lua_State* state) { return rounded(state, argument(state, 1), {1, 0}, 2); }

int exact_divide(lua_State* state) {
  return rounded(state, argument(state, 1), argument(state, 2), 3);
}

int exact_max(lua_State* state) { return extreme(state, true); }
int exact_min(lua_State* state) { return extreme(state, false); }

int push_exact_text(lua_State* state, int index) {
  const Exact number = argument(state, index);
  UnsignedValue rest = number.value < 0 ? -static_cast<UnsignedValue>(number.value)
                                        : static_cast<UnsignedValue>(number.value);
  char digits[64];
  char* at = digits + sizeof digits;
  for (int place = 0; rest != 0 || place <= number.scale; ++place) {
    if (place == number.scale && place > 0) *--at = '.';
    *--at = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  if (number.value < 0) *--at = '-';
  lua_pushlstring(state, at, static_cast<std::size_t>(digits + sizeof digits - at));
  return 1;
}

}  // namespace toll::dsl::lua
