// Events per second: the hand-written kernel and the engine with the same policy as a rule file, on
// the same events. Each run is a whole set; results are compared before anything is timed.
//
//   toll_bench [--scale=N] [google-benchmark options]     N divides the number of events
#include <benchmark/benchmark.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "bench/contest.hpp"
#include "bench/kernel.hpp"
#include "bench/workload.hpp"

namespace bench {
namespace {

std::size_t scale = 1;

const Workload& workload(const std::string& name) {
  static std::map<std::string, Workload> made;
  const auto found = made.find(name);
  return found != made.end() ? found->second
                             : made.emplace(name, workload_named(name, scale)).first->second;
}

const std::shared_ptr<const toll::Program>& program(const std::string& name) {
  static std::map<std::string, std::shared_ptr<const toll::Program>> loaded;
  auto& place = loaded[name];
  if (place == nullptr) place = load_program(name);
  return place;
}

const Totals& expected(const std::string& set) {
  static std::map<std::string, Totals> known;
  const auto found = known.find(set);
  if (found != known.end()) return found->second;
  Kernel kernel(workload(set));
  kernel.apply_all(workload(set).calls);
  kernel.close();
  return known[set] = kernel.totals();
}

void insist(const Totals& got, const std::string& set) {
  if (got == expected(set)) return;
  const Totals& want = expected(set);
  std::fprintf(stderr, "%s: rows %llu charge %lld, but the kernel has %llu and %lld\n", set.c_str(),
               static_cast<unsigned long long>(got.rows), static_cast<long long>(got.charge),
               static_cast<unsigned long long>(want.rows), static_cast<long long>(want.charge));
  std::exit(1);
}

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// The thread's own time: what others do on the machine does not count.
template <class Work>
double timed(Work work) {
  const double start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  work();
  return seconds_of(CLOCK_THREAD_CPUTIME_ID) - start;
}

double kernel_plain(const std::string& set) {
  Kernel kernel(workload(set));
  return timed([&] {
    for (const Call& call : workload(set).calls) kernel.apply(call);
    benchmark::DoNotOptimize(kernel.close());
  });
}

double kernel_ahead(const std::string& set) {
  Kernel kernel(workload(set));
  return timed([&] {
    kernel.apply_all(workload(set).calls);
    benchmark::DoNotOptimize(kernel.close());
  });
}

double kernel_record(const std::string& set) {
  Kernel kernel(workload(set));
  std::vector<Decision> decisions(workload(set).calls.size());
  return timed([&] {
    kernel.apply_all(workload(set).calls, decisions.data());
    benchmark::DoNotOptimize(kernel.close());
  });
}

double engine_batch(const std::string& set) {
  const std::vector<Call>& calls = workload(set).calls;
  Contest contest(program("workload.toll"), workload(set));
  const double seconds = timed([&] {
    contest.apply(calls.data(), calls.size());
    contest.close();
  });
  insist(contest.totals(), set);
  return seconds;
}

double engine_single(const std::string& set) {
  Contest contest(program("workload.toll"), workload(set));
  const double seconds = timed([&] {
    for (const Call& call : workload(set).calls) contest.apply(&call, 1);
    contest.close();
  });
  insist(contest.totals(), set);
  return seconds;
}

void add(const std::string& name, const std::string& set,
         const std::function<double(const std::string&)>& run) {
  const auto body = [set, run](benchmark::State& state) {
    for (auto _ : state) {  // NOLINT: the loop is Google Benchmark's
      state.SetIterationTime(run(set));
    }
    const auto events = static_cast<double>(workload(set).calls.size());
    state.counters["ns_per_event"] = benchmark::Counter(
        events / 1e9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  };
  benchmark::RegisterBenchmark((name + "/" + set).c_str(), body)
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

void add_all() {
  for (const std::string set : {"S", "A", "B"}) {
    add("kernel_plain", set, kernel_plain);
    add("kernel_ahead", set, kernel_ahead);
    add("kernel_record", set, kernel_record);
    add("engine_batch", set, engine_batch);
    add("engine_single", set, engine_single);
  }
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--scale=", 8) == 0) {
      bench::scale = std::strtoull(argv[i] + 8, nullptr, 10);
    }
  }
  bench::add_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
