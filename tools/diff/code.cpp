#include "tools/diff/code.hpp"

#include <algorithm>
#include <map>

#include "dsl/checks/walk.hpp"

namespace toll::diff {
namespace {

std::vector<Term> shapes_of(const std::vector<Binder>& binders) {
  std::vector<Term> shapes;
  for (const Binder& binder : binders)
    shapes.push_back(binder.shape * 8 + static_cast<Term>(binder.by));
  return shapes;
}

/// A number for each binder: one for two that belong together.
void pair_binders(const std::vector<Binder>& before, const std::vector<Binder>& after,
                  std::vector<std::uint32_t>& symbols_before,
                  std::vector<std::uint32_t>& symbols_after) {
  symbols_before.assign(before.size(), 0);
  symbols_after.assign(after.size(), 0);
  std::uint32_t next = 1;
  std::vector<std::uint32_t> waiting;  // of the old ones since the last common part
  for (const auto& pair : align(shapes_of(before), shapes_of(after))) {
    const std::uint32_t i = pair.first;
    const std::uint32_t j = pair.second;
    if (i != kNone && j != kNone) {
      symbols_before[i] = symbols_after[j] = next++;
      waiting.clear();
    } else if (i != kNone) {
      waiting.push_back(i);
    } else {
      const auto found = std::find_if(waiting.begin(), waiting.end(), [&](std::uint32_t one) {
        return before[one].by == after[j].by;
      });
      if (found == waiting.end()) continue;
      symbols_before[*found] = symbols_after[j] = next++;
      waiting.erase(waiting.begin(), found + 1);
    }
  }
  for (std::uint32_t& symbol : symbols_before)
    if (symbol == 0) symbol = next++;
  for (std::uint32_t& symbol : symbols_after)
    if (symbol == 0) symbol = next++;
}

bool has_arguments_only(Op op) {
  return op != Op::constant && op != Op::local && op != Op::cases && op != Op::aggregate;
}

}  // namespace

Aligned align(const std::vector<Term>& before, const std::vector<Term>& after) {
  const std::size_t n = before.size();
  const std::size_t m = after.size();
  std::vector<std::vector<std::uint32_t>> common(n + 1, std::vector<std::uint32_t>(m + 1, 0));
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1
                                           : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  Aligned out;
  std::uint32_t i = 0;
  std::uint32_t j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && before[i] == after[j] && common[i][j] == common[i + 1][j + 1] + 1) {
      out.emplace_back(i++, j++);
    } else if (i < n && (j == m || common[i + 1][j] >= common[i][j + 1])) {
      out.emplace_back(i++, kNone);
    } else {
      out.emplace_back(kNone, j++);
    }
  }
  return out;
}

bool CodeCompare::same(const std::function<Term(Coder&)>& before,
                       const std::function<Term(Coder&)>& after) {
  out_.clear();
  before_.begin_shape();
  before(before_);
  after_.begin_shape();
  after(after_);
  std::vector<std::uint32_t> symbols_before;
  std::vector<std::uint32_t> symbols_after;
  pair_binders(before_.binders(), after_.binders(), symbols_before, symbols_after);
  before_.begin(symbols_before);
  after_.begin(symbols_after);
  return before(before_) == after(after_);
}

void CodeCompare::note(CodePlace before, CodePlace after, bool moved) {
  if (before.clause == kNone) before.clause = clause_before_;
  if (after.clause == kNone) after.clause = clause_after_;
  out_.push_back({before, after, moved});
}

CodePlace CodeCompare::at(const Coder& side, NodeId node, ClauseId clause) const {
  CodePlace place;
  place.node = node;
  place.clause = clause;
  if (node != kNoNode && side.core().nodes[node].clause != kNone)
    place.clause = side.core().nodes[node].clause;
  return place;
}

std::vector<CodeChange> CodeCompare::definitions(std::uint32_t before, std::uint32_t after) {
  const Definition& a = before_.core().definitions[before];
  const Definition& b = after_.core().definitions[after];
  clause_before_ = a.clause;
  clause_after_ = b.clause;
  const auto code = [](const Definition& definition) {
    return [&definition](Coder& side) { return side.node(definition.body); };
  };
  if (same(code(a), code(b)) && a.parameters.size() == b.parameters.size()) return {};
  const std::size_t proven = proven_.size();
  fresh_ = false;
  nodes(a.body, b.body);
  if (out_.empty() && (proven == proven_.size() || a.parameters.size() != b.parameters.size()))
    note(at(before_, a.body, a.clause), at(after_, b.body, b.clause));
  return std::move(out_);
}

