#include "tools/prove/context.hpp"

#include <nlohmann/json.hpp>

#include "dsl/syntax/name.hpp"
#include "tools/prove/histories.hpp"

namespace toll::tools::prover {
namespace {

using nlohmann::json;

class ContextWalk {
 public:
  explicit ContextWalk(const Core& core) : core_(core) {}

  void node(NodeId id) {
    if (id == kNoNode || !nodes_.insert(id).second) return;
    const Node& node = core_.nodes[id];
    switch (node.op) {
      case Op::reg:
      case Op::state:
      case Op::cell:
      case Op::arrival:
        found.account = true;
        break;
      case Op::field:
        found.event = true;
        break;
      case Op::hook:
        found.opaque = true;
        break;
      case Op::now:
      case Op::clock:
        found.time = true;
        break;
      case Op::call:
        this->node(core_.definitions[node.a].body);
        break;
      case Op::aggregate:
        source(core_.aggregates[node.a].source);
        this->node(core_.aggregates[node.a].body);
        break;
      default:
        break;
    }
    // `TABLE[KEYS]` is looked up by the rows in force now.
    const bool dated = node.op == Op::lookup && core_.tables[node.a].dated;
    for (std::size_t i = 0; i < node.args.size(); ++i) {
      const bool in_force = dated && i + 1 == node.args.size();
      if (!in_force || !is_now(node.args[i])) this->node(node.args[i]);
    }
  }

  void source(const Source& source) {
    if (source.of == Source::Of::family || source.of == Source::Of::changed) found.account = true;
    if (source.of == Source::Of::list) found.event = true;
    node(source.list);
    if (!is_now(source.at)) node(source.at);
    node(source.where);
    for (const NodeId by : source.by) node(by);
  }

  Depends found;

 private:
  [[nodiscard]] bool is_now(NodeId id) const {
    return id != kNoNode && core_.nodes[id].op == Op::now;
  }

  const Core& core_;
  std::set<NodeId> nodes_;
};

const dsl::Clause* proof_named(const std::vector<dsl::File>& files, const std::string& name) {
  for (const dsl::File& file : files) {
    for (const dsl::Clause& clause : file.clauses) {
      if (clause.head.size() == 2 && clause.head[0].word == "prove" &&
          dsl::fold(clause.head[1].raw) == dsl::fold(name)) {
        return &clause;
      }
    }
  }
  return nullptr;
}

const dsl::File* file_of(const std::vector<dsl::File>& files, std::uint32_t id) {
  for (const dsl::File& file : files) {
    if (file.id == id) return &file;
  }
  return nullptr;
}

/// Tokens of a rule file in Lua, whose text is no text of the language.
std::string joined(const PolicyText& text, const std::vector<dsl::Token>& tokens) {
  std::string made;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const dsl::Token& token = tokens[i];
    if (!made.empty() && token.spaced) made += " ";
    if (token.kind == dsl::TokenKind::word && token.keyword) {
      made += text.word(token.word);
    } else if (token.kind == dsl::TokenKind::word || token.kind == dsl::TokenKind::quoted) {
      made += text.name(token.raw).value_or(token.raw);
    } else if (token.kind == dsl::TokenKind::string) {
      made += PolicyText::quoted(token.raw).value_or("\"\"");
    } else {
      made += token.raw + (token.kind == dsl::TokenKind::percent ? "%" : "");
    }
  }
  return made;
}

}  // namespace

Depends depends_on(const Core& core, NodeId root) {
  ContextWalk walk(core);
  walk.node(root);
  return walk.found;
}

Depends depends_on(const Core& core, const Source& source) {
  ContextWalk walk(core);
  walk.source(source);
  return walk.found;
}

Context::Context(const dsl::Policy& of, const std::vector<dsl::File>& files,
                 const ProveOptions& how, const TryScenario& passes)
    : policy(of),
      core_kept(of.core),
      core(*of.core),
      program(prepare(of.core)),
      options(how),
      skin(*dsl::find_skin(of.skin)),
      text(core, skin),
      files_(files),
      passes_(passes) {}

