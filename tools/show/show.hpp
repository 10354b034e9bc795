// What a policy says, as prose and tables for people who read no code: its rule files in their
// order, each declaration in words, tables as a price page prints them, machines as diagrams.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsl/syntax/source.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/show/document.hpp"

namespace toll::tools::show {

struct ShowOptions {
  std::optional<Language> language;  ///< none: the policy's own
  std::optional<Value> at;           ///< tables and settings as they are in force then; else all
  std::string at_shown;              ///< that instant as the reader wrote it
};

/// `files` are those of the core, and stand in `sources`; files with rows of tables are added
/// there.
Document show_policy(const Core& core, const std::vector<dsl::File>& files, dsl::SourceSet& sources,
                     const ShowOptions& options);

/// Only what is called so: a section, or declarations by name. False if nothing is.
bool keep_section(Document& document, const std::string& name);

}  // namespace toll::tools::show
