#include "tools/diff/reach.hpp"

#include <algorithm>

namespace toll::diff {
namespace {

class Walk {
 public:
  Walk(const Core& core, Reach& reach) : core_(core), reach_(reach) {}

  void all() {
    for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
      event_ = i;
      for (const Field& each : core_.events[i].fields) field(each);
      for (const EventType::Refusal& refusal : core_.events[i].refusals) node(refusal.guard);
      for (const NodeId bounded : core_.events[i].bounded) node(bounded);
      if (core_.events[i].block != kNone) block(core_.events[i].block);
    }
    event_ = kNone;
    // A timer may arm another.
    for (bool more = true; more;) {
      more = false;
      for (std::uint32_t i = 0; i < core_.timers.size(); ++i) {
        if (!reach_.timers[i] || reach_.block_used[core_.timers[i].block]) continue;
        block(core_.timers[i].block);
        more = true;
      }
    }
  }

 private:
  void field(const Field& field) {
    const FieldType& type = field.type;
    if (type.type.kind == Kind::name || type.type.kind == Kind::set)
      reach_.told_domains[type.type.ref] = true;
    if (type.list == kNone) return;
    for (const Field& column : core_.lists[type.list].columns) this->field(column);
  }

  /// True: it was reached from this event before.
  static bool seen(std::set<std::uint32_t>& events, std::vector<bool>& used, std::size_t index,
                   std::uint32_t event) {
    if (event != kNone && events.insert(event).second) {
      used[index] = true;
      return false;
    }
    const bool before = used[index];
    used[index] = true;
    return before;
  }

  void block(std::uint32_t index) {
    if (seen(reach_.blocks[index], reach_.block_used, index, event_)) return;
    effects(core_.blocks[index].effects);
  }

  void definition(std::uint32_t index) {
    if (seen(reach_.definitions[index], reach_.definition_used, index, event_)) return;
    node(core_.definitions[index].body);
  }

  void node(NodeId id) {
    if (id == kNoNode) return;
    const Node& node = core_.nodes[id];
    for (const NodeId argument : node.args) this->node(argument);
    switch (node.op) {
      case Op::call:
        return definition(node.a);
      case Op::hook:
        reach_.hooks[node.a] = true;
        return;
      case Op::lt:
      case Op::le:
      case Op::gt:
      case Op::ge:
      case Op::minimum:
      case Op::maximum:
        for (const NodeId argument : node.args) ordered(core_.nodes[argument].type);
        return;
      case Op::lookup:
        reach_.tables[node.a].any = reach_.tables[node.a].looked_up = true;
        return;
      case Op::row_field: {
        const Type& row = core_.nodes[node.args[0]].type;
        if (row.of == Of::table) reach_.tables[row.ref].columns.insert(node.a);
        return;
      }
      case Op::universe:
        reach_.whole_domains[node.a] = true;
        return;
      case Op::eq:
      case Op::ne:
        for (const NodeId argument : node.args) {
          const Type& type = core_.nodes[argument].type;
          if (type.kind == Kind::row && type.of == Of::table)
            reach_.tables[type.ref].identity = true;
        }
        return;
      case Op::reg:
        reach_.registers[node.a] = true;
        return;
      case Op::state:
        reach_.machines[node.a] = true;
        return;
      case Op::cell:
        reach_.families[node.a] = true;
        return;
      case Op::aggregate: {
        const Aggregate& aggregate = core_.aggregates[node.a];
        const bool ordered =
            aggregate.fn == Aggregate::Fn::first || aggregate.fn == Aggregate::Fn::last;
        source(aggregate.source, ordered);
        this->node(aggregate.body);
        if (aggregate.fn == Aggregate::Fn::min || aggregate.fn == Aggregate::Fn::max)
          this->ordered(core_.nodes[aggregate.body].type);
        return;
      }
      default:
        return;
    }
  }

