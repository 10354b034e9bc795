// Declarations of names and shapes: units, domains, settings, account state, entries.

#include <algorithm>

#include "dsl/read/expr.hpp"
#include "dsl/resolve/builder.hpp"
#include "dsl/resolve/literals.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void Builder::policy_statement(Cursor& head) {
  head.next();
  const Token name = head.name("what.policy");
  if (head.finish()) core_.name = name.raw;
}

void Builder::zone_statement(Cursor& head, SourceSpan span) {
  head.next();
  const Token name = head.string("what.zone");
  if (!head.finish()) return;
  core_.zone_name = name.raw;
  core_.zone = load_zone(name.raw);
  if (core_.zone.empty()) {
    error(span, {"E0304.no-zone", {name.raw}});
    core_.zone = {{INT64_MIN, 0}};
  }
  calendar_ = std::make_unique<const Calendar>(core_.zone);
}

/// unit NAME, NAME
void Builder::unit_statement(Cursor& head) {
  head.next();
  do {
    const Token name = head.name("what.unit");
    if (head.failed()) return;
    if (!can_be_unit(name))
      error(name.span, {"E0312.word", {name.raw}}, {"E0312.word.help", {name.raw}});
    if (!declare(units_, name, static_cast<std::uint32_t>(core_.units.size()), "noun.unit"))
      continue;
    core_.units.push_back({name.raw, false, ""});
  } while (head.accept_symbol(","));
  head.finish();
  if (core_.units.size() > 250) error(head.here(), "E0305.units");
}

/// currency CODE NAME
void Builder::currency_statement(Cursor& head) {
  head.next();
  const Token code = head.name("what.currency-code");
  Token name = code;
  if (!head.done() && !head.failed()) name = head.name("what.currency");
  if (!head.finish()) return;
  if (!declare(units_, name, static_cast<std::uint32_t>(core_.units.size()), "noun.unit")) return;
  core_.units.push_back({name.raw, true, code.raw});
}

/// domain NAME [exact] [includes DOMAIN] { NAME [= "wire"] [aka NAME, NAME] .. }
void Builder::domain_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.domain");
  if (head.failed()) return;
  Domain domain;
  domain.name = name.raw;
  NameMap names;
  while (!head.done() && !head.failed()) {
    if (head.accept_word("exact")) {
      domain.exact = true;
    } else if (head.accept_word("includes")) {
      const Token other = head.name("what.domain");
      const auto found = find(domains_, other);
      if (head.failed()) return;
      if (!found) return unknown(other, domains_, "noun.domain");
      domain.includes.push_back(*found);
    } else {
      head.fail("what.domain-option");
    }
  }
  const auto index = static_cast<std::uint32_t>(core_.domains.size());
  if (head.failed() || !declare(domains_, name, index, "noun.domain")) return;
  domain.clause = this->clause("domain:" + name.raw, clause.span);
  core_.declarations.push_back({"domain", name.raw, domain.clause, {"domain:" + name.raw}});
  core_.domains.push_back(std::move(domain));
  domain_names_.emplace_back();
  // Names of included domains come with the tables that list them; see finish in build.cpp.
  for (const Clause& item : clause.body) domain_name(core_.domains[index], item);
}

void Builder::domain_name(Domain& domain, const Clause& clause) {
  const auto index = static_cast<std::size_t>(&domain - core_.domains.data());
  NameMap& spellings = domain_names_[index];
  Cursor head = cursor(clause);
  const auto spelled = [&](Token& out) {
    std::vector<Token> parts;
    const std::size_t first = head.position();
    while (!head.done() && !head.at_symbol(",") && !head.at_symbol("=") && !head.at_word("aka")) {
      head.next();
    }
    out = first < clause.head.size() ? clause.head[first] : Token{};
    out.raw = cell_text(clause.head, first, head.position());
  };
  if (head.at_word("source")) return;
  do {
    Token token;
    spelled(token);
    if (token.raw.empty()) return head.fail("what.name");
    Domain::Name name;
    name.shown = name.wire = token.raw;
    name.wire = wire(head, name.shown);
    const auto at = static_cast<std::uint32_t>(domain.names.size());
    const std::string folded = domain.exact ? token.raw : fold(token.raw);
    const auto [known, fresh] = spellings.emplace(folded, at);
    const std::uint32_t target = known->second;
    if (fresh) {
      name.clause = this->clause("name:" + token.raw, token.span, domain.clause);
      domain.names.push_back(name);
      if (name.wire != name.shown) {
        spellings.emplace(domain.exact ? name.wire : fold(name.wire), at);
      }
    }
    bool more_spellings = head.accept_word("aka");
    if (!fresh && !more_spellings) {
      error(token.span, {"E0306.one-name", {token.raw, domain.names[target].shown}});
    }
    while (more_spellings) {
      Token other;
      spelled(other);
      if (other.raw.empty()) return head.fail("what.spelling");
      const std::string other_folded = domain.exact ? other.raw : fold(other.raw);
      if (spellings.emplace(other_folded, target).first->second != target) {
        error(other.span, {"E0306.own-name", {other.raw}});
      }
      domain.names[target].aka.push_back(other.raw);
      more_spellings = head.at_symbol(",") && head.accept_symbol(",");
    }
  } while (!head.done() && head.accept_symbol(","));
  head.finish();
}

