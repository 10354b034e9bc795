// From spellings to names: what an event may call the members of a domain, and its own type.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/text_table.hpp"
#include "toll/core.hpp"

namespace toll::io {

/// Immutable after construction; may be shared by threads.
class NameIndex {
 public:
  /// The core is borrowed.
  explicit NameIndex(const Core& core);

  /// The index of the name with this spelling (shown, wire or aka) in a domain. Spellings are equal
  /// after Unicode NFKC and removal of spaces, in an exact domain only as they are.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t domain,
                                                  std::string_view spelling) const;
  [[nodiscard]] std::optional<std::uint32_t> event_type(std::string_view wire) const;

 private:
  struct Spellings {
    bool exact = false;
    TextTable names;  ///< folded, and as written: the common case needs no folding
  };
  std::vector<Spellings> domains_;
  TextTable event_types_;
  std::deque<std::string> folded_;  ///< texts that are not in the core
};

}  // namespace toll::io
