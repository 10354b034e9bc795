#include "dsl/resolve/proofs.hpp"

#include <algorithm>

#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

constexpr Value kEndless = INT64_MAX;

/// `x.MEMBER` of an entry at hand is a name of its own: entries are no rows that could be read.
void name_members(Expr& expr, const std::string& row) {
  for (const ExprPtr& arg : expr.args) {
    if (arg != nullptr) name_members(*arg, row);
  }
  for (const ExprPtr* const part : {&expr.at, &expr.over.source, &expr.over.at, &expr.over.where}) {
    if (*part != nullptr) name_members(**part, row);
  }
  for (const ExprPtr& by : expr.over.by) name_members(*by, row);
  const bool member = expr.kind == Expr::Kind::member && expr.args.size() == 1 &&
                      expr.args[0]->kind == Expr::Kind::name &&
                      fold(expr.args[0]->token.raw) == row;
  if (!member) return;
  expr.token.raw = expr.args[0]->token.raw + "." + expr.token.raw;
  expr.token.word = expr.token.raw;
  expr.token.keyword = false;
  expr.kind = Expr::Kind::name;
  expr.args.clear();
}

}  // namespace

/// The tokens up to one of these words or a comma, as they are written.
std::string ProofReader::spelled(Cursor& line) {
  std::string text;
  while (!line.done() && !line.at_symbol(",") && !line.at_word("at") && !line.at_word("from") &&
         !line.at_word("because")) {
    text += line.next().raw;
  }
  return text;
}

bool ProofReader::lines(Lines& out) {
  for (const Clause& item : clause_.body) {
    Cursor line = b_.cursor(item);
    if (item.kind == Clause::Kind::statement && line.at_word("source")) continue;
    const bool claim = item.kind == Clause::Kind::statement &&
                       (line.at_word("that") || line.at_word("tariff") || line.at_word("machine") ||
                        line.at_word("timer") || line.at_word("policy"));
    if (item.kind == Clause::Kind::statement && line.at_word("each") && out.each == nullptr) {
      out.each = &item;
    } else if (claim && out.claim == nullptr) {
      out.claim = &item;
    } else if (item.kind == Clause::Kind::statement && line.at_word("except")) {
      out.exceptions.push_back(&item);
    } else {
      b_.error(item.span, claim ? "E1211.one-claim" : "E1210.line");
      return false;
    }
  }
  if (out.claim == nullptr) b_.error(clause_.span, "E1211.no-claim");
  return out.claim != nullptr;
}

void ProofReader::read() {
  Cursor head = b_.cursor(clause_);
  head.next();
  const Token name = head.name("what.proof");
  if (!head.finish()) return;
  made_.name = name.raw;
  made_.clause = b_.clause("prove:" + name.raw, clause_.span);
  Lines all;
  if (!lines(all)) return;
  Cursor claim = b_.cursor(*all.claim);
  const std::size_t before = b_.core_.proofs.size();
  if (claim.at_word("that")) {
    condition(all);
  } else if (claim.at_word("tariff")) {
    if (tariff(all)) finish();
  } else if (claim.at_word("policy")) {
    policy(all);
  } else if (all.each != nullptr || !all.exceptions.empty()) {
    b_.error(all.each != nullptr ? all.each->span : all.exceptions[0]->span, "E1212.needless");
  } else if (claim.accept_word("machine")) {
    machine(*all.claim);
  } else {
    claim.next();
    if (!claim.expect_word("never") || !claim.expect_word("loops") || !claim.finish()) return;
    made_.of = Proof::Of::timers;
    finish();
  }
  if (b_.core_.proofs.size() > before) {
    b_.declare(b_.proofs_, name, static_cast<std::uint32_t>(before), "noun.proof");
  }
}

void ProofReader::finish() {
  std::vector<std::string> parts;
  if (made_.definition != kNone) {
    parts.push_back("definition:" + b_.core_.definitions[made_.definition].name);
  }
  b_.core_.declarations.push_back({"prove", made_.name, made_.clause, std::move(parts)});
  b_.core_.proofs.push_back(std::move(made_));
}

