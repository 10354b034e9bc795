#include "dsl/resolve/statements.hpp"

#include <algorithm>

#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

Type type_of(Kind kind, bool optional = false) {
  Type type;
  type.kind = kind;
  type.optional = optional;
  return type;
}

/// What a heading can stand over.
bool can_be_told(const Type& type) {
  return type.kind != Kind::row && type.kind != Kind::list && type.kind != Kind::span;
}

}  // namespace

void StatementReader::read() {
  Cursor head = b_.cursor(clause_);
  head.next();
  const Token name = head.name("what.statement");
  if (!head.finish()) return;
  made_.name = name.raw;
  made_.clause = b_.clause("statement:" + name.raw, clause_.span);
  for (const Clause& item : clause_.body) {
    Cursor line = b_.cursor(item);
    if (line.at_word("source")) continue;
    if (line.at_word("bucket")) {
      bucket(item);
    } else if (line.at_word("metered")) {
      metered(item);
    } else if (line.at_word("draw")) {
      draw(item);
    } else if (line.at_word("bill")) {
      bill(item);
    } else if (line.accept_word("shows")) {
      shows(line);
    } else if (line.accept_word("text")) {
      wording(line);
    } else {
      line.fail("what.statement-part");
    }
  }
  same_units();
  if (!b_.declare(b_.statements_, name, static_cast<std::uint32_t>(b_.core_.statements.size()),
                  "noun.statement")) {
    return;
  }
  std::vector<std::string> entries;
  for (const std::uint32_t kind : made_.shows) {
    entries.push_back("entry:" + b_.core_.entries[kind].name);
  }
  b_.core_.declarations.push_back({"statement", name.raw, made_.clause, std::move(entries)});
  b_.core_.statements.push_back(std::move(made_));
}

/// What is drawn and what it is drawn from are added up, so they have the same decimals.
void StatementReader::same_units() {
  for (const Statement::Draw& draw : made_.draws) {
    for (const Statement::Bucket& bucket : made_.buckets) {
      if (!(draw.unit.dimension == bucket.unit.dimension) || draw.unit.scale == bucket.unit.scale) {
        continue;
      }
      b_.error(
          b_.clause_span(draw.clause),
          {"E0401.mismatch", {Message("role.drawn"), b_.show(bucket.unit), b_.show(draw.unit)}});
      return;
    }
  }
}

bool StatementReader::parts(const Clause& clause, const std::vector<std::string>& words,
                            const char* expected, Parts& out) {
  out.whole = &clause;
  bool fine = true;
  for (const Clause& item : clause.body) {
    Cursor line = b_.cursor(item);
    const auto word = std::find_if(words.begin(), words.end(),
                                   [&](const std::string& one) { return line.at_word(one); });
    if (word == words.end()) {
      line.fail(expected);
      fine = false;
    } else if (!out.lines.emplace(*word, &item).second) {
      b_.error(item.span, {"E0301.given-twice", {item.head[0].raw}});
      fine = false;
    }
  }
  return fine;
}

void StatementReader::lacks(const Clause& clause, const char* line) {
  b_.error(clause.span, {"E1201.lacks", {Message(line)}});
}

// ---- rows of the account

bool StatementReader::begin_view(const Clause& clause, Context& context, View& view) {
  context.clause = made_.clause;
  Cursor head = b_.cursor(clause);
  head.next();
  const Traversal over = head.traversal();
  if (head.failed() || !head.finish() || !b_.source(over, context, view.source)) return false;
  const bool kept =
      view.source.of == Source::Of::table ||
      (view.source.of == Source::Of::family && !b_.core_.families[view.source.index].event_scope);
  if (!kept) {
    b_.error(over.source->span, "E1202.rows");
  }
  return kept;
}

std::uint32_t StatementReader::column(View& view, const Typed& value) {
  if (!value.ok()) return kNone;
  view.columns.push_back(value.node);
  return static_cast<std::uint32_t>(view.columns.size() - 1);
}

std::uint32_t StatementReader::value(const Parts& parts, const char* word, const Type& type,
                                     Context& context, View& view) {
  const auto found = parts.lines.find(word);
  if (found == parts.lines.end()) return kNone;
  Cursor line = b_.cursor(*found->second);
  line.next();
  const ExprPtr expr = line.expression();
  if (expr == nullptr || !line.finish()) return kNone;
  return column(view, b_.wanted(*expr, context, type, "role.value"));
}

/// A line that is a number of some unit.
Typed StatementReader::number(const Parts& parts, const char* word, const char* missing,
                              Context& context) {
  const auto found = parts.lines.find(word);
  if (found == parts.lines.end()) {
    lacks(*parts.whole, missing);
    return {};
  }
  Cursor line = b_.cursor(*found->second);
  line.next();
  const ExprPtr expr = line.expression();
  if (expr == nullptr || !line.finish()) return {};
  Typed value = b_.expression(*expr, context);
  if (value.ok() && (value.type.kind != Kind::number || value.type.optional)) {
    b_.error(expr->span, {"E0401.mismatch",
                          {Message("role.value"), Message("type.number"), b_.show(value.type)}});
    return {};
  }
  return value;
}

