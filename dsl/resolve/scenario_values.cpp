// The values in a scenario: literals, rows and cells of examples, as the wire writes them.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "dsl/resolve/literals.hpp"
#include "dsl/resolve/scenarios.hpp"
#include "dsl/syntax/folded.hpp"
#include "dsl/syntax/name.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {
namespace {

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

void add_number(std::string& text, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  if (digits.size() < width) text.append(width - digits.size(), '0');
  text += digits;
}

void add_date(std::string& text, std::int64_t day) {
  const Civil civil = civil_of(day);
  add_number(text, civil.year, 4);
  text += '-';
  add_number(text, civil.month, 2);
  text += '-';
  add_number(text, civil.day, 2);
}

std::string date_text(std::int64_t day) {
  std::string text;
  add_date(text, day);
  return text;
}

/// RFC 3339 in the zone, with its offset in force.
std::string instant_text(Value instant, const Calendar& calendar) {
  const Calendar::Local local = calendar.local(instant);
  const std::int64_t seconds = local.nanos / kNanosPerSecond;
  std::string text;
  text.reserve(32);
  const auto add_time = [&text](std::int64_t of) {
    add_number(text, of / 3600, 2);
    text += ':';
    add_number(text, of / 60 % 60, 2);
  };
  add_date(text, local.day);
  text += 'T';
  add_time(seconds);
  text += ':';
  add_number(text, seconds % 60, 2);
  if (const std::int64_t nanos = local.nanos % kNanosPerSecond; nanos != 0) {
    text += '.';
    add_number(text, nanos, 9);
    while (text.back() == '0') text.pop_back();
  }
  const Value utc = static_cast<Value>(local.day) * kNanosPerDay + local.nanos;
  const auto offset = static_cast<std::int64_t>((utc - instant) / kNanosPerSecond);
  text += offset < 0 ? '-' : '+';
  add_time(offset < 0 ? -offset : offset);
  return text;
}

}  // namespace

namespace {

/// A whole number as the wire writes it, which any number may be.
bool is_plain_number(const Token& token) {
  constexpr std::size_t kMostDigits = 15;
  const std::string& raw = token.raw;
  return token.kind == TokenKind::number && raw.size() <= kMostDigits &&
         (raw == "0" || (!raw.empty() && raw[0] != '0')) &&
         std::all_of(raw.begin(), raw.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void add_json_text(std::string& json, const std::string& text) {
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\' || c == 0x7f;
  });
  if (!plain) {
    json += nlohmann::json(text).dump();
    return;
  }
  json += '"';
  json += text;
  json += '"';
}

}  // namespace

std::string json_text(const std::string& text) {
  std::string json;
  json.reserve(text.size() + 2);
  add_json_text(json, text);
  return json;
}

void add_json(std::string& json, const std::string& name, const std::string& value) {
  if (!json.empty()) json += ',';
  add_json_text(json, name);
  json += ':';
  json += value;
}

const NameMap& ScenarioShapes::fields(const EventType& event, std::uint32_t parent) {
  const auto [known, fresh] = fields_.try_emplace({&event, parent});
  NameMap& names = known->second;
  for (std::uint32_t i = 0; fresh && i < event.fields.size(); ++i) {
    if (event.fields[i].parent == parent) names.emplace(fold(event.fields[i].name), i);
  }
  return names;
}

const NameMap& ScenarioShapes::members(const EntryKind& entry) {
  const auto [known, fresh] = members_.try_emplace(&entry);
  NameMap& names = known->second;
  for (std::uint32_t i = 0; fresh && i < entry.members.size(); ++i) {
    names.emplace(fold(entry.members[i].name), i);
  }
  return names;
}

const ScenarioShapes::Rows& ScenarioShapes::rows(const EntryKind::Member& member) {
  const auto [known, fresh] = rows_.try_emplace(&member);
  if (fresh) {
    for (const EntryKind::Member& column : member.columns) {
      known->second.add({column.name, column.wire, column.type});
    }
  }
  return known->second;
}

const ScenarioShapes::Rows& ScenarioShapes::rows(const ListType& list) {
  const auto [known, fresh] = rows_.try_emplace(&list);
  if (fresh) {
    for (const Field& column : list.columns) {
      known->second.add({column.name, column.wire, column.type.type});
    }
  }
  return known->second;
}

