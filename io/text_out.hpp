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

  void put(char c) {
    if (size_ == limit_) grow(1);
    text_[size_++] = c;
  }
  void put(std::string_view text) {
    if (limit_ - size_ < text.size()) grow(text.size());
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
    } else if (size >= 8) {
      for (std::size_t i = 0; i + 8 <= size; i += 8) std::memcpy(to + i, from + i, 8);
      std::memcpy(to + size - 8, from + size - 8, 8);
    } else {
      for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  }
  void grow(std::size_t bytes) {
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
