// libFuzzer on the Lua front end: any bytes, as a rule file and as the program of a hook. Neither may
// crash, hang or leave the limits; what a program answers must be of its type.
//
//   cmake -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DTOLL_BUILD_FUZZERS=ON
//   ninja -C build/fuzz lua_fuzz && build/fuzz/tests/fuzz/lua_fuzz tests/fuzz/lua
//
// What it found lies in tests/fuzz/lua and is replayed by lua_replay, which any compiler builds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "dsl/lua/hooks.hpp"
#include "dsl/lua/read.hpp"
#include "dsl/policy.hpp"

namespace {

using namespace toll;
using namespace toll::dsl;

lua::Limits file_limits() {
  lua::Limits limits;
  limits.steps = 300'000;
  limits.memory_bytes = std::size_t{4} << 20U;
  return limits;
}

HookLimits call_limits() {
  HookLimits limits;
  limits.steps = 20'000;
  limits.memory_bytes = std::size_t{256} << 10U;
  return limits;
}

void rule_file(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<File> files;
  files.push_back(lua::read_file(sources, "fuzz.lua", text, diagnostics, file_limits()));
  // Whatever it declared goes on like any other rule file; no file is read.
  const Policy policy = build_policy(std::move(files), sources, diagnostics);
  if (policy.core == nullptr && !diagnostics.has_errors()) std::abort();
  (void)render(diagnostics, sources);
}

void program(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<std::string> functions;
  const std::uint32_t file = sources.add("program.lua", text);
  const bool fine = lua::check_program(text, file, diagnostics, functions, call_limits());
  if (fine == diagnostics.has_errors()) std::abort();
  if (!fine) return;
  Core core;
  core.domains.push_back({"kind", false, {{"a", "A", {}, kNone}, {"b", "b", {}, kNone}}, {}, kNone});
  Type amount{Kind::number};
  amount.scale = kMoneyScale;
  const Type name{Kind::name};
  for (const std::string& function : functions) {
    for (const Type& result : {Type{Kind::boolean}, Type{Kind::number}, amount, name}) {
      Hook hook;
      hook.name = function;
      hook.parameters = {{"n", Type{Kind::number}}, {"m", amount}, {"k", name}};
      hook.result = result;
      hook.program = text;
      core.hooks.push_back(std::move(hook));
    }
    if (core.hooks.size() > 16) break;
  }
  const std::unique_ptr<HookCaller> caller = lua::host_of(core, call_limits())->open();
  const std::vector<HookArgument> arguments = {{3, {}}, {2'500'000, {}}, {1, "b"}};
  for (std::uint32_t i = 0; i < core.hooks.size(); ++i) {
    Value first = kAbsent;
    Value second = kAbsent;
    std::string why;
    const bool done = caller->call(i, arguments, first, why);
    if (caller->call(i, arguments, second, why) != done || (done && first != second)) std::abort();
    if (!done) continue;
    const Kind kind = core.hooks[i].result.kind;
    const bool two = kind == Kind::boolean || kind == Kind::name;
    if (first == kAbsent || (two && (first < 0 || first > 1))) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  rule_file(text);
  program(text);
  return 0;
}
