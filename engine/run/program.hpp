// A policy made ready to run: the core's trees laid out flat, constants interned, tables indexed,
// and for every loop over rows a way to find them without looking at all.
//
// Immutable after prepare(); shared by all accounts and threads. Everything refers by index.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "engine/fast/code.hpp"
#include "engine/kernel/calendar.hpp"
#include "engine/kernel/family_state.hpp"
#include "engine/kernel/narrow_table.hpp"
#include "engine/kernel/pool.hpp"
#include "engine/kernel/record.hpp"
#include "engine/kernel/table_index.hpp"
#include "engine/run/deferral.hpp"
#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

/// A part of one of the program's arrays.
struct Range {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// An expression node. The first two operands are at hand, all of them in Program::operands.
struct Term {
  Op op = Op::constant;
  Kind kind = Kind::boolean;      ///< of the value
  Kind arg_kind = Kind::boolean;  ///< of the first operand
  std::uint8_t scale = 0;         ///< of the value
  Of of = Of::none;               ///< of the first operand
  std::uint32_t a = 0;            ///< constant: index into Program::constants
  std::uint32_t b = 0;            ///< cases: first of its clauses; row_field: table or family
  std::uint32_t ref = 0;          ///< of the value's type
  std::uint32_t x = kNoNode;
  std::uint32_t y = kNoNode;
  Range operands;
};

/// Rows to visit. Conjuncts that say which rows to look up are not in `where` any more.
struct RowSource {
  enum class Find : std::uint8_t {
    all,     // every row
    column,  // table: through the index `found_by`
    chain,   // serial family: by the value of its index field
    key,     // keyed family: the row with this key
  };
  struct SortKey {
    NodeId node = kNoNode;
    Kind kind = Kind::number;
    bool descending = false;
  };
  Source::Of of = Source::Of::table;
  Find find = Find::all;
  std::uint32_t index = 0;     ///< table or family
  std::uint32_t found_by = 0;  ///< column: index into Program::column_indexes
  bool in_order = false;       ///< rows are found in the order of `by` (straight code relies on it)
  NodeId list = kNoNode;
  NodeId at = kNoNode;  ///< dated table: only rows in force then
  std::uint32_t slot = 0;
  Range keys;   ///< operands: what is looked up
  Range where;  ///< operands: all must hold
  std::vector<SortKey> by;
};

struct RowFold {
  Aggregate::Fn fn = Aggregate::Fn::any;
  RowSource source;
  NodeId body = kNoNode;
};

/// One effect.
struct Step {
  struct Rows {
    std::uint32_t member = 0;
    RowSource source;
    Range columns;  ///< operands
  };
  const Effect* effect = nullptr;  ///< of the core: for traces
  Effect::Do what = Effect::Do::let;
  ClauseId clause = kNone;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  Range args;  ///< operands; put and emit: one per field or member, kNoNode: not given
  std::uint32_t took_slot = kNone;
  std::uint32_t rest_slot = kNone;
  Range steps;
  Range rules;
  std::unique_ptr<RowSource> source;
  std::vector<Rows> rows;
};

struct Choice {
  NodeId guard = kNoNode;
  ClauseId clause = kNone;
  Range steps;
};

struct Routine {
  Range steps;
  NodeId body = kNoNode;
  std::uint32_t frame = 0;
};

/// Rows to look at and what to work out for each.
struct ViewPlan {
  RowSource source;
  Range columns;  ///< operands
  std::uint32_t frame = 0;
};

/// A constant table with its lookups.
struct TableData {
  Cells cells;
  TableIndex keys;
  std::vector<Value> since;
  std::vector<Value> until;
  std::uint32_t band = kNone;
  std::uint32_t key_count = 0;
  bool dated = false;
  bool quiet = false;
  NarrowTable narrow;  ///< the same for straight code

  /// What a lookup is given: keys, the number that bands are found by, an instant.
  [[nodiscard]] std::size_t all_keys() const {
    return key_count + (band != kNone ? 1U : 0U) + (dated ? 1U : 0U);
  }
};

/// What an event's fields hold that has to be made the account's own: texts, names, sets, lists.
struct EventPlan {
  struct Part {
    std::uint32_t field = 0;
    Kind kind = Kind::text;
    std::uint32_t list = kNone;
  };
  std::vector<Part> parts;
};

class MachineCode;

class Program : public std::enable_shared_from_this<Program> {
 public:
  explicit Program(std::shared_ptr<const Core> source);
  ~Program();

  [[nodiscard]] std::span<const std::uint32_t> at(Range range) const {
    return {operands.data() + range.first, range.count};
  }
  /// A text handle of the core, as texts are numbered here (equal texts once).
  [[nodiscard]] Value own_text(Value handle) const;
  [[nodiscard]] std::uint32_t register_cell(std::uint32_t index) const { return index; }
  [[nodiscard]] std::uint32_t machine_cell(std::uint32_t index) const {
    return first_machine + index;
  }
  [[nodiscard]] std::uint32_t timer_cell(std::uint32_t index) const { return first_timer + index; }

  std::shared_ptr<const Core> core;
  std::uint64_t id = 0;  ///< of this program in this process
  Calendar calendar;

  TextPool texts;
  SetPool sets;                                      ///< 0 is the empty set
  std::vector<std::uint32_t> universes;              ///< set of all names, by domain
  std::vector<std::vector<std::string_view>> wires;  ///< names by domain, included ones first

  std::vector<TableData> tables;
  std::vector<TableIndex> column_indexes;
  std::vector<FamilyShape> families;
  std::vector<std::uint32_t> family_places;  ///< among the families of the same scope
  std::uint32_t account_families = 0;
  std::uint32_t event_families = 0;

  RecordLayout globals;  ///< registers, machines, deadlines
  std::vector<unsigned char> blank_globals;
  std::uint32_t first_global = 0;  ///< where they lie in an account's state
  std::uint32_t first_machine = 0;
  std::uint32_t first_timer = 0;

  std::vector<Term> terms;
  std::vector<std::uint32_t> operands;
  std::vector<Value> constants;
  std::vector<ClauseId> case_clauses;
  std::vector<RowFold> folds;
  std::vector<Step> steps;
  std::vector<Choice> choices;
  std::vector<Routine> definitions;
  std::vector<Routine> blocks;
  std::vector<ViewPlan> views;
  std::vector<EventPlan> events;
  std::vector<std::vector<Kind>> list_columns;  ///< by list type
  std::vector<Deferral> deferrals;
  std::vector<std::uint32_t> owed_families;  ///< of which loops that are put off make rows
  std::vector<std::uint32_t> owed_places;    ///< by family: among those; kNone: none do
  std::uint32_t slots = 0;                   ///< the most that any event or timer needs at once
  Code code;                                 ///< the same once more, for speed
  /// Its code once more, as instructions of the processor: made when it is first asked for. Null:
  /// there is none here. Any thread may ask.
  [[nodiscard]] const MachineCode* machine_code() const;

 private:
  void intern_texts();
  void name_domains();
  void lay_out_tables();
  void lay_out_families();
  void lay_out_globals();
  void plan_events();
  [[nodiscard]] Value initial_of(const Type& type, Value initial) const;

  mutable std::once_flag translated_;
  mutable std::unique_ptr<const MachineCode> machine_code_;
  std::vector<std::uint32_t> text_map_;  // core text -> texts; empty: the same
};

/// Fills in the code of a program (terms, folds, steps, routines) from its core.
void compile(Program& program);

}  // namespace toll