std::vector<CodeChange> CodeCompare::blocks(std::uint32_t before, std::uint32_t after) {
  const Block& a = before_.core().blocks[before];
  const Block& b = after_.core().blocks[after];
  clause_before_ = a.clause;
  clause_after_ = b.clause;
  const auto code = [](const Block& block) {
    return [&block](Coder& side) { return side.effects(block.effects); };
  };
  if (same(code(a), code(b)) && a.parameters.size() == b.parameters.size()) return {};
  const std::size_t proven = proven_.size();
  fresh_ = is_root(before_.core(), before) && is_root(after_.core(), after);
  effect_lists(a.effects, b.effects);
  if (out_.empty() && (proven == proven_.size() || a.parameters.size() != b.parameters.size())) {
    CodePlace was;
    CodePlace is;
    if (!a.effects.empty()) was.effect = &a.effects.front();
    if (!b.effects.empty()) is.effect = &b.effects.front();
    note(was, is);
  }
  return std::move(out_);
}

std::vector<CodeChange> CodeCompare::refusals(std::uint32_t before, std::uint32_t after) {
  const EventType& a = before_.core().events[before];
  const EventType& b = after_.core().events[after];
  clause_before_ = a.clause;
  clause_after_ = b.clause;
  std::vector<Term> terms_before;
  std::vector<Term> terms_after;
  const auto code = [](const EventType& event, std::vector<Term>& terms) {
    return [&event, &terms](Coder& side) {
      terms.clear();
      for (const EventType::Refusal& refusal : event.refusals)
        terms.push_back(side.node(refusal.guard));
      return side.nodes(event.bounded);
    };
  };
  const bool bounded = same(code(a, terms_before), code(b, terms_after));
  fresh_ = false;
  const auto coded = [](Coder& side, const EventType& event, std::vector<Term>& terms) {
    for (std::size_t i = 0; i < terms.size(); ++i)
      terms[i] = side.with_text(terms[i], event.refusals[i].code);
  };
  const std::vector<Term> guards_before = terms_before;
  const std::vector<Term> guards_after = terms_after;
  coded(before_, a, terms_before);
  coded(after_, b, terms_after);
  std::vector<std::uint32_t> gone;
  std::vector<std::uint32_t> come;
  if (terms_before != terms_after && !same_refusals(a, b)) {
    for (const auto& [i, j] : align(terms_before, terms_after)) {
      if (i != kNone && j == kNone) gone.push_back(i);
      if (i == kNone && j != kNone) come.push_back(j);
    }
  }
  const auto place = [](const EventType& event, std::uint32_t event_index, std::uint32_t index) {
    CodePlace out;
    if (index == kNone) return out;
    out.event = event_index;
    out.refusal = index;
    out.clause = event.refusals[index].clause;
    return out;
  };
  for (const std::uint32_t i : gone) {
    const auto found = std::find_if(come.begin(), come.end(), [&](std::uint32_t j) {
      return a.refusals[i].code == b.refusals[j].code || guards_before[i] == guards_after[j];
    });
    const std::uint32_t j = found == come.end() ? kNone : *found;
    if (found != come.end()) come.erase(found);
    const bool moved = j != kNone && terms_before[i] == terms_after[j];
    note(place(a, before, i), place(b, after, j), moved);
  }
  for (const std::uint32_t j : come) note(CodePlace(), place(b, after, j));
  if (!bounded) {
    for (std::size_t i = 0; i < std::max(a.bounded.size(), b.bounded.size()); ++i) {
      const NodeId was = i < a.bounded.size() ? a.bounded[i] : kNoNode;
      const NodeId is = i < b.bounded.size() ? b.bounded[i] : kNoNode;
      if (was != kNoNode && is != kNoNode && before_.known(was) == after_.known(is)) continue;
      if (proofs_ != nullptr && prove(proofs_->bounded(before, after, was, is),
                                      at(before_, was, a.clause), at(after_, is, b.clause)))
        continue;
      nodes(was, is);
    }
  }
  return std::move(out_);
}

bool CodeCompare::same_clause(ClauseId before, ClauseId after) const {
  return before != kNone && after != kNone &&
         before_.core().clauses[before].id == after_.core().clauses[after].id;
}

