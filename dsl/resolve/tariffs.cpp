// Tariffs: how a table of tiers turns units into money.
//
//   tariff NAME by TABLE.COLUMN reached      the tier that the total reaches prices every unit
//   tariff NAME by TABLE.COLUMN graduated    each unit has the price of the tier it falls in
//
// price(NAME, KEYS.., TOTAL [at INSTANT]) is the price of a unit at that total;
// charge(NAME, KEYS.., UNITS, TOTAL [at INSTANT]) is what the last UNITS of TOTAL cost. Both are
// absent where the table asks for a quote.

#include <algorithm>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void Builder::tariff_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.tariff");
  if (head.failed() || !head.expect_word("by")) return;
  const Token table_name = head.name("what.table");
  if (!head.expect_symbol(".")) return;
  const Token column_name = head.name("what.column-of-it");
  if (head.failed()) return;
  Tariff tariff;
  if (head.accept_word("graduated")) {
    tariff.graduated = true;
  } else if (!head.expect_word("reached")) {
    return;
  }
  if (!head.finish()) return;
  const auto table = find(tables_, table_name);
  if (!table) return unknown(table_name, tables_, "noun.table");
  tariff.table = *table;
  const Table& tiers = core_.tables[*table];
  NameMap columns;
  for (std::uint32_t i = 0; i < tiers.columns.size(); ++i) {
    columns.emplace(fold(tiers.columns[i].name), i);
  }
  const auto column = find(columns, column_name);
  if (!column) return unknown(column_name, columns, {"E0302.column-of", {tiers.name}});
  tariff.column = *column;
  if (tiers.band == kNone || tiers.columns[*column].type.kind != Kind::number) {
    error(clause.span, "E0439.tariff");
    return;
  }
  const auto bounds = bounds_.find(*table);
  if (tariff.graduated && bounds != bounds_.end() && bounds->second == Bounds::mixed) {
    error(clause.span, {"E0440.bounds", {tiers.name}});
    return;
  }
  tariff.upto = bounds != bounds_.end();
  const auto index = static_cast<std::uint32_t>(core_.tariffs.size());
  if (!declare(tariffs_, name, index, "noun.tariff")) return;
  const ClauseId id = this->clause("tariff:" + name.raw, clause.span);
  core_.declarations.push_back({"tariff", name.raw, id, {"table:" + tiers.name}});
  tariff.name = name.raw;
  tariff.clause = id;
  core_.tariffs.push_back(std::move(tariff));
  tariff_used_.push_back(false);
}

/// The arguments after the tariff's name: its table's keys, then `counts` numbers.
bool Builder::tariff_arguments(const Expr& expr, Context& context, std::size_t counts,
                               Tariff& tariff, std::vector<NodeId>& keys,
                               std::vector<Typed>& numbers, NodeId& at) {
  const auto found = expr.args.empty() ? std::nullopt : find(tariffs_, expr.args[0]->token);
  if (!found) {
    const Token& token = expr.args.empty() ? expr.token : expr.args[0]->token;
    unknown(token, tariffs_, "noun.tariff");
    return false;
  }
  tariff_used_[*found] = true;
  tariff = core_.tariffs[*found];
  const Table& table = core_.tables[tariff.table];
  if (expr.args.size() != 1 + table.keys.size() + counts) {
    error(expr.span, {"E0424.tariff", {expr.token.raw, table.keys.size(), counts}});
    return false;
  }
  for (std::size_t i = 1; i < expr.args.size(); ++i) {
    const bool key = i <= table.keys.size();
    const Type type = table.columns[key ? table.keys[i - 1] : table.band].type;
    const Typed value = wanted(*expr.args[i], context, type, key ? "role.key" : "role.count");
    if (!value.ok()) return false;
    if (key) {
      keys.push_back(value.node);
    } else {
      numbers.push_back(value);
    }
  }
  at = kNoNode;
  if (table.dated || expr.at != nullptr) {
    Type instant;
    instant.kind = Kind::instant;
    if (!table.dated) return true;
    const Typed when = expr.at != nullptr ? wanted(*expr.at, context, instant, "role.tariff-time")
                                          : make(Op::now, instant, {});
    at = when.node;
    return when.ok();
  }
  return true;
}

