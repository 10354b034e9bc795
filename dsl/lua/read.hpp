// A rule file in Lua: text in, the same clause tree out that the DSL's grammar makes.
#pragma once

#include <string>

#include "dsl/lua/sandbox.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl::lua {

/// Adds the file to `sources`, runs it in a sandbox of its own and reads what it declared. Mistakes
/// are reported at the file's lines; the tree then holds what was declared before. Never throws
/// (but for memory); ends within the limits.
File read_file(SourceSet& sources, std::string path, std::string text, Diagnostics& diagnostics,
               const Limits& limits = {});

}  // namespace toll::dsl::lua
