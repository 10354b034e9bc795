// Interned sequences: texts (of char) and sets of names (of 64-bit words). Equal sequences have
// equal indexes, so that comparing two texts or two sets is comparing two numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/hash.hpp"

namespace toll {

template <class Item>
class Pool {
 public:
  static constexpr std::uint32_t kMissing = 0xffffffffU;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }

  [[nodiscard]] std::span<const Item> at(std::uint32_t index) const {
    const std::uint32_t begin = index == 0 ? 0 : ends_[index - 1];
    return {items_.data() + begin, ends_[index] - begin};
  }

  [[nodiscard]] std::uint32_t find(std::span<const Item> sought) const {
    if (slots_.empty()) {
      for (std::uint32_t i = 0; i < size(); ++i) {
        if (!is_hole(i) && equal(at(i), sought)) return i;
      }
      return kMissing;
    }
    const std::uint32_t entry = slots_[slot_of(sought)];
    return entry == 0 ? kMissing : entry - 1;
  }

  /// The index of `item`, which is added if it is new.
  std::uint32_t add(std::span<const Item> item) {
    const std::uint32_t known = find(item);
    if (known != kMissing) return known;
    append(item);
    const std::uint32_t index = size() - 1;
    if (size() > kScanned && slots_.size() * 3 < std::size_t{size()} * 4) {
      rebuild();
    } else if (!slots_.empty()) {
      slots_[slot_of(item)] = index + 1;
    }
    return index;
  }

  /// Uses up an index without ever being found.
  void add_hole() {
    holes_.push_back(size());
    append({});
  }

  void clear() {
    items_.clear();
    ends_.clear();
    slots_.clear();
    holes_.clear();
  }

  /// What the sequences themselves take, whatever room there is beside them.
  [[nodiscard]] std::size_t used() const {
    return items_.size() * sizeof(Item) + ends_.size() * sizeof(std::uint32_t);
  }

  [[nodiscard]] std::size_t bytes() const {
    return items_.capacity() * sizeof(Item) +
           (ends_.capacity() + slots_.capacity() + holes_.capacity()) * sizeof(std::uint32_t);
  }

 private:
  static constexpr std::uint32_t kScanned = 8;  // so few are found without an index

  static bool equal(std::span<const Item> a, std::span<const Item> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
  }

  [[nodiscard]] bool is_hole(std::uint32_t index) const {
    return at(index).empty() && std::binary_search(holes_.begin(), holes_.end(), index);
  }

  void append(std::span<const Item> item) {
    TOLL_ASSERT(items_.size() + item.size() < kMissing && ends_.size() < kMissing / 4);
    items_.insert(items_.end(), item.begin(), item.end());
    ends_.push_back(static_cast<std::uint32_t>(items_.size()));
  }

  /// Where `sought` is, or where it would be put.
  [[nodiscard]] std::size_t slot_of(std::span<const Item> sought) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash_bytes(sought.data(), sought.size_bytes()) & mask;
    while (slots_[slot] != 0 && !equal(at(slots_[slot] - 1), sought)) slot = (slot + 1) & mask;
    return slot;
  }

  void rebuild() {
    std::size_t wanted = 16;
    while (wanted * 3 < std::size_t{size()} * 5) wanted *= 2;
    slots_.assign(wanted, 0);
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (!is_hole(i)) slots_[slot_of(at(i))] = i + 1;
    }
  }

  std::vector<Item> items_;           // all sequences, one after the other
  std::vector<std::uint32_t> ends_;   // where each ends
  std::vector<std::uint32_t> slots_;  // index + 1 by hash, linear probing; empty: scan
  std::vector<std::uint32_t> holes_;  // ascending
};

using TextPool = Pool<char>;
using SetPool = Pool<std::uint64_t>;

inline std::span<const char> chars(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(std::span<const char> text) { return {text.data(), text.size()}; }

}  // namespace toll
