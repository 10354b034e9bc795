// The passes of the builder: names before shapes, shapes before bodies.

#include <algorithm>
#include <array>

#include "dsl/lua/hooks.hpp"
#include "dsl/resolve/builder.hpp"
#include "dsl/resolve/documents.hpp"
#include "dsl/resolve/proofs.hpp"
#include "dsl/resolve/scenarios.hpp"
#include "dsl/resolve/statements.hpp"
#include "dsl/resolve/tables.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

std::string_view lead(const Clause& clause) {
  if (clause.kind == Clause::Kind::row || clause.head.empty()) return {};
  return clause.head[0].kind == TokenKind::word ? std::string_view(clause.head[0].word)
                                                : std::string_view();
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::string_view kLeads[] = {
    "language", "policy",   "import",    "source",    "unit",    "currency", "zone",    "remember",
    "setting",  "tariff",   "domain",    "table",     "account", "list",     "counter", "scratch",
    "define",   "hook",     "procedure", "event",     "on",      "entry",    "timer",   "timeline",
    "machine",  "scenario", "examples",  "statement", "prove",   "document"};

}  // namespace

Builder::Builder(SourceSet& sources, Diagnostics& diagnostics, std::string root)
    : sources_(sources), diagnostics_(diagnostics), root_(std::move(root)) {
  core_.units = {{"", false, ""}, {"day", false, ""}, {"month", false, ""}};
  for (const char* name : {"day", "days"}) units_.emplace(name, 1);
  for (const char* name : {"month", "months", "year", "years"}) units_.emplace(name, 2);
  core_.zone_name = "UTC";
  core_.zone = {{INT64_MIN, 0}};
  calendar_ = std::make_unique<const Calendar>(core_.zone);
}

void Builder::declare_basics(const Clause& clause) {
  const std::string_view word = lead(clause);
  Cursor head = cursor(clause);
  if (word == "policy") policy_statement(head);
  if (word == "zone") zone_statement(head, clause.span);
  if (word == "unit") unit_statement(head);
  if (word == "currency") currency_statement(head);
  if (word == "remember") {
    head.next();
    const ExprPtr expr = head.expression();
    if (expr == nullptr || !head.finish()) return;
    Context context;
    const Typed value = expression(*expr, context);
    const auto known = value.ok() ? constant_value(value.node) : std::nullopt;
    const bool days = known && value.type.kind == Kind::number && value.type.scale == 0 &&
                      value.type.dimension.powers[0].unit == 1;
    if (!days || *known < 0 || *known > 100'000) {
      error(expr->span, "E0310.remember");
      return;
    }
    core_.remember_seconds = static_cast<std::int64_t>(*known) * 86'400;
  }
}

void Builder::declare_names(const Clause& clause) {
  const std::string_view word = lead(clause);
  if (word == "domain") domain_declaration(clause);
}

void Builder::declare_shapes(const Clause& clause) {
  const std::string_view word = lead(clause);
  if (word == "table") TableReader(*this, clause).read();
}

void Builder::declare_bodies(const Clause& clause) {
  const std::string_view word = lead(clause);
  if (word == "event") event_declaration(clause);
  if (word == "timer") timer_declaration(clause);
  if (word == "timeline") {
    Cursor head = cursor(clause);
    head.next();
    do {
      const Token name = head.name("what.timer");
      if (head.failed()) return;
      timeline_.push_back(name);
    } while (head.accept_symbol(","));
    head.finish();
  }
}

void Builder::resolve_body(const Clause& clause) {
  const std::string_view word = lead(clause);
  if (word == "procedure") resolve_procedure(clause);
  if (word == "timer") resolve_timer(clause);
  if (word == "machine") resolve_machine(clause);
  if (word == "on") resolve_handler(clause);
}

