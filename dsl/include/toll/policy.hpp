// Reading a policy: rule files in; a core that engines and runners take, or what is wrong with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "toll/core.hpp"

namespace toll {

struct LoadedPolicy {
  std::shared_ptr<const Core> core;  ///< null: the policy has errors
  std::string report;                ///< what is wrong, as `toll check` prints it; empty: nothing
};

/// `path` is a rule file or a folder: all its .toll files, in the order of their names. Reads files.
/// The report is in English ("en") or Chinese ("zh"; names of locales will do); in English for any
/// other. Throws nothing but std::bad_alloc.
LoadedPolicy load_policy(const std::string& path, std::string_view language = "en");

}  // namespace toll
