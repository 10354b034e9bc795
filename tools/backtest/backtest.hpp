// Plays one history under two policies at once, event by event, and keeps what differs.
//
// What is kept is in proportion to accounts, to the things bills are about, and to what differs;
// not to events. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "toll/core.hpp"
#include "toll/value.hpp"
#include "tools/backtest/counting.hpp"
#include "tools/backtest/result.hpp"

namespace toll::backtest {

class Backtest {
 public:
  /// What is counted has one unit, the same in both.
  Backtest(const Both<std::shared_ptr<const Core>>& cores, const Both<Counting>& counting);
  ~Backtest();
  Backtest(const Backtest&) = delete;
  Backtest& operator=(const Backtest&) = delete;

  /// One event, as to JsonRunner.
  void feed(std::string_view line, std::uint64_t line_number);
  void feed_too_long(std::uint64_t line_number);

  /// Lets time go on to `until` (absent: the greatest time that was read) and tells what was found.
  Result finish(Value until);

  [[nodiscard]] Value parse_time(std::string_view text) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace toll::backtest
