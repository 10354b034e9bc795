// Texts and sets that an account's cells refer to are kept, others go. Handles change by it, which
// nobody can see: texts are ordered by what they say, and nothing is ordered by where it lies.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "engine/kernel/assert.hpp"
#include "engine/run/state.hpp"

namespace toll {
namespace {

/// Copies what is referred to from the old pools into new ones.
class Mover {
 public:
  explicit Mover(AccountState& state)
      : s_(state),
        kept_(state.to_keep()),
        old_texts_(std::move(kept_.texts)),
        old_sets_(std::move(kept_.sets)) {}

  Value moved(Kind kind, Value value) {
    if (value == kAbsent) return value;
    if (kind == Kind::set) {
      const Value shared = s_.program()->sets.size();
      if (value < shared) return value;
      return s_.intern_set(old_sets_->at(static_cast<std::uint32_t>(value - shared)));
    }
    if (kind != Kind::text && !(kind == Kind::name && (value & kUnknownName) != 0)) return value;
    const Value first = text_handle(TextSpace::account, 0);
    const Value handle = value & ~kUnknownName;
    if (handle < first) return value;
    if (kept_.texts == nullptr) kept_.texts = std::make_unique<TextPool>();
    const std::uint32_t index =
        kept_.texts->add(old_texts_->at(static_cast<std::uint32_t>(handle - first)));
    return (value & kUnknownName) | text_handle(TextSpace::account, index);
  }

  void move_globals() {
    const RecordLayout& layout = s_.program()->globals;
    for (std::uint32_t cell = 0; cell < layout.cells(); ++cell) {
      const Value value = moved(layout.kind(cell), s_.global(cell));
      TOLL_ASSERT(layout.write(s_.globals(), cell, value));
    }
  }

  /// Sets that loops put off are to be done with.
  void move_owed() {
    if (kept_.owed == nullptr) return;
    for (const Owed::Batch& batch : kept_.owed->batches) {
      const Deferral& loop = s_.program()->deferrals[batch.loop];
      for (std::size_t i = 0; i < loop.captures.size(); ++i) {
        if (loop.captures[i].kind != Kind::set) continue;
        std::int64_t& set = kept_.owed->values[batch.first_value + i];
        if (set != kNothing) set = static_cast<std::int64_t>(moved(Kind::set, set));
      }
    }
  }

  // Keys and indexes are found by handles, so the rows are put down anew.
  void move_rows(std::uint32_t family) {
    const FamilyShape& shape = s_.program()->families[family];
    const RecordLayout& layout = shape.layout;
    bool concerned = false;
    for (std::uint32_t i = 0; i < layout.cells(); ++i) {
      const Kind kind = layout.kind(i);
      concerned = concerned || kind == Kind::text || kind == Kind::name || kind == Kind::set;
    }
    FamilyState& rows = s_.rows(family);
    if (!concerned) return;
    FamilyState fresh;
    std::vector<Value> fields(layout.cells());
    for (std::uint32_t row = 0; row < rows.count(); ++row) {
      for (std::uint32_t i = 0; i < layout.cells(); ++i) {
        fields[i] = moved(layout.kind(i), rows.read(shape, row, i));
      }
      TOLL_ASSERT(fresh.append(shape, fields.data()) == row);
      if (shape.tracked && rows.marked(shape, row)) fresh.set_mark(shape, row, true);
    }
    rows = std::move(fresh);
  }

 private:
  AccountState& s_;
  AccountState::Kept& kept_;
  std::unique_ptr<TextPool> old_texts_;
  std::unique_ptr<SetPool> old_sets_;
};

std::size_t pools_used(const AccountState& state) {
  const AccountState::Kept& kept = state.kept();
  return (kept.texts ? kept.texts->used() : 0) + (kept.sets ? kept.sets->used() : 0);
}

}  // namespace

// The work is in proportion to the state, so it waits until as much has been put in again.
void AccountState::collect_garbage() {
  if (pools_used(*this) <= kept().pools_limit) return;
  const Program& program = *this->program();
  std::size_t rows = 0;
  {
    Mover mover(*this);
    mover.move_globals();
    mover.move_owed();
    for (std::uint32_t family = 0; family < program.families.size(); ++family) {
      if (program.families[family].event_scope) continue;
      mover.move_rows(family);
      rows += this->rows(family).bytes(program.families[family]);
    }
  }
  const std::size_t live = pools_used(*this);
  to_keep().pools_limit = live + std::max({live, rows / 4, kFewPoolBytes});
}

}  // namespace toll
