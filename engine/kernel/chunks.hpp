// Large pieces of memory, given back together.
#pragma once

#include <cstddef>
#include <memory_resource>
#include <vector>

namespace toll {

class Chunks {
 public:
  static constexpr std::size_t kLine = 64;  // each begins with a line of a processor's cache

  explicit Chunks(std::pmr::memory_resource& from) : from_(&from) {}
  ~Chunks() {
    for (const Chunk& chunk : chunks_) from_->deallocate(chunk.at, chunk.bytes, kLine);
  }
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;

  unsigned char* add(std::size_t bytes) {
    chunks_.reserve(chunks_.size() + 1);
    auto* const at = static_cast<unsigned char*>(from_->allocate(bytes, kLine));
    chunks_.push_back({at, bytes});
    bytes_ += bytes;
    return at;
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Chunk {
    unsigned char* at;
    std::size_t bytes;
  };
  std::pmr::memory_resource* from_;
  std::vector<Chunk> chunks_;
  std::size_t bytes_ = 0;
};

}  // namespace toll
