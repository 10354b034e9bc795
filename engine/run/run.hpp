// One event or timer at work on one account: evaluates expressions, does effects, writes entries.
//
// Nothing is final before commit(). A failure (a value out of range) is remembered and everything
// after it is idle; then roll_back() leaves the account as it was.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/jit/machine_code.hpp"
#include "engine/run/owed.hpp"
#include "engine/run/program.hpp"
#include "engine/run/state.hpp"
#include "engine/run/workspace.hpp"
#include "toll/engine.hpp"
#include "toll/value.hpp"

namespace toll {

class Run {
 public:
  /// How an event is done: by straight code where there is some, or by walking the tree, which
  /// alone can tell a trace. They do the same; code that meets a value it cannot hold gives up.
  enum class By : std::uint8_t { code, tree };
  Run(AccountState& state, Workspace& work, Trace* trace, By by);
  /// Goes on with another account of the program.
  void attach(AccountState& state);

  /// Makes the event's texts, names and sets the account's own.
  void read(const EventView& event);
  /// The code with which the event is refused, by the account as it is; empty: it is not. Then the
  /// timers due are fired, and what the event does is done.
  [[nodiscard]] std::string_view refuse_or_handle(const EventView& event);
  /// The same in one, by straight code and for fields that stand in registers already.
  enum class Outcome : std::uint8_t { done, refused, failed };
  Outcome handle_fields(const Entries& code, std::int64_t time);
  /// The code with which an event of the type was refused.
  [[nodiscard]] std::string_view refused_by(const EventType& type) const;
  /// Where the fields of an event are put for it.
  [[nodiscard]] std::int64_t* field_registers(std::uint32_t type) {
    fields_in_registers_ = static_cast<std::uint32_t>(p_.core->events[type].fields.size());
    return r_ + p_.code.first_field;
  }
  /// Fires the next timer.
  void fire() { fire(s_->next_deadline()); }
  void fire(const AccountState::Deadline& next);
  /// What a definition without parameters says of the account as it is.
  Value ask(std::uint32_t definition);
  /// Visits the rows of a view of the account as it is.
  void look(std::uint32_t view, Value now, const Account::ViewRow& visit);
  void make_whole(bool keep = true);
  /// So often timers may fire at one instant before that is taken for a loop without an end.
  static constexpr int kMostFiresAtOnce = 10'000;

  [[nodiscard]] bool failed() const { return why_ != nullptr; }
  /// It gave up: after roll_back(), the tree has to be walked.
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  [[nodiscard]] std::string_view why() const { return why_; }
  /// The code of the error.
  [[nodiscard]] std::string_view code() const { return hook_failed_ ? "hook-failed" : "overflow"; }
  void commit();
  void roll_back();
  /// After roll_back(): ready for the next event.
  void recover() {
    why_ = nullptr;
    gave_up_ = false;
    hook_failed_ = false;
  }

 private:
  void keep_texts();
  /// Rows found for a loop; they lie on a stack and are gone with it.
  class Rows {
   public:
    Rows(Workspace& work, std::size_t base) : work_(work), base_(base), first_(base) {}
    ~Rows() { work_.rows.resize(base_); }
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    [[nodiscard]] std::size_t size() const { return work_.rows.size() - first_; }
    [[nodiscard]] Value operator[](std::size_t i) const { return work_.rows[first_ + i]; }

   private:
    friend class Run;
    Workspace& work_;
    std::size_t base_;
    std::size_t first_;
  };

  [[nodiscard]] std::string_view refusal(const EventView& event);
  void handle(const EventView& event);

  // -- expressions (eval.cpp)
  Value eval(NodeId node);  // leaves at once, all else by compute()
  Value compute(const Term& term);
  bool holds(NodeId node) { return eval(node) == 1; }
  Value arithmetic(const Term& term);
  Value division(const Term& term);
  bool comparison(const Term& term);
  Value sets(const Term& term);
  Value choice(const Term& term);
  Value call(const Term& term);
  Value extreme(const Term& term);
  Value overflow();

