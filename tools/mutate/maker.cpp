#include "tools/mutate/maker.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "dsl/syntax/unicode.hpp"
#include "io/ledger_writer.hpp"

namespace toll::tools {
namespace {

constexpr int kWidth = 60;  ///< of a quotation

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// On one line, and not longer than fits beside a sentence.
std::string quotation(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (!is_blank(c)) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  int width = 0;
  for (std::size_t at = 0; at < line.size();) {
    const dsl::DecodedCharacter here = dsl::decode_utf8(line, at);
    width += dsl::display_width(here.code);
    if (width > kWidth) return line.substr(0, at) + " ..";
    at += here.size;
  }
  return line;
}

}  // namespace

MutationMaker::MutationMaker(const dsl::Policy& policy, const dsl::SourceSet& sources)
    : policy_(policy),
      core_(*policy.core),
      sources_(sources),
      names_(core_),
      words_(core_, *dsl::find_skin(policy.skin)),
      blocks_(core_.blocks.size()),
      definitions_(core_.definitions.size()),
      nodes_(core_.nodes.size(), kNone),
      reached_(core_.nodes.size()) {
  for (const Clause& clause : core_.clauses) {
    if (files_.count(clause.file) != 0) continue;
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
      const std::string& path = sources.path(file);
      if (path == clause.file || path.ends_with("/" + clause.file)) files_[clause.file] = file;
    }
  }
  for (const Machine& machine : core_.machines) machine_clauses_.insert(machine.clause);
}

void MutationMaker::reach_node(NodeId node, ClauseId clause) {
  if (node == kNoNode || reached_[node]) return;
  const Node& here = core_.nodes[node];
  reached_[node] = true;
  if (here.clause != kNone) clause = here.clause;
  nodes_[node] = clause;
  for (std::size_t i = 0; i < here.args.size(); ++i) {
    ClauseId within = clause;
    if (here.op == Op::cases && i / 2 < here.case_clauses.size() &&
        here.case_clauses[i / 2] != kNone)
      within = here.case_clauses[i / 2];
    reach_node(here.args[i], within);
  }
  if (here.op == Op::aggregate) {
    reach_source(core_.aggregates[here.a].source, clause);
    reach_node(core_.aggregates[here.a].body, clause);
  }
  if (here.op == Op::call && !definitions_[here.a]) {
    definitions_[here.a] = true;
    reach_node(core_.definitions[here.a].body, core_.definitions[here.a].clause);
  }
}

void MutationMaker::reach_source(const Source& source, ClauseId clause) {
  traversals_.emplace_back(&source, clause);
  dsl::each_root(source, [&](NodeId node) { reach_node(node, clause); });
}

void MutationMaker::reach_block(std::uint32_t block) {
  if (block == kNone || blocks_[block]) return;
  blocks_[block] = true;
  reach_effects(core_.blocks[block].effects, core_.blocks[block].clause);
}

void MutationMaker::reach_effects(const Effects& effects, ClauseId around) {
  for (const Effect& effect : effects) {
    const ClauseId clause = effect.clause != kNone ? effect.clause : around;
    if (dsl::has_source(effect)) reach_source(effect.source, clause);
    for (const NodeId arg : effect.args) reach_node(arg, clause);
    for (const Effect::EmitRows& rows : effect.rows) {
      reach_source(rows.source, clause);
      for (const NodeId column : rows.columns) reach_node(column, clause);
    }
    reach_effects(effect.effects, clause);
    for (const Rule& rule : effect.rules) {
      const ClauseId within = rule.clause != kNone ? rule.clause : clause;
      reach_node(rule.guard, within);
      reach_effects(rule.effects, within);
    }
    if (effect.what == Effect::Do::run) reach_block(effect.a);
  }
}

/// All that events and timers do. What only a scenario or a statement asks is not among it.
void MutationMaker::reach() {
  for (const EventType& event : core_.events) {
    for (const EventType::Refusal& refusal : event.refusals)
      reach_node(refusal.guard, refusal.clause);
    for (const NodeId product : event.bounded) reach_node(product, event.clause);
    reach_block(event.block);
  }
  for (const Timer& timer : core_.timers) reach_block(timer.block);
}

dsl::SourceSpan MutationMaker::span_of(NodeId node) const {
  return node < policy_.node_spans.size() ? policy_.node_spans[node] : dsl::SourceSpan{};
}

dsl::SourceSpan MutationMaker::span_in(NodeId node) const {
  dsl::SourceSpan found;
  dsl::each_node(core_, node, [&](NodeId id) {
    const dsl::SourceSpan span = span_of(id);
    if (span.end == 0) return;
    if (found.end == 0 || (span.file == found.file && span.begin < found.begin)) found = span;
  });
  return found;
}

