#include "cli/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace toll::cli {
namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 18;

bool same_file(int one, int other) {
  struct stat first = {};
  struct stat second = {};
  return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && S_ISREG(first.st_mode) &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

}  // namespace

Output::Output(const std::string& path, int input) : shown_("`" + path + "`") {
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    fail(errno);
    return;
  }
  if (same_file(descriptor_, input)) {
    problem_ = "cannot write " + shown_ + ": it is the file of events";
    return;
  }
  struct stat status = {};
  if (::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode) &&
      ::ftruncate(descriptor_, 0) != 0)
    fail(errno);
}

Output::~Output() {
  if (descriptor_ > kStandard) ::close(descriptor_);
}

void Output::fail(int error) { problem_ = "cannot write " + shown_ + ": " + std::strerror(error); }

void Output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= kBufferSize) flush();
}

void Output::flush() {
  std::string_view rest = buffer_;
  while (problem_.empty() && !rest.empty()) {
    const ssize_t count = ::write(descriptor_, rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      fail(errno);
    }
  }
  buffer_.clear();
}

bool Output::finish() {
  flush();
  if (descriptor_ > kStandard) {
    // Some file systems report a full disk only here.
    if (::close(descriptor_) != 0 && problem_.empty()) fail(errno);
    descriptor_ = -1;
  }
  return problem_.empty();
}

}  // namespace toll::cli
