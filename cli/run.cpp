#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "io/feed.hpp"
#include "io/time_text.hpp"
#include "toll/json.hpp"

namespace toll::cli {
namespace {

struct RunOptions {
  std::string policy;
  std::string events;  ///< a path, or "-"
  std::string until;   ///< empty: the greatest time in the input
  std::string ledger = "-";
};

/// The descriptor of the events; standard input is not closed.
class Input {
 public:
  explicit Input(const std::string& path) {
    if (path != "-") descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) error_ = errno;
    struct stat status = {};
    if (descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0) {
      if (S_ISDIR(status.st_mode)) error_ = EISDIR;
      if (S_ISREG(status.st_mode)) size_ = static_cast<std::uint64_t>(status.st_size);
    }
  }
  ~Input() {
    if (descriptor_ > 0) ::close(descriptor_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }  ///< 0 if not known

 private:
  int descriptor_ = 0;
  int error_ = 0;
  std::uint64_t size_ = 0;
};

/// How far a long file is read, on a terminal only.
class Progress {
 public:
  Progress(std::uint64_t size, bool wanted)
      : size_(size), shown_(wanted && size >= kLong && ::isatty(STDERR_FILENO) == 1) {}
  ~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void at(std::uint64_t bytes) {
    if (!shown_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    const auto percent = static_cast<unsigned>(bytes * 100 / size_);
    std::fprintf(stderr, "\r%u %%", percent > 100 ? 100 : percent);
  }

 private:
  static constexpr std::uint64_t kLong = std::uint64_t{16} << 20;
  std::uint64_t size_;
  bool shown_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

void summarise(const JsonRunner::Totals& totals, Report& report) {
  report.member("run", {{"events", totals.events},
                        {"entries", totals.entries},
                        {"errors", totals.errors},
                        {"accounts", totals.accounts}});
  if (totals.errors > 0)
    report.note(
        Message("cli.run.errors", {std::to_string(totals.errors), std::to_string(totals.entries),
                                   std::to_string(totals.events)}));
}

ExitCode run(const RunOptions& options, Report& report) {
  const std::vector<ZoneRule> utc;  // the policy's zone is not known yet
  if (!options.until.empty() && !io::parse_instant(options.until, io::Zone(utc))) {
    report.error(Message("cli.bad-until", {options.until}));
    return kUsage;
  }
  const Loaded loaded = load(options.policy, false, report);
  if (loaded.code != kDone) return loaded.code;

  const Input input(options.events);
  const auto unreadable = [&](int error) {
    report.error(Message("cli.cannot-read", {options.events, std::string(std::strerror(error))}));
    return kUnusable;
  };
  if (input.error() != 0) return unreadable(input.error());
  std::optional<Output> output;
  if (options.ledger == "-") {
    output.emplace();
  } else {
    output.emplace(options.ledger, input.descriptor());
  }

  JsonRunner runner(loaded.policy.core, [&output](std::string_view line) {
    output->write(line);
    output->write("\n");
  });
  const Value until = options.until.empty() ? kAbsent : runner.parse_time(options.until);
  int error = 0;
  if (output->problem().empty()) {
    Progress progress(input.size(), !report.json());
    error = io::feed_all(input.descriptor(), runner, [&](std::uint64_t bytes) {
      progress.at(bytes);
      return output->problem().empty();
    });
    const Value end = until == kAbsent ? runner.latest_time() : until;
    if (error == 0 && end != kAbsent) runner.advance(end);
  }
  output->finish();
  if (error != 0) return unreadable(error);
  if (!output->problem().empty()) {
    report.error(output->problem());
    return kUnusable;
  }
  summarise(runner.totals(), report);
  return runner.totals().errors > 0 ? kNo : kDone;
}

}  // namespace

Run declare_run(CLI::App& app, Language language) {
  const auto options = std::make_shared<RunOptions>();
  app.add_option("policy", options->policy, say("help.policy", language))
      ->required()
      ->type_name("POLICY");
  app.add_option("--events", options->events, say("help.run.events", language))
      ->required()
      ->type_name("FILE");
  app.add_option("--until", options->until, say("help.run.until", language))->type_name("TIME");
  app.add_option("--ledger", options->ledger, say("help.run.ledger", language))->type_name("FILE");
  return [options](Report& report) { return run(*options, report); };
}

}  // namespace toll::cli
