// Effects: what rules do.

#include <algorithm>

#include "dsl/notions/notions.hpp"
#include "dsl/resolve/builder.hpp"
#include "dsl/resolve/facts.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

Effect Builder::start(Effect::Do what, const Context& context) const {
  Effect effect;
  effect.what = what;
  effect.clause = context.clause;
  return effect;
}

Effects Builder::effects(const std::vector<Clause>& body, Context& context, std::size_t first) {
  Effects out;
  const std::size_t locals = context.locals.size();
  const std::uint32_t slots = context.slots;
  Scope scope = enter(context);
  for (std::size_t i = first; i < body.size(); ++i) effect(body[i], context, out);
  context.locals.resize(locals);
  context.slots = slots;
  leave(context, std::move(scope));
  return out;
}

void Builder::effect(const Clause& clause, Context& context, Effects& out) {
  if (clause.kind == Clause::Kind::row) {
    error(clause.span, "E0501.row");
    return;
  }
  if (clause.head.empty()) return;
  context.here = clause.head.front().span;
  context.here.end = clause.head.back().span.end;
  Cursor head = cursor(clause);
  const Token& lead = head.peek();
  const bool plain = lead.kind == TokenKind::word && !head.at_symbol(".", 1) &&
                     !head.at_symbol(":=", 1) && !head.at_symbol("+=", 1) &&
                     !(head.at_symbol("[", 1) && !head.peek(1).spaced);
  const std::string word = plain ? lead.word : std::string();
  if (word == "source") return;
  if (word == "let") {
    let_effect(head, context, out);
  } else if (word == "put") {
    put_effect(clause, head, context, out);
  } else if (word == "draw") {
    draw_effect(clause, head, context, out);
  } else if (word == "each") {
    each_effect(clause, head, context, out);
  } else if (word == "choose") {
    choose_effect(clause, context, out);
  } else if (word == "when") {
    Effect choose = start(Effect::Do::choose, context);
    Scope scope = enter(context);
    rule(clause, context, choose);
    leave(context, std::move(scope));  // what the rule excludes, it excludes for `choose` only
    out.push_back(std::move(choose));
  } else if (word == "run") {
    head.next();
    run_effect(head, context, out);
  } else if (word == "offer" || word == "resume" || word == "wake" || word == "begin" ||
             word == "measure") {
    notion_effect(head, context, out);
  } else if (word == "arm" || word == "disarm") {
    head.next();
    const Token name = head.name("what.timer");
    const auto timer = find(timers_, name);
    if (head.failed()) return;
    if (!timer) return unknown(name, timers_, "noun.timer");
    Effect effect = start(word == "arm" ? Effect::Do::arm : Effect::Do::disarm, context);
    effect.a = *timer;
    if (word == "arm") {
      if (!head.expect_word("at")) return;
      const ExprPtr at = head.expression();
      if (at == nullptr) return;
      Type instant;
      instant.kind = Kind::instant;
      const Typed value = wanted(*at, context, instant, "role.deadline");
      if (!value.ok()) return;
      effect.args.push_back(value.node);
    }
    if (head.finish()) out.push_back(std::move(effect));
  } else if (word == "move") {
    head.next();
    const Token name = head.name("what.machine");
    const auto machine = find(machines_, name);
    if (head.failed()) return;
    if (!machine) return unknown(name, machines_, "noun.machine");
    if (!head.expect_word("to")) return;
    const ExprPtr to = head.expression();
    if (to == nullptr || !head.finish()) return;
    Type state;
    state.kind = Kind::name;
    state.ref = core_.machines[*machine].domain;
    const Typed value = wanted(*to, context, state, "role.state");
    if (!value.ok()) return;
    Effect run = start(Effect::Do::run, context);
    run.a = go_blocks_[*machine];
    run.args.push_back(value.node);
    out.push_back(std::move(run));
    forget_state(context);
  } else if (word == "emit") {
    emit_effect(clause, head, context, out);
  } else if (word == "clear") {
    head.next();
    const Token name = head.name("what.list-or-counter");
    const auto family = find(families_, name);
    if (head.failed() || !head.finish()) return;
    if (!family) return unknown(name, families_, "noun.list-or-counter");
    Effect effect = start(Effect::Do::clear, context);
    effect.a = *family;
    out.push_back(std::move(effect));
    forget_rows(context, *family);
  } else {
    assignment(head, context, out);
  }
}

