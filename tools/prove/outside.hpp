// A policy as an account meets it that keeps out of what is declared to change: one that never has
// certain events, one whose time is before a date. Two editions that are the same there are the
// same for such accounts, whatever else was edited.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "toll/core.hpp"

namespace toll::tools::prover {

struct Outside {
  std::set<std::string> events;  ///< wire names of those that never come
  Value before = kAbsent;        ///< the account's time is before this; absent: any time

  [[nodiscard]] bool everywhere() const { return events.empty() && before == kAbsent; }
};

/// The core with these events taken for ones that do nothing, rows of tables that are not in force
/// yet taken away, and conditions on the time decided where they can be. Tables that are asked for
/// another time than that of the event keep their rows: they may be asked for a later one.
std::shared_ptr<const Core> outside(const Core& core, const Outside& what);

}  // namespace toll::tools::prover
