// For processors that there is no machine code for.
#include "engine/jit/machine_code.hpp"
#include "engine/jit/machine_reader.hpp"

namespace toll {

const Ins* MachineCode::interpret(const MachineFrame* /*frame*/, const Ins* /*at*/) noexcept {
  return nullptr;
}

std::unique_ptr<const MachineReader> MachineReader::make(const LayoutPlan& /*plan*/) {
  return nullptr;
}

std::unique_ptr<const MachineCode> MachineCode::make(const Program& /*program*/) { return nullptr; }

}  // namespace toll
