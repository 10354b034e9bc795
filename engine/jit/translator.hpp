// Straight code, instruction by instruction, as machine code.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/jit/assembler.hpp"
#include "engine/run/journal.hpp"

namespace toll::jit {

class Translator : public Assembler {
 public:
  using Assembler::Assembler;
  /// Of all code. Interpret: what is called for an instruction.
  void translate(const void* interpret);
  /// Where code is entered: rdi is the frame, rsi where to begin.
  [[nodiscard]] const void* enter() const { return enter_.getAddress(); }
  /// By instruction that code is entered at, null for others.
  [[nodiscard]] std::vector<const void*> entries() const;

 private:
  void find_targets();
  void write_ends(const void* interpret);
  void write_range(std::uint32_t first, std::uint32_t last);
  void write_detours();
  /// Returns how many instructions were done.
  std::uint32_t write(std::uint32_t at);
  std::uint32_t write_jump(std::uint32_t at);
  std::uint32_t write_value(std::uint32_t at);
  std::uint32_t write_row(std::uint32_t at);
  std::uint32_t write_other(std::uint32_t at);

  // -- values (translate_values.cpp)
  void jump_if_less(const Ins& ins, bool or_equal, bool unless);
  void arithmetic(const Ins& ins);
  void comparison(const Ins& ins);
  void least(const Reg64& into, Reg a, Reg b);
  std::uint32_t flag(std::uint32_t at);
  std::uint32_t difference(std::uint32_t at);
  std::uint32_t remember(std::uint32_t at);
  std::uint32_t remember_many(std::uint32_t at);
  void month_of(const Ins& ins);
  std::uint32_t look_up(std::uint32_t at);

  // -- rows (translate_rows.cpp)
  void load_family(const Reg64& to, std::uint32_t place, bool of_event);
  /// Number of the row of a name; `missing`: where to go if there is none. rax: its family.
  Reg64 row_of_name(const Ins& find, Label& missing, Label& slow);
  /// Where a field stands in the rows of a family.
  struct Place {
    std::uint32_t stride;
    std::uint32_t offset;
    std::uint32_t family;  ///< its place
    bool of_event;
  };
  [[nodiscard]] static Place place_of(const Ins& ins, bool of_event) {
    return {CountAt(ins.y).stride(), CountAt(ins.y).offset(), ins.c, of_event};
  }
  /// Address of a field of a row; `missing`: where to go if there is no such row.
  Reg64 cell_at(const Place& place, Reg row, Label& missing);
  /// The same of a row that is there, from its family's.
  void address(const Reg64& at, const Place& place, const Reg64& row, const Reg64& other);
  /// Goes to `slow` unless the row of a field is marked already.
  void see_mark(const Reg64& at, const CellRef& cell, Label& slow);
  void room_in_journal(Label& slow);
  void open_undo(Journal::What what, std::uint32_t field, const Reg64& old, const Reg64& journal);
  void close_undo(const Reg64& journal);
  void put_down(std::uint32_t cell, const Reg64& row, const Reg64& old, const Reg64& other);
  void add_to(const Reg64& sum, Reg reg, const Reg64& value, Label& slow);
  std::uint32_t find(std::uint32_t at);
  std::uint32_t change_cell(std::uint32_t at, const Ins& change);
  std::uint32_t count_up_to(std::uint32_t at);
  std::uint32_t take(std::uint32_t at);
  std::uint32_t next_row(std::uint32_t at);

  // -- records (translate_records.cpp)
  std::uint32_t write_record(std::uint32_t at);
  void read_field(const Reg64& value, const Reg64& at, std::size_t offset,
                  RecordLayout::Store store, Label& slow);
  void pack_field(const Reg64& at, std::size_t offset, RecordLayout::Store store,
                  const Reg64& value, const Reg64& other);
  void can_pack(RecordLayout::Store store, const Reg64& value, Label& slow);
  std::uint32_t set_global(const Ins& ins);
  std::uint32_t read_record(const Ins& ins, const Place& place, RecordLayout::Store store,
                            std::int64_t none);
  [[nodiscard]] static Place place_of(const CellRef& cell) {
    return {cell.stride, cell.offset, cell.place, cell.of_event};
  }
  std::uint32_t write_field(const Ins& ins);
  std::uint32_t change_event_count(const Ins& ins);

  // -- loops (translate_scans.cpp)
  struct Scan;
  std::uint32_t scan(std::uint32_t at);
  void scan_rows(const Scan& scan, const Reg64& before);
  void scan_chain(const Scan& scan, const Reg64& before);
  void begin_as_noted(const Scan& scan);
  void stop_at_row_over(const Scan& scan);
  void test_row(const Scan& scan, Label& next);
  void ask(const Scan& scan, const Filter::Test& test, Label& next);

  [[nodiscard]] const Ins& ins(std::uint32_t at) const { return program_.code.ins[at]; }
  [[nodiscard]] std::vector<std::uint32_t> targets_of(std::uint32_t at) const;

  std::vector<bool> is_target_;
  bool reached_ = false;  // code goes on here
  Label enter_;
};

}  // namespace toll::jit