/// Ranks of timers: what fires first at one instant. Nothing is left to chance.
void Builder::finish_timeline() {
  NameMap ranks;
  for (std::uint32_t rank = 0; rank < timeline_.size(); ++rank) {
    const Token& name = timeline_[rank];
    if (!find(timers_, name)) unknown(name, timers_, "noun.timer");
    ranks.emplace(fold(name.raw), rank);
  }
  for (Timer& timer : core_.timers) {
    const auto* const found = ranks.find(fold(timer.name));
    const bool ranked = found != nullptr;
    timer.rank = ranked ? found->second : static_cast<std::uint32_t>(timeline_.size());
    if (ranked || core_.timers.size() == 1) continue;
    error(clause_span(timer.clause), {"E0803.timeline", {timer.name}});
  }
}

namespace {

/// Registers, families and machines as one space of numbers.
constexpr std::uint32_t kFamilies = 1U << 20;
constexpr std::uint32_t kMachines = 2U << 20;

void reads(const Core& core, NodeId id, std::set<std::uint32_t>& called,
           std::set<std::uint32_t>& out) {
  if (id == kNoNode) return;
  const Node& node = core.nodes[id];
  if (node.op == Op::reg) out.insert(node.a);
  if (node.op == Op::state) out.insert(kMachines + node.a);
  if (node.op == Op::cell) out.insert(kFamilies + node.a);
  if (node.op == Op::call && called.insert(node.a).second) {
    reads(core, core.definitions[node.a].body, called, out);
  }
  if (node.op == Op::aggregate) {
    const Aggregate& aggregate = core.aggregates[node.a];
    if (aggregate.source.of != Source::Of::table && aggregate.source.of != Source::Of::list) {
      out.insert(kFamilies + aggregate.source.index);
    }
    reads(core, aggregate.source.where, called, out);
    reads(core, aggregate.body, called, out);
  }
  for (const NodeId arg : node.args) reads(core, arg, called, out);
}

void writes(const Core& core, const Effects& effects, std::set<std::uint32_t>& blocks,
            std::set<std::uint32_t>& out) {
  for (const Effect& effect : effects) {
    switch (effect.what) {
      case Effect::Do::set_register:
        out.insert(effect.a);
        break;
      case Effect::Do::move:
        out.insert(kMachines + effect.a);
        break;
      case Effect::Do::set_cell:
      case Effect::Do::add_cell:
      case Effect::Do::set_row:
      case Effect::Do::put:
      case Effect::Do::draw:
      case Effect::Do::clear:
        out.insert(kFamilies + effect.a);
        break;
      case Effect::Do::run:
        if (blocks.insert(effect.a).second) {
          writes(core, core.blocks[effect.a].effects, blocks, out);
        }
        break;
      default:
        break;
    }
    writes(core, effect.effects, blocks, out);
    for (const Rule& rule : effect.rules) writes(core, rule.effects, blocks, out);
  }
}

}  // namespace

/// Procedures that run themselves would never end.
void Builder::check_recursion() {
  enum class Mark : std::uint8_t { fresh, busy, done };
  std::vector<Mark> marks(core_.blocks.size(), Mark::fresh);
  const auto visit = [&](const auto& self, const Effects& effects) -> void {
    for (const Effect& effect : effects) {
      if (effect.what == Effect::Do::run && marks[effect.a] == Mark::busy) {
        error(clause_span(effect.clause), {"E0703.run", {core_.blocks[effect.a].name}});
      } else if (effect.what == Effect::Do::run && marks[effect.a] == Mark::fresh) {
        marks[effect.a] = Mark::busy;
        self(self, core_.blocks[effect.a].effects);
        marks[effect.a] = Mark::done;
      }
      self(self, effect.effects);
      for (const Rule& rule : effect.rules) self(self, rule.effects);
    }
  };
  for (std::uint32_t i = 0; i < marks.size(); ++i) {
    if (marks[i] != Mark::fresh) continue;
    marks[i] = Mark::busy;
    visit(visit, core_.blocks[i].effects);
    marks[i] = Mark::done;
  }
}

