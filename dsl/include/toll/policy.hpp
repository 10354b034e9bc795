// Reading a policy: rule files in; a core that engines and runners take, or what is wrong with
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "toll/core.hpp"

namespace toll {

struct LoadedPolicy {
  std::shared_ptr<const Core> core;  ///< null: the policy has errors
  std::string report;                ///< what is wrong, as `toll check` prints it; empty: nothing
};

/// What a rule file in Lua may use while it is read. A step is one instruction of Lua's machine, or
/// a few bytes that a function handles.
struct LuaLimits {
  std::size_t source_bytes = std::size_t{1} << 20U;
  std::uint64_t steps = 10'000'000;
  std::size_t memory_bytes = std::size_t{32} << 20U;
  std::size_t text_bytes = std::size_t{1} << 20U;  ///< the longest text that a file may make
  /// Of a processor, for what steps do not tell; 0: no such limit.
  std::uint64_t milliseconds = 1000;
};

/// What a call of a hook may use. Nothing is timed: a bill depends on it.
struct HookLimits {
  std::size_t source_bytes = std::size_t{256} << 10U;  ///< of a program
  std::uint64_t steps = 100'000;                       ///< of a call
  std::size_t memory_bytes = std::size_t{1} << 20U;    ///< that a call asks for, all in all
  std::size_t text_bytes = std::size_t{64} << 10U;     ///< the longest text that a call may make
};

struct LoadLimits {
  LuaLimits lua;     ///< for each rule file
  HookLimits hooks;  ///< for each call
};

/// `path` is a rule file or a folder: all its .toll and .lua files, in the order of their names.
/// Reads files. The report is in English ("en") or Chinese ("zh"; names of locales will do); in
/// English for any other. Throws nothing but std::bad_alloc.
LoadedPolicy load_policy(const std::string& path, std::string_view language = "en",
                         const LoadLimits& limits = {});

/// A file in memory, with its path from the folder in which it might lie.
struct PolicyFile {
  std::string path;
  std::string text;
};
/// The same as if the files lay in a folder: rule files at its top, in the order of their names;
/// imports, tables and programs among them or below. Nothing is read from the disk but time zones.
LoadedPolicy load_policy(const std::vector<PolicyFile>& files, std::string_view language = "en",
                         const LoadLimits& limits = {});

}  // namespace toll
