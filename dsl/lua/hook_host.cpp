#include <algorithm>
#include <lua.hpp>
#include <map>
#include <utility>

#include "dsl/lua/exact.hpp"
#include "dsl/lua/hooks.hpp"
#include "dsl/lua/library.hpp"
#include "dsl/lua/outcome.hpp"
#include "dsl/lua/plain_locale.hpp"
#include "dsl/lua/reasons.hpp"
#include "dsl/lua/tree.hpp"
#include "dsl/syntax/unicode.hpp"
#include "engine/kernel/checked.hpp"

namespace toll::dsl::lua {

/// Generated at build time from safe.lua.
std::string_view safe_text();

namespace {

/// Whole parts beyond these fail a call: no amount or count of a bill is so large, while products
/// of 64 bits that went wrong nearly always are.
constexpr Value kMostTaken = 1'000'000'000'000;
constexpr Value kMostGiven = 1'000'000'000'000'000;
/// What a state may have been asked for before it is cleaned, or thrown away.
constexpr std::size_t kGarbage = std::size_t{64} << 10U;
/// How far what a call asks for may depend on calls before it: texts that are there already, room
/// that was made. So near to the limit a new state decides.
constexpr std::size_t kDoubt = 2 * kGarbage;
/// For the interpreter itself and the texts of programs.
constexpr std::size_t kStateBytes = std::size_t{16} << 20U;

Value power_of_ten(int digits) {
  Value power = 1;
  for (int i = 0; i < digits; ++i) power *= 10;
  return power;
}

/// What callers need of a core, which they may outlive.
struct Programs {
  struct Function {
    std::size_t program = 0;
    std::string name;
    std::vector<Type> parameters;
    Type result;
    std::map<std::string, Value> names;  ///< of the result's domain, however it is written
  };
  HookLimits limits;
  std::vector<std::string> texts;
  std::vector<Function> functions;  ///< by hook
};

int no_globals(lua_State* state) {
  return luaL_error(state, "`%s` is not local: a program keeps nothing",
                    lua_type(state, 2) == LUA_TSTRING ? lua_tostring(state, 2) : "?");
}

/// After safe.lua: the environment that programs see. It cannot be written.
int open_programs(lua_State* state) {
  constexpr luaL_Reg kNumbers[] = {{"max", exact_max}, {"min", exact_min}, {nullptr, nullptr}};
  open_exact(state);
  lua_getfield(state, LUA_REGISTRYINDEX, Sandbox::kEnvironment);
  lua_pushcfunction(state, exact_number);
  lua_setfield(state, -2, "number");
  lua_pushcfunction(state, exact_round);
  lua_setfield(state, -2, "round");
  lua_pushcfunction(state, exact_divide);
  lua_setfield(state, -2, "divide");
  lua_newtable(state);
  luaL_setfuncs(state, kNumbers, 0);
  close_table(state, "math.");
  fix_table(state);
  lua_setfield(state, -2, "math");
  lua_getfield(state, -1, "table");
  close_table(state, "table.");
  fix_table(state);
  lua_setfield(state, -2, "table");
  close_table(state, "");
  fix_table(state);
  lua_getmetatable(state, -1);
  lua_pushcfunction(state, no_globals);
  lua_setfield(state, -2, "__newindex");
  lua_pop(state, 1);
  lua_setfield(state, LUA_REGISTRYINDEX, Sandbox::kEnvironment);
  return 0;
}

/// One interpreter with the programs of a policy in it.
class Interpreter {
 public:
  explicit Interpreter(std::shared_ptr<const Programs> programs)
      : programs_(std::move(programs)), sandbox_(limits_of(programs_->limits)) {
    outcome_ = sandbox_.prelude("toll", safe_text());
    if (!good()) return;
    lua_State* const state = sandbox_.state();
    lua_gc(state, LUA_GCSTOP);
    sandbox_.allow(Limits().steps, SIZE_MAX);
    lua_pushcfunction(state, open_programs);
    outcome_ = sandbox_.finish(lua_pcall(state, 0, 0, 0));
    if (!good()) return;
    sandbox_.allow(Limits().steps, SIZE_MAX);
    lua_pushcfunction(state, load);
    lua_pushlightuserdata(state, this);
    outcome_ = sandbox_.finish(lua_pcall(state, 1, 0, 0));
    if (syntax_ && outcome_.kind == Outcome::Kind::failed) outcome_.kind = Outcome::Kind::syntax;
    lua_gc(state, LUA_GCCOLLECT);
  }

