#include "tools/core_json.hpp"

#include <nlohmann/json.hpp>

#include "tools/canonical_json.hpp"
#include "tools/core_statements.hpp"
#include "tools/core_text.hpp"
#include "tools/core_words.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

/// Leaves out what says nothing: false, an empty text, no items.
void put_if(json& out, const char* key, json value) {
  const bool says_nothing = value.empty() || value == json(false) || value == json("");
  if (!says_nothing) out[key] = std::move(value);
}

class Writer {
 public:
  Writer(const Core& core, bool positions) : core_(core), text_(core), positions_(positions) {}

  json all() {
    json out = {{"toll_core", kCoreFormat}, {"policy", core_.name}, {"zone", zone()}};
    if (core_.remember_seconds >= 0) out["remember_seconds"] = core_.remember_seconds;
    out["clauses"] = clauses();
    out["declarations"] = declarations();
    out["units"] = units();
    out["domains"] = each(core_.domains, text_.domains, &Writer::domain);
    out["tables"] = each(core_.tables, text_.tables, &Writer::table);
    out["registers"] = each(core_.registers, text_.registers, &Writer::register_);
    out["families"] = each(core_.families, text_.families, &Writer::family);
    out["machines"] = each(core_.machines, text_.machines, &Writer::machine);
    out["timers"] = each(core_.timers, text_.timers, &Writer::timer);
    out["events"] = events();
    out["entries"] = each(core_.entries, text_.entries, &Writer::entry);
    out["definitions"] = each(core_.definitions, text_.definitions, &Writer::definition);
    if (!core_.hooks.empty()) out["hooks"] = each(core_.hooks, text_.hooks, &Writer::hook);
    out["blocks"] = blocks();
    for (const Tariff& tariff : core_.tariffs) {
      out["tariffs"][tariff.name] = placed(tariff_json(core_, text_, tariff), tariff.clause);
    }
    for (const Statement& one : core_.statements) {
      out["statements"][one.name] = placed(statement_core_json(core_, text_, one), one.clause);
    }
    for (const Proof& one : core_.proofs) {
      out["proofs"][one.name] = placed(proof_json(core_, text_, one), one.clause);
    }
    return out;
  }

