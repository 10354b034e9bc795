// Calls: definitions and the functions of the language.

#include <algorithm>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

Typed Builder::call(const Expr& expr, Context& context, const Type* expected) {
  if (const auto found = find(definitions_, expr.token)) {
    return call_definition(expr, *found, context);
  }
  return function(expr, context, expected);
}

Typed Builder::call_definition(const Expr& expr, std::uint32_t index, Context& context) {
  resolve_definition(index);
  if (!pending_[index].ok) return {};
  const std::uint32_t event = pending_[index].context.event;
  if (event != kNone && event != context.event) {
    error(expr.span,
          {"E0423.other-event", {core_.definitions[index].name, core_.events[event].name}});
    return {};
  }
  const std::vector<Type> parameters = core_.definitions[index].parameters;
  if (parameters.size() != expr.args.size()) {
    error(expr.span, {"E0424.arguments",
                      {core_.definitions[index].name, parameters.size(), expr.args.size()}});
    return {};
  }
  std::vector<NodeId> args;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Typed value = wanted(*expr.args[i], context, parameters[i], "role.value");
    if (!value.ok()) return {};
    args.push_back(value.node);
  }
  return declared_at(make(Op::call, pending_[index].result, std::move(args), index), definitions_,
                     core_.definitions[index].name);
}

Typed Builder::function(const Expr& expr, Context& context, const Type* expected) {
  const std::string& word = expr.token.word;
  const auto needs = [&](std::size_t count) {
    if (expr.args.size() == count) return true;
    error(expr.span, {"E0424.arguments", {expr.token.raw, count, expr.args.size()}});
    return false;
  };
  if (word == "round") return rounded(expr, context);
  if (word == "price") return tariff_price(expr, context);
  if (word == "charge") return tariff_charge(expr, context);
  if (expr.at != nullptr) {
    error(expr.at->span, "E0431.function");
    return {};
  }
  if (word == "universe" || word == "set") {
    if (expr.args.empty() && expected != nullptr && expected->kind == Kind::set) {
      return make(Op::set_of, *expected, {});
    }
    if (word == "universe") {
      if (!needs(1)) return {};
      const auto domain = find(domains_, expr.args[0]->token);
      if (!domain) {
        unknown(expr.args[0]->token, domains_, "noun.domain");
        return {};
      }
      Type type;
      type.kind = Kind::set;
      type.ref = *domain;
      return make(Op::universe, type, {}, *domain);
    }
    Type name_type;
    name_type.kind = Kind::name;
    if (expected != nullptr && expected->kind == Kind::set) name_type.ref = expected->ref;
    std::vector<NodeId> names;
    for (const ExprPtr& arg : expr.args) {
      const Typed value = names.empty() && expected == nullptr
                              ? expression(*arg, context)
                              : wanted(*arg, context, name_type, "role.each");
      if (!value.ok()) return {};
      if (value.type.kind != Kind::name) {
        error(arg->span, {"E0425.set", {show(value.type)}});
        return {};
      }
      name_type = value.type;
      names.push_back(value.node);
    }
    if (names.empty()) {
      error(expr.span, "E0405.empty-set");
      return {};
    }
    Type type;
    type.kind = Kind::set;
    type.ref = name_type.ref;
    return make(Op::set_of, type, std::move(names));
  }
  if (word == "text") {
    std::vector<NodeId> args;
    for (const ExprPtr& arg : expr.args) {
      const Typed value = expression(*arg, context);
      if (!value.ok()) return {};
      const bool shown = value.type.kind == Kind::text || value.type.kind == Kind::name ||
                         value.type.kind == Kind::month || value.type.kind == Kind::date ||
                         (value.type.kind == Kind::number && value.type.scale == 0);
      if (!shown || value.type.optional) {
        error(arg->span, {"E0426.text", {show(value.type)}});
        return {};
      }
      args.push_back(value.node);
    }
    Type type;
    type.kind = Kind::text;
    return make(Op::text_of, type, std::move(args));
  }
  if (word == "either" || word == "min" || word == "max") {
    if (expr.args.size() < 2) return needs(2), Typed{};
    std::vector<Typed> values;
    Type type;
    bool all_optional = true;
    for (const ExprPtr& arg : expr.args) {
      Typed value = expression(*arg, context, values.empty() ? expected : &type);
      if (!value.ok()) return {};
      if (values.empty()) {
        type = value.type;
      } else {
        widen(type, value.type);
      }
      all_optional = all_optional && value.type.optional;
      values.push_back(value);
    }
    type.optional = true;
    std::vector<NodeId> args;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Typed value = convert(values[i], type, expr.args[i]->span, "role.each");
      if (!value.ok()) return {};
      args.push_back(value.node);
    }
    type.optional = all_optional;
    return make(word == "either" ? Op::coalesce
                : word == "min"  ? Op::minimum
                                 : Op::maximum,
                type, std::move(args));
  }
  if (word == "arrival") {
    if (!needs(1)) return {};
    const Typed row = expression(*expr.args[0], context);
    if (!row.ok()) return {};
    if (row.type.kind != Kind::row || row.type.of != Of::family || row.type.optional ||
        core_.families[row.type.ref].keyed) {
      error(expr.args[0]->span, {"E0427.arrival", {show(row.type)}});
      return {};
    }
    Type number;
    number.kind = Kind::number;
    return make(Op::arrival, number, {row.node});
  }
  // Functions of one value about the calendar.
  struct Calendar {
    std::string_view word;
    Op op;
    Kind result;
    bool instant, date, month;
  };
  static constexpr Calendar kCalendar[] = {
      {"month", Op::month_of, Kind::month, true, true, false},
      {"date", Op::date_of, Kind::date, true, false, false},
      {"start", Op::month_start, Kind::date, false, false, true},
      {"time_of_day", Op::time_of_day, Kind::span, true, false, false},
      {"weekday", Op::weekday, Kind::number, true, true, false},
      {"year", Op::year_of, Kind::number, true, true, true},
  };
  for (const Calendar& known : kCalendar) {
    if (known.word != word) continue;
    if (!needs(1)) return {};
    const Typed value = expression(*expr.args[0], context);
    if (!value.ok()) return {};
    const bool fits = (value.type.kind == Kind::instant && known.instant) ||
                      (value.type.kind == Kind::date && known.date) ||
                      (value.type.kind == Kind::month && known.month);
    if (!fits || value.type.optional) {
      error(expr.args[0]->span, {"E0427.function", {expr.token.raw, show(value.type)}});
      return {};
    }
    Type type;
    type.kind = known.result;
    return make(known.op, type, {value.node});
  }
  NameMap names = definitions_;
  for (const char* name : {"round", "universe", "set", "text", "either", "min", "max", "month",
                           "date", "arrival", "start", "time_of_day", "weekday", "year"}) {
    names.emplace(name, 0);
  }
  unknown(expr.token, names, "noun.function");
  return {};
}

}  // namespace toll::dsl
