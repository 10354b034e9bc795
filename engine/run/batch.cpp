// Many accounts, and events read from the caller's own structs.
#include "toll/batch.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/hash.hpp"
#include "engine/run/account.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"
#include "engine/run/workspace.hpp"

namespace toll {
namespace {

/// A part of an event, as it is read: eight bytes that hold it, and what is in the way shifted out.
class PartReader {
 public:
  PartReader() = default;
  /// Of structs that are `stride` bytes apart.
  PartReader(const EventLayout::Part& part, std::size_t stride) : part_(part) {
    const auto bits = static_cast<unsigned>(64 - 8 * part.bytes);
    at_ = part.offset;
    right_ = bits;
    if (part.offset + 8 <= stride) {
      left_ = bits;
    } else if (part.offset + part.bytes >= 8) {
      at_ = part.offset + part.bytes - 8;  // the part comes last
    } else {
      whole_ = false;
    }
    whole_ = whole_ && std::endian::native == std::endian::little;
  }
  [[nodiscard]] std::int64_t read(const unsigned char* event) const {
    if (!whole_) [[unlikely]]
      return read_small(event + part_.offset);
    std::uint64_t bits = 0;
    std::memcpy(&bits, event + at_, sizeof bits);
    bits <<= left_;
    return part_.is_signed ? static_cast<std::int64_t>(bits) >> right_
                           : static_cast<std::int64_t>(bits >> right_);
  }

 private:
  [[nodiscard]] std::int64_t read_small(const unsigned char* at) const {
    const auto number = [at](auto zero) {
      std::memcpy(&zero, at, sizeof zero);
      return static_cast<std::int64_t>(zero);
    };
    switch (part_.bytes) {
      case 1:
        return part_.is_signed ? number(std::int8_t{0}) : number(std::uint8_t{0});
      case 2:
        return part_.is_signed ? number(std::int16_t{0}) : number(std::uint16_t{0});
      case 4:
        return part_.is_signed ? number(std::int32_t{0}) : number(std::uint32_t{0});
      default:
        return number(std::int64_t{0});
    }
  }

  std::size_t at_ = 0;
  unsigned left_ = 0;
  unsigned right_ = 0;
  bool whole_ = true;
  EventLayout::Part part_;
};

/// Numbers of accounts to their states: open addressing, at most half full.
class AccountIndex {
 public:
  void reserve(std::size_t accounts) {
    std::size_t size = 16;
    while (size < 2 * accounts) size *= 2;
    if (size > slots_.size()) rebuild(size);
  }
  /// Null: there is none.
  [[nodiscard]] AccountState* find(std::uint64_t account) const {
    std::size_t at = home(account);
    while (slots_[at].account != account && slots_[at].state != nullptr) at = (at + 1) & mask_;
    return slots_[at].state;
  }
  void insert(std::uint64_t account, AccountState* state) {
    reserve(++used_);
    put(account, state);
  }
  void prefetch(std::uint64_t account) const { __builtin_prefetch(&slots_[home(account)]); }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t account = 0;
    AccountState* state = nullptr;
  };

