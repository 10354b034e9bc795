// From the parts that a run of a rule file left (prelude.lua) to clauses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/syntax/clause.hpp"

struct lua_State;

namespace toll::dsl::lua {

/// Where in a Lua file the tokens of its clauses stand. Lua tells lines only; the column is that of
/// the token's text in its line, or in the lines that follow it closely.
class Places {
 public:
  Places(std::string_view text, std::uint32_t file);

  /// Of `written`, looked for from this line on; the whole line if it is not found.
  SourceSpan find(std::uint32_t line, const std::string& written);
  [[nodiscard]] SourceSpan line(std::uint32_t number) const;

 private:
  std::string_view text_;
  std::uint32_t file_;
  std::vector<std::uint32_t> starts_;
  std::uint32_t last_line_ = 0;  ///< of the last find, and where it ended
  std::uint32_t last_end_ = 0;
};

struct Tree {
  std::vector<Clause> clauses;
  bool broken = false;     ///< a file built tables of its own that say nothing
  bool too_large = false;  ///< too deep, or too many tokens
};
/// The declared parts that no other part holds, in order.
Tree read_tree(lua_State* state, Places& places);

}  // namespace toll::dsl::lua
