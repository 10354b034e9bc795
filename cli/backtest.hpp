// A backtest from files, for `toll backtest` and for what tells of one among other things.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/history.hpp"
#include "tools/backtest/report.hpp"

namespace toll::cli {

/// As they stand on the command line.
struct BacktestOptions {
  History history;
  std::string count;
  std::size_t most = 10;
  std::string max_increase;
  std::optional<std::uint64_t> max_accounts;
};

struct BacktestInput {
  backtest::Both<std::string> policy;  ///< as they were told
  backtest::Both<const Loaded*> loaded = {};
  History history;
  std::string count;
  std::size_t most = 10;
  backtest::Gate gate;
  Language language = Language::en;
};

/// What was found; `code` is kDone if anything could be.
struct BacktestFound {
  ExitCode code = kDone;
  backtest::Result result;
  backtest::Summary summary;
  backtest::Verdict verdict;
  std::vector<backtest::Explained> most;
};

/// Declares OLD and NEW.
void declare_policies(Options& app, backtest::Both<std::string>& policy, Language language);
/// Declares them; returns --events, which is required unless somebody says otherwise.
Option declare_backtest_options(Options& app, BacktestOptions& options, Language language);

/// False, and said: they are wrong in themselves.
bool read_backtest_options(const BacktestOptions& options, BacktestInput& input, Report& report);

BacktestFound find_changes(const BacktestInput& input, Report& report);

}  // namespace toll::cli
