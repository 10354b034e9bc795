// A JSON text as a flat array of nodes: the root first, after an array its elements, after an
// object a key (a string node) and a value for each of its members.
#pragma once

#include <cstdint>
#include <string_view>

namespace toll::io {

struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool truth = false;      ///< boolean
  std::uint32_t size = 0;  ///< array: elements; object: members
  std::uint32_t end = 0;   ///< index just after this node and all that is in it
  std::string_view text;   ///< number: as written; string: unescaped
};

}  // namespace toll::io