/// What an operator is about besides its operands.
bool CodeCompare::same_payload(const Node& before, const Node& after) const {
  if (before.op != after.op || !has_arguments_only(before.op)) return false;
  const auto same_name = [](const std::vector<std::string>& a, std::uint32_t i,
                            const std::vector<std::string>& b, std::uint32_t j) {
    return i < a.size() && j < b.size() && a[i] == b[j];
  };
  const Names& a = before_.names();
  const Names& b = after_.names();
  switch (before.op) {
    case Op::reg:
    case Op::state:
    case Op::field:
      return false;
    case Op::row_field:
      return before_.column_name(before) == after_.column_name(after);
    case Op::cell:
      return same_name(a.families, before.a, b.families, after.a) && before.b == after.b;
    case Op::lookup:
      return same_name(a.tables, before.a, b.tables, after.a);
    case Op::call:
      return same_name(a.definitions, before.a, b.definitions, after.a);
    case Op::hook:
      return same_name(a.hooks, before.a, b.hooks, after.a);
    case Op::universe:
      return same_name(a.domains, before.a, b.domains, after.a);
    case Op::rescale:
      return before.a == after.a;
    default:
      return true;
  }
}

void CodeCompare::nodes(NodeId before, NodeId after) {
  if (before == kNoNode || after == kNoNode) {
    if (before != after)
      note(at(before_, before, clause_before_), at(after_, after, clause_after_));
    return;
  }
  if (before_.known(before) == after_.known(after)) return;
  const Node& a = before_.core().nodes[before];
  const Node& b = after_.core().nodes[after];
  const std::size_t found = out_.size();
  const std::size_t proven = proven_.size();
  if (same_values(before, after)) return;
  if (a.op == Op::cases && b.op == Op::cases) {
    if (same_cases(a, b)) return;
    cases(a, b);
  } else if (a.op == Op::aggregate && b.op == Op::aggregate) {
    const Aggregate& x = before_.core().aggregates[a.a];
    const Aggregate& y = after_.core().aggregates[b.a];
    if (x.fn == y.fn && sources(x.source, y.source)) nodes(x.body, y.body);
  } else if (same_payload(a, b)) {
    node_lists(a.args, b.args, before, after);
  }
  // Nothing within it: the whole differs.
  if (out_.size() == found && proven_.size() == proven)
    note(at(before_, before, clause_before_), at(after_, after, clause_after_));
}

void CodeCompare::node_lists(const std::vector<NodeId>& before, const std::vector<NodeId>& after,
                             NodeId whole_before, NodeId whole_after) {
  if (before.size() == after.size()) {
    std::size_t differ = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
      differ += before_.known(before[i]) != after_.known(after[i]) ? 1U : 0U;
    // Operands that changed places are one difference, not two.
    if (differ > 1 && before.size() == 2 && before_.known(before[0]) == after_.known(after[1]))
      return;
    for (std::size_t i = 0; i < before.size(); ++i) nodes(before[i], after[i]);
    return;
  }
  note(at(before_, whole_before, clause_before_), at(after_, whole_after, clause_after_));
}

void CodeCompare::cases(const Node& before, const Node& after) {
  const auto terms = [](Coder& side, const Node& node) {
    std::vector<Term> out;
    for (std::size_t i = 0; i + 1 < node.args.size(); i += 2)
      out.push_back(side.list({side.known(node.args[i]), side.known(node.args[i + 1])}));
    return out;
  };
  const auto clause_of = [](const Node& node, std::uint32_t i) {
    return i < node.case_clauses.size() ? node.case_clauses[i] : kNone;
  };
  std::vector<std::uint32_t> gone;
  std::vector<std::uint32_t> come;
  for (const auto& [i, j] : align(terms(before_, before), terms(after_, after))) {
    if (i != kNone && j == kNone) gone.push_back(i);
    if (i == kNone && j != kNone) come.push_back(j);
  }
  const ClauseId around_before = clause_before_;
  const ClauseId around_after = clause_after_;
  const bool as_many = gone.size() == come.size();
  for (std::size_t k = 0; k < gone.size(); ++k) {
    const std::uint32_t i = gone[k];
    auto found = std::find_if(come.begin(), come.end(), [&](std::uint32_t j) {
      return same_clause(clause_of(before, i), clause_of(after, j));
    });
    if (found == come.end() && as_many) found = come.begin();
    clause_before_ = clause_of(before, i) == kNone ? around_before : clause_of(before, i);
    if (found == come.end()) {
      note(at(before_, before.args[2 * i + 1], clause_before_), CodePlace());
    } else {
      clause_after_ = clause_of(after, *found) == kNone ? around_after : clause_of(after, *found);
      nodes(before.args[2 * i], after.args[2 * *found]);
      nodes(before.args[2 * i + 1], after.args[2 * *found + 1]);
      come.erase(found);
    }
    clause_before_ = around_before;
    clause_after_ = around_after;
  }
  for (const std::uint32_t j : come) {
    const ClauseId clause = clause_of(after, j);
    note(CodePlace(), at(after_, after.args[2 * j + 1], clause == kNone ? around_after : clause));
  }
}

