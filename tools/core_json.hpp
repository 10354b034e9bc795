// The core of a policy as JSON: what a tool, a diff or a reviewer reads (docs/formats.md).
#pragma once

#include <string>

#include "toll/core.hpp"

namespace toll::tools {

/// Counts up when a reader of the format would have to change.
inline constexpr int kCoreFormat = 1;

/// Canonical: the same core gives the same bytes. Without positions no file, line or column stands
/// in it, so an edit that only moves text changes nothing.
std::string core_json(const Core& core, bool positions);

}  // namespace toll::tools