dsl::SourceSpan MutationMaker::span_in(const Effect& effect) const {
  dsl::SourceSpan found;
  dsl::each_root(effect, [&](NodeId root) {
    const dsl::SourceSpan span = span_in(root);
    if (span.end == 0) return;
    if (found.end == 0 || (span.file == found.file && span.begin < found.begin)) found = span;
  });
  for (const Effects* const inner : {&effect.effects}) {
    for (const Effect& one : *inner)
      if (found.end == 0) found = span_in(one);
  }
  return found;
}

std::string MutationMaker::text(const dsl::SourceSpan& span) const {
  return quotation(sources_.slice(span));
}

/// The line a clause stands in; its id if there is no such line.
std::string MutationMaker::line_text(ClauseId clause) const {
  if (clause == kNone) return {};
  const Clause& here = core_.clauses[clause];
  const auto file = files_.find(here.file);
  if (file == files_.end() || here.line == 0) return here.id;
  const std::string& text = sources_.text(file->second);
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < here.line && begin != std::string::npos; ++line) {
    begin = text.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return here.id;
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  return quotation(std::string_view(text).substr(begin, end - begin));
}

std::string MutationMaker::value(const Type& type, Value value) const {
  if (value == kAbsent) return words_.word("none");
  if (type.kind == Kind::text)
    return PolicyText::quoted(core_.texts[static_cast<std::size_t>(value)]).value_or("");
  if (type.kind == Kind::span) {
    std::string seconds;
    io::append_decimal(seconds, value, 9);
    return seconds + " " + words_.word("seconds");
  }
  if (type.kind == Kind::name) {
    const std::vector<Domain::Name>& all = core_.domains[type.ref].names;
    const auto index = static_cast<std::size_t>(value);
    if (index < all.size()) return all[index].shown;
  }
  const nlohmann::json json = names_.value(type, value);
  return words_.value(json, type)
      .value_or(json.is_string() ? json.get<std::string>() : json.dump());
}

/// The line in which a written thing begins.
std::string MutationMaker::line_text(const dsl::SourceSpan& span) const {
  return text(sources_.line_at(span.file, span.begin));
}

/// The keys of a row as people tell it from the others.
std::string MutationMaker::row_name(const Table& table, const Table::Row& row) const {
  std::string name;
  const auto append = [&](std::uint32_t column) {
    name += (name.empty() ? "" : ", ") + value(table.columns[column].type, row.cells[column]);
  };
  for (const std::uint32_t key : table.keys) append(key);
  if (table.band != kNone) append(table.band);
  return name;
}

Mutation& MutationMaker::add(What kind, ClauseId clause, dsl::SourceSpan span, Message says,
                             std::function<void(Core&)> apply) {
  Mutation made;
  made.kind = kind;
  made.clause = clause;
  made.span = span;
  made.says = std::move(says);
  made.apply = std::move(apply);
  if (span.end != 0) {
    const dsl::Position at = sources_.position(span);
    made.file = sources_.path(span.file);
    made.line = at.line;
    made.column = at.column;
  } else if (clause != kNone) {
    const Clause& here = core_.clauses[clause];
    const auto file = files_.find(here.file);
    made.file = file == files_.end() ? here.file : sources_.path(file->second);
    made.line = here.line;
    made.column = here.column;
  }
  return out_.emplace_back(std::move(made));
}

/// Nodes that one written thing became, as often as its declaration is used.
void MutationMaker::group() {
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, Op, Kind, Value>;
  std::map<Key, std::size_t> places;
  for (NodeId id = 0; id < core_.nodes.size(); ++id) {
    if (!reached_[id]) continue;
    const dsl::SourceSpan span = span_of(id);
    if (span.end == 0) continue;
    const Node& node = core_.nodes[id];
    const Key key{span.file, span.begin, span.end, node.op, node.type.kind, node.value};
    const auto [place, fresh] = places.emplace(key, written_.size());
    if (fresh) written_.push_back({{}, span, nodes_[id]});
    written_[place->second].nodes.push_back(id);
  }
}

std::vector<Mutation> MutationMaker::make() {
  reach();
  group();
  tables();
  values();
  steps();
  sources();
  events();
  starts();
  timers();
  spellings();
  std::stable_sort(out_.begin(), out_.end(), [](const Mutation& a, const Mutation& b) {
    return std::tie(a.file, a.line, a.column, a.kind) < std::tie(b.file, b.line, b.column, b.kind);
  });
  std::map<std::string, std::size_t> counts;
  for (Mutation& mutation : out_) {
    std::string id(to_string(mutation.kind));
    id += ":" + (mutation.clause == kNone ? "" : core_.clauses[mutation.clause].id);
    mutation.id = id + ":" + std::to_string(++counts[id]);
  }
  return std::move(out_);
}

}  // namespace toll::tools
