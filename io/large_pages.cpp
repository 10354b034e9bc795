#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <new>

#include "toll/memory.hpp"

namespace toll {
namespace {

constexpr std::size_t kPage = std::size_t{2} << 20;
constexpr std::size_t kSmall = kPage / 2;

class LargePages final : public std::pmr::memory_resource {
  // More is asked for than is needed, so that what is needed begins with a page; the rest is given
  // back.
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (is_small(bytes, alignment)) return heap()->allocate(bytes, alignment);
    const std::size_t size = whole_pages(bytes);
    if (size < bytes || size + kPage < size) throw std::bad_alloc();
    void* const all =
        mmap(nullptr, size + kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    auto* const from = static_cast<unsigned char*>(all);
    const std::size_t before = (kPage - reinterpret_cast<std::uintptr_t>(from) % kPage) % kPage;
    unsigned char* const at = from + before;
    if (before != 0) munmap(from, before);
    if (before != kPage) munmap(at + size, kPage - before);
#ifdef MADV_HUGEPAGE
    madvise(at, size, MADV_HUGEPAGE);  // a system that has none has said so, and that is all
#endif
    return at;
  }

  void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
    if (is_small(bytes, alignment)) return heap()->deallocate(at, bytes, alignment);
    munmap(at, whole_pages(bytes));
  }

  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  static std::pmr::memory_resource* heap() { return std::pmr::new_delete_resource(); }
  static bool is_small(std::size_t bytes, std::size_t alignment) {
    return bytes < kSmall || alignment > kPage;
  }
  static std::size_t whole_pages(std::size_t bytes) { return (bytes + kPage - 1) / kPage * kPage; }
};

}  // namespace

std::pmr::memory_resource& large_pages() {
  static LargePages* const pages = new LargePages;  // outlives whoever gives memory back at the end
  return *pages;
}

}  // namespace toll
