#include "dsl/lua/sandbox.hpp"

#include <time.h>  // NOLINT(modernize-deprecated-headers): clock_gettime is POSIX

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <lua.hpp>

#include "dsl/lua/library.hpp"
#include "dsl/lua/plain_locale.hpp"

namespace toll::dsl::lua {

struct Sandbox::Budget {
  Limits limits;
  lua_State* state = nullptr;
  std::uint64_t steps = 0;
  std::size_t memory = 0;
  std::size_t asked = 0;  ///< all that was asked for since allow()
  std::size_t asked_most = SIZE_MAX;
  bool lifted = true;       ///< nothing is refused: outside lua_pcall that would end the process
  bool pays = false;        ///< in steps for memory: a file. Calls of hooks may ask for little
  std::size_t longest = 0;  ///< text so far
  std::uint64_t steps_between_hooks = 0;
  std::uint64_t started = 0;                     ///< microseconds of this thread's processor time
  std::uint64_t hooked = 0;                      ///< the same, when steps were counted last
  std::uint32_t line = 0;                        ///< of the rule file: where the last error came up
  Outcome::Kind exceeded = Outcome::Kind::done;  ///< sticky: the first limit that was met
};

namespace {

constexpr std::uint64_t kStepsBetweenHooks = 1000;
constexpr std::uint64_t kStepsWhereSlow = 20;
constexpr std::uint64_t kSlow = 10'000;  // microseconds between hooks
/// What Lua does in one instruction, but not in one step: comparing texts, laying out memory,
/// looking through all there is for garbage. In bytes a step.
constexpr std::size_t kComparedPerStep = 1024;
constexpr std::size_t kAskedPerStep = 16;
constexpr std::size_t kSearchedPerStep = 32;
constexpr std::size_t kTextHead = 64;  // more than Lua puts before a text

Sandbox::Budget& budget_of(lua_State* state) {
  void* budget = nullptr;
  lua_getallocf(state, &budget);
  return *static_cast<Sandbox::Budget*>(budget);
}

std::uint64_t processor_time() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

void count_steps(lua_State* state, lua_Debug* at);

/// A limit is met in the midst of an instruction: the next one raises it. Lua lets a hook be set at
/// any time; an error of memory would not know its line.
void stop(Sandbox::Budget& budget, Outcome::Kind kind) {
  if (budget.exceeded == Outcome::Kind::done) budget.exceeded = kind;
  lua_sethook(budget.state, count_steps, LUA_MASKCOUNT, 1);
}

/// Whether the budget bears `more` bytes; a file pays for them in steps. Refusing makes Lua collect
/// its garbage and ask once more, unless a limit was met for good.
bool may_ask(Sandbox::Budget& budget, std::size_t more, bool text) {
  if (budget.lifted) return true;
  const bool room = budget.memory + more <= budget.limits.memory_bytes;
  if (!room && budget.pays) budget.steps += budget.memory / kSearchedPerStep;
  const bool allowed = more <= budget.asked_most - budget.asked;
  const bool spent = budget.pays && budget.steps > budget.limits.steps;
  if (!allowed || (!room && spent)) {
    if (budget.exceeded == Outcome::Kind::done) budget.exceeded = Outcome::Kind::memory;
  }
  if (!room || !allowed) return false;
  if (text && more > budget.limits.text_bytes + kTextHead) stop(budget, Outcome::Kind::text);
  if (text) budget.longest = std::max(budget.longest, more);
  if (budget.pays) budget.steps += more / kAskedPerStep;
  if (budget.pays && budget.steps > budget.limits.steps) stop(budget, Outcome::Kind::steps);
  return true;
}

/// Lua's memory.
void* allocate(void* context, void* block, std::size_t old_size, std::size_t new_size) {
  auto& budget = *static_cast<Sandbox::Budget*>(context);
  const bool text = block == nullptr && old_size == LUA_TSTRING;
  if (block == nullptr) old_size = 0;  // then it was the kind of object
  if (new_size == 0) {
    std::free(block);
    budget.memory -= old_size;
    return nullptr;
  }
  if (new_size > old_size && !may_ask(budget, new_size - old_size, text)) return nullptr;
  void* const moved = std::realloc(block, new_size);
  if (moved != nullptr && new_size > old_size) budget.asked += new_size - old_size;
  if (moved != nullptr) budget.memory = budget.memory - old_size + new_size;
  return moved;
}

[[noreturn]] void exceed(lua_State* state, Outcome::Kind kind) {
  Sandbox::Budget& budget = budget_of(state);
  if (budget.exceeded == Outcome::Kind::done) budget.exceeded = kind;
  budget.line = static_cast<std::uint32_t>(line_of_rules(state));
  luaL_error(state, "limit");
  std::abort();  // luaL_error does not come back
}

/// f(1, ...) copies what it was given at every call, at the price of one instruction.
bool has_too_many_arguments(lua_State* state) {
  constexpr int kMost = 250;
  lua_Debug frame;
  for (int level = 0; level < 250 && lua_getstack(state, level, &frame) != 0; ++level) {
    if (lua_getlocal(state, &frame, -kMost) == nullptr) continue;
    lua_pop(state, 1);
    return true;
  }
  return false;
}

/// The last resort, far from what files take: a table may be laid out anew at one instruction, and
/// that again and again, at a cost that nothing tells.
void watch(lua_State* state, Sandbox::Budget& budget) {
  const std::uint64_t now = processor_time();
  if (now - budget.started > budget.limits.milliseconds * 1000) exceed(state, Outcome::Kind::time);
  if (now - budget.hooked > kSlow && budget.steps_between_hooks > kStepsWhereSlow) {
    budget.steps_between_hooks = kStepsWhereSlow;
    lua_sethook(state, count_steps, LUA_MASKCOUNT, static_cast<int>(kStepsWhereSlow));
  }
  budget.hooked = now;
}

/// Once over the budget, every further instruction raises again: nothing can catch it and go on.
void count_steps(lua_State* state, lua_Debug* /*at*/) {
  Sandbox::Budget& budget = budget_of(state);
  if (budget.exceeded != Outcome::Kind::done) {
    lua_sethook(state, count_steps, LUA_MASKCOUNT, 1);
    exceed(state, budget.exceeded);
  }
  // Any of these instructions may have compared two texts as long as the longest.
  const std::uint64_t weight = budget.pays ? 1 + budget.longest / kComparedPerStep : 1;
  budget.steps += budget.steps_between_hooks * weight;
  if (has_too_many_arguments(state)) exceed(state, Outcome::Kind::nesting);
  if (budget.limits.milliseconds != 0) watch(state, budget);
  if (budget.steps <= budget.limits.steps) return;
  lua_sethook(state, count_steps, LUA_MASKCOUNT, 1);
  exceed(state, Outcome::Kind::steps);
}

/// "rules:12: attempt to ..." -> 12 and the rest. A place in our own code is dropped.
void take_place(Outcome& outcome) {
  std::string& text = outcome.message;
  const bool rules = text.rfind("rules:", 0) == 0;
  if (!rules && text.rfind("toll:", 0) != 0) return;
  std::size_t at = text.find(':') + 1;
  std::uint32_t line = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9' && line < 100'000'000) {
    line = line * 10 + static_cast<std::uint32_t>(text[at++] - '0');
  }
  if (at + 1 >= text.size() || text[at] != ':') return;
  if (rules) outcome.line = line;
  text.erase(0, text[at + 1] == ' ' ? at + 2 : at + 1);
}

}  // namespace

