#include "cli/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace toll::cli {
namespace {

constexpr std::uint64_t kLong = std::uint64_t{16} << 20;

}  // namespace

Input::Input(const std::string& path) {
  if (path != "-") descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0) error_ = errno;
  struct stat status = {};
  if (descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0) {
    if (S_ISDIR(status.st_mode)) error_ = EISDIR;
    if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
  }
}

Input::~Input() {
  if (descriptor_ > 0) ::close(descriptor_);
}

Progress::Progress(std::uint64_t size, bool wanted)
    : size_(size), shown_(wanted && size >= kLong && ::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void Progress::at(std::uint64_t bytes) {
  if (!shown_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  const auto percent = static_cast<unsigned>(bytes * 100 / size_);
  std::fprintf(stderr, "\r%u %%", percent > 100 ? 100 : percent);
}

}  // namespace toll::cli
