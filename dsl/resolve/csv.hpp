// Rows of a spreadsheet as if they stood between bars in a rule file.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "dsl/files.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

/// The file is added to `sources`: positions point into it. Nothing if it cannot be read.
std::optional<std::vector<Clause>> read_csv_rows(const std::filesystem::path& path,
                                                 SourceSet& sources,
                                                 const FileReader& reader = read_from_disk);

}  // namespace toll::dsl
