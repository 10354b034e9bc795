// Expressions of two policies in one core, so that logic can be asked how they stand to each other.
//
// What has a name is the part of that name in the old policy. Definitions that are not the same in
// both, and programs, are taken for something of which nothing is known; what only one of them has
// cannot be brought over. Locals are called by what they stand for, not by their slots.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toll/core.hpp"
#include "tools/diff/terms.hpp"

namespace toll::diff {

class Joined {
 public:
  Joined(const Core& before, const Core& after, const Names& names_before,
         const Names& names_after);

  /// A definition of the old policy says the same in the new one, with all that it calls.
  void trust(std::uint32_t definition) { trusted_[definition] = true; }

  /// The expression in the joined core, as it is in the frame that was coded last; kNoNode: it
  /// cannot be brought over.
  NodeId bring(Coder& coder, std::size_t side, NodeId node);
  /// The same of an expression of the old policy outside any frame, a local of which is a row here.
  NodeId with_row(NodeId node, std::uint32_t slot, NodeId row);

  NodeId negation(NodeId node);
  NodeId present(NodeId node);
  NodeId either(NodeId a, NodeId b);

  [[nodiscard]] const Core& core() const { return core_; }

 private:
  /// Indexes of one side as those of the old policy.
  struct Map {
    std::vector<std::uint32_t> domains, tables, registers, families, machines, events, definitions,
        hooks;
    std::vector<std::vector<std::uint32_t>> columns, fields;  ///< by table, by family
  };
  static Map map_of(const Core& core, const Core& old, const Names& names, const Names& others);

  struct Frame {
    Coder* coder = nullptr;
    std::size_t side = 0;
    std::uint32_t row_slot = kNone;
    NodeId row = kNoNode;
  };
  NodeId node(NodeId id, const Frame& frame);
  bool type(Type& type, std::size_t side) const;
  bool value(Node& node, const Type& was, std::size_t side);
  bool payload(Node& made, const Node& from, const Frame& frame);
  bool field(Node& made, const Frame& frame) const;
  NodeId add(Node node);
  std::uint32_t local_of(NodeId id, const Frame& frame);
  Value text(const std::string& text);

  const Core* sides_[2];
  Core core_;
  Map maps_[2];
  std::vector<bool> trusted_;
  std::map<Term, std::uint32_t> locals_;
  std::map<std::string, Value> texts_;
};

}  // namespace toll::diff
