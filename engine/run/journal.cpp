#include "engine/run/journal.hpp"

#include <algorithm>

#include "engine/kernel/assert.hpp"
#include "engine/run/execute.hpp"

namespace toll {

void Journal::undo(AccountState& state) {
  const Program& program = *state.program();
  while (cursor_.next != first_.get()) {
    const Undo& undo = *--cursor_.next;
    if (undo.what == What::global) {
      TOLL_ASSERT(program.globals.write(state.globals(), undo.field, undo.old));
      continue;
    }
    if (undo.what == What::count) {
      const CellRef& cell = program.code.cells[undo.field];
      FamilyState& rows = state.rows(cell.family);
      TOLL_ASSERT(rows.write(program.families[cell.family], undo.row, cell.field,
                             widen(static_cast<std::int64_t>(undo.old))));
      continue;
    }
    if (undo.what >= What::deferred) {
      undo_owed(undo, state);
      continue;
    }
    const FamilyShape& shape = program.families[undo.family];
    FamilyState& rows = state.rows(undo.family);
    switch (undo.what) {
      case What::cell:
        TOLL_ASSERT(rows.write(shape, undo.row, undo.field, undo.old));
        break;
      case What::row:
        rows.drop_last(shape);
        break;
      case What::mark:
        rows.restore_mark(shape, undo.row, undo.mark);
        break;
      case What::cleared:
        rows = std::move(cleared_.back().rows);
        cleared_.pop_back();
        break;
      default:
        break;
    }
  }
  cleared_.clear();
  made_whole_.clear();
  unmarked_.clear();
  tidies_ = false;
}

void Journal::undo_owed(const Undo& undo, AccountState& state) {
  if (undo.what == What::made_whole) {
    state.to_keep().owed = std::move(made_whole_.back());
    made_whole_.pop_back();
    return;
  }
  Owed& owed = *state.owed();
  if (undo.what == What::made_up) {
    owed.set_done(static_cast<std::int64_t>(undo.old), undo.row);
  } else {
    owed.values.resize(owed.batches.back().first_value);
    owed.batches.pop_back();
  }
}

void Journal::grow() {
  const auto used = static_cast<std::size_t>(cursor_.next - first_.get());
  const std::size_t size = std::max<std::size_t>(64, 2 * used);
  std::unique_ptr<Undo[]> larger(new Undo[size]);
  std::copy(first_.get(), cursor_.next, larger.get());
  first_ = std::move(larger);
  cursor_.next = first_.get() + used;
  cursor_.end = first_.get() + size;
}

void Journal::tidy(AccountState& state) {
  for (const std::uint32_t family : unmarked_) {
    state.rows(family).tidy_marks(state.program()->families[family]);
  }
  cleared_.clear();
  made_whole_.clear();
  unmarked_.clear();
  tidies_ = false;
}

}  // namespace toll
