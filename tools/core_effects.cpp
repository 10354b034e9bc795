// The effects of a core as readable JSON (see core_text.hpp).
#include "tools/core_text.hpp"
#include "tools/core_words.hpp"

namespace toll::tools {
using nlohmann::json;

/// A block that two events reach reads no fields of either by name.
void CoreText::visit_block(std::uint32_t block, std::uint32_t event) {
  if (block_shared_[block] || block_events_[block] == event) return;
  block_shared_[block] = block_events_[block] != kNone;
  block_events_[block] = block_shared_[block] ? kNone : event;
  visit_effects(core_.blocks[block].effects, event);
}

void CoreText::visit_effects(const Effects& effects, std::uint32_t event) {
  for (const Effect& effect : effects) {
    if (effect.what == Effect::Do::run) visit_block(effect.a, event);
    visit_effects(effect.effects, event);
    for (const Rule& rule : effect.rules) visit_effects(rule.effects, event);
  }
}

json CoreText::effects(const Effects& effects) const {
  json out = json::array();
  for (const Effect& each : effects) out.push_back(effect(each));
  return out;
}

json CoreText::effect(const Effect& effect) const {
  json out = {{"do", word(effect.what)}};
  if (effect.clause != kNone) out["clause"] = clause(effect.clause);
  const auto family_field = [this](std::uint32_t family, std::uint32_t index) {
    return core_.families[family].fields[index].name;
  };
  switch (effect.what) {
    case Effect::Do::let:
      out["slot"] = effect.a;
      out["value"] = expression(effect.args[0]);
      break;
    case Effect::Do::set_register:
      out["register"] = name_at(registers, effect.a);
      out["value"] = expression(effect.args[0]);
      break;
    case Effect::Do::move:
      out["machine"] = name_at(machines, effect.a);
      out["value"] = expression(effect.args[0]);
      break;
    case Effect::Do::set_cell:
    case Effect::Do::add_cell:
      out["family"] = name_at(families, effect.a);
      out["field"] = family_field(effect.a, effect.b);
      out["value"] = expression(effect.args[0]);
      out["keys"] = expressions({effect.args.begin() + 1, effect.args.end()});
      break;
    case Effect::Do::set_row:
      out["family"] = name_at(families, effect.a);
      out["field"] = family_field(effect.a, effect.b);
      out["row"] = expression(effect.args[0]);
      out["value"] = expression(effect.args[1]);
      break;
    case Effect::Do::put: {
      json values = json::object();
      for (std::size_t i = 0; i < effect.fields.size(); ++i)
        values[family_field(effect.a, effect.fields[i])] = expression(effect.args[i]);
      out["family"] = name_at(families, effect.a);
      out["fields"] = std::move(values);
      if (effect.b != kNone) out["slot"] = effect.b;
      break;
    }
    case Effect::Do::draw:
      out["source"] = source(effect.source);
      out["amount"] = expression(effect.args[0]);
      out["from"] = family_field(effect.a, effect.b);
      if (effect.took_slot != kNone) out["took"] = effect.took_slot;
      if (effect.rest_slot != kNone) out["rest"] = effect.rest_slot;
      out["effects"] = effects(effect.effects);
      break;
    case Effect::Do::each:
      out["source"] = source(effect.source);
      out["effects"] = effects(effect.effects);
      break;
    case Effect::Do::choose:
      out["rules"] = rules(effect.rules);
      break;
    case Effect::Do::run:
      out["block"] = name_at(blocks, effect.a);
      out["arguments"] = expressions(effect.args);
      break;
    case Effect::Do::arm:
      out["timer"] = name_at(timers, effect.a);
      out["at"] = expression(effect.args[0]);
      break;
    case Effect::Do::disarm:
      out["timer"] = name_at(timers, effect.a);
      break;
    case Effect::Do::emit:
      emit(out, effect);
      break;
    case Effect::Do::clear:
      out["family"] = name_at(families, effect.a);
      break;
  }
  return out;
}

json CoreText::rules(const std::vector<Rule>& rules) const {
  json out = json::array();
  for (const Rule& rule : rules) {
    json one = {{"effects", effects(rule.effects)}};
    if (rule.guard != kNoNode) one["if"] = expression(rule.guard);
    if (rule.clause != kNone) one["clause"] = clause(rule.clause);
    out.push_back(std::move(one));
  }
  return out;
}

void CoreText::emit(json& out, const Effect& effect) const {
  const EntryKind& kind = core_.entries[effect.a];
  json members = json::object();
  for (std::size_t i = 0; i < effect.fields.size(); ++i)
    members[kind.members[effect.fields[i]].wire] = expression(effect.args[i]);
  for (const Effect::EmitRows& rows : effect.rows) {
    const EntryKind::Member& member = kind.members[rows.member];
    json columns = json::object();
    for (std::size_t i = 0; i < rows.columns.size() && i < member.columns.size(); ++i)
      columns[member.columns[i].wire] = expression(rows.columns[i]);
    members[member.wire] = {{"source", source(rows.source)}, {"columns", std::move(columns)}};
  }
  out["entry"] = name_at(entries, effect.a);
  out["members"] = std::move(members);
}

}  // namespace toll::tools
