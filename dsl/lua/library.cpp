#include "dsl/lua/library.hpp"

#include <algorithm>
#include <cstring>
#include <lua.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/lua/exact.hpp"
#include "dsl/lua/sandbox.hpp"
#include "dsl/lua/stack.hpp"
#include "dsl/syntax/literals.hpp"
#include "dsl/syntax/nearest.hpp"

namespace toll::dsl::lua {
namespace {

int read_only(lua_State* state) { return luaL_error(state, "this cannot be changed"); }

// ---- Texts
// ---------------------------------------------------------------------------------------

int text_sub(lua_State* state) {
  const std::string_view text = text_at(state, 1);
  const auto size = static_cast<lua_Integer>(text.size());
  const auto place = [size](lua_Integer at) {
    return at < 0 ? std::max<lua_Integer>(size + 1 + std::max(at, -size - 1), 0) : at;
  };
  const lua_Integer first = std::max<lua_Integer>(place(luaL_checkinteger(state, 2)), 1);
  const lua_Integer last = std::min(place(luaL_optinteger(state, 3, -1)), size);
  if (first > last) {
    push(state, "");
  } else {
    push(state, text.substr(static_cast<std::size_t>(first - 1),
                            static_cast<std::size_t>(last - first + 1)));
  }
  return 1;
}

int text_rep(lua_State* state) {
  const std::string_view text = text_at(state, 1);
  const lua_Integer times = std::max<lua_Integer>(luaL_checkinteger(state, 2), 0);
  const auto count = static_cast<std::uint64_t>(times);
  // An empty text would cost nothing to repeat for ever.
  charge(state, count);
  charge_text(state, count * (text.size() + 1));
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) out += text;
  push(state, out);
  return 1;
}

/// `%s` and `%d` take the next argument, `%%` is a percent sign; there is no more to it.
int text_format(lua_State* state) {
  const std::string_view form = text_at(state, 1);
  charge_text(state, form.size());
  std::string out;
  int argument = 1;
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] != '%') {
      out += form[at];
      continue;
    }
    const char kind = at + 1 < form.size() ? form[++at] : '\0';
    if (kind == '%') {
      out += '%';
    } else if (kind == 's' || kind == 'd') {
      ++argument;
      if (kind == 'd' && !lua_isinteger(state, argument)) {
        return luaL_error(state, "%%d takes a whole number");
      }
      if (lua_type(state, argument) != LUA_TSTRING && !lua_isinteger(state, argument)) {
        return luaL_error(state, "%%s takes a text or a whole number");
      }
      lua_pushvalue(state, argument);
      out += text_at(state, -1);
      lua_pop(state, 1);
      charge_text(state, out.size());
    } else {
      return luaL_error(state, "a form knows %%s, %%d and %%%% only");
    }
  }
  push(state, out);
  return 1;
}

int text_len(lua_State* state) {
  lua_pushinteger(state, static_cast<lua_Integer>(text_at(state, 1).size()));
  return 1;
}

// ---- Values
// --------------------------------------------------------------------------------------

int value_type(lua_State* state) {
  luaL_checkany(state, 1);
  // Exact numbers are numbers to whoever asks.
  const bool exact = lua_type(state, 1) == LUA_TUSERDATA;
  lua_pushstring(state, exact ? "number" : luaL_typename(state, 1));
  return 1;
}

int value_text(lua_State* state) {
  luaL_checkany(state, 1);
  if (lua_isinteger(state, 1) || lua_type(state, 1) == LUA_TSTRING) {
    lua_pushvalue(state, 1);
    lua_tolstring(state, -1, nullptr);
  } else if (lua_type(state, 1) == LUA_TUSERDATA) {
    return push_exact_text(state, 1);
  } else if (lua_isboolean(state, 1)) {
    lua_pushstring(state, lua_toboolean(state, 1) != 0 ? "true" : "false");
  } else if (lua_isnil(state, 1)) {
    lua_pushstring(state, "nil");
  } else {
    // An address would differ from run to run, a float from what was written.
    return luaL_error(state, "tostring takes texts, whole numbers and booleans, not a %s",
                      lua_type(state, 1) == LUA_TNUMBER ? "float" : luaL_typename(state, 1));
  }
  return 1;
}

int value_number(lua_State* state) {
  if (lua_isinteger(state, 1)) {
    lua_pushvalue(state, 1);
    return 1;
  }
  const std::string_view text = text_at(state, 1);
  lua_Integer value = 0;
  bool good = !text.empty() && text.size() <= kMaxDigits;
  for (const char c : text) {
    good = good && c >= '0' && c <= '9';
    if (good) value = value * 10 + (c - '0');
  }
  if (good) {
    lua_pushinteger(state, value);
  } else {
    lua_pushnil(state);
  }
  return 1;
}

int raise(lua_State* state) {
  const std::string_view text = text_at(state, 1);
  luaL_where(state, 1);
  push(state, text);
  lua_concat(state, 2);
  return lua_error(state);
}

