// Loops that are put off, and what is owed by them made when it is asked for.
//
// A row that is made late stands behind rows that are younger. Nobody can tell as long as rows are
// found by their key only: under one key rows stand as ever. Whoever looks at rows of all keys, or
// at the place of one, has everything made up for and put in order before (make_whole).
#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/kernel/assert.hpp"
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {

bool Run::defer(const Ins& ins) {
  const Deferral& loop = p_.deferrals[ins.x];
  const std::int64_t now = r_[kNowReg];
  const std::int64_t clock = r_[kClockReg];
  if (now < 0 || clock < 0 || now > kLastDeferred || clock > kLastDeferred) return false;
  for (std::size_t i = 0; i < loop.captures.size(); ++i) {
    const bool name = loop.captures[i].kind == Kind::name;
    if (name && r_[ins.b + i] > kMostShared) return false;  // its text may be gone by then
  }
  Owed& owed = s_->to_owe();
  const std::size_t reserved = p_.tables[loop.table].cells.rows * std::size_t{loop.most_made};
  for (std::size_t i = 0; i < p_.owed_families.size(); ++i) {
    owed.number_rows(i, family(p_.owed_families[i]).count());
  }
  if (owed.batches.size() >= Owed::kMostBatches) return false;
  if (owed.next_number + reserved > Owed::kLastNumber) return false;
  owed.batches.push_back(
      {ins.x, static_cast<std::uint32_t>(owed.values.size()), owed.next_number, now, clock});
  owed.next_number += static_cast<std::uint32_t>(reserved);
  for (std::size_t i = 0; i < loop.captures.size(); ++i) owed.values.push_back(r_[ins.b + i]);
  w_.journal.deferred();
  return true;
}

/// Makes what the account is owed under a key.
bool Run::make_up(std::int64_t key) {
  Owed& owed = *s_->owed();
  const std::uint32_t first = owed.done(key);
  const auto end = static_cast<std::uint32_t>(owed.batches.size());
  if (first == end) return true;
  const bool known = std::any_of(p_.deferrals.begin(), p_.deferrals.end(),
                                 [&](const Deferral& loop) { return !loop.rows_of(key).empty(); });
  if (!known) return true;
  owed.set_done(key, end);
  w_.journal.made_up(key, first);
  const Value now = now_;
  const Value clock = clock_;
  const std::int64_t narrow_now = r_[kNowReg];
  const std::int64_t narrow_clock = r_[kClockReg];
  Value* const slots = std::exchange(slots_, w_.slots.data());
  Value* const top = top_;
  for (std::uint32_t i = first; i < end && !failed(); ++i) make_up(owed, owed.batches[i], key);
  if (by_ == By::code) set_times(narrow_now, narrow_clock);
  now_ = now;
  clock_ = clock;
  slots_ = slots;
  top_ = top;
  return !failed();
}

// The rows of the table are found before anything is done for one of them, as ever.
void Run::make_up(Owed& owed, const Owed::Batch& batch, std::int64_t key) {
  const Deferral& loop = p_.deferrals[batch.loop];
  const MakeUp& code = p_.code.make_ups[batch.loop];
  const bool by_code = by_ == By::code && code.give != kNone;
  Rows rows(w_, w_.rows.size());
  if (by_code) {
    rows_by_code(owed, batch, key);
  } else {
    rows_by_tree(owed, batch, key);
  }
  const Step& step = p_.steps[loop.step];
  for (std::size_t i = 0; i < rows.size() && !failed(); ++i) {
    for (const std::uint32_t index : loop.families) {
      owed.number_rows(p_.owed_places[index], family(index).count());
    }
    if (by_code) {
      r_[code.row] = static_cast<std::int64_t>(rows[i]);
      if (!execute(code.give)) give_up();
    } else {
      slots_[step.source->slot] = rows[i];
      run_steps(step.steps, loop.clause);
    }
    const auto place = static_cast<std::uint32_t>(rows[i]);
    for (const std::uint32_t index : loop.families) {
      std::vector<std::uint32_t>& numbers = owed.numbers[p_.owed_places[index]];
      std::uint32_t number = batch.first_number + place * loop.most_made;
      while (numbers.size() < family(index).count()) numbers.push_back(number++);
    }
  }
}

void Run::rows_by_tree(const Owed& owed, const Owed::Batch& batch, std::int64_t key) {
  const Deferral& loop = p_.deferrals[batch.loop];
  const Source& source = p_.steps[loop.step].effect->source;
  now_ = batch.now;
  clock_ = batch.clock;
  top_ = slots_ + loop.frame;
  std::fill(slots_, top_, kAbsent);
  for (std::size_t i = 0; i < loop.captures.size(); ++i) {
    slots_[loop.captures[i].slot] = widen(owed.values[batch.first_value + i]);
  }
  const Value at = source.at == kNoNode ? kAbsent : eval(source.at);
  for (const Deferral::Row& one : loop.rows_of(key)) {
    slots_[source.slot] = one.row;
    const bool found = is_in_force(p_.tables[loop.table], one.row, at) &&
                       (source.where == kNoNode || holds(source.where));
    if (found) w_.rows.push_back(one.row);
  }
}

void Run::rows_by_code(const Owed& owed, const Owed::Batch& batch, std::int64_t key) {
  const Deferral& loop = p_.deferrals[batch.loop];
  const MakeUp& code = p_.code.make_ups[batch.loop];
  set_times(batch.now, batch.clock);
  for (std::size_t i = 0; i < loop.captures.size(); ++i) {
    r_[code.captures + i] = owed.values[batch.first_value + i];
  }
  const std::size_t before = w_.found.size();
  for (const Deferral::Row& one : loop.rows_of(key)) {
    r_[code.row] = one.row;
    if (!execute(code.test)) return give_up();
  }
  for (std::size_t i = before; i < w_.found.size(); ++i) {
    w_.rows.push_back(static_cast<std::uint64_t>(w_.found[i]));
  }
  w_.found.resize(before);
}

/// Makes all that the account is owed, its rows in the order in which they would stand. If nothing
/// else has happened yet and `keep` is said, it stays so; else it is undone with the rest.
void Run::make_whole(bool keep) {
  if (s_->owed() == nullptr) return;
  const bool alone = w_.journal.is_empty();
  Trace* const trace = std::exchange(trace_, nullptr);
  Trace* const detail = std::exchange(detail_, nullptr);
  for (const Owed::Batch& batch : s_->owed()->batches) {
    for (const Deferral::Row& row : p_.deferrals[batch.loop].rows) {
      if (!failed()) make_up(row.key);
    }
  }
  if (!failed()) {
    for (std::size_t i = 0; i < p_.owed_families.size(); ++i) put_in_order(i);
    w_.journal.made_whole(s_->take_owed());
    if (alone && keep) w_.journal.accept(*s_);
  }
  trace_ = trace;
  detail_ = detail;
}

void Run::put_in_order(std::size_t place) {
  const std::uint32_t index = p_.owed_families[place];
  const FamilyShape& shape = p_.families[index];
  FamilyState& rows = family_to_write(index);
  Owed& owed = *s_->owed();
  owed.number_rows(place, rows.count());
  const std::vector<std::uint32_t>& numbers = owed.numbers[place];
  TOLL_ASSERT(numbers.size() == rows.count());
  if (std::is_sorted(numbers.begin(), numbers.end())) return;
  std::vector<std::uint32_t> order(rows.count());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return numbers[a] < numbers[b]; });
  FamilyState sorted;
  std::vector<Value> fields(shape.layout.cells());
  for (const std::uint32_t row : order) {
    for (std::uint32_t i = 0; i < shape.layout.cells(); ++i) fields[i] = rows.read(shape, row, i);
    TOLL_ASSERT(sorted.append(shape, fields.data()) != FamilyState::kMissing);
  }
  w_.journal.cleared(index, std::exchange(rows, std::move(sorted)));
}

}  // namespace toll
