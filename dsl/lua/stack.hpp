// What functions of the library do with Lua's stack again and again.
#pragma once

#include <cstdint>
#include <lua.hpp>
#include <string_view>

namespace toll::dsl::lua {

inline std::string_view text_at(lua_State* state, int index) {
  std::size_t size = 0;
  const char* const text = luaL_checklstring(state, index, &size);
  return {text, size};
}

inline void push(lua_State* state, std::string_view text) {
  lua_pushlstring(state, text.data(), text.size());
}

/// Of a list.
inline std::uint64_t size_of(lua_State* state, int index) {
  luaL_checktype(state, index, LUA_TTABLE);
  return lua_rawlen(state, index);
}

}  // namespace toll::dsl::lua
