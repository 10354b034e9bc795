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
  void global(std::uint32_t cell, Value old) {
    undos_.push_back({old, 0, 0, cell, What::global, 0});
  }
  void cell(std::uint32_t family, std::uint32_t row, std::uint32_t field, Value old) {
    undos_.push_back({old, family, row, field, What::cell, 0});
  }
  void row_added(std::uint32_t family) { undos_.push_back({0, family, 0, 0, What::row, 0}); }
  void mark(std::uint32_t family, std::uint32_t row, unsigned char before) {
    undos_.push_back({0, family, row, 0, What::mark, before});
  }
  void cleared(std::uint32_t family, FamilyState rows) {
    undos_.push_back({0, family, 0, 0, What::cleared, 0});
    cleared_.push_back({family, std::move(rows)});
  }
  void unmarked(std::uint32_t family) { unmarked_.push_back(family); }

  /// Takes everything back, the last change first.
  void undo(AccountState& state);
  /// Makes the changes final.
  void accept(AccountState& state) {
    if (!unmarked_.empty()) tidy_marks(state);
    if (!cleared_.empty()) reuse_cleared(state);
    clear();
  }

 private:
  enum class What : std::uint8_t { global, cell, row, mark, cleared };
  struct Undo {
    Value old;
    std::uint32_t family;
    std::uint32_t row;
    std::uint32_t field;
    What what;
    unsigned char mark;
  };

  struct Cleared {
    std::uint32_t family;
    FamilyState rows;
  };

  void tidy_marks(AccountState& state);
  void reuse_cleared(AccountState& state);
  void clear() {
    undos_.clear();
    cleared_.clear();
    unmarked_.clear();
  }

  std::vector<Undo> undos_;
  std::vector<Cleared> cleared_;
  std::vector<std::uint32_t> unmarked_;  // families with marks to tidy
};

}  // namespace toll
