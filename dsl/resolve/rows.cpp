// Effects on rows: putting, drawing, visiting.

#include "dsl/resolve/builder.hpp"
#include "dsl/resolve/facts.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void Builder::put_effect(const Clause& clause, Cursor& head, Context& context, Effects& out) {
  head.next();
  const Token name = head.name("what.list");
  const auto family = find(families_, name);
  if (head.failed()) return;
  if (!family || core_.families[*family].keyed) return unknown(name, families_, "noun.list");
  Token alias;
  if (head.accept_word("as")) alias = head.name("what.new-row");
  if (!head.finish()) return;
  Effect effect = start(Effect::Do::put, context);
  effect.a = *family;
  effect.b = kNone;
  NameMap fields;
  for (std::uint32_t i = 0; i < core_.families[*family].fields.size(); ++i) {
    fields.emplace(fold(core_.families[*family].fields[i].name), i);
  }
  std::set<std::uint32_t> given;
  for (const Clause& item : clause.body) {
    Cursor line = cursor(item);
    const Token field_name = line.name("what.field");
    if (line.failed() || !line.expect_symbol("=")) continue;
    const ExprPtr expr = line.expression();
    if (expr == nullptr || !line.finish()) continue;
    const auto field = find(fields, field_name);
    if (!field) {
      unknown(field_name, fields, {"E0302.field-of", {core_.families[*family].name}});
      continue;
    }
    if (!given.insert(*field).second) {
      error(field_name.span, {"E0301.given-twice", {field_name.raw}});
      continue;
    }
    const Expecting declared(*this, Owner::family, *family, *field);
    const Typed value =
        wanted(*expr, context, core_.families[*family].fields[*field].type, "role.field");
    if (!value.ok()) continue;
    effect.fields.push_back(*field);
    effect.args.push_back(value.node);
  }
  for (const auto& [field_name, field] : fields) {
    const Family::Field& one = core_.families[*family].fields[field];
    if (given.count(field) == 0 && one.initial == kAbsent && !one.type.optional) {
      error(clause.span, {"E0505.field", {core_.families[*family].name, one.name}});
    }
  }
  if (!alias.raw.empty()) {
    effect.b = context.take_slot();
    Type row;
    row.kind = Kind::row;
    row.of = Of::family;
    row.ref = *family;
    context.locals.push_back({fold(alias.raw), effect.b, row, false});
  }
  forget(context, {kReadsRows});
  out.push_back(std::move(effect));
}

/// draw b in FAMILY where .. by .. take AMOUNT from FIELD { effects; `took` } ; `rest` afterwards
void Builder::draw_effect(const Clause& clause, Cursor& head, Context& context, Effects& out) {
  head.next();
  Effect effect = start(Effect::Do::draw, context);
  // `rest` outlives the loop, so its slot is taken first.
  effect.rest_slot = context.take_slot();
  // Until all is well, so that a mistake here is reported once.
  context.locals.push_back({"rest", effect.rest_slot, Type{}, true});
  const std::size_t locals = context.locals.size();
  Scope scope = enter(context);
  const Traversal over = head.traversal();
  if (head.failed() || !head.expect_word("take")) return;
  const ExprPtr amount = head.expression();
  if (amount == nullptr || !head.expect_word("from")) return;
  const Token left = head.name("what.drawn-field");
  if (!head.finish()) return;
  const Typed wanted_amount = expression(*amount, context);
  if (!wanted_amount.ok() || !source(over, context, effect.source)) return;
  if (effect.source.of != Source::Of::family) {
    error(clause.span, "E0506.draw");
    return;
  }
  if (effect.source.by.empty() || core_.nodes[effect.source.by.back()].op != Op::arrival) {
    error(clause.span, "E0438.draw", "advice.arrival");
    return;
  }
  effect.a = effect.source.index;
  NameMap fields;
  for (std::uint32_t i = 0; i < core_.families[effect.a].fields.size(); ++i) {
    fields.emplace(fold(core_.families[effect.a].fields[i].name), i);
  }
  const auto field = find(fields, left);
  if (!field) return unknown(left, fields, {"E0302.field-of", {core_.families[effect.a].name}});
  effect.b = *field;
  const Type type = core_.families[effect.a].fields[*field].type;
  const Typed fitted = convert(wanted_amount, type, amount->span, "role.drawn");
  if (!fitted.ok()) return;
  effect.args.push_back(fitted.node);
  effect.took_slot = context.take_slot();
  context.locals.push_back({"took", effect.took_slot, type, false});
  effect.effects = loop(clause.body, context);
  context.locals.resize(locals);
  leave(context, std::move(scope));
  context.locals.push_back({"rest", effect.rest_slot, type, false});
  out.push_back(std::move(effect));
}

void Builder::each_effect(const Clause& clause, Cursor& head, Context& context, Effects& out) {
  head.next();
  Effect effect = start(Effect::Do::each, context);
  const std::size_t locals = context.locals.size();
  const std::uint32_t slots = context.slots;
  Scope scope = enter(context);
  const Traversal over = head.traversal();
  if (head.failed() || !head.finish()) return;
  if (source(over, context, effect.source)) {
    effect.effects = loop(clause.body, context);
    out.push_back(std::move(effect));
  }
  context.locals.resize(locals);
  context.slots = slots;
  leave(context, std::move(scope));
}

}  // namespace toll::dsl
