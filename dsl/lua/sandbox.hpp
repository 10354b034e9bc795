// A Lua interpreter in which a rule file can do no harm: text in, plain values out.
//
// It has no library but the few functions named here, no metatables, coroutines, bytecode or
// garbage-collection hooks in reach of the file, an order for `pairs`, and a budget of steps,
// memory and source that ends whatever does not end by itself. A state is made for one file and
// thrown away. Not thread-safe; errors are values here, exceptions end inside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "toll/policy.hpp"

struct lua_State;

namespace toll::dsl::lua {

using Limits = LuaLimits;

/// How a run ended.
struct Outcome {
  enum class Kind : std::uint8_t { done, syntax, failed, steps, memory, nesting, text, time };
  Kind kind = Kind::done;
  std::string message;     ///< syntax, failed: what Lua says, without the place
  std::uint32_t line = 0;  ///< of the rule file; 0: not known
};

class Sandbox {
 public:
  explicit Sandbox(const Limits& limits);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Runs code of our own, which fills the environment of the rule file. It is counted too.
  Outcome prelude(std::string_view name, std::string_view text);
  /// Runs the rule file. Unknown global names are errors that begin with kUnknownName.
  Outcome run(std::string_view text);

  /// Begins to count anew, for one call: so many steps, and so many bytes asked for in all, whether
  /// they are given back or not.
  void allow(std::uint64_t steps, std::size_t bytes);
  /// How many bytes were asked for since.
  [[nodiscard]] std::size_t asked_for() const;
  /// After lua_pcall: how it ended. Empties the stack.
  Outcome finish(int status);

  /// The interpreter, to read what a run left in the registry.
  [[nodiscard]] lua_State* state() const { return state_; }

  static constexpr std::string_view kUnknownName = "unknown name ";
  /// Chunk names: how a frame is told to belong to the rule file.
  static constexpr const char* kRuleFile = "=rules";
  /// Registry keys: the environment of the rule file; the list of what it declared; its skin.
  static constexpr const char* kEnvironment = "toll.environment";
  static constexpr const char* kDeclared = "toll.declared";
  static constexpr const char* kSkin = "toll.skin";

  struct Budget;

 private:
  Outcome call();

  std::unique_ptr<Budget> budget_;
  lua_State* state_ = nullptr;
};

}  // namespace toll::dsl::lua
