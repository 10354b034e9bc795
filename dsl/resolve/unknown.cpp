// A name that nothing is called: what was meant, or what there is.

#include <algorithm>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/source.hpp"
#include "messages/distance.hpp"

namespace toll::dsl {
namespace {

/// So many names are shown where none is like the unknown one.
constexpr std::size_t kShown = 8;

/// Code points; names are valid UTF-8 when they come here.
std::u32string code_points(std::string_view text) {
  std::u32string points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U && !points.empty()) {
      points.back() = points.back() << 6U | (byte & 0x3FU);
    } else {
      points.push_back(byte < 0x80U ? byte : byte < 0xE0U ? byte & 0x1FU : byte & 0x0FU);
    }
  }
  return points;
}

/// Edit distance of two names in characters, cut off at `limit`.
std::size_t distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  return edit_distance(a, b);
}

/// How many characters two names share where one begins or ends with the other, of which at least a
/// third must be shared; else 0. A character of Han is a word, one of an alphabet is not.
std::size_t shared(std::u32string_view a, std::u32string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.empty() || a.size() * 3 < b.size()) return 0;
  const bool letters = std::any_of(a.begin(), a.end(), [](char32_t c) { return c < 0x2E80; });
  if (letters && a.size() < 3) return 0;
  return b.starts_with(a) || b.ends_with(a) ? a.size() : 0;
}

/// The name most like `token`, as the map has it; empty if none is like it.
std::string nearest(const Token& token, const NameMap& names) {
  const std::u32string folded = code_points(fold(token.raw));
  const std::size_t limit = std::max<std::size_t>(1, (folded.size() + 1) / 3);
  std::string best;
  std::size_t least = limit + 1;
  for (const auto& [name, index] : names) {
    const std::size_t d = distance(folded, code_points(name), limit);
    if (d < least && d < folded.size()) {
      least = d;
      best = name;
    }
  }
  std::size_t most = 0;
  for (const auto& [name, index] : names) {
    if (least <= limit) break;
    const std::size_t common = shared(folded, code_points(name));
    if (common > most) {
      most = common;
      best = name;
    }
  }
  return best;
}

}  // namespace

/// A name as its declaration spells it, not as it is compared.
std::string Builder::spelling(const NameMap& names, const std::string& folded) const {
  for (std::size_t i = 0; i < domain_names_.size(); ++i) {
    if (&domain_names_[i] != &names) continue;
    for (const Domain::Name& name : core_.domains[i].names) {
      if (fold(name.shown) == folded) return name.shown;
      for (const std::string& other : name.aka) {
        if (fold(other) == folded) return other;
      }
    }
  }
  const auto declared = declared_.find({&names, folded});
  return declared == declared_.end() ? folded : std::string(sources_.slice(declared->second));
}

/// One spelling of each name, in the order of declaration; without those that the language brings.
std::vector<std::string> Builder::spellings(const NameMap& names) const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < domain_names_.size(); ++i) {
    if (&domain_names_[i] != &names) continue;
    for (const Domain::Name& name : core_.domains[i].names) all.push_back(name.shown);
    return all;
  }
  std::set<std::pair<std::uint32_t, std::string>> declared;
  std::set<std::pair<std::uint32_t, std::string>> any;
  for (const auto& [name, index] : names) {
    any.emplace(index, name);
    if (declared_.count({&names, name}) != 0) declared.emplace(index, spelling(names, name));
  }
  for (const auto& [index, name] : declared.empty() ? any : declared) all.push_back(name);
  return all;
}

void Builder::unknown(const Token& token, const NameMap& names, Message what) {
  Message help;
  const std::string best = nearest(token, names);
  if (!best.empty()) {
    help = {"advice.did-you-mean", {spelling(names, best)}};
  } else if (const auto all = spellings(names); !all.empty() && all.size() <= kShown) {
    std::string list;
    for (const std::string& name : all) list += (list.empty() ? "`" : ", `") + name + "`";
    help = {&names == &units_ ? "advice.there-are-units" : "advice.there-are", {list}};
  }
  if (what.id.starts_with("noun.")) {
    what = {"E0302.unknown", {std::move(what), token.raw}};
  } else {
    what.arguments.emplace_back(token.raw);
  }
  misfit(token.span, std::move(what), {}, std::move(help));
}

}  // namespace toll::dsl
