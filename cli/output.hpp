// Buffered writing to a file or to standard output, with every failure noticed.
#pragma once

#include <string>
#include <string_view>

namespace toll::cli {

class Output {
 public:
  static constexpr int kStandard = 1;

  /// Standard output; not closed at the end.
  Output() = default;
  /// Creates or empties a file, which must not be the one open as `input`. See failed().
  Output(const std::string& path, int input);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void write(std::string_view text);
  /// Writes what is buffered and closes a file. False if anything failed since the beginning.
  bool finish();

  /// Empty, or why writing failed: "cannot write `x`: No space left on device".
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void flush();
  void fail(int error);

  int descriptor_ = kStandard;
  std::string shown_ = "standard output";
  std::string buffer_;
  std::string problem_;
};

}  // namespace toll::cli
