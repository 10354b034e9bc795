// Operators: which kinds go together, in which units, and what comes out.

#include <algorithm>

#include "dsl/resolve/builder.hpp"

namespace toll::dsl {
namespace {

bool has_currency(const Core& core, const Dimension& dimension) {
  for (const auto& power : dimension.powers) {
    if (power.unit != 0 && core.units[power.unit].currency) return true;
  }
  return false;
}

Dimension combine(const Dimension& a, const Dimension& b, int sign, bool& ok) {
  std::map<std::uint8_t, int> powers;
  for (const auto& power : a.powers) {
    if (power.unit != 0) powers[power.unit] += power.exponent;
  }
  for (const auto& power : b.powers) {
    if (power.unit != 0) powers[power.unit] += sign * power.exponent;
  }
  Dimension result;
  int n = 0;
  for (const auto& [unit, exponent] : powers) {
    if (exponent == 0) continue;
    if (n == Dimension::kMax || std::abs(exponent) > 100) {
      ok = false;
      return result;
    }
    result.powers[n++] = {unit, static_cast<std::int8_t>(exponent)};
  }
  return result;
}

bool whole_of(const Dimension& dimension, std::uint8_t unit) {
  return dimension.powers[0].unit == unit && dimension.powers[0].exponent == 1 &&
         dimension.powers[1].unit == 0;
}

constexpr std::uint8_t kDay = 1;
constexpr std::uint8_t kMonth = 2;

}  // namespace

Typed Builder::unary(const Expr& expr, Context& context) {
  const std::string& word = expr.token.word;
  Type boolean;
  if (word == "has" || word == "no") {
    Typed value = expression(*expr.args[0], context);
    if (!value.ok()) return {};
    if (value.type.kind == Kind::boolean && core_.nodes[value.node].op != Op::field) {
      error(expr.span, "E0410.never-absent");
      return {};
    }
    Typed present = make(Op::present, boolean, {value.node});
    return word == "has" ? present : make(Op::logical_not, boolean, {present.node});
  }
  if (word == "not") {
    const Typed inner = guard(*expr.args[0], context);
    return inner.ok() ? make(Op::logical_not, boolean, {inner.node}) : Typed{};
  }
  Typed value = expression(*expr.args[0], context);
  if (!value.ok()) return {};
  if (value.type.kind != Kind::number && value.type.kind != Kind::span) {
    error(expr.span, {"E0411.negative", {show(value.type)}});
    return {};
  }
  if (const auto known = constant_value(value.node)) return constant(value.type, -*known);
  return make(Op::neg, value.type, {value.node});
}

Typed Builder::binary(const Expr& expr, Context& context) {
  const std::string& word = expr.token.word;
  if (word == "and" || word == "or") return logical(expr, context);
  if (word == "in" || word == "not in") return membership(expr, context);
  if (word == "+" || word == "-") return sum(expr, context);
  if (word == "*" || word == "/" || word == "//" || word == "%") return product(expr, context);
  return comparison(expr, context);
}

/// What the left side says is known on the right: `has x and x > 0`, `no x or x > 0`.
Typed Builder::logical(const Expr& expr, Context& context) {
  const bool is_and = expr.token.word == "and";
  const Typed left = guard(*expr.args[0], context);
  const std::set<std::string> before = context.present;
  if (left.ok()) facts(left.node, is_and, context.present);
  const Typed right = guard(*expr.args[1], context);
  context.present = before;
  if (!left.ok() || !right.ok()) return {};
  return make(is_and ? Op::logical_and : Op::logical_or, Type{}, {left.node, right.node});
}

/// Brings two numbers to one scale; a bare 0 takes any unit.
bool Builder::same_scale(Typed& left, Typed& right) {
  const auto zero = [&](const Typed& value) {
    const auto known = constant_value(value.node);
    return known && *known == 0 && value.type.dimension.none();
  };
  if (zero(left)) left = constant(right.type, 0), left.type.optional = false;
  if (zero(right)) right = constant(left.type, 0), right.type.optional = false;
  if (!(left.type.dimension == right.type.dimension)) return false;
  const int scale = std::max(left.type.scale, right.type.scale);
  left = scaled(left, scale - left.type.scale);
  right = scaled(right, scale - right.type.scale);
  return true;
}

Typed Builder::comparison(const Expr& expr, Context& context) {
  const std::string& word = expr.token.word;
  Typed left;
  Typed right;
  // A bare name on one side takes its domain from the other side.
  const auto plain = [](const Expr& e) {
    return e.kind == Expr::Kind::name || e.kind == Expr::Kind::text;
  };
  if (plain(*expr.args[0]) && !plain(*expr.args[1])) {
    right = expression(*expr.args[1], context);
    if (!right.ok()) return {};
    left = expression(*expr.args[0], context, &right.type);
  } else {
    left = expression(*expr.args[0], context);
    if (!left.ok()) return {};
    right = expression(*expr.args[1], context, &left.type);
  }
  if (!left.ok() || !right.ok()) return {};
  for (const auto* side : {&left, &right}) {
    if (side->type.optional) {
      absent(expr.args[side == &left ? 0 : 1]->span, {"E0412.compare", {expr.token.raw}}, {},
             side->node, context);
      return {};
    }
  }
  if (left.type.kind == Kind::date && right.type.kind == Kind::instant) left = as_instant(left);
  if (right.type.kind == Kind::date && left.type.kind == Kind::instant) right = as_instant(right);
  bool fits = left.type.kind == right.type.kind;
  if (fits && left.type.kind == Kind::number) fits = same_scale(left, right);
  if (fits && left.type.kind == Kind::name) {
    fits = name_fits(left.type.ref, right.type.ref) || name_fits(right.type.ref, left.type.ref);
  }
  const bool ordered = word != "=" && word != "!=";
  if (fits && ordered) {
    fits = left.type.kind == Kind::number || left.type.kind == Kind::instant ||
           left.type.kind == Kind::date || left.type.kind == Kind::month ||
           left.type.kind == Kind::span;
  }
  if (!fits) {
    const bool by_size = ordered && left.type.kind == right.type.kind;
    misfit(expr.span,
           {by_size ? "E0413.by-size" : "E0413.compare", {show(left.type), show(right.type)}},
           {left.node, right.node});
    return {};
  }
  const Op op = word == "="    ? Op::eq
                : word == "!=" ? Op::ne
                : word == "<"  ? Op::lt
                : word == "<=" ? Op::le
                : word == ">"  ? Op::gt
                               : Op::ge;
  return make(op, Type{}, {left.node, right.node});
}

Typed Builder::membership(const Expr& expr, Context& context) {
  Typed left = expression(*expr.args[0], context);
  if (!left.ok()) return {};
  if (left.type.optional) {
    misfit(expr.args[0]->span, "E0412.in", {left.node});
    return {};
  }
  Typed result;
  if (expr.args[1]->kind == Expr::Kind::tuple) {
    for (const ExprPtr& item : expr.args[1]->args) {
      const Typed value = wanted(*item, context, left.type, "role.each");
      if (!value.ok()) return {};
      const Typed equal = make(Op::eq, Type{}, {left.node, value.node});
      result = result.ok() ? make(Op::logical_or, Type{}, {result.node, equal.node}) : equal;
    }
  } else {
    const Typed set = expression(*expr.args[1], context);
    if (!set.ok()) return {};
    if (set.type.kind != Kind::set || left.type.kind != Kind::name ||
        !(name_fits(left.type.ref, set.type.ref) || name_fits(set.type.ref, left.type.ref))) {
      misfit(expr.span, {"E0414.in", {show(left.type), show(set.type)}}, {left.node, set.node});
      return {};
    }
    result = make(Op::in_set, Type{}, {left.node, set.node});
  }
  if (expr.token.word == "not in") result = make(Op::logical_not, Type{}, {result.node});
  return result;
}

/// An instant and a calendar span: the sum must say how it ends.
Typed Builder::calendar_sum(const Expr& expr, Typed left, Typed right, bool minus) {
  const bool days = whole_of(right.type.dimension, kDay);
  if (minus) {
    if (const auto known = constant_value(right.node)) {
      right = constant(right.type, -*known);
    } else {
      right = make(Op::neg, right.type, {right.node});
    }
  }
  Type type = left.type;
  type.optional = left.type.optional || right.type.optional;
  if (left.type.kind == Kind::month) return make(Op::add, type, {left.node, right.node});
  if (left.type.kind == Kind::date) {
    return make(days ? Op::add : Op::add_months, type, {left.node, right.node});
  }
  if (expr.end == CalendarEnd::unsaid) {
    error(expr.span, "E0415.end");
    return {};
  }
  if (expr.end == CalendarEnd::exact) {
    return make(days ? Op::add_days : Op::add_months, type, {left.node, right.node});
  }
  Type date = type;
  date.kind = Kind::date;
  const Typed start = make(Op::date_of, date, {left.node});
  const Typed last = make(days ? Op::add : Op::add_months, date, {start.node, right.node});
  Type one;
  one.kind = Kind::number;
  const Typed next = make(Op::add, date, {last.node, constant(one, 1).node});
  return as_instant(next);
}

Typed Builder::sum(const Expr& expr, Context& context) {
  const bool minus = expr.token.word == "-";
  Typed left = expression(*expr.args[0], context);
  Typed right = expression(*expr.args[1], context, left.ok() ? &left.type : nullptr);
  if (!left.ok() || !right.ok()) return {};
  const Kind a = left.type.kind;
  const Kind b = right.type.kind;
  Type type = left.type;
  type.optional = left.type.optional || right.type.optional;
  const Op op = minus ? Op::sub : Op::add;
  if (type.optional &&
      !(a == Kind::number && b == Kind::number && has_currency(core_, left.type.dimension))) {
    absent(expr.args[left.type.optional ? 0 : 1]->span, "E0416.sum", "advice.say-either",
           left.type.optional ? left.node : right.node, context);
    return {};
  }
  if (a == Kind::number && b == Kind::number) {
    if (same_scale(left, right)) {
      type.scale = left.type.scale;
      type.dimension = left.type.dimension;
      return make(op, type, {left.node, right.node});
    }
  } else if (a == Kind::span && b == Kind::span) {
    return make(op, type, {left.node, right.node});
  } else if (a == Kind::instant && b == Kind::span) {
    return make(op, type, {left.node, right.node});
  } else if ((a == Kind::instant || a == Kind::date || a == Kind::month) && b == Kind::number &&
             (whole_of(right.type.dimension, kDay) || whole_of(right.type.dimension, kMonth)) &&
             right.type.scale == 0 && !(a == Kind::month && whole_of(right.type.dimension, kDay))) {
    return calendar_sum(expr, left, right, minus);
  } else if (a == Kind::set && b == Kind::set && left.type.ref == right.type.ref) {
    return make(minus ? Op::set_minus : Op::set_union, type, {left.node, right.node});
  } else if (minus && a == b && (a == Kind::date || a == Kind::month || a == Kind::instant)) {
    Type difference;
    difference.kind = a == Kind::instant ? Kind::span : Kind::number;
    if (a != Kind::instant) {
      difference.dimension.powers[0] = {a == Kind::date ? kDay : kMonth, 1};
    }
    return make(Op::sub, difference, {left.node, right.node});
  } else if (minus && (a == Kind::date || b == Kind::date) &&
             (a == Kind::instant || b == Kind::instant)) {
    Type span;
    span.kind = Kind::span;
    return make(Op::sub, span, {as_instant(left).node, as_instant(right).node});
  }
  misfit(expr.span, {minus ? "E0417.take" : "E0417.add", {show(right.type), show(left.type)}},
         {left.node, right.node});
  return {};
}

Typed Builder::product(const Expr& expr, Context& context) {
  const std::string& word = expr.token.word;
  if (word == "/") {
    error(expr.span, "E0418.division");
    return {};
  }
  Typed left = expression(*expr.args[0], context);
  Typed right = expression(*expr.args[1], context);
  if (!left.ok() || !right.ok()) return {};
  const bool spans = left.type.kind == Kind::span && right.type.kind == Kind::span && word != "*";
  const bool scaled_span =
      word == "*" && ((left.type.kind == Kind::span && right.type.kind == Kind::number) ||
                      (right.type.kind == Kind::span && left.type.kind == Kind::number));
  if (!spans && !scaled_span &&
      (left.type.kind != Kind::number || right.type.kind != Kind::number)) {
    misfit(expr.span, {"E0419.product", {show(left.type), show(right.type)}},
           {left.node, right.node});
    return {};
  }
  Type type;
  type.kind = scaled_span || (spans && word == "%") ? Kind::span : Kind::number;
  type.optional = left.type.optional || right.type.optional;
  if (type.optional && !has_currency(core_, left.type.dimension) &&
      !has_currency(core_, right.type.dimension)) {
    absent(expr.args[left.type.optional ? 0 : 1]->span, "E0416.product", "advice.say-either",
           left.type.optional ? left.node : right.node, context);
    return {};
  }
  if (spans || scaled_span) {
    return make(word == "*"    ? Op::mul
                : word == "//" ? Op::floor_div
                               : Op::modulo,
                type, {left.node, right.node});
  }
  bool fits = true;
  if (word == "*") {
    type.scale = static_cast<std::uint8_t>(left.type.scale + right.type.scale);
    type.dimension = combine(left.type.dimension, right.type.dimension, 1, fits);
    if (type.scale > 2 * kMoneyScale) {
      error(expr.span, "E0420.decimals");
      return {};
    }
    if (!fits) return {};
    return make(Op::mul, type, {left.node, right.node});
  }
  const int scale = std::max(left.type.scale, right.type.scale);
  const Dimension above = left.type.dimension;
  const Dimension below = right.type.dimension;
  left = scaled(left, scale - left.type.scale);
  right = scaled(right, scale - right.type.scale);
  type.scale = word == "//" ? std::uint8_t{0} : static_cast<std::uint8_t>(scale);
  type.dimension = word == "//" ? combine(above, below, -1, fits) : above;
  const auto known = constant_value(right.node);
  type.optional = !known || *known == 0;  // nothing is divided by 0
  return make(word == "//" ? Op::floor_div : Op::modulo, type, {left.node, right.node});
}

/// A product whose factors are known to be numbers.
Typed Builder::times(Typed left, Typed right) {
  bool fits = true;
  Type type;
  type.kind = Kind::number;
  type.optional = left.type.optional || right.type.optional;
  type.scale = static_cast<std::uint8_t>(left.type.scale + right.type.scale);
  type.dimension = combine(left.type.dimension, right.type.dimension, 1, fits);
  return fits ? make(Op::mul, type, {left.node, right.node}) : Typed{};
}

/// round(x, unit) and round(a / b, unit): half up, to a multiple of the unit.
Typed Builder::rounded(const Expr& expr, Context& context) {
  if (expr.args.size() != 2) {
    error(expr.span, "E0421.round");
    return {};
  }
  const Expr& inner = *expr.args[0];
  const bool ratio = inner.kind == Expr::Kind::binary && inner.token.word == "/";
  Typed above = expression(ratio ? *inner.args[0] : inner, context);
  Type one;
  one.kind = Kind::number;
  Typed below = ratio ? expression(*inner.args[1], context) : constant(one, 1);
  Typed unit = expression(*expr.args[1], context, above.ok() ? &above.type : nullptr);
  if (!above.ok() || !below.ok() || !unit.ok()) return {};
  bool fits = above.type.kind == Kind::number && below.type.kind == Kind::number &&
              unit.type.kind == Kind::number && !below.type.optional && !unit.type.optional;
  if (fits) {
    fits = combine(above.type.dimension, below.type.dimension, -1, fits) == unit.type.dimension &&
           fits;
  }
  if (!fits) {
    const Message value =
        ratio ? Message("type.ratio", {show(above.type), show(below.type)}) : show(above.type);
    misfit(expr.span, {"E0422.round", {value, show(unit.type)}},
           {above.node, below.node, unit.node});
    return {};
  }
  // above / 10^s over below / 10^t, in units of 10^-r: above * 10^(r + t - s) / below.
  const int shift = unit.type.scale + below.type.scale - above.type.scale;
  Type type = unit.type;
  type.optional = above.type.optional;
  if (shift >= 0) {
    above = scaled(above, shift);
  } else {
    below = scaled(below, -shift);
  }
  return make(Op::round_div, type, {above.node, below.node, unit.node});
}

}  // namespace toll::dsl
