#include "tools/mutate/workers.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace toll::tools {
namespace {

void write_all(int to, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t wrote = ::write(to, text.data() + at, text.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) ::_exit(1);  // nobody reads any more
    at += static_cast<std::size_t>(wrote);
  }
}

/// A process with the items that it has still to do.
struct Worker {
  std::vector<std::size_t> items;  ///< the next one last
  pid_t process = -1;
  int from = -1;
  std::string pending;
  std::string reached;
};

void start(Worker& worker, const Work& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  worker.process = ::fork();
  if (worker.process < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (worker.process == 0) {
    ::close(ends[0]);
    std::signal(SIGABRT, SIG_DFL);
    // What an assertion says is said of a mutant, which is no news.
    ::close(STDERR_FILENO);
    const int to = ends[1];
    for (auto item = worker.items.rbegin(); item != worker.items.rend(); ++item) {
      const std::string answer =
          work(*item, [to](const std::string& reached) { write_all(to, "~" + reached + "\n"); });
      write_all(to, "=" + answer + "\n");
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  worker.from = ends[0];
}

}  // namespace

std::vector<WorkResult> in_processes(std::size_t count, std::size_t jobs, const Work& work) {
  std::vector<WorkResult> results(count);
  std::vector<Worker> workers(std::max<std::size_t>(1, std::min(jobs, count)));
  for (std::size_t item = count; item > 0; --item)
    workers[(item - 1) % workers.size()].items.push_back(item - 1);
  const auto line = [&results](Worker& worker, const std::string& text) {
    if (text[0] == '~') {
      worker.reached = text.substr(1);
      return;
    }
    results[worker.items.back()] = {true, worker.reached, text.substr(1)};
    worker.items.pop_back();
    worker.reached.clear();
  };
  // False: the process has ended.
  const auto read = [&line](Worker& worker) {
    std::array<char, 1 << 16> buffer;
    const ssize_t got = ::read(worker.from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) return false;
    worker.pending.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (std::size_t end; (end = worker.pending.find('\n', begin)) != std::string::npos;
         begin = end + 1)
      line(worker, worker.pending.substr(begin, end - begin));
    worker.pending.erase(0, begin);
    return true;
  };
  for (Worker& worker : workers)
    if (!worker.items.empty()) start(worker, work);
  for (;;) {
    std::vector<pollfd> waiting;
    std::vector<Worker*> whose;
    for (Worker& worker : workers) {
      if (worker.from < 0) continue;
      waiting.push_back({worker.from, POLLIN, 0});
      whose.push_back(&worker);
    }
    if (waiting.empty()) return results;
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      Worker& worker = *whose[i];
      if (waiting[i].revents == 0 || read(worker)) continue;
      ::close(worker.from);
      ::waitpid(worker.process, nullptr, 0);
      worker.from = -1;
      worker.pending.clear();
      if (worker.items.empty()) continue;
      results[worker.items.back()] = {false, worker.reached, {}};
      worker.items.pop_back();
      worker.reached.clear();
      if (!worker.items.empty()) start(worker, work);
    }
  }
}

}  // namespace toll::tools
