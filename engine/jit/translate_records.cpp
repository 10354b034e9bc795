// Fields of records, however they lie in memory: of an account, of rows.
#include <cstddef>

#include "engine/jit/machine_code.hpp"
#include "engine/jit/translator.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/state.hpp"

namespace toll::jit {

using Store = RecordLayout::Store;

std::uint32_t Translator::write_record(std::uint32_t at) {
  const Ins& i = ins(at);
  switch (i.act) {
    case Act::global: {
      Label& slow = slowly(i);
      const CellRef& cell = program_.code.cells[i.x];
      const Reg64 value = spare();
      read_field(value, r12, cell.offset, cell.store, slow);
      keep(i.a, value);
      return 1;
    }
    case Act::set_global:
      return set_global(i);
    case Act::row_cell:
    case Act::cell: {
      const CellRef& cell = program_.code.cells[i.x];
      const std::int64_t none = i.act == Act::cell ? cell.initial : kNothing;
      return read_record(i, place_of(cell), cell.store, none);
    }
    case Act::row_count:
    case Act::event_count:
      return read_record(i, place_of(i, i.act == Act::event_count), Store::int64, kNothing);
    case Act::cell_count:
      return read_record(i, place_of(i, false), Store::int64, program_.code.cells[i.x].initial);
    case Act::row_handle:
    case Act::event_handle:
      return read_record(i, place_of(i, i.act == Act::event_handle), Store::handle, kNothing);
    case Act::write:
      return write_field(i);
    case Act::event_write:
    case Act::event_increase:
      return change_event_count(i);
    default:
      return 0;
  }
}

/// As read_narrow. What has more than one half is as its low half says if the high one repeats its
/// sign.
void Translator::read_field(const Reg64& value, const Reg64& at, std::size_t offset, Store store,
                            Label& slow) {
  Label odd;
  Label there;
  switch (store) {
    case Store::int64:
      mov(value, qword[at + offset]);
      return;
    case Store::byte:
      movzx(value.cvt32(), byte[at + offset]);
      cmp(value.cvt32(), 1);
      ja(odd);
      break;
    case Store::handle:
      mov(value.cvt32(), dword[at + offset]);
      cmp(value.cvt32(), packed::kAccountBit);
      jae(odd);
      break;
    case Store::int32:
      movsxd(value, dword[at + offset]);
      cmp(value.cvt32(), 1);
      jo(odd);
      break;
    case Store::int80:
    case Store::int128:
      mov(value, qword[at + offset]);
      if (store == Store::int80) {
        movsx(rax, word[at + offset + 8]);
      } else {
        mov(rax, qword[at + offset + 8]);
      }
      bt(value, 63);
      adc(rax, 0);
      jnz(odd);
      test_absent(value);  // its number stands for no value
      jo(slow);
      break;
  }
  L(there);
  apart([this, value, store, odd, there, &slow]() mutable {
    L(odd);
    if (store == Store::handle) {
      cmp(value.cvt32(), packed::kNoHandle);
      jne(slow);
    } else if (store == Store::int80 || store == Store::int128) {
      test(value, value);
      jnz(slow);
      if (store == Store::int80) {
        cmp(rax, static_cast<std::uint32_t>(INT16_MIN));
        jne(slow);
      } else {
        test_absent(rax);
        jno(slow);
      }
    }
    mov(value, static_cast<std::uint64_t>(kNothing));
    jmp(there);
  });
}

/// As pack_narrow, of a value that can_pack() let through.
void Translator::pack_field(const Reg64& at, std::size_t offset, Store store, const Reg64& value,
                            const Reg64& other) {
  switch (store) {
    case Store::byte:
      mov(byte[at + offset], value.cvt8());
      return;
    case Store::handle:
    case Store::int32:
      mov(dword[at + offset], value.cvt32());
      return;
    case Store::int64:
      mov(qword[at + offset], value);
      return;
    case Store::int80:
    case Store::int128:
      mov(qword[at + offset], value);
      mov(other, value);
      sar(other, 63);
      if (store == Store::int80) {
        mov(word[at + offset + 8], other.cvt16());
      } else {
        mov(qword[at + offset + 8], other);
      }
      return;
  }
}

/// Goes to `slow` with values that lie there in another way than most.
void Translator::can_pack(Store store, const Reg64& value, Label& slow) {
  switch (store) {
    case Store::byte:
      cmp(value, 1);
      ja(slow);
      return;
    case Store::handle:
      cmp(value, packed::kAccountBit);
      jae(slow);
      return;
    case Store::int32:
      movsxd(rax, value.cvt32());
      cmp(rax, value);
      jne(slow);
      cmp(value.cvt32(), 1);
      jo(slow);
      return;
    case Store::int64:
      return;
    case Store::int80:
    case Store::int128:
      test_absent(value);
      jo(slow);
      return;
  }
}

std::uint32_t Translator::set_global(const Ins& i) {
  const RecordLayout::Cell& cell = program_.globals.cell(i.x);
  if (cell.store == Store::handle) return 0;  // it may be a text, which is kept
  const std::size_t offset = program_.first_global + cell.offset;
  Label& slow = slowly(i);
  Label same;
  room_in_journal(slow);
  const Reg64 value = in(i.a);
  can_pack(cell.store, value, slow);
  const Reg64 old = spare();
  const Reg64 other = spare();
  const Reg64 journal = spare();
  read_field(old, r12, offset, cell.store, slow);
  cmp(old, value);
  je(same);
  test_absent(old);
  jo(slow);
  open_undo(Journal::What::global, i.x, old, journal);
  sar(old, 63);
  mov(qword[rax + offsetof(Journal::Undo, old) + 8], old);
  close_undo(journal);
  pack_field(r12, offset, cell.store, value, other);
  L(same);
  return 1;
}

/// `none`: what a row that is not there has.
std::uint32_t Translator::read_record(const Ins& i, const Place& place, Store store,
                                      std::int64_t none) {
  Label& slow = slowly(i);
  Label missing;
  Label known;
  const Reg64 at = cell_at(place, i.b, missing);
  const Reg64 value = spare();
  read_field(value, at, 0, store, slow);
  L(known);
  keep(i.a, value);
  apart([this, value, none, missing, known]() mutable {
    L(missing);
    mov(value, static_cast<std::uint64_t>(none));
    jmp(known);
  });
  return 1;
}

/// As Run::write_cell. What it was is put down by its cell, which does for any store.
std::uint32_t Translator::write_field(const Ins& i) {
  const CellRef& cell = program_.code.cells[i.x];
  if (!cell.simple) return 0;
  Label& slow = slowly(i);
  Label same;
  if (!cell.of_event) room_in_journal(slow);
  const Reg64 value = in(i.a);
  can_pack(cell.store, value, slow);
  const Reg64 at = cell_at(place_of(cell), i.b, slow);
  if (cell.tracked) see_mark(at, cell, slow);
  const Reg64 other = spare();
  if (!cell.of_event) {
    const Reg64 old = spare();
    read_field(old, at, 0, cell.store, slow);
    cmp(old, value);
    je(same);
    put_down(i.x, in(i.b), old, other);
  }
  pack_field(at, 0, cell.store, value, other);
  L(same);
  return 1;
}

/// Of a family of the event nothing is put down in the journal.
std::uint32_t Translator::change_event_count(const Ins& i) {
  Label& slow = slowly(i);
  const Reg64 value = in(i.a);
  const Reg64 at = cell_at(place_of(i, true), i.b, slow);
  if (i.act == Act::event_write) {
    mov(qword[at], value);
    return 1;
  }
  const Reg64 sum = spare();
  mov(sum, qword[at]);
  add_to(sum, i.a, value, slow);
  mov(qword[at], sum);
  return 1;
}

}  // namespace toll::jit
