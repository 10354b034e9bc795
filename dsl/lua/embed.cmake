# Writes a C++ file that holds prelude.lua, so that nothing is looked up at run time.
#   cmake -DOUTPUT=file.cc -DPRELUDE=prelude.lua -P embed.cmake
file(READ "${PRELUDE}" text)
# Adjacent literals: no string literal may be longer than 64 KiB in a standard compiler.
string(REPLACE "\n\n" "\n)__lua__\" R\"__lua__(\n" text "${text}")
file(WRITE "${OUTPUT}" "// Made by dsl/lua/embed.cmake; edit prelude.lua.
#include <string_view>

namespace toll::dsl::lua {

std::string_view prelude_text();
std::string_view prelude_text() {
  return R\"__lua__(${text})__lua__\";
}

}  // namespace toll::dsl::lua
")
