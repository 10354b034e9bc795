#include "io/text_table.hpp"

#define XXH_INLINE_ALL  // short texts: a call would cost more than the hash
#include <xxhash.h>

#include "io/json_scan.hpp"

namespace toll::io {
namespace {

std::uint64_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace

/// Where the text is, or the free slot where it would be.
const TextTable::Slot* TextTable::locate(std::uint64_t hash, std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.number == kMissing) return &slot;
    if (slot.hash == hash && slot.size == text.size() && same(slot.text, text.data(), text.size()))
      return &slot;
  }
}

std::uint32_t TextTable::find(std::string_view text) const {
  return slots_.empty() ? kMissing : locate(hash_of(text), text)->number;
}

bool TextTable::insert(std::string_view text, std::uint32_t number) {
  if (2 * (used_ + 1) > slots_.size()) grow();
  const std::uint64_t hash = hash_of(text);
  const Slot* const found = locate(hash, text);
  if (found->number != kMissing) return false;
  slots_[static_cast<std::size_t>(found - slots_.data())] = {
      hash, text.data(), static_cast<std::uint32_t>(text.size()), number};
  ++used_;
  return true;
}

void TextTable::grow() {
  std::vector<Slot> old(slots_.empty() ? 16 : 2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == kMissing) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number != kMissing) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace toll::io
