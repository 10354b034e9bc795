// Lookups in tables and counters; visiting rows and folding them.

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

/// TABLE[keys], TABLE[keys at INSTANT], COUNTER[keys] (followed by a member).
Typed Builder::index(const Expr& expr, Context& context) {
  const Expr& base = *expr.args[0];
  if (base.kind == Expr::Kind::name) {
    if (const auto table = find(tables_, base.token)) return lookup(expr, *table, context);
    if (const auto family = find(families_, base.token)) {
      const Family& counter = core_.families[*family];
      if (!counter.keyed) {
        error(expr.span, {"E0428.no-keys", {counter.name}});
        return {};
      }
      if (expr.args.size() != counter.key_count + 1 || expr.at != nullptr) {
        error(expr.span,
              {"E0429.keys", {counter.name, std::size_t{counter.key_count}, expr.args.size() - 1}});
        return {};
      }
      std::vector<NodeId> keys;
      for (std::uint32_t i = 0; i < counter.key_count; ++i) {
        const Typed value =
            wanted(*expr.args[i + 1], context, core_.families[*family].fields[i].type, "role.key");
        if (!value.ok()) return {};
        keys.push_back(value.node);
      }
      // The row as a whole; a member of it becomes a `cell` (see member()).
      Type type;
      type.kind = Kind::row;
      type.of = Of::family;
      type.ref = *family;
      return make(Op::cell, type, std::move(keys), *family, kNone);
    }
    NameMap all = tables_;
    all.insert(families_);
    unknown(base.token, all, "noun.table-or-counter");
    return {};
  }
  error(expr.span, "E0430.lookup");
  return {};
}

Typed Builder::lookup(const Expr& expr, std::uint32_t index, Context& context) {
  const Table& table = core_.tables[index];
  const std::size_t keys = table.keys.size() + (table.band != kNone ? 1 : 0);
  if (expr.args.size() != keys + 1) {
    error(expr.span, {"E0429.keys", {table.name, keys, expr.args.size() - 1}});
    return {};
  }
  std::vector<NodeId> args;
  for (std::size_t i = 0; i < keys; ++i) {
    Type type = table.columns[i < table.keys.size() ? table.keys[i] : table.band].type;
    type.optional = i < table.keys.size();  // an absent key finds no row
    const Typed value = wanted(*expr.args[i + 1], context, type, "role.key");
    if (!value.ok()) return {};
    args.push_back(value.node);
  }
  if (table.dated) {
    Type instant;
    instant.kind = Kind::instant;
    const Typed at = expr.at != nullptr ? wanted(*expr.at, context, instant, "role.lookup-time")
                                        : make(Op::now, instant, {});
    if (!at.ok()) return {};
    args.push_back(at.node);
  } else if (expr.at != nullptr) {
    error(expr.at->span, {"E0431.undated", {table.name}});
    return {};
  }
  Type row;
  row.kind = Kind::row;
  row.of = Of::table;
  row.ref = index;
  row.optional = true;
  const Typed found = make(Op::lookup, row, std::move(args), index);
  const auto otherwise = otherwise_rows_.find(index);
  if (otherwise == otherwise_rows_.end()) return found;
  row.optional = false;  // `otherwise` closes the table
  return make(Op::coalesce, row, {found.node, constant_node(row, otherwise->second)});
}

bool Builder::source(const Traversal& over, Context& context, Source& out) {
  if (over.source == nullptr) return false;
  Type row;
  row.kind = Kind::row;
  const Expr& from = *over.source;
  if (from.kind == Expr::Kind::name && find(families_, from.token)) {
    out.index = *find(families_, from.token);
    out.of = over.changed ? Source::Of::changed : Source::Of::family;
    row.of = Of::family;
    row.ref = out.index;
    if (over.changed && !core_.families[out.index].tracked) {
      error(from.span, {"E0432.tracked", {core_.families[out.index].name}});
      return false;
    }
  } else if (from.kind == Expr::Kind::name && find(tables_, from.token)) {
    out.index = *find(tables_, from.token);
    out.of = Source::Of::table;
    row.of = Of::table;
    row.ref = out.index;
  } else {
    const Typed list = expression(from, context);
    if (!list.ok()) return false;
    if (list.type.kind != Kind::list) {
      misfit(from.span, {"E0433.rows", {show(list.type)}}, {list.node});
      return false;
    }
    out.of = Source::Of::list;
    out.list = list.node;
    out.index = list.type.ref;
    row.of = Of::list;
    row.ref = list.type.ref;
  }
  const bool dated = out.of == Source::Of::table && core_.tables[out.index].dated;
  if (out.of != Source::Of::table && over.at != nullptr) {
    error(over.at->span, "E0431.rows");
    return false;
  }
  if (dated) {
    Type instant;
    instant.kind = Kind::instant;
    const Typed at = over.at != nullptr ? wanted(*over.at, context, instant, "role.rows-time")
                                        : make(Op::now, instant, {});
    if (!at.ok()) return false;
    out.at = at.node;
  }
  out.slot = context.take_slot();
  context.locals.push_back({fold(over.variable.raw), out.slot, row, false});
  if (over.where != nullptr) {
    const Typed where = guard(*over.where, context);
    if (!where.ok()) return false;
    out.where = where.node;
    facts(where.node, true, context.present);
  }
  if (over.by.empty() && row.of == Of::family && !default_order(out.index, row, context, out)) {
    return false;
  }
  for (std::size_t i = 0; i < over.by.size(); ++i) {
    const Typed by = expression(*over.by[i], context);
    if (!by.ok()) return false;
    out.by.push_back(by.node);
    out.descending.push_back(over.descending[i]);
  }
  return true;
}

