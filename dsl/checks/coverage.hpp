// What a table says of its own rows: `every COLUMN exactly once`, and the names excepted from it.
#pragma once

#include <string>
#include <vector>

#include "dsl/checks/checks.hpp"

namespace toll::dsl {

struct Exception {
  std::string written;
  SourceSpan span;
};

/// every COLUMN exactly once
/// except NAME, NAME because "reason"
struct Coverage {
  std::uint32_t table = 0;
  std::uint32_t column = 0;
  SourceSpan span;
  std::vector<Exception> exceptions;
};

/// Of a table's declaration; what is not written as it should be goes to `found`.
std::vector<Coverage> coverages_of(const Subject& subject, std::uint32_t table, Findings& found);

/// The name of a domain that is written so: by what it is shown as, its wire name or another
/// spelling.
std::uint32_t name_written(const Domain& domain, const std::string& written);

/// When rows hold, as a lookup without the column's neighbours finds them: [since, until) of each
/// group of rows that answers for `name`, the earliest first.
struct Period {
  Value since = kAbsent;
  Value until = kAbsent;
  ClauseId clause = kNone;
};
std::vector<Period> periods_of(const Table& table, std::uint32_t column, Value name);

/// Has the table a row for all keys that no other row has?
bool has_otherwise(const Table& table);

}  // namespace toll::dsl
