// Which differences a history takes part in: a trace that looks for the parts of a policy that
// changed.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "toll/engine.hpp"
#include "tools/diff/diff.hpp"

namespace toll::diff {

/// Of one side. May be used for many histories; each begins with clear().
class Touch : public Trace {
 public:
  Touch(const Core& core, const std::vector<Difference>& differences, std::size_t side);

  void clear();
  /// Differences whose targets were met, and tables that were asked.
  [[nodiscard]] const std::set<std::uint32_t>& met() const { return met_; }
  [[nodiscard]] const std::set<std::uint32_t>& tables() const { return tables_; }
  /// Of which a row with the same keys was read, whatever its band or era.
  [[nodiscard]] const std::set<std::uint32_t>& near() const { return near_met_; }

  void event(const EventView& event) override;
  void rule(ClauseId clause) override { look(clauses_, clause, met_); }
  void looked_up(std::uint32_t table, std::uint32_t row) override;
  void enter(const Effect& effect, ClauseId clause) override;
  void leave(const Effect& effect) override;
  [[nodiscard]] bool detail() const override { return detail_; }
  void enter(NodeId node) override;
  void leave(NodeId node, Value value) override;
  void turn(std::uint32_t slot, Value row, Turn why) override;

 private:
  using Found = std::vector<std::uint32_t>;
  using TableRow = std::pair<std::uint32_t, std::uint32_t>;
  template <class Map, class Key>
  static void look(const Map& map, const Key& key, std::set<std::uint32_t>& met) {
    const auto found = map.find(key);
    if (found != map.end()) met.insert(found->second.begin(), found->second.end());
  }
  /// The traversal of a table by this expression; null: it is none.
  [[nodiscard]] const Source* traversal(NodeId node) const;
  static bool is_traversal(const Effect& effect);

  const Core& core_;
  std::unordered_map<NodeId, Found> nodes_;
  std::unordered_map<const Effect*, Found> effects_;
  std::unordered_map<ClauseId, Found> clauses_;
  std::map<TableRow, Found> rows_;
  std::map<TableRow, Found> near_;
  std::unordered_map<std::uint32_t, Found> any_row_;  ///< by table
  std::unordered_map<std::uint32_t, Found> events_;
  bool detail_ = false;
  std::vector<const Source*> within_;  ///< traversals of tables that go on
  std::set<std::uint32_t> met_;
  std::set<std::uint32_t> near_met_;
  std::set<std::uint32_t> tables_;
};

}  // namespace toll::diff