/// Keeps the line of the rule file in which an error came up, however deep in our own code.
int remember_line(lua_State* state) {
  budget_of(state).line = static_cast<std::uint32_t>(line_of_rules(state));
  return 1;
}

void charge(lua_State* state, std::uint64_t steps) {
  Sandbox::Budget& budget = budget_of(state);
  budget.steps += steps;
  if (budget.steps > budget.limits.steps) exceed(state, Outcome::Kind::steps);
}

void charge_text(lua_State* state, std::uint64_t bytes) {
  if (bytes > budget_of(state).limits.text_bytes) exceed(state, Outcome::Kind::text);
  charge(state, bytes);
}

Sandbox::Sandbox(const Limits& limits) : budget_(std::make_unique<Budget>()) {
  budget_->limits = limits;
  state_ = lua_newstate(allocate, budget_.get());
  if (state_ == nullptr) {
    budget_->exceeded = Outcome::Kind::memory;
    return;
  }
  budget_->state = state_;
  lua_pushcfunction(state_, open_library);
  if (lua_pcall(state_, 0, 0, 0) != LUA_OK) budget_->exceeded = Outcome::Kind::memory;
  allow(limits.steps, SIZE_MAX);
}

Sandbox::~Sandbox() {
  if (state_ != nullptr) lua_close(state_);
}

