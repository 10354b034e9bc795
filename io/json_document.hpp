// One JSON text as a flat array of nodes, parsed strictly and without loss.
//
// Why not a JSON library's tree: numbers must keep their digits (an integer with a point is an
// error, and repeats compare by exact value), duplicate keys must be found in every object, and a
// line must cost no allocation. Buffers are reused: nodes and texts live until the next parse.
// Shapes of texts are remembered: most lines differ from one before in their values only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_node.hpp"
#include "io/json_shape.hpp"

namespace toll::io {

/// What is wrong with a text, and the byte (from 1) at which it shows.
struct JsonError {
  std::string_view reason;
  std::size_t column = 0;
  [[nodiscard]] std::string text() const;
};

class JsonDocument {
 public:
  JsonDocument() = default;
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  /// Containers may be nested this deep; real events need five.
  static constexpr int kMaxDepth = 512;

  /// RFC 8259 in UTF-8, no duplicate keys (compared unescaped), no lone surrogates. `text` must
  /// outlive the nodes. False: see error().
  bool parse(std::string_view text);
  /// The same for a text that is known to be UTF-8.
  bool parse_utf8(std::string_view text);

  [[nodiscard]] const JsonError& error() const { return error_; }

  /// Node 0 is the root. The elements of an array follow it; the members of an object follow it as
  /// a key (a string node) and its value each.
  [[nodiscard]] const std::vector<JsonNode>& nodes() const { return *current_; }
  [[nodiscard]] const JsonNode& operator[](std::uint32_t index) const { return (*current_)[index]; }

  /// Texts of the same shape have the same nodes but for the texts of values that are strings or
  /// numbers: what was worked out of keys can be kept. The shape is one of kShapes until another
  /// takes its place, which then has another serial. No serial (0): nothing is known of this text.
  static constexpr std::size_t kShapes = 8;
  [[nodiscard]] std::size_t shape() const { return shape_; }
  [[nodiscard]] std::uint64_t serial() const {
    return current_ == &nodes_ ? 0 : shapes_[shape_].serial();
  }

  static constexpr std::uint32_t kNoNode = 0xffffffffU;

  /// Visits the members of the object `object`: visit(key, index of its value). A null member
  /// counts as absent and is passed over.
  template <class Visit>
  void each_member(std::uint32_t object, const Visit& visit) const {
    const std::vector<JsonNode>& nodes = *current_;
    const std::uint32_t end = nodes[object].end;
    for (std::uint32_t i = object + 1; i < end; i = nodes[i + 1].end)
      if (nodes[i + 1].kind != JsonNode::Kind::null) visit(nodes[i].text, i + 1);
  }

 private:
  class Parser;
  bool match(std::string_view text);
  void learn(std::string_view text);

  std::vector<JsonNode> nodes_;
  const std::vector<JsonNode>* current_ = &nodes_;  ///< these, or those of a shape
  JsonShape shapes_[kShapes];
  std::size_t shape_ = 0;       ///< the one that matched last
  std::size_t next_shape_ = 0;  ///< the one to be given up next
  std::uint64_t serials_ = 0;
  std::string unescaped_;               ///< strings with escapes, decoded
  std::vector<std::string_view> keys_;  ///< scratch of the search for duplicate keys
  JsonError error_;
};

}  // namespace toll::io