  [[nodiscard]] std::size_t home(std::uint64_t account) const {
    return ((account ^ (account >> 29)) * 0x9e3779b97f4a7c15U) >> shift_;
  }
  void put(std::uint64_t account, AccountState* state) {
    std::size_t at = home(account);
    while (slots_[at].state != nullptr) at = (at + 1) & mask_;
    slots_[at] = {account, state};
  }
  void rebuild(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    mask_ = size - 1;
    shift_ = 64 - std::countr_zero(size);
    for (const Slot& slot : old) {
      if (slot.state != nullptr) put(slot.account, slot.state);
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(16);
  std::size_t mask_ = 15;
  int shift_ = 60;
  std::size_t used_ = 0;
};

/// Memory of the accounts' states, each on cache lines of its own.
class StateMemory {
 public:
  explicit StateMemory(std::size_t size) : stride_((size + kLine - 1) / kLine * kLine) {}
  /// Room for so many in one piece.
  void reserve(std::size_t states) {
    if (states <= free_) return;
    chunks_.emplace_back(new (std::align_val_t{kLine}) unsigned char[states * stride_]);
    bytes_ += states * stride_;
    next_ = chunks_.back().get();
    free_ = states;
  }
  void* get() {
    if (free_ == 0) reserve(chunks_.empty() ? 16 : 4096);
    --free_;
    return std::exchange(next_, next_ + stride_);
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kLine = 64;
  struct Free {
    void operator()(unsigned char* chunk) const {
      ::operator delete[](chunk, std::align_val_t{kLine});
    }
  };
  std::size_t stride_;
  std::vector<std::unique_ptr<unsigned char[], Free>> chunks_;
  unsigned char* next_ = nullptr;
  std::size_t free_ = 0;
  std::size_t bytes_ = 0;
};

/// Tells whose entry it is.
class Numbered final : public Sink {
 public:
  explicit Numbered(BatchSink& sink) : sink_(sink) {}
  void entry(const Account& account, const EntryView& entry) override {
    sink_.entry(number, account, entry);
  }
  std::uint64_t number = 0;

 private:
  BatchSink& sink_;
};

/// How one field is read: its meanings are checked beforehand, so that an event is but looked up.
struct FieldPlan {
  static constexpr std::int64_t kBad = INT64_MIN + 1;
  PartReader part;
  std::uint32_t field = 0;
  bool direct = true;  ///< the number is the value
  std::vector<std::int64_t> meanings;
  std::int64_t none = kBad;  ///< what no value means: the initial one, or that the event is bad
  std::int64_t times = 1;
  std::int64_t least = INT64_MIN;
  std::int64_t most = INT64_MAX;

  [[nodiscard]] std::int64_t checked(std::int64_t value) const {
    if (value == kNothing) return none;
    return value < least || value > most ? kBad : value;
  }
  [[nodiscard]] std::int64_t read(const unsigned char* event) const {
    std::int64_t value = part.read(event);
    if (!direct) {
      const auto place = static_cast<std::uint64_t>(value);
      return place < meanings.size() ? meanings[place] : none;
    }
    if (__builtin_mul_overflow(value, times, &value)) return kBad;
    return checked(value);
  }
};

/// How events of one layout are read.
struct LayoutPlan {
  LayoutPlan(const Program& program, const EventLayout& layout);
  LayoutPlan(const LayoutPlan&) = delete;
  LayoutPlan& operator=(const LayoutPlan&) = delete;

  /// Puts an event's fields into registers. False: the event is bad.
  bool read_fields(const unsigned char* event, std::int64_t* into) const {
    for (const FieldPlan& plan : fields) {
      const std::int64_t value = plan.read(event);
      if (value == FieldPlan::kBad) return false;
      into[plan.field] = value;
    }
    return true;
  }
  [[nodiscard]] std::uint64_t account_of(const unsigned char* event) const {
    return static_cast<std::uint64_t>(account.read(event));
  }

  [[nodiscard]] Value instant(std::int64_t ticks) const {
    return static_cast<Value>(ticks) * nanos_per_tick;
  }

  std::uint32_t type = 0;
  std::size_t stride = 0;
  PartReader account;
  PartReader time;
  std::int64_t nanos_per_tick = 1;
  std::vector<FieldPlan> fields;
  std::vector<std::int64_t> initial;    ///< values of all fields
  std::vector<std::uint32_t> families;  ///< places of those that its events look into
  Entries::Row row;                     ///< that its events look for first
  const FieldPlan* row_reader = nullptr;
  std::int64_t row_names = 0;
};

LayoutPlan::LayoutPlan(const Program& program, const EventLayout& layout)
    : type(layout.type),
      stride(layout.stride),
      account(layout.account, layout.stride),
      time(layout.time, layout.stride),
      nanos_per_tick(layout.nanos_per_tick),
      families(program.code.events[layout.type].families) {
  const EventType& event = program.core->events[layout.type];
  for (const Field& field : event.fields) {
    std::int64_t value = kNothing;
    TOLL_ASSERT(narrow(field.initial, value));
    initial.push_back(value);
  }
  for (const EventLayout::Field& from : layout.fields) {
    const FieldType& read = event.fields[from.field].type;
    FieldPlan plan;
    plan.part = PartReader(from.part, layout.stride);
    plan.field = from.field;
    plan.times = from.times;
    if (!event.fields[from.field].required) plan.none = initial[from.field];
    if (read.type.kind == Kind::number) plan.least = read.at_least;
    if (read.type.kind == Kind::boolean || read.type.kind == Kind::name) {
      plan.least = 0;
      plan.most = 1;
    }
    if (read.type.kind == Kind::name) {
      plan.most = static_cast<std::int64_t>(program.wires[read.type.ref].size()) - 1;
    }
    plan.direct = from.meanings.empty();
    for (const std::int64_t meaning : from.meanings) {
      plan.meanings.push_back(plan.checked(meaning));
    }
    fields.push_back(std::move(plan));
  }
  row = program.code.events[type].row;
  if (row.family == kNone) return;
  for (const FieldPlan& plan : fields) {
    if (plan.field != row.field) continue;
    row_reader = &plan;
    row_names =
        static_cast<std::int64_t>(program.wires[event.fields[row.field].type.type.ref].size());
  }
}

}  // namespace

struct AccountStore::Impl {
  explicit Impl(std::shared_ptr<const Program> of)
      : program(std::move(of)), memory(AccountState::size_of(*program)) {
    work.bind(*program);
  }

  AccountState* state_of(std::uint64_t number) {
    AccountState* const known = index.find(number);
    if (known != nullptr) return known;
    const auto place = static_cast<std::uint32_t>(accounts.size());
    Account account(nullptr);
    account.state_ = Account::State::make_at(memory.get(), *program, rows, place);
    AccountState* const made = account.state_.get();
    accounts.push_back(std::move(account));
    numbers.push_back(number);
    index.insert(number, made);
    return made;
  }

  // An event's memory is brought near in stages, kStep events apart: where its account is, the
  // account's state, the families that it looks into, the row. One event a stage at a time, since
  // processors fetch but a few lines at once. (Inlined always: what only fetches is taken for idle
  // by compilers that look at it from outside.)
  static constexpr std::size_t kStep = 5;
  static constexpr std::size_t kStages = 4;
  static constexpr std::size_t kRing = 32;
  static_assert(kStep * kStages < kRing);
  struct Ahead {
    std::uint64_t number = 0;
    AccountState* state = nullptr;
  };

  [[gnu::always_inline]] void fetch_number(const LayoutPlan& plan, const unsigned char* event,
                                           Ahead& ahead) const {
    ahead.number = plan.account_of(event);
    index.prefetch(ahead.number);
  }
  [[gnu::always_inline]] void fetch_state(Ahead& ahead) const {
    ahead.state = index.find(ahead.number);
    __builtin_prefetch(ahead.state);
    __builtin_prefetch(reinterpret_cast<const char*>(ahead.state) + 64);
  }
  [[gnu::always_inline]] static void fetch_families(const LayoutPlan& plan, const Ahead& ahead) {
    if (ahead.state == nullptr) return;
    for (const std::uint32_t family : plan.families) ahead.state->families()[family].prefetch();
  }

  [[gnu::always_inline]] void fetch_row(const LayoutPlan& plan, const unsigned char* event,
                                        const Ahead& ahead) const {
    if (ahead.state == nullptr || plan.row_reader == nullptr) return;
    std::int64_t name = plan.row_reader->read(event);
    if (plan.row.memo != kNone) {
      const std::int64_t* const answers = work.memos[plan.row.memo].get();
      if (answers == nullptr || name < 0 || name >= plan.row_names) return;
      name = answers[name + 1];
    }
    if (name < 0) return;
    const FamilyState& family = ahead.state->families()[plan.row.place];
    const FamilyShape& shape = program->families[plan.row.family];
    const std::uint32_t row = family.find_handle(shape, packed::handle_of(name));
    if (row != FamilyState::kMissing) __builtin_prefetch(family.record(shape, row));
  }

  /// By straight code, whose registers hold the fields. False: it gave up, and nothing was changed.
  bool apply_code(Run& run, AccountState& state, std::uint32_t type, std::int64_t time,
                  Sink& sink) {
    run.attach(state);
    work.first_text = state.text_count();
    const std::string_view refused = run.handle_fields(type, time);
    if (run.failed()) [[unlikely]] {
      run.roll_back();
      run.recover();
      work.clear(state);
      return false;
    }
    if (!refused.empty()) [[unlikely]] {
      accounts[state.place].refuse(EntryView::kError, {}, time, refused, "the event is refused", 0,
                                   sink);
    } else {
      run.commit();
      if (!work.entries.empty()) deliver_entries(state, sink);
    }
    if (work.texts.size() != 0) work.clear(state);
    return true;
  }

  void deliver_entries(AccountState& state, Sink& sink) {
    state.workspace = &work;
    deliver(accounts[state.place], state, work, {}, sink);
    state.workspace = nullptr;
    work.clear(state);
  }

  /// The same by walking the tree.
  void apply_tree(AccountState& state, std::uint32_t type, Value time, const std::int64_t* values,
                  std::size_t count, Sink& sink) {
    wide_fields.clear();
    for (std::size_t i = 0; i < count; ++i) wide_fields.push_back(widen(values[i]));
    EventView event;
    event.type = type;
    event.time = time;
    event.fields = wide_fields;
    WorkspaceLease lease(state);
    accounts[state.place].apply_with(*lease, event, sink, nullptr);
  }

  void apply(const LayoutPlan& plan, const unsigned char* events, std::size_t count,
             BatchSink& sink);
  void apply_one(const LayoutPlan& plan, const unsigned char* at, AccountState& state, Run& run,
                 std::int64_t* values, bool has_code, Numbered& sink);

  std::shared_ptr<const Program> program;
  StateMemory memory;
  FamilyMemory rows;
  std::vector<Account> accounts;
  std::vector<std::uint64_t> numbers;
  AccountIndex index;
  Workspace work;
  std::vector<std::unique_ptr<const LayoutPlan>> plans;
  std::vector<Value> wide_fields;
  Ahead ring[kRing];
};

/// One event that stands at `at`.
inline void AccountStore::Impl::apply_one(const LayoutPlan& plan, const unsigned char* at,
                                          AccountState& state, Run& run, std::int64_t* values,
                                          bool has_code, Numbered& sink) {
  const std::int64_t ticks = plan.time.read(at);
  std::int64_t time = 0;
  const bool fits = !__builtin_mul_overflow(ticks, plan.nanos_per_tick, &time);
  if (!plan.read_fields(at, values)) [[unlikely]] {
    accounts[state.place].refuse(EntryView::kError, {}, plan.instant(ticks), "bad-event",
                                 "a field does not fit", 0, sink);
  } else if (!has_code || !fits || !apply_code(run, state, plan.type, time, sink)) {
    apply_tree(state, plan.type, plan.instant(ticks), values, plan.initial.size(), sink);
  }
}

void AccountStore::Impl::apply(const LayoutPlan& plan, const unsigned char* events,
                               std::size_t count, BatchSink& sink) {
  Numbered numbered(sink);
  numbered.number = plan.account_of(events);
  AccountState* state = state_of(numbered.number);
  Run run(*state, work, nullptr, Run::By::code);
  std::int64_t* const values = run.field_registers(plan.type);
  std::copy(plan.initial.begin(), plan.initial.end(), values);
  const bool has_code = run.has_code(plan.type);
  const unsigned char* at = events;
  // A few are as fast without looking ahead.
  constexpr std::size_t kAhead = kStages * kStep;
  std::size_t i = 0;
  if (count > kAhead) {
    const auto event_at = [&](std::size_t place) { return events + place * plan.stride; };
    const auto ahead_at = [&](std::size_t place) -> Ahead& { return ring[place % kRing]; };
    for (std::size_t k = 0; k < kAhead; ++k) fetch_number(plan, event_at(k), ahead_at(k));
    for (std::size_t k = 0; k < 3 * kStep; ++k) fetch_state(ahead_at(k));
    for (; i + kAhead < count; ++i, at += plan.stride) {
      __builtin_prefetch(event_at(std::min(i + 2 * kAhead, count - 1)));
      fetch_number(plan, event_at(i + kAhead), ahead_at(i + kAhead));
      fetch_state(ahead_at(i + 3 * kStep));
      fetch_families(plan, ahead_at(i + 2 * kStep));
      fetch_row(plan, event_at(i + kStep), ahead_at(i + kStep));
      numbered.number = ahead_at(i).number;
      state = ahead_at(i).state;
      if (state == nullptr) [[unlikely]]
        state = state_of(numbered.number);
      apply_one(plan, at, *state, run, values, has_code, numbered);
    }
  }
  for (; i < count; ++i, at += plan.stride) {
    numbered.number = plan.account_of(at);
    apply_one(plan, at, *state_of(numbered.number), run, values, has_code, numbered);
  }
}

AccountStore::AccountStore(std::shared_ptr<const Program> program)
    : impl_(std::make_unique<Impl>(std::move(program))) {}
AccountStore::~AccountStore() = default;
AccountStore::AccountStore(AccountStore&&) noexcept = default;
AccountStore& AccountStore::operator=(AccountStore&&) noexcept = default;

void AccountStore::reserve(std::size_t accounts, std::size_t bytes) {
  impl_->memory.reserve(accounts);
  impl_->accounts.reserve(accounts);
  impl_->numbers.reserve(accounts);
  impl_->index.reserve(accounts);
  impl_->rows.reserve(bytes);
}

std::uint32_t AccountStore::add_layout(const EventLayout& layout) {
  TOLL_ASSERT(layout.type < impl_->program->core->events.size());
  impl_->plans.push_back(std::make_unique<const LayoutPlan>(*impl_->program, layout));
  return static_cast<std::uint32_t>(impl_->plans.size()) - 1;
}

void AccountStore::apply(std::uint32_t layout, const void* events, std::size_t count,
                         BatchSink& sink) {
  if (count == 0) return;
  impl_->apply(*impl_->plans[layout], static_cast<const unsigned char*>(events), count, sink);
}

void AccountStore::advance(Value until, BatchSink& sink) {
  Numbered numbered(sink);
  for (std::size_t i = 0; i < impl_->accounts.size(); ++i) {
    numbered.number = impl_->numbers[i];
    impl_->accounts[i].advance(until, numbered);
  }
}

std::size_t AccountStore::size() const { return impl_->accounts.size(); }

const Account* AccountStore::find(std::uint64_t account) const {
  const AccountState* state = impl_->index.find(account);
  return state == nullptr ? nullptr : &impl_->accounts[state->place];
}

std::size_t AccountStore::bytes() const {
  std::size_t total = impl_->index.bytes() + impl_->memory.bytes() +
                      impl_->numbers.capacity() * sizeof(std::uint64_t) +
                      impl_->accounts.capacity() * sizeof(Account);
  total += impl_->rows.bytes();
  for (const Account& account : impl_->accounts) total += account.state_->bytes_elsewhere();
  return total;
}

std::size_t AccountStore::shard_of(std::uint64_t account, std::size_t shards) {
  return static_cast<std::size_t>(mix(account) >> 32) % shards;
}

}  // namespace toll
