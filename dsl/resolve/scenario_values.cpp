// The values in a scenario: literals, rows and cells of examples, as the wire writes them.

#include <algorithm>

#include "dsl/resolve/literals.hpp"
#include "dsl/resolve/scenario_json.hpp"
#include "dsl/resolve/scenarios.hpp"
#include "dsl/syntax/folded.hpp"
#include "dsl/syntax/name.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {
namespace {

bool is_plain_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

const NameMap& ScenarioShapes::fields(const EventType& event, std::uint32_t parent) {
  const auto [known, fresh] = fields_.try_emplace({&event, parent});
  NameMap& names = known->second;
  for (std::uint32_t i = 0; fresh && i < event.fields.size(); ++i) {
    if (event.fields[i].parent == parent) names.emplace(fold(event.fields[i].name), i);
  }
  return names;
}

const std::string& ScenarioShapes::time(std::string_view written, const Calendar& calendar) {
  if (const Time* const known = times_by_text_.find(written)) return known->text;
  Time& made = times_.emplace_back();
  made.written = written;
  add_instant(made.text, local_instant(written, calendar), calendar);
  times_by_text_.add(&made);
  return made.text;
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
  if (cells_.empty() || in_cell_) return nullptr;
  if (head.done() || ends(head, 0)) return name == nullptr ? nullptr : column(*name);
  return ends(head, 1) ? column(head.peek()) : nullptr;
}

/// A bare name that is a column and a name that might be meant as it is.
bool ScenarioReader::clashes(const Token& token, const Type& type) {
  if (type.kind != Kind::name || token.kind != TokenKind::word) return false;
  const Domain& domain = builder_.core_.domains[type.ref];
  const Folded folded(token.raw);
  if (!builder_.domain_names_[type.ref].contains(domain.exact ? std::string_view(token.raw)
                                                              : folded.text()))
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
  ++cells_read_;
  Cursor inner(*cell->tokens, cell->span, builder_.diagnostics_);
  if (inner.accept_symbol("-") && inner.done()) {
    json += "null";
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
  std::vector<bool> given(type.fields.size(), false);
  bool unnamed = false;
  do {
    const Token* name = &head.peek();
    std::optional<std::uint32_t> field;
    const bool is_word = name->kind == TokenKind::word || name->kind == TokenKind::quoted;
    if (is_word) field = builder_.find(names, *name);
    const std::optional<std::uint32_t> alone = field || (is_word && column(*name) != nullptr)
                                                   ? std::nullopt
                                                   : unnamed_field(head, type, parent, given);
    unnamed = alone.has_value();
    if (unnamed) {
      field = alone;
    } else {
      name = &head.name("what.field");
      if (head.failed()) return false;
    }
    if (!field) {
      builder_.unknown(*name, names, {"E0302.field-of", {type.name}});
      return false;
    }
    given[*field] = true;
    const FieldType& of = type.fields[*field].type;
    const bool plain = of.read != FieldType::Read::record && of.read != FieldType::Read::list &&
                       of.read != FieldType::Read::counts && of.read != FieldType::Read::set;
    const auto read = [&](Cursor& at, std::string& out) {
      return field_value(at, event, *field, out);
    };
    add_json_name(json, type.fields[*field].wire);
    if (!value_or_column(head, unnamed ? nullptr : name, plain ? &of.type : nullptr, json, read))
      return false;
    // Values without names may follow each other as in speech: `call basic 2500`.
  } while (head.accept_symbol(",") || (unnamed && !head.done() && !head.at_symbol(")")));
  return true;
}

bool ScenarioReader::field_value(Cursor& head, std::uint32_t event, std::uint32_t field,
                                 std::string& json) {
  const Field& known = builder_.core_.events[event].fields[field];
  switch (known.type.read) {
    case FieldType::Read::record: {
      json += '{';
      if (!head.expect_symbol("(") ||
          (!head.at_symbol(")") && !event_fields(head, event, field, json)) ||
          !head.expect_symbol(")")) {
        return false;
      }
      json += '}';
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
  json += '[';
  const bool bare = in_cell_ && !head.at_symbol("(");
  if (!bare && !head.expect_symbol("(")) return false;
  while (!head.done() && !head.at_symbol(")")) {
    if (json.back() != '[') json += ',';
    if (!value_or_column(head, nullptr, &name, json, read)) return false;
    if (!head.accept_symbol(",")) break;
  }
  json += ']';
  return bare || head.expect_symbol(")");
}

/// (NAME COUNT, NAME COUNT) for counts; (FIELD VALUE, ..), (FIELD VALUE, ..) for lists.
bool ScenarioReader::list_value(Cursor& head, const Field& field, std::string& json) {
  const auto& columns = builder_.core_.lists[field.type.list].columns;
  if (field.type.read == FieldType::Read::counts) {
    json += '{';
    if (!head.expect_symbol("(")) return false;
    while (!head.at_symbol(")")) {
      const Token& token = head.peek();
      const auto read = [&](Cursor& at, std::string& out) {
        return one_value(at, columns[1].type.type, false, out);
      };
      if (json.back() != '{') json += ',';
      if (!one_value(head, columns[0].type.type, true, json)) return false;
      json += ':';
      if (!value_or_column(head, &token, nullptr, json, read)) return false;
      if (!head.accept_symbol(",")) break;
    }
    json += '}';
    return head.expect_symbol(")");
  }
  return rows(head, shapes_.rows(builder_.core_.lists[field.type.list]), field.name, json);
}

/// (COLUMN VALUE, ..), (COLUMN VALUE, ..): brackets for each row; () for none.
bool ScenarioReader::rows(Cursor& head, const ScenarioShapes::Rows& shape, const std::string& what,
                          std::string& json) {
  const NameMap& names = shape.names;
  const std::vector<ScenarioShapes::Column>& columns = shape.columns;
  json += '[';
  do {
    if (json.back() != '[') {
      head.next();  // the comma between rows
      json += ',';
    }
    if (!head.expect_symbol("(")) return false;
    if (head.accept_symbol(")")) {
      if (json.back() == ',') json.pop_back();
      break;
    }
    json += '{';
    do {
      const Token& name = head.name("what.column");
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
      add_json_name(json, columns[*column].wire);
      if (!value_or_column(head, &name, &type, json, read)) return false;
    } while (head.accept_symbol(","));
    if (!head.expect_symbol(")")) return false;
    json += '}';
  } while (head.at_symbol(",") && head.at_symbol("(", 1));
  json += ']';
  return true;
}

/// A literal of the type, as the wire writes it. `open`: names that nobody knows may stand.
bool ScenarioReader::one_value(Cursor& head, const Type& type, bool open, std::string& json) {
  if (head.accept_word("none")) {
    json += "null";
    return true;
  }
  if (type.kind != Kind::name && type.kind != Kind::text) return literal_value(head, type, json);
  const bool text = head.peek().kind == TokenKind::string;
  const Token* token = text ? &head.next() : &head.name("what.name-or-text");
  if (head.failed()) return false;
  Token dotted;  // a name with dots in it
  if (!text && head.at_symbol(".") && !head.peek().spaced) {
    dotted = *token;
    token = &dotted;
    while (head.at_symbol(".") && !head.peek().spaced) {
      dotted.raw = dotted.raw + head.next().raw;
      dotted.raw = dotted.raw + head.next().raw;
    }
  }
  if (type.kind == Kind::text || (open && text)) {
    add_json_text(json, token->raw);
    return true;
  }
  const Domain& domain = builder_.core_.domains[type.ref];
  const NameMap& names = builder_.domain_names_[type.ref];
  const auto* const found =
      domain.exact ? names.find(token->raw) : names.find(Folded(token->raw).text());
  if (found == nullptr) {
    builder_.name_of_domain(*token, type.ref);  // says so
    return false;
  }
  add_json_text(json, domain.names[found->second].wire);
  return true;
}

/// A number with as many decimals as it has, in quotes if its type may have some.
bool ScenarioReader::plain_number(Cursor& head, const Type& type, std::string& json) {
  constexpr std::size_t kMostDigits = 15;
  const std::size_t minus = head.at_symbol("-") ? 1 : 0;
  const Token& token = head.peek(minus);
  if (token.kind != TokenKind::number || token.raw.size() > kMostDigits) return false;
  const std::string_view raw = token.raw;
  const std::size_t point = std::min(raw.find('.'), raw.size());
  const std::string_view whole = raw.substr(0, point);
  std::string_view decimals = raw.substr(std::min(point + 1, raw.size()));
  if (whole.empty() || (whole[0] == '0' && whole.size() > 1)) return false;
  if (!is_plain_digits(whole) || !is_plain_digits(decimals)) return false;
  bool fine = point != raw.size();  // of more decimals than whole numbers have
  std::size_t length = minus + 1;
  if (!ends(head, length)) {
    // One unit, that of the type; a bare number is understood in it.
    const Token& unit = head.peek(length);
    if (!can_be_unit(unit) || is_time_word(unit) || !ends(head, ++length)) return false;
    const auto index = builder_.unit_index(unit);
    Dimension dimension;
    if (!index || *index == 0) return false;
    dimension.powers[0] = {static_cast<std::uint8_t>(*index), 1};
    if (!(dimension == type.dimension)) return false;
    fine = fine || builder_.core_.units[*index].currency;
  }
  while (!decimals.empty() && decimals.back() == '0') decimals.remove_suffix(1);
  const bool zero = whole == "0" && decimals.empty();
  if (decimals.size() > kMoneyScale || (fine && type.scale < kMoneyScale && !zero)) return false;
  for (; length > 0; --length) head.next();
  if (type.scale > 0) json += '"';
  if (minus > 0 && !zero) json += '-';
  json += whole;
  if (!decimals.empty()) {
    json += '.';
    json += decimals;
  }
  if (type.scale > 0) json += '"';
  return true;
}

/// Does a value end before the token that is so far ahead?
bool ScenarioReader::ends(const Cursor& head, std::size_t ahead) {
  return head.peek(ahead).raw.empty() || head.at_symbol(",", ahead) || head.at_symbol(")", ahead);
}

/// What says at sight what it is worth; false for all else, right or wrong.
bool ScenarioReader::plain_literal(Cursor& head, const Type& type, std::string& json) {
  if (type.kind == Kind::number) return plain_number(head, type, json);
  const Token& token = head.peek();
  const bool date = token.kind == TokenKind::date;
  if (!ends(head, 1)) return false;
  if (type.kind == Kind::boolean) {
    const bool known = token.kind == TokenKind::word && token.keyword &&
                       (token.word == "true" || token.word == "false");
    if (known) json += token.word;
    if (known) head.next();
    return known;
  }
  if (type.kind == Kind::instant && (date || token.kind == TokenKind::time)) {
    json += '"';
    json += time_text(head.next());
    json += '"';
    return true;
  }
  if (!date || (type.kind != Kind::date && type.kind != Kind::month)) return false;
  constexpr std::size_t kMonth = 7;
  add_json_text(json, std::string_view(head.next().raw)
                          .substr(0, type.kind == Kind::month ? kMonth : std::string_view::npos));
  return true;
}

bool ScenarioReader::literal_value(Cursor& head, const Type& type, std::string& json) {
  if (plain_literal(head, type, json)) return true;
  const ExprPtr expr = head.expression();
  if (expr == nullptr) return false;
  Context context;
  Type plain = type;
  plain.optional = false;
  if (type.kind == Kind::month && expr->kind == Expr::Kind::date) {
    json += json_text(expr->token.raw.substr(0, 7));
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
      json += *known != 0 ? "true" : "false";
      break;
    case Kind::number: {
      const std::string number = decimal(*known, type.scale);
      json += type.scale > 0 ? json_text(number) : number;
      break;
    }
    case Kind::date:
      json += json_text(date_text(static_cast<std::int64_t>(*known)));
      break;
    case Kind::instant:
      json += '"';
      json += time_text(expr->token);
      json += '"';
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
    const Token& name = head.name("what.member");
    if (head.failed()) return false;
    const auto member = builder_.find(names, name);
    if (!member) {
      builder_.unknown(name, names, "noun.member");
      return false;
    }
    const EntryKind::Member& known = entry.members[*member];
    const auto read = [&](Cursor& at, std::string& out) { return member_value(at, known, out); };
    add_json_name(json, known.wire);
    if (!value_or_column(head, &name, known.rows ? nullptr : &known.type, json, read)) return false;
  } while (head.accept_symbol(","));
  return true;
}

bool ScenarioReader::member_value(Cursor& head, const EntryKind::Member& member,
                                  std::string& json) {
  if (!member.rows) return one_value(head, member.type, true, json);
  return rows(head, shapes_.rows(member), member.name, json);
}

const std::string& ScenarioReader::time_text(const Token& token) const {
  return shapes_.time(token.raw, *builder_.calendar_);
}

}  // namespace toll::dsl
