// Events per second: the hand-written kernel and the engine with the same policy as a rule file, on
// the same events. Each run is a whole set; results are compared before anything is timed.
//
//   toll_bench [--scale=N] [--data=DIR] [google-benchmark options]
//   toll_bench [--scale=N] --data=DIR [--write-lines=A] [--write-events=A]
//   toll_bench [--set=ACCOUNTS,EVENTS] [--policy=FILE] [google-benchmark options]
//
// N divides the number of events. DIR holds the sets as lines of JSON, which --write-.. puts there:
// NAME.lines.jsonl for the reduced policy, NAME.events.jsonl with the contract's events. --set
// makes one more set, G; --policy takes the place of the reduced one.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <malloc.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/contest.hpp"
#include "bench/kernel.hpp"
#include "bench/lines.hpp"
#include "bench/whole.hpp"
#include "bench/workload.hpp"
#include "io/feed.hpp"
#include "toll/json.hpp"

namespace bench {
namespace {

std::size_t scale = 1;
std::string data;  // folder of the sets as text
std::string reduced = "workload.toll";
std::size_t set_accounts = 0;  // of the set G; 0: there is none
std::size_t set_events = 0;

const Workload& workload(const std::string& name) {
  static std::map<std::string, Workload> made;
  const auto found = made.find(name);
  if (found != made.end()) return found->second;
  return made
      .emplace(name, name == "G" ? make_workload(name, set_accounts, set_events, 44)
                                 : workload_named(name, scale))
      .first->second;
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

/// What a run tells beside its time; taken by the benchmark that ran it.
std::map<std::string, double> told;

/// What is timed, by a name that a count of instructions can be told to look for.
template <class Work>
[[gnu::noinline]] void counted(Work& work) {
  work();
}

/// The thread's own time: what others do on the machine does not count.
template <class Work>
double timed(Work work) {
  const double start = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  counted(work);
  return seconds_of(CLOCK_THREAD_CPUTIME_ID) - start;
}

double kernel_plain(const std::string& set) {
  Kernel kernel(workload(set));
  return timed([&] {
    for (const Call& call : workload(set).calls) kernel.apply(call);
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

/// Memory of the process that is in use now.
double resident() {
  malloc_trim(0);  // what was given back by runs before is not to hide what this one takes
  long all = 0;
  long used = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &all, &used) != 2) used = 0;
  if (file != nullptr) std::fclose(file);
  return static_cast<double>(used) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double kernel_ahead(const std::string& set) {
  const double before = resident();
  Kernel kernel(workload(set));
  const double seconds = timed([&] {
    kernel.apply_all(workload(set).calls);
    benchmark::DoNotOptimize(kernel.close());
  });
  told["rss"] = resident() - before;
  told["states"] = static_cast<double>(kernel.states());
  return seconds;
}

double engine_batch(const std::string& set) {
  const std::vector<Call>& calls = workload(set).calls;
  const std::shared_ptr<const toll::Program>& policy = program(reduced);
  const double before = resident();
  Contest contest(policy, workload(set));
  double seconds = timed([&] { contest.apply(calls.data(), calls.size()); });
  told["bytes"] = static_cast<double>(contest.bytes());  // before the last month is over
  told["rss"] = resident() - before;
  seconds += timed([&] { contest.close(); });
  insist(contest.totals(), set);
  return seconds;
}

/// The same, and what every rule came to for every call, put down as ids.
double engine_record(const std::string& set) {
  static const std::shared_ptr<const toll::Program> policy =
      toll::prepare(load_recording(path_of(reduced)));
  const std::vector<Call>& calls = workload(set).calls;
  Contest contest(policy, workload(set));
  contest.expect_decisions(2 * calls.size());
  const double seconds = timed([&] {
    contest.apply(calls.data(), calls.size());
    contest.close();
  });
  insist(contest.totals(), set);
  const Totals& all = contest.totals();
  std::int64_t units = 0;
  for (const Decided& decided : contest.decisions()) units += decided.units;
  if (units != all.free + all.packs + all.paid + all.rejected) {
    std::fprintf(stderr, "%s: decisions do not add up to the rows\n", set.c_str());
    std::exit(1);
  }
  told["decisions"] = static_cast<double>(contest.decisions().size());
  return seconds;
}

double engine_single(const std::string& set) {
  Contest contest(program(reduced), workload(set));
  const double seconds = timed([&] {
    for (const Call& call : workload(set).calls) contest.apply(&call, 1);
    contest.close();
  });
  insist(contest.totals(), set);
  return seconds;
}

int open_lines(const std::string& set, const char* kind) {
  const int file = open((data + "/" + set + kind).c_str(), O_RDONLY | O_CLOEXEC);
  if (file >= 0) return file;
  std::fprintf(stderr, "no lines of set %s in `%s`: see --write-lines and --write-events\n",
               set.c_str(), data.c_str());
  std::exit(1);
}

double engine_lines(const std::string& set) {
  const int file = open_lines(set, ".lines.jsonl");
  Contest contest(program(reduced), workload(set));
  const double seconds = timed([&] {
    contest.apply_lines(file);
    contest.close();
  });
  close(file);
  insist(contest.totals(), set);
  return seconds;
}

/// The contract's events in, the whole policy's ledger out as text, which is thrown away.
double contract(const std::string& set) {
  const int file = open_lines(set, ".events.jsonl");
  std::size_t bytes = 0;
  toll::JsonRunner runner(program(BENCH_WHOLE_POLICY),
                          [&bytes](std::string_view line) { bytes += line.size() + 1; });
  const double seconds = timed([&] {
    toll::io::feed_all(file, runner, [](std::uint64_t) { return true; });
    runner.advance(runner.latest_time());
  });
  close(file);
  if (runner.totals().errors != 0) {
    std::fprintf(stderr, "%s: the policy refuses events\n", set.c_str());
    std::exit(1);
  }
  told["events"] = static_cast<double>(runner.totals().events);
  told["ledger_bytes"] = static_cast<double>(bytes);
  return seconds;
}

/// The contract's events, the whole policy's entries, both as structs.
double engine_whole(const std::string& set) {
  double seconds = 0;
  const WholeTotals totals =
      apply_whole(program(BENCH_WHOLE_POLICY), workload(set),
                  [&seconds](const std::function<void()>& work) { seconds += timed(work); });
  if (totals.errors != 0) {
    std::fprintf(stderr, "%s: the policy refuses events\n", set.c_str());
    std::exit(1);
  }
  benchmark::DoNotOptimize(totals.members);
  told["events"] = static_cast<double>(totals.events);
  return seconds;
}

constexpr std::size_t kShards = 2;

/// Two threads, each with the accounts of its shard, which it picks out of all calls itself. What
/// the slower of them takes of its own time.
template <class Make, class Choose>
double two_threads(const std::string& set, Make make, Choose shard_of) {
  constexpr std::size_t kBlock = 8192;
  const std::vector<Call>& calls = workload(set).calls;
  decltype(make(0)) contestants[kShards] = {make(0), make(1)};
  double seconds[kShards] = {};
  const auto work = [&](std::size_t shard) {
    seconds[shard] = timed([&] {
      std::vector<Call> own(kBlock + 1);
      for (std::size_t i = 0; i < calls.size();) {
        std::size_t count = 0;
        for (const std::size_t end = std::min(calls.size(), i + kBlock); i < end; ++i) {
          own[count] = calls[i];
          count += shard_of(calls[i].account) == shard ? 1U : 0U;
        }
        contestants[shard]->apply_all({own.data(), count});
      }
      contestants[shard]->close();
    });
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  Totals totals = contestants[0]->totals();
  totals += contestants[1]->totals();
  insist(totals, set);
  return std::max(seconds[0], seconds[1]);
}

double kernel_two_threads(const std::string& set) {
  return two_threads(
      set, [&](std::size_t) { return std::make_unique<Kernel>(workload(set), kShards); },
      [](std::uint64_t account) { return static_cast<std::size_t>(Kernel::shard_of(account)); });
}

double engine_two_threads(const std::string& set) {
  return two_threads(
      set,
      [&](std::size_t shard) {
        return std::make_unique<Contest>(program(reduced), workload(set), shard, kShards);
      },
      [](std::uint64_t account) { return toll::AccountStore::shard_of(account, kShards); });
}

/// Parsing, checking and planning a policy.
void load(benchmark::State& state, const std::string& path) {
  for (auto _ : state) {  // NOLINT: the loop is Google Benchmark's
    benchmark::DoNotOptimize(load_program(path));
  }
}

void add(const std::string& name, const std::string& set,
         const std::function<double(const std::string&)>& run) {
  const auto body = [set, run](benchmark::State& state) {
    for (auto _ : state) {  // NOLINT: the loop is Google Benchmark's
      state.SetIterationTime(run(set));
    }
    const auto events = static_cast<double>(workload(set).calls.size());
    state.counters["events"] = benchmark::Counter(events);
    for (const auto& [what, value] : told) state.counters[what] = benchmark::Counter(value);
    told.clear();
  };
  benchmark::RegisterBenchmark((name + "/" + set).c_str(), body)
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

void add_all() {
  for (const std::string set : {"S", "A", "B", "G"}) {
    if (set == "G" && set_accounts == 0) continue;
    add("kernel_plain", set, kernel_plain);
    add("kernel_ahead", set, kernel_ahead);
    add("kernel_record", set, kernel_record);
    add("engine_batch", set, engine_batch);
    add("engine_record", set, engine_record);
    add("engine_single", set, engine_single);
    add("kernel_two_threads", set, kernel_two_threads);
    add("engine_two_threads", set, engine_two_threads);
    add("engine_whole", set, engine_whole);
    if (data.empty()) continue;
    add("engine_lines", set, engine_lines);
    if (access((data + "/" + set + ".events.jsonl").c_str(), R_OK) == 0)
      add("contract", set, contract);
  }
  benchmark::RegisterBenchmark("load/reduced", load, reduced)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("load/whole", load, BENCH_WHOLE_POLICY)
      ->Unit(benchmark::kMillisecond);
}

/// Writes a set as text, and says how much that is.
void write_short(const std::string& set) {
  const std::uint64_t bytes = write_lines(workload(set), data + "/" + set + ".lines.jsonl");
  std::printf("{\"lines\":%zu,\"line_bytes\":%llu}\n", workload(set).calls.size(),
              static_cast<unsigned long long>(bytes));
}

void write_contract(const std::string& set) {
  const Written written = write_events(workload(set), load_core(BENCH_WHOLE_POLICY),
                                       data + "/" + set + ".events.jsonl");
  std::printf("{\"events\":%llu,\"event_bytes\":%llu}\n",
              static_cast<unsigned long long>(written.events),
              static_cast<unsigned long long>(written.bytes));
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  std::string lines;
  std::string events;
  const auto option = [](std::string_view argument, std::string_view name, std::string& value) {
    if (argument.substr(0, name.size()) == name) value = argument.substr(name.size());
  };
  std::string scale = "1";
  std::string set;
  for (int i = 1; i < argc; ++i) {
    option(argv[i], "--scale=", scale);
    option(argv[i], "--data=", bench::data);
    option(argv[i], "--write-lines=", lines);
    option(argv[i], "--write-events=", events);
    option(argv[i], "--policy=", bench::reduced);
    option(argv[i], "--set=", set);
  }
  bench::scale = std::stoul(scale);
  if (const std::size_t comma = set.find(','); comma != std::string::npos) {
    bench::set_accounts = std::stoul(set);
    bench::set_events = std::stoul(set.substr(comma + 1));
  }
  if (!lines.empty()) bench::write_short(lines);
  if (!events.empty()) bench::write_contract(events);
  if (!lines.empty() || !events.empty()) return 0;
  bench::add_all();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
