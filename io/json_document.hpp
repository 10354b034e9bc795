// One JSON text as a flat array of nodes, parsed strictly and without loss.
//
// Why not a JSON library's tree: numbers must keep their digits (an integer with a point is an
// error, and repeats compare by exact value), duplicate keys must be found in every object, and a
// line must cost no allocation. Buffers are reused: nodes and texts live until the next parse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace toll::io {

struct JsonNode {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool truth = false;      ///< boolean
  std::uint32_t size = 0;  ///< array: elements; object: members
  std::uint32_t end = 0;   ///< index just after this node and all that is in it
  std::string_view text;   ///< number: as written; string: unescaped
};

/// What is wrong with a text, and the byte (from 1) at which it shows.
struct JsonError {
  std::string_view reason;
  std::size_t column = 0;
};

class JsonDocument {
 public:
  /// Containers may be nested this deep; real events need five.
  static constexpr int kMaxDepth = 512;

  /// RFC 8259 in UTF-8, no duplicate keys (compared unescaped), no lone surrogates. `text` must
  /// outlive the nodes. False: see error().
  bool parse(std::string_view text);

  [[nodiscard]] const JsonError& error() const { return error_; }

  /// Node 0 is the root. The elements of an array follow it; the members of an object follow it as
  /// a key (a string node) and its value each.
  [[nodiscard]] const std::vector<JsonNode>& nodes() const { return nodes_; }
  [[nodiscard]] const JsonNode& operator[](std::uint32_t index) const { return nodes_[index]; }

  static constexpr std::uint32_t kNoNode = 0xffffffffU;

  /// Visits the members of the object `object`: visit(key, index of its value). A null member
  /// counts as absent and is passed over.
  template <class Visit>
  void each_member(std::uint32_t object, const Visit& visit) const {
    const std::uint32_t end = nodes_[object].end;
    for (std::uint32_t i = object + 1; i < end; i = nodes_[i + 1].end)
      if (nodes_[i + 1].kind != JsonNode::Kind::null) visit(nodes_[i].text, i + 1);
  }

 private:
  class Parser;
  std::vector<JsonNode> nodes_;
  std::string unescaped_;               ///< strings with escapes, decoded
  std::vector<std::string_view> keys_;  ///< scratch of the search for duplicate keys
  JsonError error_;
};

}  // namespace toll::io
