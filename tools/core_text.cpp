#include "tools/core_text.hpp"

#include <limits>
#include <map>

#include "io/ledger_writer.hpp"
#include "io/time_text.hpp"
#include "tools/core_words.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

template <class Item>
std::vector<std::string> unique_names(const std::vector<Item>& items, std::string Item::*name) {
  std::vector<std::string> names;
  std::map<std::string, int> seen;
  for (const Item& item : items) {
    const int count = ++seen[item.*name];
    names.push_back(count == 1 ? item.*name : item.*name + "#" + std::to_string(count));
  }
  return names;
}

}  // namespace

CoreText::CoreText(const Core& core)
    : clauses(unique_names(core.clauses, &Clause::id)),
      units(unique_names(core.units, &Unit::name)),
      domains(unique_names(core.domains, &Domain::name)),
      tables(unique_names(core.tables, &Table::name)),
      registers(unique_names(core.registers, &Register::name)),
      families(unique_names(core.families, &Family::name)),
      machines(unique_names(core.machines, &Machine::name)),
      timers(unique_names(core.timers, &Timer::name)),
      events(unique_names(core.events, &EventType::name)),
      entries(unique_names(core.entries, &EntryKind::name)),
      definitions(unique_names(core.definitions, &Definition::name)),
      hooks(unique_names(core.hooks, &Hook::name)),
      blocks(unique_names(core.blocks, &Block::name)),
      core_(core),
      block_events_(core.blocks.size(), kNone),
      block_shared_(core.blocks.size(), false) {
  for (std::uint32_t event = 0; event < core.events.size(); ++event)
    if (core.events[event].block != kNone) visit_block(core.events[event].block, event);
}

std::string CoreText::name_at(const std::vector<std::string>& names, std::uint32_t index) {
  return index < names.size() ? names[index] : "#" + std::to_string(index);
}

std::string CoreText::clause(ClauseId id) const { return name_at(clauses, id); }

std::string CoreText::type(const Type& type) const {
  std::string out(word(type.kind));
  switch (type.kind) {
    case Kind::number: {
      std::string unit;
      for (const Dimension::Power& power : type.dimension.powers) {
        if (power.exponent == 0) continue;
        unit += (unit.empty() ? "" : " ") + name_at(units, power.unit);
        if (power.exponent != 1) unit += "^" + std::to_string(power.exponent);
      }
      if (!unit.empty()) out += "<" + unit + ">";
      if (type.scale != 0) out += "." + std::to_string(type.scale);
      break;
    }
    case Kind::name:
    case Kind::set:
      out += "<" + name_at(domains, type.ref) + ">";
      break;
    case Kind::row:
    case Kind::list:
      if (type.of == Of::table) out += "<" + name_at(tables, type.ref) + ">";
      if (type.of == Of::family) out += "<" + name_at(families, type.ref) + ">";
      if (type.of == Of::list) out += "<#" + std::to_string(type.ref) + ">";
      break;
    default:
      break;
  }
  return type.optional ? out + "?" : out;
}

json CoreText::value(const Type& type, Value value) const {
  if (value == kAbsent) return nullptr;
  std::string out;
  switch (type.kind) {
    case Kind::boolean:
      return value != 0;
    case Kind::number:
      if (type.scale == 0 && value <= std::numeric_limits<std::int64_t>::max() &&
          value >= std::numeric_limits<std::int64_t>::min())
        return static_cast<std::int64_t>(value);
      io::append_decimal(out, value, type.scale);
      return out;
    case Kind::text:
      return name_at(core_.texts, static_cast<std::uint32_t>(value));
    case Kind::name: {
      const std::vector<Domain::Name>& names = core_.domains[type.ref].names;
      const auto index = static_cast<std::size_t>(value);
      return index < names.size() ? names[index].wire : "#" + std::to_string(index);
    }
    case Kind::instant:
      io::append_instant(out, value, io::Zone(core_.zone));
      return out;
    case Kind::date:
      io::append_date(out, value);
      return out;
    case Kind::month:
      io::append_month(out, value);
      return out;
    case Kind::span:
      out = "PT";
      io::append_decimal(out, value, 9);
      return out + "S";
    case Kind::set:
    case Kind::row:
    case Kind::list:
      io::append_decimal(out, value, 0);
      return "#" + out;
  }
  return nullptr;
}

