// What can be wrong in an expression: a number, a comparison, a part of a condition.
#include <algorithm>

#include "engine/kernel/calendar.hpp"
#include "tools/mutate/maker.hpp"

namespace toll::tools {
namespace {

bool is_boolean(const Node& node) { return node.type.kind == Kind::boolean && !node.type.optional; }

std::optional<Op> other_comparison(Op op) {
  switch (op) {
    case Op::lt:
      return Op::le;
    case Op::le:
      return Op::lt;
    case Op::gt:
      return Op::ge;
    case Op::ge:
      return Op::gt;
    case Op::eq:
      return Op::ne;
    case Op::ne:
      return Op::eq;
    default:
      return std::nullopt;
  }
}

const char* sign_of(Op op) {
  switch (op) {
    case Op::lt:
      return "<";
    case Op::le:
      return "<=";
    case Op::gt:
      return ">";
    case Op::ge:
      return ">=";
    case Op::eq:
      return "=";
    case Op::ne:
      return "!=";
    case Op::add:
      return "+";
    case Op::sub:
      return "-";
    default:
      return "";
  }
}

std::optional<Aggregate::Fn> other_extreme(Aggregate::Fn fn) {
  switch (fn) {
    case Aggregate::Fn::first:
      return Aggregate::Fn::last;
    case Aggregate::Fn::last:
      return Aggregate::Fn::first;
    case Aggregate::Fn::min:
      return Aggregate::Fn::max;
    case Aggregate::Fn::max:
      return Aggregate::Fn::min;
    default:
      return std::nullopt;
  }
}

const char* word_of(Aggregate::Fn fn) {
  switch (fn) {
    case Aggregate::Fn::first:
      return "first";
    case Aggregate::Fn::last:
      return "last";
    case Aggregate::Fn::min:
      return "min";
    default:
      return "max";
  }
}

}  // namespace

std::optional<Value> next_value(const Core& core, const Type& type, Value value, bool up) {
  Value step = 1;
  switch (type.kind) {
    case Kind::boolean:
      return value == 0 ? 1 : 0;
    case Kind::name: {
      const auto count = static_cast<Value>(core.domains[type.ref].names.size());
      if (count < 2 || value >= count) return std::nullopt;
      return (value + (up ? 1 : count - 1)) % count;
    }
    case Kind::number:
      for (int i = 2; i < type.scale; ++i) step *= 10;
      break;
    case Kind::span:
    case Kind::instant:
      step = kNanosPerSecond;
      break;
    case Kind::date:
    case Kind::month:
      break;
    default:
      return std::nullopt;
  }
  const Value fresh = up ? value + step : value - step;
  const bool below_nothing = type.kind == Kind::number && value >= 0 && fresh < 0;
  if (below_nothing) return std::nullopt;
  return fresh;
}

void negate_node(Core& core, NodeId node) {
  if (core.nodes[node].op == Op::logical_not) {
    const Node inner = core.nodes[core.nodes[node].args[0]];
    core.nodes[node] = inner;
    return;
  }
  const auto inner = static_cast<NodeId>(core.nodes.size());
  core.nodes.push_back(core.nodes[node]);
  Node& outer = core.nodes[node];
  outer.op = Op::logical_not;
  outer.args = {inner};
  outer.case_clauses.clear();
}

void MutationMaker::add_to(const Written& written, What kind, Message says,
                           std::function<void(Core&, NodeId)> apply) {
  Mutation& made = add(kind, written.clause, written.span, std::move(says),
                       [nodes = written.nodes, apply = std::move(apply)](Core& core) {
                         for (const NodeId node : nodes) apply(core, node);
                       });
  made.touches.nodes = written.nodes;
}

void MutationMaker::constant(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  if (node.value == kAbsent) return;
  if (node.type.kind == Kind::text) {
    const std::string& old = core_.texts[static_cast<std::size_t>(node.value)];
    add_to(written, What::text, {"mutate.text", {old, old + "?"}},
           [fresh = old + "?"](Core& core, NodeId id) {
             core.texts.push_back(fresh);
             core.nodes[id].value =
                 text_handle(TextSpace::policy, static_cast<std::uint32_t>(core.texts.size() - 1));
           });
    return;
  }
  for (const bool up : {true, false}) {
    const std::optional<Value> fresh = next_value(core_, node.type, node.value, up);
    if (!fresh) continue;
    const bool number = node.type.kind == Kind::number;
    const What kind = number && node.type.scale > 0 && !node.type.dimension.none() ? What::price
                      : number                                                     ? What::number
                      : node.type.kind == Kind::boolean                            ? What::flag
                      : node.type.kind == Kind::name                               ? What::name
                                                                                   : What::date;
    add_to(written, kind,
           {"mutate.constant", {value(node.type, node.value), value(node.type, *fresh)}},
           [fresh = *fresh](Core& core, NodeId id) { core.nodes[id].value = fresh; });
    if (kind == What::flag || kind == What::name) return;
  }
}

void MutationMaker::comparison(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  const std::optional<Op> other = other_comparison(node.op);
  if (!other) return;
  add_to(written, What::compare,
         {"mutate.instead", {text(written.span), sign_of(node.op), sign_of(*other)}},
         [op = *other](Core& core, NodeId id) { core.nodes[id].op = op; });
}

/// Of `a and b`: the word, and each part.
void MutationMaker::junction(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  const bool both = node.op == Op::logical_and;
  if (!both && node.op != Op::logical_or) return;
  add_to(
      written, What::junction,
      {"mutate.instead",
       {text(written.span), words().word(both ? "and" : "or"), words().word(both ? "or" : "and")}},
      [op = both ? Op::logical_or : Op::logical_and](Core& core, NodeId id) {
        core.nodes[id].op = op;
      });
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    const dsl::SourceSpan part = span_in(node.args[i]);
    if (core_.nodes[node.args[i]].op == node.op || part.end == 0) continue;
    const dsl::SourceSpan whole = span_of(node.args[i]);
    add_to(written, What::part, {"mutate.part", {text(whole.end != 0 ? whole : part)}},
           [i](Core& core, NodeId id) {
             std::vector<NodeId>& args = core.nodes[id].args;
             args.erase(args.begin() + static_cast<std::ptrdiff_t>(i));
           });
  }
}

