// What an account is owed: loops that were put off (deferral.hpp), and how far they are made up
// for.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace toll {

struct Owed {
  /// A loop put off, with what it needs to be done later.
  struct Batch {
    std::uint32_t loop = 0;          ///< Program::deferrals
    std::uint32_t first_value = 0;   ///< in `values`: of its captures
    std::uint32_t first_number = 0;  ///< of the rows that it would have made
    std::int64_t now = 0;
    std::int64_t clock = 0;
  };
  /// A key that was asked for, and how many batches have been made up for it.
  struct Done {
    std::int64_t key = 0;
    std::uint32_t batches = 0;
  };
  static constexpr std::size_t kMostBatches = 256;
  static constexpr std::uint32_t kLastNumber = 0xffff0000U;

  [[nodiscard]] std::uint32_t done(std::int64_t key) const {
    for (const Done& one : keys) {
      if (one.key == key) return one.batches;
    }
    return 0;
  }
  void set_done(std::int64_t key, std::uint32_t count) {
    for (Done& one : keys) {
      if (one.key != key) continue;
      one.batches = count;
      return;
    }
    keys.push_back({key, count});
  }
  /// Rows of a family from the first without a number on were made as they were asked for.
  void number_rows(std::size_t family, std::size_t count) {
    std::vector<std::uint32_t>& all = numbers[family];
    while (all.size() < count) all.push_back(next_number++);
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t total = sizeof *this + batches.capacity() * sizeof(Batch) +
                        values.capacity() * sizeof(std::int64_t) + keys.capacity() * sizeof(Done) +
                        numbers.capacity() * sizeof(numbers[0]);
    for (const auto& family : numbers) total += family.capacity() * sizeof(std::uint32_t);
    return total;
  }

  std::vector<Batch> batches;
  std::vector<std::int64_t> values;
  std::vector<Done> keys;
  /// By family that loops put off make rows of (Program::owed_families), and by row: where the row
  /// would stand if nothing had been put off. Numbers ascend, and have gaps.
  std::vector<std::vector<std::uint32_t>> numbers;
  std::uint32_t next_number = 0;
};

}  // namespace toll