int check(lua_State* state) {
  luaL_checkany(state, 1);
  if (lua_toboolean(state, 1) != 0) return lua_gettop(state);
  const std::string message(lua_isstring(state, 2) ? text_at(state, 2) : "assertion failed");
  return luaL_error(state, "%s", message.c_str());
}

int select_arguments(lua_State* state) {
  const int count = lua_gettop(state);
  if (lua_type(state, 1) == LUA_TSTRING && text_at(state, 1) == "#") {
    lua_pushinteger(state, count - 1);
    return 1;
  }
  const lua_Integer first = luaL_checkinteger(state, 1);
  luaL_argcheck(state, first >= 1, 1, "counts from 1");
  return first >= count ? 0 : count - static_cast<int>(first);
}

// ---- Lists
// ---------------------------------------------------------------------------------------

int next_item(lua_State* state) {
  const lua_Integer at = luaL_checkinteger(state, 2) + 1;
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_pushinteger(state, at);
  return lua_rawgeti(state, 1, at) == LUA_TNIL ? 1 : 2;
}

int items(lua_State* state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_pushcfunction(state, next_item);
  lua_pushvalue(state, 1);
  lua_pushinteger(state, 0);
  return 3;
}

int list_concat(lua_State* state) {
  const std::uint64_t size = size_of(state, 1);
  const std::string separator(lua_isnoneornil(state, 2) ? "" : text_at(state, 2));
  std::string out;
  charge(state, size);
  for (std::uint64_t i = 1; i <= size; ++i) {
    const int type = lua_rawgeti(state, 1, static_cast<lua_Integer>(i));
    if (type != LUA_TSTRING && !lua_isinteger(state, -1)) {
      return luaL_error(state, "concat takes texts and whole numbers");
    }
    if (i > 1) out += separator;
    out += text_at(state, -1);
    lua_pop(state, 1);
    charge_text(state, out.size() / 64 + separator.size());
    if (out.size() > (std::size_t{1} << 20U)) charge_text(state, ~std::uint64_t{0} >> 1U);
  }
  push(state, out);
  return 1;
}

int list_insert(lua_State* state) {
  const auto size = static_cast<lua_Integer>(size_of(state, 1));
  if (lua_gettop(state) == 2) {
    lua_rawseti(state, 1, size + 1);
    return 0;
  }
  const lua_Integer place = luaL_checkinteger(state, 2);
  luaL_argcheck(state, place >= 1 && place <= size + 1, 2, "no such place");
  charge(state, static_cast<std::uint64_t>(size - place + 1));
  for (lua_Integer i = size; i >= place; --i) {
    lua_rawgeti(state, 1, i);
    lua_rawseti(state, 1, i + 1);
  }
  lua_settop(state, 3);
  lua_rawseti(state, 1, place);
  return 0;
}

int list_remove(lua_State* state) {
  const auto size = static_cast<lua_Integer>(size_of(state, 1));
  const lua_Integer place = luaL_optinteger(state, 2, size);
  if (size == 0) return 0;
  luaL_argcheck(state, place >= 1 && place <= size, 2, "no such place");
  charge(state, static_cast<std::uint64_t>(size - place + 1));
  lua_rawgeti(state, 1, place);
  for (lua_Integer i = place; i < size; ++i) {
    lua_rawgeti(state, 1, i + 1);
    lua_rawseti(state, 1, i);
  }
  lua_pushnil(state);
  lua_rawseti(state, 1, size);
  return 1;
}

int list_unpack(lua_State* state) {
  constexpr std::uint64_t kMost = 200;
  const std::uint64_t size = size_of(state, 1);
  if (size > kMost)
    return luaL_error(state, "unpack takes at most %d items", static_cast<int>(kMost));
  luaL_checkstack(state, static_cast<int>(size), nullptr);
  for (std::uint64_t i = 1; i <= size; ++i) lua_rawgeti(state, 1, static_cast<lua_Integer>(i));
  return static_cast<int>(size);
}

// ---- Numbers
// -------------------------------------------------------------------------------------

lua_Integer whole(lua_State* state, int index) {
  if (!lua_isinteger(state, index)) luaL_argerror(state, index, "a whole number");
  return lua_tointeger(state, index);
}

int number_max(lua_State* state) {
  lua_Integer value = whole(state, 1);
  for (int i = 2; i <= lua_gettop(state); ++i) value = std::max(value, whole(state, i));
  lua_pushinteger(state, value);
  return 1;
}

int number_min(lua_State* state) {
  lua_Integer value = whole(state, 1);
  for (int i = 2; i <= lua_gettop(state); ++i) value = std::min(value, whole(state, i));
  lua_pushinteger(state, value);
  return 1;
}

/// What is longer, or among more names, is not looked for: a file may hold a great many.
constexpr std::size_t kLongestName = 60;
constexpr std::size_t kMostNames = 2000;

