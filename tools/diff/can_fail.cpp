// Which expressions can go out of range, so that it matters whether they are asked for.
#include <algorithm>

#include "tools/diff/terms.hpp"

namespace toll::diff {
namespace {

constexpr unsigned kWide = 200;   // more than a value has
constexpr unsigned kRows = 40;    // of the number of rows that an account can have
constexpr unsigned kValue = 126;  // a value of so many bits is in range

}  // namespace

/// The bits that a number can have, without its sign, if nothing before it failed.
unsigned Coder::bits(NodeId id) const {
  const Node& node = core_.nodes[id];
  if (node.type.kind != Kind::number) return kWide;
  const auto widest = [&] {
    unsigned most = 0;
    for (const NodeId argument : node.args) most = std::max(most, bits(argument));
    return most;
  };
  switch (node.op) {
    case Op::constant: {
      unsigned count = 0;
      if (node.value == kAbsent) return 0;
      for (Value left = node.value < 0 ? -node.value : node.value; left > 0; left /= 2) ++count;
      return count;
    }
    case Op::reg:
    case Op::cell:
    case Op::row_field:
    case Op::field:
      return node.type.scale == 0 ? 64 : kWide;
    case Op::add:
    case Op::sub:
      return widest() + 1;
    case Op::mul:
      return bits(node.args[0]) + bits(node.args[1]);
    case Op::rescale:
      return bits(node.args[0]) + 4 * node.a;
    case Op::neg:
    case Op::minimum:
    case Op::maximum:
    case Op::coalesce:
      return widest();
    case Op::floor_div:
      return bits(node.args[0]);
    case Op::aggregate: {
      const Aggregate& aggregate = core_.aggregates[node.a];
      if (aggregate.fn == Aggregate::Fn::count) return kRows;
      return bits(aggregate.body) + (aggregate.fn == Aggregate::Fn::sum ? kRows : 0);
    }
    default:
      return kWide;
  }
}

bool Coder::can_fail(const Source& source) const {
  return can_fail(source.list) || can_fail(source.at) || can_fail(source.where) ||
         std::any_of(source.by.begin(), source.by.end(),
                     [this](NodeId by) { return can_fail(by); });
}

bool Coder::can_fail(NodeId id) const {
  if (id == kNoNode) return false;
  const Node& node = core_.nodes[id];
  const auto arguments = [&] {
    return std::any_of(node.args.begin(), node.args.end(),
                       [this](NodeId argument) { return can_fail(argument); });
  };
  switch (node.op) {
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::neg:
    case Op::rescale:
      return bits(id) > kValue || arguments();
    case Op::round_div:
    case Op::add_months:
    case Op::add_days:
    case Op::month_start:
    case Op::hook:
      return true;
    case Op::month_of:
    case Op::date_of:
    case Op::date_start:
    case Op::time_of_day:
    case Op::weekday:
    case Op::year_of: {  // of what was worked out: it may lie outside the calendar
      const Op of = core_.nodes[node.args[0]].op;
      return of != Op::now && of != Op::clock && of != Op::field && of != Op::constant;
    }
    case Op::aggregate: {
      const Aggregate& aggregate = core_.aggregates[node.a];
      return can_fail(aggregate.source) || can_fail(aggregate.body) ||
             (aggregate.fn == Aggregate::Fn::sum && bits(id) > kValue);
    }
    case Op::call:
      return can_fail(core_.definitions[node.a].body) || arguments();
    default:
      return arguments();
  }
}

}  // namespace toll::diff