  // -- hooks (hooks.cpp)
  Value hook(const Term& term);
  bool is_of(const Type& type, Value value) const;

  // -- telling a trace (trace.cpp)
  Value traced(NodeId node);
  void turn(std::uint32_t slot, Value row, Trace::Turn why) {
    if (detail_ != nullptr) detail_->turn(slot, row, why);
  }
  void weigh(const Source& source);
  void tell_global(std::uint32_t cell, Value old, Value value);
  void tell(const Change& change) {
    if (trace_ != nullptr) trace_->changed(change);
  }

  // -- straight code (execute*.cpp)
  /// False: a value did not fit.
  bool execute(std::uint32_t entry);
  bool execute_slowly(std::uint32_t entry);
  /// What is done next; null: a value did not fit.
  const Ins* execute_one(const Ins* at);
  template <bool kOne>
  const Ins* interpret(const Ins* at);
  void load_fields();
  void fields_from_registers();
  void load_times();
  void begin_narrow(std::int64_t now, std::int64_t clock);
  void find_era();
  void give_up();
  bool escape(const Escape& escape, std::int64_t& result);
  bool date_into(const Ins& ins);
  std::int64_t month_of(std::int64_t instant);
  bool round_into(const Ins& ins);
  bool join(const Ins& ins);
  bool set_global_narrow(std::uint32_t cell, std::int64_t value);
  bool arm_narrow(std::uint32_t timer, std::int64_t deadline);
  bool fire_narrow(std::int64_t deadline, std::uint32_t code);
  bool lookup_into(const Ins& ins);
  std::int64_t find_row(const Ins& ins);
  std::int64_t last_of_chain(const Ins& ins) const;
  bool list_cell_into(const Ins& ins);
  void list_rows(const Ins& ins);
  bool put_row(const Ins& ins, std::int64_t& row);
  bool make_row(const Ins& ins, std::int64_t& row);
  bool pack_cells(const FamilyShape& shape, std::uint32_t count, const std::int64_t* values,
                  unsigned char* row);
  void row_added(std::uint32_t family, const FamilyShape& shape, std::int64_t row);
  bool find_or_make(const Ins& ins, std::int64_t& row);
  std::uint32_t row_of_name(const Ins& ins, const FamilyState* families) const;
  bool write_count(const Ins& ins, FamilyState* families, bool add);
  bool write_event_count(const Ins& ins);
  void find_cell(const Ins& ins, const Ins& read, const FamilyState* families);
  const Ins* count_up_to(const Ins* at, FamilyState* families);
  const Ins* take(const Ins* at, FamilyState* families);
  FamilyState* family_of(const CellRef& cell);
  bool write_cell(const CellRef& cell, std::int64_t row, std::int64_t value);
  bool write_with_care(const CellRef& cell, std::int64_t row, std::int64_t value);
  bool recall(const Ins& ins);
  bool memo_into(const Ins& ins);
  class Over;
  bool scan(const Ins& ins, bool& found);
  bool scan_chain(const Ins& ins, const Filter& filter, bool& found);
  std::uint32_t first_not_over(const Filter& filter, const Over& over, std::uint32_t first);
  bool gather_sorted(const Ins& ins);
  void gather_changed(std::uint32_t family);
  bool unmark(const Ins& ins);
  void emit(const Ins& ins);
  void emit_in_room(const Ins& ins, std::size_t members);
  void rows_end(const Ins& ins);

  // -- loops that are put off (defer.cpp)
  bool defer(const Ins& ins);
  bool make_up(std::int64_t key);
  void make_up(Owed& owed, const Owed::Batch& batch, std::int64_t key);
  void rows_by_tree(const Owed& owed, const Owed::Batch& batch, std::int64_t key);
  void rows_by_code(const Owed& owed, const Owed::Batch& batch, std::int64_t key);
  void set_times(std::int64_t now, std::int64_t clock);
  void put_in_order(std::size_t place);

