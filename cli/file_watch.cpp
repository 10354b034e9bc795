#include "cli/file_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

namespace toll::cli {
namespace {

constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
constexpr int kQuietMilliseconds = 60;  ///< editors save in several steps

/// What a policy reads; not the files that an editor keeps beside them.
bool is_read(std::string_view name) {
  if (name.empty() || name[0] == '.' || name[0] == '#') return false;
  for (const std::string_view end : {".toll", ".lua", ".csv"})
    if (name.size() > end.size() && name.substr(name.size() - end.size()) == end) return true;
  return false;
}

}  // namespace

FileWatch::FileWatch() {
  sigset_t ends;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGINT);
  ::sigaddset(&ends, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &ends, nullptr);
  changes_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  signals_ = ::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
  if (changes_ < 0 || signals_ < 0) problem_ = std::strerror(errno);
}

FileWatch::~FileWatch() {
  if (changes_ >= 0) ::close(changes_);
  if (signals_ >= 0) ::close(signals_);
}

bool FileWatch::add(const std::set<std::string>& folders) {
  bool any = false;
  for (const std::string& folder : folders) {
    const std::string path = folder.empty() ? "." : folder;
    const int watch = ::inotify_add_watch(changes_, path.c_str(), kChanges);
    any = (watch >= 0 && watched_.insert(watch).second) || any;
  }
  return any;
}

bool FileWatch::read_changes() {
  alignas(inotify_event) std::array<char, 16384> buffer{};
  bool any = false;
  for (;;) {
    const ssize_t size = ::read(changes_, buffer.data(), buffer.size());
    if (size <= 0) return any;
    for (ssize_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof(event));
      const char* const name = buffer.data() + at + sizeof(event);
      if ((event.mask & IN_IGNORED) != 0) watched_.erase(event.wd);  // the folder is gone
      if ((event.mask & IN_Q_OVERFLOW) != 0) any = true;
      if (event.len > 0 && is_read(name)) any = true;
      at += static_cast<ssize_t>(sizeof(event) + event.len);
    }
  }
}

bool FileWatch::wait() {
  bool changed = false;
  for (;;) {
    std::array<pollfd, 2> ready = {pollfd{changes_, POLLIN, 0}, pollfd{signals_, POLLIN, 0}};
    const int count = ::poll(ready.data(), ready.size(), changed ? kQuietMilliseconds : -1);
    if (count < 0 && errno != EINTR) return false;
    if (count == 0) return true;
    if ((ready[1].revents & POLLIN) != 0) return false;
    if ((ready[0].revents & POLLIN) != 0) changed = read_changes() || changed;
  }
}

}  // namespace toll::cli
