// What an event or timer has changed so far, and how to take it back.
//
// Only old values of touched cells are kept. Texts and sets need no undoing: those that nothing
// refers to do no harm.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/run/state.hpp"
#include "toll/value.hpp"

namespace toll {

class Journal {
 public:
  void global(std::uint32_t cell, Value old) { add({old, 0, 0, cell, What::global, 0}); }
  void cell(std::uint32_t family, std::uint32_t row, std::uint32_t field, Value old) {
    add({old, family, row, field, What::cell, 0});
  }
  /// The same for a cell of straight code that takes 64 bits.
  void count(std::uint32_t cell, std::uint32_t row, std::int64_t old) {
    add({old, 0, row, cell, What::count, 0});
  }
  void row_added(std::uint32_t family) { add({0, family, 0, 0, What::row, 0}); }
  void mark(std::uint32_t family, std::uint32_t row, unsigned char before) {
    add({0, family, row, 0, What::mark, before});
  }
  void cleared(std::uint32_t family, FamilyState rows) {
    add({0, family, 0, 0, What::cleared, 0});
    cleared_.push_back({family, std::move(rows)});
    tidies_ = true;
  }
  /// A loop was put off; what it owes under a key was made; all of it was.
  void deferred() { add({0, 0, 0, 0, What::deferred, 0}); }
  void made_up(std::int64_t key, std::uint32_t batches) {
    add({key, 0, batches, 0, What::made_up, 0});
  }
  void made_whole(std::unique_ptr<Owed> owed) {
    add({0, 0, 0, 0, What::made_whole, 0});
    made_whole_.push_back(std::move(owed));
    tidies_ = true;
  }
  void unmarked(std::uint32_t family) {
    unmarked_.push_back(family);
    tidies_ = true;
  }

  [[nodiscard]] bool is_empty() const { return cursor_.next == first_.get(); }
  /// Takes everything back, the last change first.
  void undo(AccountState& state);
  /// Makes the changes final.
  void accept(AccountState& state) {
    if (tidies_) [[unlikely]]
      tidy(state);
    cursor_.next = first_.get();
  }

  // What machine code puts down by itself.
  enum class What : std::uint8_t {
    global,
    cell,
    count,
    row,
    mark,
    cleared,
    deferred,
    made_up,
    made_whole,
  };
  struct Undo {
    Value old = 0;
    std::uint32_t family = 0;
    std::uint32_t row = 0;
    std::uint32_t field = 0;
    What what = What::global;
    unsigned char mark = 0;
  };
  /// Where the next one goes, while there is room.
  struct Cursor {
    Undo* next = nullptr;
    Undo* end = nullptr;
  };
  [[nodiscard]] Cursor* cursor() { return &cursor_; }

 private:
  struct Cleared {
    std::uint32_t family;
    FamilyState rows;
  };

  void add(const Undo& undo) {
    if (cursor_.next == cursor_.end) [[unlikely]]
      grow();
    *cursor_.next++ = undo;
  }
  void undo_owed(const Undo& undo, AccountState& state);
  void grow();
  void tidy(AccountState& state);

  // An event writes a few cells: putting that down is to cost next to nothing.
  std::unique_ptr<Undo[]> first_;
  Cursor cursor_;
  bool tidies_ = false;  // there is something cleared, unmarked or made whole
  std::vector<Cleared> cleared_;
  std::vector<std::unique_ptr<Owed>> made_whole_;
  std::vector<std::uint32_t> unmarked_;  // families with marks to tidy
};

}  // namespace toll