/// Texts that are keys of the table at `index`, for as long as they are there.
void add_keys(lua_State* state, int index, std::vector<std::string_view>& names) {
  lua_pushnil(state);
  while (lua_next(state, index) != 0) {
    if (lua_type(state, -2) == LUA_TSTRING && lua_rawlen(state, -2) <= kLongestName) {
      names.push_back(text_at(state, -2));
    }
    lua_pop(state, 1);
  }
}

/// Local names of the function that asks.
void add_locals(lua_State* state, std::vector<std::string_view>& names) {
  lua_Debug frame;
  if (lua_getstack(state, 1, &frame) == 0) return;
  for (int i = 1; const char* const name = lua_getlocal(state, &frame, i); ++i) {
    if (name[0] != '(') names.emplace_back(name);
    lua_pop(state, 1);
  }
  lua_getinfo(state, "f", &frame);
  for (int i = 1; const char* const name = lua_getupvalue(state, -1, i); ++i) {
    names.emplace_back(name);
    lua_pop(state, 1);
  }
  lua_pop(state, 1);
}

/// __index of a table that knows all its names; what stands before a name is the upvalue.
int unknown_name(lua_State* state) {
  const std::string library(text_at(state, lua_upvalueindex(1)));
  const std::string name(lua_type(state, 2) == LUA_TSTRING ? text_at(state, 2) : "?");
  luaL_checkstack(state, 10, nullptr);
  std::vector<std::string_view> names;
  add_keys(state, 1, names);
  if (library.empty()) add_locals(state, names);
  std::sort(names.begin(), names.end());
  const bool few = name.size() <= kLongestName && names.size() <= kMostNames;
  const std::string meant(few ? nearest_name(name, names) : std::string_view());
  std::string text = std::string(Sandbox::kUnknownName) + library + name;
  std::replace(text.begin(), text.end(), kMessageMark, '?');
  if (!meant.empty()) text += kMessageMark + library + meant;
  luaL_where(state, 1);
  push(state, text);
  lua_concat(state, 2);
  return lua_error(state);
}

constexpr luaL_Reg kBase[] = {{"type", value_type},
                              {"tostring", value_text},
                              {"tonumber", value_number},
                              {"error", raise},
                              {"assert", check},
                              {"ipairs", items},
                              {"select", select_arguments},
                              {nullptr, nullptr}};
constexpr luaL_Reg kText[] = {{"sub", text_sub},
                              {"rep", text_rep},
                              {"format", text_format},
                              {"len", text_len},
                              {nullptr, nullptr}};
constexpr luaL_Reg kList[] = {{"concat", list_concat},
                              {"insert", list_insert},
                              {"remove", list_remove},
                              {"unpack", list_unpack},
                              {nullptr, nullptr}};
constexpr luaL_Reg kNumber[] = {{"max", number_max}, {"min", number_min}, {nullptr, nullptr}};
/// A table of functions that cannot be changed, on the stack, so that a file cannot alter what
/// another of its lines relies on.
void push_fixed(lua_State* state, const char* library, const luaL_Reg* functions) {
  lua_newtable(state);
  luaL_setfuncs(state, functions, 0);
  close_table(state, library);
  fix_table(state);
}

}  // namespace

void push_list_functions(lua_State* state) {
  lua_newtable(state);
  luaL_setfuncs(state, kList, 0);
}

void fix_table(lua_State* state) {
  lua_newtable(state);
  lua_newtable(state);
  lua_pushvalue(state, -3);
  lua_setfield(state, -2, "__index");
  lua_pushcfunction(state, read_only);
  lua_setfield(state, -2, "__newindex");
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_setmetatable(state, -2);
  lua_remove(state, -2);
}

int open_library(lua_State* state) {
  lua_newtable(state);
  luaL_setfuncs(state, kBase, 0);
  push_fixed(state, "string.", kText);
  lua_pushvalue(state, -1);
  lua_setfield(state, -3, "string");
  // Texts get these methods and no others: ("x"):rep(3).
  lua_newtable(state);
  lua_insert(state, -2);
  lua_setfield(state, -2, "__index");
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  push(state, "");
  lua_insert(state, -2);
  lua_setmetatable(state, -2);
  lua_pop(state, 1);
  push_fixed(state, "math.", kNumber);
  lua_setfield(state, -2, "math");
  lua_setfield(state, LUA_REGISTRYINDEX, Sandbox::kEnvironment);
  return 0;
}

void close_table(lua_State* state, const char* library) {
  lua_newtable(state);
  lua_pushstring(state, library);
  lua_pushcclosure(state, unknown_name, 1);
  lua_setfield(state, -2, "__index");
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_setmetatable(state, -2);
}

std::int64_t line_of_rules(lua_State* state) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(state, level, &frame) != 0; ++level) {
    lua_getinfo(state, "Sl", &frame);
    if (std::strcmp(frame.source, Sandbox::kRuleFile) == 0 && frame.currentline > 0) {
      return frame.currentline;
    }
    // Deep recursion: the innermost frames tell enough.
    if (level > 50) break;
  }
  return 0;
}

}  // namespace toll::dsl::lua