std::uint32_t ProofReader::define(NodeId body, const Context& context,
                                  std::vector<Type> parameters) {
  Definition definition;
  definition.name = "prove " + made_.name;
  definition.parameters = std::move(parameters);
  definition.body = body;
  definition.frame = context.frame;
  definition.clause = made_.clause;
  b_.core_.definitions.push_back(std::move(definition));
  return static_cast<std::uint32_t>(b_.core_.definitions.size() - 1);
}

/// each x in ROWS: what follows is said of each of them.
bool ProofReader::begin(const Lines& lines, Traversal& over, Context& context, View& view) {
  Cursor head = b_.cursor(*lines.each);
  head.next();
  over = head.traversal();
  if (head.failed() || !head.finish()) return false;
  const auto kind = over.source->kind == Expr::Kind::name ? b_.find(b_.entries_, over.source->token)
                                                          : std::nullopt;
  const bool rows = kind && (b_.find(b_.tables_, over.source->token) ||
                             b_.find(b_.families_, over.source->token));
  if (kind && !rows) {
    entries(lines, std::move(over), *kind);
    return false;
  }
  if (!b_.source(over, context, view.source)) return false;
  const Source::Of of = view.source.of;
  const bool kept = of == Source::Of::table ||
                    (of == Source::Of::family && !b_.core_.families[view.source.index].event_scope);
  if (!kept) b_.error(over.source->span, "E1213.rows");
  return kept;
}

/// that CONDITION, perhaps of each row.
void ProofReader::condition(const Lines& lines) {
  Context context;
  context.clause = made_.clause;
  Traversal over;
  View view;
  if (lines.each != nullptr && !begin(lines, over, context, view)) return;
  Cursor claim = b_.cursor(*lines.claim);
  claim.next();
  const ExprPtr expr = claim.expression();
  if (expr == nullptr || !claim.finish()) return;
  const Typed holds = b_.guard(*expr, context);
  if (!holds.ok()) return;
  const bool table = lines.each != nullptr && view.source.of == Source::Of::table;
  if (!table && !lines.exceptions.empty()) {
    b_.error(lines.exceptions[0]->span, "E1212.exception");
    return;
  }
  if (lines.each == nullptr) {
    made_.definition = define(holds.node, context, {});
    return finish();
  }
  if (!table) {
    Aggregate all;
    all.fn = Aggregate::Fn::all;
    all.source = std::move(view.source);
    all.body = holds.node;
    b_.core_.aggregates.push_back(std::move(all));
    const auto index = static_cast<std::uint32_t>(b_.core_.aggregates.size() - 1);
    made_.definition = define(b_.make(Op::aggregate, Type{}, {}, index).node, context, {});
    return finish();
  }
  const Table& rows = b_.core_.tables[view.source.index];
  for (const std::uint32_t key : rows.keys) {
    if (rows.columns[key].type.kind == Kind::number && made_.ranges == kNone) made_.ranges = key;
  }
  if (made_.ranges == kNone) made_.ranges = rows.band;
  made_.of = Proof::Of::rows;
  made_.a = view.source.index;
  view.columns = {holds.node};
  view.frame = context.frame;
  for (const Clause* const line : lines.exceptions) {
    if (!exception(*line, rows)) return;
  }
  b_.core_.views.push_back(std::move(view));
  made_.view = static_cast<std::uint32_t>(b_.core_.views.size() - 1);
  finish();
}

