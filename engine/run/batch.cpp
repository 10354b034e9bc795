// Many accounts, and events read from the caller's own structs.
#include "toll/batch.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/kernel/hash.hpp"
#include "engine/run/account.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"
#include "engine/run/workspace.hpp"

namespace toll {
namespace {

[[gnu::always_inline]] inline std::int64_t read_part(const unsigned char* event,
                                                     const EventLayout::Part& part) {
  const unsigned char* at = event + part.offset;
  const auto whole = [at](auto zero) {
    std::memcpy(&zero, at, sizeof zero);
    return static_cast<std::int64_t>(zero);
  };
  switch (part.bytes) {
    case 1:
      return part.is_signed ? whole(std::int8_t{0}) : whole(std::uint8_t{0});
    case 2:
      return part.is_signed ? whole(std::int16_t{0}) : whole(std::uint16_t{0});
    case 4:
      return part.is_signed ? whole(std::int32_t{0}) : whole(std::uint32_t{0});
    default:
      return whole(std::int64_t{0});
  }
}

/// Numbers of accounts to places in the store: open addressing, at most half full.
class AccountIndex {
 public:
  static constexpr std::uint32_t kMissing = 0xffffffffU;

  void reserve(std::size_t accounts) {
    std::size_t size = 16;
    while (size < 2 * accounts) size *= 2;
    if (size > slots_.size()) rebuild(size);
  }
  [[nodiscard]] std::uint32_t find(std::uint64_t account) const {
    if (slots_.empty()) return kMissing;
    for (std::size_t at = home(account);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].place == 0) return kMissing;
      if (slots_[at].account == account) return slots_[at].place - 1;
    }
  }
  void insert(std::uint64_t account, std::uint32_t place) {
    reserve(std::size_t{place} + 1);
    put(account, place + 1);
  }
  void prefetch(std::uint64_t account) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[home(account)]);
  }
  [[nodiscard]] std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t account = 0;
    std::uint32_t place = 0;  // + 1; 0 is free
  };

  [[nodiscard]] std::size_t home(std::uint64_t account) const {
    return mix(account) & (slots_.size() - 1);
  }
  void put(std::uint64_t account, std::uint32_t place) {
    std::size_t at = home(account);
    while (slots_[at].place != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {account, place};
  }
  void rebuild(std::size_t size) {
    std::vector<Slot> old(size);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.place != 0) put(slot.account, slot.place);
    }
  }

  std::vector<Slot> slots_;
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

}  // namespace

struct AccountStore::Impl {
  explicit Impl(std::shared_ptr<const Program> of) : program(std::move(of)) {}

  std::uint32_t place_of(std::uint64_t number) {
    std::uint32_t place = index.find(number);
    if (place == AccountIndex::kMissing) {
      place = static_cast<std::uint32_t>(accounts.size());
      accounts.emplace_back(program);
      numbers.push_back(number);
      index.insert(number, place);
    }
    return place;
  }