Typed Builder::tariff_lookup(const Tariff& tariff, const std::vector<NodeId>& keys, NodeId total,
                             NodeId at) {
  std::vector<NodeId> args = keys;
  args.push_back(total);
  if (at != kNoNode) args.push_back(at);
  Type row;
  row.kind = Kind::row;
  row.of = Of::table;
  row.ref = tariff.table;
  row.optional = true;
  const Typed found = make(Op::lookup, row, std::move(args), tariff.table);
  Type price = core_.tables[tariff.table].columns[tariff.column].type;
  price.optional = true;
  return make(Op::row_field, price, {found.node}, tariff.column, 0);
}

Typed Builder::tariff_price(const Expr& expr, Context& context) {
  Tariff tariff;
  std::vector<NodeId> keys;
  std::vector<Typed> numbers;
  NodeId at = kNoNode;
  if (!tariff_arguments(expr, context, 1, tariff, keys, numbers, at)) return {};
  return tariff_lookup(tariff, keys, numbers[0].node, at);
}

Typed Builder::tariff_charge(const Expr& expr, Context& context) {
  Tariff tariff;
  std::vector<NodeId> keys;
  std::vector<Typed> numbers;
  NodeId at = kNoNode;
  if (!tariff_arguments(expr, context, 2, tariff, keys, numbers, at)) return {};
  if (tariff.graduated) {
    return graduated_charge(tariff, keys, numbers[0], numbers[1], at, context);
  }
  const Typed price = tariff_lookup(tariff, keys, numbers[1].node, at);
  return times(price, numbers[0]);
}

/// sum(price * (min(upto, total) - max(from, total - units))) over the tiers that the units touch.
Typed Builder::graduated_charge(const Tariff& tariff, const std::vector<NodeId>& keys, Typed units,
                                Typed total, NodeId at, Context& context) {
  const Table& table = core_.tables[tariff.table];
  const Type count = total.type;
  Aggregate made;
  made.fn = Aggregate::Fn::sum;
  made.source.of = Source::Of::table;
  made.source.index = tariff.table;
  made.source.at = at;
  const std::uint32_t slots = context.slots;
  made.source.slot = context.take_slot();
  context.slots = slots;
  Type row;
  row.kind = Kind::row;
  row.of = Of::table;
  row.ref = tariff.table;
  const auto column = [&](std::uint32_t index) {
    const Typed here = make(Op::local, row, {}, made.source.slot);
    return make(Op::row_field, table.columns[index].type, {here.node}, index, 0);
  };
  Typed where;
  const auto also = [&](Typed condition) {
    where = where.ok() ? make(Op::logical_and, Type{}, {where.node, condition.node}) : condition;
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    also(make(Op::eq, Type{}, {column(table.keys[i]).node, keys[i]}));
  }
  // `<= N` is kept as the total N + 1 at which the next tier is reached; its units end after N.
  const bool upto = bounds_.count(tariff.table) != 0;
  const auto edge = [&](Typed bound) {
    return upto ? make(Op::sub, count, {bound.node, constant(count, 1).node}) : bound;
  };
  const Typed band_start = column(table.band);
  const Typed none = constant(count, 0);
  const Typed from =
      upto ? make(Op::maximum, count, {edge(band_start).node, none.node}) : band_start;
  const Typed end = make(Op::coalesce, count, {edge(column(table.band_end)).node, total.node});
  const Typed start = make(Op::sub, count, {total.node, units.node});
  also(make(Op::lt, Type{}, {from.node, total.node}));
  also(make(Op::gt, Type{}, {end.node, start.node}));
  made.source.where = where.node;
  const Typed upper = make(Op::minimum, count, {end.node, total.node});
  const Typed lower = make(Op::maximum, count, {from.node, start.node});
  const Typed part = make(Op::sub, count, {upper.node, lower.node});
  Typed price = column(tariff.column);
  price.type.optional = true;
  const Typed body = times(price, part);
  made.body = body.node;
  core_.aggregates.push_back(std::move(made));
  Type type = body.type;
  type.optional = true;
  const Typed sum =
      make(Op::aggregate, type, {}, static_cast<std::uint32_t>(core_.aggregates.size() - 1));
  // Keys that the table does not have have no price: that is not a charge of 0.
  std::vector<NodeId> lookup = keys;
  lookup.push_back(total.node);
  if (at != kNoNode) lookup.push_back(at);
  row.optional = true;
  const Typed tier = make(Op::lookup, row, std::move(lookup), tariff.table);
  const Typed known = make(Op::present, Type{}, {tier.node});
  Node node;
  node.op = Op::cases;
  node.type = type;
  node.args = {known.node, sum.node};
  node.case_clauses = {context.clause};
  return {add_node(std::move(node)), type};
}

}  // namespace toll::dsl