/// each x in ENTRY: a definition whose parameters are the entry's members.
void ProofReader::entries(const Lines& lines, Traversal over, std::uint32_t kind) {
  Cursor claim = b_.cursor(*lines.claim);
  const bool plain = !over.changed && over.at == nullptr && over.by.empty();
  if (!plain || !claim.accept_word("that")) {
    b_.error(lines.each->span, "E1213.entries");
    return;
  }
  if (!lines.exceptions.empty()) {
    b_.error(lines.exceptions[0]->span, "E1212.exception");
    return;
  }
  const ExprPtr expr = claim.expression();
  if (expr == nullptr || !claim.finish()) return;
  Context context;
  context.clause = made_.clause;
  std::vector<Type> parameters;
  for (const EntryKind::Member& member : b_.core_.entries[kind].members) {
    Type type = member.type;
    type.optional = true;  // an entry leaves out what is absent
    parameters.push_back(type);
    const std::uint32_t slot = context.take_slot();
    if (member.rows) continue;
    context.locals.push_back({fold(over.variable.raw + "." + member.name), slot, type, false});
  }
  const std::string row = fold(over.variable.raw);
  NodeId where = kNoNode;
  if (over.where != nullptr) {
    name_members(*over.where, row);
    where = b_.guard(*over.where, context).node;
    if (where == kNoNode) return;
    b_.facts(where, true, context.present);
  }
  name_members(*expr, row);
  Typed holds = b_.guard(*expr, context);
  if (!holds.ok()) return;
  if (where != kNoNode) {
    const Typed other = b_.make(Op::logical_not, Type{}, {where});
    holds = b_.make(Op::logical_or, Type{}, {other.node, holds.node});
  }
  made_.of = Proof::Of::entries;
  made_.a = kind;
  made_.definition = define(holds.node, context, std::move(parameters));
  finish();
}

/// TARIFF, or TABLE.COLUMN reached, TABLE.COLUMN graduated.
bool ProofReader::tariff_meant(Cursor& line, Tariff& out) {
  const Token name = line.name("what.tariff");
  if (line.failed()) return false;
  if (!line.accept_symbol(".")) {
    const auto found = b_.find(b_.tariffs_, name);
    if (!found) return b_.unknown(name, b_.tariffs_, "noun.tariff"), false;
    out = b_.core_.tariffs[*found];
    b_.tariff_used_[*found] = true;
    return true;
  }
  const auto table = b_.find(b_.tables_, name);
  if (!table) return b_.unknown(name, b_.tables_, "noun.table"), false;
  const Token column_name = line.name("what.column-of-it");
  if (line.failed()) return false;
  const Table& tiers = b_.core_.tables[*table];
  NameMap columns;
  for (std::uint32_t i = 0; i < tiers.columns.size(); ++i) {
    columns.emplace(fold(tiers.columns[i].name), i);
  }
  const auto column = b_.find(columns, column_name);
  if (!column) return b_.unknown(column_name, columns, {"E0302.column-of", {tiers.name}}), false;
  out.table = *table;
  out.column = *column;
  out.clause = made_.clause;
  const auto bounds = b_.bounds_.find(*table);
  out.upto = bounds != b_.bounds_.end();
  if (line.accept_word("graduated")) {
    out.graduated = true;
  } else if (!line.expect_word("reached")) {
    return false;
  }
  if (tiers.band == kNone || tiers.columns[*column].type.kind != Kind::number) {
    b_.error(column_name.span, "E0439.tariff");
    return false;
  }
  if (out.graduated && out.upto && bounds->second == Builder::Bounds::mixed) {
    b_.error(column_name.span, {"E0440.bounds", {tiers.name}});
    return false;
  }
  return true;
}

bool ProofReader::tariff(const Lines& lines) {
  Cursor line = b_.cursor(*lines.claim);
  line.next();
  if (!tariff_meant(line, made_.tariff)) return false;
  const Table& table = b_.core_.tables[made_.tariff.table];
  if (line.accept_word("unchanged")) {
    made_.of = Proof::Of::unchanged;
    if (lines.each != nullptr) return b_.error(lines.each->span, "E1212.needless"), false;
    if (!line.finish()) return false;
  } else {
    made_.of = Proof::Of::falls;
    Context context;
    context.clause = made_.clause;
    Traversal over;
    View view;
    if (lines.each != nullptr) {
      if (!begin(lines, over, context, view)) return false;
      if (view.source.of != Source::Of::table || view.source.index != made_.tariff.table) {
        return b_.error(lines.each->span, {"E1213.tiers", {table.name}}), false;
      }
    }
    if (line.accept_word("beyond")) {
      const ExprPtr expr = line.expression();
      if (expr == nullptr) return false;
      const Typed units = b_.wanted(*expr, context, table.columns[table.band].type, "role.count");
      if (!units.ok()) return false;
      if (lines.each == nullptr) {
        view.source.index = made_.tariff.table;
        view.source.slot = context.take_slot();
        if (table.dated) {
          Type instant;
          instant.kind = Kind::instant;
          view.source.at = b_.make(Op::now, instant, {}).node;
        }
      }
      view.columns = {units.node};
      view.frame = context.frame;
      b_.core_.views.push_back(std::move(view));
      made_.view = static_cast<std::uint32_t>(b_.core_.views.size() - 1);
    }
    if (!line.expect_word("never") || !line.expect_word("falls") || !line.finish()) return false;
  }
  return std::all_of(lines.exceptions.begin(), lines.exceptions.end(),
                     [&](const Clause* one) { return exception(*one, table); });
}