/// True: both go through the same rows as far as was found here; differences within are noted.
bool CodeCompare::sources(const Source& before, const Source& after) {
  if (before.of != after.of || before.by.size() != after.by.size() ||
      before.descending != after.descending)
    return false;
  const auto name = [](const Coder& side, const Source& source) -> std::string {
    if (source.of == Source::Of::list) return {};
    return source.of == Source::Of::table ? side.names().tables[source.index]
                                          : side.names().families[source.index];
  };
  if (name(before_, before) != name(after_, after)) return false;
  if (before.of == Source::Of::list) nodes(before.list, after.list);
  nodes(before.at, after.at);
  nodes(before.where, after.where);
  for (std::size_t i = 0; i < before.by.size(); ++i) nodes(before.by[i], after.by[i]);
  return true;
}

/// What an action writes to.
std::string CodeCompare::target(const Coder& side, const Effect& effect) const {
  const Names& names = side.names();
  switch (effect.what) {
    case Effect::Do::set_register:
      return names.registers[effect.a];
    case Effect::Do::move:
      return names.machines[effect.a];
    case Effect::Do::set_cell:
    case Effect::Do::add_cell:
    case Effect::Do::set_row:
    case Effect::Do::draw:
      return names.families[effect.a] + "." + side.core().families[effect.a].fields[effect.b].name;
    case Effect::Do::put:
    case Effect::Do::clear:
      return names.families[effect.a];
    case Effect::Do::run:
      return names.blocks[effect.a];
    case Effect::Do::arm:
    case Effect::Do::disarm:
      return names.timers[effect.a];
    case Effect::Do::emit:
      return names.entries[effect.a];
    default:
      return {};
  }
}

void CodeCompare::effect_lists(const Effects& before, const Effects& after) {
  const auto terms = [](const Coder& side, const Effects& effects) {
    std::vector<Term> out;
    for (const Effect& effect : effects) out.push_back(side.known(effect));
    return out;
  };
  std::vector<std::uint32_t> gone;
  std::vector<std::uint32_t> come;
  for (const auto& [i, j] : align(terms(before_, before), terms(after_, after))) {
    if (i != kNone && j == kNone) gone.push_back(i);
    if (i == kNone && j != kNone) come.push_back(j);
  }
  for (const std::uint32_t i : gone) {
    const Effect& a = before[i];
    const auto fits = [&](std::uint32_t j) {
      return a.what == after[j].what && target(before_, a) == target(after_, after[j]);
    };
    // The same action that stands elsewhere now was moved.
    auto found = std::find_if(come.begin(), come.end(), [&](std::uint32_t j) {
      return before_.known(a) == after_.known(after[j]);
    });
    const bool moved = found != come.end();
    if (!moved)
      found = std::find_if(come.begin(), come.end(), [&](std::uint32_t j) {
        return fits(j) && same_clause(a.clause, after[j].clause);
      });
    if (found == come.end()) found = std::find_if(come.begin(), come.end(), fits);
    CodePlace was;
    was.effect = &a;
    was.clause = a.clause;
    if (found == come.end() || moved) {
      CodePlace is;
      if (moved) {
        is.effect = &after[*found];
        is.clause = after[*found].clause;
        come.erase(found);
      }
      note(was, is, moved);
      continue;
    }
    const bool fresh = fresh_;
    fresh_ = fresh && only_lets(before, i) && only_lets(after, *found);
    effects(a, after[*found]);
    fresh_ = fresh;
    come.erase(found);
  }
  for (const std::uint32_t j : come) {
    CodePlace is;
    is.effect = &after[j];
    is.clause = after[j].clause;
    note(CodePlace(), is);
  }
}

/// Members of an entry, fields of a row: those of one name belong together.
void CodeCompare::named_parts(const Effect& before, const Effect& after) {
  const auto name = [](const Coder& side, const Effect& effect, std::uint32_t field) {
    return effect.what == Effect::Do::emit ? side.core().entries[effect.a].members[field].wire
                                           : side.core().families[effect.a].fields[field].name;
  };
  const auto named = [&name](const Coder& side, const Effect& effect) {
    std::map<std::string, NodeId> out;
    for (std::size_t i = 0; i < effect.fields.size(); ++i)
      out[name(side, effect, effect.fields[i])] = effect.args[i];
    return out;
  };
  const std::map<std::string, NodeId> a = named(before_, before);
  const std::map<std::string, NodeId> b = named(after_, after);
  for (const auto& [member, node] : a) {
    const auto found = b.find(member);
    nodes(node, found == b.end() ? kNoNode : found->second);
  }
  for (const auto& [member, node] : b)
    if (a.count(member) == 0) nodes(kNoNode, node);
}

