#include "io/json_shape.hpp"

#include <functional>

#include "io/json_scan.hpp"

namespace toll::io {
namespace {

/// Which nodes are keys?
std::vector<bool> keys_of(const std::vector<JsonNode>& nodes) {
  std::vector<bool> keys(nodes.size());
  for (std::uint32_t object = 0; object < nodes.size(); ++object) {
    if (nodes[object].kind != JsonNode::Kind::object) continue;
    for (std::uint32_t i = object + 1; i < nodes[object].end; i = nodes[i + 1].end) keys[i] = true;
  }
  return keys;
}

/// The end of a whole number without a sign, or null.
const char* skip_number(const char* at, const char* end) {
  const char* const start = at;
  at = skip_digits(at, end);
  const bool leading_zero = at - start > 1 && *start == '0';
  return at == start || leading_zero ? nullptr : at;
}

}  // namespace

bool JsonShape::learn(std::string_view text, const std::vector<JsonNode>& nodes,
                      std::uint64_t serial) {
  serial_ = 0;
  if (text.size() > kMaxText) return false;
  text_ = text;
  nodes_ = nodes;
  slots_.clear();
  const std::vector<bool> keys = keys_of(nodes);
  const auto lies_in_text = [text](std::string_view part) {
    const std::less_equal<const char*> not_after;
    return not_after(text.data(), part.data()) &&
           not_after(part.data() + part.size(), text.data() + text.size());
  };
  const char* after = text_.data();
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    JsonNode& node = nodes_[i];
    const bool number = node.kind == JsonNode::Kind::number;
    if (!number && node.kind != JsonNode::Kind::string) continue;
    if (!lies_in_text(node.text)) return false;  // a string with escapes: it was decoded elsewhere
    node.text = {text_.data() + (node.text.data() - text.data()), node.text.size()};
    if (keys[i]) continue;
    slots_.push_back({after, static_cast<std::size_t>(node.text.data() - after), i, number});
    after = node.text.data() + node.text.size();
  }
  tail_ = {after, static_cast<std::size_t>(text_.data() + text_.size() - after)};
  serial_ = serial;
  return true;
}

bool JsonShape::match(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  for (const Slot& slot : slots_) {
    if (static_cast<std::size_t>(end - at) < slot.size || !same(at, slot.before, slot.size))
      return false;
    at += slot.size;
    // What stops a string is the quote that the next text begins with, or it is no match.
    const char* const stop = slot.number ? skip_number(at, end) : skip_plain(at, end);
    if (stop == nullptr) return false;
    nodes_[slot.node].text = {at, static_cast<std::size_t>(stop - at)};
    at = stop;
  }
  return static_cast<std::size_t>(end - at) == tail_.size() && same(at, tail_.data(), tail_.size());
}

}  // namespace toll::io
