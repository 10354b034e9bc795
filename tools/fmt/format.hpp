// Rule files in the one layout, or in the words of another skin, with proof that they mean the
// same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::tools {

struct Formatted {
  enum class Outcome : std::uint8_t {
    same,      ///< it is as it should be
    changed,   ///< `after` is
    broken,    ///< it does not parse; the diagnostics say why
    unproven,  ///< nothing shows that it would mean the same, so it stays as it is
  };
  std::string path;
  std::string before;
  std::string after;
  Outcome outcome = Outcome::same;
};

struct FormatRequest {
  std::vector<dsl::RuleFile> files;  ///< to be formatted: of one folder
  std::string folder;                ///< the folder; none: they are not on disk
  std::string skin;                  ///< to be written in; none: its own
};

/// What each file becomes. A file is taken for one of the policy that its folder is, or else for a
/// policy by itself; where one of these loads, the formatted files must give the same core and the
/// same scenarios. Where none does, they must give the same clause tree, and no file is written in
/// another skin.
std::vector<Formatted> format(const FormatRequest& request, dsl::SourceSet& sources,
                              dsl::Diagnostics& diagnostics);

}  // namespace toll::tools