  // -- dates (dates.cpp)
  Value date_operation(const Term& term);
  Value date_value(const Term& term, Value value, Value count);
  Value in_day_range(Value day);

  // -- texts and names (texts.cpp)
  Value own(Kind kind, Value value, const EventView& event);
  Value own_text(std::string_view text);
  Value own_unshared_text(std::string_view text);
  Value joined_text(const Term& term);
  bool append_text(const Term& part, Value value);
  [[nodiscard]] std::string_view text_of(Value value) const;
  void keep(Kind kind, Value value);
  [[nodiscard]] int compare(Kind kind, Value a, Value b) const;

  // -- rows (rows.cpp)
  [[nodiscard]] const FamilyState& family(std::uint32_t index) const {
    const std::uint32_t place = p_.family_places[index];
    return p_.families[index].event_scope ? w_.event_families[place] : s_->families()[place];
  }
  Value row_field(const Term& term);
  Value cell(const Term& term);
  Value lookup(const Term& term);
  std::uint32_t row_in_force(std::uint32_t table, const Value* key) const;
  Value fold(const RowFold& fold);
  Value fold_ends(const RowFold& fold);
  void collect(const RowSource& source, Rows& rows);
  void sort(const RowSource& source, Rows& rows);
  bool before(const RowSource& source, std::size_t keys, std::uint32_t a, std::uint32_t b) const;
  void changed_rows(const RowSource& source, Rows& rows);
  template <class Visit>
  void scan(const RowSource& source, Visit visit);
  template <class Visit>
  void scan_family(const RowSource& source, Visit visit);
  const Value* arguments(std::span<const std::uint32_t> nodes);

  // -- effects (effects.cpp)
  void run_block(std::uint32_t block, std::span<const std::uint32_t> args);
  void run_steps(Range range, ClauseId clause);
  void run_step(const Step& step, ClauseId clause);
  void draw(const Step& step, ClauseId clause);
  void each(const Step& step, ClauseId clause);
  void choose(const Step& step, ClauseId clause);
  void emit(const Step& step, ClauseId clause);
  void set_cell(const Step& step, bool add);
  void put(const Step& step);
  void clear(std::uint32_t family);
  void arm(std::uint32_t timer, Value deadline);

  // -- state, with undoing (effects.cpp)
  FamilyState& family_to_write(std::uint32_t index) {
    const std::uint32_t place = p_.family_places[index];
    return p_.families[index].event_scope ? w_.event_families[place] : s_->families()[place];
  }
  std::uint32_t add_row(std::uint32_t family, const Value* fields);
  void set_global(std::uint32_t cell, Value value);
  void set_field(std::uint32_t family, Value row, std::uint32_t field, Value value);
  void set_mark(std::uint32_t family, std::uint32_t row, bool marked);

  void begin(Value now, Value clock);
  void fire_due(Value until);
  void fail(const char* why) {
    if (why_ == nullptr) why_ = why;
  }

  friend class MachineCode;

