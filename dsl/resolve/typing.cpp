// Expressions get types: literals, names, members, cases.

#include <algorithm>

#include "dsl/resolve/builder.hpp"
#include "dsl/resolve/literals.hpp"
#include "dsl/syntax/folded.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

/// The part that is called so: a column, a field. What is left out has no part in it.
template <typename Parts, typename Has>
std::optional<std::uint32_t> part_called(const Parts& parts, const Token& token, const Has& has) {
  const auto called = [&](const std::string& written) -> std::optional<std::uint32_t> {
    const Folded name(written);
    for (std::uint32_t i = 0; i < parts.size(); ++i) {
      if (has(parts[i]) && Folded(parts[i].name).text() == name.text()) return i;
    }
    return std::nullopt;
  };
  const auto found = called(token.raw);
  const bool other = token.kind == TokenKind::word && token.word != token.raw;
  return found || !other ? found : called(token.word);
}

/// Their names, to say which there are.
template <typename Parts, typename Has>
NameMap names_of(const Parts& parts, const Has& has) {
  NameMap names;
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    if (has(parts[i])) names.emplace(fold(parts[i].name), i);
  }
  return names;
}

constexpr auto kAny = [](const auto& /*part*/) { return true; };

}  // namespace

Typed Builder::expression(const Expr& expr, Context& context, const Type* expected) {
  Typed value = expression_(expr, context, expected);
  if (value.ok() && core_.nodes[value.node].op == Op::cell && core_.nodes[value.node].b == kNone) {
    error(expr.span, {"E0436.member", {expr.args[0]->token.raw}});
    return {};
  }
  if (value.ok() && value.type.optional && !context.present.empty() &&
      context.present.count(key(value.node)) != 0) {
    value.type.optional = false;
    core_.nodes[value.node].type.optional = false;
  }
  if (value.ok()) note_span(value.node, expr);
  return value;
}

Typed Builder::expression_(const Expr& expr, Context& context, const Type* expected) {
  switch (expr.kind) {
    case Expr::Kind::number:
    case Expr::Kind::percent:
    case Expr::Kind::text:
    case Expr::Kind::date:
    case Expr::Kind::time:
    case Expr::Kind::constant:
      return literal(expr, expected);
    case Expr::Kind::name:
      return name(expr, context, expected);
    case Expr::Kind::now:
    case Expr::Kind::clock: {
      Type type;
      type.kind = Kind::instant;
      return make(expr.kind == Expr::Kind::now ? Op::now : Op::clock, type, {});
    }
    case Expr::Kind::event:
      error(expr.span, "E0403.event");
      return {};
    case Expr::Kind::member:
      return member(expr, context);
    case Expr::Kind::index:
      return index(expr, context);
    case Expr::Kind::call:
      return call(expr, context, expected);
    case Expr::Kind::unary:
      return unary(expr, context);
    case Expr::Kind::binary:
      return binary(expr, context);
    case Expr::Kind::cases:
      return cases(expr, context, expected);
    case Expr::Kind::aggregate:
      return aggregate(expr, context);
    case Expr::Kind::tuple:
      error(expr.span, "E0404.tuple");
      return {};
  }
  return {};
}

Typed Builder::literal(const Expr& expr, const Type* expected) {
  Type type;
  switch (expr.kind) {
    case Expr::Kind::constant:
      if (expr.token.word == "none") {
        if (expected == nullptr) {
          error(expr.span, "E0405.none");
          return {};
        }
        type = *expected;
        type.optional = true;
        return constant(type, kAbsent);
      }
      return constant(type, expr.token.word == "true" ? 1 : 0);
    case Expr::Kind::text:
      if (expected != nullptr && expected->kind == Kind::name) {
        return name_of_domain(expr.token, expected->ref);
      }
      return text_constant(expr.token.raw);
    case Expr::Kind::date:
      type.kind = Kind::date;
      return constant(type, date_value(expr.token.raw));
    case Expr::Kind::time:
      type.kind = Kind::instant;
      return constant(type, local_instant(expr.token.raw, *calendar_));
    case Expr::Kind::percent:
    case Expr::Kind::number:
      break;
    default:
      return {};
  }
  type.kind = Kind::number;
  // `unit minute` makes `5 minute` a count; `5 minutes` goes on being a length of time.
  const bool counted = expr.unit.size() == 1 && unit_index(expr.unit[0]);
  if (expr.unit.size() == 1 && is_time_word(expr.unit[0]) && !counted) {
    if (const Value nanoseconds = exact_span(expr.unit[0].word); nanoseconds != 0) {
      type.kind = Kind::span;
      const auto amount = decimal_value(expr.token.raw, 0);
      if (!amount) {
        error(expr.span, "E0406.span");
        return {};
      }
      return constant(type, *amount * nanoseconds);
    }
  }
  const auto dimension = read_dimension(expr.unit);
  if (!dimension) return {};
  type.dimension = *dimension;
  bool currency = false;
  for (const auto& power : type.dimension.powers) {
    currency = currency || (power.unit != 0 && core_.units[power.unit].currency);
  }
  const bool percent = expr.kind == Expr::Kind::percent;
  const bool whole = expr.token.raw.find('.') == std::string::npos;
  type.scale = percent || currency || !whole ? kMoneyScale : 0;
  auto value = decimal_value(expr.token.raw, percent ? kMoneyScale - 2 : type.scale);
  if (!value) {
    error(expr.span, "E0407.number");
    return {};
  }
  if (!expr.unit.empty() && is_time_word(expr.unit[0]) && expr.unit[0].word.starts_with("year")) {
    *value *= 12;  // a year is twelve months, for every calendar purpose
  }
  return constant(type, *value);
}

