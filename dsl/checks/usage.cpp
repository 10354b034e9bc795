#include "dsl/checks/usage.hpp"

#include "dsl/checks/walk.hpp"

namespace toll::dsl {

Usage::Usage(const Core& core) : core_(core) {
  for (const Block& block : core.blocks) {
    for (const Type& parameter : block.parameters) type(parameter);
    each_effect(block.effects, [&](const Effect& one) { effect(one); });
  }
  for (const Definition& definition : core.definitions) {
    for (const Type& parameter : definition.parameters) type(parameter);
  }
  each_root(core, [&](NodeId root) { each_node(core, root, [&](NodeId id) { node(id); }); });
  for (const View& view : core.views) source(view.source);
  shapes();
  for (std::uint32_t i = 0; i < core.events.size(); ++i) event(i);
}

void Usage::node(NodeId id) {
  const Node& node = core_.nodes[id];
  type(node.type);
  switch (node.op) {
    case Op::constant:
      if (node.type.kind == Kind::name) name(node.type.ref, node.value);
      break;
    case Op::reg:
      registers.insert(node.a);
      break;
    case Op::cell:
      families.insert(node.a);
      fields.emplace(node.a, node.b);
      break;
    case Op::lookup:
      tables.insert(node.a);
      break;
    case Op::call:
      definitions.insert(node.a);
      break;
    case Op::hook:
      hooks.insert(node.a);
      for (const Hook::Parameter& parameter : core_.hooks[node.a].parameters) type(parameter.type);
      break;
    case Op::universe:
      all_names(node.a);
      break;
    case Op::aggregate:
      source(core_.aggregates[node.a].source);
      break;
    case Op::row_field: {
      const Type& row = core_.nodes[node.args[0]].type;
      if (row.of == Of::table) columns.emplace(row.ref, node.a);
      if (row.of == Of::family) fields.emplace(row.ref, node.a);
      if (row.of == Of::list) list_columns.emplace(row.ref, node.a);
      break;
    }
    default:
      break;
  }
}

void Usage::source(const Source& source) {
  if (source.of == Source::Of::table) tables.insert(source.index);
  if (source.of == Source::Of::family || source.of == Source::Of::changed) {
    families.insert(source.index);
  }
}

void Usage::effect(const Effect& effect) {
  if (has_source(effect)) source(effect.source);
  for (const Effect::EmitRows& rows : effect.rows) {
    source(rows.source);
    members.emplace(effect.a, rows.member);
  }
  switch (effect.what) {
    case Effect::Do::run:
      blocks.insert(effect.a);
      break;
    case Effect::Do::arm:
      timers.insert(effect.a);
      break;
    case Effect::Do::emit:
      entries.insert(effect.a);
      for (const std::uint32_t member : effect.fields) members.emplace(effect.a, member);
      break;
    case Effect::Do::draw:
      families.insert(effect.a);
      fields.emplace(effect.a, effect.b);
      break;
    default:
      break;
  }
}

void Usage::type(const Type& type) {
  if (type.kind == Kind::name || type.kind == Kind::set) {
    if (type.ref < core_.domains.size()) domains.insert(type.ref);
  }
}

/// A name of a domain that includes another may be one of the other.
void Usage::name(std::uint32_t domain, Value value) {
  if (value == kAbsent || value < 0) return;
  for (const std::uint32_t included : core_.domains[domain].includes) {
    if (value < static_cast<Value>(core_.domains[included].names.size())) {
      domains.insert(included);
      return name(included, value);
    }
  }
  names.emplace(domain, static_cast<std::uint32_t>(value));
}

void Usage::all_names(std::uint32_t domain) {
  if (!whole_.insert(domain).second) return;
  domains.insert(domain);
  for (std::size_t i = 0; i < core_.domains[domain].names.size(); ++i) {
    name(domain, static_cast<Value>(i));
  }
}

/// What shapes say: types, first values, cells of tables.
void Usage::shapes() {
  for (const Table& table : core_.tables) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const Type& type = table.columns[column].type;
      this->type(type);
      if (type.kind != Kind::name) continue;
      for (const Table::Row& row : table.rows) name(type.ref, row.cells[column]);
    }
  }
  for (const Register& value : core_.registers) {
    type(value.type);
    if (value.type.kind == Kind::name) name(value.type.ref, value.initial);
  }
  for (const Family& family : core_.families) {
    for (const Family::Field& field : family.fields) {
      type(field.type);
      if (field.type.kind == Kind::name) name(field.type.ref, field.initial);
    }
  }
  for (const EntryKind& entry : core_.entries) {
    for (const EntryKind::Member& member : entry.members) {
      type(member.type);
      for (const EntryKind::Member& column : member.columns) type(column.type);
    }
  }
  const auto outside = [&](const Field& field) {
    if (field.type.type.kind == Kind::name || field.type.type.kind == Kind::set) {
      all_names(field.type.type.ref);
    }
  };
  for (const EventType& event : core_.events) {
    for (const Field& field : event.fields) outside(field);
  }
  for (const ListType& list : core_.lists) {
    for (const Field& column : list.columns) outside(column);
  }
}

/// Fields are read in the event's own block and in whatever that runs and calls.
void Usage::event(std::uint32_t index) {
  const EventType& event = core_.events[index];
  std::set<std::uint32_t> run;
  std::set<std::uint32_t> called;
  const auto expression = [&](const auto& self, NodeId root) -> void {
    each_node(core_, root, [&](NodeId id) {
      const Node& node = core_.nodes[id];
      if (node.op == Op::call && called.insert(node.a).second) {
        self(self, core_.definitions[node.a].body);
      }
      if (node.op != Op::field) return;
      for (std::uint32_t at = node.a; at < event.fields.size(); at = event.fields[at].parent) {
        event_fields.emplace(index, at);
      }
    });
  };
  const auto effects = [&](const auto& self, const Effects& list) -> void {
    each_effect(list, [&](const Effect& effect) {
      each_root(effect, [&](NodeId root) { expression(expression, root); });
      if (effect.what == Effect::Do::run && run.insert(effect.a).second) {
        self(self, core_.blocks[effect.a].effects);
      }
    });
  };
  for (const EventType::Refusal& refusal : event.refusals) expression(expression, refusal.guard);
  for (const NodeId product : event.bounded) expression(expression, product);
  if (event.block != kNone) effects(effects, core_.blocks[event.block].effects);
}

}  // namespace toll::dsl
