// What a backtest comes to: who pays more and less, by how much, and whether a gate is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toll/value.hpp"
#include "tools/backtest/result.hpp"

namespace toll::backtest {

/// Accounts whose bill changes by more than `from` and at most `to` percent of what it was. The one
/// of no change has both 0; what was nothing before has no percentage.
struct Band {
  enum class Of : std::uint8_t { less, same, more, from_nothing };
  Of of = Of::same;
  int from = 0;
  int to = 0;  ///< 0: without end
  std::uint64_t accounts = 0;
};

struct Sums {
  Both<Value> sum = {};
  std::uint64_t accounts = 0;  ///< for which it differs
  [[nodiscard]] Value change() const { return sum[kNew] - sum[kOld]; }
};
struct MonthSums : Sums {
  Value month = kAbsent;
};
struct GroupSums : Sums {
  std::uint32_t group = 0;
};

struct Summary {
  std::uint64_t accounts = 0;
  std::uint64_t more = 0;  ///< accounts that pay more
  std::uint64_t less = 0;
  std::uint64_t same = 0;
  std::uint64_t affected = 0;  ///< accounts with anything in their ledgers that differs
  std::uint64_t other = 0;     ///< of them, those that pay the same
  std::vector<Band> bands;     ///< from the greatest decrease to the greatest increase
  std::vector<MonthSums> months;
  std::vector<GroupSums> groups;    ///< those that differ, the greatest change first
  std::uint64_t same_groups = 0;    ///< the others
  std::vector<std::uint32_t> most;  ///< accounts, the greatest change first
};

Summary summary_of(const Result& result, std::size_t most);

/// Is there anything to say?
bool differs(const Result& result, const Summary& summary);

/// Hundredths of a percent, rounded half away from zero; absent where there was nothing before.
Value percent_of(const Both<Value>& sum);

struct Gate {
  std::optional<Value> max_increase;  ///< percent of each account's bill, times 10^6
  std::optional<std::uint64_t> max_accounts;
  [[nodiscard]] bool wanted() const { return max_increase || max_accounts; }
};
struct Verdict {
  bool kept = true;
  std::uint64_t above = 0;      ///< accounts that pay more by more than is allowed, or nobody knows
  std::uint32_t worst = kNone;  ///< the one of them with the greatest increase
  bool too_many = false;        ///< more accounts are affected than is allowed
};
Verdict judge(const Result& result, const Summary& summary, const Gate& gate);

/// "5%", "2.5": percent times 10^6.
std::optional<Value> read_percent(std::string_view text);

}  // namespace toll::backtest
