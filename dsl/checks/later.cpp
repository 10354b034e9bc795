#include "dsl/checks/later.hpp"

#include <algorithm>

#include "engine/kernel/calendar.hpp"

namespace toll::dsl {
namespace {

using Of = Bound::Of;

constexpr int kMaxLater = 300;
constexpr Value kFar = static_cast<Value>(1) << 100;  // no bound that anyone writes comes near
constexpr Value kShortestMonth = 28;

Bound make(Of of, Value least) {
  return least > -kFar && least < kFar ? Bound{of, least} : Bound{};
}

/// The first day of the month `months` after this one, in days from today.
Value days_until(Value months) {
  return months >= 1 ? kShortestMonth * (months - 1) + 1 : 31 * (months - 1);
}

/// The weaker of two bounds: what is surely so of either value.
Bound weaker(Bound a, Bound b) {
  if (a.of == b.of) return a.least <= b.least ? a : b;
  if (a.of == Of::midnight) std::swap(a, b);
  // The midnight of a later day is later than now, but nobody knows by how much.
  if (a.of == Of::now && b.of == Of::midnight) {
    if (a.least > 0 && b.least >= 1) return make(Of::now, 1);
    if (a.least >= 0 && b.least >= 1) return make(Of::now, 0);
  }
  return {};
}

/// The stronger of two bounds of one value.
Bound stronger(Bound a, Bound b) {
  if (!a.known() || (!a.later_than_now() && b.later_than_now())) return b;
  if (a.of == b.of && b.least > a.least) return b;
  return a;
}

}  // namespace

bool Lateness::is_now(NodeId node) const {
  const Op op = core_.nodes[node].op;
  return op == Op::now || op == Op::clock;  // the clock is never before now
}

std::string Lateness::key(NodeId id) const {
  if (id == kNoNode) return "-";
  const Node& node = core_.nodes[id];
  std::string text = std::to_string(static_cast<int>(node.op)) + ":" + std::to_string(node.a) +
                     "." + std::to_string(node.b) + "=" +
                     std::to_string(static_cast<long long>(node.value)) + "(";
  if (node.op == Op::aggregate) text += "@" + std::to_string(id);  // like no other
  for (const NodeId arg : node.args) text += key(arg) + " ";
  return text + ")";
}

/// Does the condition say that the value is later than now?
bool Lateness::said_later(NodeId value, NodeId condition) const {
  if (condition == kNoNode) return false;
  const Node& node = core_.nodes[condition];
  if (node.op == Op::logical_and) {
    return std::any_of(node.args.begin(), node.args.end(),
                       [&](NodeId part) { return said_later(value, part); });
  }
  if (node.op == Op::gt && is_now(node.args[1])) return key(node.args[0]) == key(value);
  if (node.op == Op::lt && is_now(node.args[0])) return key(node.args[1]) == key(value);
  return false;
}

Bound Lateness::bound(NodeId id, const Bounds& locals, const std::vector<NodeId>& sure) {
  if (id == kNoNode || depth_ > kMaxLater) return {};
  ++depth_;
  Bound found = bound_(id, locals, sure);
  --depth_;
  const bool said = std::any_of(sure.begin(), sure.end(),
                                [&](NodeId condition) { return said_later(id, condition); });
  const Kind kind = core_.nodes[id].type.kind;
  if (said && kind == Kind::instant) found = stronger(found, make(Of::now, 1));
  return found;
}

Bound Lateness::bound_(NodeId id, const Bounds& locals, const std::vector<NodeId>& sure) {
  const Node& node = core_.nodes[id];
  const auto of = [&](std::size_t arg) { return bound(node.args[arg], locals, sure); };
  switch (node.op) {
    case Op::constant:
      if (node.value == kAbsent) return {};
      return node.type.kind == Kind::number || node.type.kind == Kind::span
                 ? make(Of::number, node.value)
                 : Bound{};
    case Op::now:
    case Op::clock:
      return make(Of::now, 0);
    case Op::local: {
      const auto known = locals.find(node.a);
      return known == locals.end() ? Bound{} : known->second;
    }
    case Op::add:
    case Op::sub:
    case Op::add_days:
    case Op::add_months:
      return sum(node, locals, sure);
    case Op::month_of: {
      const Bound value = of(0);
      const bool future =
          (value.of == Of::now || value.of == Of::midnight || value.of == Of::day) &&
          value.least >= 0;
      return future ? make(Of::month, 0) : Bound{};
    }
    case Op::month_start: {
      const Bound value = of(0);
      return value.of == Of::month ? make(Of::day, days_until(value.least)) : Bound{};
    }
    case Op::date_of: {
      const Bound value = of(0);
      if (value.of == Of::midnight) return make(Of::day, value.least);
      return value.of == Of::now && value.least >= 0 ? make(Of::day, 0) : Bound{};
    }
    case Op::date_start: {
      const Bound value = of(0);
      return value.of == Of::day ? make(Of::midnight, value.least) : Bound{};
    }
    case Op::minimum:
    case Op::maximum:
    case Op::coalesce:
      return extreme(node, locals, sure);
    case Op::cases:
      return cases(node, locals, sure);
    case Op::row_field:
      return lookup(node);
    case Op::call: {
      Bounds inner;
      for (std::uint32_t i = 0; i < node.args.size(); ++i) {
        const Bound argument = of(i);
        if (argument.known()) inner.emplace(i, argument);
      }
      return bound(core_.definitions[node.a].body, inner, {});
    }
    case Op::aggregate: {
      const Aggregate& aggregate = core_.aggregates[node.a];
      if (aggregate.fn != Aggregate::Fn::min && aggregate.fn != Aggregate::Fn::max) return {};
      std::vector<NodeId> inside = sure;
      inside.push_back(aggregate.source.where);
      return bound(aggregate.body, locals, inside);
    }
    default:
      return {};
  }
}

/// Sums and differences with what moves a point in time: spans, days, months.
Bound Lateness::sum(const Node& node, const Bounds& locals, const std::vector<NodeId>& sure) {
  const Bound left = bound(node.args[0], locals, sure);
  if (!left.known()) return {};
  Value by = 0;
  if (node.op == Op::sub) {
    // What is taken away has to be known exactly, not only from below.
    const Node& right = core_.nodes[node.args[1]];
    if (right.op != Op::constant || right.value == kAbsent) return {};
    by = -right.value;
  } else {
    const Bound right = bound(node.args[1], locals, sure);
    if (right.of != Of::number) return {};
    by = right.least;
  }
  if (by <= -kFar || by >= kFar) return {};
  const bool months = node.op == Op::add_months;
  switch (left.of) {
    case Of::number:
    case Of::month:
      return make(left.of, left.least + by);
    case Of::day:
      if (months && by < 0) return make(Of::day, left.least + 31 * by);
      return make(Of::day, left.least + (months ? kShortestMonth * by : by));
    case Of::midnight:
    case Of::now:
      if (node.op == Op::add || node.op == Op::sub) {
        if (left.of == Of::now) return make(Of::now, left.least + by);
        return by >= 0 ? left : Bound{};
      }
      // The same time of day, some days or months later.
      if (by >= 1 && left.least >= 0) {
        if (left.of == Of::midnight) {
          return make(Of::midnight, left.least + (months ? kShortestMonth * by : by));
        }
        return make(Of::now, 1);
      }
      return by == 0 ? left : Bound{};
    case Of::nothing:
      break;
  }
  return {};
}

Bound Lateness::extreme(const Node& node, const Bounds& locals, const std::vector<NodeId>& sure) {
  Bound all;
  Bound best;
  bool first = true;
  bool certain = false;  // the greatest of several: one that is surely there decides
  for (const NodeId arg : node.args) {
    const Bound one = bound(arg, locals, sure);
    all = first ? one : weaker(all, one);
    first = false;
    if (!core_.nodes[arg].type.optional && one.known()) {
      best = certain ? stronger(best, one) : one;
      certain = true;
    }
  }
  return node.op == Op::maximum && certain ? stronger(all, best) : all;
}

Bound Lateness::cases(const Node& node, const Bounds& locals, const std::vector<NodeId>& sure) {
  Bound all;
  for (std::size_t i = 0; i + 1 < node.args.size(); i += 2) {
    std::vector<NodeId> inside = sure;
    inside.push_back(node.args[i]);
    const Bound one = bound(node.args[i + 1], locals, inside);
    all = i == 0 ? one : weaker(all, one);
  }
  return all;
}

/// The least a column of numbers can give; of a setting with dates, the least of its values.
Bound Lateness::lookup(const Node& node) {
  const Type& row = core_.nodes[node.args[0]].type;
  if (row.of != toll::Of::table) return {};
  Bound least;
  for (const Table::Row& one : core_.tables[row.ref].rows) {
    if (one.cells[node.a] == kAbsent) continue;
    if (node.type.kind != Kind::number && node.type.kind != Kind::span) return {};
    const Bound cell = make(Of::number, one.cells[node.a]);
    least = least.known() ? weaker(least, cell) : cell;
  }
  return least;
}

}  // namespace toll::dsl
