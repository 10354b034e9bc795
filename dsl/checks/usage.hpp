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

  std::set<std::uint32_t> definitions;
  std::set<std::uint32_t> hooks;
  std::set<std::uint32_t> blocks;
  std::set<std::uint32_t> tables;
  std::set<std::uint32_t> registers;
  std::set<std::uint32_t> families;
  std::set<std::uint32_t> timers;
  std::set<std::uint32_t> entries;
  std::set<std::uint32_t> domains;
  std::set<Part> columns;       ///< of tables
  std::set<Part> fields;        ///< of families
  std::set<Part> event_fields;  ///< of events
  std::set<Part> list_columns;  ///< of lists that events hold
  std::set<Part> members;       ///< of entries
  std::set<Part> names;         ///< of domains: each counted where it is declared

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
};

}  // namespace toll::dsl
