#include "dsl/resolve/scenarios.hpp"

#include <nlohmann/json.hpp>

#include "dsl/resolve/literals.hpp"
#include "dsl/syntax/name.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {
namespace {

using Json = nlohmann::json;

std::string json_text(const std::string& text) { return Json(text).dump(); }

void add(std::string& json, const std::string& name, const std::string& value) {
  if (!json.empty()) json += ",";
  json += json_text(name) + ":" + value;
}

std::string decimal(Value value, int scale) {
  const bool negative = value < 0;
  UnsignedValue rest = static_cast<UnsignedValue>(negative ? -value : value);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (scale > 0) {
    while (static_cast<int>(digits.size()) <= scale) digits.insert(digits.begin(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale), ".");
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

std::string two(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

std::string four(std::int64_t n) {
  std::string text = std::to_string(n);
  return std::string(text.size() < 4 ? 4 - text.size() : 0, '0') + text;
}

std::string date_text(std::int64_t day) {
  const Civil civil = civil_of(day);
  return four(civil.year) + "-" + two(civil.month) + "-" + two(civil.day);
}

/// RFC 3339 in the zone, with its offset in force.
std::string instant_text(Value instant, const std::vector<ZoneRule>& zone) {
  const Calendar calendar(zone);
  const Calendar::Local local = calendar.local(instant);
  const std::int64_t seconds = local.nanos / kNanosPerSecond;
  std::string text = date_text(local.day) + "T" + two(seconds / 3600) + ":" +
                     two(seconds / 60 % 60) + ":" + two(seconds % 60);
  if (const std::int64_t nanos = local.nanos % kNanosPerSecond; nanos != 0) {
    std::string fraction = std::to_string(nanos);
    fraction = std::string(9 - fraction.size(), '0') + fraction;
    while (fraction.back() == '0') fraction.pop_back();
    text += "." + fraction;
  }
  const Value utc = static_cast<Value>(local.day) * kNanosPerDay + local.nanos;
  const auto offset = static_cast<std::int64_t>((utc - instant) / kNanosPerSecond);
  const std::int64_t size = offset < 0 ? -offset : offset;
  return text + (offset < 0 ? "-" : "+") + two(size / 3600) + ":" + two(size / 60 % 60);
}

}  // namespace

void ScenarioReader::read(std::vector<Scenario>& out) {
  Cursor head = builder_.cursor(clause_);
  head.next();
  Scenario scenario;
  scenario.name =
      head.peek().kind == TokenKind::string ? head.next().raw : head.name("what.scenario").raw;
  if (head.peek().kind == TokenKind::string) scenario.source = head.next().raw;
  scenario.span = clause_.span;
  if (!head.finish()) return;
  for (const Clause& item : clause_.body) step(item, scenario);
  out.push_back(std::move(scenario));
}

void ScenarioReader::step(const Clause& clause, Scenario& scenario) {
  Cursor head = builder_.cursor(clause);
  if (head.accept_word("at")) return at_step(clause, head, scenario);
  if (head.accept_word("expect")) {
    if (head.accept_word("that")) return that_step(clause, head, scenario);
    return expect_step(clause, head, scenario);
  }
  if (head.at_word("source")) return;
  builder_.error(clause.span, "E0901.step");
}

std::string ScenarioReader::time_text(const Token& token) const {
  const std::string local = token.kind == TokenKind::date ? token.raw + "T00:00:00" : token.raw;
  return instant_text(local_instant(local, builder_.core_.zone), builder_.core_.zone);
}

void ScenarioReader::at_step(const Clause& clause, Cursor& head, Scenario& scenario) {
  const Token time = head.next();
  if (time.kind != TokenKind::date && time.kind != TokenKind::time) return head.fail("what.time");
  ScenarioStep step;
  step.span = clause.span;
  step.time = time_text(time);
  if (head.done()) {
    step.kind = ScenarioStep::Kind::until;
    scenario.steps.push_back(std::move(step));
    return;
  }
  const Token name = head.name("what.event");
  const auto event = builder_.find(builder_.events_, name);
  if (head.failed()) return;
  if (!event) return builder_.unknown(name, builder_.events_, "noun.event");
  std::string id = "s" + std::to_string(++events_);
  if (head.accept_word("id")) id = head.string("what.id").raw;
  std::string data;
  if (!head.done() && !event_fields(head, *event, kNone, data)) return;
  if (!head.finish()) return;
  std::string json;
  add(json, "specversion", "\"1.0\"");
  add(json, "id", json_text(id));
  add(json, "source", "\"scenario\"");
  add(json, "type", json_text(builder_.core_.events[*event].wire));
  add(json, "subject", "\"scenario\"");
  add(json, "time", json_text(step.time));
  add(json, "data", "{" + data + "}");
  step.json = "{" + json + "}";
  scenario.steps.push_back(std::move(step));
}

bool ScenarioReader::event_fields(Cursor& head, std::uint32_t event, std::uint32_t parent,
                                  std::string& json) {
  const EventType& type = builder_.core_.events[event];
  NameMap names;
  for (std::uint32_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].parent == parent) names.emplace(fold(type.fields[i].name), i);
  }
  do {
    const Token name = head.name("what.field");
    if (head.failed()) return false;
    const auto field = builder_.find(names, name);
    if (!field) {
      builder_.unknown(name, names, {"noun.field-of", {type.name}});
      return false;
    }
    std::string value;
    if (!field_value(head, event, *field, value)) return false;
    add(json, type.fields[*field].wire, value);
  } while (head.accept_symbol(","));
  return true;
}

bool ScenarioReader::field_value(Cursor& head, std::uint32_t event, std::uint32_t field,
                                 std::string& json) {
  const Field& known = builder_.core_.events[event].fields[field];
  switch (known.type.read) {
    case FieldType::Read::record: {
      std::string inner;
      if (!head.expect_symbol("(") ||
          (!head.at_symbol(")") && !event_fields(head, event, field, inner)) ||
          !head.expect_symbol(")")) {
        return false;
      }
      json = "{" + inner + "}";
      return true;
    }
    case FieldType::Read::set: {
      json = "[";
      if (!head.expect_symbol("(")) return false;
      Type name;
      name.kind = Kind::name;
      name.ref = known.type.type.ref;
      while (!head.at_symbol(")")) {
        std::string one;
        if (!one_value(head, name, true, one)) return false;
        json += (json.size() > 1 ? "," : "") + one;
        if (!head.accept_symbol(",")) break;
      }
      json += "]";
      return head.expect_symbol(")");
    }
    case FieldType::Read::list:
    case FieldType::Read::counts:
      return list_value(head, known, json);
    default:
      return one_value(head, known.type.type, true, json);
  }
}

/// (NAME COUNT, NAME COUNT) for counts; (FIELD VALUE, ..), (FIELD VALUE, ..) for lists.
bool ScenarioReader::list_value(Cursor& head, const Field& field, std::string& json) {
  const auto& columns = builder_.core_.lists[field.type.list].columns;
  if (field.type.read == FieldType::Read::counts) {
    std::string rows;
    if (!head.expect_symbol("(")) return false;
    while (!head.at_symbol(")")) {
      std::string name;
      std::string number;
      if (!one_value(head, columns[0].type.type, true, name) ||
          !one_value(head, columns[1].type.type, false, number)) {
        return false;
      }
      rows += (rows.empty() ? "" : ",") + name + ":" + number;
      if (!head.accept_symbol(",")) break;
    }
    json = "{" + rows + "}";
    return head.expect_symbol(")");
  }
  std::vector<Column> named;
  for (const Field& column : columns) {
    named.push_back({column.name, column.wire, column.type.type});
  }
  return rows(head, named, field.name, json);
}

/// (COLUMN VALUE, ..), (COLUMN VALUE, ..): brackets for each row; () for none.
bool ScenarioReader::rows(Cursor& head, const std::vector<Column>& columns, const std::string& what,
                          std::string& json) {
  NameMap names;
  for (std::uint32_t i = 0; i < columns.size(); ++i) names.emplace(fold(columns[i].name), i);
  json = "[";
  do {
    if (json.size() > 1) head.next();  // the comma between rows
    if (!head.expect_symbol("(")) return false;
    if (head.accept_symbol(")")) break;
    std::string row;
    do {
      const Token name = head.name("what.column");
      if (head.failed()) return false;
      const auto column = builder_.find(names, name);
      if (!column) {
        builder_.unknown(name, names, {"noun.column-of", {what}});
        return false;
      }
      std::string value;
      if (!one_value(head, columns[*column].type, true, value)) return false;
      add(row, columns[*column].wire, value);
    } while (head.accept_symbol(","));
    if (!head.expect_symbol(")")) return false;
    json += (json.size() > 1 ? ",{" : "{") + row + "}";
  } while (head.at_symbol(",") && head.at_symbol("(", 1));
  json += "]";
  return true;
}

/// A literal of the type, as the wire writes it. `open`: names that nobody knows may stand.
bool ScenarioReader::one_value(Cursor& head, const Type& type, bool open, std::string& json) {
  if (head.accept_word("none")) {
    json = "null";
    return true;
  }
  if (type.kind == Kind::name || type.kind == Kind::text) {
    Token token = head.peek();
    if (token.kind == TokenKind::string) {
      head.next();
    } else {
      token = head.name("what.name-or-text");
      while (head.at_symbol(".") && !head.peek().spaced) {  // names with dots in them
        token.raw += head.next().raw;
        token.raw += head.next().raw;
      }
    }
    if (head.failed()) return false;
    if (type.kind == Kind::text || (open && token.kind == TokenKind::string)) {
      json = json_text(token.raw);
      return true;
    }
    const Typed value = builder_.name_of_domain(token, type.ref);
    if (!value.ok()) return false;
    const auto index = static_cast<std::size_t>(*builder_.constant_value(value.node));
    json = json_text(builder_.core_.domains[type.ref].names[index].wire);
    return true;
  }
  const ExprPtr expr = head.expression();
  if (expr == nullptr) return false;
  Context context;
  Type plain = type;
  plain.optional = false;
  if (type.kind == Kind::month && expr->kind == Expr::Kind::date) {
    json = json_text(expr->token.raw.substr(0, 7));
    return true;
  }
  if (type.kind == Kind::number && expr->kind == Expr::Kind::number && expr->unit.empty()) {
    plain.dimension = {};  // a bare number is understood in the field's own unit
  }
  const Typed value = builder_.wanted(*expr, context, plain, "role.value");
  if (!value.ok()) return false;
  const auto known = builder_.constant_value(value.node);
  if (!known && type.kind != Kind::instant) {
    builder_.error(expr->span, "E0902.constant");
    return false;
  }
  switch (type.kind) {
    case Kind::boolean:
      json = *known != 0 ? "true" : "false";
      break;
    case Kind::number:
      json = decimal(*known, type.scale);
      if (type.scale > 0) json = json_text(json);
      break;
    case Kind::date:
      json = json_text(date_text(static_cast<std::int64_t>(*known)));
      break;
    case Kind::instant:
      json = json_text(time_text(expr->token));
      break;
    default:
      builder_.error(expr->span, {"E0902.type", {builder_.show(type)}});
      return false;
  }
  return true;
}

void ScenarioReader::expect_step(const Clause& clause, Cursor& head, Scenario& scenario) {
  ScenarioStep step;
  step.kind = ScenarioStep::Kind::expect;
  step.span = clause.span;
  step.negated = head.accept_word("no");
  std::string json;
  if (head.at_word("error") || head.at_word("duplicate")) {
    // The two entries that every policy has.
    add(json, "kind", json_text(head.next().word));
    if (!head.done()) add(json, "code", json_text(head.string("what.error-code").raw));
  } else {
    const Token name = head.name("what.entry");
    const auto entry = builder_.find(builder_.entries_, name);
    if (head.failed()) return;
    if (!entry) return builder_.unknown(name, builder_.entries_, "noun.entry");
    const EntryKind& kind = builder_.core_.entries[*entry];
    add(json, "kind", json_text(kind.wire));
    bool any = false;
    if (!head.done() && !members(head, kind.members, json, any)) return;
  }
  if (!head.finish()) return;
  step.json = "{" + json + "}";
  scenario.steps.push_back(std::move(step));
}

bool ScenarioReader::members(Cursor& head, const std::vector<EntryKind::Member>& all,
                             std::string& json, bool& any) {
  NameMap names;
  for (std::uint32_t i = 0; i < all.size(); ++i) names.emplace(fold(all[i].name), i);
  do {
    const Token name = head.name("what.member");
    if (head.failed()) return false;
    const auto member = builder_.find(names, name);
    if (!member) {
      builder_.unknown(name, names, "noun.member");
      return false;
    }
    std::string value;
    if (!member_value(head, all[*member], value)) return false;
    add(json, all[*member].wire, value);
    any = true;
  } while (head.accept_symbol(","));
  return true;
}

bool ScenarioReader::member_value(Cursor& head, const EntryKind::Member& member,
                                  std::string& json) {
  if (!member.rows) return one_value(head, member.type, true, json);
  std::vector<Column> columns;
  for (const EntryKind::Member& column : member.columns) {
    columns.push_back({column.name, column.wire, column.type});
  }
  return rows(head, columns, member.name, json);
}

/// A condition on the account as it is: a definition of the core that only scenarios use.
void ScenarioReader::that_step(const Clause& clause, Cursor& head, Scenario& scenario) {
  const ExprPtr expr = head.expression();
  if (expr == nullptr || !head.finish()) return;
  Context context;
  context.clause = builder_.clause("scenario:" + scenario.name + "/that", clause.span);
  const Typed holds = builder_.guard(*expr, context);
  if (!holds.ok()) return;
  Definition definition;
  definition.name = "scenario " + scenario.name + " " + std::to_string(scenario.steps.size());
  definition.body = holds.node;
  definition.frame = context.frame;
  definition.clause = context.clause;
  ScenarioStep step;
  step.kind = ScenarioStep::Kind::that;
  step.span = clause.span;
  step.definition = static_cast<std::uint32_t>(builder_.core_.definitions.size());
  builder_.core_.definitions.push_back(std::move(definition));
  scenario.steps.push_back(std::move(step));
}

}  // namespace toll::dsl
