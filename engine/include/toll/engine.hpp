// The engine: apply(account state, event) -> new state + ledger entries. Pure: no clock, no locale,
// no input or output, no order that depends on hashing.
//
// A Program is a Core made ready to run; immutable, shared by all accounts and threads. An Account
// is one account's whole state; accounts are independent; one thread at a time per account.
// Errors: an event that fails changes nothing and writes an `error` entry; nothing here throws
// except std::bad_alloc. A broken engine invariant stops the process (TOLL_ASSERT).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

/// Identity of an event within its account and of its content, as hashes made by whoever reads
/// events: `key` of (source, id), `content` of the whole event in canonical form.
struct EventDigest {
  std::uint64_t key_high = 0;
  std::uint64_t key_low = 0;
  std::uint64_t content = 0;
};

/// Rows of one list field: row-major, `columns` values a row.
struct ListView {
  std::span<const Value> cells;
  std::size_t columns = 0;
};

/// One readable event. `fields` has one value per Field of its EventType, initial values filled in.
/// Text values are text_handle(TextSpace::event, i) with i an index into `texts`; unknown names are
/// kUnknownName | such a handle; lists are indexes into `lists`; sets are indexes into `sets`
/// (each a list of names). Everything is borrowed for the call.
struct EventView {
  std::uint32_t type = 0;
  std::string_view id;
  Value time = 0;
  EventDigest digest;
  std::span<const Value> fields;
  std::span<const std::string_view> texts;
  std::span<const ListView> lists;
  std::span<const std::vector<std::uint32_t>> sets;
};

class Account;

/// One ledger entry, borrowed for the call. `kind` indexes Core::entries, or is one of the two that
/// every policy has. Texts are resolved with Account::text.
struct EntryView {
  static constexpr std::uint32_t kDuplicate = 0xfffffffeU;
  static constexpr std::uint32_t kError = 0xfffffffdU;
  std::uint64_t seq = 0;
  Value time = kAbsent;            ///< of the effect; absent: not told
  std::string_view event_id;       ///< cause, when `timer` is kNone
  std::uint32_t timer = kNone;     ///< cause: index into Core::timers
  std::uint32_t kind = 0;
  ClauseId clause = kNone;
  std::span<const Value> members;  ///< one per member; a rows member holds an index into `rows`
  std::span<const ListView> rows;
  std::string_view code;           ///< duplicate, error
  std::string_view message;        ///< duplicate, error
  std::uint64_t line = 0;          ///< error: 0 if not from a file
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void entry(const Account& account, const EntryView& entry) = 0;
};

/// Something an account holds has changed. Rows of a family are numbered in order of making, from 0
/// again after a `clear` (and, for event families, in every step).
struct Change {
  enum class Of : std::uint8_t {
    reg,       ///< index: register
    state,     ///< index: machine
    deadline,  ///< index: timer
    field,     ///< index: family; row, field
    row,       ///< index: family; row: the new one, with these fields
    clear,     ///< index: family
  };
  Of of = Of::reg;
  std::uint32_t index = 0;
  Value row = kAbsent;
  std::uint32_t field = 0;
  Value old = kAbsent;
  Value value = kAbsent;
  std::span<const Value> fields;
};

/// What an explanation is made of; null where nobody asks (nothing is paid for it then).
///
/// Everything is told in the order in which it happens and nested as it happens. A step is a timer,
/// or an event with its refusals before the timers due by its time and its block after them. The
/// walk over the core's own trees that tells it is the reference: whatever else evaluates a policy
/// has to come to the same ledger. Values are the account's, to be read before the step ends.
class Trace {
 public:
  virtual ~Trace() = default;

  // -- steps
  virtual void account(const Account& /*account*/) {}  ///< what follows is about it
  virtual void event(const EventView& /*event*/) {}    ///< its refusals follow
  virtual void timer(std::uint32_t /*timer*/, Value /*deadline*/) {}
  virtual void handling(const EventView& /*event*/) {}  ///< its block follows
  /// The event with the timers before it, or the timer, is done; or failed, and nothing happened.
  virtual void ended(bool /*done*/) {}

  // -- what happens
  /// A rule or case that held; a table row that was read.
  virtual void rule(ClauseId /*clause*/) {}
  virtual void looked_up(std::uint32_t /*table*/, std::uint32_t /*row*/) {}
  /// The entry `seq` was written; what was told since the last one led to it. Entries of an event
  /// that fails are not delivered, though they were told.
  virtual void wrote(std::uint64_t /*seq*/) {}
  /// An effect of the core begins, for the rule or declaration `clause`; and is done.
  virtual void enter(const Effect& /*effect*/, ClauseId /*clause*/) {}
  virtual void leave(const Effect& /*effect*/) {}
  virtual void enter_block(std::uint32_t /*block*/) {}  ///< its arguments were evaluated before
  virtual void leave_block(std::uint32_t /*block*/) {}
  virtual void changed(const Change& /*change*/) {}
  /// A draw takes `took` from a row that has `left`; the block of the draw follows.
  virtual void took(Value /*row*/, Value /*left*/, Value /*took*/) {}

