// How rows are found, and how much room the evaluation of a policy takes.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "engine/run/program.hpp"

namespace toll {

/// Makes RowSources: finds in `where` what can be looked up.
class Planner {
 public:
  explicit Planner(Program& program) : p_(program), core_(*program.core) {}
  RowSource source(const Source& source);

 private:
  /// `row.column = value`, where the value does not depend on the row.
  struct Equality {
    std::size_t conjunct = 0;
    std::uint32_t column = 0;
    NodeId value = kNoNode;
  };

  void split(NodeId node, std::vector<NodeId>& conjuncts) const;
  [[nodiscard]] bool uses(NodeId node, std::uint32_t slot) const;
  [[nodiscard]] std::vector<Equality> equalities(const std::vector<NodeId>& conjuncts,
                                                 std::uint32_t slot) const;
  std::vector<Equality> choose(const Source& source, RowSource& made,
                               const std::vector<Equality>& all);
  std::uint32_t column_index(std::uint32_t table, std::uint32_t column);
  Range operands(const std::vector<NodeId>& nodes);

  Program& p_;
  const Core& core_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> column_indexes_;
};

/// The most value slots any event or timer of the program needs at once.
std::uint32_t most_slots(const Program& program);

}  // namespace toll
