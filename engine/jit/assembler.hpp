// Writes machine code: which values stand in the processor's registers, and what is done out of the
// way.
//
//   rbx  registers of straight code      r12  the account's state      r13  MachineFrame
//   rax  at hand, for a moment           rcx, rdx, rsi, rdi, r8 to r11 hold values
#pragma once

#include <xbyak/xbyak.h>

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "engine/fast/code.hpp"
#include "engine/run/program.hpp"

namespace toll::jit {

using Xbyak::Label;
using Xbyak::Reg64;

/// No register of straight code.
inline constexpr std::uint32_t kFree = 0xffffffffU;

class Assembler : public Xbyak::CodeGenerator {
 public:
  Assembler(const Program& program, std::size_t most_bytes);

 protected:
  // -- values
  /// Forgets what stands where: code is reached from elsewhere.
  void forget_all();
  /// Before each instruction: whatever stands in a register may give way.
  void unlock();
  void unlock(const Reg64& held);
  /// A register that holds the value.
  Reg64 in(Reg reg);
  /// One for whatever is wanted.
  Reg64 spare();
  /// The value is there from now on.
  void keep(Reg reg, const Reg64& held);
  /// Whatever was held is out of date.
  void forget(Reg reg);
  [[nodiscard]] bool is_constant(Reg reg) const {
    return reg >= kFirstConstant && reg < program_.code.first_field;
  }
  [[nodiscard]] std::int64_t constant(Reg reg) const {
    return program_.code.constants[static_cast<std::size_t>(reg) - kFirstConstant];
  }
  [[nodiscard]] bool is_small(Reg reg) const {
    return is_constant(reg) && constant(reg) == static_cast<std::int32_t>(constant(reg));
  }
  /// It is never absent.
  [[nodiscard]] bool is_present(Reg reg) const {
    if (reg == kNowReg || reg == kClockReg) return true;
    return is_constant(reg) ? constant(reg) != kNothing : present_[reg];
  }
  void know_present(Reg reg);
  Xbyak::Address home(Reg reg) {
    return qword[rbx + static_cast<std::size_t>(8 * (static_cast<int>(reg) - middle_))];
  }
  /// Compares a value with another, or with a number.
  void compare(Reg a, Reg b);
  void compare_number(Reg a, std::int32_t number);
  /// Sets the overflow flag if a value is absent.
  void test_absent(const Reg64& held) { cmp(held, 1); }
  void test_absent(Reg reg) { compare_number(reg, 1); }
  /// Goes to `slow` if a value, which is held, is absent.
  void want_present(Reg reg, const Reg64& held, Label& slow);
  /// Goes to `slow` if what was reckoned just now does not fit.
  void want_fit(const Reg64& held, Label& slow);

  // -- what is out of the way
  /// Where the instruction at hand is left to the interpreter. `targets`: where else than at the
  /// next one code may go on after it.
  Label& slowly(const Ins& ins, std::vector<std::uint32_t> targets = {});
  /// Instructions [first, last) stand elsewhere, and come back to where settle() is called next.
  void set_aside(std::uint32_t first, std::uint32_t last);
  /// A few instructions that stand elsewhere and end with a jump.
  Label& apart(std::function<void()> write);
  /// Those who were sent away from the instruction at hand come back here.
  void settle();
  /// Leaves the instruction to the interpreter altogether.
  void leave(const Ins& ins, const std::vector<std::uint32_t>& targets);
  Label& label(std::uint32_t at) { return labels_[at]; }

  /// Of what slowly() and set_aside() have put off.
  struct Detour {
    const Ins* ins = nullptr;     ///< left to the interpreter
    std::function<void()> write;  ///< or these; or else code is set aside
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::vector<std::uint32_t> targets;
    Label begin;
    Label back;
    std::array<std::uint32_t, 8> held;
  };
  void emit_call(const Detour& detour);
  void come_back(const Detour& detour);

  const Program& program_;
  const int middle_;  // the register that rbx points to
  std::vector<Label> labels_;
  std::deque<Detour> detours_;
  Label call_;    // leaves the instruction rsi points to to the interpreter
  Label finish_;  // all is done
  Label fail_;

 private:
  static constexpr std::size_t kHosts = 8;
  [[nodiscard]] Reg64 host(std::size_t i) const;
  std::size_t free_host();
  std::size_t index_of(const Reg64& held) const;
  void load(const Reg64& to, Reg reg);

  std::array<std::uint32_t, kHosts> held_{};  // by host: the register of straight code
  std::array<std::uint32_t, kHosts> used_{};
  std::array<bool, kHosts> locked_{};
  std::uint32_t turn_ = 0;
  std::vector<bool> present_;
  std::vector<Reg> presents_;
  std::size_t unsettled_ = 0;  // detours from here on are of the instruction at hand
};

}  // namespace toll::jit
