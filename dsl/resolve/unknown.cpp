// A name that nothing is called: what was meant, or what there is.

#include <algorithm>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/nearest.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {
namespace {

/// So many names are shown where none is like the unknown one.
constexpr std::size_t kShown = 8;

/// The name most like `token`, as the map has it; empty if none is like it.
std::string nearest(const Token& token, const NameMap& names) {
  std::vector<std::string_view> all;
  for (const auto& [name, index] : names) all.push_back(name);
  return std::string(nearest_name(fold(token.raw), all));
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
