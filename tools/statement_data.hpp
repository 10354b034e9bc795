// Statements for programs and spreadsheets.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/statement.hpp"
#include "tools/statement_words.hpp"

namespace toll::tools {

/// Keys are stable (docs/statements.md); figures are strings, exact and ungrouped.
nlohmann::json statement_json(const MonthStatement& statement, const StatementWords& words);

/// RFC 4180, one table for all statements: its head, then the rows of each.
std::string csv_head(const StatementWords& words);
std::string as_csv(const MonthStatement& statement, const StatementWords& words);

}  // namespace toll::tools