  [[nodiscard]] bool good() const { return outcome_.kind == Outcome::Kind::done; }
  [[nodiscard]] const Outcome& outcome() const { return outcome_; }

  /// Runs a program and lists what its table holds.
  Outcome functions(std::size_t program, std::vector<std::string>& names) {
    Call call;
    call.chunk = chunks_[program];
    call.names = &names;
    return run(call);
  }

  Outcome call(const Programs::Function& function, std::span<const HookArgument> arguments,
               Value& result) {
    Call call;
    call.chunk = chunks_[function.program];
    call.function = &function;
    call.arguments = arguments;
    const Outcome outcome = run(call);
    result = call.result;
    return outcome;
  }

  /// Before another call: whether this state is as good as a new one.
  bool clean() {
    const std::size_t asked = sandbox_.asked_for();
    since_ += asked;
    if (asked > kGarbage) return false;
    if (since_ > kGarbage) {
      lua_gc(sandbox_.state(), LUA_GCCOLLECT);
      since_ = 0;
    }
    return true;
  }
  [[nodiscard]] std::size_t asked_for() const { return sandbox_.asked_for(); }

 private:
  struct Call {
    int chunk = LUA_NOREF;
    std::vector<std::string>* names = nullptr;
    const Programs::Function* function = nullptr;
    std::span<const HookArgument> arguments;
    Value result = kAbsent;
  };

  static Limits limits_of(const HookLimits& hooks) {
    Limits limits;
    limits.memory_bytes = kStateBytes + hooks.memory_bytes;
    limits.text_bytes = hooks.text_bytes;
    limits.milliseconds = 0;  // what a bill depends on is counted
    return limits;
  }

  Outcome run(Call& call) {
    const PlainLocale plain;
    lua_State* const state = sandbox_.state();
    sandbox_.allow(programs_->limits.steps, programs_->limits.memory_bytes);
    lua_pushcfunction(state, remember_line);
    lua_pushcfunction(state, call.function == nullptr ? list : perform);
    lua_pushlightuserdata(state, &call);
    return sandbox_.finish(lua_pcall(state, 1, 0, 1));
  }

  // What follows runs inside lua_pcall: errors of Lua leave it.

  static int load(lua_State* state) {
    Interpreter& here = *static_cast<Interpreter*>(lua_touserdata(state, 1));
    for (const std::string& text : here.programs_->texts) {
      const int status = luaL_loadbufferx(state, text.data(), text.size(), Sandbox::kRuleFile, "t");
      if (status != LUA_OK) {
        here.syntax_ = status == LUA_ERRSYNTAX;
        return lua_error(state);
      }
      here.chunks_.push_back(luaL_ref(state, LUA_REGISTRYINDEX));
    }
    return 0;
  }

  /// Runs the program anew, for its table. It may have set its own _ENV before.
  static void start(lua_State* state, const Call& call) {
    lua_rawgeti(state, LUA_REGISTRYINDEX, call.chunk);
    lua_getfield(state, LUA_REGISTRYINDEX, Sandbox::kEnvironment);
    lua_setupvalue(state, -2, 1);
    lua_call(state, 0, 1);
    if (lua_type(state, -1) != LUA_TTABLE) {
      luaL_error(state, "the program gives back no table: `return { NAME = function }`");
    }
  }