/// Level-triggered edges are looked at after every event and timer that writes what they read.
void Builder::step_machines() {
  std::vector<std::uint32_t> tops;
  for (const EventType& event : core_.events) tops.push_back(event.block);
  for (const Timer& timer : core_.timers) tops.push_back(timer.block);
  // What a top writes, and the blocks that it runs; a step that is added to it adds its own.
  std::vector<std::set<std::uint32_t>> written(tops.size());
  std::vector<std::set<std::uint32_t>> blocks(tops.size());
  const bool any = std::any_of(step_blocks_.begin(), step_blocks_.end(),
                               [](std::uint32_t block) { return block != kNone; });
  for (std::size_t i = 0; any && i < tops.size(); ++i) {
    writes(core_, core_.blocks[tops[i]].effects, blocks[i], written[i]);
  }
  for (std::uint32_t machine = 0; machine < core_.machines.size(); ++machine) {
    if (step_blocks_[machine] == kNone) continue;
    std::set<std::uint32_t> read;
    std::set<std::uint32_t> called;
    for (const Rule& rule : core_.blocks[step_blocks_[machine]].effects[0].rules) {
      reads(core_, rule.guard, called, read);
    }
    for (std::size_t i = 0; i < tops.size(); ++i) {
      const std::uint32_t top = tops[i];
      const bool touches = std::any_of(read.begin(), read.end(),
                                       [&](std::uint32_t id) { return written[i].count(id) != 0; });
      if (!touches) continue;
      Effect run;
      run.what = Effect::Do::run;
      run.clause = core_.machines[machine].clause;
      run.a = step_blocks_[machine];
      if (blocks[i].insert(run.a).second) {
        writes(core_, core_.blocks[run.a].effects, blocks[i], written[i]);
      }
      core_.blocks[top].effects.push_back(std::move(run));
    }
  }
}

/// A domain that includes another starts with its names, at the same indexes.
void Builder::include_names() {
  for (std::uint32_t i = 0; i < core_.domains.size(); ++i) {
    Domain& domain = core_.domains[i];
    if (domain.includes.empty()) continue;
    if (domain.includes.size() > 1) {
      error(clause_span(domain.clause), "E0311.includes");
      return;
    }
    const std::uint32_t other = domain.includes[0];
    const auto shift = static_cast<std::uint32_t>(core_.domains[other].names.size());
    NameMap spellings = domain_names_[other];
    for (const auto& [name, index] : domain_names_[i]) {
      if (!spellings.emplace(name, index + shift).second) {
        error(clause_span(domain.names[index].clause),
              {"E0306.included", {name, domain.name, core_.domains[other].name}});
      }
    }
    std::vector<Domain::Name> names = core_.domains[other].names;
    names.insert(names.end(), domain.names.begin(), domain.names.end());
    domain.names = std::move(names);
    domain_names_[i] = std::move(spellings);
  }
}

void Builder::check_leads(const std::vector<Clause>& clauses) {
  for (const Clause& clause : clauses) {
    if (clause.kind == Clause::Kind::row) {
      error(clause.span, "E0501.row");
    } else if (!clause.head.empty() &&
               std::find(std::begin(kLeads), std::end(kLeads), lead(clause)) == std::end(kLeads)) {
      // As the file at hand spells them: what was meant is one of its words.
      const Skin* const skin = find_skin(sources_.skin(clause.span.file));
      NameMap leads;
      for (const std::string_view word : kLeads) {
        leads.emplace(skin == nullptr ? std::string(word) : skin->spell(word), 0);
      }
      unknown(clause.head[0], leads, "noun.declaration");
    }
  }
}

/// `source "DOCUMENT, SECTION"` inside a declaration or rule: what it implements.
void Builder::note_sources(const std::vector<Clause>& clauses) {
  using Place = std::array<std::uint32_t, 3>;
  const auto place = [](SourceSpan span) { return Place{span.file, span.begin, span.end}; };
  std::vector<std::pair<Place, ClauseId>> at;
  at.reserve(core_.clauses.size());
  for (ClauseId id = 0; id < core_.clauses.size(); ++id) {
    at.emplace_back(place(clause_spans_[id]), id);
  }
  std::sort(at.begin(), at.end());
  const auto visit = [&](const auto& self, const Clause& clause) -> void {
    for (const Clause& item : clause.body) {
      self(self, item);
      const bool source = item.head.size() >= 2 && item.head[0].word == "source" &&
                          item.head[1].kind == TokenKind::string;
      if (!source) continue;
      const Place here = place(clause.span);
      for (auto one = std::lower_bound(at.begin(), at.end(), std::pair(here, ClauseId{0}));
           one != at.end() && one->first == here; ++one) {
        std::string& text = core_.clauses[one->second].source;
        text += (text.empty() ? "" : "; ") + item.head[1].raw;
      }
    }
  };
  for (const Clause& clause : clauses) visit(visit, clause);
}

