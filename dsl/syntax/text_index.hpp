// Texts by what they say, for looking up at once: a table with open places, for texts that are kept
// elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace toll::dsl {

/// For tables in memory only: nothing may depend on it but time.
inline std::uint64_t quick_hash(std::string_view text) {
  constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15U;
  const std::size_t size = text.size();
  std::uint64_t hash = size * kMix;
  std::uint64_t part = 0;
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    std::memcpy(&part, text.data() + at, 8);
    hash = (hash ^ part) * kMix;
    hash ^= hash >> 29U;
  }
  // The last eight bytes, some of them once more; of a shorter text its two halves, or its bytes.
  if (size >= 8) {
    std::memcpy(&part, text.data() + size - 8, 8);
  } else if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, text.data(), 4);
    std::memcpy(&last, text.data() + size - 4, 4);
    part = std::uint64_t{first} << 32U | last;
  } else {
    for (const char c : text) part = part << 8U | static_cast<unsigned char>(c);
  }
  // Every bit of the text counts in the low bits, by which places are chosen.
  hash ^= part;
  hash = (hash ^ hash >> 32U) * kMix;
  hash = (hash ^ hash >> 29U) * kMix;
  return hash ^ hash >> 32U;
}

/// Places of `Kept`, which has a text that `TextOf` gives; the kept ones must stay where they are.
template <typename Kept, typename TextOf>
class TextIndex {
 public:
  [[nodiscard]] Kept* find(std::string_view text) const {
    if (places_.empty()) return nullptr;
    const std::size_t mask = places_.size() - 1;
    const std::uint64_t hash = quick_hash(text);
    const auto mark = static_cast<std::uint32_t>(hash >> 32U);
    for (std::size_t at = hash & mask; places_[at].kept != nullptr; at = (at + 1) & mask) {
      if (places_[at].mark == mark && TextOf()(*places_[at].kept) == text) return places_[at].kept;
    }
    return nullptr;
  }
  /// `kept` has a text that no other has.
  void add(Kept* kept) {
    if (2 * (count_ + 1) > places_.size()) grow();
    put({kept, 0});
    ++count_;
  }
  void clear() {
    places_.clear();
    count_ = 0;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  struct Place {
    Kept* kept = nullptr;
    std::uint32_t mark = 0;
  };
  void put(Place place) {
    const std::size_t mask = places_.size() - 1;
    const std::uint64_t hash = quick_hash(TextOf()(*place.kept));
    place.mark = static_cast<std::uint32_t>(hash >> 32U);
    std::size_t at = hash & mask;
    while (places_[at].kept != nullptr) at = (at + 1) & mask;
    places_[at] = place;
  }
  void grow() {
    std::vector<Place> before(places_.empty() ? 16 : 2 * places_.size());
    before.swap(places_);
    for (const Place& place : before) {
      if (place.kept != nullptr) put(place);
    }
  }

  std::vector<Place> places_;
  std::size_t count_ = 0;
};

}  // namespace toll::dsl