json CoreText::constant(const Node& node) const {
  json plain = value(node.type, node.value);
  if (!plain.is_string()) return plain;
  if (node.type.kind == Kind::name)
    return json::array({"name", name_at(domains, node.type.ref), std::move(plain)});
  return json::array({word(node.type.kind), std::move(plain)});
}

/// The name of a column or field of what a row type refers to.
std::string CoreText::column(const Type& row, std::uint32_t index) const {
  const auto name = [index](const auto& columns) {
    return index < columns.size() ? columns[index].name : "#" + std::to_string(index);
  };
  if (row.of == Of::table) return name(core_.tables[row.ref].columns);
  if (row.of == Of::family) return name(core_.families[row.ref].fields);
  if (row.of == Of::list) return name(core_.lists[row.ref].columns);
  return "#" + std::to_string(index);
}

std::string CoreText::field(std::uint32_t index) const {
  if (event_ == kNone || index >= core_.events[event_].fields.size())
    return "#" + std::to_string(index);
  const Field& field = core_.events[event_].fields[index];
  if (field.parent == kNone) return field.name;
  return core_.events[event_].fields[field.parent].name + "." + field.name;
}

json CoreText::expressions(const std::vector<NodeId>& nodes) const {
  json out = json::array();
  for (const NodeId node : nodes) out.push_back(expression(node));
  return out;
}

json CoreText::expression(NodeId id) const {
  if (id == kNoNode) return nullptr;
  const Node& node = core_.nodes[id];
  json out = json::array({word(node.op)});
  switch (node.op) {
    case Op::constant:
      return constant(node);
    case Op::cases:
      return cases(node);
    case Op::aggregate:
      return aggregate(core_.aggregates[node.a]);
    case Op::local:
      out.push_back(node.a);
      break;
    case Op::reg:
      out.push_back(name_at(registers, node.a));
      break;
    case Op::state:
      out.push_back(name_at(machines, node.a));
      break;
    case Op::field:
      out.push_back(field(node.a));
      break;
    case Op::row_field:
      out.push_back(expression(node.args[0]));
      out.push_back(column(core_.nodes[node.args[0]].type, node.a));
      return out;
    case Op::cell:
      out.push_back(name_at(families, node.a));
      out.push_back(core_.families[node.a].fields[node.b].name);
      break;
    case Op::lookup:
      out.push_back(name_at(tables, node.a));
      break;
    case Op::universe:
      out.push_back(name_at(domains, node.a));
      break;
    case Op::call:
      out.push_back(name_at(definitions, node.a));
      break;
    case Op::hook:
      out.push_back(name_at(hooks, node.a));
      break;
    case Op::rescale:
      out.push_back(static_cast<std::int32_t>(node.a));
      break;
    default:
      break;
  }
  for (const NodeId argument : node.args) out.push_back(expression(argument));
  return out;
}

json CoreText::cases(const Node& node) const {
  json out = json::array({"cases"});
  for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
    json one = {{"then", expression(node.args[i + 1])}};
    if (node.args[i] != kNoNode) one["if"] = expression(node.args[i]);
    if (i / 2 < node.case_clauses.size() && node.case_clauses[i / 2] != kNone)
      one["clause"] = clause(node.case_clauses[i / 2]);
    out.push_back(std::move(one));
  }
  return out;
}

json CoreText::aggregate(const Aggregate& aggregate) const {
  json out = json::array({word(aggregate.fn), source(aggregate.source)});
  if (aggregate.body != kNoNode) out.push_back(expression(aggregate.body));
  return out;
}

json CoreText::source(const Source& source) const {
  json out = {{"slot", source.slot}};
  switch (source.of) {
    case Source::Of::table:
      out["table"] = name_at(tables, source.index);
      break;
    case Source::Of::family:
      out["family"] = name_at(families, source.index);
      break;
    case Source::Of::changed:
      out["changed"] = name_at(families, source.index);
      break;
    case Source::Of::list:
      out["list"] = expression(source.list);
      break;
  }
  if (source.at != kNoNode) out["at"] = expression(source.at);
  if (source.where != kNoNode) out["where"] = expression(source.where);
  if (!source.by.empty()) {
    json by = json::array();
    for (std::size_t i = 0; i < source.by.size(); ++i) {
      json key = expression(source.by[i]);
      const bool descending = i < source.descending.size() && source.descending[i];
      by.push_back(descending ? json::array({"descending", std::move(key)}) : std::move(key));
    }
    out["by"] = std::move(by);
  }
  return out;
}

}  // namespace toll::tools