void Sandbox::allow(std::uint64_t steps, std::size_t bytes) {
  budget_->limits.steps = steps;
  budget_->steps = 0;
  budget_->asked = 0;
  budget_->line = 0;
  budget_->asked_most = bytes;
  budget_->pays = bytes == SIZE_MAX;
  budget_->lifted = false;
  budget_->started = budget_->hooked = budget_->limits.milliseconds == 0 ? 0 : processor_time();
  budget_->steps_between_hooks = std::min(kStepsBetweenHooks, steps / 8 + 1);
  lua_sethook(state_, count_steps, LUA_MASKCOUNT, static_cast<int>(budget_->steps_between_hooks));
}

std::size_t Sandbox::asked_for() const { return budget_->asked; }

Outcome Sandbox::finish(int status) {
  Outcome outcome;
  budget_->lifted = true;
  if (status == LUA_OK && budget_->exceeded == Outcome::Kind::done) return outcome;
  if (state_ == nullptr) {
    outcome.kind = budget_->exceeded;
    return outcome;
  }
  std::size_t size = 0;
  const char* const text = status == LUA_OK || lua_type(state_, -1) != LUA_TSTRING
                               ? nullptr
                               : lua_tolstring(state_, -1, &size);
  if (text != nullptr) outcome.message.assign(text, size);
  outcome.kind = status == LUA_ERRSYNTAX ? Outcome::Kind::syntax : Outcome::Kind::failed;
  take_place(outcome);
  if (outcome.line == 0) outcome.line = budget_->line;
  if (outcome.message.find("stack overflow") != std::string::npos ||
      outcome.message.find("nested too deep") != std::string::npos ||
      outcome.message.find("too many C levels") != std::string::npos) {
    outcome.kind = Outcome::Kind::nesting;
  }
  if (status == LUA_ERRMEM || outcome.message == "not enough memory") {
    outcome.kind = Outcome::Kind::memory;
  }
  if (budget_->exceeded != Outcome::Kind::done) outcome.kind = budget_->exceeded;
  lua_settop(state_, 0);
  return outcome;
}

/// Calls the chunk on the stack with the environment it shall have.
Outcome Sandbox::call() {
  lua_getfield(state_, LUA_REGISTRYINDEX, kEnvironment);
  lua_setupvalue(state_, -2, 1);
  lua_pushcfunction(state_, remember_line);
  lua_insert(state_, -2);
  const PlainLocale plain;
  budget_->lifted = false;
  return finish(lua_pcall(state_, 0, 0, -2));
}

Outcome Sandbox::prelude(std::string_view name, std::string_view text) {
  if (budget_->exceeded != Outcome::Kind::done) return finish(LUA_OK);
  const std::string chunk = "=" + std::string(name);
  budget_->lifted = false;
  const int status = luaL_loadbufferx(state_, text.data(), text.size(), chunk.c_str(), "t");
  if (status != LUA_OK) return finish(status);
  budget_->lifted = true;
  lua_getfield(state_, LUA_REGISTRYINDEX, kEnvironment);
  push_tools(state_);
  budget_->lifted = false;
  return finish(lua_pcall(state_, 2, 0, 0));
}

Outcome Sandbox::run(std::string_view text) {
  if (budget_->exceeded != Outcome::Kind::done) return finish(LUA_OK);
  budget_->lifted = false;
  const int status = luaL_loadbufferx(state_, text.data(), text.size(), kRuleFile, "t");
  if (status != LUA_OK) return finish(status);
  budget_->lifted = true;
  lua_getfield(state_, LUA_REGISTRYINDEX, kEnvironment);
  close_table(state_, "");
  lua_pop(state_, 1);
  return call();
}

}  // namespace toll::dsl::lua
