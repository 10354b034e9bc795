#include "tools/diff/joined.hpp"

#include <algorithm>

#include "tools/diff/collector.hpp"

namespace toll::diff {
namespace {

/// What nothing is known of: no program has such a number.
constexpr std::uint32_t kOpaque = 1'000'000;
/// No policy's frame has so many slots.
constexpr std::uint32_t kLocals = 1'000'000;

template <class Item>
std::vector<std::uint32_t> by_name(const std::vector<Item>& items, const std::vector<Item>& old) {
  std::vector<std::uint32_t> out;
  for (const Item& item : items) {
    const auto found = std::find_if(old.begin(), old.end(),
                                    [&](const Item& one) { return one.name == item.name; });
    out.push_back(found == old.end() ? kNone : static_cast<std::uint32_t>(found - old.begin()));
  }
  return out;
}

bool place(std::uint32_t& index, const std::vector<std::uint32_t>& map) {
  if (index >= map.size() || map[index] == kNone) return false;
  index = map[index];
  return true;
}

}  // namespace

Joined::Joined(const Core& before, const Core& after, const Names& names_before,
               const Names& names_after)
    : sides_{&before, &after},
      core_(before),
      maps_{map_of(before, before, names_before, names_before),
            map_of(after, before, names_after, names_before)},
      trusted_(before.definitions.size(), false) {
  for (std::size_t i = 0; i < core_.texts.size(); ++i)
    texts_.emplace(core_.texts[i], static_cast<Value>(i));
  // What may be absent in one of them may be absent.
  for (std::size_t i = 0; i < after.tables.size(); ++i) {
    for (std::size_t k = 0; maps_[1].tables[i] != kNone && k < maps_[1].columns[i].size(); ++k) {
      const std::uint32_t column = maps_[1].columns[i][k];
      if (column == kNone || !after.tables[i].columns[k].type.optional) continue;
      core_.tables[maps_[1].tables[i]].columns[column].type.optional = true;
    }
  }
}

Joined::Map Joined::map_of(const Core& core, const Core& old, const Names& names,
                           const Names& others) {
  Map out;
  out.domains = places_of(names.domains, others.domains);
  out.tables = places_of(names.tables, others.tables);
  out.registers = places_of(names.registers, others.registers);
  out.families = places_of(names.families, others.families);
  out.machines = places_of(names.machines, others.machines);
  out.definitions = places_of(names.definitions, others.definitions);
  out.hooks = places_of(names.hooks, others.hooks);
  static const std::vector<Table::Column> no_columns;
  static const std::vector<Family::Field> no_fields;
  for (std::size_t i = 0; i < core.tables.size(); ++i)
    out.columns.push_back(by_name(core.tables[i].columns, out.tables[i] == kNone
                                                              ? no_columns
                                                              : old.tables[out.tables[i]].columns));
  for (std::size_t i = 0; i < core.families.size(); ++i)
    out.fields.push_back(
        by_name(core.families[i].fields,
                out.families[i] == kNone ? no_fields : old.families[out.families[i]].fields));
  return out;
}

NodeId Joined::add(Node node) {
  core_.nodes.push_back(std::move(node));
  return static_cast<NodeId>(core_.nodes.size() - 1);
}

Value Joined::text(const std::string& text) {
  const auto [place, fresh] = texts_.emplace(text, static_cast<Value>(core_.texts.size()));
  if (fresh) core_.texts.push_back(text);
  return place->second;
}

NodeId Joined::bring(Coder& coder, std::size_t side, NodeId id) {
  Frame frame;
  frame.coder = &coder;
  frame.side = side;
  return node(id, frame);
}

NodeId Joined::with_row(NodeId id, std::uint32_t slot, NodeId row) {
  Frame frame;
  frame.row_slot = slot;
  frame.row = row;
  return node(id, frame);
}

NodeId Joined::negation(NodeId of) {
  Node made;
  made.op = Op::logical_not;
  made.args = {of};
  return add(std::move(made));
}

NodeId Joined::present(NodeId of) {
  Node made;
  made.op = Op::present;
  made.args = {of};
  return add(std::move(made));
}

NodeId Joined::either(NodeId a, NodeId b) {
  Node made;
  made.op = Op::logical_or;
  made.args = {a, b};
  return add(std::move(made));
}

bool Joined::type(Type& type, std::size_t side) const {
  const Map& map = maps_[side];
  if (type.kind == Kind::name || type.kind == Kind::set) return place(type.ref, map.domains);
  if (type.of == Of::table) return place(type.ref, map.tables);
  if (type.of == Of::family) return place(type.ref, map.families);
  return true;
}

bool Joined::value(Node& node, const Type& was, std::size_t side) {
  if (node.value == kAbsent) return true;
  const Core& from = *sides_[side];
  const auto index = static_cast<std::size_t>(node.value);
  switch (was.kind) {
    case Kind::text:
      if (node.value < 0 || index >= from.texts.size()) return false;
      node.value = text(from.texts[index]);
      return true;
    case Kind::name: {
      const auto& names = from.domains[was.ref].names;
      if (node.value < 0 || index >= names.size()) return false;
      const auto& mine = core_.domains[node.type.ref].names;
      const auto found = std::find_if(mine.begin(), mine.end(), [&](const Domain::Name& name) {
        return name.shown == names[index].shown;
      });
      node.value = found == mine.end() ? kAbsent : static_cast<Value>(found - mine.begin());
      return found != mine.end();
    }
    case Kind::row:
    case Kind::list:
    case Kind::set:
      return false;
    default:
      return true;
  }
}

/// A number of its own for what a local stands for.
std::uint32_t Joined::local_of(NodeId id, const Frame& frame) {
  const Term term = frame.coder == nullptr ? 0 : frame.coder->closed(id);
  if (term == 0) return kNone;
  const auto next = static_cast<std::uint32_t>(kLocals + locals_.size());
  return locals_.emplace(term, next).first->second;
}

/// A field of the event at hand, as the old policy numbers it: of each event that it may be.
bool Joined::field(Node& made, const Frame& frame) const {
  if (frame.coder == nullptr) return false;
  if (frame.side == 0) return true;
  std::uint32_t found = kNone;
  const auto name_of = [](const EventType& event, std::uint32_t index) {
    const std::uint32_t parent = event.fields[index].parent;
    return (parent == kNone ? "" : event.fields[parent].wire) + "/" + event.fields[index].wire;
  };
  for (const std::uint32_t index : frame.coder->events()) {
    const EventType& event = sides_[1]->events[index];
    const auto old = std::find_if(core_.events.begin(), core_.events.end(),
                                  [&](const EventType& one) { return one.wire == event.wire; });
    if (old == core_.events.end() || made.a >= event.fields.size()) return false;
    std::uint32_t at = 0;
    while (at < old->fields.size() && name_of(*old, at) != name_of(event, made.a)) ++at;
    if (at == old->fields.size() || (found != kNone && found != at)) return false;
    found = at;
  }
  made.a = found;
  return found != kNone;
}

bool Joined::payload(Node& made, const Node& from, const Frame& frame) {
  const Map& map = maps_[frame.side];
  switch (made.op) {
    case Op::field:
      return field(made, frame);
    case Op::reg:
      return place(made.a, map.registers);
    case Op::state:
      return place(made.a, map.machines);
    case Op::row_field: {
      const Type& row = sides_[frame.side]->nodes[from.args[0]].type;
      if (row.of == Of::table) return place(made.a, map.columns[row.ref]);
      return row.of != Of::family || place(made.a, map.fields[row.ref]);
    }
    case Op::cell:
      return place(made.b, map.fields[made.a]) && place(made.a, map.families);
    case Op::lookup:
      return place(made.a, map.tables);
    case Op::universe:
      return place(made.a, map.domains);
    case Op::call:
      if (!place(made.a, map.definitions)) return false;
      if (trusted_[made.a]) return true;
      made.op = Op::hook;
      made.a += kOpaque;
      return true;
    case Op::hook:
      return place(made.a, map.hooks);
    default:
      return true;
  }
}

NodeId Joined::node(NodeId id, const Frame& frame) {
  if (id == kNoNode) return kNoNode;
  const Node from = sides_[frame.side]->nodes[id];
  Node made = from;
  made.clause = kNone;
  made.case_clauses.clear();
  if (!type(made.type, frame.side)) return kNoNode;
  if (from.op == Op::local) {
    if (frame.row != kNoNode && from.a == frame.row_slot) return frame.row;
    made.a = local_of(id, frame);
    return made.a == kNone ? kNoNode : add(std::move(made));
  }
  if (from.op == Op::aggregate) {
    // Known by all that it says: an unknown, of which nothing is asked but its value.
    made.a = local_of(id, frame);
    if (made.a == kNone) return kNoNode;
    made.op = Op::local;
    made.args.clear();
    return add(std::move(made));
  }
  if (from.op == Op::constant) {
    return value(made, from.type, frame.side) ? add(std::move(made)) : kNoNode;
  }
  if (!payload(made, from, frame)) return kNoNode;
  for (NodeId& argument : made.args) {
    if (argument == kNoNode) continue;  // the last of cases
    argument = node(argument, frame);
    if (argument == kNoNode) return kNoNode;
  }
  return add(std::move(made));
}

}  // namespace toll::diff