  /// How one field is read: its meanings are checked beforehand, so that an event is but looked up.
  struct FieldPlan {
    static constexpr std::int64_t kBad = INT64_MIN + 1;
    EventLayout::Part part;
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
      std::int64_t value = read_part(event, part);
      if (!direct) {
        const auto place = static_cast<std::uint64_t>(value);
        return place < meanings.size() ? meanings[place] : none;
      }
      if (__builtin_mul_overflow(value, times, &value)) return kBad;
      return checked(value);
    }
  };

  /// Puts an event's fields into registers. False: the event is bad.
  bool read_fields(const unsigned char* event, std::int64_t* into) const {
    for (const FieldPlan& plan : plans) {
      const std::int64_t value = plan.read(event);
      if (value == FieldPlan::kBad) return false;
      into[plan.field] = value;
    }
    return true;
  }

  void plan_fields(const EventLayout& layout) {
    const EventType& type = program->core->events[layout.type];
    initial.clear();
    for (const Field& field : type.fields) {
      std::int64_t value = kNothing;
      TOLL_ASSERT(narrow(field.initial, value));
      initial.push_back(value);
    }
    plans.clear();
    for (const EventLayout::Field& from : layout.fields) {
      const FieldType& read = type.fields[from.field].type;
      FieldPlan plan;
      plan.part = from.part;
      plan.field = from.field;
      plan.times = from.times;
      if (!type.fields[from.field].required) plan.none = initial[from.field];
      if (read.type.kind == Kind::number) plan.least = read.at_least;
      if (read.type.kind == Kind::boolean || read.type.kind == Kind::name) {
        plan.least = 0;
        plan.most = 1;
      }
      if (read.type.kind == Kind::name) {
        plan.most = static_cast<std::int64_t>(program->wires[read.type.ref].size()) - 1;
      }
      plan.direct = from.meanings.empty();
      for (const std::int64_t meaning : from.meanings) {
        plan.meanings.push_back(plan.checked(meaning));
      }
      plans.push_back(std::move(plan));
    }
  }

  /// What is known of an event before its turn. Its memory is brought near in stages, kStep events
  /// apart: where its account is, the account's state, what the state refers to, and the first
  /// rows of the families it looks into. One event a stage at a time, since processors fetch but a
  /// few lines at once.
  static constexpr std::size_t kStep = 4;
  static constexpr std::size_t kStages = 6;
  static constexpr std::size_t kRing = 32;
  static_assert(kStep * kStages < kRing);
  struct Ahead {
    std::uint64_t number = 0;
    std::uint32_t place = AccountIndex::kMissing;
    AccountState* state = nullptr;
  };

  void find_account(Ahead& event) const {
    event.place = index.find(event.number);
    if (event.place != AccountIndex::kMissing) __builtin_prefetch(&accounts[event.place]);
  }
  void fetch_state(Ahead& event) const {
    event.state = nullptr;
    if (event.place == AccountIndex::kMissing) return;
    event.state = accounts[event.place].state_.get();
    __builtin_prefetch(event.state);
    __builtin_prefetch(reinterpret_cast<const char*>(event.state) + 64);
  }
  static void fetch_parts(const Ahead& event) {
    if (event.state == nullptr) return;
    __builtin_prefetch(event.state->globals.get());
    __builtin_prefetch(event.state->families.data());
  }
  void fetch_families(const Ahead& event) const {
    if (event.state == nullptr) return;
    for (const std::uint32_t family : families) {
      const FamilyState* rows = event.state->families[family].get();
      __builtin_prefetch(rows);
      __builtin_prefetch(reinterpret_cast<const char*>(rows) + 64);
    }
  }
  void fetch_rows(const Ahead& event) const {
    if (event.state == nullptr) return;
    for (const std::uint32_t family : families) {
      const FamilyState* rows = event.state->families[family].get();
      if (rows != nullptr) rows->prefetch();
    }
  }

  /// Before event i of `count` has its turn.
  void fetch_ahead(const EventLayout& layout, const unsigned char* events, std::size_t i,
                   std::size_t count) {
    const auto event_at = [&](std::size_t stage) -> Ahead& {
      return ring[(i + stage * kStep) % kRing];
    };
    Ahead& fresh = event_at(kStages);
    fresh.place = AccountIndex::kMissing;
    fresh.state = nullptr;
    const std::size_t last = i + kStages * kStep;
    if (last < count) {
      fresh.number =
          static_cast<std::uint64_t>(read_part(events + last * layout.stride, layout.account));
      index.prefetch(fresh.number);
    }
    if (i + 5 * kStep < count) find_account(event_at(5));
    fetch_state(event_at(4));
    fetch_parts(event_at(3));
    fetch_families(event_at(2));
    fetch_rows(event_at(1));
  }

  /// By straight code, whose registers hold the fields. False: it gave up, and nothing was changed.
  bool apply_code(Run& run, Account& account, AccountState& state, std::uint32_t type, Value time,
                  Sink& sink) {
    std::int64_t narrow_time = 0;
    if (!narrow(time, narrow_time)) return false;
    run.attach(state);
    state.workspace = &work;
    work.first_text = state.text_count();
    const std::string_view refused = run.handle_fields(type, narrow_time);
    bool done = true;
    if (run.failed()) {
      run.roll_back();
      done = false;
    } else if (!refused.empty()) {
      account.refuse(EntryView::kError, {}, time, refused, "the event is refused", 0, sink);
    } else {
      run.commit();
      if (!work.entries.empty()) deliver(account, state, work, {}, sink);
    }
    if (!work.entries.empty() || work.texts.size() != 0) work.clear(state);
    state.workspace = nullptr;
    return done;
  }

  /// The same by walking the tree.
  void apply_tree(Account& account, std::uint32_t type, Value time, const std::int64_t* values,
                  Sink& sink) {
    fields.clear();
    for (std::size_t i = 0; i < initial.size(); ++i) fields.push_back(widen(values[i]));
    EventView event;
    event.type = type;
    event.time = time;
    event.fields = fields;
    WorkspaceLease lease(*account.state_);
    account.apply_with(*lease, event, sink, nullptr);
  }

  std::shared_ptr<const Program> program;
  std::vector<Account> accounts;
  std::vector<std::uint64_t> numbers;
  AccountIndex index;
  Workspace work;
  std::vector<FieldPlan> plans;         // of the layout at hand
  std::vector<std::int64_t> initial;    // values of its event's fields
  std::vector<std::uint32_t> families;  // places of those that its events look into
  Ahead ring[kRing] = {};
  std::vector<Value> fields;
};

