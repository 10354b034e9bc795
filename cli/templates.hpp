// The files that `toll init` writes, built in from cli/templates/.
#pragma once

#include <string_view>
#include <vector>

namespace toll::cli {

struct Template {
  std::string_view language;  ///< "en"
  std::string_view name;
  std::string_view text;
};
/// Generated at build time by templates/embed.cmake.
std::vector<Template> embedded_templates();

}  // namespace toll::cli
