// Where events are read from, and how far that has come.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace toll::cli {

/// The descriptor of the events; standard input is not closed.
class Input {
 public:
  /// A path, or "-".
  explicit Input(const std::string& path);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] int error() const { return error_; }          ///< an errno, 0 if all is well
  [[nodiscard]] std::uint64_t size() const { return size_; }  ///< 0 if not known

 private:
  int descriptor_ = 0;
  int error_ = 0;
  std::uint64_t size_ = 0;
};

/// How far a long file is read, on a terminal only.
class Progress {
 public:
  Progress(std::uint64_t size, bool wanted);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t bytes);

 private:
  std::uint64_t size_;
  bool shown_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace toll::cli
