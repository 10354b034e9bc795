// What our own Lua (prelude.lua, safe.lua) is given and rule files do not see.
#include <algorithm>
#include <lua.hpp>
#include <string>
#include <string_view>

#include "dsl/lua/library.hpp"
#include "dsl/lua/sandbox.hpp"
#include "dsl/lua/stack.hpp"
#include "dsl/syntax/literals.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl::lua {
namespace {

int tool_line(lua_State* state) {
  lua_pushinteger(state, line_of_rules(state));
  return 1;
}

/// Ends the run with a message of the catalogues: id and arguments, kept apart by a byte that no
/// text of a file can hold.
int tool_fail(lua_State* state) {
  std::string text;
  for (int i = 1; i <= lua_gettop(state); ++i) {
    text += kMessageMark;
    for (const char c : text_at(state, i)) text += c == kMessageMark ? '?' : c;
  }
  push(state, text);
  return lua_error(state);
}

int tool_is_whole(lua_State* state) {
  lua_pushboolean(state, lua_isinteger(state, 1));
  return 1;
}

/// A number as people write it -> its plain digits, or nil and what is wrong with it.
int tool_number(lua_State* state) {
  const std::string_view text = text_at(state, 1);
  charge_text(state, text.size());
  const bool digit = !text.empty() && text[0] >= '0' && text[0] <= '9';
  const NumberText number = read_number(text);
  bool plain = digit && number.problem == NumberText::Problem::none && !number.plain.empty();
  std::size_t points = 0;
  for (const char c : number.plain) {
    points += c == '.' ? 1 : 0;
    plain = plain && ((c >= '0' && c <= '9') || c == '.');
  }
  if (plain && points <= 1 && number.plain.back() != '.') {
    push(state, number.plain);
  } else {
    lua_pushnil(state);
  }
  return 1;
}

/// A date or time -> its plain form and whether it has a time of day, or nil.
int tool_time(lua_State* state) {
  const std::string_view text = text_at(state, 1);
  charge_text(state, text.size());
  const bool digit = text.size() >= 8 && text[0] >= '0' && text[0] <= '9';
  const TimeText time = digit ? read_time(text) : TimeText{};
  if (!digit || time.problem != TimeText::Problem::none || time.plain.empty()) {
    lua_pushnil(state);
    return 1;
  }
  push(state, time.plain);
  lua_pushboolean(state, time.plain.find('T') != std::string::npos ? 1 : 0);
  return 2;
}

int tool_split(lua_State* state) {
  const std::string_view text = text_at(state, 1);
  const std::string_view separator = text_at(state, 2);
  charge_text(state, text.size());
  lua_newtable(state);
  lua_Integer count = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(separator, at), text.size());
    push(state, text.substr(at, end - at));
    lua_rawseti(state, -2, ++count);
    at = end + separator.size();
  }
  return 1;
}

int tool_next(lua_State* state) {
  lua_settop(state, 2);
  luaL_checktype(state, 1, LUA_TTABLE);
  return lua_next(state, 1) != 0 ? 2 : 0;
}

int tool_metatable(lua_State* state) {
  lua_settop(state, 2);
  lua_setmetatable(state, 1);
  return 1;
}

int tool_metatable_of(lua_State* state) {
  if (lua_type(state, 1) != LUA_TTABLE || lua_getmetatable(state, 1) == 0) lua_pushnil(state);
  return 1;
}

int tool_rawget(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 2);
  lua_rawget(state, 1);
  return 1;
}

int tool_rawset(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 3);
  lua_rawset(state, 1);
  return 1;
}

int tool_rawlen(lua_State* state) {
  lua_pushinteger(state, static_cast<lua_Integer>(size_of(state, 1)));
  return 1;
}

/// Texts by their bytes: `<` of Lua asks the locale.
int tool_less(lua_State* state) {
  const std::string_view left = text_at(state, 1);
  const std::string_view right = text_at(state, 2);
  charge(state, std::min(left.size(), right.size()) / 8 + 1);
  lua_pushboolean(state, left < right ? 1 : 0);
  return 1;
}

/// Keeps the list of declarations for the reader.
int tool_declared(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  lua_setfield(state, LUA_REGISTRYINDEX, Sandbox::kDeclared);
  return 0;
}

int tool_close(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  const std::string library(text_at(state, 2));
  lua_settop(state, 1);
  close_table(state, library.c_str());
  return 0;
}

/// Keeps the skin that the rule file states. False: there is none of this name.
int tool_skin(lua_State* state) {
  const bool known = find_skin(text_at(state, 1)) != nullptr;
  lua_settop(state, 1);
  if (known) lua_setfield(state, LUA_REGISTRYINDEX, Sandbox::kSkin);
  lua_pushboolean(state, known ? 1 : 0);
  return 1;
}

constexpr luaL_Reg kTools[] = {{"fail", tool_fail},
                               {"is_whole", tool_is_whole},
                               {"line", tool_line},
                               {"number", tool_number},
                               {"time", tool_time},
                               {"split", tool_split},
                               {"next", tool_next},
                               {"setmetatable", tool_metatable},
                               {"getmetatable", tool_metatable_of},
                               {"rawget", tool_rawget},
                               {"rawset", tool_rawset},
                               {"rawlen", tool_rawlen},
                               {"less", tool_less},
                               {"declared", tool_declared},
                               {"close", tool_close},
                               {"skin", tool_skin},
                               {nullptr, nullptr}};

}  // namespace

void push_tools(lua_State* state) {
  lua_newtable(state);
  luaL_setfuncs(state, kTools, 0);
  push_list_functions(state);
  lua_setfield(state, -2, "list");
}

}  // namespace toll::dsl::lua
