// Does a ledger entry have the members that somebody expects of it?
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "toll/core.hpp"

namespace toll::tools {

/// Compares by the declared types of the entry's members: numbers and times by value, names after
/// normalisation, sets in any order. Rows are complete, in any order too unless the policy sorts
/// them. Members not named do not count; an expected null is a member that is absent or null.
class EntryMatch {
 public:
  explicit EntryMatch(const Core& core);

  [[nodiscard]] bool matches(const nlohmann::json& expected, const nlohmann::json& entry) const;
  /// The same for one value of a member or column; a list of rows as a whole.
  [[nodiscard]] bool member_matches(const nlohmann::json& expected, const nlohmann::json& value,
                                    const EntryKind::Member& member) const;

 private:
  [[nodiscard]] bool members_match(const nlohmann::json& expected, const nlohmann::json& entry,
                                   const std::vector<EntryKind::Member>& declared) const;
  [[nodiscard]] bool value_matches(const nlohmann::json& expected, const nlohmann::json& value,
                                   const Type& type) const;
  [[nodiscard]] bool rows_match(const nlohmann::json& expected, const nlohmann::json& rows,
                                const EntryKind::Member& member) const;

  const Core& core_;
  std::set<const EntryKind::Member*> sorted_;  ///< rows that stand in an order wherever written
};

}  // namespace toll::tools
