// Names, clauses, units and types: what the other files of the builder stand on.

#include <algorithm>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/folded.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/source.hpp"

namespace toll::dsl {

void Builder::error(SourceSpan span, Message message, Message help) {
  diagnostics_.error(span, std::move(message), std::move(help));
}

std::optional<std::uint32_t> Builder::find(const NameMap& names, const Token& token) const {
  const auto* found = names.find(Folded(token.raw).text());
  if (found == nullptr && token.kind == TokenKind::word && token.word != token.raw) {
    found = names.find(Folded(token.word).text());
  }
  if (found == nullptr) return std::nullopt;
  return found->second;
}

bool Builder::declare(NameMap& names, const Token& token, std::uint32_t index, Message what) {
  if (token.raw.empty()) return false;
  const std::string folded = fold(token.raw);
  if (names.emplace(folded, index).second) {
    declared_.emplace(std::pair(&names, folded), token.span);
    return true;
  }
  Diagnostic twice;
  twice.message = {"E0301.twice", {std::move(what), token.raw}};
  twice.span = token.span;
  if (const auto first = declared_.find({&names, folded}); first != declared_.end()) {
    twice.related.push_back({Severity::note, "note.first-here", first->second, {}, {}, {}, {}});
  }
  diagnostics_.add(std::move(twice));
  return false;
}

ClauseId Builder::clause(const std::string& id, SourceSpan span, ClauseId parent) {
  toll::Clause made;
  if (parent != kNone) {
    const std::string& above = core_.clauses[parent].id;
    made.id.reserve(above.size() + 1 + id.size());
    made.id.append(above).append(1, '/');
  }
  made.id += id;
  int& known = clause_ids_[made.id];
  const int times = ++known;
  clause_counts_.push_back(&known);
  if (times > 1) made.id += "#" + std::to_string(times);
  const Position at = sources_.position(span);
  const std::string_view path = sources_.path(span.file);
  made.file = path.substr(path.starts_with(root_) ? root_.size() : 0);
  made.line = at.line;
  made.column = at.column;
  made.parent = parent;
  core_.clauses.push_back(std::move(made));
  clause_spans_.push_back(span);
  return static_cast<ClauseId>(core_.clauses.size() - 1);
}

/// Where a clause stands.
SourceSpan Builder::clause_span(ClauseId clause) const {
  return clause < clause_spans_.size() ? clause_spans_[clause] : SourceSpan{};
}

Cursor Builder::cursor(const Clause& clause) {
  return Cursor(clause.head, clause.span, diagnostics_);
}

/// The text of a table cell or list element as written: names with dots and slashes in them are
/// several tokens, but one name.
std::string Builder::cell_text(const std::vector<Token>& tokens, std::size_t first,
                               std::size_t last) const {
  if (last == first + 1) return tokens[first].raw;
  std::string text;
  for (std::size_t i = first; i < last; ++i) {
    if (i > first && tokens[i].spaced) text += ' ';
    text += tokens[i].raw;
  }
  return text;
}

/// `NAME = "wire"`: the name that events and entries use; the name itself if nothing is said.
std::string Builder::wire(Cursor& head, const std::string& name) {
  if (head.at_symbol("=") && head.peek(1).kind == TokenKind::string) {
    head.next();
    return head.next().raw;
  }
  return name;
}

void Builder::part(ClauseId declaration, const std::string& part) {
  // Mostly the latest.
  const auto known =
      std::find_if(core_.declarations.rbegin(), core_.declarations.rend(),
                   [&](const Declaration& one) { return one.clause == declaration; });
  if (known != core_.declarations.rend()) known->parts.push_back(part);
}

// ---- units and types

std::optional<std::uint32_t> Builder::unit_index(const Token& token) {
  if (auto found = find(units_, token)) return found;
  return std::nullopt;
}

std::optional<Dimension> Builder::read_dimension(const std::vector<Token>& unit, bool quiet) {
  std::map<std::uint8_t, int> powers;
  int sign = 1;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    if (unit[i].kind == TokenKind::symbol) {
      sign = unit[i].word == "/" ? -1 : 1;
      continue;
    }
    const auto index = unit_index(unit[i]);
    if (!index) {
      if (!quiet) unknown(unit[i], units_, "noun.unit");
      return std::nullopt;
    }
    powers[static_cast<std::uint8_t>(*index)] += sign;
  }
  Dimension dimension;
  int n = 0;
  for (const auto& [index, exponent] : powers) {
    if (exponent == 0) continue;
    if (n == Dimension::kMax) return std::nullopt;
    dimension.powers[n++] = {index, static_cast<std::int8_t>(exponent)};
  }
  return dimension;
}

