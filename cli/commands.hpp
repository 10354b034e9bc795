// The commands, one function each: options in, exit code out.
#pragma once

#include <string>

#include "cli/exit_code.hpp"
#include "cli/report.hpp"
#include "dsl/policy.hpp"

namespace toll::cli {

struct RunOptions {
  std::string policy;
  std::string events;  ///< a path, or "-"
  std::string until;   ///< empty: the greatest time in the input
  std::string ledger = "-";
};
ExitCode run(const RunOptions& options, Report& report);

ExitCode check(const std::string& policy, Report& report);

struct TestOptions {
  std::string policy;
  std::string filter;  ///< part of a scenario's name
};
ExitCode test(const TestOptions& options, Report& report);

struct CoreOptions {
  std::string policy;
  bool positions = true;
};
ExitCode core(const CoreOptions& options, Report& report);

/// A policy ready to use, or, without a core, reported as not loading.
struct Loaded {
  dsl::SourceSet sources;
  dsl::Policy policy;
  ExitCode code = kDone;
};
/// Warnings are shown if `warnings`; errors always.
Loaded load(const std::string& path, bool warnings, Report& report);

}  // namespace toll::cli
