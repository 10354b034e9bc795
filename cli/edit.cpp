#include "cli/edit.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <dtl/dtl.hpp>
#include <filesystem>
#include <sstream>
#include <vector>

namespace toll::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

bool write_file(const std::string& path, const std::string& text) {
  std::error_code error;
  const fs::path target = fs::canonical(path, error);  // what a link points to, not the link
  if (error) return false;
  std::string temporary = (target.parent_path() / ".toll-edit-XXXXXX").string();
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) return false;
  struct ::stat status {};
  bool good =
      ::stat(target.c_str(), &status) == 0 && ::fchmod(descriptor, status.st_mode & 07777U) == 0;
  std::size_t written = 0;
  while (good && written < text.size()) {
    const ::ssize_t count = ::write(descriptor, text.data() + written, text.size() - written);
    good = count > 0 || (count < 0 && errno == EINTR);
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  good = good && ::fsync(descriptor) == 0;
  good = ::close(descriptor) == 0 && good;
  good = good && ::rename(temporary.c_str(), target.c_str()) == 0;
  if (!good) {
    const int problem = errno;
    ::unlink(temporary.c_str());
    errno = problem;
  }
  return good;
}

std::string difference(const tools::Formatted& file) {
  dtl::Diff<std::string> diff(lines_of(file.before), lines_of(file.after));
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  out << "--- " << file.path << "\n+++ " << file.path << "\n";
  diff.printUnifiedFormat(out);
  return out.str();
}

}  // namespace toll::cli
