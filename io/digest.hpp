// Hashes by which repeats are told: an event's key within its account, and its whole content.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_document.hpp"

namespace toll::io {

struct KeyHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

/// XXH3 (128 bits) of the source's length, the source and the id; the length keeps ("ab", "c") and
/// ("a", "bc") apart. `scratch` is overwritten.
KeyHash hash_key(std::string_view source, std::string_view id, std::string& scratch);

/// The same for equal JSON values: the order of members does not count, strings are unescaped and
/// numbers go by value (1 = 1.0 = 1e0). A null member is not an absent one here.
std::uint64_t hash_content(const JsonDocument& document);

/// The same for one document after the other, with the hashes of keys kept by their shape.
class ContentHasher {
 public:
  std::uint64_t hash(const JsonDocument& document);

 private:
  struct Keys {
    std::uint64_t serial = 0;
    std::vector<std::uint64_t> hashes;  ///< by node
  };
  Keys keys_[JsonDocument::kShapes];
};

}  // namespace toll::io
