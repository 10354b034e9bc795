// Where the files of a policy are read from: a disk, or memory.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace toll::dsl {

/// The bytes of a file, if it can be read.
using FileReader = std::function<std::optional<std::string>(const std::filesystem::path& path)>;

std::optional<std::string> read_from_disk(const std::filesystem::path& path);

}  // namespace toll::dsl
