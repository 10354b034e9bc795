// What of a policy is used: read by an expression, run, armed, written into an entry.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "toll/core.hpp"

namespace toll::dsl {

class Usage {
 public:
  explicit Usage(const Core& core);

  using Part = std::pair<std::uint32_t, std::uint32_t>;  ///< of a table, family, event, entry
  /// A set of parts: a bit for each.
  class Parts {
   public:
    void emplace(std::uint32_t whole, std::uint32_t part) {
      if (bits_.size() <= whole) bits_.resize(whole + 1);
      if (bits_[whole].size() <= part) bits_[whole].resize(part + 1);
      bits_[whole][part] = true;
    }
    [[nodiscard]] std::size_t count(const Part& part) const {
      const auto [whole, index] = part;
      return whole < bits_.size() && index < bits_[whole].size() && bits_[whole][index] ? 1U : 0U;
    }

   private:
    std::vector<std::vector<bool>> bits_;
  };

  std::set<std::uint32_t> definitions;
  std::set<std::uint32_t> hooks;
  std::set<std::uint32_t> blocks;
  std::set<std::uint32_t> tables;
  std::set<std::uint32_t> registers;
  std::set<std::uint32_t> families;
  std::set<std::uint32_t> timers;
  std::set<std::uint32_t> entries;
  std::set<std::uint32_t> domains;
  Parts columns;       ///< of tables
  Parts fields;        ///< of families
  Parts event_fields;  ///< of events
  Parts list_columns;  ///< of lists that events hold
  Parts members;       ///< of entries
  Parts names;         ///< of domains: each counted where it is declared

 private:
  void node(NodeId root);
  void effect(const Effect& effect);
  void source(const Source& source);
  void name(std::uint32_t domain, Value value);
  void all_names(std::uint32_t domain);
  void type(const Type& type);
  void shapes();
  void event(std::uint32_t index);

  const Core& core_;
  std::set<std::uint32_t> whole_;  ///< domains all of whose names are used
};

}  // namespace toll::dsl
