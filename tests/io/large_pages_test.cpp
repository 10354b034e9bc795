#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <vector>

#include "toll/memory.hpp"

namespace toll::test {
namespace {

TEST_CASE("large pages hold what is asked for, where it is asked for") {
  std::pmr::memory_resource& memory = large_pages();
  struct Piece {
    unsigned char* at;
    std::size_t bytes;
    std::size_t alignment;
  };
  std::vector<Piece> pieces;
  for (const std::size_t bytes :
       {1UL, 4096UL, (1UL << 20) - 1, 1UL << 20, (2UL << 20) + 1, 5UL << 20}) {
    for (const std::size_t alignment : {8UL, 64UL, 4096UL, 4UL << 20}) {
      auto* const at = static_cast<unsigned char*>(memory.allocate(bytes, alignment));
      CHECK(reinterpret_cast<std::uintptr_t>(at) % alignment == 0);
      std::memset(at, static_cast<int>(pieces.size() + 1), bytes);
      pieces.push_back({at, bytes, alignment});
    }
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    CHECK(piece.at[0] == i + 1);
    CHECK(piece.at[piece.bytes - 1] == i + 1);
    memory.deallocate(piece.at, piece.bytes, piece.alignment);
  }
  CHECK(memory == large_pages());
  CHECK(memory != *std::pmr::new_delete_resource());
}

TEST_CASE("vectors grow in large pages") {
  std::pmr::vector<std::uint64_t> numbers(&large_pages());
  for (std::uint64_t i = 0; i < 1'000'000; ++i) numbers.push_back(i * i);
  for (std::uint64_t i = 0; i < numbers.size(); i += 997) CHECK(numbers[i] == i * i);
}

}  // namespace
}  // namespace toll::test