Typed Builder::name_of_domain(const Token& token, std::uint32_t domain) {
  const NameMap& names = domain_names_[domain];
  const Folded folded(token.raw);
  const auto* const found =
      names.find(core_.domains[domain].exact ? std::string_view(token.raw) : folded.text());
  if (found == nullptr) {
    unknown(token, names, {"E0302.name-of", {core_.domains[domain].name}});
    return {};
  }
  Type type;
  type.kind = Kind::name;
  type.ref = domain;
  return constant(type, found->second);
}

Typed Builder::name(const Expr& expr, Context& context, const Type* expected) {
  const Token& token = expr.token;
  const std::string folded = fold(token.raw);
  for (auto local = context.locals.rbegin(); local != context.locals.rend(); ++local) {
    if (local->name == folded || local->name == token.word) {
      if (local->poisoned) return {};
      return make(Op::local, local->type, {}, local->slot);
    }
  }
  if (expected != nullptr && expected->kind == Kind::name) {
    const NameMap& names = domain_names_[expected->ref];
    const auto* const found = names.find(core_.domains[expected->ref].exact ? token.raw : folded);
    if (found != nullptr) return name_of_domain(token, expected->ref);
  }
  if (const auto found = find(registers_, token)) {
    return declared_at(make(Op::reg, core_.registers[*found].type, {}, *found), registers_,
                       core_.registers[*found].name);
  }
  if (const auto found = find(machines_, token)) {
    Type type;
    type.kind = Kind::name;
    type.ref = core_.machines[*found].domain;
    return make(Op::state, type, {}, *found);
  }
  if (const auto found = find(settings_, token)) {
    Setting& setting = setting_values_[*found];
    setting.used = true;
    if (setting.table == kNone) {
      if (!setting.value.ok()) return {};
      return declared_at(constant(setting.value.type, *constant_value(setting.value.node)),
                         settings_, token.raw);
    }
    Type row;
    row.kind = Kind::row;
    row.of = Of::table;
    row.ref = setting.table;
    Type instant;
    instant.kind = Kind::instant;
    Typed at = make(Op::now, instant, {});
    Typed found_row = make(Op::lookup, row, {at.node}, setting.table);
    return declared_at(
        make(Op::row_field, core_.tables[setting.table].columns[0].type, {found_row.node}, 0),
        settings_, token.raw);
  }
  if (const auto found = find(definitions_, token)) return call_definition(expr, *found, context);
  if (expected != nullptr && expected->kind == Kind::name) {
    return name_of_domain(token, expected->ref);
  }
  NameMap all = registers_;
  for (const auto* more : {&machines_, &settings_, &definitions_}) {
    all.insert(*more);
  }
  for (const auto& local : context.locals) all.emplace(local.name, 0);
  unknown(token, all, "noun.value");
  return {};
}

Typed Builder::event_member(const Expr& expr, Context& context) {
  if (context.event == kNone) {
    error(expr.span, "E0408.no-event");
    return {};
  }
  // event.a or event.a.b: fields of records are fields of the event with a parent.
  std::vector<const Token*> path;
  for (const Expr* at = &expr; at->kind == Expr::Kind::member; at = at->args[0].get()) {
    path.insert(path.begin(), &at->token);
  }
  const EventType& event = core_.events[context.event];
  std::uint32_t parent = kNone;
  std::uint32_t field = kNone;
  for (const Token* token : path) {
    const auto inside = [&](const Field& one) { return one.parent == parent; };
    const auto found = part_called(event.fields, *token, inside);
    if (!found) {
      unknown(*token, names_of(event.fields, inside), {"E0302.field-of", {event.name}});
      return {};
    }
    parent = field = *found;
  }
  const Field& chosen = event.fields[field];
  Type type = chosen.type.type;
  type.optional = !chosen.required && chosen.initial == kAbsent;
  if (chosen.type.read == FieldType::Read::set || chosen.type.read == FieldType::Read::list ||
      chosen.type.read == FieldType::Read::counts) {
    type.optional = !chosen.required;
  }
  if (chosen.parent != kNone && !event.fields[chosen.parent].required) {
    // A member of a record that is absent is absent, whatever its default.
    type.optional = true;
    Type record;
    record.optional = true;
    Typed owner = make(Op::field, record, {}, chosen.parent);
    if (context.present.count(key(owner.node)) != 0) {
      type.optional = !chosen.required && chosen.initial == kAbsent;
    }
  }
  return declared_at(make(Op::field, type, {}, field), Owner::event, context.event, field);
}

