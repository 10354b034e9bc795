// Straight code as instructions of the processor.
//
// What is done most (comparisons, counts, rows found by a name, draws) is done in place. Everything
// else, and every case that is out of the ordinary, is left to Run::execute_one: there is one
// meaning of an instruction, and it is the interpreter's. Registers of straight code are always
// written to where the interpreter finds them; the processor's only spare reading them again.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

#include "engine/run/journal.hpp"
#include "engine/run/workspace.hpp"

namespace toll {

class Program;
class Run;

/// Where machine code finds what it works on.
struct MachineFrame {
  std::int64_t* registers = nullptr;
  unsigned char* state = nullptr;  ///< AccountState
  FamilyState* event_families = nullptr;
  const std::unique_ptr<std::int64_t[]>* memos = nullptr;
  Journal::Cursor* journal = nullptr;
  const std::size_t* era = nullptr;
  const Workspace::Month* months = nullptr;
  const unsigned* month = nullptr;  ///< the one of them that was asked for last
  Run* run = nullptr;
  std::exception_ptr* thrown = nullptr;  ///< by an instruction that was left to the interpreter
};

class MachineCode {
 public:
  /// Null: there is none for this processor, or memory may not be made executable.
  static std::unique_ptr<const MachineCode> make(const Program& program);
  virtual ~MachineCode() = default;
  MachineCode(const MachineCode&) = delete;
  MachineCode& operator=(const MachineCode&) = delete;

  /// As Run::execute. `entry` is one of Code's.
  [[nodiscard]] bool run(const MachineFrame& frame, std::uint32_t entry) const {
    return enter_(&frame, at_[entry]) != 0;
  }

 protected:
  using Enter = std::uint64_t (*)(const MachineFrame*, const void*);
  MachineCode() = default;
  Enter enter_ = nullptr;
  std::vector<const void*> at_;  ///< by instruction that code is entered at

  /// What machine code calls; null: it ends there.
  static const Ins* interpret(const MachineFrame* frame, const Ins* at) noexcept;
};

}  // namespace toll
