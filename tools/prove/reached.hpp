// Can anyone ever come to a band of a table? Rules that refuse more than a limit may leave no room.
#pragma once

#include <cstdint>

#include "toll/core.hpp"

namespace toll::tools {

/// Surely no event asks the table for the keys of this row with a quantity of `from` or more. Only
/// tables that blocks of events look up in plain sight are looked into.
bool never_reached(const Core& core, std::uint32_t table, const Table::Row& row, Value from);

}  // namespace toll::tools
