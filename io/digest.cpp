#include "io/digest.hpp"

#define XXH_INLINE_ALL  // short texts: a call would cost more than the hash
#include <xxhash.h>

#include <cstring>

#include "io/json_scan.hpp"
#include "toll/value.hpp"

namespace toll::io {
namespace {

// Saved states hold these hashes: a change of seeds or combination makes old ids unknown
// (docs/formats.md).
enum Seed : std::uint64_t { kNull = 1, kFalse, kTrue, kString, kNumber, kArray, kObject };

/// Both halves of a 128-bit product folded together, as XXH3 itself mixes: the order of a and b
/// counts, and neither can make the other vanish.
std::uint64_t combine(std::uint64_t seed, std::uint64_t a, std::uint64_t b) {
  const auto fold = [](std::uint64_t x, std::uint64_t y) {
    const UnsignedValue product = static_cast<UnsignedValue>(x) * y;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const std::uint64_t first = fold(a ^ 0x9E3779B97F4A7C15U, seed * 2 + 0xD1B54A32D192ED03U);
  return fold(first ^ b, 0xA0761D6478BD642FU ^ a) + first;
}

std::int64_t read_exponent(std::string_view text) {
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  // Beyond this no two spellings of one number can differ by shifting the point within a line.
  constexpr std::int64_t kHuge = 1'000'000'000'000'000;
  std::int64_t value = 0;
  for (const char c : text) value = value > kHuge ? value : value * 10 + (c - '0');
  return negative ? -value : value;
}

/// A number as digits (no zeros at either end) times ten to an exponent, whatever its spelling.
std::uint64_t hash_number(std::string_view text) {
  const bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  std::int64_t exponent = e == std::string_view::npos ? 0 : read_exponent(text.substr(e + 1));
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find('.');
  if (point != std::string_view::npos)
    exponent -= static_cast<std::int64_t>(mantissa.size() - point - 1);

  std::size_t last = mantissa.find_last_not_of(".0");
  if (last == std::string_view::npos) return combine(kNumber, 0, 0);
  for (std::size_t i = last + 1; i < mantissa.size(); ++i)
    exponent += is_digit(mantissa[i]) ? 1 : 0;
  const std::string_view digits =
      mantissa.substr(0, last + 1).substr(mantissa.find_first_not_of(".0"));

  const std::size_t inner_point = digits.find('.');
  std::uint64_t hash = 0;
  if (inner_point == std::string_view::npos) {
    hash = XXH3_64bits(digits.data(), digits.size());
  } else {
    std::string joined(digits);
    joined.erase(inner_point, 1);
    hash = XXH3_64bits(joined.data(), joined.size());
  }
  const auto scale = static_cast<std::uint64_t>(exponent) * 2 + (negative ? 1 : 0);
  return combine(kNumber, hash, scale);
}

/// The same for digits alone, as numbers mostly are, that do not begin with zero.
bool hash_digits(std::string_view text, std::uint64_t& hash) {
  if (text[0] == '0') return false;
  std::size_t significant = 0;  // without zeros at the end
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) return false;
    if (text[i] != '0') significant = i + 1;
  }
  hash = combine(kNumber, XXH3_64bits(text.data(), significant), (text.size() - significant) * 2);
  return true;
}

std::uint64_t hash_string(std::string_view text) {
  return XXH3_64bits_withSeed(text.data(), text.size(), kString);
}

std::uint64_t hash_node(const JsonNode* nodes, std::uint32_t index, const std::uint64_t* keys);

/// `keys`: by node, what keys hash to; null if it is not known.
std::uint64_t hash_members(const JsonNode* nodes, std::uint32_t index, const std::uint64_t* keys) {
  const JsonNode& node = nodes[index];
  if (node.kind == JsonNode::Kind::array) {
    std::uint64_t hash = combine(kArray, 0, node.size);
    for (std::uint32_t i = index + 1; i < node.end; i = nodes[i].end)
      hash = combine(kArray, hash, hash_node(nodes, i, keys));
    return hash;
  }
  // A sum of the members' hashes has no order, so nothing needs to be sorted.
  std::uint64_t sum = 0;
  for (std::uint32_t i = index + 1; i < node.end; i = nodes[i + 1].end) {
    const bool string = nodes[i + 1].kind == JsonNode::Kind::string;  // as most are
    sum += combine(kObject, keys != nullptr ? keys[i] : hash_string(nodes[i].text),
                   string ? hash_string(nodes[i + 1].text) : hash_node(nodes, i + 1, keys));
  }
  return combine(kObject, sum, node.size);
}

std::uint64_t hash_node(const JsonNode* nodes, std::uint32_t index, const std::uint64_t* keys) {
  const JsonNode& node = nodes[index];
  switch (node.kind) {
    case JsonNode::Kind::null:
      return combine(kNull, 0, 0);
    case JsonNode::Kind::boolean:
      return combine(node.truth ? kTrue : kFalse, 0, 0);
    case JsonNode::Kind::number: {
      std::uint64_t hash = 0;
      return hash_digits(node.text, hash) ? hash : hash_number(node.text);
    }
    case JsonNode::Kind::string:
      return hash_string(node.text);
    case JsonNode::Kind::array:
    case JsonNode::Kind::object:
      return hash_members(nodes, index, keys);
  }
  return 0;
}

}  // namespace

KeyHash hash_key(std::string_view source, std::string_view id, std::string& scratch) {
  const std::uint64_t length = source.size();
  scratch.resize(sizeof(length));
  std::memcpy(scratch.data(), &length, sizeof(length));
  scratch += source;
  scratch += id;
  const XXH128_hash_t hash = XXH3_128bits(scratch.data(), scratch.size());
  return {hash.high64, hash.low64};
}

std::uint64_t hash_content(const JsonDocument& document) {
  return hash_node(document.nodes().data(), 0, nullptr);
}

std::uint64_t ContentHasher::hash(const JsonDocument& document) {
  if (document.serial() == 0) return hash_content(document);
  Keys& keys = keys_[document.shape()];
  const std::vector<JsonNode>& nodes = document.nodes();
  if (keys.serial != document.serial()) {
    keys.serial = document.serial();
    keys.hashes.assign(nodes.size(), 0);
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (nodes[i].kind == JsonNode::Kind::string) keys.hashes[i] = hash_string(nodes[i].text);
  }
  return hash_node(nodes.data(), 0, keys.hashes.data());
}

}  // namespace toll::io
