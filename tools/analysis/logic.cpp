#include "tools/analysis/logic.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"

namespace toll::tools {
std::vector<NodeId> Logic::parts(NodeId node) const {
  std::vector<NodeId> open{node};
  std::vector<NodeId> out;
  while (!open.empty()) {
    const NodeId here = seen(open.back());
    open.pop_back();
    if (here == kNoNode) continue;
    if (core_.nodes[here].op == Op::logical_and) {
      open.insert(open.end(), core_.nodes[here].args.begin(), core_.nodes[here].args.end());
    } else {
      out.push_back(here);
    }
  }
  return out;
}

bool Logic::same(NodeId a, NodeId b) const {
  a = seen(a);
  b = seen(b);
  if (a == kNoNode || b == kNoNode) return a == b;
  if (a == b) return true;
  const Node& left = core_.nodes[a];
  const Node& y = core_.nodes[b];
  Type type = left.type;
  type.optional = y.type.optional;  // what is known to be there is the same value
  if (left.op != y.op || left.a != y.a || left.b != y.b || left.value != y.value ||
      !(type == y.type) || left.args.size() != y.args.size() || left.op == Op::aggregate)
    return false;
  for (std::size_t i = 0; i < left.args.size(); ++i)
    if (!same(left.args[i], y.args[i])) return false;
  return true;
}

NodeId Logic::asked_for(NodeId condition) const {
  condition = seen(condition);
  if (condition == kNoNode || core_.nodes[condition].op != Op::present) return kNoNode;
  return core_.nodes[condition].args[0];
}

NodeId Logic::asked_away(NodeId condition) const {
  condition = seen(condition);
  if (condition == kNoNode || core_.nodes[condition].op != Op::logical_not) return kNoNode;
  return asked_for(core_.nodes[condition].args[0]);
}

bool Logic::relies_on(NodeId expression, NodeId value) const {
  bool found = false;
  dsl::each_node(core_, expression, [&](NodeId id) {
    const Node& node = core_.nodes[id];
    if (!node.type.optional && same(id, value)) found = true;
    if (node.op == Op::row_field && !node.type.optional && same(node.args[0], value)) found = true;
  });
  return found;
}

/// A definition without parameters is what it says.
NodeId Logic::seen(NodeId node) const {
  while (node != kNoNode && core_.nodes[node].op == Op::call && core_.nodes[node].args.empty())
    node = core_.definitions[core_.nodes[node].a].body;
  return node;
}

namespace {

/// The field of the row at hand that has to equal something; kNone: there is none.
struct Equals {
  std::uint32_t field = kNone;
  NodeId to = kNoNode;
};

Equals equals_of(const Core& core, const Source& source) {
  for (const NodeId part : Logic(core).parts(source.where)) {
    const Node& node = core.nodes[part];
    if (node.op != Op::eq) continue;
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const Node& field = core.nodes[node.args[side]];
      if (field.op != Op::row_field) continue;
      const Node& row = core.nodes[field.args[0]];
      if (row.op == Op::local && row.a == source.slot) return {field.a, node.args[1 - side]};
    }
  }
  return {};
}

/// Is the event refused if some row has this value in this field already?
bool refused_if_there(const Core& core, const EventType& event, std::uint32_t family,
                      std::uint32_t field, NodeId value) {
  const Logic logic(core);
  for (const EventType::Refusal& refusal : event.refusals) {
    const Node* guard = &core.nodes[refusal.guard];
    std::vector<NodeId> given;
    if (guard->op == Op::call) {
      given = guard->args;
      guard = &core.nodes[core.definitions[guard->a].body];
    }
    if (guard->op != Op::aggregate) continue;
    const Aggregate& any = core.aggregates[guard->a];
    const Node& body = core.nodes[any.body];
    if (any.fn != Aggregate::Fn::any || body.op != Op::constant || body.value != 1 ||
        any.source.of != Source::Of::family || any.source.index != family)
      continue;
    const Equals equals = equals_of(core, any.source);
    if (equals.field != field) continue;
    NodeId to = equals.to;
    const Node& parameter = core.nodes[to];
    if (parameter.op == Op::local && parameter.a < given.size()) to = given[parameter.a];
    if (!logic.same(to, value)) continue;
    // Whatever else it asks for may only be that the value is there.
    const std::vector<NodeId> parts = logic.parts(any.source.where);
    const bool all = std::all_of(parts.begin(), parts.end(), [&](NodeId part) {
      const NodeId there = logic.asked_for(part);
      if (there == kNoNode) return core.nodes[part].op == Op::eq;
      return core.nodes[there].op == Op::row_field && core.nodes[there].a == field;
    });
    if (all && parts.size() <= 2) return true;
  }
  return false;
}

}  // namespace

bool at_most_one(const Core& core, const Source& source) {
  if (source.of != Source::Of::family) return false;
  const std::uint32_t family = source.index;
  const std::uint32_t field = equals_of(core, source).field;
  if (field == kNone) return false;
  std::vector<std::uint32_t> putting;  // for each row that is put with a value: the block
  bool sound = true;
  for (std::uint32_t block = 0; block < core.blocks.size(); ++block) {
    dsl::each_effect(core.blocks[block].effects, [&](const Effect& effect) {
      const bool set = effect.what == Effect::Do::set_row || effect.what == Effect::Do::set_cell ||
                       effect.what == Effect::Do::add_cell;
      if (set && effect.a == family && effect.b == field) sound = false;
      if (effect.what != Effect::Do::put || effect.a != family) return;
      if (std::find(effect.fields.begin(), effect.fields.end(), field) != effect.fields.end())
        putting.push_back(block);
    });
  }
  for (const std::uint32_t block : putting) {
    // Once in each event, and in nothing but that event.
    const auto event = std::find_if(core.events.begin(), core.events.end(),
                                    [&](const EventType& each) { return each.block == block; });
    if (event == core.events.end() || std::count(putting.begin(), putting.end(), block) != 1)
      return false;
    bool refused = false;
    for (const Effect& effect : core.blocks[block].effects) {
      if (effect.what != Effect::Do::put || effect.a != family) continue;
      const auto at = std::find(effect.fields.begin(), effect.fields.end(), field);
      if (at == effect.fields.end()) continue;
      const auto index = static_cast<std::size_t>(at - effect.fields.begin());
      refused = refused_if_there(core, *event, family, field, effect.args[index]);
    }
    if (!refused) return false;
  }
  return sound;
}

}  // namespace toll::tools
