// A spreadsheet's rows as rows of a table in a rule file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/skin.hpp"
#include "messages/messages.hpp"

namespace toll::tools {

/// What is wrong with a cell or row. `column` is 0 where it is about all of the row.
struct TableProblem {
  std::size_t row = 0;  ///< of the file, counted from 1; the header is the first
  std::size_t column = 0;
  Message message;
};

struct TableText {
  std::string text;  ///< `| a | b |` lines, aligned; empty if there are problems
  std::vector<TableProblem> problems;
};

/// Reads CSV with `,`, `;` or tabs between cells. `currency`: the unit of amounts with a currency
/// sign; empty: the sign's usual name in `language`.
TableText table_text(std::string_view csv, const dsl::Skin& skin, const std::string& currency,
                     Language language);

}  // namespace toll::tools
