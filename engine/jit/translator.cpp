#include "engine/jit/translator.hpp"

#include <algorithm>

#include "engine/fast/operands.hpp"
#include "engine/jit/machine_code.hpp"

namespace toll::jit {
namespace {

/// What it works out is worked out at most once for an event: code goes on with what comes next if
/// it is not known yet.
bool remembers(Act act) {
  return act == Act::memo || act == Act::memo_name || act == Act::memo_branch || act == Act::steady;
}

}  // namespace

void Translator::find_targets() {
  const Code& code = program_.code;
  is_target_.assign(code.ins.size() + 1, false);
  for (const Entries& entries : code.events) {
    if (entries.refusal != kNone) is_target_[entries.refusal] = true;
    if (entries.handle != kNone) is_target_[entries.handle] = true;
  }
  for (const std::uint32_t entry : code.timers) {
    if (entry != kNone) is_target_[entry] = true;
  }
  for (const MakeUp& make_up : code.make_ups) {
    if (make_up.test != kNone) is_target_[make_up.test] = true;
    if (make_up.give != kNone) is_target_[make_up.give] = true;
  }
  for (std::uint32_t at = 0; at < code.ins.size(); ++at) {
    const Act act = ins(at).act;
    if (remembers(act) || act == Act::count_up_to || act == Act::take) is_target_[at + 1] = true;
    const std::uint32_t* const target = target_of(ins(at));
    if (target != nullptr && !remembers(act)) is_target_[*target] = true;
  }
}

std::vector<std::uint32_t> Translator::targets_of(std::uint32_t at) const {
  const std::uint32_t* const target = target_of(ins(at));
  if (target == nullptr) return {};
  return {*target};
}

std::vector<const void*> Translator::entries() const {
  const Code& code = program_.code;
  std::vector<const void*> at(code.ins.size());
  const auto enter = [&](std::uint32_t entry) {
    if (entry != kNone) at[entry] = labels_[entry].getAddress();
  };
  for (const Entries& entries : code.events) {
    enter(entries.refusal);
    enter(entries.handle);
  }
  for (const std::uint32_t entry : code.timers) enter(entry);
  for (const MakeUp& make_up : code.make_ups) {
    enter(make_up.test);
    enter(make_up.give);
  }
  return at;
}

void Translator::write_ends(const void* interpret) {
  const Reg64 saved[] = {rbx, r12, r13};
  L(enter_);
  for (const Reg64& one : saved) push(one);
  mov(r13, rdi);
  mov(rbx, qword[r13 + offsetof(MachineFrame, registers)]);
  mov(r12, qword[r13 + offsetof(MachineFrame, state)]);
  add(rbx, static_cast<std::uint32_t>(8 * middle_));
  jmp(rsi);

  Label end;
  L(finish_);
  mov(eax, 1);
  L(end);
  for (std::size_t i = std::size(saved); i-- > 0;) pop(saved[i]);
  ret();
  L(fail_);
  mov(eax, 0);
  jmp(end);

  L(call_);
  sub(rsp, 8);
  mov(rdi, r13);
  mov(rax, reinterpret_cast<std::uint64_t>(interpret));
  call(rax);
  add(rsp, 8);
  test(rax, rax);
  Label failed;
  jz(failed);
  ret();
  L(failed);
  add(rsp, 8);  // it does not return
  jmp(fail_);
}

void Translator::translate(const void* interpret) {
  find_targets();
  write_ends(interpret);
  reached_ = false;
  write_range(0, static_cast<std::uint32_t>(program_.code.ins.size()));
  write_detours();
}

void Translator::write_detours() {
  for (std::size_t i = 0; i < detours_.size(); ++i) {
    Detour& detour = detours_[i];
    if (detour.write) {
      L(detour.begin);
      detour.write();
      continue;
    }
    if (detour.ins != nullptr) {
      L(detour.begin);
      emit_call(detour);
    } else {
      reached_ = false;
      write_range(detour.first, detour.last);
      if (!reached_) continue;
    }
    come_back(detour);
    jmp(detour.back);
  }
}

void Translator::write_range(std::uint32_t first, std::uint32_t last) {
  for (std::uint32_t at = first; at < last;) {
    if (is_target_[at]) {
      forget_all();
      L(label(at));
      reached_ = true;
    }
    if (!reached_) {
      ++at;
      continue;
    }
    unlock();
    const std::uint32_t done = write(at);
    // Who jumps into the middle of a few instructions done in one finds them elsewhere.
    const bool apart = std::find(is_target_.begin() + at + 1, is_target_.begin() + at + done,
                                 true) != is_target_.begin() + at + done;
    if (apart) set_aside(at + 1, at + done);
    settle();
    at += done;
  }
}

std::uint32_t Translator::write(std::uint32_t at) {
  for (const auto part : {&Translator::write_jump, &Translator::write_value, &Translator::write_row,
                          &Translator::scan, &Translator::write_record, &Translator::write_other}) {
    const std::uint32_t done = (this->*part)(at);
    if (done != 0) return done;
  }
  return 1;
}

std::uint32_t Translator::write_jump(std::uint32_t at) {
  const Ins& i = ins(at);
  switch (i.act) {
    case Act::finish:
      jmp(finish_);
      reached_ = false;
      return 1;
    case Act::jump:
      jmp(label(i.x));
      reached_ = false;
      return 1;
    case Act::jump_if:
      compare_number(i.b, 1);
      je(label(i.x));
      return 1;
    case Act::jump_unless:
      compare_number(i.b, 1);
      jne(label(i.x));
      return 1;
    case Act::jump_absent:
      if (!is_present(i.b)) {
        test_absent(i.b);
        jo(label(i.x));
        know_present(i.b);
      }
      return 1;
    case Act::jump_present:
      test_absent(i.b);
      jno(label(i.x));
      return 1;
    case Act::jump_eq:
      compare(i.b, i.c);
      je(label(i.x));
      return 1;
    case Act::jump_ne:
      compare(i.b, i.c);
      jne(label(i.x));
      return 1;
    case Act::jump_lt:
    case Act::jump_le:
    case Act::jump_not_lt:
    case Act::jump_not_le:
      jump_if_less(i, i.act == Act::jump_le || i.act == Act::jump_not_le,
                   i.act == Act::jump_not_lt || i.act == Act::jump_not_le);
      return 1;
    case Act::jump_in_bound: {
      const Reg64 value = in(i.b);
      if (!is_present(i.b)) {
        test_absent(value);
        jo(label(i.x));
      }
      Label beyond;
      mov(rax, in(i.c));
      cmp(value, rax);
      jg(beyond);
      neg(rax);
      cmp(value, rax);
      jge(label(i.x));
      L(beyond);
      return 1;
    }
    case Act::next_row: {
      const Reg64 end = in(i.b);
      const Reg64 row = spare();
      mov(row, in(i.a));
      add(row, 1);
      keep(i.a, row);
      cmp(row, end);
      jge(label(i.x));
      return 1;
    }
    default:
      return 0;
  }
}

/// What is left to the interpreter as it is.
std::uint32_t Translator::write_other(std::uint32_t at) {
  const Ins& i = ins(at);
  switch (i.act) {
    case Act::refuse:
      leave(i, {});
      jmp(finish_);
      reached_ = false;
      return 1;
    case Act::steady:
      leave(i, {at + 1});
      return i.y - at;
    case Act::find_or_make:
    case Act::ensure_increase:
      leave(i, {});
      return 2;
    case Act::find_branch:
      leave(i, {ins(at + 1).x});
      return 2;
    case Act::count_up_to: {
      const bool jumps = ins(at + 2).x != 0;
      std::vector<std::uint32_t> targets = {at + 1};
      if (jumps) targets.push_back(ins(at + 6).x);
      leave(i, targets);
      return jumps ? 7 : 6;
    }
    case Act::take:
      leave(i, {at + 1, ins(at + 1).x});
      return 6;
    default:
      leave(i, targets_of(at));
      return 1;
  }
}

}  // namespace toll::jit