void CodeCompare::effects(const Effect& before, const Effect& after) {
  if (before_.known(before) == after_.known(after)) return;
  const ClauseId around_before = clause_before_;
  const ClauseId around_after = clause_after_;
  if (before.clause != kNone) clause_before_ = before.clause;
  if (after.clause != kNone) clause_after_ = after.clause;
  const std::size_t found = out_.size();
  const std::size_t proven = proven_.size();
  const bool fresh = fresh_;
  fresh_ = fresh_ && before.what == Effect::Do::choose;  // not what is done more than once
  bool fits = true;
  if (before.what == Effect::Do::emit || before.what == Effect::Do::put) {
    named_parts(before, after);
    fits = before.rows.size() == after.rows.size();
    for (std::size_t i = 0; fits && i < before.rows.size(); ++i) {
      const Effect::EmitRows& a = before.rows[i];
      const Effect::EmitRows& b = after.rows[i];
      fits = sources(a.source, b.source) && a.columns.size() == b.columns.size();
      for (std::size_t k = 0; fits && k < a.columns.size(); ++k) nodes(a.columns[k], b.columns[k]);
    }
  } else {
    fits = before.args.size() == after.args.size();
    for (std::size_t i = 0; fits && i < before.args.size(); ++i)
      nodes(before.args[i], after.args[i]);
    if (dsl::has_source(before)) fits = fits && sources(before.source, after.source);
    effect_lists(before.effects, after.effects);
    rule_lists(before.rules, after.rules);
  }
  fresh_ = fresh;
  if ((out_.size() == found && proven_.size() == proven) || !fits) {
    CodePlace was;
    CodePlace is;
    was.effect = &before;
    is.effect = &after;
    note(was, is);
  }
  clause_before_ = around_before;
  clause_after_ = around_after;
}

void CodeCompare::rules(const Rule& before, const Rule& after) {
  const ClauseId around_before = clause_before_;
  const ClauseId around_after = clause_after_;
  if (before.clause != kNone) clause_before_ = before.clause;
  if (after.clause != kNone) clause_after_ = after.clause;
  nodes(before.guard, after.guard);
  effect_lists(before.effects, after.effects);
  clause_before_ = around_before;
  clause_after_ = around_after;
}

void CodeCompare::rule_lists(const std::vector<Rule>& before, const std::vector<Rule>& after) {
  if (same_rules(before, after)) return;
  const auto known = [](Coder& side, const Rule& rule) {
    std::vector<Term> parts = {side.known(rule.guard)};
    for (const Effect& effect : rule.effects) parts.push_back(side.known(effect));
    return side.list(std::move(parts));
  };
  const auto terms = [&known](Coder& side, const std::vector<Rule>& rules) {
    std::vector<Term> out;
    for (const Rule& rule : rules) out.push_back(known(side, rule));
    return out;
  };
  std::vector<std::uint32_t> gone;
  std::vector<std::uint32_t> come;
  for (const auto& [i, j] : align(terms(before_, before), terms(after_, after))) {
    if (i != kNone && j == kNone) gone.push_back(i);
    if (i == kNone && j != kNone) come.push_back(j);
  }
  const bool as_many = gone.size() == come.size();
  for (const std::uint32_t i : gone) {
    const Rule& a = before[i];
    auto found = std::find_if(come.begin(), come.end(), [&](std::uint32_t j) {
      return known(before_, a) == known(after_, after[j]);
    });
    const bool moved = found != come.end();
    if (!moved)
      found = std::find_if(come.begin(), come.end(),
                           [&](std::uint32_t j) { return same_clause(a.clause, after[j].clause); });
    if (found == come.end() && as_many) found = come.begin();
    CodePlace was;
    was.rule = &a;
    was.clause = a.clause;
    if (found == come.end()) {
      note(was, CodePlace());
      continue;
    }
    if (moved) {
      CodePlace is;
      is.rule = &after[*found];
      is.clause = is.rule->clause;
      note(was, is, true);
    } else {
      rules(a, after[*found]);
    }
    come.erase(found);
  }
  for (const std::uint32_t j : come) {
    CodePlace is;
    is.rule = &after[j];
    is.clause = is.rule->clause;
    note(CodePlace(), is);
  }
}

}  // namespace toll::diff
