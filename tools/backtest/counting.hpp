// What customers pay, as a policy's ledger says it: which amounts of which entries are added up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "messages/messages.hpp"
#include "toll/core.hpp"

namespace toll::backtest {

/// Decimals of every sum of a backtest, whatever the scale of what was added.
inline constexpr unsigned kScale = 12;

/// One amount that is counted: a member of an entry, and where the entry lists its parts, those.
struct Counted {
  std::string name;  ///< "invoice.total", in wire names
  std::uint32_t entry = 0;
  std::uint32_t member = 0;
  bool negative = false;        ///< what is paid back
  std::uint32_t month = kNone;  ///< member; kNone: the month the entry is written in
  std::uint32_t rows = kNone;   ///< the member that lists its parts
  std::uint32_t row_month = kNone;
  std::uint32_t row_money = kNone;
};

struct Counting {
  Type type;  ///< of the sums: a number of the unit that all counted amounts have
  std::vector<Counted> all;
  Message problem;  ///< why nothing can be counted; empty if all is well
};

/// `names` empty: what the policy's statements declare as bills. Otherwise "ENTRY.MEMBER" in wire
/// or declared names, separated by commas, with "-" before what is paid back.
Counting counting_of(const Core& core, const std::string& names);

/// Is it an amount of money (rather than a price)?
bool is_money(const Core& core, const Type& type);

/// The amounts of money that are not counted, as members of entries: [entry][member].
std::vector<std::vector<bool>> other_amounts(const Core& core, const Counting& counting);

/// The members of entries that tell an outcome rather than repeat data: answers yes or no, names
/// that no event brings, and texts (of which only the policy's own are outcomes).
std::vector<std::vector<std::uint32_t>> outcome_members(const Core& core);

}  // namespace toll::backtest
