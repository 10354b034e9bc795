// A sink that throws: nothing comes through the C interface, and the runner is not used again.
#include <toll/toll.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <stdexcept>

namespace {

constexpr char kRules[] =
    "language 1\npolicy p\nentry seen { n: number }\n"
    "event tick { field n: number required; emit seen { n = event.n } }\n";
constexpr char kEvent[] =
    R"({"id":"1","type":"tick","subject":"a","time":"2025-07-01T00:00:00Z","data":{"n":3}})";

void throw_error(void* /*context*/, const char* /*text*/, std::size_t /*size*/) {
  throw std::runtime_error("no room");
}
void throw_no_memory(void* /*context*/, const char* /*text*/, std::size_t /*size*/) {
  throw std::bad_alloc();
}

bool stops(const toll_policy* policy, toll_sink sink, toll_status wanted) {
  toll_runner* runner = nullptr;
  bool good = toll_runner_new(policy, sink, nullptr, &runner) == TOLL_OK;
  good = good && toll_runner_feed(runner, kEvent, std::strlen(kEvent), 0) == wanted;
  good = good && *toll_error() != '\0';
  good = good && toll_runner_feed(runner, kEvent, std::strlen(kEvent), 0) == TOLL_BROKEN;
  good = good && toll_runner_advance(runner, nullptr) == TOLL_BROKEN;
  toll_runner_free(runner);
  return good;
}

}  // namespace

int main() {
  const toll_file file = {"p.toll", kRules, std::strlen(kRules)};
  toll_policy* policy = nullptr;
  bool good = toll_policy_load_files(&file, 1, nullptr, &policy) == TOLL_OK;
  if (!good) std::fputs(toll_error(), stderr);
  good = good && stops(policy, throw_error, TOLL_BROKEN);
  good = good && stops(policy, throw_no_memory, TOLL_NO_MEMORY);
  toll_policy_free(policy);
  std::puts(good ? "nothing came through" : "failed");
  return good ? 0 : 1;
}
