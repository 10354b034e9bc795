#include "tools/entry_compare.hpp"

#include <algorithm>

namespace toll::tools {
namespace {

using nlohmann::json;

const json& member_of(const json& object, const std::string& key) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

/// The code of an `error` or `duplicate` entry is a member like any other here.
const std::vector<EntryKind::Member>& plain_members() {
  static const std::vector<EntryKind::Member> kMembers = [] {
    EntryKind::Member code;
    code.name = code.wire = "code";
    code.type.kind = Kind::text;
    return std::vector<EntryKind::Member>{code};
  }();
  return kMembers;
}

}  // namespace

/// How much of what was expected is there; a row counts for its columns.
std::size_t EntryCompare::agreeing(const json& expected, const json& came,
                                   const Members& all) const {
  std::size_t count = 0;
  for (const EntryKind::Member& member : all) {
    if (!expected.contains(member.wire)) continue;
    const json& wanted = member_of(expected, member.wire);
    const json& value = member_of(came, member.wire);
    if (match_.member_matches(wanted, value, member)) {
      count += member.rows ? 2 * std::max<std::size_t>(1, wanted.size()) : 2;
    } else if (member.rows && wanted.is_array() && value.is_array()) {
      for (const json& row : wanted) {
        std::size_t best = 0;
        for (const json& other : value) best = std::max(best, agreeing(row, other, member.columns));
        count += best == 0 ? 0 : 1;
      }
    }
  }
  return count;
}

std::optional<std::size_t> EntryCompare::closest(const json& expected,
                                                 const std::vector<json>& came) const {
  const EntryKind* kind = text_.kind_of(expected);
  const Members& all = kind == nullptr ? plain_members() : kind->members;
  std::optional<std::size_t> best;
  std::size_t most = 0;
  for (std::size_t i = 0; i < came.size(); ++i) {
    if (member_of(came[i], "kind") != member_of(expected, "kind")) continue;
    const std::size_t count = agreeing(expected, came[i], all);
    if (best && count <= most) continue;
    best = i;
    most = count;
  }
  return best;
}

void EntryCompare::members(const json& expected, const json& came, const Members& all, bool columns,
                           std::vector<ComparedMember>& out) const {
  for (const EntryKind::Member& member : all) {
    const bool asked = expected.is_object() && expected.contains(member.wire);
    const json& wanted = member_of(expected, member.wire);
    const json& value = member_of(came, member.wire);
    if (!asked && value.is_null()) continue;
    if (member.rows) {
      rows(member, asked ? wanted : json(), value, out);
      continue;
    }
    ComparedMember line;
    line.name = member.name;
    line.column = columns;
    if (asked) line.expected = text_.value(wanted, member.type).value_or(wanted.dump());
    const bool nothing = value.is_null() && came.is_null();
    if (!nothing) line.came = text_.value(value, member.type).value_or(value.dump());
    line.differs = asked && (nothing || !match_.member_matches(wanted, value, member));
    out.push_back(std::move(line));
  }
}

/// Each expected row beside the row that has most of it; rows that nobody expected come last.
void EntryCompare::rows(const EntryKind::Member& member, const json& expected, const json& came,
                        std::vector<ComparedMember>& out) const {
  const bool asked = expected.is_array();
  const std::size_t count = came.is_array() ? came.size() : 0;
  std::vector<bool> taken(count, false);
  const auto head = [&](const std::string& wanted, const std::string& there, bool differs) {
    out.push_back({member.name, false, wanted, there, differs});
  };
  if (asked && expected.empty()) return head("()", count == 0 ? "()" : "", count != 0);
  if (asked) {
    for (const json& row : expected) {
      std::optional<std::size_t> best;
      std::size_t most = 0;
      for (std::size_t i = 0; i < count; ++i) {
        if (taken[i]) continue;
        const std::size_t agree = agreeing(row, came[i], member.columns);
        if (best && agree <= most) continue;
        best = i;
        most = agree;
      }
      head("", best ? "" : text_.word("none"), !best);
      if (best) taken[*best] = true;
      members(row, best ? came[*best] : json(), member.columns, true, out);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (taken[i]) continue;
    head(asked ? text_.word("none") : "", "", asked);
    members(json(), came[i], member.columns, true, out);
  }
}

std::vector<ComparedMember> EntryCompare::compare(const json& expected, const json& came) const {
  const EntryKind* kind = text_.kind_of(expected);
  std::vector<ComparedMember> out;
  members(expected, came, kind == nullptr ? plain_members() : kind->members, false, out);
  return out;
}

}  // namespace toll::tools