BuildNotes Builder::notes() const {
  BuildNotes notes;
  notes.spans = clause_spans_;
  for (const Setting& setting : setting_values_) {
    if (!setting.used) notes.idle.push_back(setting.clause);
  }
  for (std::size_t i = 0; i < core_.tariffs.size(); ++i) {
    if (!tariff_used_[i]) notes.idle.push_back(core_.tariffs[i].clause);
  }
  return notes;
}

Policy Builder::build(const std::vector<Clause>& clauses, const std::vector<NotionUse>& uses) {
  const auto all = [&](auto pass) {
    for (const Clause& clause : clauses) pass(clause);
  };
  check_leads(clauses);
  for (const NotionUse& use : uses) {
    const ClauseId id = clause(use.lead + ":" + use.name, use.span);
    core_.declarations.push_back({use.lead, use.name, id, use.parts});
  }
  all([&](const Clause& c) { declare_basics(c); });
  all([&](const Clause& c) { declare_names(c); });
  all([&](const Clause& c) {
    if (lead(c) == "table") TableReader(*this, c).bring_names();
  });
  include_names();
  all([&](const Clause& c) {
    if (lead(c) == "machine") machine_declaration(c);
  });
  all([&](const Clause& c) {
    if (lead(c) == "setting") setting_declaration(c);
  });
  all([&](const Clause& c) { declare_shapes(c); });
  all([&](const Clause& c) {
    if (lead(c) == "tariff") tariff_declaration(c);
  });
  all([&](const Clause& c) {
    if (lead(c) == "account") account_declaration(c);
    if (one_of(lead(c), {"list", "counter", "scratch"})) family_declaration(c);
    if (lead(c) == "entry") entry_declaration(c);
  });
  all([&](const Clause& c) { declare_bodies(c); });
  all([&](const Clause& c) { find_cleared(c); });
  all([&](const Clause& c) {
    if (lead(c) == "define") definition_declaration(c);
    if (lead(c) == "hook") hook_declaration(c);
    if (lead(c) == "procedure") procedure_declaration(c);
  });
  for (std::uint32_t i = 0; i < pending_.size(); ++i) resolve_definition(i);
  // What an event does by itself comes before handlers and edges, wherever they are written.
  all([&](const Clause& c) {
    if (lead(c) == "event") resolve_event(c);
  });
  all([&](const Clause& c) { resolve_body(c); });
  all([&](const Clause& c) {
    if (lead(c) == "statement") StatementReader(*this, c).read();
  });
  all([&](const Clause& c) {
    if (lead(c) == "prove") ProofReader(*this, c).read();
  });
  finish_timeline();
  if (!diagnostics_.has_errors()) check_recursion();
  if (!diagnostics_.has_errors()) step_machines();
  Policy policy;
  ScenarioShapes shapes;
  all([&](const Clause& c) {
    if (lead(c) == "scenario") ScenarioReader(*this, shapes, c).read(policy.scenarios);
    if (lead(c) == "examples") ScenarioReader(*this, shapes, c).read_examples(policy.scenarios);
    if (lead(c) == "document") DocumentReader(*this, c).read(policy.documents);
  });
  if (!diagnostics_.has_errors()) {
    note_sources(clauses);
    node_spans_.resize(core_.nodes.size());
    policy.node_spans = std::move(node_spans_);
    policy.node_texts = std::move(node_texts_);
    if (!core_.hooks.empty()) core_.hook_host = lua::host_of(core_, hook_limits_);
    policy.core = std::make_shared<const Core>(std::move(core_));
  }
  return policy;
}

}  // namespace toll::dsl
