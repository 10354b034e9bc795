// As much of types as phrases need: is it a time, is it a row.

#include <algorithm>

#include "dsl/syntax/name.hpp"
#include "tools/show/phrases.hpp"

namespace toll::tools::show {

using dsl::Expr;

namespace {

template <class Thing>
std::uint32_t index_of(const std::vector<Thing>& things, const std::string& name) {
  const std::string folded = dsl::fold(name);
  for (std::uint32_t i = 0; i < things.size(); ++i) {
    if (dsl::fold(things[i].name) == folded) return i;
  }
  return kNone;
}

Type row(Of of, std::uint32_t index) {
  Type type;
  type.kind = Kind::row;
  type.of = of;
  type.ref = index;
  return type;
}

Type plain(Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

}  // namespace

std::uint32_t Phrases::event_index(const dsl::Token& name) const {
  return index_of(words_.core().events, name.raw);
}

std::optional<Type> Phrases::row_of_family(const dsl::Token& name) const {
  const std::uint32_t family = index_of(words_.core().families, name.raw);
  return family == kNone ? std::nullopt : std::optional(row(Of::family, family));
}

std::optional<Type> Phrases::row_type(const Expr& source, const Scope& scope) const {
  if (source.kind == Expr::Kind::name && scope.find(source.token.raw) == nullptr) {
    if (const auto family = row_of_family(source.token)) return family;
    const std::uint32_t table = index_of(words_.core().tables, source.token.raw);
    if (table != kNone) return row(Of::table, table);
  }
  const std::optional<Type> type = type_of(source, scope);
  if (type && type->kind == Kind::list) return row(type->of, type->ref);
  return std::nullopt;
}

std::optional<Type> Phrases::column_type(const Type& of, const std::string& name) const {
  const Core& core = words_.core();
  const auto find = [&](const auto& columns) -> std::optional<Type> {
    const std::uint32_t at = index_of(columns, name);
    return at == kNone ? std::nullopt : std::optional(columns[at].type);
  };
  if (of.kind != Kind::row) return std::nullopt;
  if (of.of == Of::table) return find(core.tables[of.ref].columns);
  if (of.of == Of::family) return find(core.families[of.ref].fields);
  if (of.of == Of::list) {
    const std::vector<Field>& columns = core.lists[of.ref].columns;
    const std::uint32_t at = index_of(columns, name);
    if (at != kNone) return columns[at].type.type;
  }
  return std::nullopt;
}

std::optional<Type> Phrases::type_of(const Expr& expr, const Scope& scope) const {
  const Core& core = words_.core();
  switch (expr.kind) {
    case Expr::Kind::now:
    case Expr::Kind::clock:
    case Expr::Kind::time:
      return plain(Kind::instant);
    case Expr::Kind::date:
      return plain(Kind::date);
    case Expr::Kind::name: {
      if (const Scope::Local* local = scope.find(expr.token.raw)) return local->type;
      const std::uint32_t at = index_of(core.registers, expr.token.raw);
      return at == kNone ? std::nullopt : std::optional(core.registers[at].type);
    }
    case Expr::Kind::member: {
      if (expr.args[0]->kind == Expr::Kind::event && scope.event != kNone) {
        const std::vector<Field>& fields = core.events[scope.event].fields;
        const std::uint32_t at = index_of(fields, expr.token.raw);
        return at == kNone ? std::nullopt : std::optional(fields[at].type.type);
      }
      const std::optional<Type> base = type_of(*expr.args[0], scope);
      return base ? column_type(*base, expr.token.raw) : std::nullopt;
    }
    case Expr::Kind::index:
      return row_type(*expr.args[0], scope);
    case Expr::Kind::binary: {
      const std::string& word = expr.token.word;
      if (word != "+" && word != "-") return std::nullopt;
      const std::optional<Type> left = type_of(*expr.args[0], scope);
      const std::optional<Type> right = type_of(*expr.args[1], scope);
      const bool difference = word == "-" && left && right && left->kind == right->kind;
      return difference ? std::nullopt : left;
    }
    case Expr::Kind::call: {
      const std::uint32_t definition = index_of(core.definitions, expr.token.raw);
      if (definition != kNone && core.definitions[definition].body != kNoNode) {
        return core.nodes[core.definitions[definition].body].type;
      }
      const std::string& word = expr.token.word;
      if (word == "date" || word == "start") return plain(Kind::date);
      if (word == "month") return plain(Kind::month);
      const bool passes = word == "either" || word == "min" || word == "max";
      return passes && !expr.args.empty() ? type_of(*expr.args[0], scope) : std::nullopt;
    }
    case Expr::Kind::aggregate: {
      const std::string& word = expr.token.word;
      const std::optional<Type> of = row_type(*expr.over.source, scope);
      if (word == "first" || word == "last") return of;
      if (word != "min" && word != "max") return std::nullopt;
      Scope inner = scope;
      inner.locals.push_back({expr.over.variable.raw, of, true});
      return type_of(*expr.args[0], inner);
    }
    default:
      return std::nullopt;
  }
}

bool Phrases::is_time(const Expr& expr, const Scope& scope) const {
  const std::optional<Type> type = type_of(expr, scope);
  return type &&
         (type->kind == Kind::instant || type->kind == Kind::date || type->kind == Kind::month);
}

}  // namespace toll::tools::show
