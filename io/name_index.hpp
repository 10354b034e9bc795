// From spellings to names: what an event may call the members of a domain, and its own type.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "toll/core.hpp"

namespace toll::io {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const;
};

/// Found by a std::string_view, without making a string.
template <class T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// Immutable after construction; may be shared by threads.
class NameIndex {
 public:
  explicit NameIndex(const Core& core);

  /// The index of the name with this spelling (shown, wire or aka) in a domain. Spellings are equal
  /// after Unicode NFKC and removal of spaces, in an exact domain only as they are.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t domain,
                                                  std::string_view spelling) const;
  [[nodiscard]] std::optional<std::uint32_t> event_type(std::string_view wire) const;

 private:
  struct Spellings {
    bool exact = false;
    TextMap<std::uint32_t> names;  ///< folded, and as written: the common case needs no folding
  };
  std::vector<Spellings> domains_;
  TextMap<std::uint32_t> event_types_;
};

}  // namespace toll::io