  const Program& p_;
  const Term* const terms_;
  AccountState* s_;
  Workspace& w_;
  Trace* trace_;
  Trace* detail_ = nullptr;  // the same while expressions are traced too
  Value* slots_;             // of the routine at hand
  Value* top_;               // beyond its frame
  const Value* const end_;
  std::span<const Value> fields_;
  Value now_ = kAbsent;
  Value clock_ = kAbsent;
  std::uint32_t timer_ = kNone;
  const char* why_ = nullptr;
  Value clock_before_;
  By by_;
  bool gave_up_ = false;
  bool hook_failed_ = false;
  std::uint32_t fields_in_registers_ = 0;  // so many stand there only
  std::int64_t* const r_;                  // registers of straight code
  MachineFrame frame_;
  std::exception_ptr thrown_;  // by what machine code left to the interpreter
  std::int64_t* memo_place_ = nullptr;
  std::uint32_t refused_ = kNone;  // by this refusal; kNone: by a bound
  bool is_refused_ = false;
};

inline void Run::attach(AccountState& state) {
  s_ = &state;
  frame_.state = reinterpret_cast<unsigned char*>(&state);
  timer_ = kNone;
  is_refused_ = false;
  clock_before_ = state.clock();
}

inline void Run::commit() {
  if (w_.texts.size() != 0) keep_texts();
  w_.journal.accept(*s_);
}

inline Value Run::eval(NodeId node) {
  if (detail_ != nullptr) [[unlikely]]
    return traced(node);
  const Term& term = terms_[node];
  if (term.op == Op::local) return slots_[term.a];
  if (term.op == Op::constant) return p_.constants[term.a];
  if (term.op == Op::field) return term.a < fields_.size() ? fields_[term.a] : kAbsent;
  return compute(term);
}

// Visits the rows that fulfil `where`, until visit(row) returns false. Nothing may be added to or
// taken from the source meanwhile: effects visit collected rows.
template <class Visit>
void Run::scan(const RowSource& source, Visit visit) {
  const auto where = p_.at(source.where);
  const auto test = [&](Value row) {
    slots_[source.slot] = row;
    turn(source.slot, row, Trace::Turn::test);
    for (const NodeId conjunct : where) {
      if (!holds(conjunct)) return true;
    }
    return visit(row);
  };
  switch (source.of) {
    case Source::Of::table: {
      const TableData& table = p_.tables[source.index];
      const Value at = source.at == kNoNode ? kAbsent : eval(source.at);
      const auto in_force = [&](std::uint32_t row) {
        return at == kAbsent || ((table.since[row] == kAbsent || table.since[row] <= at) &&
                                 (table.until[row] == kAbsent || at < table.until[row]));
      };
      if (source.find == RowSource::Find::column) {
        const Value key = eval(p_.at(source.keys)[0]);
        for (const std::uint32_t row : p_.column_indexes[source.found_by].find(table.cells, &key)) {
          if (in_force(row) && !test(row)) return;
        }
        return;
      }
      for (std::uint32_t row = 0; row < table.cells.rows; ++row) {
        if (in_force(row) && !test(row)) return;
      }
      return;
    }
    case Source::Of::family:
      return scan_family(source, test);
    case Source::Of::list: {
      const Value list = eval(source.list);
      if (list < 0 || list >= static_cast<Value>(w_.lists.size())) return;
      const ListView& view = w_.lists[static_cast<std::size_t>(list)];
      const std::size_t count = view.columns == 0 ? 0 : view.cells.size() / view.columns;
      for (std::size_t row = 0; row < count && test(list << 32 | static_cast<Value>(row)); ++row) {
      }
      return;
    }
    case Source::Of::changed: {
      Rows rows(w_, w_.rows.size());
      changed_rows(source, rows);
      for (std::size_t i = 0; i < rows.size() && test(rows[i]); ++i) {
      }
      return;
    }
  }
}

template <class Visit>
void Run::scan_family(const RowSource& source, Visit visit) {
  const FamilyState& rows = family(source.index);
  const FamilyShape& shape = p_.families[source.index];
  if (source.find == RowSource::Find::chain) {
    const std::uint32_t last = rows.chain(shape, eval(p_.at(source.keys)[0]));
    if (last == FamilyState::kMissing) return;
    std::uint32_t row = last;
    do {
      row = rows.next(shape, row);
      if (!visit(row)) return;
    } while (row != last);
    return;
  }
  if (source.find == RowSource::Find::key) {
    const std::uint32_t row = rows.find(shape, arguments(p_.at(source.keys)));
    if (row != FamilyState::kMissing) visit(row);
    return;
  }
  for (std::uint32_t row = 0; row < rows.count() && visit(row); ++row) {
  }
}

}  // namespace toll