void ScenarioShapes::Rows::add(Column column) {
  names.emplace(fold(column.name), static_cast<std::uint32_t>(columns.size()));
  columns.push_back(std::move(column));
}

ScenarioReader::Cell* ScenarioReader::column(const Token& token) {
  if (in_cell_ || cells_.empty() ||
      (token.kind != TokenKind::word && token.kind != TokenKind::quoted)) {
    return nullptr;
  }
  const auto found = cells_.find(Folded(token.raw).text());
  return found == cells_.end() ? nullptr : &found->second;
}

/// The cell that stands for the value at the cursor: its column is named there, or nothing is and
/// `name`, whose value it is, is a column.
ScenarioReader::Cell* ScenarioReader::column_here(const Cursor& head, const Token* name) {
  const auto ends = [&head](std::size_t ahead) {
    return head.peek(ahead).raw.empty() || head.at_symbol(",", ahead) || head.at_symbol(")", ahead);
  };
  if (head.done() || ends(0)) return name == nullptr ? nullptr : column(*name);
  return ends(1) ? column(head.peek()) : nullptr;
}

/// A bare name that is a column and a name that might be meant as it is.
bool ScenarioReader::clashes(const Token& token, const Type& type) {
  if (type.kind != Kind::name || token.kind != TokenKind::word) return false;
  const Domain& domain = builder_.core_.domains[type.ref];
  if (builder_.domain_names_[type.ref].count(domain.exact ? token.raw : fold(token.raw)) == 0)
    return false;
  builder_.error(token.span, {"E0907.name", {token.raw, domain.name}});
  return true;
}

bool ScenarioReader::value_or_column(Cursor& head, const Token* name, const Type* type,
                                     std::string& json, Read read) {
  Cell* const cell = column_here(head, name);
  if (cell == nullptr) return read(head, json);
  if (!head.done() && head.peek().kind != TokenKind::symbol) {
    const Token& token = head.next();
    if (type != nullptr && clashes(token, *type)) return false;
  }
  cell->used = true;
  Cursor inner(*cell->tokens, cell->span, builder_.diagnostics_);
  if (inner.accept_symbol("-") && inner.done()) {
    json = "null";
    return true;
  }
  inner.rewind(0);
  in_cell_ = true;
  const bool ok = read(inner, json) && inner.finish();
  in_cell_ = false;
  return ok;
}

bool ScenarioReader::event_fields(Cursor& head, std::uint32_t event, std::uint32_t parent,
                                  std::string& json) {
  const EventType& type = builder_.core_.events[event];
  const NameMap& names = shapes_.fields(type, parent);
  std::set<std::uint32_t> given;
  bool unnamed = false;
  do {
    Token name = head.peek();
    std::optional<std::uint32_t> field;
    const bool is_word = name.kind == TokenKind::word || name.kind == TokenKind::quoted;
    unnamed = (!is_word || (!builder_.find(names, name) && column(name) == nullptr)) &&
              (field = unnamed_field(head, type, parent, given));
    if (!unnamed) {
      name = head.name("what.field");
      if (head.failed()) return false;
      field = builder_.find(names, name);
    }
    if (!field) {
      builder_.unknown(name, names, {"E0302.field-of", {type.name}});
      return false;
    }
    given.insert(*field);
    const FieldType& of = type.fields[*field].type;
    const bool plain = of.read != FieldType::Read::record && of.read != FieldType::Read::list &&
                       of.read != FieldType::Read::counts && of.read != FieldType::Read::set;
    std::string value;
    const auto read = [&](Cursor& at, std::string& out) {
      return field_value(at, event, *field, out);
    };
    if (!value_or_column(head, unnamed ? nullptr : &name, plain ? &of.type : nullptr, value, read))
      return false;
    add_json(json, type.fields[*field].wire, value);
    // Values without names may follow each other as in speech: `call basic 2500`.
  } while (head.accept_symbol(",") || (unnamed && !head.done() && !head.at_symbol(")")));
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
    case FieldType::Read::set:
      return set_value(head, known.type.type, json);
    case FieldType::Read::list:
    case FieldType::Read::counts:
      return list_value(head, known, json);
    default:
      return one_value(head, known.type.type, true, json);
  }
}

