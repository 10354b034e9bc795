// The `toll` command: arguments to one function of commands.hpp, its answer to an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
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

struct Arguments {
  bool json = false;
  std::string color = "auto";
  RunOptions run;
  std::string check;
  TestOptions test;
  CoreOptions core;
  bool no_positions = false;
  std::string topic;
};

constexpr const char* kPolicy = "A rule file, or a folder of them";

void declare(CLI::App& app, Arguments& arguments) {
  app.description("Runs, checks and tests usage-billing policies.");
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", "toll " TOLL_VERSION);
  app.add_flag("--json", arguments.json, "Reports as one JSON object");
  app.add_option("--color", arguments.color, "Colors in reports: auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));

  CLI::App* run = app.add_subcommand("run", "Apply events to a policy and write the ledger");
  run->add_option("policy", arguments.run.policy, kPolicy)->required()->type_name("POLICY");
  run->add_option("--events", arguments.run.events,
                  "Events, one JSON object a line; - is standard input")
      ->required()
      ->type_name("FILE");
  run->add_option("--until", arguments.run.until,
                  "Fire the timers due by then (default: the greatest time in the events)")
      ->type_name("TIME");
  run->add_option("--ledger", arguments.run.ledger, "Where to write; - is standard output")
      ->type_name("FILE");

  CLI::App* check = app.add_subcommand("check", "Say what is wrong with a policy");
  check->add_option("path", arguments.check, kPolicy)->required()->type_name("PATH");

  CLI::App* test = app.add_subcommand("test", "Run a policy's scenarios");
  test->add_option("path", arguments.test.policy, kPolicy)->required()->type_name("PATH");
  test->add_option("--filter", arguments.test.filter, "Only scenarios with this in their name")
      ->type_name("NAME");

  CLI::App* core = app.add_subcommand("core", "Print what a policy means, as JSON");
  core->add_option("path", arguments.core.policy, kPolicy)->required()->type_name("PATH");
  core->add_flag("--no-positions", arguments.no_positions, "Leave out files, lines and columns");

  CLI::App* help = app.add_subcommand("help", "Show how to use a command");
  help->add_option("command", arguments.topic, "A command")->type_name("COMMAND");
}

ExitCode show_help(const CLI::App& app, const std::string& topic, Report& report) {
  if (topic.empty()) {
    // App::help would show the help of the command at hand, which is `help`.
    std::cout << app.get_formatter()->make_help(&app, "toll", CLI::AppFormatMode::Normal)
              << std::flush;
    return kDone;
  }
  try {
    std::cout << app.get_subcommand(topic)->help("toll") << std::flush;
    return kDone;
  } catch (const CLI::OptionNotFound&) {
    report.error("no command `" + topic + "`");
    return kUsage;
  }
}

ExitCode dispatch(const CLI::App& app, Arguments& arguments, Report& report) {
  if (app.got_subcommand("run")) return run(arguments.run, report);
  if (app.got_subcommand("check")) return check(arguments.check, report);
  if (app.got_subcommand("test")) return test(arguments.test, report);
  if (app.got_subcommand("help")) return show_help(app, arguments.topic, report);
  arguments.core.positions = !arguments.no_positions;
  return core(arguments.core, report);
}

ExitCode main(int argc, char** argv) {
  CLI::App app("", "toll");
  Arguments arguments;
  declare(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error) == 0 ? kDone : kBug;  // help, version
    std::cerr << "toll: " << error.what() << "\ntoll: see `toll help`\n";
    return kUsage;
  }
  Report report;
  report.use_json(arguments.json);
  report.use_color(wants_color(arguments.color));
  ExitCode code = kBug;
  try {
    code = dispatch(app, arguments, report);
  } catch (const std::exception& error) {
    report.error(std::string("a bug in toll: ") + error.what());
  }
  report.finish();
  return code;
}

}  // namespace
}  // namespace toll::cli

int main(int argc, char** argv) {
  // A broken invariant aborts; scripts see the exit code that means a bug.
  std::signal(SIGABRT, [](int) { std::_Exit(toll::cli::kBug); });
  toll::cli::keep_standard_descriptors();
  return toll::cli::main(argc, argv);
}
