// A backtest from files, for `toll backtest` and for what tells of one among other things.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/history.hpp"
#include "tools/backtest/report.hpp"

namespace toll::cli {

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

BacktestFound find_changes(const BacktestInput& input, Report& report);

}  // namespace toll::cli