 private:
  template <class Item>
  json each(const std::vector<Item>& items, const std::vector<std::string>& names,
            json (Writer::*write)(const Item&) const) const {
    json out = json::object();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (of_scenario(items[i].clause)) continue;
      json one = (this->*write)(items[i]);
      if (items[i].clause != kNone) one["clause"] = text_.clause(items[i].clause);
      out[names[i]] = std::move(one);
    }
    return out;
  }

  json placed(json one, ClauseId clause) const {
    if (clause != kNone) one["clause"] = text_.clause(clause);
    return one;
  }

  /// What scenarios ask of an account is compiled with the policy, but is no part of it.
  [[nodiscard]] bool of_scenario(ClauseId clause) const {
    return clause != kNone && core_.clauses[clause].id.starts_with("scenario:");
  }

  [[nodiscard]] json zone() const {
    json offsets = json::array();
    for (std::size_t i = 0; i < core_.zone.size(); ++i) {
      const ZoneRule& rule = core_.zone[i];
      offsets.push_back({i == 0 ? json(nullptr) : json(rule.from_seconds), rule.offset_seconds});
    }
    return {{"name", core_.zone_name}, {"offsets", std::move(offsets)}};
  }

  [[nodiscard]] json clauses() const {
    json out = json::object();
    for (std::size_t i = 0; i < core_.clauses.size(); ++i) {
      if (of_scenario(static_cast<ClauseId>(i))) continue;
      const Clause& clause = core_.clauses[i];
      json one = json::object();
      if (positions_)
        one = {{"file", clause.file}, {"line", clause.line}, {"column", clause.column}};
      put_if(one, "source", clause.source);
      put_if(one, "heading", clause.heading);
      if (clause.parent != kNone) one["in"] = text_.clause(clause.parent);
      out[text_.clauses[i]] = std::move(one);
    }
    return out;
  }

  [[nodiscard]] json declarations() const {
    json out = json::array();
    for (const Declaration& declaration : core_.declarations) {
      json one = {{"lead", declaration.lead}, {"name", declaration.name}};
      if (declaration.clause != kNone) one["clause"] = text_.clause(declaration.clause);
      one["parts"] = declaration.parts;
      out.push_back(std::move(one));
    }
    return out;
  }

  [[nodiscard]] json units() const {
    json out = json::object();
    for (std::size_t i = 1; i < core_.units.size(); ++i) {
      json one = {{"currency", core_.units[i].currency}};
      put_if(one, "code", core_.units[i].code);
      out[text_.units[i]] = std::move(one);
    }
    return out;
  }

  [[nodiscard]] json domain(const Domain& domain) const {
    json names = json::array();
    for (const Domain::Name& name : domain.names) {
      json one = {{"wire", name.wire}};
      if (name.shown != name.wire) one["shown"] = name.shown;
      put_if(one, "aka", name.aka);
      names.push_back(std::move(one));
    }
    json out = {{"names", std::move(names)}};
    put_if(out, "exact", domain.exact);
    json includes = json::array();
    for (const std::uint32_t index : domain.includes)
      includes.push_back(CoreText::name_at(text_.domains, index));
    put_if(out, "includes", std::move(includes));
    return out;
  }

  [[nodiscard]] json table(const Table& table) const {
    json columns = json::array();
    for (const Table::Column& column : table.columns)
      columns.push_back({column.name, text_.type(column.type)});
    json keys = json::array();
    for (const std::uint32_t key : table.keys) keys.push_back(table.columns[key].name);
    const Type instant = {Kind::instant};
    json rows = json::array();
    for (const Table::Row& row : table.rows) {
      json cells = json::array();
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        cells.push_back(text_.value(table.columns[i].type, row.cells[i]));
      json one = {{"cells", std::move(cells)}};
      if (row.since != kAbsent) one["since"] = text_.value(instant, row.since);
      if (row.until != kAbsent) one["until"] = text_.value(instant, row.until);
      if (row.clause != kNone) one["clause"] = text_.clause(row.clause);
      rows.push_back(std::move(one));
    }
    json out = {
        {"columns", std::move(columns)}, {"keys", std::move(keys)}, {"rows", std::move(rows)}};
    if (table.band != kNone) out["band"] = table.columns[table.band].name;
    if (table.band_end != kNone) out["band_end"] = table.columns[table.band_end].name;
    put_if(out, "dated", table.dated);
    put_if(out, "quiet", table.quiet);
    return out;
  }

  [[nodiscard]] json register_(const Register& reg) const {
    return {{"type", text_.type(reg.type)}, {"initial", text_.value(reg.type, reg.initial)}};
  }

  [[nodiscard]] json family(const Family& family) const {
    json fields = json::array();
    for (const Family::Field& field : family.fields)
      fields.push_back(
          {field.name, text_.type(field.type), text_.value(field.type, field.initial)});
    json out = {{"fields", std::move(fields)}};
    put_if(out, "keyed", family.keyed);
    put_if(out, "event_scope", family.event_scope);
    put_if(out, "tracked", family.tracked);
    if (family.keyed) out["key_count"] = family.key_count;
    if (family.index != kNone) out["index"] = family.fields[family.index].name;
    return out;
  }

  [[nodiscard]] json machine(const Machine& machine) const {
    const Type state = {Kind::name, false, 0, Of::none, machine.domain};
    json edges = json::array();
    for (const Machine::Edge& edge : machine.edges) {
      json from = json::array();
      for (const Value value : edge.from) from.push_back(text_.value(state, value));
      json one = {
          {"from", std::move(from)}, {"to", text_.value(state, edge.to)}, {"how", edge.how}};
      if (edge.clause != kNone) one["clause"] = text_.clause(edge.clause);
      edges.push_back(std::move(one));
    }
    return {{"wire", machine.wire},
            {"states", CoreText::name_at(text_.domains, machine.domain)},
            {"initial", text_.value(state, machine.initial)},
            {"edges", std::move(edges)}};
  }

  [[nodiscard]] json timer(const Timer& timer) const {
    return {{"wire", timer.wire},
            {"rank", timer.rank},
            {"block", CoreText::name_at(text_.blocks, timer.block)}};
  }

  [[nodiscard]] json fields(const std::vector<Field>& fields) const {
    json out = json::array();
    for (const Field& field : fields) {
      json one = {{"name", field.name},
                  {"wire", field.wire},
                  {"read", word(field.type.read)},
                  {"type", text_.type(field.type.type)}};
      put_if(one, "required", field.required);
      put_if(one, "empty_is_absent", field.type.empty_is_absent);
      put_if(one, "unknown_code", field.type.unknown_code);
      if (field.type.at_least != 0) one["at_least"] = field.type.at_least;
      if (field.initial != kAbsent) one["initial"] = text_.value(field.type.type, field.initial);
      if (field.parent != kNone) one["in"] = fields[field.parent].name;
      if (field.type.list != kNone)
        one["columns"] = this->fields(core_.lists[field.type.list].columns);
      if (field.clause != kNone) one["clause"] = text_.clause(field.clause);
      out.push_back(std::move(one));
    }
    return out;
  }

  json events() {
    json out = json::object();
    for (std::uint32_t i = 0; i < core_.events.size(); ++i) {
      const EventType& event = core_.events[i];
      text_.read_fields_of(i);
      json refusals = json::array();
      for (const EventType::Refusal& refusal : event.refusals) {
        json one = {{"if", text_.expression(refusal.guard)}, {"code", refusal.code}};
        if (refusal.clause != kNone) one["clause"] = text_.clause(refusal.clause);
        refusals.push_back(std::move(one));
      }
      json one = {{"wire", event.wire}, {"fields", fields(event.fields)}};
      put_if(one, "refuse", std::move(refusals));
      put_if(one, "bounded", text_.expressions(event.bounded));
      if (event.block != kNone) one["block"] = CoreText::name_at(text_.blocks, event.block);
      if (event.clause != kNone) one["clause"] = text_.clause(event.clause);
      out[text_.events[i]] = std::move(one);
    }
    text_.read_fields_of(kNone);
    return out;
  }

  [[nodiscard]] json members(const std::vector<EntryKind::Member>& members) const {
    json out = json::array();
    for (const EntryKind::Member& member : members) {
      json one = {{"name", member.name}, {"wire", member.wire}};
      if (member.rows) {
        one["columns"] = this->members(member.columns);
      } else {
        one["type"] = text_.type(member.type);
      }
      put_if(one, "null_if_absent", member.null_if_absent);
      out.push_back(std::move(one));
    }
    return out;
  }

  [[nodiscard]] json entry(const EntryKind& entry) const {
    return {{"wire", entry.wire}, {"members", members(entry.members)}};
  }

  [[nodiscard]] json types(const std::vector<Type>& types) const {
    json out = json::array();
    for (const Type& type : types) out.push_back(text_.type(type));
    return out;
  }

  [[nodiscard]] json definition(const Definition& definition) const {
    json out = {{"is", text_.expression(definition.body)}};
    put_if(out, "parameters", types(definition.parameters));
    return out;
  }

  /// What a hook does is not in the core: `opaque` says so to whoever reads on.
  [[nodiscard]] json hook(const Hook& hook) const {
    json parameters = json::array();
    for (const Hook::Parameter& parameter : hook.parameters)
      parameters.push_back({parameter.name, text_.type(parameter.type)});
    return {{"opaque", true},
            {"parameters", std::move(parameters)},
            {"gives", text_.type(hook.result)},
            {"file", hook.file},
            {"program", hook.program}};
  }

  json blocks() {
    json out = json::object();
    for (std::uint32_t i = 0; i < core_.blocks.size(); ++i) {
      const Block& block = core_.blocks[i];
      text_.read_fields_of(text_.event_of_block(i));
      json one = {{"effects", text_.effects(block.effects)}};
      put_if(one, "parameters", types(block.parameters));
      if (block.clause != kNone) one["clause"] = text_.clause(block.clause);
      out[text_.blocks[i]] = std::move(one);
    }
    text_.read_fields_of(kNone);
    return out;
  }

  const Core& core_;
  CoreText text_;
  bool positions_;
};

}  // namespace

std::string core_json(const Core& core, bool positions) {
  return canonical_json(Writer(core, positions).all());
}

}  // namespace toll::tools
