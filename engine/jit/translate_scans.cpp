// Loops over rows that ask for no more than comparisons: the next row that passes them.
#include <cstddef>

#include "engine/jit/translator.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/state.hpp"

namespace toll::jit {

/// A row that does not pass: where to go. What cannot be told here is left to the interpreter.
struct Translator::Scan {
  const Ins& ins;
  const Filter& filter;
  Label& slow;
  Reg64 base;   ///< where rows begin
  Reg64 row;    ///< number of the row at hand
  Reg64 at;     ///< and where it stands
  Reg64 first;  ///< of a chain
  Reg64 value;
};

std::uint32_t Translator::scan(std::uint32_t at) {
  const Ins& i = ins(at);
  if (i.act != Act::scan_rows && i.act != Act::scan_chain && i.act != Act::scan_back) return 0;
  const Filter& filter = program_.code.filters[i.x];
  const bool noted = i.act != Act::scan_rows && filter.skip != 0;
  if (noted && filter.tests[0].reg != kNowReg) return 0;
  Label& slow = slowly(i, {i.y});
  const Reg64 before = in(i.a);
  Scan scan{i, filter, slow, spare(), spare(), spare(), spare(), spare()};
  load_family(rax, filter.place, program_.families[filter.family].event_scope);
  mov(scan.base.cvt32(), dword[rax + offsetof(FamilyBlock, rows_at)]);
  add(scan.base, rax);
  i.act == Act::scan_rows ? scan_rows(scan, before) : scan_chain(scan, before);
  keep(i.a, scan.row);
  know_present(i.a);
  return 1;
}

void Translator::scan_rows(const Scan& scan, const Reg64& before) {
  Label loop;
  Label next;
  const std::uint32_t stride = scan.filter.stride;
  mov(scan.first.cvt32(), dword[rax + offsetof(FamilyBlock, count)]);
  // After an absent row comes the first one.
  mov(scan.row.cvt32(), 0);
  lea(rax, qword[before + 1]);
  test_absent(before);
  cmovno(scan.row, rax);
  imul(scan.at, scan.row, static_cast<int>(stride));
  add(scan.at, scan.base);
  L(loop);
  cmp(scan.row, scan.first);
  jae(label(scan.ins.y));
  test_row(scan, next);
  apart([=, this]() mutable {
    L(next);
    add(scan.at, stride);
    add(scan.row, 1);
    jmp(loop);
  });
}

// Chains are round: the first row follows the last, or the last the first.
void Translator::scan_chain(const Scan& scan, const Reg64& before) {
  Label loop;
  Label next;
  Label begun;
  const std::uint32_t stride = scan.filter.stride;
  const std::size_t link = scan.filter.next;
  const auto go_to_row = [=, this] {
    imul(scan.at, scan.row, static_cast<int>(stride));
    add(scan.at, scan.base);
  };
  mov(scan.first, home(scan.ins.b));
  if (scan.ins.act == Act::scan_chain) {
    imul(scan.first, scan.first, static_cast<int>(stride));
    mov(scan.first.cvt32(), dword[scan.base + scan.first + link]);
  }
  test_absent(before);
  jno(begun);
  mov(scan.row, scan.first);
  if (scan.filter.skip != 0) begin_as_noted(scan);
  go_to_row();
  if (scan.filter.skip != 0) stop_at_row_over(scan);
  L(loop);
  test_row(scan, next);
  const std::uint32_t none = scan.ins.y;
  apart([=, this]() mutable {
    Label follow;
    L(begun);
    imul(scan.at, before, static_cast<int>(stride));
    add(scan.at, scan.base);
    L(next);
    mov(scan.row.cvt32(), dword[scan.at + link]);
    cmp(scan.row, scan.first);
    je(label(none));
    go_to_row();
    jmp(loop);
  });
}

/// As Run::first_not_over, but that notes are written there. An event that is not late is never
/// earlier than the notes.
void Translator::begin_as_noted(const Scan& scan) {
  Label none;
  mov(rax, home(kNowReg));
  cmp(rax, home(kClockReg));
  jne(scan.slow);
  imul(scan.at, scan.first, static_cast<int>(scan.filter.stride));
  mov(eax, dword[scan.base + scan.at + std::size_t{scan.filter.skip}]);
  test(eax, eax);
  jz(none);
  lea(scan.row.cvt32(), dword[rax - 1]);
  cmp(scan.row, scan.first);
  je(label(scan.ins.y));
  L(none);
}

void Translator::stop_at_row_over(const Scan& scan) {
  Label there;
  const std::size_t offset = scan.filter.tests[0].offset;
  cmp(word[scan.at + offset + 8], 0);
  jne(there);
  mov(scan.value, qword[scan.at + offset]);
  cmp(scan.value, 0);
  jle(there);
  cmp(scan.value, home(kNowReg));
  jle(scan.slow);
  L(there);
}

void Translator::test_row(const Scan& scan, Label& next) {
  for (const Filter::Test& asked : scan.filter.tests) {
    read_field(scan.value, scan.at, asked.offset, asked.store, scan.slow);
    ask(scan, asked, next);
  }
  for (const std::uint32_t name : scan.filter.names) {
    Label known;
    mov(eax, dword[scan.at + std::size_t{name}]);
    test(eax, eax);
    jns(known);
    cmp(eax, packed::kNoHandle);  // no name at all
    jne(scan.slow);
    L(known);
  }
}

/// Goes to `next` unless the value is as asked.
void Translator::ask(const Scan& scan, const Filter::Test& asked, Label& next) {
  using Ask = Filter::Ask;
  const Reg64& value = scan.value;
  const bool below = asked.ask == Ask::lt || asked.ask == Ask::le;
  const bool above = asked.ask == Ask::gt || asked.ask == Ask::ge;
  if (below || asked.ask == Ask::present) {
    test_absent(value);
    jo(next);
  } else if (asked.ask == Ask::absent) {
    test_absent(value);
    jno(next);
  }
  if (asked.ask == Ask::present || asked.ask == Ask::absent) return;
  if (above && !is_present(asked.reg)) {
    cmp(home(asked.reg), 1);
    jo(next);
  }
  if (is_small(asked.reg)) {
    cmp(value, static_cast<std::uint32_t>(constant(asked.reg)));
  } else {
    cmp(value, home(asked.reg));
  }
  switch (asked.ask) {
    case Ask::eq:
      jne(next);
      break;
    case Ask::ne:
      je(next);
      break;
    case Ask::lt:
      jge(next);
      break;
    case Ask::le:
      jg(next);
      break;
    case Ask::gt:
      jle(next);
      break;
    default:
      jl(next);
      break;
  }
}

}  // namespace toll::jit
