#include "engine/run/run.hpp"

#include <algorithm>

#include "engine/kernel/assert.hpp"
#include "engine/run/execute.hpp"

namespace toll {
namespace {

/// Products that an event states (units times calls) must stay below this.
constexpr Value kMostCounted = 1'000'000'000'000;

}  // namespace

Run::Run(AccountState& state, Workspace& work, Trace* trace, By by)
    : p_(*state.program()),
      terms_(p_.terms.data()),
      s_(&state),
      w_(work),
      trace_(trace),
      slots_(work.slots.data()),
      top_(slots_),
      end_(slots_ + work.slots.size()),
      clock_before_(state.clock()),
      by_(trace == nullptr ? by : By::tree),
      r_(work.registers.data()) {
  frame_ = {r_,
            reinterpret_cast<unsigned char*>(&state),
            work.event_families.data(),
            work.memos.data(),
            work.journal.cursor(),
            &work.era,
            work.months,
            &work.month,
            this,
            &thrown_};
}

void Run::begin(Value now, Value clock) {
  now_ = now;
  clock_ = clock;
  for (FamilyState& family : w_.event_families) {
    if (family.count() != 0) family.clear();
  }
  slots_ = top_ = w_.slots.data();
  detail_ = trace_ != nullptr && trace_->detail() ? trace_ : nullptr;
  ++w_.step;
  if (by_ == By::code) load_times();
}

std::string_view Run::refuse_or_handle(const EventView& event) {
  if (by_ == By::tree) make_whole();
  const Entries& code = p_.code.events[event.type];
  const bool block = p_.core->events[event.type].block != kNone;
  const bool straight = code.refusal != kNone && (code.handle != kNone || !block);
  std::int64_t time = 0;
  if (by_ == By::code && straight && narrow(event.time, time)) {
    slots_ = top_ = w_.slots.data();
    load_fields();
    fields_in_registers_ = static_cast<std::uint32_t>(fields_.size());  // timers have none
    if (failed() || handle_fields(code, time) != Outcome::refused) return {};
    return refused_by(p_.core->events[event.type]);
  }
  const std::string_view refused = refusal(event);
  if (!failed() && refused.empty()) handle(event);
  return refused;
}

std::string_view Run::refusal(const EventView& event) {
  const EventType& type = p_.core->events[event.type];
  if (trace_ != nullptr) trace_->event(event);
  begin(event.time, s_->clock() == kAbsent ? event.time : std::max(s_->clock(), event.time));
  if (by_ == By::code) {
    load_fields();
    const std::uint32_t code = p_.code.events[event.type].refusal;
    if (failed()) return {};
    if (code != kNone) {
      if (!execute(code)) give_up();
      if (is_refused_) w_.journal.accept(*s_);  // what was made up for it stays
      return refused_by(type);
    }
    make_whole();
  }
  top_ = slots_ + type.frame;
  std::fill(slots_, top_, kAbsent);
  for (const NodeId product : type.bounded) {
    const Value value = eval(product);
    if (hook_failed_) return {};
    Value most = kMostCounted;
    for (int i = 0; i < p_.terms[product].scale; ++i) most *= 10;
    if (failed() || (value != kAbsent && (value > most || value < -most))) {
      why_ = nullptr;
      return "bad-event";
    }
  }
  for (const EventType::Refusal& refusal : type.refusals) {
    if (!holds(refusal.guard)) continue;
    if (trace_ != nullptr && refusal.clause != kNone) trace_->rule(refusal.clause);
    return refusal.code;
  }
  return {};
}

std::string_view Run::refused_by(const EventType& type) const {
  if (failed() || !is_refused_) return {};
  return refused_ == kNone ? "bad-event" : std::string_view(type.refusals[refused_].code);
}

void Run::handle(const EventView& event) {
  // A late event finds the account as it is: no timer fires before it and the clock stands.
  if (s_->clock() == kAbsent || event.time >= s_->clock()) {
    fire_due(event.time);
    if (failed()) return;
    s_->set_clock(event.time);
  }
  if (trace_ != nullptr) trace_->handling(event);
  begin(event.time, s_->clock());
  timer_ = kNone;
  fields_ = w_.fields;
  const std::uint32_t block = p_.core->events[event.type].block;
  if (block == kNone) return;
  const std::uint32_t code = p_.code.events[event.type].handle;
  if (by_ == By::code && code != kNone) {
    if (!failed() && !execute(code)) give_up();
  } else {
    make_whole();
    run_block(block, {});
  }
}

void Run::fire_due(Value until) {
  Value instant = kAbsent;
  for (int fired = 0; s_->is_due(until) && !failed(); ++fired) {
    const AccountState::Deadline next = s_->next_deadline();
    if (next.at != instant) fired = 0;
    if (fired > kMostFiresAtOnce) return fail("timers fire at one instant without an end");
    instant = next.at;
    fire(next);
  }
}

void Run::fire(const AccountState::Deadline& next) {
  const Value deadline = next.at;
  timer_ = next.timer;
  const std::uint32_t code = by_ == By::code ? p_.code.timers[timer_] : kNone;
  fields_ = {};
  if (std::int64_t narrow = 0; code != kNone && toll::narrow(deadline, narrow)) {
    if (!fire_narrow(narrow, code)) give_up();
    return;
  }
  if (trace_ != nullptr) trace_->timer(timer_, deadline);
  make_whole();
  arm(timer_, kAbsent);  // its block arms it again
  // A late event may have armed it for a time gone by: it fires at its own instant all the same,
  // and what it issues is issued then. The event that let it fire moves the clock on again.
  s_->set_clock(deadline);
  begin(deadline, deadline);
  run_block(p_.core->timers[timer_].block, {});
}

Value Run::ask(std::uint32_t definition) {
  const Definition& asked = p_.core->definitions[definition];
  by_ = By::tree;
  begin(s_->clock(), s_->clock());
  make_whole();
  fields_ = {};
  top_ = slots_ + asked.frame;
  std::fill(slots_, top_, kAbsent);
  const Value value = eval(asked.body);
  return failed() ? kAbsent : value;
}

void Run::look(std::uint32_t view, Value now, const Account::ViewRow& visit) {
  const ViewPlan& plan = p_.views[view];
  by_ = By::tree;
  begin(now, s_->clock() == kAbsent ? now : std::max(s_->clock(), now));
  make_whole(false);  // whoever looks at all accounts is not to leave them larger than they were
  fields_ = {};
  top_ = slots_ + plan.frame;
  std::fill(slots_, top_, kAbsent);
  Rows rows(w_, w_.rows.size());
  collect(plan.source, rows);
  for (std::size_t i = 0; i < rows.size() && !failed(); ++i) {
    slots_[plan.source.slot] = rows[i];
    const auto columns = p_.at(plan.columns);
    const Value* const values = arguments(columns);
    if (!failed()) visit(rows[i], {values, columns.size()});
  }
}

// Texts that are kept get the indexes they were used under; a text that is not, but stands before
// one that is, leaves a hole.
void Run::keep_texts() {
  for (std::uint32_t place = 0; place < w_.kept.size(); ++place) {
    std::unique_ptr<TextPool>& texts = s_->to_keep().texts;
    if (texts == nullptr) texts = std::make_unique<TextPool>();
    if (w_.kept[place]) {
      TOLL_ASSERT(texts->add(w_.texts.at(place)) == w_.first_text + place);
    } else {
      texts->add_hole();
    }
  }
}

void Run::roll_back() {
  w_.journal.undo(*s_);
  if (Owed* const owed = s_->owed()) {
    for (std::size_t i = 0; i < p_.owed_families.size(); ++i) {
      const std::size_t rows = family(p_.owed_families[i]).count();
      if (owed->numbers[i].size() > rows) owed->numbers[i].resize(rows);
    }
  }
  w_.entries.clear();
  s_->set_clock(clock_before_);
  s_->refresh_deadline();
}

}  // namespace toll
