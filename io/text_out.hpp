// Text put together from many short pieces, at the end of a string.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace toll::io {

/// While it lives, the string's end is its own: bytes are put down without a look at the string's
/// size for each of them.
class TextOut {
 public:
  explicit TextOut(std::string& out) : out_(out), size_(out.size()) {
    out_.resize(size_ + kPiece);
    limit_ = out_.size();
    text_ = out_.data();
  }
  ~TextOut() { out_.resize(size_); }
  TextOut(const TextOut&) = delete;
  TextOut& operator=(const TextOut&) = delete;

  [[gnu::always_inline]] void put(char c) {
    if (size_ == limit_) [[unlikely]]
      grow(1);
    text_[size_++] = c;
  }
  [[gnu::always_inline]] void put(std::string_view text) {
    if (limit_ - size_ < text.size()) [[unlikely]]
      grow(text.size());
    copy(text_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  /// Room for so many bytes, to be told how many of them were used.
  char* room(std::size_t bytes) {
    if (limit_ - size_ < bytes) grow(bytes);
    return text_ + size_;
  }
  void used(const char* end) { size_ = static_cast<std::size_t>(end - text_); }
  [[nodiscard]] char last() const { return text_[size_ - 1]; }

 private:
  static constexpr std::size_t kPiece = 512;

  /// Without the call that std::memcpy costs for so few.
  static void copy(char* to, const char* from, std::size_t size) {
    if (size > 64) {
      std::memcpy(to, from, size);
    } else if (size >= 16) {
      for (std::size_t i = 0; i + 16 <= size; i += 16) std::memcpy(to + i, from + i, 16);
      std::memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
      std::memcpy(to, from, 8);
      std::memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
      std::memcpy(to, from, 4);
      std::memcpy(to + size - 4, from + size - 4, 4);
    } else {
      for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }
  [[gnu::noinline]] void grow(std::size_t bytes) {
    out_.resize(std::max(2 * limit_, size_ + bytes + kPiece));
    limit_ = out_.size();
    text_ = out_.data();
  }

  std::string& out_;
  std::size_t size_;
  std::size_t limit_ = 0;
  char* text_ = nullptr;
};

}  // namespace toll::io
