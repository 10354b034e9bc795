// The commands. Each lies in a file of its own: it declares its arguments and gives back what runs
// it once they are parsed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/exit_code.hpp"
#include "cli/options.hpp"
#include "cli/report.hpp"
#include "dsl/policy.hpp"
#include "messages/messages.hpp"

namespace toll::cli {

using Run = std::function<ExitCode(Report&)>;

/// Declares arguments on an app that is empty but for what every command has. The texts of its help
/// are `help.NAME` and `help.NAME.ARGUMENT`.
using Declare = Run (*)(Options& app, Language language);

struct Command {
  std::string_view name;
  Declare declare;
};

Run declare_backtest(Options& app, Language language);
Run declare_bill(Options& app, Language language);
Run declare_check(Options& app, Language language);
Run declare_core(Options& app, Language language);
Run declare_diff(Options& app, Language language);
Run declare_explain(Options& app, Language language);
Run declare_lint(Options& app, Language language);
Run declare_repl(Options& app, Language language);
Run declare_fmt(Options& app, Language language);
Run declare_init(Options& app, Language language);
Run declare_mutate(Options& app, Language language);
Run declare_review(Options& app, Language language);
Run declare_run(Options& app, Language language);
Run declare_scenario(Options& app, Language language);
Run declare_table(Options& app, Language language);
Run declare_prove(Options& app, Language language);
Run declare_show(Options& app, Language language);
Run declare_test(Options& app, Language language);
Run declare_why(Options& app, Language language);

/// In the order in which the help lists them: a new command is added here.
// One a line:
// clang-format off
inline constexpr Command kCommands[] = {
    {"init", declare_init},
    {"check", declare_check},
    {"fmt", declare_fmt},
    {"lint", declare_lint},
    {"test", declare_test},
    {"prove", declare_prove},
    {"mutate", declare_mutate},
    {"scenario", declare_scenario},
    {"table", declare_table},
    {"run", declare_run},
    {"bill", declare_bill},
    {"repl", declare_repl},
    {"why", declare_why},
    {"backtest", declare_backtest},
    {"review", declare_review},
    {"show", declare_show},
    {"diff", declare_diff},
    {"core", declare_core},
    {"explain", declare_explain},
};
// clang-format on

/// A policy ready to use, or, without a core, reported as not loading.
struct Loaded {
  dsl::SourceSet sources;
  dsl::Policy policy;
  dsl::Diagnostics warnings;  ///< of a policy that loads
  ExitCode code = kDone;
};
/// Warnings are shown if `warnings`; errors always.
Loaded load(const std::string& path, bool warnings, Report& report);

}  // namespace toll::cli
