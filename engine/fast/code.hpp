// Straight code for what is done most: each event's refusals, each event's block and each timer's,
// with every definition and procedure written out in place. Values are 64 bits wide.
//
// It says the same as the tree it is made from, or nothing: where a value does not fit, running it
// stops, all is undone, and the event is done again by walking the tree (engine/run).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/kernel/record.hpp"
#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

class Program;

/// An absent value in a register.
inline constexpr std::int64_t kNothing = INT64_MIN;

using Reg = std::uint16_t;

/// Registers that are there in all code; constants follow, then the event's fields.
inline constexpr Reg kNowReg = 0;
inline constexpr Reg kClockReg = 1;
inline constexpr Reg kFirstConstant = 2;

/// So many parts of a text are joined by straight code.
inline constexpr std::size_t kMostJoined = 6;

/// r[a] is written, r[b] and r[c] are read, where nothing else is said; x and y are numbers.
/// A jump goes to x, unless said.
enum class Act : std::uint16_t {
  finish,
  jump,
  jump_if,      // r[b] is 1
  jump_unless,  // r[b] is not 1
  jump_absent,
  jump_present,
  jump_eq,  // r[b] and r[c]; absent equals absent
  jump_ne,
  jump_lt,  // both present and r[b] < r[c]
  jump_le,
  jump_not_lt,
  jump_not_le,
  move,
  global,       // register, machine or deadline in cell x
  global_flag,  // the same for a boolean
  add,
  sum,  // of c values from r[b] on
  sub,
  mul,
  neg,
  rescale,  // times 10^x
  floor_div,
  modulo,
  round_div,  // to a multiple of r[x]
  eq,
  ne,
  lt,
  le,
  is_present,
  invert,   // r[b] is not 1
  compare,  // texts or names by what they say: < <= > >= for x = 0 .. 3; y: Kind
  in_set,   // r[b] in set r[c]
  minimum,  // of those present
  maximum,
  month_of,  // of an instant
  date,      // the calendar operation of term x
  // tables
  lookup,         // in table x, keys r[b]..
  lookup_key,     // the same where r[b] alone tells the row
  lookup_band,    // the same where key r[b] and a band for r[c] tell it
  table_cell,     // column c of row r[b] of table x
  table_count,    // the same where all cells of the table take 64 bits
  list_cell,      // column c of row r[b] of a list of the event
  jump_past_row,  // jump to y if row r[b] of table x is not in force at r[c]
  join,           // the text of c parts from r[b] on, which term x joins
  // families
  find,            // row of family x with keys r[b]..
  find_one,        // the same with one key
  find_name,       // with one key, which is a name; x: place of a family of the account, y: the
                   // family, c: how many places its map has, 0 if there is none
  row_cell,        // cell x of row r[b]; no such row: absent
  cell,            // the same; no such row: as it begins
  row_count,       // row_cell of a count in a row of the account; c: place of its family among the
                   // account's, y: where in a row it stands (CountAt)
  cell_count,      // cell of the same
  row_counts,      // r[a].. := x counts of row r[b] that follow each other, the first as row_count
  ensure,          // makes the row with keys r[b].. of family x unless there is a row r[a]
  put,             // a row put together as puts[x] says
  write,           // cell x of row r[b] := r[a]
  increase,        // += r[a]
  row_handle,      // row_cell of a name or text; c and y as in row_count
  event_count,     // row_count in a row of the event
  event_handle,    // row_handle in a row of the event
  write_count,     // a count in a row of the account, which concerns nothing else
  increase_count,  // the same, += r[a]
  event_write,     // a count in a row of the event; c and y as in row_count
  event_increase,  // the same, += r[a]
  set_global,
  arm,  // timer x at r[a]
  clear,
  // loops: r[a] is the row at hand
  count_rows,  // of family x
  next_row,    // ++r[a]; jump if it is r[b] or more
  group,       // r[a], r[a + 1]: from where to where rows with r[b] stand in column index x
  next_of,     // r[a] := the row at place r[b]++ of column index x; jump to y if r[b] is r[c]
  chain,       // r[a] := the last row of family x with index value r[b], or absent
  chain_next,  // r[a] := the row after it
  list_rows,   // r[a], r[a + 1]: before the first row of list r[b], and after the last
  first_row,   // of the family at place x, of the event if c is 1; jump to y if there is none
  follow_row,  // ++r[a]; jump to y if there is such a row
  // r[a] := the next row that passes filter x, the first one if r[a] is absent; jump to y if there
  // is none
  scan_rows,
  scan_chain,  // of the chain with the last row r[b]
  scan_back,   // the same, from last to first
  // rows put aside, in order
  gather_begin,    // r[a], r[a + 1]: how many rows and keys there are so far
  gather,          // r[b]
  gather_sorted,   // r[b] with keys r[c].., by order x; r[a], r[a + 1] are from gather_begin
  gather_changed,  // the changed rows of family x
  gather_end,      // r[a]: how many rows there are now
  next_gathered,   // r[a] := the row at place r[b]++; jump if r[b] is r[c]
  gather_drop,     // forgets those from r[a] on
  unmark,          // row r[b] of family x; jump to y if there is no such row
  // entries
  emit,           // emission x; lists of rows follow if it has some
  rows_begin,     // its next list of rows
  rows_values,    // r[b].., c values
  rows_end,       // of x columns, member y
  refuse,         // with refusal x
  jump_in_bound,  // r[b] is absent or between -r[c] and r[c]
  // what was worked out for the same names before
  memo,        // r[a] := memo x, and jump to y; or go on
  memo_name,   // the same for a memo of one name r[b], undated, with c names
  memo_store,  // r[b] is its value
  // what has one value in all of an event or timer
  steady,        // r[a] := value x, and jump to y; or go on
  steady_store,  // value x is r[b]
  // two instructions in one: the second stands where it stood, for those who jump to it
  memo_branch,      // memo_name, and the jump_if or jump_unless at its end
  flag_if,          // global_flag, and the jump_if to y after it
  flag_unless,      // the same with jump_unless
  find_branch,      // find_name, and the jump_absent after it
  find_cell,        // find_name, and the cell_count after it
  count_up_to,      // find_name, cell_count, sub, minimum, ensure, increase_count, and the
                    // jump_not_lt if there is one: take from a counter what it has room for
  take,             // row_count, jump_not_lt, minimum, sub, sub, write_count: a row of a draw
  sub_minimum,      // sub, and the minimum after it
  sub_jump,         // sub, and the jump_not_lt after it
  ensure_increase,  // ensure, and the increase_count after it
  lookup_cell,      // lookup_key, and the table_count after it
  find_or_make,     // find or find_one, and the ensure after it
  // loops that are put off (engine/run/deferral.hpp)
  make_up,     // what is owed under key r[b]
  make_whole,  // all that is owed
  defer,       // loop x, its captures r[b]..; jump to y if it is put off
  // by walking the tree
  eval,
  step,
};

