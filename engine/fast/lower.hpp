// From the tree to straight code. One Lowerer makes the code of one program.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/fast/code.hpp"
#include "engine/run/program.hpp"

namespace toll {

class Lowerer {
 public:
  explicit Lowerer(const Program& program);
  Code make();

 private:
  /// A place to jump to that is not known yet.
  class Label {
   public:
    void from(std::size_t ins, bool in_y = false) { uses_.push_back({ins, in_y}); }
    void bind(std::vector<Ins>& code);

   private:
    std::vector<std::pair<std::size_t, bool>> uses_;
  };

  struct NameField {
    std::uint32_t field = 0;
    std::uint32_t names = 0;
    friend bool operator==(const NameField&, const NameField&) = default;
  };

  /// What the value of an expression depends on. Pure ones depend on names that the event tells, on
  /// tables, and on the time at hand only in so far as tables are dated.
  struct Purity {
    bool pure = true;
    bool dated = false;
    bool is_now = false;            ///< it is the time at hand itself
    bool local = false;             ///< it depends on a slot of the routine at hand
    bool inner = false;             ///< it is the row of a loop inside the expression
    std::vector<NameField> fields;  ///< of the event
    std::uint32_t weight = 0;       ///< how much work it is
  };

  /// What a slot of the routine at hand stands for.
  struct Binding {
    Reg reg = 0;
    bool bound = false;
    Purity purity;
  };
  using Frame = std::vector<Binding>;

  /// An instruction whose result is at hand still.
  struct Known {
    Ins ins;
    std::vector<Reg> keys;  ///< find: what it was found by
    Reg reg = 0;
    bool dead = false;
  };

  struct Found {
    Reg row = 0;
    Reg first = 0;  ///< of the keys, one after the other
    std::vector<Reg> keys;
  };

  struct Gathered {
    Reg base = 0;  ///< and base + 1
    Reg end = 0;
    Reg drop = 0;  ///< where its rows, and those it was made from, begin
  };

  // -- routines (lower.cpp)
  std::uint32_t routine(std::uint32_t frame, void (Lowerer::*body)(std::uint32_t),
                        std::uint32_t what);
  std::uint32_t routine_as_is(std::uint32_t frame, void (Lowerer::*body)(std::uint32_t),
                              std::uint32_t what);
  [[nodiscard]] std::vector<std::uint32_t> first_families(std::uint32_t start) const;
  void refusals(std::uint32_t event);
  void run_block(std::uint32_t block);
  void inlined_block(std::uint32_t block, Frame arguments);

  // -- effects (lower_effects.cpp)
  void steps(Range range, ClauseId clause);
  void step(const Step& step, ClauseId clause);
  void set_cell(const Step& step);
  void put(const Step& step);
  void draw(const Step& step, ClauseId clause);
  void each(const Step& step, ClauseId clause);
  void load_counts(const Step& step, Reg row);
  void asked_fields(NodeId node, std::uint32_t slot, std::vector<bool>& asked) const;
  void choose(const Step& step, ClauseId clause);
  void emit(const Step& step, ClauseId clause);
  void run_step(const Step& step);
  void escape_step(const Step& step, ClauseId clause);
  [[nodiscard]] bool supported(const Step& step) const;
  void assigned_slots(const Step& step, std::vector<std::uint32_t>& slots) const;

  // -- expressions (lower_values.cpp)
  Reg value(NodeId node, std::optional<Reg> into = {});
  Reg plain_value(NodeId node, std::optional<Reg> into);
  Reg into_or_new(std::optional<Reg> into) { return into ? *into : fresh(); }
  void branch(NodeId node, bool want, Label& target);
  bool compare_branch(const Term& term, bool want, Label& target);
  Reg block_of(std::span<const std::uint32_t> nodes);
  Reg block_of_regs(const std::vector<Reg>& regs);
  Reg operation(Act act, const Term& term, std::optional<Reg> into, std::uint32_t x = 0,
                std::uint32_t y = 0);
  Reg rescaled(const Term& term, std::optional<Reg> into);
  Reg comparison(const Term& term, std::optional<Reg> into);
  Reg logical(NodeId node, std::optional<Reg> into);
  Reg coalesce(const Term& term, std::optional<Reg> into);
  Reg extreme(const Term& term, std::optional<Reg> into);
  Reg cases(const Term& term, std::optional<Reg> into);
  Frame frame_of_call(const Term& term);
  Reg call(const Term& term, std::optional<Reg> into);
  Reg row_field(const Term& term, std::optional<Reg> into);
  Reg cell(const Term& term, std::optional<Reg> into);
  Reg escape_value(NodeId node, std::optional<Reg> into);
  Reg sum(NodeId node, std::optional<Reg> into);
  Reg steady_value(NodeId node, std::optional<Reg> into);
  Reg text(NodeId node, std::optional<Reg> into);
  Found found(std::uint32_t family, std::span<const std::uint32_t> keys);
  void ensured(std::uint32_t family, const std::vector<Reg>& keys);

