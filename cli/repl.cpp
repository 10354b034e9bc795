#include <editline/readline.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "tools/repl/session.hpp"

namespace toll::cli {
namespace {

// libedit's completion knows no context: one session at a time is at the terminal.
tools::Session* session_at_terminal = nullptr;

char* next_completion(const char* /*typed*/, int state) {
  static std::vector<std::string> found;
  static std::size_t at = 0;
  if (state == 0) {
    found = session_at_terminal->completions(
        std::string(rl_line_buffer, static_cast<std::size_t>(rl_point)));
    at = 0;
  }
  return at < found.size() ? ::strdup(found[at++].c_str()) : nullptr;
}

char** complete(const char* typed, int /*start*/, int /*end*/) {
  rl_attempted_completion_over = 1;  // never names of files
  return rl_completion_matches(typed, next_completion);
}

/// Lines from a terminal, with history and completion, or as they come from anywhere else.
class Lines {
 public:
  explicit Lines(tools::Session& session)
      : session_(session), terminal_(::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) {
    if (!terminal_) return;
    std::setlocale(LC_CTYPE, "");  // libedit asks it how wide characters are
    session_at_terminal = &session;
    rl_attempted_completion_function = complete;
    rl_completion_append_character = ' ';
    const char* const home = std::getenv("XDG_STATE_HOME");
    const char* const user = std::getenv("HOME");
    if (home != nullptr && *home != '\0') {
      history_ = std::filesystem::path(home) / "toll" / "history";
    } else if (user != nullptr && *user != '\0') {
      history_ = std::filesystem::path(user) / ".local" / "state" / "toll" / "history";
    }
    if (!history_.empty()) ::read_history(history_.c_str());
  }
  ~Lines() {
    if (!terminal_) return;
    std::error_code error;
    std::filesystem::create_directories(history_.parent_path(), error);
    if (!history_.empty() && !error) ::write_history(history_.c_str());
    session_at_terminal = nullptr;
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  [[nodiscard]] bool terminal() const { return terminal_; }

  bool next(std::string& line) {
    if (!terminal_) return static_cast<bool>(std::getline(std::cin, line));
    char* const typed = ::readline(session_.prompt().c_str());
    if (typed == nullptr) {
      std::cout << "\n";
      return false;
    }
    line = typed;
    if (!line.empty()) ::add_history(typed);
    std::free(typed);
    return true;
  }

 private:
  tools::Session& session_;
  bool terminal_;
  std::filesystem::path history_;
};

/// A session from a file or pipe stops being worth something at its first mistake; a person goes
/// on.
ExitCode repl(const std::string& policy, Report& report) {
  const Loaded loaded = load(policy, false, report);
  if (loaded.code != kDone) return loaded.code;
  tools::Session session(policy, report.language());
  const tools::Session::Answer opened = session.open();
  if (!opened.ok) {
    report.error(opened.text);
    return kUnusable;
  }
  Lines lines(session);
  if (lines.terminal()) {
    std::cout << report.text(Message("repl.welcome", {loaded.policy.core->name})) << "\n";
  }
  bool all_ok = true;
  std::string line;
  while (lines.next(line)) {
    const tools::Session::Answer answer = session.line(line);
    std::cout << answer.text << std::flush;
    all_ok = all_ok && answer.ok;
    if (answer.quit) break;
  }
  return lines.terminal() || all_ok ? kDone : kNo;
}

}  // namespace

Run declare_repl(Options& app, Language language) {
  const auto policy = std::make_shared<std::string>();
  app.add_option("policy", *policy, say("help.policy", language)).required().type_name("POLICY");
  return [policy](Report& report) { return repl(*policy, report); };
}

}  // namespace toll::cli