struct Ins {
  Act act = Act::finish;
  Reg a = 0;
  Reg b = 0;
  Reg c = 0;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
};
static_assert(sizeof(Ins) == 16);

/// A field of a family, or a register, machine or deadline.
struct CellRef {
  RecordLayout::Store store = RecordLayout::Store::byte;
  bool of_event = false;     ///< its family is of the event at hand
  bool simple = false;       ///< writing it concerns no text and no index
  bool count = false;        ///< of 64 bits, in a row of the account
  bool tracked = false;      ///< writing it marks its row
  std::uint32_t offset = 0;  ///< in its row; of a global, in the account's state
  std::uint32_t stride = 0;  ///< from row to row
  std::uint32_t family = 0;
  std::uint32_t place = 0;  ///< of the family among those of its scope
  std::uint32_t field = 0;
  std::int64_t initial = kNothing;
};

/// Where a count stands in a row of the account, in one word, so that nothing else is looked at.
class CountAt {
 public:
  explicit CountAt(std::uint32_t word) : word_(word) {}
  /// 0: it does not fit.
  static std::uint32_t word(const CellRef& cell) {
    if (cell.stride > kMost || cell.offset > kMost || cell.place > UINT16_MAX) return 0;
    return cell.stride << 16 | cell.offset << 1 | (cell.tracked ? 1U : 0U);
  }
  [[nodiscard]] std::uint32_t stride() const { return word_ >> 16; }
  [[nodiscard]] std::uint32_t offset() const { return (word_ & 0xffff) >> 1; }
  [[nodiscard]] bool tracked() const { return (word_ & 1) != 0; }

 private:
  static constexpr std::uint32_t kMost = 0x7fff;
  std::uint32_t word_;
};