/// What holds or not, and is no comparison: turned round.
void MutationMaker::condition(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  if (!is_boolean(node)) return;
  switch (node.op) {
    case Op::present:
    case Op::in_set:
    case Op::call:
    case Op::reg:
    case Op::field:
    case Op::cell:
    case Op::row_field:
    case Op::logical_not:
      break;
    case Op::aggregate: {
      const Aggregate::Fn fn = core_.aggregates[node.a].fn;
      if (fn == Aggregate::Fn::any || fn == Aggregate::Fn::all) break;
      return;
    }
    default:
      return;
  }
  add_to(written, What::negate, {"mutate.negate", {text(written.span)}}, negate_node);
}

void MutationMaker::other_operation(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  const std::string here = text(written.span);
  switch (node.op) {
    case Op::add:
    case Op::sub: {
      const Kind second = core_.nodes[node.args[1]].type.kind;
      if (second != Kind::number && second != Kind::span) return;
      const Op other = node.op == Op::add ? Op::sub : Op::add;
      add_to(written, What::sign, {"mutate.instead", {here, sign_of(node.op), sign_of(other)}},
             [other](Core& core, NodeId id) { core.nodes[id].op = other; });
      return;
    }
    case Op::minimum:
    case Op::maximum: {
      const bool least = node.op == Op::minimum;
      add_to(written, What::order,
             {"mutate.instead",
              {here, words().word(least ? "min" : "max"), words().word(least ? "max" : "min")}},
             [op = least ? Op::maximum : Op::minimum](Core& core, NodeId id) {
               core.nodes[id].op = op;
             });
      return;
    }
    case Op::aggregate: {
      const std::optional<Aggregate::Fn> other = other_extreme(core_.aggregates[node.a].fn);
      if (!other) return;
      add_to(written, What::order,
             {"mutate.instead",
              {here, words().word(word_of(core_.aggregates[node.a].fn)),
               words().word(word_of(*other))}},
             [fn = *other](Core& core, NodeId id) { core.aggregates[core.nodes[id].a].fn = fn; });
      return;
    }
    case Op::now:
    case Op::clock: {
      const bool now = node.op == Op::now;
      add_to(written, What::clock,
             {"mutate.constant",
              {words().word(now ? "now" : "clock"), words().word(now ? "clock" : "now")}},
             [op = now ? Op::clock : Op::now](Core& core, NodeId id) { core.nodes[id].op = op; });
      return;
    }
    default:
      return;
  }
}