void Builder::let_effect(Cursor& head, Context& context, Effects& out) {
  head.next();
  const Token name = head.name("what.name");
  if (head.failed()) return;
  const std::string folded = fold(name.raw);
  Typed value;
  if (head.expect_symbol("=")) {
    const ExprPtr expr = head.expression();
    if (expr != nullptr && head.finish()) value = expression(*expr, context);
  }
  if (!value.ok()) {
    context.locals.push_back({folded, 0, Type{}, true});
    return;
  }
  Effect effect = start(Effect::Do::let, context);
  effect.a = context.take_slot();
  effect.args.push_back(value.node);
  context.locals.push_back({folded, effect.a, value.type, false});
  out.push_back(std::move(effect));
}

void Builder::assignment(Cursor& head, Context& context, Effects& out) {
  std::size_t at = 0;
  while (!head.peek(at).raw.empty() && !head.at_symbol(":=", at) && !head.at_symbol("+=", at)) ++at;
  if (head.peek(at).raw.empty()) {
    error(head.here(), {"E0502.no-effect", {head.peek().raw}});
    return;
  }
  const ExprPtr target = head.expression();
  if (target == nullptr) return;
  const bool add = head.at_symbol("+=");
  if (!add && !head.at_symbol(":=")) return head.fail("what.store");
  head.next();
  const ExprPtr expr = head.expression();
  if (expr == nullptr || !head.finish()) return;
  const std::set<std::string> known = context.present;
  context.present.clear();  // the target is a place, not a value
  const Typed place = expression(*target, context);
  context.present = known;
  if (!place.ok()) return;
  const auto declared = origins_.find(place.node);
  const Expecting expecting(*this, declared == origins_.end() ? nullptr : &declared->second);
  Typed value = wanted(*expr, context, place.type, "role.stored");
  if (!value.ok()) return;
  const Node node = core_.nodes[place.node];
  Effect effect;
  std::vector<std::string> written = {kReadsRows};
  switch (node.op) {
    case Op::reg:
      effect = start(Effect::Do::set_register, context);
      effect.a = node.a;
      if (add) value = make(Op::add, place.type, {place.node, value.node});
      effect.args = {value.node};
      written.push_back(read_of_register(node.a));
      break;
    case Op::cell:
      effect = start(add ? Effect::Do::add_cell : Effect::Do::set_cell, context);
      effect.a = node.a;
      effect.b = node.b;
      effect.args = {value.node};
      effect.args.insert(effect.args.end(), node.args.begin(), node.args.end());
      written.push_back(read_of_cell(node.a, node.b));
      written.push_back(read_of_field(node.a, node.b));
      break;
    case Op::row_field: {
      const Type& row = core_.nodes[node.args[0]].type;
      if (row.of != Of::family) {
        error(target->span, "E0503.own-rows");
        return;
      }
      if (row.optional && known.count(key(node.args[0])) == 0) {
        error(target->span, "E0402.row", "advice.say-first");
        return;
      }
      effect = start(Effect::Do::set_row, context);
      effect.a = row.ref;
      effect.b = node.a;
      if (core_.families[row.ref].keyed && node.a < core_.families[row.ref].key_count) {
        error(target->span, "E0504.key");
        return;
      }
      if (add) value = make(Op::add, place.type, {place.node, value.node});
      effect.args = {node.args[0], value.node};
      written.push_back(read_of_cell(row.ref, node.a));
      written.push_back(read_of_field(row.ref, node.a));
      break;
    }
    default:
      error(target->span, "E0503.no-place");
      return;
  }
  forget(context, written);
  out.push_back(std::move(effect));
}

void Builder::choose_effect(const Clause& clause, Context& context, Effects& out) {
  Effect choose = start(Effect::Do::choose, context);
  Scope scope = enter(context);
  bool closed = false;
  for (const Clause& item : clause.body) {
    if (closed) {
      error(item.span, "E0507.after-otherwise");
      break;
    }
    Cursor head = cursor(item);
    closed = head.at_word("otherwise");
    if (!closed && !head.at_word("when")) {
      error(item.span, {"E0201.expected", {Message("what.choose-rule")}});
      continue;
    }
    rule(item, context, choose);
  }
  leave(context, std::move(scope));
  out.push_back(std::move(choose));
}

