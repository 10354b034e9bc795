// Lines that are made by one program look alike: the same keys in the same order, the same spaces.
// A shape is what is alike; a line of a known shape needs no parser, only its values looked up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_node.hpp"

namespace toll::io {

class JsonShape {
 public:
  /// Longer texts are not worth remembering.
  static constexpr std::size_t kMaxText = 4096;

  JsonShape() = default;
  JsonShape(const JsonShape&) = delete;
  JsonShape& operator=(const JsonShape&) = delete;

  /// Takes the shape of a text that was parsed into `nodes`; `serial` (not 0) is to tell it from
  /// others. False: it has escapes, or is too long to be worth it; then no text has this shape.
  bool learn(std::string_view text, const std::vector<JsonNode>& nodes, std::uint64_t serial);

  /// True: `text`, which must be UTF-8, would parse, and nodes() are what it would parse into.
  /// False: it has another shape, or there is something to look at more closely: an escape, a sign,
  /// a fraction.
  bool match(std::string_view text);

  [[nodiscard]] const std::vector<JsonNode>& nodes() const { return nodes_; }
  /// 0: nothing was learnt.
  [[nodiscard]] std::uint64_t serial() const { return serial_; }

 private:
  /// A string or a number whose value varies, and what stands before it.
  struct Slot {
    const char* before = nullptr;  ///< into text_
    std::size_t size = 0;
    std::uint32_t node = 0;
    bool number = false;
  };

  std::string text_;
  std::vector<JsonNode> nodes_;  ///< keys are views into text_
  std::vector<Slot> slots_;
  std::string_view tail_;  ///< what stands after the last slot
  std::uint64_t serial_ = 0;
};

}  // namespace toll::io
