#include "toll/json.hpp"

#include <deque>
#include <string>
#include <utility>

#include "io/event_reader.hpp"
#include "io/ledger_writer.hpp"
#include "io/text_table.hpp"

namespace toll {

/// Also the engine's sink: it knows what an entry does not, the account's name and the line.
struct JsonRunner::Impl final : Sink {
  struct Slot {
    std::string name;
    Account account;
  };

  Impl(std::shared_ptr<const Program> ready, Ledger out)
      : program(std::move(ready)),
        reader(core_of(*program)),
        writer(core_of(*program)),
        zone(core_of(*program).zone),
        ledger(std::move(out)) {}

  Slot& slot_of(std::string_view subject) {
    const std::uint32_t found = by_subject.find(subject);
    if (found != io::TextTable::kMissing) return slots[found];
    Slot& slot = slots.emplace_back(Slot{std::string(subject), Account(program)});
    by_subject.insert(slot.name, static_cast<std::uint32_t>(slots.size() - 1));
    ++totals.accounts;
    return slot;
  }

  void entry(const Account& account, const EntryView& entry) override {
    EntryView placed = entry;
    if (entry.kind == EntryView::kError) {
      ++totals.errors;
      if (entry.timer == kNone) placed.line = line_number;
    }
    ++totals.entries;
    if (observer != nullptr) observer->entry(*name, account, placed);
    if (!ledger) return;
    text.clear();
    writer.append(text, *name, account, placed);
    ledger(text);
  }

  /// Writes a `duplicate` or `error` entry for the event at hand.
  void refuse(std::uint32_t kind, std::string_view code, std::string_view message) {
    const io::Envelope& head = reader.envelope();
    if (observer != nullptr && !observer->wants(head.subject)) return;
    Slot& slot = slot_of(head.subject);
    name = &slot.name;
    slot.account.refuse(kind, head.id, head.time, code, message, line_number, *this);
  }

  bool refuse_as_read() {
    refuse(EntryView::kError, reader.error().code, reader.error().message);
    return false;
  }

  void see_time() {
    const Value time = reader.envelope().time;
    if (time != kAbsent && (latest == kAbsent || time > latest)) latest = time;
  }

  bool feed(std::string_view line) {
    const bool head_read = reader.read_head(line);
    see_time();
    if (!head_read) return refuse_as_read();
    const io::Envelope& head = reader.envelope();
    if (observer != nullptr && !observer->wants(head.subject)) return true;
    Slot& slot = slot_of(head.subject);
    name = &slot.name;
    switch (slot.account.repeat(head.digest, head.time)) {
      case Repeat::same:
        refuse(EntryView::kDuplicate, "duplicate", "an event with this id was applied before");
        return true;
      case Repeat::other:
        refuse(EntryView::kError, "duplicate-id", "another event had this id");
        return false;
      case Repeat::fresh:
        break;
    }
    if (!reader.read_body()) return refuse_as_read();
    return observed(slot, head.time,
                    [&] { return slot.account.apply(reader.event(), *this, tracer); });
  }

  template <class Work>
  bool observed(const Slot& slot, Value time, const Work& work) {
    if (observer != nullptr) observer->before(slot.name, slot.account, time);
    const bool applied = work();
    if (observer != nullptr) observer->after(slot.name, slot.account, applied);
    return applied;
  }

  std::shared_ptr<const Program> program;
  io::EventReader reader;
  io::LedgerWriter writer;
  io::Zone zone;
  Ledger ledger;
  Trace* tracer = nullptr;
  Observer* observer = nullptr;
  std::deque<Slot> slots;             ///< in order of first appearance; never moved
  io::TextTable by_subject;           ///< numbers of slots
  const std::string* name = nullptr;  ///< of the account at hand
  std::uint64_t line_number = 0;
  Value latest = kAbsent;
  Totals totals;
  std::string text;
};

JsonRunner::JsonRunner(std::shared_ptr<const Core> core, Ledger ledger)
    : JsonRunner(prepare(std::move(core)), std::move(ledger)) {}
JsonRunner::JsonRunner(std::shared_ptr<const Program> program, Ledger ledger)
    : impl_(std::make_unique<Impl>(std::move(program), std::move(ledger))) {}
JsonRunner::~JsonRunner() = default;
JsonRunner::JsonRunner(JsonRunner&&) noexcept = default;
JsonRunner& JsonRunner::operator=(JsonRunner&&) noexcept = default;

bool JsonRunner::feed(std::string_view line, std::uint64_t line_number) {
  ++impl_->totals.events;
  impl_->line_number = line_number;
  return impl_->feed(line);
}

void JsonRunner::feed_too_long(std::uint64_t line_number) {
  ++impl_->totals.events;
  impl_->line_number = line_number;
  impl_->reader.refuse_long_line();
  impl_->refuse_as_read();
}

void JsonRunner::advance(Value until) {
  impl_->line_number = 0;
  for (Impl::Slot& slot : impl_->slots) {
    impl_->name = &slot.name;
    impl_->observed(slot, until,
                    [&] { return slot.account.advance(until, *impl_, impl_->tracer); });
  }
}

Value JsonRunner::parse_time(std::string_view text) const {
  return io::parse_instant(text, impl_->zone).value_or(kAbsent);
}

Value JsonRunner::latest_time() const { return impl_->latest; }
const JsonRunner::Totals& JsonRunner::totals() const { return impl_->totals; }

Account* JsonRunner::account(std::string_view subject) {
  const std::uint32_t found = impl_->by_subject.find(subject);
  return found == io::TextTable::kMissing ? nullptr : &impl_->slots[found].account;
}

void JsonRunner::visit(const Visitor& visitor) const {
  for (const Impl::Slot& slot : impl_->slots) visitor(slot.name, slot.account);
}

std::string JsonRunner::restore(std::string_view subject, std::string_view state) {
  Account account(impl_->program);
  std::string problem = account.restore(state);
  if (problem.empty()) impl_->slot_of(subject).account = std::move(account);
  return problem;
}

void JsonRunner::trace(Trace* trace) { impl_->tracer = trace; }
void JsonRunner::observe(Observer* observer) { impl_->observer = observer; }

bool Observer::wants(std::string_view /*subject*/) { return true; }
void Observer::before(std::string_view /*subject*/, const Account& /*account*/, Value /*time*/) {}
void Observer::entry(std::string_view /*subject*/, const Account& /*account*/,
                     const EntryView& /*entry*/) {}
void Observer::after(std::string_view /*subject*/, const Account& /*account*/, bool /*applied*/) {}

}  // namespace toll