  static int list(lua_State* state) {
    Call& call = *static_cast<Call*>(lua_touserdata(state, 1));
    start(state, call);
    lua_pushnil(state);
    while (lua_next(state, -2) != 0) {
      if (lua_type(state, -2) == LUA_TSTRING && lua_type(state, -1) == LUA_TFUNCTION) {
        std::size_t size = 0;
        const char* const name = lua_tolstring(state, -2, &size);
        call.names->emplace_back(name, size);
      }
      lua_pop(state, 1);
    }
    return 0;
  }

  static int perform(lua_State* state) {
    Call& call = *static_cast<Call*>(lua_touserdata(state, 1));
    const Programs::Function& function = *call.function;
    start(state, call);
    lua_pushlstring(state, function.name.data(), function.name.size());
    if (lua_rawget(state, -2) != LUA_TFUNCTION) {
      luaL_error(state, "the program has no function of this name");
    }
    luaL_checkstack(state, static_cast<int>(call.arguments.size()) + 10, nullptr);
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      push(state, function.parameters[i], call.arguments[i]);
    }
    lua_call(state, static_cast<int>(call.arguments.size()), 1);
    call.result = taken(state, function);
    return 0;
  }

  static void push(lua_State* state, const Type& type, const HookArgument& argument) {
    if (argument.value == kAbsent) return lua_pushnil(state);
    if (type.kind == Kind::boolean) {
      lua_pushboolean(state, argument.value == 1 ? 1 : 0);
    } else if (type.kind == Kind::number) {
      const Value whole = argument.value / power_of_ten(type.scale);
      if (whole > kMostTaken || whole < -kMostTaken) luaL_error(state, "an argument is too large");
      push_exact(state, {argument.value, type.scale});
    } else {
      lua_pushlstring(state, argument.text.data(), argument.text.size());
    }
  }

  /// The answer at the top of the stack.
  static Value taken(lua_State* state, const Programs::Function& function) {
    const Type& type = function.result;
    if (lua_isnil(state, -1)) {
      if (!type.optional) luaL_error(state, "it gives back nothing");
      return kAbsent;
    }
    if (type.kind == Kind::boolean && lua_isboolean(state, -1)) return lua_toboolean(state, -1);
    Exact number;
    if (type.kind == Kind::number && read_exact(state, -1, number)) {
      if (number.scale > type.scale) {
        luaL_error(state, "it gives back more than %d decimals: round them", int{type.scale});
      }
      const Value whole = number.value / power_of_ten(number.scale);
      if (whole > kMostGiven || whole < -kMostGiven) luaL_error(state, "the answer is too large");
      return number.value * power_of_ten(type.scale - number.scale);
    }
    if (type.kind == Kind::name && lua_type(state, -1) == LUA_TSTRING) {
      std::size_t size = 0;
      const char* const text = lua_tolstring(state, -1, &size);
      const auto found = function.names.find(std::string(text, size));
      if (found != function.names.end()) return found->second;
      luaL_error(state, "it gives back a name that is not of its domain");
    }
    const bool fraction = lua_type(state, -1) == LUA_TNUMBER;
    luaL_error(state, "it gives back a %s",
               fraction ? "fraction of Lua" : luaL_typename(state, -1));
    return kAbsent;
  }

  std::shared_ptr<const Programs> programs_;
  Sandbox sandbox_;
  Outcome outcome_;
  std::vector<int> chunks_;  // by program: in the registry
  bool syntax_ = false;      // a program is no Lua
  std::size_t since_ = 0;    // asked for since garbage was collected
};

class Caller final : public HookCaller {
 public:
  explicit Caller(std::shared_ptr<const Programs> programs) : programs_(std::move(programs)) {}