/// `either(a, b)` without a. Its last part says what holds if nothing else does.
void MutationMaker::fallbacks(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  if (node.op != Op::coalesce) return;
  for (std::size_t i = 0; i + 1 < node.args.size(); ++i) {
    const dsl::SourceSpan part = span_of(node.args[i]);
    if (part.end == 0) continue;
    add_to(written, What::fallback, {"mutate.fallback", {text(part)}}, [i](Core& core, NodeId id) {
      std::vector<NodeId>& args = core.nodes[id].args;
      args.erase(args.begin() + static_cast<std::ptrdiff_t>(i));
    });
  }
}

void MutationMaker::cases(const Written& written) {
  const Node& node = core_.nodes[written.nodes.front()];
  if (node.op != Op::cases) return;
  const std::size_t count = node.args.size() / 2;
  const auto name = [&](std::size_t i) {
    const dsl::SourceSpan span = span_in(node.args[2 * i]);
    const dsl::SourceSpan whole = span_of(node.args[2 * i]);
    return text(whole.end != 0 ? whole : span);
  };
  const auto clause = [&](std::size_t i) {
    return i < node.case_clauses.size() && node.case_clauses[i] != kNone ? node.case_clauses[i]
                                                                         : written.clause;
  };
  for (std::size_t i = 0; i < count; ++i) {
    if (node.args[2 * i] == kNoNode) continue;
    Written one = written;
    one.clause = clause(i);
    if (span_in(node.args[2 * i]).end == 0) continue;
    one.span = span_in(node.args[2 * i]);
    add_to(one, What::rule, {"mutate.case", {name(i)}}, [i](Core& core, NodeId id) {
      Node& all = core.nodes[id];
      const auto at = static_cast<std::ptrdiff_t>(i);
      all.args.erase(all.args.begin() + 2 * at, all.args.begin() + 2 * at + 2);
      if (i < all.case_clauses.size()) all.case_clauses.erase(all.case_clauses.begin() + at);
    });
    if (i + 1 >= count || node.args[2 * i + 2] == kNoNode) continue;
    add_to(one, What::order, {"mutate.rules", {name(i + 1), name(i)}}, [i](Core& core, NodeId id) {
      Node& all = core.nodes[id];
      std::swap(all.args[2 * i], all.args[2 * i + 2]);
      std::swap(all.args[2 * i + 1], all.args[2 * i + 3]);
      if (i + 1 < all.case_clauses.size()) std::swap(all.case_clauses[i], all.case_clauses[i + 1]);
    });
  }
}

void MutationMaker::values() {
  for (const Written& written : written_) {
    if (core_.nodes[written.nodes.front()].op == Op::constant) {
      constant(written);
      continue;
    }
    comparison(written);
    junction(written);
    condition(written);
    other_operation(written);
    fallbacks(written);
    cases(written);
  }
}

}  // namespace toll::tools
