// Entries of straight code: put together where they are delivered from.
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {

// The entry stands there from its beginning: if what follows fails, all of the event's do not
// count.
void Run::emit(const Ins& ins) {
  const Emission& emission = p_.code.emissions[ins.x];
  const Reg* reg = emission.members.data();
  const std::size_t members = emission.members.size();
  PendingEntry& entry = *w_.entries.extend(1);
  entry.time = now_;
  entry.timer = timer_;
  entry.kind = emission.kind;
  entry.clause = emission.clause;
  entry.first_member = static_cast<std::uint32_t>(w_.entry_values.size());
  entry.members = static_cast<std::uint32_t>(members);
  entry.rows = emission.rows;
  if (emission.rows != 0) entry.first_rows = static_cast<std::uint32_t>(w_.entry_rows.size());
  const std::int64_t* const r = r_;
  Value* value = w_.entry_values.extend(members);
  Value* const end = value + members;
  for (; end - value >= 2; value += 2, reg += 2) {
    value[0] = widen(r[reg[0]]);
    value[1] = widen(r[reg[1]]);
  }
  if (value != end) *value = widen(r[*reg]);
}

void Run::rows_end(const Ins& ins) {
  PendingEntry::Rows& rows = w_.entry_rows.back();
  const PendingEntry& entry = w_.entries.back();
  rows.count = w_.entry_values.size() - rows.first;
  rows.columns = ins.x;
  w_.entry_values[entry.first_member + ins.y] =
      static_cast<Value>(w_.entry_rows.size() - 1 - entry.first_rows);
}

}  // namespace toll
