// Memory of many families' rows: pieces of a few sizes, cut from large chunks and used again.
//
// A store of accounts has one, so that a million small families lie close together and coming and
// going costs next to nothing. Families by themselves use the heap.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <new>
#include <vector>

#include "engine/kernel/chunks.hpp"

namespace toll {

class FamilyMemory;

/// What stands before a family's rows: how rows are found. A map has the number of the row, plus
/// one, for each name; the slots of a hash have numbers plus one too, 0 is free.
struct FamilyBlock {
  enum class Found : std::uint8_t { by_scan, by_map, by_hash };
  std::uint32_t count = 0;
  std::uint32_t rows_at = sizeof(FamilyBlock);  // from here; the index lies between
  std::uint32_t capacity = 0;
  Found found = Found::by_scan;
  bool lists = false;       // before the block stands a list of rows that are or were marked
  std::uint16_t units = 0;  // of memory; 0: it is the heap's
  FamilyMemory* home = nullptr;
};
static_assert(sizeof(FamilyBlock) == 24, "there is one for each family of a million accounts");

class FamilyMemory {
 public:
  explicit FamilyMemory(std::pmr::memory_resource& from = *std::pmr::get_default_resource())
      : chunks_(from) {
    empty_.home = this;
  }

  /// Of all families that have no rows; never written.
  [[nodiscard]] FamilyBlock* empty() { return &empty_; }
  /// A piece for so many bytes; `units` is what give_back() has to be told. Null: it is too large.
  void* get(std::size_t bytes, std::uint16_t& units);
  void give_back(void* piece, std::uint16_t units);
  /// So much is there from now on, and touched: using it will not wait for the system.
  void reserve(std::size_t bytes);
  [[nodiscard]] std::size_t bytes() const { return chunks_.bytes(); }

 private:
  void add_chunk(std::size_t bytes) {
    next_ = chunks_.add(bytes);
    left_ = bytes;
  }

  static constexpr std::size_t kUnit = 8;
  static constexpr std::size_t kMostUnits = 128;
  static constexpr std::size_t kLeastChunk = std::size_t{64} << 10;
  static constexpr std::size_t kMostChunk = std::size_t{2} << 20;
  struct Free {
    Free* next;
  };

  FamilyBlock empty_;
  Free* free_[kMostUnits + 1] = {};  // by size
  Chunks chunks_;
  unsigned char* next_ = nullptr;
  std::size_t left_ = 0;
};

inline void* FamilyMemory::get(std::size_t bytes, std::uint16_t& units) {
  const std::size_t wanted = (bytes + kUnit - 1) / kUnit;
  units = 0;
  if (wanted > kMostUnits) return nullptr;
  units = static_cast<std::uint16_t>(wanted);
  if (free_[wanted] != nullptr) {
    Free* const piece = free_[wanted];
    free_[wanted] = piece->next;
    return piece;
  }
  if (left_ < wanted * kUnit) {
    add_chunk(std::clamp(chunks_.bytes(), kLeastChunk, kMostChunk));
  }
  unsigned char* const piece = next_;
  next_ += wanted * kUnit;
  left_ -= wanted * kUnit;
  return piece;
}

inline void FamilyMemory::reserve(std::size_t bytes) {
  if (bytes <= left_) return;
  add_chunk(bytes);
  std::memset(next_, 0, bytes);
}

inline void FamilyMemory::give_back(void* piece, std::uint16_t units) {
  free_[units] = new (piece) Free{free_[units]};
}

}  // namespace toll
