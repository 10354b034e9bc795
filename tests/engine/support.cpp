#include "tests/engine/support.hpp"

#include <algorithm>

namespace toll::test {

std::string digits(Value value) {
  if (value == kAbsent) return "-";
  if (value < 0) return "-" + digits(-value);
  std::string text;
  do {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return text;
}

NodeId Maker::node(Op op, const Type& of, std::vector<NodeId> args, std::uint32_t a,
                   std::uint32_t b) {
  Node made;
  made.op = op;
  made.type = of;
  made.args = std::move(args);
  made.a = a;
  made.b = b;
  core.nodes.push_back(std::move(made));
  return static_cast<NodeId>(core.nodes.size() - 1);
}

NodeId Maker::value(const Type& of, Value value) {
  const NodeId made = node(Op::constant, of);
  core.nodes[made].value = value;
  return made;
}

NodeId Maker::text(const std::string& text) {
  core.texts.push_back(text);
  return value(kText,
               text_handle(TextSpace::policy, static_cast<std::uint32_t>(core.texts.size() - 1)));
}

NodeId Maker::fold(Aggregate::Fn fn, Source source, NodeId body, const Type& of) {
  Aggregate made;
  made.fn = fn;
  made.source = std::move(source);
  made.body = body;
  core.aggregates.push_back(std::move(made));
  return node(Op::aggregate, of, {}, static_cast<std::uint32_t>(core.aggregates.size() - 1));
}

std::uint32_t Maker::domain(const std::string& name, std::initializer_list<const char*> names) {
  Domain made;
  made.name = name;
  for (const char* wire : names) made.names.push_back({wire, wire, {}, kNone});
  core.domains.push_back(std::move(made));
  return static_cast<std::uint32_t>(core.domains.size() - 1);
}

std::uint32_t Maker::reg(const std::string& name, const Type& of, Value initial) {
  core.registers.push_back({name, of, initial, kNone});
  return static_cast<std::uint32_t>(core.registers.size() - 1);
}

std::uint32_t Maker::family(const std::string& name, std::vector<Family::Field> fields,
                            std::uint32_t keys) {
  Family made;
  made.name = name;
  made.keyed = keys > 0;
  made.key_count = keys;
  made.fields = std::move(fields);
  core.families.push_back(std::move(made));
  return static_cast<std::uint32_t>(core.families.size() - 1);
}

std::uint32_t Maker::block(const std::string& name, Effects effects, std::uint32_t frame) {
  Block made;
  made.name = name;
  made.frame = frame;
  made.effects = std::move(effects);
  core.blocks.push_back(std::move(made));
  return static_cast<std::uint32_t>(core.blocks.size() - 1);
}

std::uint32_t Maker::timer(const std::string& name, std::uint32_t rank, Effects effects,
                           std::uint32_t frame) {
  core.timers.push_back({name, name, rank, block(name, std::move(effects), frame), kNone});
  return static_cast<std::uint32_t>(core.timers.size() - 1);
}

std::uint32_t Maker::event(const std::string& name, std::vector<Type> fields, Effects effects,
                           std::uint32_t frame) {
  EventType made;
  made.name = made.wire = name;
  for (const Type& of : fields) {
    Field field;
    field.type.type = of;
    if (of.kind == Kind::list) field.type.list = of.ref;
    made.fields.push_back(field);
  }
  made.frame = frame;
  made.block = block(name, std::move(effects), frame);
  core.events.push_back(std::move(made));
  return static_cast<std::uint32_t>(core.events.size() - 1);
}

std::uint32_t Maker::entry(const std::string& name, std::vector<Type> members) {
  EntryKind made;
  made.name = made.wire = name;
  for (const Type& of : members) {
    EntryKind::Member member;
    member.type = of;
    made.members.push_back(member);
  }
  core.entries.push_back(std::move(made));
  return static_cast<std::uint32_t>(core.entries.size() - 1);
}

namespace {

Effect effect(Effect::Do what, std::uint32_t a, std::uint32_t b, std::vector<NodeId> args) {
  Effect made;
  made.what = what;
  made.a = a;
  made.b = b;
  made.args = std::move(args);
  return made;
}

/// A member or field for each argument, in their order; kNoNode leaves one out.
void name_fields(Effect& made) {
  std::vector<NodeId> given;
  for (std::uint32_t i = 0; i < made.args.size(); ++i) {
    if (made.args[i] == kNoNode) continue;
    made.fields.push_back(i);
    given.push_back(made.args[i]);
  }
  made.args = given;
}

std::vector<NodeId> joined(NodeId first, const std::vector<NodeId>& rest) {
  std::vector<NodeId> all{first};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

}  // namespace

Effect let(std::uint32_t slot, NodeId value) { return effect(Effect::Do::let, slot, 0, {value}); }
Effect set_register(std::uint32_t index, NodeId value) {
  return effect(Effect::Do::set_register, index, 0, {value});
}
Effect move(std::uint32_t machine, NodeId state) {
  return effect(Effect::Do::move, machine, 0, {state});
}
Effect set_cell(std::uint32_t family, std::uint32_t field, NodeId value, std::vector<NodeId> keys) {
  return effect(Effect::Do::set_cell, family, field, joined(value, keys));
}
Effect add_cell(std::uint32_t family, std::uint32_t field, NodeId value, std::vector<NodeId> keys) {
  return effect(Effect::Do::add_cell, family, field, joined(value, keys));
}
Effect set_row(std::uint32_t family, std::uint32_t field, NodeId row, NodeId value) {
  return effect(Effect::Do::set_row, family, field, {row, value});
}
Effect put(std::uint32_t family, std::vector<NodeId> fields, std::uint32_t slot) {
  Effect made = effect(Effect::Do::put, family, slot, std::move(fields));
  name_fields(made);
  return made;
}
Effect each(Source source, Effects effects) {
  Effect made = effect(Effect::Do::each, 0, 0, {});
  made.source = std::move(source);
  made.effects = std::move(effects);
  return made;
}
Effect draw(Source source, std::uint32_t field, NodeId amount, std::uint32_t took,
            std::uint32_t rest, Effects effects) {
  Effect made = effect(Effect::Do::draw, source.index, field, {amount});
  made.source = std::move(source);
  made.took_slot = took;
  made.rest_slot = rest;
  made.effects = std::move(effects);
  return made;
}
Effect choose(std::vector<std::pair<NodeId, Effects>> rules) {
  Effect made = effect(Effect::Do::choose, 0, 0, {});
  for (auto& [guard, effects] : rules) made.rules.push_back({guard, kNone, std::move(effects)});
  return made;
}
Effect arm(std::uint32_t timer, NodeId at) { return effect(Effect::Do::arm, timer, 0, {at}); }
Effect disarm(std::uint32_t timer) { return effect(Effect::Do::disarm, timer, 0, {}); }
Effect emit(std::uint32_t entry, std::vector<NodeId> members) {
  Effect made = effect(Effect::Do::emit, entry, 0, std::move(members));
  name_fields(made);
  return made;
}
Effect clear(std::uint32_t family) { return effect(Effect::Do::clear, family, 0, {}); }

Source rows_of(Source::Of of, std::uint32_t index, std::uint32_t slot, NodeId where,
               std::vector<NodeId> by) {
  Source made;
  made.of = of;
  made.index = index;
  made.slot = slot;
  made.where = where;
  made.by = std::move(by);
  return made;
}

Ledger::Ledger(const Core& core)
    : program(prepare(std::make_shared<const Core>(core))), account(program) {}

std::string Ledger::shown(const Account& of, const Type& type, Value value) const {
  if (value == kAbsent) return "-";
  if (type.kind == Kind::text) return std::string(of.text(value));
  if (type.kind == Kind::name) {
    if ((value & kUnknownName) != 0) return "?" + std::string(of.text(value));
    return core_of(*program).domains[type.ref].names[static_cast<std::size_t>(value)].wire;
  }
  if (type.kind == Kind::set) {
    std::string text = "{";
    for (const std::uint32_t name : of.names(value)) {
      text += (text.size() > 1 ? "," : "") + core_of(*program).domains[type.ref].names[name].wire;
    }
    return text + "}";
  }
  if (type.kind == Kind::instant) return digits(value / kSecond);
  return digits(value);
}

void Ledger::entry(const Account& of, const EntryView& entry) {
  const Core& core = core_of(*program);
  std::string line = digits(static_cast<Value>(entry.seq)) + " @" +
                     (entry.time == kAbsent ? "-" : digits(entry.time / kSecond)) + " ";
  line +=
      entry.timer == kNone ? std::string(entry.event_id) : "timer:" + core.timers[entry.timer].wire;
  if (entry.kind == EntryView::kError || entry.kind == EntryView::kDuplicate) {
    line += entry.kind == EntryView::kError ? " error " : " duplicate ";
    line += entry.code;
    lines.push_back(line);
    return;
  }
  const EntryKind& kind = core.entries[entry.kind];
  line += " " + kind.wire;
  for (std::size_t i = 0; i < kind.members.size(); ++i) {
    line += " ";
    if (!kind.members[i].rows || entry.members[i] == kAbsent) {
      line += shown(of, kind.members[i].type, entry.members[i]);
      continue;
    }
    const ListView& rows = entry.rows[static_cast<std::size_t>(entry.members[i])];
    for (std::size_t cell = 0; cell < rows.cells.size(); ++cell) {
      if (cell % rows.columns == 0) line += "[";
      line += shown(of, kind.members[i].columns[cell % rows.columns].type, rows.cells[cell]);
      line += (cell + 1) % rows.columns == 0 ? "]" : " ";
    }
  }
  lines.push_back(line);
}

bool Ledger::apply(std::uint32_t event, Value seconds, std::vector<Value> fields,
                   std::vector<std::string_view> texts) {
  const std::string id = "e" + std::to_string(++events);
  EventView view;
  view.type = event;
  view.id = id;
  view.time = seconds * kSecond;
  view.digest = {events * 0x9e3779b97f4a7c15ULL, events, events * 31};
  view.fields = fields;
  view.texts = texts;
  view.sets = sets;
  view.lists = lists;
  return account.apply(view, *this, trace);
}

}  // namespace toll::test
