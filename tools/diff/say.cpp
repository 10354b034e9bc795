#include "tools/diff/say.hpp"

#include <algorithm>

namespace toll::diff {

namespace {

/// A line without the blanks around it and the comment behind it.
std::string trimmed(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted) line = line.substr(0, i);
  }
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
}

}  // namespace

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

Say::Say(const Side& side, Language language)
    : core_(*side.policy->core),
      policy_(*side.policy),
      sources_(*side.sources),
      words_(*side.policy, *side.sources, language) {
  for (ClauseId i = 0; i < core_.clauses.size(); ++i) {
    const Clause& clause = core_.clauses[i];
    if (clause.id.starts_with("setting:")) settings_.emplace(clause.id.substr(8), i);
  }
}

std::string Say::value(const Type& type, Value value) const {
  if (type.kind == Kind::text && value != kAbsent && value >= 0 &&
      static_cast<std::size_t>(value) < core_.texts.size())
    return "\"" + core_.texts[static_cast<std::size_t>(value)] + "\"";
  return words_.show(type, value, why::Step{});
}

std::string Say::place(ClauseId clause) const { return words_.place_of(clause); }

std::string Say::place(const CodePlace& at) const {
  if (at.none()) return {};
  if (setting_of(at.node) != kNone) return words_.place_of(setting_of(at.node));
  NodeId node = at.node;
  if (at.effect != nullptr) node = first_written(*at.effect);
  if (at.rule != nullptr) node = at.rule->guard;
  if (at.refusal != kNone) node = core_.events[at.event].refusals[at.refusal].guard;
  const std::string written = words_.place(first_written(node));
  return written.empty() ? words_.place_of(at.clause) : written;
}

Message Say::row_title(std::uint32_t table, const Region& region, const Table::Row& row) const {
  const Table& shape = core_.tables[table];
  std::vector<std::string> keys;
  for (const std::uint32_t key : shape.keys)
    keys.push_back(value(shape.columns[key].type, row.cells[key]));
  const std::string name = shape.name;
  const std::string key = joined(keys);
  if (!region.banded)
    return keys.empty() ? Message("diff.table", {name}) : Message("diff.row", {name, key});
  const Type& band = shape.columns[shape.band].type;
  const std::string from = value(band, region.from);
  if (region.below == kAbsent) {
    return keys.empty() ? Message("diff.only-band-above", {name, from})
                        : Message("diff.band-above", {name, key, from});
  }
  const std::string below = value(band, region.below);
  return keys.empty() ? Message("diff.only-band", {name, from, below})
                      : Message("diff.band", {name, key, from, below});
}

Message Say::row_cells(const char* id, std::uint32_t table, const Table::Row& row) const {
  const Table& shape = core_.tables[table];
  std::vector<std::string> cells;
  for (std::uint32_t i = 0; i < shape.columns.size(); ++i) {
    const bool key = std::find(shape.keys.begin(), shape.keys.end(), i) != shape.keys.end();
    if (key || i == shape.band || i == shape.band_end) continue;
    cells.push_back(shape.columns[i].name + " " + value(shape.columns[i].type, row.cells[i]));
  }
  return {id, {joined(cells)}};
}

NodeId Say::first_written(NodeId id) const {
  if (id == kNoNode || words_.has_text(id)) return id;
  for (const NodeId argument : core_.nodes[id].args) {
    const NodeId found = first_written(argument);
    if (found != kNoNode && words_.has_text(found)) return found;
  }
  return id;
}

NodeId Say::first_written(const Effect& effect) const {
  const auto written = [this](NodeId node) {
    const NodeId found = first_written(node);
    return found != kNoNode && words_.has_text(found) ? found : kNoNode;
  };
  for (const NodeId argument : effect.args)
    if (const NodeId found = written(argument); found != kNoNode) return found;
  if (const NodeId found = written(effect.source.where); found != kNoNode) return found;
  for (const Rule& rule : effect.rules) {
    if (const NodeId found = written(rule.guard); found != kNoNode) return found;
    for (const Effect& inner : rule.effects)
      if (const NodeId found = first_written(inner); found != kNoNode) return found;
  }
  for (const Effect& inner : effect.effects)
    if (const NodeId found = first_written(inner); found != kNoNode) return found;
  return kNoNode;
}

std::string Say::line_of(NodeId node) const {
  if (node == kNoNode || !words_.has_text(node)) return {};
  const dsl::SourceSpan span = policy_.node_spans[node];
  return trimmed(sources_.slice(sources_.line_at(span.file, span.begin)));
}

std::string Say::code(const CodePlace& at) const {
  if (at.refusal != kNone) {
    const EventType::Refusal& refusal = core_.events[at.event].refusals[at.refusal];
    return words_.text(refusal.guard) + " => " + refusal.code;
  }
  if (at.rule != nullptr) {
    const std::string line = words_.quote(at.clause);
    return !line.empty() ? line : words_.text(at.rule->guard);
  }
  if (at.effect != nullptr) {
    const std::string line = line_of(first_written(*at.effect));
    return !line.empty() ? line : words_.quote(at.clause);
  }
  // A constant has a name in the text: what counts is its value.
  if (at.node != kNoNode && core_.nodes[at.node].op == Op::constant)
    return value(core_.nodes[at.node].type, core_.nodes[at.node].value);
  return words_.text(at.node);
}

ClauseId Say::setting_of(NodeId node) const {
  if (node == kNoNode || core_.nodes[node].op != Op::constant || !words_.has_text(node))
    return kNone;
  const auto found = settings_.find(words_.text(node));
  return found == settings_.end() ? kNone : found->second;
}

ClauseId Say::declaration_of(ClauseId clause) const {
  while (clause != kNone && core_.clauses[clause].parent != kNone)
    clause = core_.clauses[clause].parent;
  return clause;
}

Message Say::code_title(const CodePlace& at) const {
  const ClauseId setting = setting_of(at.node);
  if (setting != kNone)
    return {"diff.setting", {core_.clauses[setting].id.substr(std::string("setting:").size())}};
  if (at.clause == kNone) return {"diff.rules"};
  const ClauseId around = declaration_of(at.clause);
  for (const Declaration& declaration : core_.declarations) {
    if (declaration.clause != around || around == kNone) continue;
    const std::string label = words_.label(at.clause);
    const std::string named = words_.keyword({declaration.lead}) + " " + declaration.name;
    return at.clause == around || label.empty() ? Message("diff.declaration", {named})
                                                : Message("diff.clause", {named, label});
  }
  return {"diff.declaration", {core_.clauses[around].id}};
}

}  // namespace toll::diff