bool StatementReader::labels(const Parts& parts, Context& context, View& view,
                             std::vector<Statement::Label>& out) {
  const auto found = parts.lines.find("by");
  if (found == parts.lines.end()) return true;
  Cursor line = b_.cursor(*found->second);
  line.next();
  do {
    const ExprPtr expr = line.expression();
    if (expr == nullptr) return false;
    Statement::Label label;
    if (line.accept_word("as")) {
      label.name = line.name("what.label-name").raw;
      if (line.failed()) return false;
    } else if (expr->kind == Expr::Kind::member || expr->kind == Expr::Kind::name) {
      label.name = expr->token.raw;
    } else {
      b_.error(expr->span, "E1203.heading");
      return false;
    }
    const Typed value = b_.expression(*expr, context);
    if (!value.ok()) return false;
    if (!can_be_told(value.type)) {
      b_.error(expr->span, {"E1204.told", {b_.show(value.type)}});
      return false;
    }
    label.column = column(view, value);
    label.type = value.type;
    out.push_back(std::move(label));
  } while (line.accept_symbol(","));
  return line.finish();
}

std::uint32_t StatementReader::add_view(View view) {
  b_.core_.views.push_back(std::move(view));
  return static_cast<std::uint32_t>(b_.core_.views.size() - 1);
}

void StatementReader::bucket(const Clause& clause) {
  Statement::Bucket bucket;
  bucket.clause = b_.clause("bucket", clause.span, made_.clause);
  Context context;
  View view;
  Parts lines;
  if (!begin_view(clause, context, view)) return;
  if (!parts(clause, {"id", "by", "count", "rest", "returned", "from", "until", "quiet"},
             "what.bucket-line", lines)) {
    return;
  }
  if (lines.lines.count("id") == 0) return lacks(clause, "what.id-line");
  bucket.id = value(lines, "id", type_of(Kind::text), context, view);
  if (!labels(lines, context, view, bucket.labels)) return;
  const Typed rest = number(lines, "rest", "what.rest-line", context);
  if (!rest.ok()) return;
  bucket.unit = rest.type;
  bucket.rest = column(view, rest);
  if (lines.lines.count("count") == 0) return lacks(clause, "what.count-line");
  bucket.count = value(lines, "count", bucket.unit, context, view);
  bucket.returned = value(lines, "returned", bucket.unit, context, view);
  dates(lines, context, view, bucket);
  const auto quiet = lines.lines.find("quiet");
  if (quiet != lines.lines.end()) {
    Cursor line = b_.cursor(*quiet->second);
    line.next();
    if (!line.expect_word("when")) return;
    const ExprPtr expr = line.expression();
    if (expr == nullptr || !line.finish()) return;
    bucket.quiet = column(view, b_.guard(*expr, context));
  }
  view.frame = context.frame;
  bucket.view = add_view(std::move(view));
  made_.buckets.push_back(std::move(bucket));
}

/// from INSTANT [until INSTANT], until INSTANT
void StatementReader::dates(const Parts& parts, Context& context, View& view,
                            Statement::Bucket& bucket) {
  for (const char* const word : {"from", "until"}) {
    const auto found = parts.lines.find(word);
    if (found == parts.lines.end()) continue;
    Cursor line = b_.cursor(*found->second);
    std::string at = word;
    line.next();
    while (true) {
      const ExprPtr expr = line.expression();
      if (expr == nullptr) return;
      std::uint32_t& place = at == "from" ? bucket.from : bucket.until;
      if (place != kNone) {
        b_.error(expr->span, {"E0301.given-twice", {at}});
        return;
      }
      place = column(view, b_.wanted(*expr, context, type_of(Kind::instant, true), "role.value"));
      if (at == "until" || !line.accept_word("until")) break;
      at = "until";
    }
    line.finish();
  }
}