/// setting NAME = VALUE [{ from DATE = VALUE .. }]
void Builder::setting_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.setting");
  if (head.failed() || !head.expect_symbol("=")) return;
  const auto read_value = [&](Cursor& line) -> Typed {
    const ExprPtr expr = line.expression();
    if (expr == nullptr || !line.finish()) return {};
    Context context;
    const Typed value = expression(*expr, context);
    if (value.ok() && !constant_value(value.node)) {
      error(expr->span, "E0307.one-value");
      return {};
    }
    return value;
  };
  const Typed value = read_value(head);
  const auto index = static_cast<std::uint32_t>(setting_values_.size());
  if (!declare(settings_, name, index, "noun.setting")) return;
  const ClauseId id = this->clause("setting:" + name.raw, clause.span);
  setting_values_.push_back({value, kNone, id, false});
  core_.declarations.push_back({"setting", name.raw, id, {}});
  if (!value.ok() || clause.body.empty()) return;
  Table table;
  table.name = name.raw;
  table.dated = true;
  table.clause = id;
  table.columns.push_back({"value", value.type});
  table.rows.push_back({{*constant_value(value.node)}, kAbsent, kAbsent, id});
  for (const Clause& item : clause.body) {
    Cursor line = cursor(item);
    if (line.at_word("source")) continue;
    if (!line.expect_word("from")) continue;
    const Token from = line.next();
    if (from.kind != TokenKind::date && from.kind != TokenKind::time) {
      line.fail("what.date");
      continue;
    }
    if (!line.expect_symbol("=")) continue;
    const Typed later = convert(read_value(line), value.type, item.span, "role.later-value");
    if (!later.ok()) continue;
    const Value since =
        local_instant(from.raw + (from.kind == TokenKind::date ? "T00:00:00" : ""), *calendar_);
    if (table.rows.back().since != kAbsent && since <= table.rows.back().since) {
      error(item.span, "E0308.order");
      continue;
    }
    table.rows.back().until = since;
    table.rows.push_back({{*constant_value(later.node)},
                          since,
                          kAbsent,
                          this->clause("from:" + from.raw, item.span, id)});
  }
  setting_values_[index].table = static_cast<std::uint32_t>(core_.tables.size());
  part(id, "table:" + name.raw);
  core_.tables.push_back(std::move(table));
}

namespace {

/// A type that can hold the initial value written for it.
Value initial_of(const Type& type) {
  if (type.optional) return kAbsent;
  switch (type.kind) {
    case Kind::boolean:
    case Kind::number:
    case Kind::span:
    case Kind::set:
      return 0;
    default:
      return kAbsent;
  }
}

}  // namespace

/// account { NAME: TYPE [= VALUE] .. }
void Builder::account_declaration(const Clause& clause) {
  for (const Clause& item : clause.body) {
    Cursor line = cursor(item);
    if (line.at_word("source") && !line.at_symbol(":", 1)) continue;
    const Token name = line.name("what.account-value");
    if (line.failed() || !line.expect_symbol(":")) continue;
    const auto type = read_type(line);
    if (!type) continue;
    Register made;
    made.name = name.raw;
    made.type = *type;
    made.initial = initial_of(*type);
    if (line.accept_symbol("=")) {
      const ExprPtr expr = line.expression();
      if (expr == nullptr) continue;
      Context context;
      const Typed value = wanted(*expr, context, *type, "role.first-value");
      const auto known = constant_value(value.node);
      if (!known) continue;
      made.initial = *known;
    } else if (made.initial == kAbsent && !type->optional) {
      error(name.span, {"E0309.first-value", {name.raw}});
      continue;
    }
    if (!line.finish()) continue;
    made.clause = this->clause("account:" + name.raw, item.span);
    const auto index = static_cast<std::uint32_t>(core_.registers.size());
    if (declare(registers_, name, index, "noun.account-value")) {
      core_.declarations.push_back({"account", name.raw, made.clause, {"register:" + name.raw}});
      core_.registers.push_back(std::move(made));
    }
  }
}

