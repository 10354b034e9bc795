#include "engine/jit/assembler.hpp"

#include <algorithm>

#include "engine/jit/machine_code.hpp"

namespace toll::jit {

Assembler::Assembler(const Program& program, std::size_t most_bytes)
    : CodeGenerator(most_bytes, Xbyak::DontSetProtectRWE),
      program_(program),
      middle_(program.code.first_field + 15),
      labels_(program.code.ins.size() + 1),
      present_(program.code.registers) {
  setDefaultJmpNEAR(true);
  forget_all();
}

Reg64 Assembler::host(std::size_t i) const {
  const Reg64 hosts[kHosts] = {rcx, rdx, rsi, rdi, r8, r9, r10, r11};
  return hosts[i];
}

std::size_t Assembler::index_of(const Reg64& held) const {
  for (std::size_t i = 0; i < kHosts; ++i) {
    if (host(i).getIdx() == held.getIdx()) return i;
  }
  return kHosts;
}

void Assembler::forget_all() {
  held_.fill(kFree);
  for (const Reg reg : presents_) present_[reg] = false;
  presents_.clear();
}

void Assembler::unlock() { locked_.fill(false); }

void Assembler::unlock(const Reg64& held) { locked_[index_of(held)] = false; }

std::size_t Assembler::free_host() {
  std::size_t best = kHosts;
  for (std::size_t i = 0; i < kHosts; ++i) {
    if (locked_[i]) continue;
    if (held_[i] == kFree) {
      best = i;
      break;
    }
    if (best == kHosts || used_[i] < used_[best]) best = i;
  }
  if (best == kHosts) throw Xbyak::Error(Xbyak::ERR_INTERNAL);
  held_[best] = kFree;
  locked_[best] = true;
  used_[best] = ++turn_;
  return best;
}

void Assembler::load(const Reg64& to, Reg reg) {
  if (!is_constant(reg)) {
    mov(to, home(reg));
  } else if (constant(reg) == 0) {
    mov(to.cvt32(), 0);  // (not xor: flags stay as they are)
  } else {
    mov(to, static_cast<std::uint64_t>(constant(reg)));
  }
}

Reg64 Assembler::in(Reg reg) {
  for (std::size_t i = 0; i < kHosts; ++i) {
    if (held_[i] != reg) continue;
    locked_[i] = true;
    used_[i] = ++turn_;
    return host(i);
  }
  const std::size_t i = free_host();
  held_[i] = reg;
  load(host(i), reg);
  return host(i);
}

Reg64 Assembler::spare() { return host(free_host()); }

void Assembler::forget(Reg reg) {
  for (std::uint32_t& held : held_) {
    if (held == reg) held = kFree;
  }
  present_[reg] = false;
}

void Assembler::keep(Reg reg, const Reg64& held) {
  forget(reg);
  mov(home(reg), held);
  held_[index_of(held)] = reg;
}

void Assembler::know_present(Reg reg) {
  if (present_[reg] || is_constant(reg)) return;
  present_[reg] = true;
  presents_.push_back(reg);
}

void Assembler::compare(Reg a, Reg b) {
  if (is_small(b)) return compare_number(a, static_cast<std::int32_t>(constant(b)));
  const Reg64 left = in(a);
  cmp(left, in(b));
}

void Assembler::compare_number(Reg a, std::int32_t number) {
  cmp(in(a), static_cast<std::uint32_t>(number));
}

void Assembler::want_present(Reg reg, const Reg64& held, Label& slow) {
  if (is_present(reg)) return;
  test_absent(held);
  jo(slow);
}

void Assembler::want_fit(const Reg64& held, Label& slow) {
  jo(slow);
  test_absent(held);  // the number that stands for nothing
  jo(slow);
}

Label& Assembler::slowly(const Ins& ins, std::vector<std::uint32_t> targets) {
  for (std::size_t i = unsettled_; i < detours_.size(); ++i) {
    if (detours_[i].ins == &ins) return detours_[i].begin;
  }
  Detour& detour = detours_.emplace_back();
  detour.ins = &ins;
  detour.targets = std::move(targets);
  return detour.begin;
}

void Assembler::set_aside(std::uint32_t first, std::uint32_t last) {
  Detour& detour = detours_.emplace_back();
  detour.first = first;
  detour.last = last;
}

Label& Assembler::apart(std::function<void()> write) {
  Detour& detour = detours_.emplace_back();
  detour.write = std::move(write);
  return detour.begin;
}

void Assembler::settle() {
  for (; unsettled_ < detours_.size(); ++unsettled_) {
    Detour& detour = detours_[unsettled_];
    L(detour.back);
    detour.held = held_;
  }
}

void Assembler::emit_call(const Detour& detour) {
  const Ins* const code = program_.code.ins.data();
  mov(rsi, reinterpret_cast<std::uint64_t>(detour.ins));
  call(call_);
  for (const std::uint32_t target : detour.targets) {
    mov(rcx, reinterpret_cast<std::uint64_t>(code + target));
    cmp(rax, rcx);
    je(labels_[target]);
  }
}

void Assembler::come_back(const Detour& detour) {
  for (std::size_t i = 0; i < kHosts; ++i) {
    if (detour.held[i] != kFree) load(host(i), static_cast<Reg>(detour.held[i]));
  }
}

void Assembler::leave(const Ins& ins, const std::vector<std::uint32_t>& targets) {
  Detour call;
  call.ins = &ins;
  call.targets = targets;
  emit_call(call);
  forget_all();
}

}  // namespace toll::jit
