// What of a core can happen at all, from events and timers: not what only scenarios, statements or
// nobody asks for.
#pragma once

#include <algorithm>
#include <vector>

#include "dsl/checks/walk.hpp"
#include "toll/core.hpp"

namespace toll::tools {

/// Everything that can happen, from events or from timers, and where columns of tables are read.
class Reach {
 public:
  /// A column read of the row that a traversal has at hand; of any other row, `source` is null.
  struct Read {
    std::uint32_t table = 0;
    std::uint32_t column = 0;
    const Source* source = nullptr;
  };

  explicit Reach(const Core& core, bool timers = true)
      : nodes(core.nodes.size()),
        core_(core),
        blocks_(core.blocks.size()),
        definitions_(core.definitions.size()) {
    for (const EventType& event : core.events) {
      for (const EventType::Refusal& refusal : event.refusals) node(refusal.guard);
      for (const NodeId product : event.bounded) node(product);
      block(event.block);
    }
    if (!timers) return;
    for (const Timer& timer : core.timers) block(timer.block);
  }

  [[nodiscard]] bool reads(std::uint32_t table, std::uint32_t column) const {
    return std::any_of(columns.begin(), columns.end(), [&](const Read& read) {
      return read.table == table && read.column == column;
    });
  }

  [[nodiscard]] const std::vector<bool>& blocks() const { return blocks_; }

  std::vector<bool> nodes;
  std::vector<Read> columns;

 private:
  void block(std::uint32_t index) {
    if (index == kNone || blocks_[index]) return;
    blocks_[index] = true;
    std::vector<const Source*> around;
    around.swap(sources_);
    effects(core_.blocks[index].effects);
    around.swap(sources_);
  }

  void source(const Source& of) {
    node(of.list);
    node(of.at);
    sources_.push_back(&of);
    node(of.where);
    for (const NodeId by : of.by) node(by);
  }

  void effects(const Effects& all) {
    for (const Effect& effect : all) {
      for (const NodeId arg : effect.args) node(arg);
      if (dsl::has_source(effect)) source(effect.source);
      effects(effect.effects);
      if (dsl::has_source(effect)) sources_.pop_back();
      for (const Rule& rule : effect.rules) {
        node(rule.guard);
        effects(rule.effects);
      }
      for (const Effect::EmitRows& rows : effect.rows) {
        source(rows.source);
        for (const NodeId column : rows.columns) node(column);
        sources_.pop_back();
      }
      if (effect.what == Effect::Do::run) block(effect.a);
    }
  }

  void node(NodeId id) {
    if (id == kNoNode) return;
    nodes[id] = true;
    const Node& here = core_.nodes[id];
    for (const NodeId arg : here.args) node(arg);
    if (here.op == Op::row_field) read(here);
    if (here.op == Op::aggregate) {
      source(core_.aggregates[here.a].source);
      node(core_.aggregates[here.a].body);
      sources_.pop_back();
    }
    if (here.op == Op::call && !definitions_[here.a]) {
      definitions_[here.a] = true;
      std::vector<const Source*> around;
      around.swap(sources_);
      node(core_.definitions[here.a].body);
      around.swap(sources_);
    }
  }

  void read(const Node& field) {
    const Node& row = core_.nodes[field.args[0]];
    if (row.type.of != Of::table) return;
    const Source* from = nullptr;
    if (row.op == Op::local) {
      for (const Source* source : sources_)
        if (source->slot == row.a) from = source->of == Source::Of::table ? source : nullptr;
    }
    columns.push_back({row.type.ref, field.a, from});
  }

  const Core& core_;
  std::vector<bool> blocks_;
  std::vector<bool> definitions_;
  std::vector<const Source*> sources_;
};

}  // namespace toll::tools