  // -- rows (lower_rows.cpp)
  template <class Body>
  void loop(const RowSource& source, Body body);
  template <class Body>
  void loop_table(const RowSource& source, Reg row, Label& exit, Body body);
  template <class Body>
  void loop_family(const RowSource& source, bool backwards, Body body);
  [[nodiscard]] std::uint32_t filter_for(const RowSource& source, Reg row, bool backwards,
                                         std::vector<NodeId>& rest);
  void note_ends(Filter& filter);
  bool add_tests(NodeId node, std::uint32_t family, Reg row, std::vector<Filter::Test>& tests);
  std::optional<Reg> at_hand(NodeId node, Reg row);
  template <class Body>
  void loop_gathered(const Gathered& gathered, std::uint32_t slot, Body body);
  /// Visits rows in their order: as they are found if that comes to the same, else put aside
  /// before. `steps`: what is done for each, if that is not but looking.
  template <class Body>
  void loop_in_order(const RowSource& source, const Step* step, Body body);
  /// `nothing`: where to go if it is seen at once that there are no rows.
  Gathered gather(const RowSource& source, Label* nothing = nullptr);
  Reg aggregate(const RowFold& fold, std::optional<Reg> into);
  Reg aggregate_end(const RowFold& fold, Reg result);
  bool branch_on_rows(const RowFold& fold, bool want, Label& target);
  [[nodiscard]] bool supported(const RowSource& source) const;

  // -- what may be done while rows are being found (effects_on_rows.cpp)
  struct Writes {
    std::vector<std::uint32_t> families;
    std::vector<std::uint32_t> slots;
    bool globals = false;
    std::uint32_t drawn = kNone;      ///< a family of which the rows found before are written
    std::vector<std::uint32_t> rows;  ///< slots that hold the row at hand
  };
  void writes_of(Range steps, Writes& writes) const;
  [[nodiscard]] bool may_read(NodeId node, const Writes& writes) const;
  [[nodiscard]] bool may_read(Range nodes, const Writes& writes) const;
  [[nodiscard]] bool may_read(const RowSource& source, const Writes& writes) const;
  [[nodiscard]] bool as_found(const RowSource& source, const Step* step) const;

  // -- loops that are put off (lower_owed.cpp)
  void ask_for(std::uint32_t family, Reg key);
  void ask_for_all(std::uint32_t family);
  void ask_for_all(const Step& step);
  void ask_for_all_of(NodeId node);
  [[nodiscard]] bool reads_no_owed(const Step& step) const;
  [[nodiscard]] bool passes_none_owed(const RowSource& source, NodeId body) const;
  [[nodiscard]] bool passes_none_made(Range steps, const RowSource& source, NodeId body) const;
  [[nodiscard]] bool says(NodeId node, const Step& put, std::uint32_t slot, Value& value) const;
  [[nodiscard]] bool fails_for(NodeId node, const Step& put, std::uint32_t slot) const;
  bool put_off(const Step& step, Label& done);
  void make_ups();
  void test_row(std::uint32_t deferral);
  void give_for_row(std::uint32_t deferral);
  void bind_deferred(std::uint32_t deferral);

