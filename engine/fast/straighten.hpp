// Takes out of code what only passes values and jumps on: an expression is put together from parts
// that know nothing of each other.
#pragma once

#include <cstdint>

#include "engine/fast/code.hpp"
#include "engine/run/program.hpp"

namespace toll {

/// `first_temp`: registers from here on are written by code.
void straighten(const Program& program, Code& code, std::uint32_t first_temp);

}  // namespace toll