  bool call(std::uint32_t hook, std::span<const HookArgument> arguments, Value& result,
            std::string& why) override {
    const Programs::Function& function = programs_->functions[hook];
    bool fresh = open();
    Outcome outcome = interpreter_->outcome();
    if (interpreter_->good()) outcome = interpreter_->call(function, arguments, result);
    const std::size_t least = std::min(programs_->limits.memory_bytes, kDoubt);
    if (!fresh && interpreter_->asked_for() > programs_->limits.memory_bytes - least) {
      interpreter_.reset();
      fresh = open();
      outcome = interpreter_->outcome();
      if (interpreter_->good()) outcome = interpreter_->call(function, arguments, result);
    }
    const bool done = outcome.kind == Outcome::Kind::done;
    if (!done) why = reason_of(outcome, programs_->limits);
    if (!done || !interpreter_->clean()) interpreter_.reset();
    return done;
  }

 private:
  bool open() {
    if (interpreter_ != nullptr) return false;
    interpreter_ = std::make_unique<Interpreter>(programs_);
    return true;
  }

  std::shared_ptr<const Programs> programs_;
  std::unique_ptr<Interpreter> interpreter_;
};

class Host final : public HookHost {
 public:
  explicit Host(std::shared_ptr<const Programs> programs) : programs_(std::move(programs)) {}
  [[nodiscard]] std::unique_ptr<HookCaller> open() const override {
    return std::make_unique<Caller>(programs_);
  }

 private:
  std::shared_ptr<const Programs> programs_;
};

}  // namespace

bool can_give(const Type& type) {
  return type.kind == Kind::boolean || type.kind == Kind::number || type.kind == Kind::name;
}

bool can_take(const Type& type) { return can_give(type) || type.kind == Kind::text; }

bool check_program(const std::string& text, std::uint32_t file, Diagnostics& diagnostics,
                   std::vector<std::string>& functions, const HookLimits& limits) {
  if (text.size() > limits.source_bytes) {
    diagnostics.error({file, 0, 0}, {"E1103.source", {std::to_string(limits.source_bytes >> 10U)}});
    return false;
  }
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    const auto at = static_cast<std::uint32_t>(bad);
    diagnostics.error({file, at, at + 1}, {"E1101.not-text", {std::to_string(bad)}});
    return false;
  }
  if (!check_numbers(text, file, diagnostics)) return false;
  auto programs = std::make_shared<Programs>();
  programs->limits = limits;
  programs->texts = {text};
  Interpreter interpreter(programs);
  Outcome outcome = interpreter.outcome();
  if (interpreter.good()) outcome = interpreter.functions(0, functions);
  std::sort(functions.begin(), functions.end());
  if (outcome.kind == Outcome::Kind::done) return true;
  Limits told;
  told.steps = limits.steps;
  told.memory_bytes = limits.memory_bytes;
  told.text_bytes = limits.text_bytes;
  const Places places(text, file);
  Message help;
  Message message = message_of(outcome, told, help);
  diagnostics.error(places.line(outcome.line), std::move(message), std::move(help));
  return false;
}

std::shared_ptr<const HookHost> host_of(const Core& core, const HookLimits& limits) {
  auto programs = std::make_shared<Programs>();
  programs->limits = limits;
  std::map<std::string, std::size_t> places;
  for (const Hook& hook : core.hooks) {
    const auto [at, fresh] = places.emplace(hook.program, programs->texts.size());
    if (fresh) programs->texts.push_back(hook.program);
    Programs::Function function;
    function.program = at->second;
    function.name = hook.name;
    for (const Hook::Parameter& parameter : hook.parameters) {
      function.parameters.push_back(parameter.type);
    }
    function.result = hook.result;
    if (hook.result.kind == Kind::name) {
      const std::vector<Domain::Name>& names = core.domains[hook.result.ref].names;
      for (std::size_t i = 0; i < names.size(); ++i) {
        function.names.emplace(names[i].wire, static_cast<Value>(i));
      }
      for (std::size_t i = 0; i < names.size(); ++i) {
        function.names.emplace(names[i].shown, static_cast<Value>(i));
      }
    }
    programs->functions.push_back(std::move(function));
  }
  return std::make_shared<Host>(std::move(programs));
}

}  // namespace toll::dsl::lua
