#include "engine/run/journal.hpp"

#include "engine/kernel/assert.hpp"

namespace toll {

void Journal::undo(AccountState& state) {
  const Program& program = *state.program;
  for (; !undos_.empty(); undos_.pop_back()) {
    const Undo& undo = undos_.back();
    if (undo.what == What::global) {
      TOLL_ASSERT(program.globals.write(state.globals.get(), undo.field, undo.old));
      continue;
    }
    const FamilyShape& shape = program.families[undo.family];
    std::unique_ptr<FamilyState>& rows = state.rows_place(undo.family);
    switch (undo.what) {
      case What::cell:
        TOLL_ASSERT(rows->write(shape, undo.row, undo.field, undo.old));
        break;
      case What::row:
        rows->drop_last(shape);
        break;
      case What::mark:
        rows->restore_mark(shape, undo.row, undo.mark);
        break;
      case What::cleared:
        rows = std::move(cleared_.back());
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
    FamilyState* rows = state.rows_place(family).get();
    if (rows != nullptr) rows->tidy_marks(state.program->families[family]);
  }
}

}  // namespace toll