  /// A set is written in the order of its names.
  void lists(const EntryKind::Member& member) {
    if (member.type.kind == Kind::set) reach_.ordered_domains[member.type.ref] = true;
    for (const EntryKind::Member& column : member.columns) lists(column);
  }

  void ordered(const Type& type) {
    if (type.kind == Kind::name) reach_.ordered_domains[type.ref] = true;
  }

  void source(const Source& source, bool ordered_rows) {
    if (source.of == Source::Of::table) {
      Reach::Use& use = reach_.tables[source.index];
      use.any = true;
      use.undated = use.undated || source.at == kNoNode;
      use.traversals.push_back({&source, ordered_rows});
    }
    if (source.of == Source::Of::family || source.of == Source::Of::changed)
      reach_.families[source.index] = true;
    node(source.list);
    node(source.at);
    node(source.where);
    for (const NodeId by : source.by) {
      node(by);
      ordered(core_.nodes[by].type);
    }
    // What changed is visited in the order of its keys.
    if (source.of == Source::Of::changed) {
      const Family& family = core_.families[source.index];
      for (std::size_t i = 0; i < family.key_count; ++i) ordered(family.fields[i].type);
    }
  }

  void effects(const Effects& effects) {
    for (const Effect& effect : effects) {
      for (const NodeId argument : effect.args) node(argument);
      switch (effect.what) {
        case Effect::Do::draw:
        case Effect::Do::each:
          source(effect.source, true);
          break;
        case Effect::Do::run:
          block(effect.a);
          break;
        case Effect::Do::arm:
          reach_.timers[effect.a] = true;
          break;
        case Effect::Do::emit:
          for (const EntryKind::Member& member : core_.entries[effect.a].members) lists(member);
          reach_.entries[effect.a] = true;
          break;
        case Effect::Do::set_register:
          reach_.registers[effect.a] = true;
          break;
        case Effect::Do::move:
          reach_.machines[effect.a] = true;
          break;
        case Effect::Do::put:
          reach_.families[effect.a] = true;
          break;
        default:
          break;
      }
      this->effects(effect.effects);
      for (const Rule& rule : effect.rules) {
        node(rule.guard);
        this->effects(rule.effects);
      }
      for (const Effect::EmitRows& rows : effect.rows) {
        source(rows.source, true);
        for (const NodeId column : rows.columns) node(column);
      }
    }
  }

  const Core& core_;
  Reach& reach_;
  std::uint32_t event_ = kNone;
};

}  // namespace

Reach::Reach(const Core& core)
    : definitions(core.definitions.size()),
      blocks(core.blocks.size()),
      definition_used(core.definitions.size(), false),
      block_used(core.blocks.size(), false),
      timers(core.timers.size(), false),
      tables(core.tables.size()),
      entries(core.entries.size(), false),
      registers(core.registers.size(), false),
      families(core.families.size(), false),
      machines(core.machines.size(), false),
      hooks(core.hooks.size(), false),
      ordered_domains(core.domains.size(), false),
      told_domains(core.domains.size(), false),
      whole_domains(core.domains.size(), false) {
  Walk(core, *this).all();
}

bool Reach::reads_slot(const Core& core, NodeId id, std::uint32_t slot) {
  if (id == kNoNode) return false;
  const Node& node = core.nodes[id];
  if (node.op == Op::local && node.a == slot) return true;
  if (node.op == Op::aggregate) {
    const Source& source = core.aggregates[node.a].source;
    if (reads_slot(core, source.list, slot) || reads_slot(core, source.at, slot) ||
        reads_slot(core, source.where, slot) ||
        reads_slot(core, core.aggregates[node.a].body, slot))
      return true;
    if (std::any_of(source.by.begin(), source.by.end(),
                    [&](NodeId by) { return reads_slot(core, by, slot); }))
      return true;
  }
  return std::any_of(node.args.begin(), node.args.end(),
                     [&](NodeId argument) { return reads_slot(core, argument, slot); });
}

}  // namespace toll::diff