/// A list that declares an order is visited in it. The order has to be total: it ends in arrival.
bool Builder::default_order(std::uint32_t family, const Type& row, Context& context, Source& out) {
  if (untotal_.count(family) != 0) return false;  // reported where it is declared
  const auto found = orders_.find(family);
  if (found == orders_.end()) return true;
  Cursor keys(found->second.keys, found->second.row.span, diagnostics_);
  context.locals.push_back({fold(found->second.row.raw), out.slot, row, false});
  bool ok = true;
  do {
    const ExprPtr key = keys.expression();
    const Typed by = key == nullptr ? Typed{} : expression(*key, context);
    ok = ok && by.ok();
    if (!ok) break;
    // An edit of the order is one of the list, wherever it is visited.
    core_.nodes[by.node].clause = core_.families[family].clause;
    out.by.push_back(by.node);
    out.descending.push_back(keys.accept_word("descending"));
  } while (keys.accept_symbol(","));
  ok = ok && keys.finish();
  context.locals.pop_back();
  if (ok && core_.nodes[out.by.back()].op != Op::arrival) {
    error(found->second.keys.back().span,
          {"E0438.order-of-list", {core_.families[family].name, found->second.row.raw}});
    orders_.erase(found);
    untotal_.insert(family);
    return false;
  }
  return ok;
}

Typed Builder::aggregate(const Expr& expr, Context& context) {
  const std::set<std::string> before = context.present;
  const std::size_t locals = context.locals.size();
  const std::uint32_t slots = context.slots;
  Aggregate made;
  const std::string& word = expr.token.word;
  made.fn = word == "any"     ? Aggregate::Fn::any
            : word == "all"   ? Aggregate::Fn::all
            : word == "count" ? Aggregate::Fn::count
            : word == "sum"   ? Aggregate::Fn::sum
            : word == "min"   ? Aggregate::Fn::min
            : word == "max"   ? Aggregate::Fn::max
            : word == "first" ? Aggregate::Fn::first
                              : Aggregate::Fn::last;
  Typed body;
  const bool ok = source(expr.over, context, made.source);
  if (ok) body = expression(*expr.args[0], context);
  context.locals.resize(locals);
  context.slots = slots;
  context.present = before;
  if (!ok || !body.ok()) return {};
  made.body = body.node;
  Type type = body.type;
  switch (made.fn) {
    case Aggregate::Fn::any:
    case Aggregate::Fn::all:
      if (convert(body, Type{}, expr.args[0]->span, "role.condition").node == kNoNode) return {};
      type = Type{};
      break;
    case Aggregate::Fn::count:
      if (type.kind == Kind::row) {
        made.body = kNoNode;  // every row counts
      } else if (!convert(body, Type{}, expr.args[0]->span, "role.condition").ok()) {
        return {};
      }
      type = Type{};
      type.kind = Kind::number;
      break;
    case Aggregate::Fn::sum:
      if (type.kind != Kind::number && type.kind != Kind::span) {
        misfit(expr.args[0]->span, {"E0434.sum", {show(type)}}, {body.node});
        return {};
      }
      break;
    case Aggregate::Fn::first:
    case Aggregate::Fn::last:
      if (type.kind != Kind::row) {
        error(expr.args[0]->span, "E0435.row");
        return {};
      }
      type.optional = true;
      break;
    default:
      type.optional = true;
  }
  core_.aggregates.push_back(std::move(made));
  return make(Op::aggregate, type, {}, static_cast<std::uint32_t>(core_.aggregates.size() - 1));
}

}  // namespace toll::dsl
