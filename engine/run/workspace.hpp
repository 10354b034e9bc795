// What the handling of one event or timer needs and nobody needs after it. Kept by the thread and
// used for one event after the other, so that nothing is allocated for an event in the long run.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/fast/code.hpp"
#include "engine/kernel/family_state.hpp"
#include "engine/kernel/pool.hpp"
#include "engine/run/journal.hpp"
#include "toll/engine.hpp"
#include "toll/hooks.hpp"
#include "toll/value.hpp"

namespace toll {

class MachineCode;

/// An entry that is written if the event succeeds.
struct PendingEntry {
  struct Rows {
    std::size_t first = 0;  ///< in Workspace::entry_values
    std::size_t count = 0;
    std::size_t columns = 0;
  };
  Value time = kAbsent;
  Emission::Same same;
  std::uint32_t timer = kNone;
  std::uint32_t first_member = 0;
  std::uint32_t first_rows = 0;  ///< in Workspace::entry_rows
};

/// Items one after the other, put down where they are to lie.
template <class Item>
class Stack {
 public:
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(next_ - items_.get()); }
  [[nodiscard]] bool empty() const { return next_ == items_.get(); }
  [[nodiscard]] const Item* data() const { return items_.get(); }
  [[nodiscard]] const Item* begin() const { return items_.get(); }
  [[nodiscard]] const Item* end() const { return next_; }
  Item& operator[](std::size_t i) { return items_[i]; }
  Item& back() { return next_[-1]; }
  void push_back(const Item& item) { *extend(1) = item; }
  [[nodiscard]] bool has_room(std::size_t count) const {
    return static_cast<std::size_t>(end_ - next_) >= count;
  }
  /// Where there is room: for so many more, which are yet to be written.
  Item* take(std::size_t count) { return std::exchange(next_, next_ + count); }
  void make_room(std::size_t count) {
    if (!has_room(count)) grow(count);
  }
  /// Room for so many more, which are yet to be written.
  Item* extend(std::size_t count) {
    make_room(count);
    return take(count);
  }
  void clear() { next_ = items_.get(); }

 private:
  [[gnu::noinline]] void grow(std::size_t count) {
    const std::size_t had = size();
    const std::size_t capacity = std::max<std::size_t>(64, 2 * (had + count));
    std::unique_ptr<Item[]> larger(new Item[capacity]);
    std::copy_n(items_.get(), had, larger.get());
    items_ = std::move(larger);
    next_ = items_.get() + had;
    end_ = items_.get() + capacity;
  }

  std::unique_ptr<Item[]> items_;
  Item* next_ = nullptr;
  Item* end_ = nullptr;
};

struct Workspace {
  /// Makes it fit for a program's accounts.
  void bind(const Program& program);
  /// Forgets the event before.
  void clear(const AccountState& state);

  std::uint64_t program_id = 0;
  std::vector<Value> slots;
  std::vector<FamilyState> event_families;

  std::vector<Value> fields;  ///< of the event, its texts and sets made the account's own
  std::vector<Value> list_cells;
  std::vector<ListView> lists;
  TextPool texts;                ///< texts that neither policy nor account have
  std::uint32_t first_text = 0;  ///< the account's index of the first of them, if it is kept
  std::vector<bool> kept;        ///< which of them the account's state refers to

  Journal journal;
  Stack<PendingEntry> entries;
  Stack<Value> entry_values;
  Stack<PendingEntry::Rows> entry_rows;
  std::vector<ListView> entry_views;  ///< of the entry being delivered
  std::span<const ListView> rows_of(const PendingEntry& entry);

  // Of straight code (engine/fast).
  const MachineCode* machine_code = nullptr;  ///< null: it is interpreted
  std::uint64_t interpreted = 0;              ///< so often it was
  std::vector<std::int64_t> registers;
  std::vector<std::unique_ptr<std::int64_t[]>> memos;  ///< null until they are used
  std::vector<std::int64_t> found;                     ///< stack of rows put aside, and their keys
  std::vector<std::int64_t> found_keys;
  std::int64_t era_from = 1;  ///< the era looked up last: [from, until); at first none
  std::int64_t era_until = 0;
  std::size_t era = 0;
  /// A value that is the same in all of an event or timer, if this is the one.
  struct Steady {
    std::uint64_t step = 0;
    std::int64_t value = 0;
  };
  std::vector<Steady> steady;
  std::uint64_t step = 0;  ///< how many events and timers there were so far
  /// The months looked up last, [from, until); at first none.
  struct Month {
    std::int64_t from = 0;
    std::int64_t until = 0;
    std::int64_t month = 0;
  };
  static constexpr unsigned kMonths = 16;
  Month months[kMonths];
  unsigned month = 0;  ///< the one asked for last
  /// What operations of the calendar came to last.
  struct Date {
    std::uint32_t term = kNone;
    std::int64_t of = 0;
    std::int64_t by = 0;
    std::int64_t value = 0;
  };
  static constexpr std::size_t kDates = 512;
  Date dates[kDates];
  /// Texts that were joined last, of parts that say the same in all accounts.
  struct Joined {
    std::uint32_t term = kNone;
    std::uint32_t shared = 0;  ///< among the policy's texts, if it is one of them
    std::int64_t parts[kMostJoined] = {};
    std::string text;
  };
  static constexpr unsigned kJoinedBits = 8;
  std::vector<Joined> joined;

  std::vector<std::uint64_t> rows;  ///< stack of rows found for the loops under way
  std::vector<Value> sort_keys;
  std::vector<std::uint32_t> sort_order;
  std::string text;
  std::vector<std::uint64_t> bits;

  /// Those that call a program's hooks, the latest last: a thread may serve a few programs by
  /// turns.
  struct Caller {
    std::uint64_t program_id = 0;
    std::unique_ptr<HookCaller> caller;
  };
  HookCaller* hook_caller(const Program& program);
  std::vector<Caller> hook_callers;
  std::vector<HookArgument> hook_arguments;
  std::string hook_failure;
};

/// Says that an event or timer of an account is at hand on this thread: texts that it made are the
/// account's meanwhile.
class AtHand {
 public:
  AtHand(const AccountState& state, const Workspace& work)
      : state_(state), work_(work), before_(latest_) {
    latest_ = this;
  }
  ~AtHand() { latest_ = before_; }
  AtHand(const AtHand&) = delete;
  AtHand& operator=(const AtHand&) = delete;
  /// Null: there is none.
  [[nodiscard]] static const Workspace* of(const AccountState& state) {
    for (const AtHand* one = latest_; one != nullptr; one = one->before_) {
      if (&one->state_ == &state) return &one->work_;
    }
    return nullptr;
  }

 private:
  static constinit thread_local const AtHand* latest_;

  const AccountState& state_;
  const Workspace& work_;
  const AtHand* const before_;
};

/// Borrows a workspace from the thread; a sink may apply events to other accounts meanwhile.
class WorkspaceLease {
 public:
  explicit WorkspaceLease(AccountState& state);
  ~WorkspaceLease();
  WorkspaceLease(const WorkspaceLease&) = delete;
  WorkspaceLease& operator=(const WorkspaceLease&) = delete;
  Workspace& operator*() { return *workspace_; }

 private:
  std::unique_ptr<Workspace> workspace_;
  AtHand at_hand_;
};

}  // namespace toll