/// bool, text, instant, date, month, span, number, decimal, count UNIT, money [CURRENCY],
/// price UNIT, set DOMAIN, row FAMILY, DOMAIN, each perhaps followed by `?`.
std::optional<Type> Builder::read_type(Cursor& head) {
  const Token token = head.name("what.type");
  if (head.failed()) return std::nullopt;
  Type type;
  const std::string& word = token.word;
  auto domain_after = [&](Kind kind) -> bool {
    const Token name = head.name("what.domain");
    if (head.failed()) return false;
    const auto found = find(domains_, name);
    if (!found) {
      unknown(name, domains_, "noun.domain");
      return false;
    }
    type.kind = kind;
    type.ref = *found;
    return true;
  };
  auto unit_after = [&]() -> bool {
    std::vector<Token> unit;
    // A unit may be called file; `file "x"` goes on with what stands before.
    if (head.at_word("file") && head.peek(1).kind == TokenKind::string) return true;
    while (can_be_unit(head.peek()) && (unit.empty() || unit.back().kind == TokenKind::symbol)) {
      unit.push_back(head.next());
      if ((head.at_symbol("/") || head.at_symbol("*")) && can_be_unit(head.peek(1))) {
        unit.push_back(head.next());
      }
    }
    const auto dimension = read_dimension(unit);
    if (!dimension) return false;
    type.dimension = *dimension;
    return true;
  };
  if (const auto domain = find(domains_, token)) {
    type.kind = Kind::name;
    type.ref = *domain;
  } else if (word == "bool") {
    type.kind = Kind::boolean;
  } else if (word == "text") {
    type.kind = Kind::text;
  } else if (word == "instant") {
    type.kind = Kind::instant;
  } else if (word == "date") {
    type.kind = Kind::date;
  } else if (word == "month") {
    type.kind = Kind::month;
  } else if (word == "span") {
    type.kind = Kind::span;
  } else if (word == "number" || word == "count" || word == "decimal") {
    type.kind = Kind::number;
    type.scale = word == "decimal" ? kMoneyScale : 0;
    if (!unit_after()) return std::nullopt;
  } else if (word == "money" || word == "price") {
    type.kind = Kind::number;
    type.scale = kMoneyScale;
    if (!unit_after()) return std::nullopt;
    if (type.dimension.none()) {
      std::uint32_t currency = 0;
      for (std::uint32_t i = 1; i < core_.units.size() && currency == 0; ++i) {
        if (core_.units[i].currency) currency = i;
      }
      if (currency == 0) {
        error(token.span, "E0303.no-currency");
        return std::nullopt;
      }
      type.dimension.powers[0] = {static_cast<std::uint8_t>(currency), 1};
    }
  } else if (word == "set") {
    if (!domain_after(Kind::set)) return std::nullopt;
  } else if (word == "row") {
    const Token name = head.name("what.list-counter-table");
    if (head.failed()) return std::nullopt;
    type.kind = Kind::row;
    if (const auto family = find(families_, name)) {
      type.of = Of::family;
      type.ref = *family;
    } else if (const auto table = find(tables_, name)) {
      type.of = Of::table;
      type.ref = *table;
    } else {
      unknown(name, families_, "noun.list-counter-table");
      return std::nullopt;
    }
  } else {
    unknown(token, domains_, "noun.type");
    return std::nullopt;
  }
  type.optional = head.accept_symbol("?");
  return type;
}

std::string Builder::show(const Dimension& dimension) const {
  std::string above;
  std::string below;
  for (const auto& power : dimension.powers) {
    if (power.unit == 0) break;
    for (int i = 0; i < std::abs(power.exponent); ++i) {
      if (power.exponent > 0) {
        above += (above.empty() ? "" : "*") + core_.units[power.unit].name;
      } else {
        below += "/" + core_.units[power.unit].name;
      }
    }
  }
  return above + below;
}

Message Builder::show(const Type& type) const {
  Message shown;
  switch (type.kind) {
    case Kind::boolean:
      shown = "type.bool";
      break;
    case Kind::number: {
      const std::string units = show(type.dimension);
      const bool whole = type.scale == 0;
      const bool unrounded = type.scale > kMoneyScale;
      if (units.empty()) {
        shown = whole ? "type.number" : unrounded ? "type.unrounded-decimal" : "type.decimal";
      } else {
        shown.id = whole ? "type.count-of" : unrounded ? "type.unrounded" : "type.amount-of";
        shown.arguments = {units};
      }
      break;
    }
    case Kind::text:
      shown = "type.text";
      break;
    case Kind::name:
      shown = {"type.name-of", {core_.domains[type.ref].name}};
      break;
    case Kind::instant:
      shown = "type.instant";
      break;
    case Kind::date:
      shown = "type.date";
      break;
    case Kind::month:
      shown = "type.month";
      break;
    case Kind::span:
      shown = "type.span";
      break;
    case Kind::set:
      shown = {"type.set-of", {core_.domains[type.ref].name}};
      break;
    case Kind::row:
      shown = {
          "type.row-of",
          {type.of == Of::table ? core_.tables[type.ref].name : core_.families[type.ref].name}};
      break;
    case Kind::list:
      shown = "type.list";
      break;
  }
  return type.optional ? Message("type.maybe", {shown}) : shown;
}

/// Makes `type` hold values of `other` too, where both are of one sort: more decimals, the units of
/// a bare 0, an instant beside a date, the domain that includes the other.
void Builder::widen(Type& type, const Type& other) const {
  type.scale = std::max(type.scale, other.scale);
  if (type.dimension.none()) type.dimension = other.dimension;
  if (type.kind == Kind::date && other.kind == Kind::instant) type.kind = Kind::instant;
  if (type.kind == Kind::name && other.kind == Kind::name && name_fits(type.ref, other.ref)) {
    type.ref = other.ref;
  }
}

/// Names of a domain are names of every domain that includes it.
bool Builder::name_fits(std::uint32_t from, std::uint32_t to) const {
  if (from == to) return true;
  for (const std::uint32_t included : core_.domains[to].includes) {
    if (name_fits(from, included)) return true;
  }
  return false;
}

}  // namespace toll::dsl
