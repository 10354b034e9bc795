// Entries of straight code: put together where they are delivered from.
#include "engine/run/execute.hpp"
#include "engine/run/run.hpp"

namespace toll {

// The entry stands there from its beginning: if what follows fails, all of the event's do not
// count.
void Run::emit(const Ins& ins) {
  const Emission& emission = p_.code.emissions[ins.x];
  const std::size_t members = emission.same.members;
  if (!w_.entries.has_room(1) || !w_.entry_values.has_room(members)) [[unlikely]]
    return emit_in_room(ins, members);
  PendingEntry& entry = *w_.entries.take(1);
  entry.time = now_;
  entry.same = emission.same;
  entry.timer = timer_;
  entry.first_member = static_cast<std::uint32_t>(w_.entry_values.size());
  if (entry.same.rows != 0) entry.first_rows = static_cast<std::uint32_t>(w_.entry_rows.size());
  const std::int64_t* const r = r_;
  const Reg* reg = emission.members.data();
  Value* value = w_.entry_values.take(members);
  Value* const end = value + members;
  for (; end - value >= 2; value += 2, reg += 2) {
    value[0] = widen(r[reg[0]]);
    value[1] = widen(r[reg[1]]);
  }
  if (value != end) *value = widen(r[*reg]);
}

void Run::emit_in_room(const Ins& ins, std::size_t members) {
  w_.entries.make_room(1);
  w_.entry_values.make_room(members);
  emit(ins);
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