  // -- what can be worked out once (purity.cpp)
  Purity purity(NodeId node);
  Purity purity_of(const Term& term);
  Purity purity_of(const RowFold& fold);
  static void join(Purity& whole, const Purity& part);
  [[nodiscard]] std::optional<Memo> memo_for(NodeId node);
  std::uint32_t memo_number(NodeId node, const Memo& memo);
  /// It has one value in all of an event or timer.
  [[nodiscard]] bool steady(NodeId node) const;

  // -- instructions for what is seen most (specialise.cpp)
  void find_by_name(Ins& ins) const;
  void count_at(Ins& ins, Act act) const;
  void cell_at(Ins& ins, Act act) const;
  [[nodiscard]] bool is_count_of_event(const Ins& ins) const;
  void specialise();
  void pair_up();
  [[nodiscard]] Entries::Row first_row(std::uint32_t start) const;
  [[nodiscard]] bool counts_up_to(std::size_t at) const;
  [[nodiscard]] bool jumps_if_all(std::size_t at) const;
  [[nodiscard]] bool takes_from_row(std::size_t at) const;

  // -- instructions and registers (lower.cpp)
  std::size_t add(Act act, Reg a = 0, Reg b = 0, Reg c = 0, std::uint32_t x = 0,
                  std::uint32_t y = 0);
  void jump(Label& label, Act act = Act::jump, Reg b = 0, Reg c = 0);
  void bind(Label& label) { label.bind(code_.ins); }
  Reg fresh(std::uint32_t count = 1);
  Reg constant(Value value);
  void move(Reg to, Reg from) {
    if (to != from) add(Act::move, to, from);
  }
  Reg slot_reg(std::uint32_t slot);
  std::uint32_t family_cell(std::uint32_t family, std::uint32_t field);
  std::uint32_t global_cell(std::uint32_t cell);
  std::uint32_t cell_number(const CellRef& cell);
  /// The result of an instruction without effect, from before if it is there.
  Reg known_or(const Ins& ins, std::optional<Reg> into);
  Reg known_from(std::size_t first, const Ins& ins, std::optional<Reg> into);
  /// The same for a cell that may be written: what was read before the loop at hand does not hold.
  Reg cell_or_known(const Ins& ins, std::optional<Reg> into);
  /// A cell is about to be written, or a family to have other rows.
  void forget_cell(std::uint32_t cell);
  void forget_cells(std::uint32_t family);
  /// What is found out from here to the next call with this mark is not known after it.
  [[nodiscard]] std::size_t mark() const { return known_.size(); }
  void forget(std::size_t to_mark) { known_.resize(std::min(to_mark, known_.size())); }
  void forget_reg(Reg reg);
  void forget_finds(std::uint32_t family);
  /// A slot that is about to be written.
  Reg slot_to_write(std::uint32_t slot);
  /// What is known of slots that a loop sets does not hold in it.
  void forget_slots(const std::vector<std::uint32_t>& slots);

  const Program& p_;
  Code code_;
  Frame* frame_ = nullptr;
  const Frame* root_ = nullptr;  // of the expression whose purity is asked for
  std::unordered_map<NodeId, std::uint32_t> memo_numbers_;
  std::unordered_map<std::uint64_t, std::uint32_t> cell_numbers_;  // by family and field
  std::vector<Known> known_;
  std::vector<std::vector<bool>> steady_fields_;  // by family: who has a row finds them unchanged
  std::vector<std::uint32_t> ends_fields_;        // by family: offset of what its notes are about
  std::size_t loop_mark_ = 0;                     // finds before it do not hold in the loop at hand
  std::vector<bool> changing_;                    // by register: being put together
  std::uint32_t next_reg_ = 0;
  std::uint32_t first_temp_ = 0;
  std::uint32_t first_own_ = 0;  // of the registers of the code at hand
  std::uint32_t most_regs_ = 0;
  std::optional<Reg> chained_;  // the chain of the loop to come is looked up already
  std::uint32_t loops_ = 0;     // around what is being made
  bool memos_allowed_ = true;
  bool whole_ = false;           // nothing is owed in the code at hand
  bool makes_up_ = false;        // or that is what it makes
  bool wants_whole_ = false;     // nothing should be
  NodeId asked_body_ = kNoNode;  // of a fold whose loop is to come: a condition too
  bool failed_ = false;
};

}  // namespace toll
