// Numbers, comparisons, constant tables, and what was worked out before.
#include <cstddef>

#include "engine/jit/machine_code.hpp"
#include "engine/jit/translator.hpp"
#include "engine/run/execute.hpp"

namespace toll::jit {

std::uint32_t Translator::write_value(std::uint32_t at) {
  const Ins& i = ins(at);
  switch (i.act) {
    case Act::move:
      if (is_small(i.b)) {
        forget(i.a);
        mov(home(i.a), static_cast<std::uint64_t>(constant(i.b)));
      } else {
        const Reg64 from = in(i.b);
        const Reg64 to = spare();
        mov(to, from);
        keep(i.a, to);
      }
      return 1;
    case Act::add:
    case Act::sub:
    case Act::mul:
      arithmetic(i);
      return 1;
    case Act::eq:
    case Act::ne:
    case Act::lt:
    case Act::le:
    case Act::is_present:
    case Act::invert:
      comparison(i);
      return 1;
    case Act::minimum: {
      const Reg64 into = spare();
      least(into, i.b, i.c);
      const bool present = is_present(i.b) || is_present(i.c);
      keep(i.a, into);
      if (present) know_present(i.a);
      return 1;
    }
    case Act::maximum: {
      const Reg64 into = spare();
      mov(into, in(i.b));
      const Reg64 other = in(i.c);
      cmp(into, other);
      cmovl(into, other);
      keep(i.a, into);
      return 1;
    }
    case Act::month_of:
      month_of(i);
      return 1;
    case Act::memo:
      return remember_many(at);
    case Act::global_flag:
    case Act::flag_if:
    case Act::flag_unless:
      return flag(at);
    case Act::sub_jump:
    case Act::sub_minimum:
      return difference(at);
    case Act::memo_name:
    case Act::memo_branch:
      return remember(at);
    case Act::lookup_key:
    case Act::lookup_cell:
    case Act::table_count:
      return look_up(at);
    default:
      return 0;
  }
}

/// An absent value is less than nothing, though it is the lowest number: that is asked only where
/// it may be.
void Translator::jump_if_less(const Ins& i, bool or_equal, bool unless) {
  const bool asks = !is_present(i.b);
  Label no;
  in(i.b);  // both before the way parts
  if (!is_small(i.c)) in(i.c);
  if (asks) {
    test_absent(i.b);
    jo(unless ? label(i.x) : no);
  }
  if (is_constant(i.b) && is_small(i.b) && !is_constant(i.c)) {
    // The other way round, against a number.
    compare_number(i.c, static_cast<std::int32_t>(constant(i.b)));
    if (or_equal) {
      unless ? jl(label(i.x)) : jge(label(i.x));
    } else {
      unless ? jle(label(i.x)) : jg(label(i.x));
    }
  } else {
    compare(i.b, i.c);
    if (or_equal) {
      unless ? jg(label(i.x)) : jle(label(i.x));
    } else {
      unless ? jge(label(i.x)) : jl(label(i.x));
    }
  }
  L(no);
}

void Translator::arithmetic(const Ins& i) {
  Label& slow = slowly(i);
  const Reg64 left = in(i.b);
  const bool present = is_present(i.b) && is_present(i.c);
  want_present(i.b, left, slow);
  const Reg64 into = spare();
  mov(into, left);
  if (is_small(i.c) && i.act != Act::mul) {
    const auto number = static_cast<std::uint32_t>(constant(i.c));
    i.act == Act::add ? add(into, number) : sub(into, number);
  } else {
    const Reg64 right = in(i.c);
    want_present(i.c, right, slow);
    switch (i.act) {
      case Act::add:
        add(into, right);
        break;
      case Act::sub:
        sub(into, right);
        break;
      default:
        imul(into, right);
        break;
    }
  }
  want_fit(into, slow);
  keep(i.a, into);
  if (present) know_present(i.a);
}

void Translator::comparison(const Ins& i) {
  const bool asks = (i.act == Act::lt || i.act == Act::le) && !is_present(i.b);
  const Reg64 into = spare();
  if (i.act == Act::is_present) {
    test_absent(i.b);
    setno(al);
  } else if (i.act == Act::invert) {
    compare_number(i.b, 1);
    setne(al);
  } else {
    compare(i.b, i.c);
    switch (i.act) {
      case Act::eq:
        sete(al);
        break;
      case Act::ne:
        setne(al);
        break;
      case Act::lt:
        setl(al);
        break;
      default:
        setle(al);
        break;
    }
  }
  movzx(into.cvt32(), al);
  if (asks) {
    test_absent(i.b);
    setno(al);
    movzx(eax, al);
    and_(into, rax);
  }
  keep(i.a, into);
  know_present(i.a);
}

/// Into a register that holds neither.
void Translator::least(const Reg64& into, Reg a, Reg b) {
  const Reg64 left = in(a);
  const Reg64 right = in(b);
  if (is_present(a) && is_present(b)) {
    mov(into, left);
    cmp(into, right);
    cmovg(into, right);
    return;
  }
  // One less than what is absent is the highest number: it is the least of nothing else.
  lea(into, qword[left - 1]);
  lea(rax, qword[right - 1]);
  cmp(into, rax);
  cmovg(into, rax);
  add(into, 1);
}

std::uint32_t Translator::flag(std::uint32_t at) {
  const Ins& i = ins(at);
  std::vector<std::uint32_t> targets;
  if (i.act != Act::global_flag) targets.push_back(i.y);
  Label& slow = slowly(i, targets);
  const Reg64 into = spare();
  movzx(into.cvt32(), byte[r12 + i.x]);
  cmp(into.cvt32(), 1);
  ja(slow);
  keep(i.a, into);
  if (i.act == Act::global_flag) return 1;
  i.act == Act::flag_if ? je(label(i.y)) : jne(label(i.y));
  return 2;
}

/// A difference, and either the lesser of that and another value, or a jump unless a value is less.
std::uint32_t Translator::difference(std::uint32_t at) {
  const Ins& i = ins(at);
  const Ins& next = ins(at + 1);
  std::vector<std::uint32_t> targets;
  if (i.act == Act::sub_jump) targets.push_back(next.x);
  Label& slow = slowly(i, targets);
  const Reg64 left = in(i.b);
  const Reg64 right = in(i.c);
  want_present(i.b, left, slow);
  want_present(i.c, right, slow);
  const bool present = is_present(i.b) && is_present(i.c);
  const Reg64 into = spare();
  mov(into, left);
  sub(into, right);
  want_fit(into, slow);
  unlock(left);
  unlock(right);
  if (i.act == Act::sub_jump) {
    keep(i.a, into);
    if (present) know_present(i.a);
    jump_if_less(next, false, true);
    return 2;
  }
  const Reg64 lesser = spare();
  keep(i.a, into);
  if (present) know_present(i.a);
  least(lesser, next.b, i.a);
  const bool some = present || is_present(next.b);
  keep(next.a, lesser);
  if (some) know_present(next.a);
  return 2;
}

std::uint32_t Translator::remember(std::uint32_t at) {
  const Ins& i = ins(at);
  std::vector<std::uint32_t> targets = {at + 1};
  const Ins& branch = ins(i.y);
  if (i.act == Act::memo_branch) targets.push_back(branch.x);
  Label& slow = slowly(i, targets);
  const Reg64 name = in(i.b);
  const Reg64 answer = spare();
  lea(answer, qword[name + 1]);
  if (!is_present(i.b)) {
    mov(eax, 0);
    test_absent(name);
    cmovo(answer, rax);
  }
  cmp(answer, i.c);
  ja(slow);
  mov(rax, qword[r13 + offsetof(MachineFrame, memos)]);
  mov(rax, qword[rax + 8 * std::size_t{i.x}]);
  mov(answer, qword[rax + 8 * answer]);
  mov(rax, static_cast<std::uint64_t>(kUnknownMemo));
  cmp(answer, rax);
  je(slow);
  keep(i.a, answer);
  if (i.act == Act::memo_name) return i.y - at;
  cmp(answer, 1);
  branch.act == Act::jump_if ? je(label(branch.x)) : jne(label(branch.x));
  return i.y + 1 - at;
}

/// As Run::recall.
std::uint32_t Translator::remember_many(std::uint32_t at) {
  const Ins& i = ins(at);
  const Memo& memo = program_.code.memos[i.x];
  Label& slow = slowly(i, {at + 1});
  const Reg64 place = spare();
  const Reg64 one = spare();
  mov(rax, qword[r13 + offsetof(MachineFrame, era)]);
  memo.dated ? mov(place, qword[rax]) : mov(place.cvt32(), 0);
  for (const Memo::Input& input : memo.inputs) {
    const Reg64 name = in(input.reg);
    lea(one, qword[name + 1]);
    if (!is_present(input.reg)) {
      mov(eax, 0);
      test_absent(name);
      cmovo(one, rax);
    }
    cmp(one, input.size);
    ja(slow);
    imul(place, place, static_cast<int>(input.size + 1));
    add(place, one);
    unlock(name);
  }
  mov(rax, qword[r13 + offsetof(MachineFrame, memos)]);
  mov(rax, qword[rax + 8 * std::size_t{i.x}]);
  test(rax, rax);
  jz(slow);
  mov(place, qword[rax + 8 * place]);
  mov(rax, static_cast<std::uint64_t>(kUnknownMemo));
  cmp(place, rax);
  je(slow);
  keep(i.a, place);
  return i.y - at;
}

/// Of the month that was asked for last; others are left to the interpreter.
void Translator::month_of(const Ins& i) {
  Label& slow = slowly(i);
  const Reg64 instant = in(i.b);
  const Reg64 month = spare();
  mov(rax, qword[r13 + offsetof(MachineFrame, month)]);
  mov(eax, dword[rax]);
  imul(month, rax, static_cast<int>(sizeof(Workspace::Month)));
  add(month, qword[r13 + offsetof(MachineFrame, months)]);
  cmp(instant, qword[month + offsetof(Workspace::Month, from)]);  // what is absent is before it
  jl(slow);
  cmp(instant, qword[month + offsetof(Workspace::Month, until)]);
  jge(slow);
  mov(month, qword[month + offsetof(Workspace::Month, month)]);
  keep(i.a, month);
}

/// The row of a key, and a cell of it.
std::uint32_t Translator::look_up(std::uint32_t at) {
  const Ins& i = ins(at);
  Label& slow = slowly(i);
  const NarrowTable& table = program_.tables[i.x].narrow;
  Reg64 row = spare();
  if (i.act == Act::table_count) {
    unlock(row);
    row = in(i.b);
  } else {
    const NarrowTable::Rows rows = table.rows_by_key();
    const Reg64 key = in(i.b);
    mov(row, key);
    if (rows.low != 0) {
      mov(rax, static_cast<std::uint64_t>(rows.low));
      sub(row, rax);
    }
    mov(rax, rows.count);
    cmp(row, rax);
    jae(slow);
    mov(rax, reinterpret_cast<std::uint64_t>(rows.rows));
    mov(row, qword[rax + 8 * row]);
    unlock(key);
  }
  if (i.act == Act::lookup_key) {
    keep(i.a, row);
    return 1;
  }
  const Ins& read = i.act == Act::table_count ? i : ins(at + 1);
  const NarrowTable::Grid grid = table.grid();
  mov(rax, grid.rows);
  cmp(row, rax);
  jae(slow);
  const Reg64 cell = spare();
  imul(cell, row, static_cast<int>(8 * grid.columns));
  mov(rax, reinterpret_cast<std::uint64_t>(grid.cells + read.c));
  mov(cell, qword[rax + cell]);
  if (i.act == Act::lookup_cell) keep(i.a, row);
  keep(read.a, cell);
  return i.act == Act::lookup_cell ? 2 : 1;
}

}  // namespace toll::jit