AccountStore::AccountStore(std::shared_ptr<const Program> program)
    : impl_(std::make_unique<Impl>(std::move(program))) {}
AccountStore::~AccountStore() = default;
AccountStore::AccountStore(AccountStore&&) noexcept = default;
AccountStore& AccountStore::operator=(AccountStore&&) noexcept = default;

void AccountStore::reserve(std::size_t accounts) {
  impl_->accounts.reserve(accounts);
  impl_->numbers.reserve(accounts);
  impl_->index.reserve(accounts);
}

void AccountStore::apply(const EventLayout& layout, const void* events, std::size_t count,
                         BatchSink& sink) {
  if (count == 0) return;
  Impl& store = *impl_;
  TOLL_ASSERT(layout.type < store.program->core->events.size());
  store.plan_fields(layout);
  store.families = store.program->code.events[layout.type].families;
  store.work.bind(*store.program);
  Numbered numbered(sink);
  const auto* at = static_cast<const unsigned char*>(events);
  numbered.number = static_cast<std::uint64_t>(read_part(at, layout.account));
  AccountState& first = *store.accounts[store.place_of(numbered.number)].state_;
  store.work.clear(first);
  Run run(first, store.work, nullptr, Run::By::code);
  std::int64_t* const values = run.field_registers();
  std::copy(store.initial.begin(), store.initial.end(), values);
  const bool has_code = run.has_code(layout.type);
  const auto apply_one = [&](std::uint32_t place) {
    Account& account = store.accounts[place];
    const Value time = static_cast<Value>(read_part(at, layout.time)) * layout.nanos_per_tick;
    if (!store.read_fields(at, values)) {
      account.refuse(EntryView::kError, {}, time, "bad-event", "a field does not fit", 0, numbered);
    } else if (!has_code ||
               !store.apply_code(run, account, *account.state_, layout.type, time, numbered)) {
      store.apply_tree(account, layout.type, time, values, numbered);
    }
    at += layout.stride;
  };
  if (count <= Impl::kRing) {
    for (std::size_t i = 0; i < count; ++i) {
      numbered.number = static_cast<std::uint64_t>(read_part(at, layout.account));
      apply_one(store.place_of(numbered.number));
    }
    return;
  }
  std::fill(std::begin(store.ring), std::end(store.ring), Impl::Ahead{});
  const unsigned char* const from = at;
  for (std::size_t i = 0; i < count; ++i) {
    store.fetch_ahead(layout, from, i, count);
    const std::uint32_t place = store.ring[i % Impl::kRing].place;
    numbered.number = static_cast<std::uint64_t>(read_part(at, layout.account));
    apply_one(place != AccountIndex::kMissing ? place : store.place_of(numbered.number));
  }
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
  const std::uint32_t place = impl_->index.find(account);
  return place == AccountIndex::kMissing ? nullptr : &impl_->accounts[place];
}

std::size_t AccountStore::bytes() const {
  std::size_t total = impl_->index.bytes() + impl_->numbers.capacity() * sizeof(std::uint64_t) +
                      impl_->accounts.capacity() * sizeof(Account);
  for (const Account& account : impl_->accounts) total += account.bytes();
  return total;
}

std::size_t AccountStore::shard_of(std::uint64_t account, std::size_t shards) {
  return static_cast<std::size_t>(mix(account) >> 32) % shards;
}

}  // namespace toll
