#include "engine/jit/machine_reader.hpp"

#include <xbyak/xbyak.h>

#include <algorithm>

#include "engine/run/batch_layout.hpp"

namespace toll {
namespace {

using Xbyak::Label;

/// rdi: the event; rsi: where its fields go.
class Reader final : public MachineReader {
 public:
  explicit Reader(const LayoutPlan& plan)
      : code_(4096 + 256 * (plan.names.size() + plan.numbers.size()), Xbyak::DontSetProtectRWE) {
    code_.setDefaultJmpNEAR(true);
    for (const MeaningPlan& name : plan.names) read_meaning(name);
    for (const NumberPlan& number : plan.numbers) read_number(number);
    code_.mov(code_.eax, 1);
    code_.ret();
    code_.L(bad_);
    code_.mov(code_.eax, 0);
    code_.ret();
    code_.setProtectModeRE();
    read_ = reinterpret_cast<Read>(reinterpret_cast<std::uintptr_t>(code_.getCode()));
  }

  static bool can(const LayoutPlan& plan) {
    return std::all_of(plan.numbers.begin(), plan.numbers.end(),
                       [](const NumberPlan& number) { return number.times == 1; });
  }

 private:
  Xbyak::Address field(std::size_t field) { return code_.qword[code_.rsi + 8 * field]; }

  void load(const PartReader& reader) {
    const EventLayout::Part& part = reader.part();
    const auto at = code_.rdi + part.offset;
    switch (part.bytes) {
      case 1:
        part.is_signed ? code_.movsx(code_.rax, code_.byte[at])
                       : code_.movzx(code_.eax, code_.byte[at]);
        break;
      case 2:
        part.is_signed ? code_.movsx(code_.rax, code_.word[at])
                       : code_.movzx(code_.eax, code_.word[at]);
        break;
      case 4:
        part.is_signed ? code_.movsxd(code_.rax, code_.dword[at])
                       : code_.mov(code_.eax, code_.dword[at]);
        break;
      default:
        code_.mov(code_.rax, code_.qword[at]);
        break;
    }
  }

  void number(const Xbyak::Reg64& into, std::int64_t value) {
    code_.mov(into, static_cast<std::uint64_t>(value));
  }

  void read_meaning(const MeaningPlan& plan) {
    const auto& c = code_;
    Label known;
    Label none;
    const std::int64_t* const end = plan.meanings + plan.count;
    const bool some_bad = std::find(plan.meanings, end, LayoutPlan::kBad) != end;
    load(plan.part);
    number(c.rcx, static_cast<std::int64_t>(plan.count));
    code_.cmp(c.rax, c.rcx);
    code_.jae(plan.none == LayoutPlan::kBad ? bad_ : none);
    number(c.rcx, static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(plan.meanings)));
    code_.mov(c.rax, c.qword[c.rcx + 8 * c.rax]);
    if (some_bad) {
      number(c.rcx, LayoutPlan::kBad);
      code_.cmp(c.rax, c.rcx);
      code_.je(bad_);
    }
    if (plan.none != LayoutPlan::kBad) {
      code_.jmp(known);
      code_.L(none);
      number(c.rax, plan.none);
      code_.L(known);
    }
    code_.mov(field(plan.field), c.rax);
  }

  void read_number(const NumberPlan& plan) {
    const auto& c = code_;
    Label known;
    Label none;
    load(plan.part);
    number(c.rcx, plan.least);
    code_.cmp(c.rax, c.rcx);
    code_.jl(none);
    number(c.rcx, plan.most);
    code_.cmp(c.rax, c.rcx);
    code_.jg(bad_);
    code_.jmp(known);
    code_.L(none);  // the lowest of all means that there is no number
    code_.cmp(c.rax, 1);
    code_.jno(bad_);
    if (plan.none == LayoutPlan::kBad) {
      code_.jmp(bad_);
    } else {
      number(c.rax, plan.none);
    }
    code_.L(known);
    code_.mov(field(plan.field), c.rax);
  }

  Xbyak::CodeGenerator code_;
  Label bad_;
};

}  // namespace

std::unique_ptr<const MachineReader> MachineReader::make(const LayoutPlan& plan) {
  if (!Reader::can(plan)) return nullptr;
  try {
    return std::make_unique<const Reader>(plan);
  } catch (const Xbyak::Error&) {
    return nullptr;
  }
}

}  // namespace toll
