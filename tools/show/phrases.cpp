#include "tools/show/phrases.hpp"

#include <algorithm>

#include "dsl/syntax/name.hpp"

namespace toll::tools::show {

using dsl::Expr;

namespace {

bool is_event(const Expr& expr) { return expr.kind == Expr::Kind::event; }

}  // namespace

const Scope::Local* Scope::find(const std::string& name) const {
  const std::string folded = dsl::fold(name);
  for (auto it = locals.rbegin(); it != locals.rend(); ++it) {
    if (dsl::fold(it->name) == folded) return &*it;
  }
  return nullptr;
}

Inline Phrases::expression(const Expr& expr, const Scope& scope) const {
  return phrase(expr, scope).text;
}

Inline Phrases::expression(const Tokens& tokens, const Scope& scope) const {
  const dsl::ExprPtr expr = read_expression(tokens);
  return expr == nullptr ? code(text_of(tokens, 0, tokens.size())) : expression(*expr, scope);
}

Inline Phrases::part(const Tokens& tokens, const Scope& scope) const {
  const dsl::ExprPtr expr = read_expression(tokens);
  return expr == nullptr ? code(text_of(tokens, 0, tokens.size()))
                         : at_least(Bond::either, *expr, scope);
}

Inline Phrases::condition(const Tokens& tokens, const Scope& scope) const {
  const dsl::ExprPtr expr = read_expression(tokens);
  return expr == nullptr ? code(text_of(tokens, 0, tokens.size())) : condition(*expr, scope);
}

Inline Phrases::condition(const Expr& expr, const Scope& scope) const {
  return condition_phrase(expr, scope).text;
}

Phrases::Phrase Phrases::condition_phrase(const Expr& expr, const Scope& scope) const {
  Phrase made = phrase(expr, scope);
  if (expr.kind != Expr::Kind::member && expr.kind != Expr::Kind::name) return made;
  const std::optional<Type> type = type_of(expr, scope);
  if (!type || type->kind != Kind::boolean) return made;
  return {words_.say("show.holds", {made.text}), Bond::comparison};
}

Inline Phrases::condition_at_least(Bond bond, const Expr& expr, const Scope& scope) const {
  const Phrase made = condition_phrase(expr, scope);
  return made.bond < bond ? words_.say("show.brackets", {made.text}) : made.text;
}

Inline Phrases::at_least(Bond bond, const Expr& expr, const Scope& scope) const {
  Phrase made = phrase(expr, scope);
  return made.bond < bond ? words_.say("show.brackets", {made.text}) : made.text;
}

Phrases::Phrase Phrases::phrase(const Expr& expr, const Scope& scope) const {
  switch (expr.kind) {
    case Expr::Kind::number:
    case Expr::Kind::percent:
      return {words_.quantity(expr.token, expr.unit)};
    case Expr::Kind::text:
      return {expr.token.raw.empty() ? words_.say("show.empty-text") : code(expr.token.raw)};
    case Expr::Kind::name:
      return {name_of(expr.token, scope)};
    case Expr::Kind::date:
    case Expr::Kind::time:
      return {value(Words::time(expr.token))};
    case Expr::Kind::constant:
      if (expr.token.word == "none") return {words_.say("show.nothing")};
      return {words_.say(expr.token.word == "true" ? "show.yes" : "show.no")};
    case Expr::Kind::now:
      return {words_.say("show.now")};
    case Expr::Kind::clock:
      return {words_.say("show.clock")};
    case Expr::Kind::event:
      return {words_.say("show.event")};
    case Expr::Kind::member:
      return member(expr, scope);
    case Expr::Kind::index:
      return index(expr, scope);
    case Expr::Kind::call:
      return call(expr, scope);
    case Expr::Kind::unary:
      return unary(expr, scope);
    case Expr::Kind::binary:
      return binary(expr, scope);
    case Expr::Kind::aggregate:
      return aggregate(expr, scope, false);
    case Expr::Kind::tuple:
      return {words_.say("show.brackets", {keys(expr, 0, scope)})};
    case Expr::Kind::cases: {
      std::vector<Inline> all;
      for (std::size_t i = 0; i + 1 < expr.args.size(); i += 2) {
        all.push_back(one_case(expr, i, scope));
      }
      return {words_.series(all), Bond::sequence};
    }
  }
  return {};
}

Inline Phrases::one_case(const Expr& expr, std::size_t at, const Scope& scope) const {
  const Inline then = at_least(Bond::either, *expr.args[at + 1], scope);
  if (expr.args[at] == nullptr) return words_.say("show.case-otherwise", {then});
  return words_.say("show.case", {condition(*expr.args[at], scope), then});
}

std::vector<Inline> Phrases::cases(const Tokens& tokens, const Scope& scope) const {
  const dsl::ExprPtr expr = read_expression(tokens);
  std::vector<Inline> all;
  if (expr == nullptr || expr->kind != Expr::Kind::cases) return all;
  for (std::size_t i = 0; i + 1 < expr->args.size(); i += 2) {
    all.push_back(one_case(*expr, i, scope));
  }
  return all;
}

// ---- Operators ---------------------------------------------------------------------------------

Phrases::Phrase Phrases::binary(const Expr& expr, const Scope& scope) const {
  const std::string& word = expr.token.word;
  const auto both = [&](std::string_view id, Bond bond, Bond right) {
    return Phrase{words_.say(id, {at_least(bond, *expr.args[0], scope),
                                  at_least(right, *expr.args[1], scope)}),
                  bond};
  };
  if (word == "or" || word == "and") {
    const Bond bond = word == "or" ? Bond::either : Bond::both;
    return {words_.say(word == "or" ? "show.or" : "show.and",
                       {condition_at_least(bond, *expr.args[0], scope),
                        condition_at_least(bond, *expr.args[1], scope)}),
            bond};
  }
  if (word == "*") return both("show.times", Bond::product, Bond::word);
  if (word == "/") return both("show.divided", Bond::product, Bond::word);
  if (word == "//") return both("show.divided-whole", Bond::product, Bond::word);
  if (word == "%") return both("show.modulo", Bond::product, Bond::word);
  if (word != "+" && word != "-") return comparison(expr, scope);
  Phrase made = both(word == "+" ? "show.plus" : "show.minus", Bond::sum, Bond::product);
  if (expr.end == dsl::CalendarEnd::exact) made.text = words_.say("show.exact", {made.text});
  if (expr.end == dsl::CalendarEnd::end_of_day) {
    made.text = words_.say("show.to-end-of-day", {made.text});
  }
  return made;
}

Phrases::Phrase Phrases::comparison(const Expr& expr, const Scope& scope) const {
  const std::string& word = expr.token.word;
  const Inline left = at_least(Bond::sum, *expr.args[0], scope);
  const Inline right = at_least(Bond::sum, *expr.args[1], scope);
  const auto said = [&](std::string_view id) {
    return Phrase{words_.say(id, {left, right}), Bond::comparison};
  };
  if (word == "=") return said("show.is");
  if (word == "!=") return said("show.is-not");
  if (word == "in") {
    return said(expr.args[1]->kind == Expr::Kind::tuple ? "show.one-of" : "show.in");
  }
  if (word == "not in") {
    return said(expr.args[1]->kind == Expr::Kind::tuple ? "show.none-of" : "show.not-in");
  }
  const bool time = is_time(*expr.args[0], scope) || is_time(*expr.args[1], scope);
  if (word == "<") return said(time ? "show.earlier" : "show.less");
  if (word == "<=") return said(time ? "show.not-later" : "show.at-most");
  if (word == ">") return said(time ? "show.later" : "show.more");
  return said(time ? "show.not-earlier" : "show.at-least");
}

Phrases::Phrase Phrases::unary(const Expr& expr, const Scope& scope) const {
  const std::string& word = expr.token.word;
  const Expr& inner = *expr.args[0];
  if (word == "has" || word == "no") return presence(inner, word == "has", scope);
  if (word == "-") return {words_.say("show.negative", {at_least(Bond::word, inner, scope)})};
  if (inner.kind == Expr::Kind::aggregate && inner.token.word == "any") {
    return aggregate(inner, scope, true);
  }
  const Phrase what = phrase(inner, scope);
  const std::optional<Type> type = type_of(inner, scope);
  const bool plain = inner.kind == Expr::Kind::member || inner.kind == Expr::Kind::name;
  if (plain && type && type->kind == Kind::boolean) {
    return {words_.say("show.holds-not", {what.text}), Bond::comparison};
  }
  return {words_.say("show.not", {at_least(Bond::word, inner, scope)}), Bond::comparison};
}

Phrases::Phrase Phrases::presence(const Expr& expr, bool there, const Scope& scope) const {
  const auto said = [&](std::string_view id, std::vector<Argument> arguments) {
    return Phrase{words_.say(id, std::move(arguments)), Bond::comparison};
  };
  if (expr.kind == Expr::Kind::index) {
    return said(there ? "show.has-row" : "show.has-no-row",
                {at_least(Bond::word, *expr.args[0], scope), keys(expr, 1, scope)});
  }
  const bool member = expr.kind == Expr::Kind::member;
  if (member && expr.args[0]->kind == Expr::Kind::index) {
    const Expr& row = *expr.args[0];
    return said(
        there ? "show.has-cell" : "show.has-no-cell",
        {at_least(Bond::word, *row.args[0], scope), keys(row, 1, scope), name(expr.token.raw)});
  }
  const Inline what = at_least(Bond::word, expr, scope);
  if (member && is_event(*expr.args[0])) {
    return said(there ? "show.is-given" : "show.is-not-given", {what});
  }
  const std::optional<Type> type = type_of(expr, scope);
  if (type && type->kind == Kind::row) {
    return said(there ? "show.exists" : "show.does-not-exist", {what});
  }
  return said(there ? "show.is-set" : "show.is-not-set", {what});
}

// ---- Names, members, lookups -------------------------------------------------------------------

Inline Phrases::name_of(const dsl::Token& token, const Scope& scope) const {
  if (const Scope::Local* local = scope.find(token.raw)) {
    return local->at_hand ? words_.say("show.the-row") : name(token.raw);
  }
  // Names that the language gives.
  if (token.word == "before") return words_.say("show.before");
  if (token.word == "after") return words_.say("show.after");
  if (token.word == "took") return words_.say("show.took");
  if (token.word == "rest") return words_.say("show.rest");
  if (token.word == "reason") return words_.say("show.reason");
  const auto called = [&](const auto& things) {
    return std::any_of(things.begin(), things.end(), [&](const auto& thing) {
      return dsl::fold(thing.name) == dsl::fold(token.raw);
    });
  };
  const Core& core = words_.core();
  if (called(core.registers)) return words_.ref("account", token);
  if (called(core.tables)) return words_.ref("table", token);
  if (called(core.families)) return words_.ref("family", token);
  if (called(core.machines)) return words_.ref("machine", token);
  if (called(core.definitions)) return words_.ref("define", token);
  return words_.ref("setting", token);
}

Phrases::Phrase Phrases::member(const Expr& expr, const Scope& scope) const {
  const Expr& base = *expr.args[0];
  const Inline field = name(expr.token.raw);
  if (is_event(base)) return {words_.say("show.event-field", {field})};
  if (base.kind == Expr::Kind::name) {
    const Scope::Local* local = scope.find(base.token.raw);
    if (local != nullptr && local->at_hand) return {field};
    return {words_.say("show.of", {name_of(base.token, scope), field})};
  }
  if (base.kind == Expr::Kind::index) {
    const Inline cell = words_.say(
        "show.cell", {at_least(Bond::word, *base.args[0], scope), keys(base, 1, scope), field});
    const Bond bond = base.args.size() > 2 ? Bond::both : Bond::product;  // keys with commas
    if (base.at == nullptr) return {cell, bond};
    return {words_.say("show.as-of", {cell, expression(*base.at, scope)}), bond};
  }
  return {words_.say("show.of-phrase", {at_least(Bond::word, base, scope), field})};
}

Inline Phrases::keys(const Expr& expr, std::size_t first, const Scope& scope) const {
  std::vector<Inline> all;
  for (std::size_t i = first; i < expr.args.size(); ++i) {
    all.push_back(at_least(Bond::comparison, *expr.args[i], scope));
  }
  return words_.list(all);
}

Phrases::Phrase Phrases::index(const Expr& expr, const Scope& scope) const {
  const Inline base = at_least(Bond::word, *expr.args[0], scope);
  const Inline row = words_.say("show.row-for", {base, keys(expr, 1, scope)});
  if (expr.at == nullptr) return {row};
  return {words_.say("show.as-of", {row, expression(*expr.at, scope)})};
}

// ---- Functions ---------------------------------------------------------------------------------

Phrases::Phrase Phrases::call(const Expr& expr, const Scope& scope) const {
  const Core& core = words_.core();
  const bool defined = std::any_of(
      core.definitions.begin(), core.definitions.end(),
      [&](const Definition& one) { return dsl::fold(one.name) == dsl::fold(expr.token.raw); });
  if (!defined) {
    if (std::optional<Phrase> made = function(expr, scope)) return *made;
  }
  const Inline called = words_.ref("define", expr.token);
  if (expr.args.empty()) return {called};
  return {words_.say("show.call", {called, keys(expr, 0, scope)})};
}

std::optional<Phrases::Phrase> Phrases::function(const Expr& expr, const Scope& scope) const {
  const std::string& word = expr.token.word;
  const auto argument = [&](std::size_t i, Bond bond) {
    return i < expr.args.size() ? at_least(bond, *expr.args[i], scope) : Inline();
  };
  const auto one = [&](std::string_view id) {
    return Phrase{words_.say(id, {argument(0, Bond::word)})};
  };
  if (word == "either") {
    Inline said = argument(0, Bond::either);
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
      said = words_.say("show.either", {said, argument(i, Bond::either)});
    }
    return Phrase{said, Bond::sequence};
  }
  if (word == "round") {
    return Phrase{words_.say("show.rounded", {argument(0, Bond::sum), argument(1, Bond::word)}),
                  Bond::product};
  }
  if (word == "min") return Phrase{words_.say("show.least", {keys(expr, 0, scope)})};
  if (word == "max") return Phrase{words_.say("show.greatest", {keys(expr, 0, scope)})};
  if (word == "date") return one("show.day-of");
  if (word == "month") return one("show.month-of");
  if (word == "start") return one("show.start-of");
  if (word == "time_of_day") return one("show.time-of-day");
  if (word == "weekday") return one("show.weekday");
  if (word == "year") return one("show.year-of");
  if (word == "arrival") return Phrase{words_.say("show.arrival")};
  if (word == "universe") {
    return Phrase{words_.say("show.all-of", {words_.ref("domain", expr.args[0]->token)})};
  }
  if (word == "set") {
    if (expr.args.empty()) return Phrase{words_.say("show.empty-set")};
    return Phrase{words_.say("show.set-of", {keys(expr, 0, scope)})};
  }
  if (word == "text") return Phrase{words_.say("show.text-of", {keys(expr, 0, scope)})};
  if (word == "price" || word == "charge") {
    const Inline tariff = expr.args.empty() ? "" : words_.ref("tariff", expr.args[0]->token);
    const Inline said = words_.say(word == "price" ? "show.unit-price" : "show.charge",
                                   {tariff, keys(expr, 1, scope)});
    if (expr.at == nullptr) return Phrase{said, Bond::sequence};
    return Phrase{words_.say("show.as-of", {said, expression(*expr.at, scope)}), Bond::sequence};
  }
  return std::nullopt;
}

