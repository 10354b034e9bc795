// Event types, definitions, procedures, timers: things with a body.

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

/// bool | text | instant | date | number | count UNIT | money | price UNIT  [at least N]
/// open DOMAIN | known DOMAIN [else "code"] | DOMAIN | set DOMAIN [else "code"]
/// record { .. } | list { .. } | counts DOMAIN as NAME, COUNT [UNIT]
bool Builder::field_type(Cursor& head, FieldType& out, std::string& shape) {
  const Token token = head.peek();
  const bool domain = find(domains_, token).has_value();
  const auto domain_after = [&]() -> bool {
    const Token name = head.name("what.domain");
    const auto found = find(domains_, name);
    if (head.failed()) return false;
    if (!found) {
      unknown(name, domains_, "noun.domain");
      return false;
    }
    out.type.kind = Kind::name;
    out.type.ref = *found;
    out.unknown_code = "bad-event";
    if (head.accept_word("else")) out.unknown_code = head.string("what.error-code").raw;
    return !head.failed();
  };
  shape.clear();
  if (!domain && (token.word == "record" || token.word == "list")) {
    shape = token.word;
    head.next();
    out.read = shape == "record" ? FieldType::Read::record : FieldType::Read::list;
    out.type.kind = shape == "record" ? Kind::boolean : Kind::list;
    return true;
  }
  if (!domain && token.word == "counts") {
    head.next();
    out.read = FieldType::Read::counts;
    if (!domain_after()) return false;
    ListType list;
    Field name;
    name.type.read = FieldType::Read::name;
    name.type.type = out.type;
    name.required = true;
    Field number;
    number.type.read = FieldType::Read::count;
    number.type.type.kind = Kind::number;
    number.required = true;
    if (!head.expect_word("as")) return false;
    name.name = name.wire = head.name("what.names-name").raw;
    if (!head.expect_symbol(",")) return false;
    number.name = number.wire = head.name("what.counts-name").raw;
    std::vector<Token> unit;
    if (can_be_unit(head.peek())) unit.push_back(head.next());
    const auto dimension = read_dimension(unit);
    if (head.failed() || !dimension) return false;
    number.type.type.dimension = *dimension;
    list.columns = {name, number};
    out.list = static_cast<std::uint32_t>(core_.lists.size());
    out.type = Type{};
    out.type.kind = Kind::list;
    out.type.of = Of::list;
    out.type.ref = out.list;
    core_.lists.push_back(std::move(list));
    return true;
  }
  if (domain || token.word == "open" || token.word == "known") {
    out.read = token.word == "open" && !domain ? FieldType::Read::name : FieldType::Read::known;
    if (!domain) head.next();
    return domain_after();
  }
  if (token.word == "set") {
    head.next();
    out.read = FieldType::Read::set;
    if (!domain_after()) return false;
    out.type.kind = Kind::set;
    return true;
  }
  const auto type = read_type(head);
  if (!type) return false;
  out.type = *type;
  switch (type->kind) {
    case Kind::boolean:
      out.read = FieldType::Read::boolean;
      break;
    case Kind::text:
      out.read = FieldType::Read::text;
      break;
    case Kind::instant:
      out.read = FieldType::Read::instant;
      break;
    case Kind::date:
      out.read = FieldType::Read::date;
      break;
    case Kind::number:
      out.read = type->scale == 0 ? FieldType::Read::count : FieldType::Read::money;
      break;
    default:
      error(token.span, {"E0701.field", {show(*type)}});
      return false;
  }
  if (head.accept_word("at")) {
    if (!head.expect_word("least")) return false;
    const Token least = head.next();
    if (least.kind != TokenKind::number) {
      head.fail("what.number");
      return false;
    }
    out.at_least = std::atoll(std::string(least.raw).c_str());
  }
  return true;
}

bool Builder::list_columns(const Clause& clause, ListType& list) {
  for (const Clause& item : clause.body) {
    Cursor line = cursor(item);
    if (!line.expect_word("field")) return false;
    const Token name = line.name("what.event-field");
    Field field;
    field.name = name.raw;
    field.wire = wire(line, name.raw);
    if (line.failed() || !line.expect_symbol(":")) return false;
    std::string shape;
    if (!field_type(line, field.type, shape)) return false;
    if (!shape.empty()) {
      error(name.span, "E0702.list");
      return false;
    }
    field.required = line.accept_word("required");
    if (!line.finish()) return false;
    list.columns.push_back(std::move(field));
  }
  return true;
}

