#include "tools/entry_match.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "dsl/checks/walk.hpp"
#include "dsl/syntax/name.hpp"
#include "io/digest.hpp"
#include "io/json_document.hpp"
#include "io/time_text.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

std::string plain_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

bool same_number(const json& expected, const json& value) {
  // The content hash takes numbers by exact value, whatever their spelling.
  const auto hash = [](const std::string& text) -> std::optional<std::uint64_t> {
    io::JsonDocument document;
    if (!document.parse(text) || document[0].kind != io::JsonNode::Kind::number) return {};
    return io::hash_content(document);
  };
  const std::string left = plain_text(expected);
  const std::string right = plain_text(value);
  const auto left_hash = hash(left);
  return left == right || (left_hash && left_hash == hash(right));
}

bool same_text(const json& expected, const json& value) {
  if (expected == value) return true;
  if (!expected.is_string() || !value.is_string()) return false;
  return dsl::fold(expected.get<std::string>()) == dsl::fold(value.get<std::string>());
}

bool same_instant(const json& expected, const json& value, const Core& core) {
  if (!expected.is_string() || !value.is_string()) return expected == value;
  const io::Zone zone(core.zone);
  const auto left = io::parse_instant(expected.get<std::string>(), zone);
  return left && left == io::parse_instant(value.get<std::string>(), zone);
}

/// Can each expected item be given an item of its own? Augmenting paths over `fits`.
class Pairing {
 public:
  explicit Pairing(const std::vector<std::vector<bool>>& fits)
      : fits_(fits), owner_(fits.size(), kFree) {}

  bool complete() {
    for (std::size_t i = 0; i < fits_.size(); ++i) {
      std::vector<bool> tried(fits_.size(), false);
      if (!place(i, tried)) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t kFree = static_cast<std::size_t>(-1);

  bool place(std::size_t expected, std::vector<bool>& tried) {
    for (std::size_t item = 0; item < fits_.size(); ++item) {
      if (!fits_[expected][item] || tried[item]) continue;
      tried[item] = true;
      if (owner_[item] != kFree && !place(owner_[item], tried)) continue;
      owner_[item] = expected;
      return true;
    }
    return false;
  }

  const std::vector<std::vector<bool>>& fits_;
  std::vector<std::size_t> owner_;
};

template <class Fits>
bool pair_up(const json& expected, const json& items, const Fits& fits) {
  if (!expected.is_array() || !items.is_array() || expected.size() != items.size()) return false;
  std::vector<std::vector<bool>> table(expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    for (const json& item : items) table[i].push_back(fits(expected[i], item));
  return Pairing(table).complete();
}

}  // namespace

EntryMatch::EntryMatch(const Core& core) : core_(core) {
  std::set<const EntryKind::Member*> unsorted;
  for (const Block& block : core.blocks) {
    dsl::each_effect(block.effects, [&](const Effect& effect) {
      for (const Effect::EmitRows& rows : effect.rows) {
        const EntryKind::Member* const member = &core.entries[effect.a].members[rows.member];
        (rows.source.by.empty() ? unsorted : sorted_).insert(member);
      }
    });
  }
  for (const EntryKind::Member* const member : unsorted) sorted_.erase(member);
}

bool EntryMatch::matches(const json& expected, const json& entry) const {
  static const std::vector<EntryKind::Member> kUndeclared;
  const std::string kind = entry.value("kind", "");
  const auto declared = std::find_if(core_.entries.begin(), core_.entries.end(),
                                     [&kind](const EntryKind& each) { return each.wire == kind; });
  return members_match(expected, entry,
                       declared == core_.entries.end() ? kUndeclared : declared->members);
}

bool EntryMatch::members_match(const json& expected, const json& entry,
                               const std::vector<EntryKind::Member>& declared) const {
  if (!expected.is_object() || !entry.is_object()) return false;
  for (const auto& [key, wanted] : expected.items()) {
    const auto found = entry.find(key);
    if (wanted.is_null() || found == entry.end() || found->is_null()) {
      if (wanted.is_null() && (found == entry.end() || found->is_null())) continue;
      return false;
    }
    const auto member = std::find_if(declared.begin(), declared.end(),
                                     [name = key](const auto& each) { return each.wire == name; });
    bool fits = false;
    if (member == declared.end()) {
      fits = key == "time" ? same_instant(wanted, *found, core_) : same_text(wanted, *found);
    } else {
      fits = member_matches(wanted, *found, *member);
    }
    if (!fits) return false;
  }
  return true;
}

bool EntryMatch::member_matches(const json& expected, const json& value,
                                const EntryKind::Member& member) const {
  if (expected.is_null() || value.is_null()) return expected.is_null() && value.is_null();
  return member.rows ? rows_match(expected, value, member)
                     : value_matches(expected, value, member.type);
}

bool EntryMatch::rows_match(const json& expected, const json& rows,
                            const EntryKind::Member& member) const {
  const auto fits = [&](const json& wanted, const json& row) {
    return members_match(wanted, row, member.columns);
  };
  if (sorted_.count(&member) == 0) return pair_up(expected, rows, fits);
  return expected.is_array() && rows.is_array() &&
         std::equal(expected.begin(), expected.end(), rows.begin(), rows.end(), fits);
}

bool EntryMatch::value_matches(const json& expected, const json& value, const Type& type) const {
  switch (type.kind) {
    case Kind::number:
      return same_number(expected, value);
    case Kind::instant:
      return same_instant(expected, value, core_);
    case Kind::name: {
      if (same_text(expected, value)) return true;
      // Another spelling of the name that was written.
      for (const Domain::Name& name : core_.domains[type.ref].names) {
        if (!same_text(name.wire, value)) continue;
        if (same_text(expected, name.shown)) return true;
        for (const std::string& aka : name.aka)
          if (same_text(expected, aka)) return true;
      }
      return false;
    }
    case Kind::set:
      return pair_up(expected, value, same_text);
    default:
      return same_text(expected, value);
  }
}

}  // namespace toll::tools
