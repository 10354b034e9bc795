// In which order the rows of a family may lie, so that nobody has to sort them.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/kernel/family_state.hpp"
#include "toll/core.hpp"

namespace toll {

/// By family, the order that its chains are kept in; empty: that of arrival. A family has one if
/// all loops over its rows want the same, by fields of the row that are never written again, and by
/// arrival where those are equal.
std::vector<std::vector<FamilyShape::OrderKey>> row_orders(const Core& core);

}  // namespace toll
