// Lines of a file descriptor, in constant memory whatever their length.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace toll::io {

class LineReader {
 public:
  struct Line {
    std::string_view text;     ///< without its end; empty if too long
    std::uint64_t number = 0;  ///< from 1
    bool too_long = false;
  };

  /// Borrows the descriptor. Lines above `max_line` bytes are read past without being kept.
  LineReader(int descriptor, std::size_t max_line);

  /// False at the end of the input, or when it cannot be read: see failed(). The text lives until
  /// the next call. A last line needs no line end.
  bool next(Line& line);

  /// The errno of the read that failed; 0 if none did.
  [[nodiscard]] int failed() const { return error_; }
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  bool fill();

  int descriptor_;
  std::size_t max_line_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;  ///< of the bytes not handed out yet
  std::size_t end_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_read_ = 0;
  bool at_end_ = false;
  int error_ = 0;
};

}  // namespace toll::io