/// field NAME [= "wire"]: TYPE [required] [blank] [= DEFAULT]
void Builder::event_field(std::uint32_t event, const Clause& clause, std::uint32_t parent) {
  Cursor line = cursor(clause);
  if (!line.expect_word("field")) return;
  const Token name = line.name("what.event-field");
  Field field;
  field.name = name.raw;
  field.wire = wire(line, name.raw);
  field.parent = parent;
  if (line.failed() || !line.expect_symbol(":")) return;
  std::string shape;
  if (!field_type(line, field.type, shape)) return;
  field.required = line.accept_word("required");
  field.type.empty_is_absent = line.accept_word("blank");
  if (line.accept_symbol("=")) {
    const ExprPtr expr = line.expression();
    if (expr == nullptr) return;
    Context context;
    const Typed value = wanted(*expr, context, field.type.type, "role.default");
    const auto known = constant_value(value.node);
    if (!known) return;
    field.initial = *known;
  }
  if (!line.finish()) return;
  for (const Field& other : core_.events[event].fields) {
    if (other.parent == parent && fold(other.name) == fold(field.name)) {
      error(name.span, {"E0301.twice", {Message("noun.field"), name.raw}});
      return;
    }
  }
  field.clause = this->clause("field:" + name.raw, clause.span, core_.events[event].clause);
  if (shape == "list") {
    ListType list;
    if (!list_columns(clause, list)) return;
    field.type.list = static_cast<std::uint32_t>(core_.lists.size());
    field.type.type.of = Of::list;
    field.type.type.ref = field.type.list;
    core_.lists.push_back(std::move(list));
  }
  const auto index = static_cast<std::uint32_t>(core_.events[event].fields.size());
  parts_[{Owner::event, event, index}] = name.span;
  core_.events[event].fields.push_back(std::move(field));
  if (shape == "record") {
    if (parent != kNone) {
      error(name.span, "E0702.record");
      return;
    }
    for (const Clause& item : clause.body) event_field(event, item, index);
  }
}

/// event NAME [= "wire"] { fields; refusals; bounds; effects }
void Builder::event_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.event");
  EventType event;
  event.name = name.raw;
  event.wire = wire(head, name.raw);
  if (!head.finish()) return;
  event.clause = this->clause("event:" + name.raw, clause.span);
  const auto index = static_cast<std::uint32_t>(core_.events.size());
  if (!declare(events_, name, index, "noun.event")) return;
  event.block = static_cast<std::uint32_t>(core_.blocks.size());
  Block block;
  block.name = "event " + name.raw;
  block.clause = event.clause;
  core_.blocks.push_back(std::move(block));
  procedure_events_.push_back(index);
  core_.declarations.push_back(
      {"event", name.raw, event.clause, {"event:" + name.raw, "block:event " + name.raw}});
  core_.events.push_back(std::move(event));
  for (const Clause& item : clause.body) {
    if (item.kind == Clause::Kind::statement && !item.head.empty() &&
        item.head[0].word == "field") {
      event_field(index, item, kNone);
    }
  }
}

void Builder::resolve_event(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const auto found = find(events_, head.name("what.event"));
  if (!found) return;
  const std::uint32_t index = *found;
  Context context;
  context.event = index;
  context.clause = core_.events[index].clause;
  std::vector<Clause> effects_of;
  for (const Clause& item : clause.body) {
    const std::string word = item.head.empty() ? std::string() : item.head[0].word;
    Cursor line = cursor(item);
    if (word == "field" || (word == "source" && !line.at_symbol(":=", 1))) continue;
    if (word == "refuse") {
      line.next();
      EventType::Refusal refusal;
      refusal.code = line.string("what.error-code").raw;
      if (line.failed() || !line.expect_word("when")) continue;
      const ExprPtr expr = line.expression();
      if (expr == nullptr || !line.finish()) continue;
      refusal.guard = guard(*expr, context).node;
      refusal.clause = this->clause("refuse:" + refusal.code, item.span, context.clause);
      if (refusal.guard == kNoNode) continue;
      facts(refusal.guard, false, context.present);
      core_.events[index].refusals.push_back(std::move(refusal));
    } else if (word == "bounded") {
      line.next();
      const ExprPtr expr = line.expression();
      if (expr == nullptr || !line.finish()) continue;
      const Typed value = expression(*expr, context);
      if (value.ok()) core_.events[index].bounded.push_back(value.node);
    } else {
      effects_of.push_back(item);
    }
  }
  core_.events[index].frame = context.frame;
  Effects made = effects(effects_of, context);
  Block& block = core_.blocks[core_.events[index].block];
  block.effects.insert(block.effects.end(), std::make_move_iterator(made.begin()),
                       std::make_move_iterator(made.end()));
  block.frame = std::max(block.frame, context.frame);
}

/// on EVENT [as LABEL] { effects }: more that happens with an event, after what stands before it.
void Builder::resolve_handler(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.event");
  const auto found = find(events_, name);
  std::string label = "on:" + name.raw;
  if (head.accept_word("as")) label = head.name("what.label").raw;
  if (!head.finish()) return;
  if (!found) return unknown(name, events_, "noun.event");
  Context context;
  context.event = *found;
  context.clause = this->clause(label, clause.span, core_.events[*found].clause);
  Effects made = effects(clause.body, context);
  Block& block = core_.blocks[core_.events[*found].block];
  block.effects.insert(block.effects.end(), std::make_move_iterator(made.begin()),
                       std::make_move_iterator(made.end()));
  block.frame = std::max(block.frame, context.frame);
}

