// The C interface over the C++ one. Nothing is thrown across it: what is, becomes a status, and a
// runner in whose midst it happened is not used again.
#include "toll/toll.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/syntax/unicode.hpp"
#include "toll/json.hpp"
#include "toll/policy.hpp"

struct toll_policy {
  std::shared_ptr<const toll::Program> program;  // null: it has errors
  std::string report;
};

struct toll_runner {
  toll_runner(std::shared_ptr<const toll::Program> program, toll_sink sink, void* context)
      : ledger(sink == nullptr
                   ? toll::JsonRunner::Ledger()
                   : [sink,
                      context](std::string_view line) { sink(context, line.data(), line.size()); }),
        json(std::move(program), ledger) {}

  toll::JsonRunner::Ledger ledger;
  toll::JsonRunner json;
  bool busy = false;    ///< a call is under way: it may be its sink that calls
  bool broken = false;  ///< a call was left in its midst
  bool doomed = false;  ///< its sink has freed it
};

namespace {

/// What toll_error() tells. A text that memory does not suffice for is one of these.
class LastError {
 public:
  void clear() { fixed_ = ""; }
  toll_status tell(toll_status status, const char* fixed) {
    fixed_ = fixed;
    return status;
  }
  toll_status tell(toll_status status, std::string text) {
    text_ = std::move(text);
    fixed_ = nullptr;
    return status;
  }
  [[nodiscard]] const char* text() const { return fixed_ != nullptr ? fixed_ : text_.c_str(); }

 private:
  const char* fixed_ = "";
  std::string text_;
};

LastError& last_error() {
  thread_local LastError error;
  return error;
}

toll_status invalid(const char* why) { return last_error().tell(TOLL_INVALID, why); }

template <class Work>
toll_status guarded(const Work& work) noexcept {
  try {
    last_error().clear();
    const toll_status status = work();
    if (status == TOLL_OK) last_error().clear();  // a sink may have made calls
    return status;
  } catch (const std::bad_alloc&) {
    return last_error().tell(TOLL_NO_MEMORY, "there is not enough memory");
  } catch (...) {
    return last_error().tell(TOLL_BROKEN, "something was thrown");
  }
}

/// A call that may write to the runner, or give its sink something.
template <class Work>
toll_status with(toll_runner* runner, const Work& work) noexcept {
  if (runner == nullptr) return guarded([] { return invalid("no runner is given"); });
  if (runner->busy) return guarded([] { return invalid("a sink calls the runner that calls it"); });
  if (runner->broken) {
    return guarded([] { return last_error().tell(TOLL_BROKEN, "the runner failed before"); });
  }
  runner->busy = true;
  runner->broken = true;  // unless the work comes back
  const toll_status status = guarded([&] {
    const toll_status done = work(runner->json);
    runner->broken = false;
    return done;
  });
  runner->busy = false;
  if (runner->doomed) delete runner;
  return status;
}

/// As much of a structure as both its writer's header and ours know; the rest is 0.
template <class Structure>
bool read_sized(const Structure* from, Structure& into) {
  if (from->size < sizeof from->size) return false;
  std::memcpy(&into, from, std::min(from->size, sizeof into));
  return true;
}

template <class Number>
void set(Number& limit, Number chosen) {
  if (chosen != 0) limit = chosen;
}

toll::LoadLimits limits_of(const toll_options& options) {
  toll::LoadLimits limits;
  set(limits.lua.source_bytes, options.lua_source_bytes);
  set(limits.lua.steps, options.lua_steps);
  set(limits.lua.memory_bytes, options.lua_memory_bytes);
  set(limits.lua.text_bytes, options.lua_text_bytes);
  set(limits.lua.milliseconds, options.lua_milliseconds);
  set(limits.hooks.source_bytes, options.hook_source_bytes);
  set(limits.hooks.steps, options.hook_steps);
  set(limits.hooks.memory_bytes, options.hook_memory_bytes);
  set(limits.hooks.text_bytes, options.hook_text_bytes);
  return limits;
}

/// Loads what `read` reads, in the language and within the limits of the options.
template <class Read>
toll_status load(const toll_options* options, toll_policy** policy, const Read& read) noexcept {
  return guarded([&]() -> toll_status {
    if (policy == nullptr) return invalid("no place for the policy is given");
    *policy = nullptr;
    toll_options chosen = {};
    if (options != nullptr && !read_sized(options, chosen)) {
      return invalid("the options have no size");
    }
    const char* const language = chosen.language == nullptr ? "en" : chosen.language;
    std::optional<toll::LoadedPolicy> loaded = read(language, limits_of(chosen));
    if (!loaded) return invalid("a path or a text is missing");
    auto made = std::make_unique<toll_policy>();
    if (loaded->core != nullptr) made->program = toll::prepare(loaded->core);
    made->report = std::move(loaded->report);
    toll_status status = TOLL_OK;
    if (made->program == nullptr) status = last_error().tell(TOLL_POLICY, made->report);
    *policy = made.release();
    return status;
  });
}

}  // namespace

uint32_t toll_abi_version(void) { return TOLL_ABI_VERSION; }
const char* toll_version(void) { return TOLL_VERSION; }
const char* toll_error(void) { return last_error().text(); }

