#include "tools/diff/touch.hpp"

namespace toll::diff {

Touch::Touch(const Core& core, const std::vector<Difference>& differences, std::size_t side)
    : core_(core) {
  for (std::uint32_t i = 0; i < differences.size(); ++i) {
    const Targets& targets = differences[i].targets[side];
    for (const NodeId node : targets.nodes) nodes_[node].push_back(i);
    for (const Effect* const effect : targets.effects) effects_[effect].push_back(i);
    for (const ClauseId clause : targets.clauses) clauses_[clause].push_back(i);
    for (const TableRow& row : targets.rows) rows_[row].push_back(i);
    for (const TableRow& row : targets.near) near_[row].push_back(i);
    for (const std::uint32_t table : targets.tables) any_row_[table].push_back(i);
    for (const std::uint32_t event : targets.events) events_[event].push_back(i);
  }
  // Expressions are told in detail only; so are the rows that a traversal comes by.
  detail_ = !nodes_.empty() || !near_.empty() || !any_row_.empty();
}

void Touch::clear() {
  met_.clear();
  near_met_.clear();
  tables_.clear();
  within_.clear();
}

void Touch::event(const EventView& event) { look(events_, event.type, met_); }

void Touch::looked_up(std::uint32_t table, std::uint32_t row) {
  tables_.insert(table);
  look(rows_, TableRow(table, row), met_);
  look(near_, TableRow(table, row), near_met_);
  look(any_row_, table, met_);
}

bool Touch::is_traversal(const Effect& effect) {
  return (effect.what == Effect::Do::each || effect.what == Effect::Do::draw) &&
         effect.source.of == Source::Of::table;
}

const Source* Touch::traversal(NodeId node) const {
  if (core_.nodes[node].op != Op::aggregate) return nullptr;
  const Source& source = core_.aggregates[core_.nodes[node].a].source;
  return source.of == Source::Of::table ? &source : nullptr;
}

void Touch::enter(const Effect& effect, ClauseId /*clause*/) {
  look(effects_, &effect, met_);
  if (!is_traversal(effect)) return;
  tables_.insert(effect.source.index);
  look(any_row_, effect.source.index, met_);
  within_.push_back(&effect.source);
}

void Touch::leave(const Effect& effect) {
  if (is_traversal(effect) && !within_.empty()) within_.pop_back();
}

void Touch::enter(NodeId node) {
  look(nodes_, node, met_);
  const Source* const source = traversal(node);
  if (source == nullptr) return;
  tables_.insert(source->index);
  look(any_row_, source->index, met_);
  within_.push_back(source);
}

void Touch::leave(NodeId node, Value /*value*/) {
  if (traversal(node) != nullptr && !within_.empty()) within_.pop_back();
}

void Touch::turn(std::uint32_t slot, Value row, Turn why) {
  if (why == Turn::sort || why == Turn::weigh || row < 0) return;
  for (auto source = within_.rbegin(); source != within_.rend(); ++source) {
    if ((*source)->slot != slot) continue;
    looked_up((*source)->index, static_cast<std::uint32_t>(row));
    return;
  }
}

}  // namespace toll::diff
