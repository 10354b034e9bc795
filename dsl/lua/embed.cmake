# Writes a C++ file that holds a file of Lua, so that nothing is looked up at run time.
#   cmake -DOUTPUT=file.cc -DPRELUDE=prelude.lua -DFUNCTION=prelude_text -P embed.cmake
file(READ "${PRELUDE}" text)
get_filename_component(name "${PRELUDE}" NAME)
# Adjacent literals: no string literal may be longer than 64 KiB in a standard compiler.
string(REPLACE "\n\n" "\n)__lua__\" R\"__lua__(\n" text "${text}")
file(WRITE "${OUTPUT}" "// Made by dsl/lua/embed.cmake; edit ${name}.
#include <string_view>

namespace toll::dsl::lua {

std::string_view ${FUNCTION}();
std::string_view ${FUNCTION}() {
  return R\"__lua__(${text})__lua__\";
}

}  // namespace toll::dsl::lua
")