/// counter NAME by KEY: TYPE, .. [tracked] { FIELD: TYPE [= VALUE] .. }
/// list NAME [index FIELD] [order x by KEY, ..] { FIELD: TYPE [= VALUE] .. }      scratch before
/// either: for one event
void Builder::family_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  Family family;
  family.event_scope = head.accept_word("scratch");
  family.keyed = head.accept_word("counter");
  if (!family.keyed && !head.expect_word("list")) return;
  const Token name = head.name("what.name");
  family.name = name.raw;
  Token index_name;
  Order order;
  while (!head.done() && !head.failed()) {
    if (family.keyed && head.accept_word("by")) {
      do {
        const Token key = head.name("what.key");
        if (head.failed() || !head.expect_symbol(":")) return;
        const auto type = read_type(head);
        if (!type) return;
        parts_[{Owner::family, static_cast<std::uint32_t>(core_.families.size()),
                family.key_count}] = key.span;
        family.fields.push_back({key.raw, *type, kAbsent});
        ++family.key_count;
      } while (head.accept_symbol(","));
    } else if (family.keyed && head.accept_word("tracked")) {
      family.tracked = true;
    } else if (!family.keyed && head.accept_word("index")) {
      index_name = head.name("what.field");
    } else if (!family.keyed && head.accept_word("order")) {
      order.row = head.name("what.row-name");
      if (!head.expect_word("by")) return;
      while (!head.done() && !head.at_word("index")) order.keys.push_back(head.next());
    } else {
      head.fail(family.keyed ? "what.counter-option" : "what.list-option");
    }
  }
  if (head.failed()) return;
  for (const Clause& item : clause.body) {
    Cursor line = cursor(item);
    const Token field = line.name("what.field");
    if (line.failed() || !line.expect_symbol(":")) continue;
    const auto type = read_type(line);
    if (!type) continue;
    Value initial = family.keyed || type->optional ? initial_of(*type) : kAbsent;
    if (line.accept_symbol("=")) {
      const ExprPtr expr = line.expression();
      if (expr == nullptr) continue;
      Context context;
      const auto known = constant_value(wanted(*expr, context, *type, "role.first-value").node);
      if (!known) continue;
      initial = *known;
    } else if (family.keyed && initial == kAbsent && !type->optional) {
      error(field.span, {"E0309.first-value", {field.raw}});
      continue;
    }
    if (!line.finish()) continue;
    for (const auto& other : family.fields) {
      if (fold(other.name) == fold(field.raw)) {
        error(field.span, {"E0301.twice", {Message("noun.field"), field.raw}});
      }
    }
    parts_[{Owner::family, static_cast<std::uint32_t>(core_.families.size()),
            static_cast<std::uint32_t>(family.fields.size())}] = field.span;
    family.fields.push_back({field.raw, *type, initial});
  }
  if (!index_name.raw.empty()) {
    for (std::uint32_t i = 0; i < family.fields.size(); ++i) {
      if (fold(family.fields[i].name) == fold(index_name.raw)) family.index = i;
    }
    if (family.index == kNone) {
      error(index_name.span, {"E0302.unknown", {Message("noun.field"), index_name.raw}});
      return;
    }
  }
  family.clause = this->clause("family:" + name.raw, clause.span);
  if (!declare(families_, name, static_cast<std::uint32_t>(core_.families.size()), "noun.list"))
    return;
  core_.declarations.push_back(
      {family.keyed ? "counter" : "list", name.raw, family.clause, {"family:" + name.raw}});
  if (!order.keys.empty()) {
    orders_.emplace(static_cast<std::uint32_t>(core_.families.size()), std::move(order));
  }
  core_.families.push_back(std::move(family));
}

/// NAME [= "wire"]: TYPE [or null]   |   rows NAME [= "wire"] { columns }
void Builder::entry_member(EntryKind::Member& member, const Clause& clause) {
  Cursor line = cursor(clause);
  member.rows = line.at_word("rows") && !line.at_symbol(":", 1) && !line.at_symbol("=", 1);
  if (member.rows) line.next();
  const Token name = line.name("what.member");
  member.name = name.raw;
  member.wire = wire(line, name.raw);
  if (member.rows) {
    for (const Clause& item : clause.body) {
      EntryKind::Member column;
      entry_member(column, item);
      member.columns.push_back(std::move(column));
    }
    line.finish();
    return;
  }
  if (line.failed() || !line.expect_symbol(":")) return;
  const auto type = read_type(line);
  if (!type) return;
  member.type = *type;
  member.null_if_absent = type->optional;  // `TYPE?` is written as null when it is absent
  line.finish();
}

/// entry NAME [= "wire"] { members }
void Builder::entry_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.entry");
  EntryKind kind;
  kind.name = name.raw;
  kind.wire = wire(head, name.raw);
  if (!head.finish()) return;
  for (const Clause& item : clause.body) {
    EntryKind::Member member;
    entry_member(member, item);
    parts_[{Owner::entry, static_cast<std::uint32_t>(core_.entries.size()),
            static_cast<std::uint32_t>(kind.members.size())}] = item.span;
    kind.members.push_back(std::move(member));
  }
  kind.clause = this->clause("entry:" + name.raw, clause.span);
  if (!declare(entries_, name, static_cast<std::uint32_t>(core_.entries.size()), "noun.entry"))
    return;
  core_.declarations.push_back({"entry", name.raw, kind.clause, {"entry:" + name.raw}});
  core_.entries.push_back(std::move(kind));
}

}  // namespace toll::dsl