  // -- how it came to that: every expression, if this step is asked about in such detail
  enum class Turn : std::uint8_t {
    test,   ///< does the row belong to the traversal? For `any`, `sum` and so on: and what it adds
    sort,   ///< where it stands in the order
    visit,  ///< what is done for it follows
    weigh,  ///< before a draw: the condition of the draw, for every row there is
  };
  [[nodiscard]] virtual bool detail() const { return false; }  ///< asked when a step begins
  virtual void enter(NodeId /*node*/) {}
  virtual void leave(NodeId /*node*/, Value /*value*/) {}
  virtual void turn(std::uint32_t /*slot*/, Value /*row*/, Turn /*why*/) {}
};

enum class Repeat : std::uint8_t { fresh, same, other };

class Program;
struct Workspace;
std::shared_ptr<const Program> prepare(std::shared_ptr<const Core> core);
const Core& core_of(const Program& program);

class Account {
 public:
  explicit Account(std::shared_ptr<const Program> program);
  ~Account();
  Account(Account&&) noexcept;
  Account& operator=(Account&&) noexcept;

  /// Has this event been applied before (within the policy's horizon before `time`)? `time` absent:
  /// not told. Writes nothing.
  [[nodiscard]] Repeat repeat(const EventDigest& digest, Value time) const;

  /// Applies a fresh event: refusals, timers due, the event's block. False: it wrote an `error`
  /// entry and changed nothing else.
  bool apply(const EventView& event, Sink& sink, Trace* trace = nullptr);

  /// Fires every timer due at or before `until`. The clock moves to the deadlines that fired only.
  /// False: a timer failed (overflow), wrote an `error` entry and was left as it was.
  bool advance(Value until, Sink& sink, Trace* trace = nullptr);

  /// Writes a `duplicate` or `error` entry for an event that is not applied. `time` may be absent.
  void refuse(std::uint32_t kind, std::string_view event_id, Value time, std::string_view code,
              std::string_view message, std::uint64_t line, Sink& sink);

  [[nodiscard]] Value clock() const;          ///< absent before the first event
  [[nodiscard]] Value next_deadline() const;  ///< absent: no timer is armed
  [[nodiscard]] std::uint64_t entries() const;

  /// The text of a text value (or of an unknown name); valid until the next call that changes state.
  [[nodiscard]] std::string_view text(Value value) const;
  /// The names in a set value, ascending.
  [[nodiscard]] std::vector<std::uint32_t> names(Value set) const;

  /// State for tools and tests: a register's value, a machine's state, the rows of a family.
  [[nodiscard]] Value register_value(std::uint32_t index) const;
  [[nodiscard]] Value state(std::uint32_t machine) const;
  [[nodiscard]] std::size_t row_count(std::uint32_t family) const;
  [[nodiscard]] Value cell(std::uint32_t family, std::size_t row, std::uint32_t field) const;
  /// Does this boolean definition without parameters hold now, with the account's clock for `now`?
  [[nodiscard]] bool holds(std::uint32_t definition) const;
  /// The value of any definition without parameters, in the same way. A text is readable if the
  /// account keeps it; one that the definition makes is not.
  [[nodiscard]] Value value_of(std::uint32_t definition) const;
  /// Visits the rows of Core::views[view] with the values of its columns, `now` as given. Values are
  /// borrowed for the call. False: a value went out of range, and the rows are not to be trusted.
  using ViewRow = std::function<void(Value row, std::span<const Value> columns)>;
  bool view(std::uint32_t view, Value now, const ViewRow& visit) const;
  [[nodiscard]] std::size_t bytes() const;    ///< memory held, ids included

  /// The same state, but for the ids of its events: to see what time alone will do to it.
  [[nodiscard]] Account copy() const;

  /// The whole state as bytes (docs/formats.md): names are spelled out, so that a state can be read
  /// under a later edition of its policy. Restore returns an error message, empty if it went well.
  [[nodiscard]] std::string save() const;
  std::string restore(std::string_view bytes);

 private:
  friend class AccountStore;
  struct State;
  /// apply(), but for remembering the event's id.
  bool apply_with(Workspace& work, const EventView& event, Sink& sink, Trace* trace);
  std::unique_ptr<State> state_;
};

}  // namespace toll
