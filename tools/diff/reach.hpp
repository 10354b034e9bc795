// What of a core can have a part in a ledger: all that an event leads to. The rest (a definition
// that nothing calls, a table that nothing reads, views and statements) changes no entry.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "toll/core.hpp"

namespace toll::diff {

struct Reach {
  explicit Reach(const Core& core);

  /// A place where the rows of a table are gone through, and whether their order may matter there.
  struct Traversal {
    const Source* source = nullptr;
    bool ordered = true;
  };
  struct Use {
    bool any = false;
    bool looked_up = false;
    bool undated = false;             ///< rows of all eras are gone through
    bool identity = false;            ///< rows are compared with each other
    std::set<std::uint32_t> columns;  ///< read
    std::vector<Traversal> traversals;
  };

  std::vector<std::set<std::uint32_t>> definitions;  ///< the events that lead to each
  std::vector<std::set<std::uint32_t>> blocks;
  std::vector<bool> definition_used;
  std::vector<bool> block_used;
  std::vector<bool> timers;  ///< something arms them
  std::vector<Use> tables;
  std::vector<bool> entries;
  std::vector<bool> registers, families, machines, hooks;
  std::vector<bool> ordered_domains;  ///< somebody asks which of two names comes first
  std::vector<bool> told_domains;     ///< events say its names
  std::vector<bool> whole_domains;    ///< somebody asks for all its names

  // Walks that anybody may make: every node and effect, in no particular order.
  /// Does a part of the expression read this slot?
  [[nodiscard]] static bool reads_slot(const Core& core, NodeId node, std::uint32_t slot);
};

}  // namespace toll::diff
