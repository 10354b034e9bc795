// An account as its users see it.
#include <algorithm>
#include <string>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/run/account.hpp"
#include "engine/run/run.hpp"
#include "engine/run/save.hpp"
#include "engine/run/state.hpp"
#include "engine/run/workspace.hpp"
#include "toll/engine.hpp"

namespace toll {

namespace {

constexpr std::string_view kOverflow = "overflow";

void deliver(const Account& account, AccountState& state, Workspace& work,
             std::string_view event_id, Sink& sink) {
  EntryView view;
  view.event_id = event_id;
  deliver_each(state, work, view, [&](const EntryView& entry) { sink.entry(account, entry); });
}

void deliver_error(const Account& account, AccountState& state, EntryView entry,
                   std::string_view code, std::string_view message, Sink& sink) {
  entry.seq = ++state.entries;
  entry.kind = EntryView::kError;
  entry.code = code;
  entry.message = message;
  sink.entry(account, entry);
}

}  // namespace

Account::Account(std::shared_ptr<const Program> program)
    : state_(program == nullptr ? nullptr : State::make(program)) {}
Account::~Account() = default;
Account::Account(Account&&) noexcept = default;
Account& Account::operator=(Account&&) noexcept = default;

// Ids are forgotten by the account's clock, not by the times of late events: a late event that is
// sent twice is a repeat like any other.
Repeat Account::repeat(const EventDigest& digest, Value time) const {
  DigestSet::Entry entry;
  entry.high = digest.key_high;
  entry.low = static_cast<std::uint16_t>(digest.key_low);
  if (!state_->kept().digests.find(entry)) return Repeat::fresh;
  const std::int64_t horizon = state_->program()->core->remember_seconds;
  const Value at = time == kAbsent || clock() == kAbsent ? clock() : std::max(time, clock());
  if (horizon >= 0 && at != kAbsent && entry.seconds < whole_seconds(at) - horizon) {
    return Repeat::fresh;
  }
  return entry.content == (digest.content & DigestSet::kContentMask) ? Repeat::same : Repeat::other;
}

bool Account::apply(const EventView& event, Sink& sink, Trace* trace) {
  const Core& core = *state_->program()->core;
  TOLL_ASSERT(event.type < core.events.size() && event.time != kAbsent);
  TOLL_ASSERT(event.fields.size() == core.events[event.type].fields.size());
  WorkspaceLease work(*state_);
  if (!apply_with(*work, event, sink, trace)) return false;
  DigestSet::Entry entry;
  entry.high = event.digest.key_high;
  entry.low = static_cast<std::uint16_t>(event.digest.key_low);
  entry.content = event.digest.content;
  entry.seconds = whole_seconds(clock());
  state_->to_keep().digests.insert(entry, entry.seconds - core.remember_seconds);
  return true;
}

bool Account::apply_with(Workspace& work, const EventView& event, Sink& sink, Trace* trace) {
  State& state = *state_;
  EntryView error;
  error.time = event.time;
  error.event_id = event.id;
  for (const Run::By by : {Run::By::code, Run::By::tree}) {
    Run run(state, work, trace, by);
    if (trace != nullptr) trace->account(*this);
    run.read(event);
    const std::string_view code = run.refuse_or_handle(event);
    if (!run.failed() && !code.empty()) {
      if (trace != nullptr) trace->ended(false);
      deliver_error(*this, state, error, code, "the event is refused", sink);
      return false;
    }
    if (trace != nullptr) trace->ended(!run.failed());
    if (run.failed()) {
      run.roll_back();
      if (run.gave_up()) {
        work.clear(state);
        continue;
      }
      deliver_error(*this, state, error, run.code(), run.why(), sink);
      return false;
    }
    run.commit();
    deliver(*this, state, work, event.id, sink);
    break;
  }
  if (!work.kept.empty() || state.kept().sets != nullptr) state.collect_garbage();
  return true;
}

bool Account::advance(Value until, Sink& sink, Trace* trace) {
  State& state = *state_;
  if (!state.is_due(until)) return true;
  WorkspaceLease work(state);
  if (trace != nullptr) trace->account(*this);
  Value instant = kAbsent;
  for (int fired = 0; state.is_due(until); ++fired) {
    const AccountState::Deadline next = state.next_deadline();
    if (next.at != instant) fired = 0;
    instant = next.at;
    EntryView error;
    error.time = instant;
    error.timer = next.timer;
    if (fired > Run::kMostFiresAtOnce) {
      deliver_error(*this, state, error, kOverflow, "timers fire at one instant without an end",
                    sink);
      return false;
    }
    for (const Run::By by : {Run::By::code, Run::By::tree}) {
      (*work).clear(state);
      Run run(state, *work, trace, by);
      run.fire();
      if (trace != nullptr) trace->ended(!run.failed());
      if (run.failed()) {
        run.roll_back();
        if (run.gave_up()) continue;
        deliver_error(*this, state, error, run.code(), run.why(), sink);
        return false;
      }
      run.commit();
      deliver(*this, state, *work, {}, sink);
      break;
    }
    if (!(*work).kept.empty() || state.kept().sets != nullptr) state.collect_garbage();
  }
  return true;
}

void Account::refuse(std::uint32_t kind, std::string_view event_id, Value time,
                     std::string_view code, std::string_view message, std::uint64_t line,
                     Sink& sink) {
  EntryView entry;
  entry.seq = ++state_->entries;
  entry.time = time;
  entry.event_id = event_id;
  entry.kind = kind;
  entry.code = code;
  entry.message = message;
  entry.line = line;
  sink.entry(*this, entry);
}

bool Account::holds(std::uint32_t definition) const { return value_of(definition) == 1; }

Value Account::value_of(std::uint32_t definition) const {
  WorkspaceLease work(*state_);
  Run run(*state_, *work, nullptr, Run::By::tree);
  const Value result = run.ask(definition);
  run.roll_back();
  return result;
}

bool Account::view(std::uint32_t view, Value now, const ViewRow& visit) const {
  WorkspaceLease work(*state_);
  Run run(*state_, *work, nullptr, Run::By::tree);
  run.look(view, now, visit);
  const bool fine = !run.failed();
  run.roll_back();
  return fine;
}

Value Account::clock() const { return state_->clock(); }
Value Account::next_deadline() const { return state_->next_deadline().at; }
std::uint64_t Account::entries() const { return state_->entries; }

std::string_view Account::text(Value value) const {
  return value == kAbsent ? std::string_view{} : state_->text(value & ~kUnknownName);
}

std::vector<std::uint32_t> Account::names(Value set) const {
  std::vector<std::uint32_t> names;
  std::uint32_t name = 0;
  for (std::uint64_t word : state_->set(set)) {
    for (std::uint32_t bit = 0; word != 0; ++bit, word >>= 1) {
      if ((word & 1) != 0) names.push_back(name + bit);
    }
    name += 64;
  }
  return names;
}

Value Account::register_value(std::uint32_t index) const {
  return state_->global(state_->program()->register_cell(index));
}

Value Account::state(std::uint32_t machine) const {
  return state_->global(state_->program()->machine_cell(machine));
}

namespace {

/// Makes what it is owed, before anybody counts its rows.
void make_whole(AccountState& state) {
  if (state.owed() == nullptr) return;
  WorkspaceLease work(state);
  Run(state, *work, nullptr, Run::By::tree).make_whole();
}

}  // namespace

std::size_t Account::row_count(std::uint32_t family) const {
  if (state_->program()->families[family].event_scope) return 0;
  if (state_->program()->owed_places[family] != kNone) make_whole(*state_);
  return state_->rows(family).count();
}

Value Account::cell(std::uint32_t family, std::size_t row, std::uint32_t field) const {
  if (row >= row_count(family)) return kAbsent;
  return state_->rows(family).read(state_->program()->families[family],
                                   static_cast<std::uint32_t>(row), field);
}

std::size_t Account::bytes() const { return state_->bytes() + sizeof *this; }

Account Account::copy() const {
  Account made(state_->program()->shared_from_this());
  made.state_->copy_from(*state_);
  return made;
}

std::string Account::save() const {
  if (state_->owed() == nullptr) return save_state(*state_);
  WorkspaceLease work(*state_);
  Run run(*state_, *work, nullptr, Run::By::tree);
  run.make_whole(false);
  std::string bytes = save_state(*state_);
  run.roll_back();
  return bytes;
}

std::string Account::restore(std::string_view bytes) {
  std::unique_ptr<State> fresh = State::make(state_->program()->shared_from_this());
  std::string error = restore_state(bytes, *fresh);
  if (error.empty()) state_ = std::move(fresh);
  return error;
}

}  // namespace toll
