// What a call of a hook costs, and what an event with one costs beside an event without.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "bench/contest.hpp"
#include "toll/hooks.hpp"

namespace bench {
namespace {

const std::shared_ptr<const toll::Program>& program() {
  static const std::shared_ptr<const toll::Program> kProgram = load_program("hooks");
  return kProgram;
}

void call(benchmark::State& state, const char* name,
          const std::vector<toll::HookArgument>& arguments) {
  const toll::Core& core = toll::core_of(*program());
  std::uint32_t hook = 0;
  while (core.hooks[hook].name != name) ++hook;
  const std::unique_ptr<toll::HookCaller> caller = core.hook_host->open();
  toll::Value result = 0;
  std::string why;
  for (auto _ : state) {
    if (!caller->call(hook, arguments, result, why)) {
      state.SkipWithError(why.c_str());
      break;
    }
    benchmark::DoNotOptimize(result);
  }
}

void hook_same(benchmark::State& state) { call(state, "same", {{42, {}}}); }
void hook_is_voice(benchmark::State& state) { call(state, "is_voice", {{1, "voice"}}); }
void hook_discounted(benchmark::State& state) {
  call(state, "discounted", {{12'345'000, {}}, {150'000, {}}});
}
void hook_miles(benchmark::State& state) {
  call(state, "miles", {{5986, {}}, {3426, {}}, {4997, {}}, {1406, {}}});
}

class Ignore final : public toll::Sink {
 public:
  void entry(const toll::Account& /*account*/, const toll::EntryView& entry) override {
    if (entry.kind == toll::EntryView::kError) failed = true;
  }
  bool failed = false;
};

void event(benchmark::State& state, const char* name) {
  const toll::Core& core = toll::core_of(*program());
  toll::EventView event;
  while (core.events[event.type].name != name) ++event.type;
  toll::Account account(program());
  Ignore ignore;
  const toll::Value one = 1;
  event.fields = {&one, 1};
  for (auto _ : state) {
    ++event.time;
    account.apply(event, ignore);
  }
  if (ignore.failed) state.SkipWithError("an event failed");
}

void event_plain(benchmark::State& state) { event(state, "plain"); }
void event_hooked(benchmark::State& state) { event(state, "hooked"); }

BENCHMARK(hook_same);
BENCHMARK(hook_is_voice);
BENCHMARK(hook_discounted);
BENCHMARK(hook_miles);
BENCHMARK(event_plain);
BENCHMARK(event_hooked);

}  // namespace
}  // namespace bench
