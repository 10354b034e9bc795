// From texts to numbers, found without a step through memory for most that are not there: open
// addressing, at most half full, hashes compared before texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace toll::io {

class TextTable {
 public:
  static constexpr std::uint32_t kMissing = 0xffffffffU;

  [[nodiscard]] std::uint32_t find(std::string_view text) const;

  /// False: the text is there already, and keeps its number. The text is borrowed for the table's
  /// life.
  bool insert(std::string_view text, std::uint32_t number);

 private:
  struct Slot {
    std::uint64_t hash = 0;
    const char* text = nullptr;
    std::uint32_t size = 0;
    std::uint32_t number = kMissing;  ///< free
  };

  [[nodiscard]] const Slot* locate(std::uint64_t hash, std::string_view text) const;
  void grow();

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace toll::io
