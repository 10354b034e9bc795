// The OCR policy as its tests need it: read from the disk once, run from memory.
#pragma once

#include <string>
#include <vector>

#include "dsl/policy.hpp"

namespace toll::test {

inline constexpr const char* kOcr = TOLL_SOURCE_DIR "/rules/tencent-ocr";

struct Loaded {
  dsl::SourceSet sources;
  dsl::Diagnostics diagnostics;
  dsl::Policy policy;
};

/// Fails the test, with the diagnostics, if it does not load.
const Loaded& ocr();

/// Paths in a folder with this ending, in order of their names.
std::vector<std::string> files_in(const std::string& folder, const std::string& ending);
std::string read_file(const std::string& path);
std::vector<std::string> read_lines(const std::string& path);

}  // namespace toll::test
