// Rows of families: found by a name, read, counted up, drawn from.
//
// Writing a cell of a tracked family marks its row: where it is not marked yet, that is left to the
// interpreter.
#include <cstddef>

#include "engine/jit/machine_code.hpp"
#include "engine/jit/translator.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/state.hpp"

namespace toll::jit {
namespace {

static_assert(sizeof(FamilyState) == sizeof(FamilyBlock*), "a family is where its block is");

constexpr std::size_t kCount = offsetof(FamilyBlock, count);
constexpr std::size_t kRowsAt = offsetof(FamilyBlock, rows_at);
constexpr std::size_t kFound = offsetof(FamilyBlock, found);

std::uint32_t number_of(FamilyBlock::Found found) { return static_cast<std::uint32_t>(found); }

}  // namespace

void Translator::load_family(const Reg64& to, std::uint32_t place, bool of_event) {
  const std::size_t at = place * sizeof(FamilyState);
  if (!of_event) {
    mov(to, qword[r12 + (sizeof(AccountState) + at)]);
    return;
  }
  mov(to, qword[r13 + offsetof(MachineFrame, event_families)]);
  mov(to, qword[to + at]);
}

std::uint32_t Translator::write_row(std::uint32_t at) {
  const Ins& i = ins(at);
  switch (i.act) {
    case Act::find_name:
    case Act::find_branch:
    case Act::find_cell:
      return find(at);
    case Act::write_count:
    case Act::increase_count:
      return change_cell(at, i);
    case Act::ensure:
      if (!is_present(i.a)) {
        Label& slow = slowly(i);
        test_absent(i.a);
        jo(slow);
        know_present(i.a);
      }
      return 1;
    case Act::ensure_increase:
      return change_cell(at, ins(at + 1));
    case Act::count_up_to:
      return count_up_to(at);
    case Act::take:
      return take(at);
    case Act::first_row:
    case Act::follow_row:
      return next_row(at);
    default:
      return 0;
  }
}

/// As Run::row_of_name, but that families without a byte for each name are looked through here
/// only while they are small. The family stands in rax before and after.
Reg64 Translator::row_of_name(const Ins& find, Label& missing, Label& slow) {
  const Reg64 name = in(find.b);
  const Reg64 row = spare();
  const Reg64 place = spare();
  Label scan;
  Label next;
  Label found;
  load_family(rax, find.x, false);
  cmp(byte[rax + kFound], number_of(FamilyBlock::Found::by_map));
  jne(scan);
  // One byte a name, and one for none before them.
  cmp(name, find.c == 0 ? 0 : find.c - 1);
  jae(slow);
  movzx(row.cvt32(), byte[rax + name + (sizeof(FamilyBlock) + 1)]);
  sub(row, 1);
  jb(missing);
  jmp(found);

  const FamilyShape& shape = program_.families[find.y];
  L(scan);
  cmp(byte[rax + kFound], number_of(FamilyBlock::Found::by_scan));
  jne(slow);
  if (shape.index != kNone) {  // of chains, the last row counts
    jmp(slow);
  } else {
    cmp(name, packed::kAccountBit - 1);
    ja(slow);
    mov(place.cvt32(), dword[rax + kRowsAt]);
    add(place, rax);
    mov(row.cvt32(), 0);
    L(next);
    cmp(row.cvt32(), dword[rax + kCount]);
    jae(missing);
    cmp(dword[place], name.cvt32());
    je(found);
    add(place, shape.stride);
    add(row, 1);
    jmp(next);
  }
  L(found);
  unlock(place);
  unlock(name);
  return row;
}

void Translator::address(const Reg64& at, const Place& place, const Reg64& row,
                         const Reg64& other) {
  mov(other.cvt32(), dword[at + kRowsAt]);
  add(at, other);
  imul(other, row, static_cast<int>(place.stride));
  lea(at, qword[at + other + std::size_t{place.offset}]);
}

Reg64 Translator::cell_at(const Place& place, Reg row, Label& missing) {
  const Reg64 number = in(row);
  const Reg64 at = spare();
  load_family(at, place.family, place.of_event);
  mov(eax, dword[at + kCount]);
  cmp(number, rax);
  jae(missing);
  address(at, place, number, rax);
  return at;
}

void Translator::see_mark(const Reg64& at, const CellRef& cell, Label& slow) {
  const std::size_t marks = program_.families[cell.family].marks;
  test(byte[at + (marks - cell.offset)], FamilyState::kMarked);
  jz(slow);
}

std::uint32_t Translator::find(std::uint32_t at) {
  const Ins& i = ins(at);
  const Ins& next = ins(at + 1);
  std::vector<std::uint32_t> targets;
  if (i.act == Act::find_branch) targets.push_back(next.x);
  Label& slow = slowly(i, targets);
  if (i.act == Act::find_cell) {
    const Reg64 row = row_of_name(i, slow, slow);
    const Reg64 value = spare();
    const Reg64 other = spare();
    address(rax, place_of(next, false), row, other);
    mov(value, qword[rax]);
    keep(i.a, row);
    keep(next.a, value);
    return 2;
  }
  Label missing;
  Label known;
  const Reg64 row = row_of_name(i, missing, slow);
  const bool branches = i.act == Act::find_branch;
  keep(i.a, row);
  L(known);
  if (branches) know_present(i.a);
  apart([this, &i, &next, branches, row, missing, known]() mutable {
    L(missing);
    mov(row, static_cast<std::uint64_t>(kNothing));
    mov(home(i.a), row);
    jmp(branches ? label(next.x) : known);
  });
  return branches ? 2 : 1;
}

void Translator::room_in_journal(Label& slow) {
  mov(rax, qword[r13 + offsetof(MachineFrame, journal)]);
  const Reg64 next = spare();
  mov(next, qword[rax + offsetof(Journal::Cursor, next)]);
  cmp(next, qword[rax + offsetof(Journal::Cursor, end)]);
  je(slow);
  unlock(next);
}

/// Puts down what a cell was: 64 bits of it, which is all of a count. More may be put down before
/// it is closed; rax is where.
void Translator::open_undo(Journal::What what, std::uint32_t field, const Reg64& old,
                           const Reg64& journal) {
  mov(journal, qword[r13 + offsetof(MachineFrame, journal)]);
  mov(rax, qword[journal + offsetof(Journal::Cursor, next)]);
  mov(qword[rax + offsetof(Journal::Undo, old)], old);
  mov(dword[rax + offsetof(Journal::Undo, field)], field);
  mov(byte[rax + offsetof(Journal::Undo, what)], static_cast<std::uint32_t>(what));
}

void Translator::close_undo(const Reg64& journal) {
  add(rax, sizeof(Journal::Undo));
  mov(qword[journal + offsetof(Journal::Cursor, next)], rax);
}

/// As Journal::count.
void Translator::put_down(std::uint32_t cell, const Reg64& row, const Reg64& old,
                          const Reg64& other) {
  open_undo(Journal::What::count, cell, old, other);
  mov(dword[rax + offsetof(Journal::Undo, row)], row.cvt32());
  close_undo(other);
}

/// Adds the value of a register to a count.
void Translator::add_to(const Reg64& sum, Reg reg, const Reg64& value, Label& slow) {
  test_absent(sum);
  jo(slow);
  want_present(reg, value, slow);
  add(sum, value);
  want_fit(sum, slow);
}

/// A count in a row is replaced or added to; before that, for the first of two instructions, it is
/// seen that the row is there.
std::uint32_t Translator::change_cell(std::uint32_t at, const Ins& change) {
  const Ins& i = ins(at);
  const bool makes = i.act == Act::ensure_increase;
  const bool adds = change.act == Act::increase_count;
  Label& slow = slowly(i);
  room_in_journal(slow);
  // No row has the number of what is absent.
  const Reg64 cell = cell_at(place_of(change, false), change.b, slow);
  if (CountAt(change.y).tracked()) see_mark(cell, program_.code.cells[change.x], slow);
  const Reg64 row = in(change.b);
  const Reg64 value = in(change.a);
  const Reg64 old = spare();
  mov(old, qword[cell]);
  if (!adds) {
    const Reg64 other = spare();
    put_down(change.x, row, old, other);
    mov(qword[cell], value);
    return 1;
  }
  const Reg64 sum = spare();
  mov(sum, old);
  add_to(sum, change.a, value, slow);
  mov(qword[cell], sum);
  put_down(change.x, row, old, sum);
  return makes ? 2 : 1;
}

std::uint32_t Translator::count_up_to(std::uint32_t at) {
  const Ins& find = ins(at);
  const Ins& read = ins(at + 1);
  const Ins& room = ins(at + 2);
  const Ins& took = ins(at + 3);
  const bool jumps = room.x != 0;
  std::vector<std::uint32_t> targets = {at + 1};
  if (jumps) targets.push_back(ins(at + 6).x);
  Label& slow = slowly(find, targets);
  const Reg64 row = row_of_name(find, slow, slow);
  const Reg64 cell = spare();
  const Reg64 old = spare();
  mov(cell, rax);
  address(cell, place_of(read, false), row, old);
  if (CountAt(read.y).tracked()) see_mark(cell, program_.code.cells[read.x], slow);
  mov(old, qword[cell]);
  room_in_journal(slow);
  const Reg64 want = in(took.b);
  const Reg64 left = spare();
  cmp(want, 0);
  jle(slow);
  cmp(old, 0);
  jl(slow);
  if (is_small(room.b)) {
    mov(left, static_cast<std::uint64_t>(constant(room.b)));
  } else {
    const Reg64 limit = in(room.b);
    mov(left, limit);
    unlock(limit);
  }
  sub(left, old);  // neither is below zero, or the limit is less
  jl(slow);
  keep(find.a, row);
  keep(read.a, old);
  keep(room.a, left);
  const Reg64 taken = spare();
  mov(taken, want);
  cmp(taken, left);
  cmovg(taken, left);
  keep(took.a, taken);
  add(qword[cell], taken);
  put_down(read.x, row, old, cell);
  know_present(took.a);
  if (!jumps) return 6;
  cmp(taken, want);
  jge(label(ins(at + 6).x));
  return 7;
}

std::uint32_t Translator::take(std::uint32_t at) {
  const Ins& read = ins(at);
  const Ins& none = ins(at + 1);
  const Ins& minimum = ins(at + 2);
  Label& slow = slowly(read, {at + 1, none.x});
  const Reg64 rest = in(minimum.b);
  cmp(rest, 0);
  jle(slow);
  room_in_journal(slow);
  const Reg64 cell = cell_at(place_of(read, false), read.b, slow);
  if (CountAt(read.y).tracked()) see_mark(cell, program_.code.cells[read.x], slow);
  const Reg64 row = in(read.b);
  const Reg64 left = spare();
  mov(left, qword[cell]);
  keep(read.a, left);
  cmp(left, 0);
  jle(label(none.x));
  const Reg64 taken = spare();
  const Reg64 other = spare();
  mov(taken, left);
  cmp(taken, rest);
  cmovg(taken, rest);
  put_down(read.x, row, left, other);
  sub(left, taken);
  mov(qword[cell], left);
  mov(other, rest);
  sub(other, taken);
  keep(read.a, left);
  keep(minimum.a, taken);
  keep(minimum.b, other);
  know_present(minimum.a);
  return 6;
}

/// The first row of a family, or the one after the row at hand.
std::uint32_t Translator::next_row(std::uint32_t at) {
  const Ins& i = ins(at);
  const Reg64 row = spare();
  load_family(rax, i.x, i.c != 0);
  if (i.act == Act::first_row) {
    mov(row.cvt32(), 0);
    keep(i.a, row);
    cmp(dword[rax + kCount], 0);
    je(label(i.y));
    return 1;
  }
  const Reg64 before = in(i.a);
  lea(row, qword[before + 1]);
  keep(i.a, row);
  mov(eax, dword[rax + kCount]);
  cmp(row, rax);
  jl(label(i.y));
  return 1;
}

}  // namespace toll::jit