std::vector<Value> Context::eras() const {
  std::set<Value> dates;
  for (const Table& table : core.tables) {
    for (const Table::Row& row : table.rows) {
      if (row.since != kAbsent) dates.insert(row.since);
      if (row.until != kAbsent) dates.insert(row.until);
    }
  }
  std::vector<Value> found(dates.begin(), dates.end());
  const Value day = Value{86'400} * 1'000'000'000;
  const Value first = found.empty() ? Value{20'270} * day : found.front() - day;
  found.insert(found.begin(), first);
  return found;
}

std::string Context::say(Value value, const Type& type) const {
  if (value == kAbsent) return text.word("none");
  Type plain = type;
  plain.optional = false;
  std::string written;
  const io::LedgerWriter writer(core);
  writer.append_value(written, Account(program), plain, value);
  const PolicyText::Said said = text.value(json::parse(written, nullptr, false), plain);
  return said.value_or(written);
}

std::string Context::keys(const Table& table, const std::vector<Value>& keys) const {
  std::string joined;
  for (std::size_t i = 0; i < keys.size() && i < table.keys.size(); ++i) {
    const Type& type = table.columns[table.keys[i]].type;
    const bool name = type.kind == Kind::name && keys[i] >= 0 &&
                      static_cast<std::size_t>(keys[i]) < core.domains[type.ref].names.size();
    joined += joined.empty() ? "" : ", ";
    joined += name ? core.domains[type.ref].names[static_cast<std::size_t>(keys[i])].shown
                   : say(keys[i], type);
  }
  return joined.empty() ? table.name : joined;
}

std::optional<std::string> Context::written(const Proof& proof, std::string_view lead) const {
  const dsl::Clause* const clause = proof_named(files_, proof.name);
  if (clause == nullptr) return std::nullopt;
  for (const dsl::Clause& item : clause->body) {
    if (item.kind != dsl::Clause::Kind::statement || item.head.size() < 2) continue;
    if (item.head[0].word != lead) continue;
    const dsl::File* const file = file_of(files_, item.span.file);
    if (file != nullptr && file->path.ends_with(".lua")) return joined(text, item.head);
    const dsl::SourceSpan first = item.head[1].span;
    const std::uint32_t end = item.head.back().span.end;
    if (file == nullptr || first.end <= first.begin || end > file->text.size()) return std::nullopt;
    return std::string(file->text.substr(first.begin, end - first.begin));
  }
  return std::nullopt;
}

std::optional<std::string> Context::condition(const Proof& proof) const {
  const auto that = written(proof, "that");
  if (!that) return std::nullopt;
  const bool rows = proof.of == Proof::Of::rows ||
                    core.nodes[core.definitions[proof.definition].body].op == Op::aggregate;
  const auto each = written(proof, "each");
  if (!rows || !each) return "(" + *that + ")";
  return text.word("all") + "((" + *that + ") " + text.word("for") + " " + *each + ")";
}

bool Context::passes(const std::string& scenario) const {
  return !scenario.empty() && passes_ && passes_(scenario);
}

std::string Context::scenario(const Proof& proof, Value time,
                              const std::vector<std::string>& expectations) const {
  const Histories histories(*this);
  const auto begun = histories.one_event(time);
  if (!begun) return {};
  const auto name = PolicyText::quoted(proof.name);
  const auto event = text.event(json::parse(begun->json), false);
  if (!name || !event) return {};
  std::string made = text.word("scenario") + " " + *name + " {\n  " + text.word("at") + " " +
                     text.time(begun->time) + " " + *event + "\n";
  for (const std::string& one : expectations) {
    made += "  " + text.word("expect") + " " + text.word("that") + " " + one + "\n";
  }
  made += "}\n";
  return passes(made) ? made : std::string();
}

}  // namespace toll::tools::prover