Inline Phrases::traversal(const dsl::Traversal& over, const Scope& scope, Scope& inner) const {
  Inline rows = at_least(Bond::word, *over.source, scope);
  if (over.changed) rows = words_.say("show.changed", {rows});
  if (over.at != nullptr) rows = words_.say("show.as-of", {rows, expression(*over.at, scope)});
  for (Scope::Local& local : inner.locals) local.at_hand = false;
  inner.locals.push_back({over.variable.raw, row_type(*over.source, scope), true});
  if (over.where != nullptr) {
    rows = words_.say("show.rows-where", {rows, condition(*over.where, inner)});
  }
  std::vector<Inline> order;
  for (std::size_t i = 0; i < over.by.size(); ++i) {
    const Inline key = expression(*over.by[i], inner);
    order.push_back(over.descending[i] ? words_.say("show.descending", {key}) : key);
  }
  return order.empty() ? rows : words_.say("show.in-order-of", {rows, words_.list(order)});
}

Phrases::Phrase Phrases::aggregate(const Expr& expr, const Scope& scope, bool negated) const {
  const std::string& word = expr.token.word;
  Scope inner = scope;
  const Inline rows = traversal(expr.over, scope, inner);
  const Expr& body = *expr.args[0];
  const bool row_itself = body.kind == Expr::Kind::name &&
                          dsl::fold(body.token.raw) == dsl::fold(expr.over.variable.raw);
  const bool plain = body.kind == Expr::Kind::constant || row_itself;
  if (word == "any") {
    if (plain)
      return {words_.say(negated ? "show.no-row" : "show.some-row", {rows}), Bond::sequence};
    // `any(X for r in S where W)`: rows where W and X.
    Inline holds = condition_at_least(Bond::both, body, inner);
    Scope again = scope;
    if (expr.over.where != nullptr) {
      (void)traversal(expr.over, scope, again);
      holds =
          words_.say("show.and", {condition_at_least(Bond::both, *expr.over.where, again), holds});
    }
    const Inline source = at_least(Bond::word, *expr.over.source, scope);
    return {words_.say(negated ? "show.no-row" : "show.some-row",
                       {words_.say("show.rows-where", {source, holds})}),
            Bond::sequence};
  }
  if (word == "all")
    return {words_.say("show.every-row", {rows, condition(body, inner)}), Bond::sequence};
  if (word == "count") return {words_.say("show.number-of-rows", {rows}), Bond::product};
  if (word == "first") return {words_.say("show.first-row", {rows}), Bond::product};
  if (word == "last") return {words_.say("show.last-row", {rows}), Bond::product};
  const Inline what = at_least(Bond::comparison, body, inner);
  if (word == "sum") return {words_.say("show.sum", {what, rows}), Bond::product};
  return {words_.say(word == "min" ? "show.least-over" : "show.greatest-over", {what, rows}),
          Bond::sequence};
}

}  // namespace toll::tools::show
