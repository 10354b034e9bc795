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

struct lua_State;

namespace toll::dsl::lua {

/// What a file may use. A step is one instruction of Lua's machine, or one byte that a library
/// function handles.
struct Limits {
  std::size_t source_bytes = std::size_t{1} << 20U;
  std::uint64_t steps = 10'000'000;
  std::size_t memory_bytes = std::size_t{32} << 20U;
  std::size_t text_bytes = std::size_t{1} << 20U;  ///< the longest text that a function may make
};

/// What a call of a hook may use (hooks.hpp).
struct HookLimits {
  std::size_t source_bytes = std::size_t{256} << 10U;  ///< of a program
  std::uint64_t steps = 100'000;                       ///< of a call
  std::size_t memory_bytes = std::size_t{1} << 20U;    ///< that a call asks for, all in all
  std::size_t text_bytes = std::size_t{64} << 10U;     ///< the longest text that a call may make
};

/// How a run ended.
struct Outcome {
  enum class Kind : std::uint8_t { done, syntax, failed, steps, memory, nesting, text };
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
