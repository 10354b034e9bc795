// What a replay of one account told: its steps, what each changed, and of some steps everything.
//
// A Recorder is the engine's trace. It keeps little of most steps (who wrote what) and the whole
// tree of what happened in those it is asked to keep in detail.
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "toll/core.hpp"
#include "toll/engine.hpp"

namespace toll::why {

/// A place in which an account keeps a value. `generation` counts how often a family was cleared.
struct Place {
  Change::Of of = Change::Of::reg;
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
  std::uint32_t row = 0;
  std::uint32_t field = 0;
  auto operator<=>(const Place&) const = default;
};

struct Step;

/// One thing that happened, and what happened within it.
struct Record {
  enum class What : std::uint8_t { root, eval, turn, effect, block, took, changed, wrote };
  What what = What::root;
  NodeId node = kNoNode;                 ///< eval
  Value value = kAbsent;                 ///< eval: what came out; took: how much; wrote: seq
  Value left = kAbsent;                  ///< took: what the row had
  Trace::Turn why = Trace::Turn::visit;  ///< turn
  std::uint32_t family = kNone;          ///< turn, changed row: whose `fields` these are
  Value row = kAbsent;                   ///< turn, took
  std::vector<Value> fields;             ///< turn: the family's row as it was; changed: a new row
  const Effect* effect = nullptr;
  ClauseId clause = kNone;  ///< effect
  std::uint32_t block = kNone;
  Place place;                      ///< changed
  Value old = kAbsent;              ///< changed
  std::vector<ClauseId> rules;      ///< rules and cases that held directly in it
  const Record* made_by = nullptr;  ///< eval of a local: what gave it its value
  const Record* parent = nullptr;
  const Step* step = nullptr;
  std::size_t order = 0;  ///< counts all that happened; an event's block comes after its timers
  std::vector<Record*> inside;
};

/// An event's own part, or a timer's.
struct Step {
  std::size_t number = 0;
  std::uint32_t event = kNone;  ///< type
  std::uint32_t timer = kNone;
  std::string id;  ///< of the event
  Value time = kAbsent;
  bool failed = false;
  bool handled = false;  ///< no refusal held
  bool detailed = false;
  const Record* root = nullptr;        ///< if detailed
  std::map<Value, std::string> texts;  ///< by handle, as it was in this step
  std::map<Value, std::vector<std::uint32_t>> sets;
};

/// A change that outlived its step.
struct Write {
  const Step* step = nullptr;
  std::size_t order = 0;    ///< see Record
  ClauseId clause = kNone;  ///< the rule; of a machine's move: the edge
  const Effect* effect = nullptr;
  Value old = kAbsent;
  Value value = kAbsent;
  bool made = false;  ///< the row came into being with it
};

/// A ledger line and where it came from.
struct Line {
  std::string json;
  const Step* step = nullptr;  ///< null: the event was never applied (unreadable, repeated)
  std::size_t order = 0;       ///< see Record
};

class Recorder : public Trace {
 public:
  /// Steps with these numbers are kept in detail.
  Recorder(const Core& core, std::set<std::size_t> detailed)
      : core_(core), wanted_(std::move(detailed)) {}
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// The ledger, line by line as it is delivered.
  void line(std::string_view json);

  [[nodiscard]] const std::deque<Step>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }
  /// All writes of a place, in order.
  [[nodiscard]] const std::vector<Write>& writes(const Place& place) const;
  [[nodiscard]] Place current(Change::Of of, std::uint32_t index, Value row = 0,
                              std::uint32_t field = 0) const;
  /// The fields that draws of detailed steps took from.
  [[nodiscard]] const std::set<Place>& drawn() const { return drawn_; }
  /// The record in which entry `seq` was written, if its step is detailed.
  [[nodiscard]] const Record* entry(std::uint64_t seq) const;
  /// The changes of a place within a detailed step, before a record; oldest first.
  [[nodiscard]] std::vector<const Record*> changes(const Record& before, const Place& place) const;

  // Trace
  void account(const Account& account) override { account_ = &account; }
  void event(const EventView& event) override;
  void timer(std::uint32_t timer, Value deadline) override;
  void handling(const EventView& event) override;
  void ended(bool done) override;
  void rule(ClauseId clause) override;
  void wrote(std::uint64_t seq) override;
  void enter(const Effect& effect, ClauseId clause) override;
  void leave(const Effect& effect) override;
  void enter_block(std::uint32_t block) override;
  void leave_block(std::uint32_t block) override;
  void changed(const Change& change) override;
  void took(Value row, Value left, Value took) override;
  [[nodiscard]] bool detail() const override;
  void enter(NodeId node) override;
  void leave(NodeId node, Value value) override;
  void turn(std::uint32_t slot, Value row, Turn why) override;

 private:
  using Frame = std::vector<const Record*>;

  Step& begin();
  Record& add(Record::What what);
  Record& open(Record::What what);
  void close(Record::What what);
  void set_slot(std::uint32_t slot, const Record* made_by);
  void note(const Type& type, Value value);
  void note_row(std::uint32_t family, const std::vector<Value>& fields);
  [[nodiscard]] std::vector<Value> row_now(std::uint32_t family, Value row) const;
  [[nodiscard]] ClauseId writer() const;
  void forget_step_rows();

  const Core& core_;
  std::set<std::size_t> wanted_;
  const Account* account_ = nullptr;
  std::deque<Step> steps_;
  std::deque<Record> records_;
  std::vector<Line> lines_;
  std::map<Place, std::vector<Write>> history_;
  std::vector<std::pair<Place, Write>> pending_;  ///< of the event or timer that is not done yet
  struct Entry {
    const Step* step = nullptr;
    const Record* record = nullptr;
    std::size_t order = 0;
  };
  std::map<std::uint64_t, Entry> entries_;
  std::map<std::pair<const Step*, Place>, std::vector<const Record*>> changes_;
  std::set<Place> drawn_;
  std::map<std::uint32_t, std::uint32_t> generations_;
  std::map<std::uint32_t, std::vector<std::vector<Value>>> scratch_;  ///< rows of event families
  Step* step_ = nullptr;
  Step* event_step_ = nullptr;
  Step* failed_ = nullptr;
  std::size_t first_pending_step_ = 0;
  std::size_t order_ = 0;
  Record* top_ = nullptr;
  std::vector<std::pair<const Effect*, ClauseId>> effects_;
  std::vector<Frame> frames_;
};

}  // namespace toll::why