void StatementReader::metered(const Clause& clause) {
  Statement::Metered metered;
  metered.clause = b_.clause("metered", clause.span, made_.clause);
  Context context;
  View view;
  Parts lines;
  if (!begin_view(clause, context, view)) return;
  if (!parts(clause, {"by", "month", "count", "tariff", "price"}, "what.metered-line", lines)) {
    return;
  }
  if (!labels(lines, context, view, metered.labels)) return;
  metered.month = value(lines, "month", type_of(Kind::month), context, view);
  const Typed count = number(lines, "count", "what.count-line", context);
  if (!count.ok()) return;
  metered.unit = count.type;
  metered.count = column(view, count);
  const auto tiers = lines.lines.find("tariff");
  if (tiers != lines.lines.end()) tariff(*tiers->second, context, view, metered);
  const auto price = lines.lines.find("price");
  if (price != lines.lines.end()) {
    Cursor line = b_.cursor(*price->second);
    line.next();
    const ExprPtr expr = line.expression();
    if (expr == nullptr || !line.finish()) return;
    const Typed own = b_.expression(*expr, context);
    if (!own.ok()) return;
    if (own.type.kind != Kind::number) {
      b_.error(expr->span, {"E0401.mismatch",
                            {Message("role.value"), Message("type.decimal"), b_.show(own.type)}});
      return;
    }
    metered.price_type = own.type;
    metered.price = column(view, own);
  }
  view.frame = context.frame;
  metered.view = add_view(std::move(view));
  made_.metered.push_back(std::move(metered));
}

/// tariff NAME [by KEY, ..] [where CONDITION]: without keys, the labels are the keys.
void StatementReader::tariff(const Clause& item, Context& context, View& view,
                             Statement::Metered& metered) {
  Cursor line = b_.cursor(item);
  line.next();
  const Token name = line.name("what.tariff");
  if (line.failed()) return;
  const auto found = b_.find(b_.tariffs_, name);
  if (!found) return b_.unknown(name, b_.tariffs_, "noun.tariff");
  b_.tariff_used_[*found] = true;
  const Tariff chosen = b_.core_.tariffs[*found];
  const Table& table = b_.core_.tables[chosen.table];
  std::vector<NodeId> keys;
  if (!tariff_keys(line, table, context, view, metered, keys)) return;
  NodeId guard = kNoNode;
  if (line.accept_word("where")) {
    const ExprPtr expr = line.expression();
    if (expr == nullptr) return;
    guard = b_.guard(*expr, context).node;
    if (guard == kNoNode) return;
  }
  if (!line.finish()) return;
  const Type band = table.columns[table.band].type;
  const Typed count =
      b_.convert({view.columns[metered.count], metered.unit}, band, line.here(), "role.count");
  if (!count.ok()) return;
  NodeId at = kNoNode;
  if (table.dated) at = b_.make(Op::now, type_of(Kind::instant), {}).node;
  Type row = type_of(Kind::row, true);
  row.of = Of::table;
  row.ref = chosen.table;
  const auto tier = [&](NodeId total) {
    std::vector<NodeId> args = keys;
    args.push_back(total);
    if (at != kNoNode) args.push_back(at);
    return b_.make(Op::lookup, row, std::move(args), chosen.table);
  };
  const auto of_tier = [&](NodeId total, std::uint32_t of) {
    Type type = b_.core_.tables[chosen.table].columns[of].type;
    type.optional = true;
    Typed cell = b_.make(Op::row_field, type, {tier(total).node}, of, 0);
    if (guard == kNoNode) return cell;
    Node choice;
    choice.op = Op::cases;
    choice.type = type;
    choice.args = {guard, cell.node};
    choice.case_clauses = {made_.clause};
    cell.node = b_.add_node(std::move(choice));
    return cell;
  };
  metered.tariff = *found;
  const Typed price = of_tier(count.node, chosen.column);
  metered.price_type = price.type;
  metered.price = column(view, price);
  metered.tier = column(view, of_tier(count.node, table.band));
  const Typed upto = of_tier(count.node, table.band_end);
  metered.upto = column(view, upto);
  metered.next = column(view, of_tier(upto.node, chosen.column));
}

bool StatementReader::tariff_keys(Cursor& line, const Table& table, Context& context,
                                  const View& view, const Statement::Metered& metered,
                                  std::vector<NodeId>& keys) {
  std::vector<Typed> given;
  const SourceSpan here = line.here();
  if (line.accept_word("by")) {
    do {
      const ExprPtr expr = line.expression();
      if (expr == nullptr) return false;
      const std::size_t i = given.size();
      const Type* expected = i < table.keys.size() ? &table.columns[table.keys[i]].type : nullptr;
      const Typed value = b_.expression(*expr, context, expected);
      if (!value.ok()) return false;
      given.push_back(value);
    } while (line.accept_symbol(","));
  } else {
    for (std::size_t i = 0; i < metered.labels.size() && i < table.keys.size(); ++i) {
      given.push_back({view.columns[metered.labels[i].column], metered.labels[i].type});
    }
  }
  if (given.size() != table.keys.size()) {
    b_.error(here, {"E0429.keys", {table.name, table.keys.size(), given.size()}});
    return false;
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    Type type = table.columns[table.keys[i]].type;
    type.optional = true;
    const Typed key = b_.convert(given[i], type, here, "role.key");
    if (!key.ok()) return false;
    keys.push_back(key.node);
  }
  return true;
}

}  // namespace toll::dsl