/// A part of the tree that has no straight code: what it needs of the registers, and gives back.
struct Escape {
  NodeId node = kNoNode;
  std::uint32_t step = 0;  ///< Program::steps, if node is none
  ClauseId clause = kNone;
  std::uint32_t frame = 0;
  std::vector<std::pair<std::uint32_t, Reg>> in;  ///< slots
  std::vector<std::pair<std::uint32_t, Reg>> out;
};

/// An expression over a few names of the event and over tables, worked out once for each.
struct Memo {
  struct Input {
    Reg reg = 0;
    std::uint32_t size = 0;  ///< names 0 .. size - 1, or absent
  };
  std::vector<Input> inputs;
  std::uint32_t size = 1;  ///< of all combinations
  bool dated = false;      ///< and of the times at which tables change
  bool shared = false;     ///< it is the same wherever its expression stands
};

/// A row to be added: what is the same in all of them, and what is not.
struct Put {
  struct Field {
    Reg reg = 0;
    RecordLayout::Cell cell;
  };
  std::uint32_t family = 0;
  std::vector<unsigned char> blank;
  std::vector<Field> fields;
};

/// What is asked of each row of a family, in a loop that asks for no more than comparisons.
struct Filter {
  enum class Ask : std::uint8_t { eq, ne, lt, le, gt, ge, present, absent };
  struct Test {
    std::uint32_t offset = 0;  ///< of a field
    RecordLayout::Store store = RecordLayout::Store::byte;
    Ask ask = Ask::eq;
    Reg reg = 0;  ///< what the field is compared with
  };
  std::uint32_t family = 0;
  std::uint32_t stride = 0;
  std::uint32_t next = 0;  ///< offset in a row: where the number of the row to follow it stands
  std::vector<Test> tests;
  bool ends = false;        ///< the first test is that an instant is still to come
  std::uint32_t skip = 0;   ///< offset in a row: of a note on those for which it is past; 0: none
  std::uint32_t place = 0;  ///< of the family
  /// Names by which a chain is kept in order: unknown ones have no order that is known here.
  std::vector<std::uint32_t> names;
};

struct Order {
  std::uint32_t keys = 0;
  std::vector<Kind> kinds;
  std::vector<bool> descending;
};

struct Emission {
  /// What all entries that it writes have in common.
  struct Same {
    std::uint32_t kind = 0;
    ClauseId clause = kNone;
    std::uint32_t members = 0;
    std::uint32_t rows = 0;
  };
  Same same;
  std::vector<Reg> members;
};

/// Where code begins; kNone: there is none, the tree is walked.
struct Entries {
  std::uint32_t refusal = kNone;
  bool refuses = false;                 ///< there is something to refuse
  std::vector<std::uint32_t> families;  ///< places of the few that it looks into first
  /// The row of an account that it looks for first, if that is the row of a name that the event
  /// tells, or of what a memo has for that name.
  struct Row {
    std::uint32_t family = kNone;
    std::uint32_t place = 0;
    std::uint32_t field = 0;
    std::uint32_t memo = kNone;
  } row;
  std::uint32_t handle = kNone;
};

/// A loop that is put off, done for one row of its table: code of its own, in registers that no
/// other code uses, so that it can be run in the midst of it.
struct MakeUp {
  std::uint32_t test = kNone;  ///< puts the row aside if the loop would visit it
  std::uint32_t give = kNone;  ///< the visit; kNone: the tree is walked
  Reg row = 0;
  Reg captures = 0;  ///< the first of them
};

struct Code {
  std::vector<Ins> ins;
  std::vector<std::int64_t> constants;
  std::vector<CellRef> cells;
  std::vector<Escape> escapes;
  std::vector<Memo> memos;
  std::vector<Order> orders;
  std::vector<Filter> filters;
  std::vector<Put> puts;
  std::vector<Emission> emissions;
  std::vector<Entries> events;
  std::vector<std::uint32_t> timers;
  std::vector<MakeUp> make_ups;  ///< by deferral
  std::vector<std::int64_t> eras;  ///< instants at which a table changes, ascending
  Reg first_field = 0;
  std::uint32_t registers = 0;
  std::uint32_t steady = 0;  ///< how many values are kept while an event or timer is at hand
};

/// Makes the code of a program whose tree is compiled.
Code make_code(const Program& program);

}  // namespace toll
