// The `toll` command: arguments to one function of commands.hpp, its answer to an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include "cli/commands.hpp"

#ifndef TOLL_VERSION
#define TOLL_VERSION "0"
#endif

namespace toll::cli {
namespace {

/// A file opened later must not become standard output because the caller had closed that.
void keep_standard_descriptors() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) == -1) ::open("/dev/null", O_RDONLY);
}

bool wants_color(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
         (terminal == nullptr || std::string(terminal) != "dumb");
}

/// What `--lang` says, before the arguments are parsed: their own help speaks that language.
std::optional<Language> language_flag(int argc, char** argv) {
  std::optional<Language> found;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--") break;
    if (argument == "--lang" && i + 1 < argc) found = read_language(argv[i + 1]);
    if (argument.rfind("--lang=", 0) == 0) found = read_language(argument.substr(7));
  }
  return found;
}

/// The first of these that is set decides; English if it names no language we have.
Language environment_language() {
  for (const char* const name : {"TOLL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') return read_language(value).value_or(Language::en);
  }
  return Language::en;
}

class Arguments {
 public:
  explicit Arguments(Language language) : language_(language), app_("", "toll") {
    app_.description(text("help.toll"));
    app_.set_help_flag("-h,--help", text("help.help-flag"));
    app_.set_version_flag("--version", "toll " TOLL_VERSION, text("help.version"));
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_flag("--json", json_, text("help.json"));
    app_.add_option("--color", color_, text("help.color"))
        ->check(CLI::IsMember({"auto", "always", "never"}));
    app_.add_option("--lang", lang_, text("help.lang"))
        ->check([](const std::string& name) {
          return read_language(name) ? std::string() : "en, zh: `" + name + "`";
        })
        ->type_name("LANG");
    for (const Command& command : kCommands) {
      const std::string name(command.name);
      CLI::App* const app = app_.add_subcommand(name, text("help." + name));  // messages: help.*
      Options options(*app);
      runs_[app] = command.declare(options, language);
      label(*app);
    }
    CLI::App* const help = app_.add_subcommand("help", text("help.help"));
    help->add_option("command", topic_, text("help.help.command"))->type_name("COMMAND");
    label(*help);
    label(app_);
    runs_[help] = [this](Report& report) { return show_help(report); };
  }

  ExitCode run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) return app_.exit(error) == 0 ? kDone : kBug;
      if (const std::string unknown = unknown_command(argc, argv); !unknown.empty()) {
        std::cerr << "toll: " << text("cli.no-command", {unknown}) << "\n";
      } else {
        std::cerr << "toll: " << text("cli.usage", {std::string(error.what())}) << "\n";
      }
      return kUsage;
    }
    Report report(language_);
    report.use_json(json_);
    report.use_color(wants_color(color_));
    if (!lang_.empty()) report.choose_language(language_);
    ExitCode code = kBug;
    try {
      code = runs_.at(app_.get_subcommands().front())(report);
    } catch (const std::exception& error) {
      report.error(Message("cli.bug", {std::string(error.what())}));
    }
    report.finish();
    return code;
  }

 private:
  std::string text(const std::string& id, std::vector<Argument> arguments = {}) const {
    return say(Message(id, std::move(arguments)), language_);
  }

  /// The first word that is no option, if no command is called so. CLI11 only misses a command
  /// then.
  std::string unknown_command(int argc, char** argv) const {
    for (int i = 1; i < argc; ++i) {
      const std::string argument = argv[i];
      if (argument == "--color" || argument == "--lang") ++i;
      if (argument.empty() || argument[0] == '-') continue;
      const bool known = std::any_of(runs_.begin(), runs_.end(), [&](const auto& run) {
        return run.first->get_name() == argument;
      });
      return known ? std::string() : argument;
    }
    return {};
  }

  /// The words that CLI11 puts around our own.
  void label(CLI::App& app) const {
    for (CLI::Option* option : app.get_options()) option->group(text("help.label.options"));
    for (const auto& [key, id] : {std::pair{"Usage", "help.label.usage"},
                                  {"OPTIONS", "help.label.options-here"},
                                  {"SUBCOMMAND", "help.label.command-here"},
                                  {"Subcommands", "help.label.commands"},
                                  {"Positionals", "help.label.positionals"},
                                  {"REQUIRED", "help.label.required"}})
      app.get_formatter()->label(key, text(id));
  }

  ExitCode show_help(Report& report) {
    if (topic_.empty()) {
      // App::help would show the help of the command at hand, which is `help`.
      std::cout << app_.get_formatter()->make_help(&app_, "toll", CLI::AppFormatMode::Normal)
                << std::flush;
      return kDone;
    }
    try {
      std::cout << app_.get_subcommand(topic_)->help("toll") << std::flush;
      return kDone;
    } catch (const CLI::OptionNotFound&) {
      report.error(Message("cli.no-command", {topic_}));
      return kUsage;
    }
  }

  Language language_;
  CLI::App app_;
  std::map<CLI::App*, Run> runs_;
  bool json_ = false;
  std::string color_ = "auto";
  std::string lang_;
  std::string topic_;
};

}  // namespace
}  // namespace toll::cli

int main(int argc, char** argv) {
  using namespace toll::cli;
  // A broken invariant aborts; scripts see the exit code that means a bug.
  std::signal(SIGABRT, [](int) { std::_Exit(kBug); });
  keep_standard_descriptors();
  const std::optional<toll::Language> flag = language_flag(argc, argv);
  return Arguments(flag.value_or(environment_language())).run(argc, argv);
}
