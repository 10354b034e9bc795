// Many accounts, and events read from the caller's own structs.
#include "toll/batch.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/hash.hpp"
#include "engine/run/account.hpp"
#include "engine/run/batch_accounts.hpp"
#include "engine/run/batch_layout.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"
#include "engine/run/workspace.hpp"

namespace toll {
namespace {

/// Tells whose entry it is.
class Numbered final : public Sink {
 public:
  explicit Numbered(BatchSink& sink) : sink_(sink) {}
  void entry(const Account& account, const EntryView& entry) override {
    sink_.entry(number, account, entry);
  }
  /// The same without looking for who takes it.
  void deliver(const Account& account, AccountState& state, Workspace& work, EntryView& view) {
    deliver_each(state, work, view,
                 [&](const EntryView& entry) { sink_.entry(number, account, entry); });
  }
  std::uint64_t number = 0;

 private:
  BatchSink& sink_;
};

}  // namespace

struct AccountStore::Impl {
  Impl(std::shared_ptr<const Program> of, std::pmr::memory_resource& from)
      : program(std::move(of)),
        shared{program.get(), false, true},
        memory(AccountState::size_of(*program), from),
        rows(from),
        index(memory, from) {
    work.bind(*program);
  }
  ~Impl() {
    lend(nullptr);
    for (auto& [number, account] : asked) release(account);
    for (std::size_t place = 0; place < accounts; ++place) memory.state(place)->~AccountState();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  AccountState* state_of(std::uint64_t number) {
    AccountState* const known = index.find(number);
    if (known != nullptr) [[likely]]
      return known;
    return open(number);
  }
  [[gnu::noinline]] AccountState* open(std::uint64_t number) {
    const auto place = static_cast<std::uint32_t>(accounts);
    AccountState* const made = Account::State::make_at(memory.next(place), shared, rows, number);
    index.insert(number, place);
    ++accounts;
    return made;
  }

  /// The account of a state, until the next one is asked for: a store keeps states only.
  Account& account_of(AccountState& state) {
    if (lent.state_.get() != &state) lend(&state);
    return lent;
  }
  void lend(AccountState* state) {
    release(lent);
    lent.state_.reset(static_cast<Account::State*>(state));
  }
  static void release(Account& account) {
    [[maybe_unused]] Account::State* const theirs = account.state_.release();
  }
  /// The same for those who keep it.
  const Account& kept_account_of(AccountState& state) {
    Account& account = asked.try_emplace(state.number, nullptr).first->second;
    if (account.state_ == nullptr) account.state_.reset(static_cast<Account::State*>(&state));
    return account;
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
    ahead.state = index.guess(ahead.number);
    fetch_state(ahead.state);
  }
  [[gnu::always_inline]] static void fetch_state(const AccountState* state) {
    __builtin_prefetch(state);
    __builtin_prefetch(reinterpret_cast<const char*>(state) + 64);
  }
  [[gnu::always_inline]] void fetch_families(const AccountState& state) const {
    if (state.due == AccountState::kLatest) return;
    for (std::uint32_t i = 0; i < program->account_families; ++i) state.families()[i].prefetch();
  }
  [[gnu::always_inline]] static void fetch_families(const LayoutPlan& plan, const Ahead& ahead) {
    if (ahead.state == nullptr) return;
    for (const std::uint32_t family : plan.families) ahead.state->families()[family].prefetch();
  }

  [[gnu::always_inline]] void fetch_row(const LayoutPlan& plan, const unsigned char* event,
                                        const Ahead& ahead) const {
    if (ahead.state == nullptr || plan.row_names == 0) return;
    std::int64_t name = plan.row_name(event);
    if (name < 0 || name >= plan.row_names) return;
    if (plan.row.memo != kNone) {
      const std::int64_t* const answers = work.memos[plan.row.memo].get();
      if (answers == nullptr) return;
      name = answers[name + 1];
      if (name < 0) return;
    }
    const FamilyState& family = ahead.state->families()[plan.row.place];
    const FamilyShape& shape = program->families[plan.row.family];
    const std::uint32_t row = family.find_handle(shape, packed::handle_of(name));
    if (row != FamilyState::kMissing) __builtin_prefetch(family.record(shape, row));
  }

  /// Ready for events of a layout: the fields that it does not have are as they begin.
  void turn_to(const LayoutPlan& plan, AccountState& state) {
    if (at_hand == &plan) return;
    if (!run) run.emplace(state, work, nullptr, Run::By::code);
    registers = run->field_registers(plan.type);
    std::copy(plan.initial.begin(), plan.initial.end(), registers);
    at_hand = &plan;
  }

  /// By straight code, whose registers hold the fields. False: it gave up, and nothing was changed.
  [[gnu::always_inline]] bool apply_code(const LayoutPlan& plan, AccountState& state,
                                         std::int64_t time, Numbered& sink) {
    run->attach(state);
    work.first_text = state.text_count();
    const Run::Outcome outcome = run->handle_fields(*plan.code, time);
    if (outcome == Run::Outcome::done) [[likely]] {
      run->commit();
      if (!work.entries.empty()) deliver_entries(state, sink);
    } else if (outcome == Run::Outcome::refused) {
      refuse(plan, state, time, sink);
    } else {
      return take_back(state);
    }
    if (work.texts.size() != 0) forget_texts(state);
    return true;
  }

  [[gnu::noinline]] void refuse(const LayoutPlan& plan, AccountState& state, std::int64_t time,
                                Sink& sink) {
    account_of(state).refuse(EntryView::kError, {}, time,
                             run->refused_by(program->core->events[plan.type]),
                             "the event is refused", 0, sink);
  }

  bool take_back(AccountState& state) {
    run->roll_back();
    run->recover();
    work.clear(state);
    return false;
  }

  void forget_texts(AccountState& state) {
    work.texts.clear();
    if (work.kept.empty()) return;
    work.kept.clear();
    state.collect_garbage();
  }

  /// Fires an account's timers due by straight code. False: the rest is to be done by the account.
  bool fire(AccountState& state, Value until, Numbered& sink) {
    constexpr int kMost = 100;  // more than that is for those who look for loops without an end
    if (!run) run.emplace(state, work, nullptr, Run::By::code);
    for (int fired = 0; state.is_due(until); ++fired) {
      if (fired == kMost) return false;
      run->attach(state);
      work.first_text = state.text_count();
      run->fire();
      if (run->failed()) [[unlikely]]
        return take_back(state);
      run->commit();
      if (!work.entries.empty()) deliver_entries(state, sink);
      if (work.texts.size() != 0) forget_texts(state);
    }
    return true;
  }

  void deliver_entries(AccountState& state, Numbered& sink) {
    {
      const AtHand delivering(state, work);
      sink.deliver(account_of(state), state, work, view);
    }
    work.entries.clear();
    work.entry_values.clear();
    work.entry_rows.clear();
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
    account_of(state).apply_with(*lease, event, sink, nullptr);
  }

  void apply(const LayoutPlan& plan, const unsigned char* events, std::size_t count,
             BatchSink& sink);
  void advance(Value until, BatchSink& sink);
  /// Those but the last few, whose memory is fetched ahead; returns how many.
  std::size_t apply_ahead(const LayoutPlan& plan, const unsigned char* events, std::size_t count,
                          Numbered& sink);
  void apply_one(const LayoutPlan& plan, const unsigned char* at, AccountState& state,
                 Numbered& sink);

  // Accounts of so many bytes stay near by themselves: looking ahead would be in vain.
  static constexpr std::size_t kNear = std::size_t{1} << 19;

  std::shared_ptr<const Program> program;
  AccountState::Shared shared;
  StateMemory memory;
  FamilyMemory rows;
  std::size_t accounts = 0;
  Account lent{nullptr};
  std::map<std::uint64_t, Account> asked;  // by number: those that find() has told of
  AccountIndex index;
  Workspace work;
  std::vector<std::unique_ptr<const LayoutPlan>> plans;
  const LayoutPlan* at_hand = nullptr;
  std::optional<Run> run;
  std::int64_t* registers = nullptr;  // of the fields of the layout at hand
  std::vector<Value> wide_fields;
  EntryView view;
  Ahead ring[kRing];
};

/// One event that stands at `at`.
[[gnu::always_inline]] inline void AccountStore::Impl::apply_one(const LayoutPlan& plan,
                                                                 const unsigned char* at,
                                                                 AccountState& state,
                                                                 Numbered& sink) {
  const std::int64_t ticks = plan.ticks_of(at);
  std::int64_t time = 0;
  const bool fits = !__builtin_mul_overflow(ticks, plan.nanos_per_tick, &time);
  if (!plan.read_fields(at, registers)) [[unlikely]] {
    account_of(state).refuse(EntryView::kError, {}, plan.instant(ticks), "bad-event",
                             "a field does not fit", 0, sink);
  } else if (!plan.has_code || !fits || !apply_code(plan, state, time, sink)) [[unlikely]] {
    apply_tree(state, plan.type, plan.instant(ticks), registers, plan.initial.size(), sink);
  }
}

std::size_t AccountStore::Impl::apply_ahead(const LayoutPlan& plan, const unsigned char* events,
                                            std::size_t count, Numbered& sink) {
  constexpr std::size_t kAhead = kStages * kStep;
  if (count <= kAhead) return 0;
  const auto event_at = [&](std::size_t place) { return events + place * plan.stride; };
  const auto ahead_at = [&](std::size_t place) -> Ahead& { return ring[place % kRing]; };
  for (std::size_t k = 0; k < kAhead; ++k) fetch_number(plan, event_at(k), ahead_at(k));
  for (std::size_t k = 0; k < 3 * kStep; ++k) fetch_state(ahead_at(k));
  std::size_t i = 0;
  for (const unsigned char* at = events; i + kAhead < count; ++i, at += plan.stride) {
    __builtin_prefetch(event_at(std::min(i + 2 * kAhead, count - 1)));
    fetch_number(plan, event_at(i + kAhead), ahead_at(i + kAhead));
    fetch_state(ahead_at(i + 3 * kStep));
    fetch_families(plan, ahead_at(i + 2 * kStep));
    fetch_row(plan, event_at(i + kStep), ahead_at(i + kStep));
    sink.number = ahead_at(i).number;
    AccountState* state = ahead_at(i).state;
    if (state == nullptr || state->number != sink.number) [[unlikely]]
      state = state_of(sink.number);
    apply_one(plan, at, *state, sink);
  }
  return i;
}

void AccountStore::Impl::apply(const LayoutPlan& plan, const unsigned char* events,
                               std::size_t count, BatchSink& sink) {
  Numbered numbered(sink);
  std::size_t i = 0;
  turn_to(plan, *state_of(plan.account_of(events)));
  if (accounts * memory.stride() > kNear) i = apply_ahead(plan, events, count, numbered);
  for (const unsigned char* at = events + i * plan.stride; i < count; ++i, at += plan.stride) {
    numbered.number = plan.account_of(at);
    apply_one(plan, at, *state_of(numbered.number), numbered);
  }
}

void AccountStore::Impl::advance(Value until, BatchSink& sink) {
  constexpr std::size_t kAhead = 8;
  Numbered numbered(sink);
  for (std::size_t i = 0; i < accounts; ++i) {
    if (i + 2 * kAhead < accounts) fetch_state(memory.state(i + 2 * kAhead));
    if (i + kAhead < accounts) fetch_families(*memory.state(i + kAhead));
    AccountState& state = *memory.state(i);
    numbered.number = state.number;
    if (!fire(state, until, numbered)) account_of(state).advance(until, numbered);
  }
}

AccountStore::AccountStore(std::shared_ptr<const Program> program, std::pmr::memory_resource* from)
    : impl_(std::make_unique<Impl>(std::move(program),
                                   from == nullptr ? *std::pmr::get_default_resource() : *from)) {}
AccountStore::~AccountStore() = default;
AccountStore::AccountStore(AccountStore&&) noexcept = default;
AccountStore& AccountStore::operator=(AccountStore&&) noexcept = default;

void AccountStore::reserve(std::size_t accounts, std::size_t bytes) {
  impl_->memory.reserve(accounts);
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

void AccountStore::advance(Value until, BatchSink& sink) { impl_->advance(until, sink); }

std::size_t AccountStore::size() const { return impl_->accounts; }

const Account* AccountStore::find(std::uint64_t account) const {
  AccountState* const state = impl_->index.find(account);
  return state == nullptr ? nullptr : &impl_->kept_account_of(*state);
}

std::size_t AccountStore::bytes() const {
  std::size_t total = impl_->index.bytes() + impl_->memory.bytes() + impl_->rows.bytes();
  for (std::size_t place = 0; place < impl_->accounts; ++place) {
    total += impl_->memory.state(place)->bytes_elsewhere();
  }
  return total;
}

std::size_t AccountStore::shard_of(std::uint64_t account, std::size_t shards) {
  return static_cast<std::size_t>(mix(account) >> 32) % shards;
}

}  // namespace toll
