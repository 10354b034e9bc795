#include "dsl/lua/sandbox.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <lua.hpp>

#include "dsl/lua/library.hpp"

namespace toll::dsl::lua {

struct Sandbox::Budget {
  Limits limits;
  std::uint64_t steps = 0;
  std::size_t memory = 0;
  std::size_t asked = 0;  ///< all that was asked for since allow()
  std::size_t asked_most = SIZE_MAX;
  std::uint64_t steps_between_hooks = 0;
  std::uint32_t line = 0;                        ///< of the rule file: where the last error came up
  Outcome::Kind exceeded = Outcome::Kind::done;  ///< sticky: the first limit that was met
};

namespace {

constexpr std::uint64_t kStepsBetweenHooks = 1000;

Sandbox::Budget& budget_of(lua_State* state) {
  void* budget = nullptr;
  lua_getallocf(state, &budget);
  return *static_cast<Sandbox::Budget*>(budget);
}

/// Lua's memory. Refusing makes Lua collect its garbage and ask once more.
void* allocate(void* context, void* block, std::size_t old_size, std::size_t new_size) {
  auto& budget = *static_cast<Sandbox::Budget*>(context);
  if (block == nullptr) old_size = 0;  // then it is the kind of object
  if (new_size == 0) {
    std::free(block);
    budget.memory -= old_size;
    return nullptr;
  }
  if (new_size > old_size && budget.memory + (new_size - old_size) > budget.limits.memory_bytes) {
    return nullptr;
  }
  if (new_size > old_size && new_size - old_size > budget.asked_most - budget.asked) {
    if (budget.exceeded == Outcome::Kind::done) budget.exceeded = Outcome::Kind::memory;
    return nullptr;
  }
  void* const moved = std::realloc(block, new_size);
  if (moved != nullptr && new_size > old_size) budget.asked += new_size - old_size;
  if (moved != nullptr) budget.memory = budget.memory - old_size + new_size;
  return moved;
}

[[noreturn]] void exceed(lua_State* state, Outcome::Kind kind) {
  Sandbox::Budget& budget = budget_of(state);
  if (budget.exceeded == Outcome::Kind::done) budget.exceeded = kind;
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

/// Once over the budget, every further instruction raises again: nothing can catch it and go on.
void count_steps(lua_State* state, lua_Debug* /*at*/) {
  Sandbox::Budget& budget = budget_of(state);
  budget.steps += budget.steps_between_hooks;
  if (has_too_many_arguments(state)) exceed(state, Outcome::Kind::nesting);
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
  if (state_ == nullptr) {  // a memory limit of next to nothing
    budget_->exceeded = Outcome::Kind::memory;
    return;
  }
  allow(limits.steps, SIZE_MAX);
  lua_pushcfunction(state_, open_library);
  if (lua_pcall(state_, 0, 0, 0) != LUA_OK) budget_->exceeded = Outcome::Kind::memory;
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
  budget_->steps_between_hooks = std::min(kStepsBetweenHooks, steps / 8 + 1);
  lua_sethook(state_, count_steps, LUA_MASKCOUNT, static_cast<int>(budget_->steps_between_hooks));
}

std::size_t Sandbox::asked_for() const { return budget_->asked; }

Outcome Sandbox::finish(int status) {
  Outcome outcome;
  if (status == LUA_OK && budget_->exceeded == Outcome::Kind::done) return outcome;
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
  return finish(lua_pcall(state_, 0, 0, -2));
}

Outcome Sandbox::prelude(std::string_view name, std::string_view text) {
  if (budget_->exceeded != Outcome::Kind::done) return finish(LUA_OK);
  const std::string chunk = "=" + std::string(name);
  if (luaL_loadbufferx(state_, text.data(), text.size(), chunk.c_str(), "t") != LUA_OK) {
    return finish(LUA_ERRSYNTAX);
  }
  lua_getfield(state_, LUA_REGISTRYINDEX, kEnvironment);
  push_tools(state_);
  return finish(lua_pcall(state_, 2, 0, 0));
}

Outcome Sandbox::run(std::string_view text) {
  if (budget_->exceeded != Outcome::Kind::done) return finish(LUA_OK);
  const int status = luaL_loadbufferx(state_, text.data(), text.size(), kRuleFile, "t");
  if (status != LUA_OK) return finish(status);
  lua_getfield(state_, LUA_REGISTRYINDEX, kEnvironment);
  close_table(state_, "");
  lua_pop(state_, 1);
  return call();
}

}  // namespace toll::dsl::lua