/// (NAME, NAME); in a cell the brackets may be left out.
bool ScenarioReader::set_value(Cursor& head, const Type& type, std::string& json) {
  Type name;
  name.kind = Kind::name;
  name.ref = type.ref;
  const auto read = [&](Cursor& at, std::string& out) { return one_value(at, name, true, out); };
  json = "[";
  const bool bare = in_cell_ && !head.at_symbol("(");
  if (!bare && !head.expect_symbol("(")) return false;
  while (!head.done() && !head.at_symbol(")")) {
    std::string one;
    if (!value_or_column(head, nullptr, &name, one, read)) return false;
    json += (json.size() > 1 ? "," : "") + one;
    if (!head.accept_symbol(",")) break;
  }
  json += "]";
  return bare || head.expect_symbol(")");
}

/// (NAME COUNT, NAME COUNT) for counts; (FIELD VALUE, ..), (FIELD VALUE, ..) for lists.
bool ScenarioReader::list_value(Cursor& head, const Field& field, std::string& json) {
  const auto& columns = builder_.core_.lists[field.type.list].columns;
  if (field.type.read == FieldType::Read::counts) {
    std::string rows;
    if (!head.expect_symbol("(")) return false;
    while (!head.at_symbol(")")) {
      const Token token = head.peek();
      const auto read = [&](Cursor& at, std::string& out) {
        return one_value(at, columns[1].type.type, false, out);
      };
      std::string name;
      std::string number;
      if (!one_value(head, columns[0].type.type, true, name) ||
          !value_or_column(head, &token, nullptr, number, read)) {
        return false;
      }
      rows += (rows.empty() ? "" : ",") + name + ":" + number;
      if (!head.accept_symbol(",")) break;
    }
    json = "{" + rows + "}";
    return head.expect_symbol(")");
  }
  return rows(head, shapes_.rows(builder_.core_.lists[field.type.list]), field.name, json);
}

/// (COLUMN VALUE, ..), (COLUMN VALUE, ..): brackets for each row; () for none.
bool ScenarioReader::rows(Cursor& head, const ScenarioShapes::Rows& shape, const std::string& what,
                          std::string& json) {
  const NameMap& names = shape.names;
  const std::vector<ScenarioShapes::Column>& columns = shape.columns;
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
        builder_.unknown(name, names, {"E0302.column-of", {what}});
        return false;
      }
      const Type& type = columns[*column].type;
      const auto read = [&](Cursor& at, std::string& out) {
        return one_value(at, type, true, out);
      };
      std::string value;
      if (!value_or_column(head, &name, &type, value, read)) return false;
      add_json(row, columns[*column].wire, value);
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
    const Domain& domain = builder_.core_.domains[type.ref];
    const NameMap& names = builder_.domain_names_[type.ref];
    const auto found = names.find(domain.exact ? token.raw : Folded(token.raw).text());
    if (found == names.end()) {
      builder_.name_of_domain(token, type.ref);  // says so
      return false;
    }
    json = json_text(domain.names[found->second].wire);
    return true;
  }
  return literal_value(head, type, json);
}

bool ScenarioReader::literal_value(Cursor& head, const Type& type, std::string& json) {
  const bool alone = head.peek(1).raw.empty() || head.at_symbol(",", 1) || head.at_symbol(")", 1);
  if (type.kind == Kind::number && alone && is_plain_number(head.peek())) {
    json = head.next().raw;
    if (type.scale > 0) json = json_text(json);
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

bool ScenarioReader::members(Cursor& head, const EntryKind& entry, std::string& json) {
  const NameMap& names = shapes_.members(entry);
  do {
    const Token name = head.name("what.member");
    if (head.failed()) return false;
    const auto member = builder_.find(names, name);
    if (!member) {
      builder_.unknown(name, names, "noun.member");
      return false;
    }
    const EntryKind::Member& known = entry.members[*member];
    const auto read = [&](Cursor& at, std::string& out) { return member_value(at, known, out); };
    std::string value;
    if (!value_or_column(head, &name, known.rows ? nullptr : &known.type, value, read))
      return false;
    add_json(json, known.wire, value);
  } while (head.accept_symbol(","));
  return true;
}

bool ScenarioReader::member_value(Cursor& head, const EntryKind::Member& member,
                                  std::string& json) {
  if (!member.rows) return one_value(head, member.type, true, json);
  return rows(head, shapes_.rows(member), member.name, json);
}

std::string ScenarioReader::time_text(const Token& token) const {
  const Calendar& calendar = *builder_.calendar_;
  return instant_text(local_instant(token.raw, calendar), calendar);
}

}  // namespace toll::dsl