/// ( NAME: TYPE, .. )
bool Builder::parameters(Cursor& head, Context& context, std::vector<Type>& types) {
  if (!head.accept_symbol("(") || head.accept_symbol(")")) return !head.failed();
  do {
    const Token name = head.name("what.parameter");
    if (head.failed() || !head.expect_symbol(":")) return false;
    const auto type = read_type(head);
    if (!type) return false;
    context.locals.push_back({fold(name.raw), context.take_slot(), *type, false});
    types.push_back(*type);
  } while (head.accept_symbol(","));
  return head.expect_symbol(")");
}

/// define NAME[(PARAMETERS)] [on EVENT] = EXPRESSION
void Builder::definition_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.name");
  Definition definition;
  definition.name = name.raw;
  PendingDefinition pending;
  pending.clause = &clause;
  if (head.failed() || !parameters(head, pending.context, definition.parameters)) return;
  if (head.accept_word("on")) {
    const Token event = head.name("what.event");
    const auto found = find(events_, event);
    if (head.failed()) return;
    if (!found) return unknown(event, events_, "noun.event");
    pending.context.event = *found;
  }
  if (!head.expect_symbol("=")) return;
  pending.body = head.position();
  const auto index = static_cast<std::uint32_t>(core_.definitions.size());
  if (!declare(definitions_, name, index, "noun.definition")) return;
  definition.clause = pending.context.clause = this->clause("define:" + name.raw, clause.span);
  core_.declarations.push_back({"define", name.raw, definition.clause, {"definition:" + name.raw}});
  core_.definitions.push_back(std::move(definition));
  pending_.push_back(std::move(pending));
}

void Builder::resolve_definition(std::uint32_t index) {
  using State = PendingDefinition::State;
  if (pending_[index].state == State::done) return;
  if (pending_[index].state == State::busy) {
    error(pending_[index].clause->span, {"E0703.defined", {core_.definitions[index].name}});
    return;
  }
  pending_[index].state = State::busy;
  Context context = pending_[index].context;
  Cursor head = cursor(*pending_[index].clause);
  head.rewind(pending_[index].body);
  const ExprPtr expr = head.expression();
  if (expr != nullptr && head.finish()) {
    const Typed value = expression(*expr, context);
    if (value.ok()) {
      core_.definitions[index].body = value.node;
      core_.definitions[index].frame = context.frame;
      pending_[index].result = value.type;
      pending_[index].ok = true;
    }
  }
  pending_[index].state = State::done;
}

/// procedure NAME[(PARAMETERS)] [on EVENT] { effects }
void Builder::procedure_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.name");
  Block block;
  block.name = name.raw;
  Context context;
  if (head.failed() || !parameters(head, context, block.parameters)) return;
  std::uint32_t event = kNone;
  if (head.accept_word("on")) {
    const Token event_name = head.name("what.event");
    const auto found = find(events_, event_name);
    if (head.failed()) return;
    if (!found) return unknown(event_name, events_, "noun.event");
    event = *found;
  }
  if (!head.finish()) return;
  block.clause = this->clause("procedure:" + name.raw, clause.span);
  const auto index = static_cast<std::uint32_t>(core_.blocks.size());
  if (!declare(procedures_, name, index, "noun.procedure")) return;
  core_.declarations.push_back({"procedure", name.raw, block.clause, {"block:" + name.raw}});
  core_.blocks.push_back(std::move(block));
  procedure_events_.push_back(event);
}

void Builder::resolve_procedure(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const auto found = find(procedures_, head.name("what.name"));
  if (!found) return;
  Context context;
  std::vector<Type> types;
  if (!parameters(head, context, types)) return;
  context.event = procedure_events_[*found];
  context.clause = core_.blocks[*found].clause;
  Effects made = effects(clause.body, context);
  core_.blocks[*found].effects = std::move(made);
  core_.blocks[*found].frame = context.frame;
}

/// timer NAME [= "wire"] { effects }
void Builder::timer_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.timer");
  Timer timer;
  timer.name = name.raw;
  timer.wire = wire(head, name.raw);
  if (!head.finish()) return;
  timer.clause = this->clause("timer:" + name.raw, clause.span);
  timer.block = static_cast<std::uint32_t>(core_.blocks.size());
  if (!declare(timers_, name, static_cast<std::uint32_t>(core_.timers.size()), "noun.timer"))
    return;
  Block block;
  block.name = "timer " + name.raw;
  block.clause = timer.clause;
  core_.declarations.push_back(
      {"timer", name.raw, timer.clause, {"timer:" + name.raw, "block:" + block.name}});
  core_.blocks.push_back(std::move(block));
  procedure_events_.push_back(kNone);
  core_.timers.push_back(std::move(timer));
}

void Builder::resolve_timer(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const auto found = find(timers_, head.name("what.timer"));
  if (!found) return;
  Context context;
  context.clause = core_.timers[*found].clause;
  Effects made = effects(clause.body, context);
  Block& block = core_.blocks[core_.timers[*found].block];
  block.effects = std::move(made);
  block.frame = context.frame;
}

}  // namespace toll::dsl