/// when CONDITION [as LABEL] { effects } | otherwise [as LABEL] { effects }
void Builder::rule(const Clause& clause, Context& context, Effect& choose) {
  Cursor head = cursor(clause);
  Rule made;
  const bool otherwise = head.accept_word("otherwise");
  ExprPtr condition;
  if (!otherwise) {
    head.next();
    condition = head.expression();
    if (condition == nullptr) return;
  }
  std::string label = otherwise ? "otherwise" : "rule" + std::to_string(choose.rules.size() + 1);
  if (head.accept_word("as")) {
    label = head.peek().kind == TokenKind::string ? head.next().raw : head.name("what.label").raw;
  }
  if (!head.finish()) return;
  if (!clause.has_block) {
    error(clause.span, {"E0201.expected", {Message("what.rule-block")}});
    return;
  }
  if (condition != nullptr) {
    const Typed holds = guard(*condition, context);
    if (!holds.ok()) return;
    made.guard = holds.node;
  }
  const ClauseId outer = context.clause;
  const std::set<std::string> before = context.present;
  made.clause = context.clause = this->clause(label, clause.span, outer);
  facts(made.guard, true, context.present);
  made.effects = effects(clause.body, context);
  context.present = before;
  context.clause = outer;
  facts(made.guard, false, context.present);
  choose.rules.push_back(std::move(made));
}

void Builder::run_effect(Cursor& head, Context& context, Effects& out) {
  const Token name = head.name("what.procedure");
  const auto block = find(procedures_, name);
  if (head.failed()) return;
  if (!block) return unknown(name, procedures_, "noun.procedure");
  Effect effect = start(Effect::Do::run, context);
  effect.a = *block;
  const std::vector<Type> parameters = core_.blocks[*block].parameters;
  std::vector<ExprPtr> args;
  if (head.accept_symbol("(") && !head.accept_symbol(")")) {
    do {
      args.push_back(head.expression());
      if (args.back() == nullptr) return;
    } while (head.accept_symbol(","));
    if (!head.expect_symbol(")")) return;
  }
  if (!head.finish()) return;
  if (procedure_events_[*block] != kNone && procedure_events_[*block] != context.event) {
    error(name.span,
          {"E0423.other-event", {name.raw, core_.events[procedure_events_[*block]].name}});
    return;
  }
  if (args.size() != parameters.size()) {
    error(name.span, {"E0424.arguments", {name.raw, parameters.size(), args.size()}});
    return;
  }
  const auto declared = declared_.find({&procedures_, fold(core_.blocks[*block].name)});
  const Expecting expecting(*this, declared == declared_.end() ? nullptr : &declared->second);
  for (std::size_t i = 0; i < args.size(); ++i) {
    const Typed value = wanted(*args[i], context, parameters[i], "role.value");
    if (!value.ok()) return;
    effect.args.push_back(value.node);
  }
  forget_state(context);
  out.push_back(std::move(effect));
}

/// offer PROGRAM SET, begin PROGRAM, wake PROGRAM, resume PROGRAM, measure EVENT: procedures that
/// notions made.
void Builder::notion_effect(Cursor& head, Context& context, Effects& out) {
  const Token verb = head.next();
  const Token name = head.name("what.name");
  if (head.failed()) return;
  const Token made = made_name(verb.word, name);
  if (!find(procedures_, made)) {
    NameMap known;
    for (const auto& [procedure, index] : procedures_) {
      const std::string prefix = fold(verb.word + " ");
      if (procedure.starts_with(prefix)) known.emplace(procedure.substr(prefix.size()), index);
    }
    return unknown(name, known, {"noun.declaration-to", {keyword(verb.word)}});
  }
  Tokens call = {made};
  if (!head.done()) {
    const auto symbol = [&](std::string_view text) {
      Token token = verb;
      token.kind = TokenKind::symbol;
      token.raw = token.word = text;
      token.keyword = token.spaced = false;
      return token;
    };
    call.push_back(symbol("("));
    const Tokens rest = rest_of(head);
    call.insert(call.end(), rest.begin(), rest.end());
    call.push_back(symbol(")"));
  }
  Cursor run(call, verb.span, diagnostics_);
  run_effect(run, context, out);
}

}  // namespace toll::dsl
