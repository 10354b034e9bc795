#include "io/name_index.hpp"

#include "dsl/syntax/name.hpp"

namespace toll::io {
namespace {

std::optional<std::uint32_t> told(std::uint32_t found) {
  if (found == TextTable::kMissing) return {};
  return found;
}

}  // namespace

NameIndex::NameIndex(const Core& core) {
  for (const Domain& domain : core.domains) {
    Spellings& spellings = domains_.emplace_back();
    spellings.exact = domain.exact;
    const auto add = [this, &spellings](const std::string& spelling, std::uint32_t index) {
      if (!spellings.exact) {
        const std::string& folded = folded_.emplace_back(dsl::fold(spelling));
        if (!spellings.names.insert(folded, index)) index = spellings.names.find(folded);
      }
      spellings.names.insert(spelling, index);
    };
    // Wire names first: no other spelling may take one away.
    for (std::uint32_t i = 0; i < domain.names.size(); ++i) add(domain.names[i].wire, i);
    for (std::uint32_t i = 0; i < domain.names.size(); ++i) {
      add(domain.names[i].shown, i);
      for (const std::string& aka : domain.names[i].aka) add(aka, i);
    }
  }
  for (std::uint32_t i = 0; i < core.events.size(); ++i)
    event_types_.insert(core.events[i].wire, i);
}

std::optional<std::uint32_t> NameIndex::find(std::uint32_t domain,
                                             std::string_view spelling) const {
  const Spellings& spellings = domains_[domain];
  const std::uint32_t found = spellings.names.find(spelling);
  if (found != TextTable::kMissing || spellings.exact) return told(found);
  return told(spellings.names.find(dsl::fold(spelling)));
}

std::optional<std::uint32_t> NameIndex::event_type(std::string_view wire) const {
  return told(event_types_.find(wire));
}

}  // namespace toll::io
