// What a table says of its own rows: `every COLUMN exactly once`, and the names excepted from it.
#pragma once

#include <string>
#include <unordered_map>
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

/// The names of a domain by how they are written: by what they are shown as, their wire names and
/// other spellings.
class NamesWritten {
 public:
  explicit NamesWritten(const Domain& domain);
  /// kNone: no name is written so.
  [[nodiscard]] std::uint32_t find(const std::string& written) const;

 private:
  const Domain& domain_;
  std::unordered_map<std::string, std::uint32_t> names_;
};

/// When rows hold, as a lookup without the column's neighbours finds them: [since, until) of each
/// group of rows that answers for a name, the earliest first.
struct Period {
  Value since = kAbsent;
  Value until = kAbsent;
  ClauseId clause = kNone;
};
/// By name of the column's domain, which has so many.
std::vector<std::vector<Period>> periods_of(const Table& table, std::uint32_t column,
                                            std::size_t names);

/// Has the table a row for all keys that no other row has?
bool has_otherwise(const Table& table);

}  // namespace toll::dsl