void ProofReader::machine(const Clause& clause) {
  Cursor line = b_.cursor(clause);
  line.next();
  const Token name = line.name("what.machine");
  if (line.failed()) return;
  const auto found = b_.find(b_.machines_, name);
  if (!found) return b_.unknown(name, b_.machines_, "noun.machine");
  if (!line.expect_word("returns") || !line.expect_word("to")) return;
  const Token state = line.name("what.state");
  if (!line.finish()) return;
  const Typed value = b_.name_of_domain(state, b_.core_.machines[*found].domain);
  if (!value.ok()) return;
  made_.of = Proof::Of::returns;
  made_.a = *found;
  made_.state = b_.core_.nodes[value.node].value;
  finish();
}

/// except NAME, .. [at N [to M], ..] because "WHY"
bool ProofReader::exception(const Clause& clause, const Table& table) {
  Cursor line = b_.cursor(clause);
  line.next();
  Proof::Exception made;
  made.clause = b_.clause("except", clause.span, made_.clause);
  if (!key_names(line, table, made)) return false;
  if (line.accept_word("at")) {
    const std::uint32_t column = made_.of == Proof::Of::rows ? made_.ranges : table.band;
    if (column == kNone) return b_.error(clause.span, {"E1214.range", {table.name}}), false;
    if (!ranges(line, table.columns[column].type, made)) return false;
  }
  return reason(line, made);
}

/// NAME, ..: of the columns by which the table is looked up.
bool ProofReader::key_names(Cursor& line, const Table& table, Proof::Exception& out) {
  while (!line.done() && !line.at_word("at") && !line.at_word("from") && !line.at_word("because")) {
    const SourceSpan here = line.here();
    const std::string written = spelled(line);
    bool found = false;
    for (std::uint32_t column = 0; column < table.columns.size() && !found; ++column) {
      const Type& type = table.columns[column].type;
      const bool key = std::find(table.keys.begin(), table.keys.end(), column) != table.keys.end();
      if (!key || type.kind != Kind::name) continue;
      const NameMap& names = b_.domain_names_[type.ref];
      const auto* const name =
          names.find(b_.core_.domains[type.ref].exact ? written : fold(written));
      if (name == nullptr) continue;
      out.names.push_back({column, static_cast<Value>(name->second)});
      found = true;
    }
    if (!found) return b_.error(here, {"E1214.name", {written, table.name}}), false;
    if (!line.accept_symbol(",")) break;
  }
  return true;
}

/// because "WHY"
bool ProofReader::reason(Cursor& line, Proof::Exception& out) {
  if (!line.expect_word("because")) return false;
  const Token because = line.string("what.reason");
  if (!line.finish()) return false;
  out.because = because.raw;
  made_.exceptions.push_back(std::move(out));
  return true;
}

/// N, N to M, N above, ..
bool ProofReader::ranges(Cursor& line, const Type& type, Proof::Exception& out) {
  Type number = type;
  number.optional = false;
  do {
    Proof::Range range;
    for (Value* const end : {&range.from, &range.to}) {
      const ExprPtr expr = line.expression();
      if (expr == nullptr) return false;
      Context context;
      const Typed value = b_.wanted(*expr, context, number, "role.count");
      if (!value.ok()) return false;
      const auto known = b_.constant_value(value.node);
      if (!known) return b_.error(expr->span, "E1214.number"), false;
      *end = *known;
      if (end == &range.to || line.accept_word("to")) continue;
      range.to = line.accept_word("above") ? kEndless : range.from;
      break;
    }
    if (range.to < range.from) return b_.error(line.here(), "E1214.order"), false;
    out.ranges.push_back(range);
  } while (line.accept_symbol(","));
  return true;
}

}  // namespace toll::dsl
