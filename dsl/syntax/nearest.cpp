#include "dsl/syntax/nearest.hpp"

#include <algorithm>
#include <string>

#include "messages/distance.hpp"

namespace toll::dsl {
namespace {

/// Code points; names are valid UTF-8 when they come here.
std::u32string code_points(std::string_view text) {
  std::u32string points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U && !points.empty()) {
      points.back() = points.back() << 6U | (byte & 0x3FU);
    } else {
      points.push_back(byte < 0x80U ? byte : byte < 0xE0U ? byte & 0x1FU : byte & 0x0FU);
    }
  }
  return points;
}

/// Edit distance of two names in characters, cut off at `limit`.
std::size_t distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  return edit_distance(a, b);
}

/// How many characters two names share where one begins or ends with the other, of which at least a
/// third must be shared; else 0. A character of Han is a word, one of an alphabet is not.
std::size_t shared(std::u32string_view a, std::u32string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty() || a.size() * 3 < b.size()) return 0;
  const bool letters = std::any_of(a.begin(), a.end(), [](char32_t c) { return c < 0x2E80; });
  if (letters && a.size() < 3) return 0;
  return b.starts_with(a) || b.ends_with(a) ? a.size() : 0;
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& names) {
  const std::u32string folded = code_points(name);
  const std::size_t limit = std::max<std::size_t>(1, (folded.size() + 1) / 3);
  std::string_view best;
  std::size_t least = limit + 1;
  for (const std::string_view one : names) {
    const std::size_t d = distance(folded, code_points(one), limit);
    if (d < least && d < folded.size()) {
      least = d;
      best = one;
    }
  }
  std::size_t most = 0;
  for (const std::string_view one : names) {
    if (least <= limit) break;
    const std::size_t common = shared(folded, code_points(one));
    if (common > most) {
      most = common;
      best = one;
    }
  }
  return best;
}

}  // namespace toll::dsl