Typed Builder::member(const Expr& expr, Context& context) {
  const Expr* root = &expr;
  while (root->kind == Expr::Kind::member) root = root->args[0].get();
  if (root->kind == Expr::Kind::event) return event_member(expr, context);
  const bool indexed = expr.args[0]->kind == Expr::Kind::index;
  Typed row = indexed ? index(*expr.args[0], context) : expression(*expr.args[0], context);
  if (!row.ok()) return {};
  if (indexed && context.present.count(key(row.node)) != 0) row.type.optional = false;
  if (row.type.kind == Kind::list || row.type.kind != Kind::row) {
    error(expr.token.span, {"E0409.no-members", {show(row.type)}});
    return {};
  }
  const auto with_parts = [&](const auto& use) {
    if (row.type.of == Of::list) return use(core_.lists[row.type.ref].columns);
    if (row.type.of == Of::table) return use(core_.tables[row.type.ref].columns);
    return use(core_.families[row.type.ref].fields);
  };
  const auto found =
      with_parts([&](const auto& parts) { return part_called(parts, expr.token, kAny); });
  if (!found) {
    const NameMap names = with_parts([](const auto& parts) { return names_of(parts, kAny); });
    Message what = {"E0302.member-of", {show(row.type)}};
    if (row.type.of == Of::table) what = {"E0302.column-of", {core_.tables[row.type.ref].name}};
    if (row.type.of == Of::family) what = {"E0302.field-of", {core_.families[row.type.ref].name}};
    unknown(expr.token, names, std::move(what));
    return {};
  }
  Type type;
  if (row.type.of == Of::table) {
    type = core_.tables[row.type.ref].columns[*found].type;
  } else if (row.type.of == Of::list) {
    const Field& column = core_.lists[row.type.ref].columns[*found];
    type = column.type.type;
    type.optional = !column.required && column.initial == kAbsent;
  } else {
    type = core_.families[row.type.ref].fields[*found].type;
  }
  if (core_.nodes[row.node].op == Op::cell) {
    return declared_at(make(Op::cell, type, core_.nodes[row.node].args, row.type.ref, *found),
                       Owner::family, row.type.ref, *found);
  }
  type.optional = type.optional || row.type.optional;
  const Typed value = make(Op::row_field, type, {row.node}, *found,
                           row.type.of == Of::list     ? 2
                           : row.type.of == Of::family ? 1
                                                       : 0);
  if (row.type.of == Of::list) return value;
  const Owner owner = row.type.of == Of::family ? Owner::family : Owner::table;
  return declared_at(value, owner, row.type.ref, *found);
}

Typed Builder::cases(const Expr& expr, Context& context, const Type* expected) {
  Node node;
  node.op = Op::cases;
  Type type;
  bool typed = false;
  bool ok = true;
  const std::set<std::string> before = context.present;
  std::vector<Typed> values;
  std::vector<NodeId> guards;
  for (std::size_t i = 0; i + 1 < expr.args.size(); i += 2) {
    NodeId guard_node = kNoNode;
    if (expr.args[i] != nullptr) {
      const Typed condition = guard(*expr.args[i], context);
      ok = ok && condition.ok();
      guard_node = condition.node;
    }
    const std::set<std::string> known = context.present;
    if (guard_node != kNoNode) facts(guard_node, true, context.present);
    Typed value = expression(*expr.args[i + 1], context, typed ? &type : expected);
    context.present = known;
    if (guard_node != kNoNode) facts(guard_node, false, context.present);
    ok = ok && value.ok();
    if (value.ok()) {
      if (!typed) {
        type = value.type;
        typed = true;
      } else {
        type.optional = type.optional || value.type.optional;
        widen(type, value.type);
      }
    }
    values.push_back(value);
    guards.push_back(guard_node);
    const std::string label = expr.labels[i / 2];
    node.case_clauses.push_back(clause(
        label.empty() ? "case" + std::to_string(i / 2 + 1) : label,
        expr.args[i] != nullptr ? expr.args[i]->span : expr.args[i + 1]->span, context.clause));
  }
  context.present = before;
  if (!ok) return {};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Typed value = convert(values[i], type, expr.args[2 * i + 1]->span, "role.case");
    if (!value.ok()) return {};
    node.args.push_back(guards[i]);
    node.args.push_back(value.node);
  }
  node.type = type;
  node.clause = context.clause;
  return {add_node(std::move(node)), type};
}

}  // namespace toll::dsl
