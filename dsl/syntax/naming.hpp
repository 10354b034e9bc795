// Where a word that the language uses can only be a name. The tree does not tell (words mean
// nothing there yet), so this knows the few places where names are given or asked for:
// declarations, members, columns, aliases, the fields in a scenario.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/clause.hpp"

namespace toll::dsl {

bool is_word(const std::vector<Token>& list, std::size_t at, std::string_view word);
bool is_one_of(const std::vector<Token>& list, std::size_t at,
               std::initializer_list<std::string_view> words);
bool is_symbol(const std::vector<Token>& list, std::size_t at, std::string_view symbol);

/// What stands around a list of tokens.
struct NamingPlace {
  bool cell = false;              ///< they are a cell of a row
  bool header = false;            ///< of one that names columns
  bool domain = false;            ///< they are in the block of a domain
  std::set<std::string> columns;  ///< of the examples that they are a step of
};

/// Would `word`, a canonical one, be a name in place of the token there?
bool would_be_name(const std::vector<Token>& list, std::size_t at, std::string_view word,
                   const NamingPlace& place);

}  // namespace toll::dsl
