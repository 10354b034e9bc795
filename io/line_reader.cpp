#include "io/line_reader.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace toll::io {
namespace {

constexpr std::size_t kReadSize = std::size_t{1} << 17;  ///< stays in a processor's own cache
constexpr std::size_t kFew = std::size_t{1} << 12;

}  // namespace

LineReader::LineReader(int descriptor, std::size_t max_line)
    : descriptor_(descriptor), max_line_(max_line), buffer_(max_line + 1 + kReadSize) {}

/// Reads more behind what is kept. False: there is no more.
bool LineReader::fill() {
  if (at_end_) return false;
  // What is kept moves to the front while it is little, so that the same memory is read into again.
  if (end_ - begin_ < kFew || buffer_.size() - end_ < kReadSize) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer_.data() + end_, kReadSize);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) {
    at_end_ = true;
    error_ = count < 0 ? errno : 0;
    return false;
  }
  end_ += static_cast<std::size_t>(count);
  bytes_read_ += static_cast<std::uint64_t>(count);
  return true;
}

bool LineReader::next(Line& line) {
  line = {};
  std::size_t searched = 0;
  bool more = true;
  while (true) {
    const char* const begin = buffer_.data() + begin_;
    const std::size_t kept = end_ - begin_;
    const auto* const newline =
        kept == searched
            ? nullptr
            : static_cast<const char*>(std::memchr(begin + searched, '\n', kept - searched));
    if (newline != nullptr || !more) {
      const auto size = newline == nullptr ? kept : static_cast<std::size_t>(newline - begin);
      if (newline == nullptr && size == 0 && !line.too_long) return false;
      begin_ += size + (newline == nullptr ? 0 : 1);
      line.number = ++number_;
      line.too_long = line.too_long || size > max_line_;
      if (!line.too_long) line.text = {begin, size};
      return true;
    }
    searched = kept;
    if (kept > max_line_) {  // too long already: only its end matters now
      line.too_long = true;
      begin_ = end_;
      searched = 0;
    }
    more = fill();
    if (error_ != 0) return false;
  }
}

}  // namespace toll::io
