#include "engine/run/journal.hpp"

#include "engine/kernel/assert.hpp"

namespace toll {

void Journal::undo(AccountState& state) {
  const Program& program = *state.program;
  for (; !undos_.empty(); undos_.pop_back()) {
    const Undo& undo = undos_.back();
    if (undo.what == What::global) {
      TOLL_ASSERT(program.globals.write(state.globals(), undo.field, undo.old));
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
      case What::global:
        break;
    }
  }
  clear();
}

void Journal::tidy_marks(AccountState& state) {
  for (const std::uint32_t family : unmarked_) {
    state.rows(family).tidy_marks(state.program->families[family]);
  }
}

// Who had rows will have some again: the memory of a few stays where it is.
void Journal::reuse_cleared(AccountState& state) {
  constexpr std::size_t kFew = 1024;
  for (Cleared& cleared : cleared_) {
    FamilyState& rows = state.rows(cleared.family);
    const FamilyShape& shape = state.program->families[cleared.family];
    if (!rows.is_new() || cleared.rows.bytes(shape) > kFew) continue;
    cleared.rows.clear();
    rows = std::move(cleared.rows);
  }
}

}  // namespace toll
