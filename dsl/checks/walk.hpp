// Walking a core: every node an expression is made of, every effect and expression of a tree of
// effects. Bodies of aggregates belong to the expression, bodies of definitions and procedures do
// not: whoever wants them asks.
#pragma once

#include <vector>

#include "toll/core.hpp"

namespace toll::dsl {

template <typename Visit>
void each_node(const Core& core, NodeId root, const Visit& visit);

/// The expressions of a source: its list, instant, condition and order.
template <typename Visit>
void each_root(const Source& source, const Visit& visit) {
  visit(source.list);
  visit(source.at);
  visit(source.where);
  for (const NodeId by : source.by) visit(by);
}

template <typename Visit>
void each_node(const Core& core, NodeId root, const Visit& visit) {
  if (root == kNoNode) return;
  const Node& node = core.nodes[root];
  visit(root);
  for (const NodeId arg : node.args) each_node(core, arg, visit);
  if (node.op != Op::aggregate) return;
  const Aggregate& aggregate = core.aggregates[node.a];
  each_root(aggregate.source, [&](NodeId id) { each_node(core, id, visit); });
  each_node(core, aggregate.body, visit);
}

/// Does an effect have rows to go through?
inline bool has_source(const Effect& effect) {
  return effect.what == Effect::Do::draw || effect.what == Effect::Do::each;
}

/// The expressions that an effect holds itself, not those of effects inside it.
template <typename Visit>
void each_root(const Effect& effect, const Visit& visit) {
  for (const NodeId arg : effect.args) visit(arg);
  if (has_source(effect)) each_root(effect.source, visit);
  for (const Rule& rule : effect.rules) visit(rule.guard);
  for (const Effect::EmitRows& rows : effect.rows) {
    each_root(rows.source, visit);
    for (const NodeId column : rows.columns) visit(column);
  }
}

/// Every effect of a tree, the outer before the inner.
template <typename Visit>
void each_effect(const Effects& effects, const Visit& visit) {
  for (const Effect& effect : effects) {
    visit(effect);
    each_effect(effect.effects, visit);
    for (const Rule& rule : effect.rules) each_effect(rule.effects, visit);
  }
}

/// Every expression that a policy evaluates.
template <typename Visit>
void each_root(const Core& core, const Visit& visit) {
  for (const Block& block : core.blocks) {
    each_effect(block.effects, [&](const Effect& effect) { each_root(effect, visit); });
  }
  for (const Definition& definition : core.definitions) visit(definition.body);
  for (const EventType& event : core.events) {
    for (const EventType::Refusal& refusal : event.refusals) visit(refusal.guard);
    for (const NodeId product : event.bounded) visit(product);
  }
  for (const View& view : core.views) {
    each_root(view.source, visit);
    for (const NodeId column : view.columns) visit(column);
  }
}

/// The block that moves a machine; kNone if there is none.
inline std::uint32_t go_block(const Core& core, std::uint32_t machine) {
  for (std::uint32_t i = 0; i < core.blocks.size(); ++i) {
    for (const Effect& effect : core.blocks[i].effects) {
      if (effect.what == Effect::Do::move && effect.a == machine) return i;
    }
  }
  return kNone;
}

}  // namespace toll::dsl
