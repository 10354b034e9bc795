// Names that are likely one: the same but for punctuation (W1106), or but for one letter and never
// side by side (W1110).
#include <algorithm>
#include <map>
#include <set>

#include "dsl/syntax/name.hpp"
#include "dsl/syntax/unicode.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools::lint_rules {
namespace {

constexpr std::size_t kLeastLetters = 6;      ///< of an alphabet
constexpr std::size_t kLeastCharacters = 4;   ///< of a script in which one is a word
constexpr char32_t kFirstIdeograph = 0x2e80;  ///< and all that follow are of such scripts

using Letters = std::u32string;

Letters letters_of(const std::string& text) {
  Letters letters;
  for (std::size_t at = 0; at < text.size();) {
    const dsl::DecodedCharacter character = dsl::decode_utf8(text, at);
    letters += character.code;
    at += character.size;
  }
  return letters;
}

/// Letters and digits alone.
std::string skeleton(const std::string& name) {
  const std::string folded = dsl::fold(name);
  std::string kept;
  for (std::size_t at = 0; at < folded.size();) {
    const dsl::DecodedCharacter character = dsl::decode_utf8(folded, at);
    if (dsl::is_xid_continue(character.code) && character.code != '_')
      kept += folded.substr(at, character.size);
    at += character.size;
  }
  std::transform(kept.begin(), kept.end(), kept.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return kept;
}

bool is_digit(char32_t letter) { return letter >= '0' && letter <= '9'; }

/// One letter put in, left out, or another in its place; a digit tells things apart on purpose.
bool one_letter_apart(const Letters& a, const Letters& b) {
  const auto [short_end, long_end] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (a.size() > b.size()) return one_letter_apart(b, a);
  if (b.size() - a.size() > 1) return false;
  const bool same_length = a.size() == b.size();
  if (same_length && short_end == a.end()) return false;
  const bool rest_same = std::equal(short_end + (same_length ? 1 : 0), a.end(), long_end + 1);
  const bool counted = is_digit(*long_end) || (same_length && is_digit(*short_end));
  return rest_same && !counted;
}

bool long_enough(const Letters& name) {
  const bool ideographs = std::any_of(name.begin(), name.end(),
                                      [](char32_t letter) { return letter >= kFirstIdeograph; });
  return name.size() >= (ideographs ? kLeastCharacters : kLeastLetters);
}

/// Where the names of a domain stand in tables, and when.
struct Standing {
  std::uint32_t table = 0;
  Value since = kAbsent;
  Value until = kAbsent;
};

bool together(const Standing& a, const Standing& b) {
  const auto before = [](Value until, Value since) {
    return until != kAbsent && since != kAbsent && until <= since;
  };
  return a.table == b.table && !before(a.until, b.since) && !before(b.until, a.since);
}

class Near {
 public:
  Near(const Subject& subject, std::vector<Finding>& found)
      : subject_(subject), core_(subject.core()), found_(found) {
    for (std::uint32_t index = 0; index < core_.tables.size(); ++index) {
      const Table& table = core_.tables[index];
      for (std::uint32_t column = 0; column < table.columns.size(); ++column) {
        const Type& type = table.columns[column].type;
        if (type.kind != Kind::name) continue;
        for (const Table::Row& row : table.rows) {
          if (row.cells[column] == kAbsent) continue;
          standing_[owner(type.ref, row.cells[column])].push_back({index, row.since, row.until});
        }
      }
    }
  }

  void look() {
    for (std::uint32_t domain = 0; domain < core_.domains.size(); ++domain) {
      if (!core_.domains[domain].exact) look_at(domain);
    }
  }

 private:
  using Name = std::pair<std::uint32_t, std::size_t>;

  /// A domain that includes another starts with its names.
  [[nodiscard]] Name owner(std::uint32_t domain, Value name) const {
    const auto index = static_cast<std::size_t>(name);
    const auto& includes = core_.domains[domain].includes;
    if (!includes.empty() && index < core_.domains[includes[0]].names.size())
      return owner(includes[0], name);
    return {domain, index};
  }

  void look_at(std::uint32_t domain) {
    const std::vector<Domain::Name>& names = core_.domains[domain].names;
    // Two names one letter apart are the same once the right letter is left out of either.
    std::map<Letters, std::vector<std::size_t>> by_rest;
    for (std::size_t index = 0; index < names.size(); ++index) {
      const Name own = owner(domain, static_cast<Value>(index));
      const Letters letters = letters_of(dsl::fold(names[index].shown));
      if (own.first != domain || standing_.count(own) == 0 || !long_enough(letters)) continue;
      std::set<Letters> rests = {letters};
      for (std::size_t i = 0; i < letters.size(); ++i)
        rests.insert(letters.substr(0, i) + letters.substr(i + 1));
      std::set<std::size_t> others;
      for (const Letters& rest : rests) {
        std::vector<std::size_t>& known = by_rest[rest];
        others.insert(known.begin(), known.end());
        known.push_back(index);
      }
      for (const std::size_t other : others) compare(domain, index, other);
    }
  }

  void compare(std::uint32_t domain, std::size_t one, std::size_t other) {
    const Domain& all = core_.domains[domain];
    const auto written = [&](std::size_t name) {  // in the declaration of the domain
      const ClauseId clause = all.names[name].clause;
      return clause < core_.clauses.size() && core_.clauses[clause].parent == all.clause;
    };
    const Letters left = letters_of(dsl::fold(all.names[one].shown));
    const Letters right = letters_of(dsl::fold(all.names[other].shown));
    if ((written(one) && written(other)) || !one_letter_apart(left, right)) return;
    for (const Standing& a : standing_.at({domain, one})) {
      for (const Standing& b : standing_.at({domain, other})) {
        if (together(a, b)) return;
      }
    }
    const Domain::Name& name = all.names[one];
    found_.push_back({subject_.span(name.clause),
                      {"W1110.near", {name.shown, all.names[other].shown, all.name}},
                      name.shown});
  }

  const Subject& subject_;
  const Core& core_;
  std::vector<Finding>& found_;
  std::map<Name, std::vector<Standing>> standing_;
};

}  // namespace

void names_alike(const Subject& subject, std::vector<Finding>& found) {
  for (const Domain& domain : subject.core().domains) {
    if (domain.exact) continue;
    std::map<std::string, const Domain::Name*> seen;
    for (const Domain::Name& name : domain.names) {
      const auto [other, fresh] = seen.emplace(skeleton(name.shown), &name);
      if (fresh || other->first.empty()) continue;
      found.push_back({subject.span(name.clause),
                       {"W1106.alike", {name.shown, other->second->shown, domain.name}},
                       name.shown});
    }
  }
  Near(subject, found).look();
}

}  // namespace toll::tools::lint_rules
