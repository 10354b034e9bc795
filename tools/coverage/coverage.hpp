// What of a policy its scenarios exercise: rows, rules and cases, loops, procedures, transitions,
// timers, events, and the bounds that decide between two prices; and which paragraphs of its
// documents it implements.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "tools/coverage/places.hpp"

namespace toll::tools {

struct CoverageItem {
  enum class Kind : std::uint8_t {
    row,         ///< of a table: some scenario reads it
    rule,        ///< a rule, a case, a refusal: it holds once
    loop,        ///< rows are gone through, and there is one
    procedure,   ///< it runs
    transition,  ///< a machine goes that way
    timer,       ///< it fires
    event,       ///< it happens
    bound,       ///< a value just at it, and the last one before it
    paragraph,   ///< of a document: a rule or a scenario has it as its source
  };
  Kind kind = Kind::row;
  PolicyPlaces::Place place;
  Message says;      ///< "table prices, row basic"
  std::string line;  ///< of the rule file
  bool covered = false;
};

std::string_view to_string(CoverageItem::Kind kind);

struct Coverage {
  std::vector<CoverageItem> items;  ///< in the order of the files and lines

  [[nodiscard]] std::size_t total() const { return items.size(); }
  [[nodiscard]] std::size_t covered() const;
  struct Count {
    std::size_t covered = 0;
    std::size_t total = 0;
  };
  [[nodiscard]] std::map<CoverageItem::Kind, Count> by_kind() const;
  /// In tenths of a percent, rounded down: 1000 only if everything is covered.
  [[nodiscard]] std::size_t permille() const;
  [[nodiscard]] std::string percent() const;  ///< the same as text: "92.6%"
};

/// By all scenarios for which `wanted` is true.
Coverage measure_coverage(const dsl::Policy& policy, const dsl::SourceSet& sources,
                          const std::function<bool(const dsl::Scenario&)>& wanted);

/// One page without anything from elsewhere: the rule files, coloured, and what is missing.
std::string coverage_html(const dsl::Policy& policy, const dsl::SourceSet& sources,
                          const Coverage& coverage, Language language);

}  // namespace toll::tools
