// Which cells of a table anybody looks at, as far as a row itself decides it.
#pragma once

#include <cstdint>

#include "toll/core.hpp"
#include "tools/coverage/reach.hpp"

namespace toll::tools {

/// Is a column by which rows are asked for?
bool is_key(const Table& table, std::uint32_t column);

/// Is a cell never looked at? So where nobody reads its column, or only traversals whose condition
/// the row does not meet, whatever is in the cell.
bool unseen(const Core& core, const Reach& reach, std::uint32_t table, const Table::Row& row,
            std::uint32_t column);

/// Does it matter whether a row is there, if all that is read of it is absent? Not where rows are
/// only looked up, and only to read a column of what is found.
bool row_matters(const Core& core, const Reach& reach, std::uint32_t table);

}  // namespace toll::tools