toll_status toll_policy_load(const char* path, const toll_options* options, toll_policy** policy) {
  using Loaded = std::optional<toll::LoadedPolicy>;
  return load(options, policy, [path](const char* language, const toll::LoadLimits& limits) {
    return path == nullptr ? Loaded() : Loaded(toll::load_policy(path, language, limits));
  });
}

toll_status toll_policy_load_files(const toll_file* files, size_t count,
                                   const toll_options* options, toll_policy** policy) {
  using Loaded = std::optional<toll::LoadedPolicy>;
  return load(options, policy, [=](const char* language, const toll::LoadLimits& limits) {
    std::vector<toll::PolicyFile> given;
    for (std::size_t i = 0; i < count; ++i) {
      if (files == nullptr || files[i].path == nullptr) return Loaded();
      if (files[i].text == nullptr && files[i].size != 0) return Loaded();
      given.push_back({files[i].path, std::string(files[i].text, files[i].size)});
    }
    return Loaded(toll::load_policy(given, language, limits));
  });
}

const char* toll_policy_report(const toll_policy* policy) {
  return policy == nullptr ? "" : policy->report.c_str();
}

void toll_policy_free(toll_policy* policy) { delete policy; }

toll_status toll_runner_new(const toll_policy* policy, toll_sink ledger, void* context,
                            toll_runner** runner) {
  return guarded([&]() -> toll_status {
    if (runner == nullptr) return invalid("no place for the runner is given");
    *runner = nullptr;
    if (policy == nullptr) return invalid("no policy is given");
    if (policy->program == nullptr) return invalid("the policy has errors");
    *runner = std::make_unique<toll_runner>(policy->program, ledger, context).release();
    return TOLL_OK;
  });
}

void toll_runner_free(toll_runner* runner) {
  if (runner != nullptr && runner->busy) {
    runner->doomed = true;
  } else {
    delete runner;
  }
}

toll_status toll_runner_feed(toll_runner* runner, const char* line, size_t size,
                             uint64_t line_number) {
  return with(runner, [&](toll::JsonRunner& json) -> toll_status {
    if (line == nullptr) return invalid("no event is given");
    if (json.feed({line, size}, line_number)) return TOLL_OK;
    return last_error().tell(TOLL_REFUSED, "the event was refused: its `error` entry says why");
  });
}

toll_status toll_runner_advance(toll_runner* runner, const char* time) {
  return with(runner, [&](toll::JsonRunner& json) -> toll_status {
    const toll::Value until = time == nullptr ? json.latest_time() : json.parse_time(time);
    if (until == toll::kAbsent && time != nullptr) {
      return invalid("the time is not RFC 3339, with an offset");
    }
    const std::uint64_t before = json.totals().errors;
    if (until != toll::kAbsent) json.advance(until);
    if (json.totals().errors == before) return TOLL_OK;
    return last_error().tell(TOLL_REFUSED, "a timer failed: its `error` entry says why");
  });
}

toll_status toll_runner_totals(const toll_runner* runner, toll_totals* totals) {
  return guarded([&]() -> toll_status {
    if (runner == nullptr) return invalid("no runner is given");
    if (totals == nullptr || totals->size < sizeof totals->size) {
      return invalid("the totals have no size");
    }
    const toll::JsonRunner::Totals& known = runner->json.totals();
    const toll_totals told = {totals->size, known.events, known.entries, known.errors,
                              known.accounts};
    std::memcpy(totals, &told, std::min(told.size, sizeof told));
    return TOLL_OK;
  });
}

toll_status toll_runner_accounts(toll_runner* runner, toll_sink sink, void* context) {
  return with(runner, [&](toll::JsonRunner& json) -> toll_status {
    if (sink == nullptr) return invalid("no sink is given");
    json.visit([&](std::string_view subject, const toll::Account& /*account*/) {
      sink(context, subject.data(), subject.size());
    });
    return TOLL_OK;
  });
}

toll_status toll_runner_save(toll_runner* runner, const char* account, size_t size, toll_sink sink,
                             void* context) {
  return with(runner, [&](toll::JsonRunner& json) -> toll_status {
    if (account == nullptr || sink == nullptr) return invalid("no account or sink is given");
    const toll::Account* const found = json.account({account, size});
    if (found == nullptr) return invalid("there is no such account");
    const std::string state = found->save();
    sink(context, state.data(), state.size());
    return TOLL_OK;
  });
}

toll_status toll_runner_restore(toll_runner* runner, const char* account, size_t size,
                                const char* state, size_t state_size) {
  return with(runner, [&](toll::JsonRunner& json) -> toll_status {
    if (account == nullptr || state == nullptr) return invalid("no account or state is given");
    const std::string_view subject(account, size);
    if (subject.empty() || toll::dsl::find_invalid_utf8(subject) != std::string_view::npos) {
      return invalid("an account's name is a text that is not empty");
    }
    std::string problem = json.restore(subject, {state, state_size});
    if (problem.empty()) return TOLL_OK;
    return last_error().tell(TOLL_STATE, std::move(problem));
  });
}
