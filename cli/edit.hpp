// Files that a command rewrites: what would change, and writing it.
#pragma once

#include <string>

#include "tools/fmt/format.hpp"

namespace toll::cli {

/// Whole or not at all: a temporary file beside it, then renamed. False: errno says why.
bool write_file(const std::string& path, const std::string& text);

/// What would change, as `diff --unified` shows it.
std::string difference(const tools::Formatted& file);

}  // namespace toll::cli
