// An entry that was expected beside one that came, member by member.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "toll/core.hpp"
#include "tools/entry_match.hpp"
#include "tools/policy_text.hpp"

namespace toll::tools {

/// One line of the comparison. Texts are in the policy's words; an empty one: nothing is said
/// there.
struct ComparedMember {
  std::string name;
  bool column = false;  ///< of a row of the member before
  std::string expected;
  std::string came;
  bool differs = false;
};

class EntryCompare {
 public:
  EntryCompare(const Core& core, const PolicyText& text) : match_(core), text_(text) {}

  /// The entry of the expected kind that has most of what was expected; none came of that kind:
  /// nothing.
  [[nodiscard]] std::optional<std::size_t> closest(const nlohmann::json& expected,
                                                   const std::vector<nlohmann::json>& came) const;
  [[nodiscard]] std::vector<ComparedMember> compare(const nlohmann::json& expected,
                                                    const nlohmann::json& came) const;

 private:
  using Members = std::vector<EntryKind::Member>;
  [[nodiscard]] std::size_t agreeing(const nlohmann::json& expected, const nlohmann::json& came,
                                     const Members& members) const;
  void rows(const EntryKind::Member& member, const nlohmann::json& expected,
            const nlohmann::json& came, std::vector<ComparedMember>& out) const;
  void members(const nlohmann::json& expected, const nlohmann::json& came, const Members& all,
               bool columns, std::vector<ComparedMember>& out) const;

  EntryMatch match_;
  const PolicyText& text_;
};

}  // namespace toll::tools
