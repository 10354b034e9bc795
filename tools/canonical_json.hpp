// JSON for people and for diff: keys sorted, one item a line unless it fits, byte-stable.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace toll::tools {

/// Arrays and objects that fit in `width` columns stand on one line. Ends with a line end.
std::string canonical_json(const nlohmann::json& value, std::size_t width = 100);

}  // namespace toll::tools
