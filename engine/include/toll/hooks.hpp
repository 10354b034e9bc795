// Hooks: programs that a policy asks for values that its own language cannot say. The engine owns
// the interface and knows no language of programs; who reads policies brings what runs them.
//
// A call is a function of its arguments: nothing is kept between calls, nothing else can be read,
// and it ends within a budget that is counted, not timed. A call that fails fails the event, which
// changes nothing and writes an `error` entry with code `hook-failed`.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "toll/value.hpp"

namespace toll {

/// An argument, of its parameter's type. Texts and names come as text too: a name by its wire name,
/// an unknown one as the event told it. Borrowed for the call.
struct HookArgument {
  Value value = kAbsent;
  std::string_view text;
};

/// Makes calls for one thread at a time.
class HookCaller {
 public:
  HookCaller() = default;
  HookCaller(const HookCaller&) = delete;
  HookCaller& operator=(const HookCaller&) = delete;
  virtual ~HookCaller() = default;
  /// The value of Core::hooks[hook], of the type that the hook declares: a name as its index.
  /// False: it failed, and `why` says so in a few words.
  virtual bool call(std::uint32_t hook, std::span<const HookArgument> arguments, Value& result,
                    std::string& why) = 0;
};

/// What runs the hooks of a core, for any number of threads. Callers do not need it once opened.
class HookHost {
 public:
  HookHost() = default;
  HookHost(const HookHost&) = delete;
  HookHost& operator=(const HookHost&) = delete;
  virtual ~HookHost() = default;
  [[nodiscard]] virtual std::unique_ptr<HookCaller> open() const = 0;
};

}  // namespace toll
