// What an instruction does with registers, and where code goes on after it.
#pragma once

#include <cstdint>

#include "engine/fast/code.hpp"
#include "engine/run/program.hpp"

namespace toll {

/// Beside what is said here, some read what stands in a list (each_listed).
struct Operands {
  bool reads_a = false;
  bool reads_next = false;  ///< the register after a too
  bool reads_b = false;
  bool reads_c = false;
  bool reads_x = false;      ///< x is a register
  bool writes_a = false;     ///< whichever way code goes on
  bool may_write_a = false;  ///< on one of them
  bool writes_next = false;  ///< the register after a too
  bool writes_b = false;     ///< it is a place in a list, which moves on
  Reg first = 0;             ///< read in a row
  std::uint32_t count = 0;
};

[[nodiscard]] Operands operands_of(const Program& program, const Code& code, const Ins& ins);

/// Registers that an instruction reads by a list of its own.
template <class Visit>
void each_listed(Code& code, const Ins& ins, Visit visit) {
  switch (ins.act) {
    case Act::emit:
      for (Reg& member : code.emissions[ins.x].members) visit(member);
      return;
    case Act::put:
      for (Put::Field& field : code.puts[ins.x].fields) visit(field.reg);
      return;
    case Act::eval:
    case Act::step:
      for (auto& given : code.escapes[ins.x].in) visit(given.second);
      return;
    default:
      return;
  }
}

/// Where an instruction may jump to; null: nowhere.
[[nodiscard]] std::uint32_t* target_of(Ins& ins);
[[nodiscard]] inline const std::uint32_t* target_of(const Ins& ins) {
  return target_of(const_cast<Ins&>(ins));
}
/// Code never goes on with the next instruction.
[[nodiscard]] inline bool ends(Act act) {
  return act == Act::finish || act == Act::refuse || act == Act::jump;
}

}  // namespace toll
