#include "io/name_index.hpp"

#define XXH_INLINE_ALL  // short texts: a call would cost more than the hash
#include <xxhash.h>

#include "dsl/syntax/name.hpp"

namespace toll::io {

std::size_t TextHash::operator()(std::string_view text) const {
  return XXH3_64bits(text.data(), text.size());
}

NameIndex::NameIndex(const Core& core) {
  for (const Domain& domain : core.domains) {
    Spellings& spellings = domains_.emplace_back();
    spellings.exact = domain.exact;
    const auto add = [&spellings](const std::string& spelling, std::uint32_t index) {
      if (spellings.exact) {
        spellings.names.emplace(spelling, index);
        return;
      }
      const auto folded = spellings.names.emplace(dsl::fold(spelling), index).first;
      spellings.names.emplace(spelling, folded->second);
    };
    // Wire names first: no other spelling may take one away.
    for (std::uint32_t i = 0; i < domain.names.size(); ++i) add(domain.names[i].wire, i);
    for (std::uint32_t i = 0; i < domain.names.size(); ++i) {
      add(domain.names[i].shown, i);
      for (const std::string& aka : domain.names[i].aka) add(aka, i);
    }
  }
  for (std::uint32_t i = 0; i < core.events.size(); ++i)
    event_types_.emplace(core.events[i].wire, i);
}

std::optional<std::uint32_t> NameIndex::find(std::uint32_t domain,
                                             std::string_view spelling) const {
  const Spellings& spellings = domains_[domain];
  auto found = spellings.names.find(spelling);
  if (found == spellings.names.end() && !spellings.exact)
    found = spellings.names.find(dsl::fold(spelling));
  if (found == spellings.names.end()) return {};
  return found->second;
}

std::optional<std::uint32_t> NameIndex::event_type(std::string_view wire) const {
  const auto found = event_types_.find(wire);
  if (found == event_types_.end()) return {};
  return found->second;
}

}  // namespace toll::io
