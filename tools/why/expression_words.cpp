// Expressions in words: as their author wrote them, with values, or in numbers alone.
#include <utility>
#include <vector>

#include "tools/why/words.hpp"

namespace toll::why {

/// As it could be written, where nobody wrote it: what notions and machines are made of.
std::string Words::written(NodeId id) const {
  if (id == kNoNode) return {};
  const Node& node = core_.nodes[id];
  const auto arg = [&](std::size_t i) { return i < node.args.size() ? text(node.args[i]) : ""; };
  const auto list = [&](const std::string& name, std::size_t first = 0) {
    std::vector<std::string> parts;
    for (std::size_t i = first; i < node.args.size(); ++i) parts.push_back(arg(i));
    return name + "(" + joined(parts) + ")";
  };
  const std::string_view sign = infix(node.op);
  if (!sign.empty() && node.args.size() == 2)
    return arg(0) + " " + keyword({std::string(sign)}) + " " + arg(1);
  switch (node.op) {
    case Op::constant:
      return node.type.kind == Kind::text ? core_.texts[static_cast<std::uint32_t>(node.value)]
                                          : show(node.type, node.value, Step{});
    case Op::reg:
      return core_.registers[node.a].name;
    case Op::state:
      return core_.machines[node.a].name;
    case Op::row_field: {
      const Type& row = core_.nodes[node.args[0]].type;
      const std::string column = row.of == Of::table ? core_.tables[row.ref].columns[node.a].name
                                 : row.of == Of::family
                                     ? core_.families[row.ref].fields[node.a].name
                                     : core_.lists[row.ref].columns[node.a].name;
      if (core_.nodes[node.args[0]].op == Op::local && !has_text(node.args[0])) return column;
      return arg(0) + "." + column;
    }
    case Op::lookup:
    case Op::cell: {
      std::vector<std::string> keys;
      for (std::size_t i = 0; i < node.args.size(); ++i) keys.push_back(arg(i));
      const bool cell = node.op == Op::cell;
      return (cell ? core_.families[node.a].name : core_.tables[node.a].name) + "[" + joined(keys) +
             "]" + (cell ? "." + core_.families[node.a].fields[node.b].name : "");
    }
    case Op::now:
      return keyword({"now"});
    case Op::clock:
      return keyword({"clock"});
    case Op::logical_and:
    case Op::logical_or: {
      const std::string word = keyword({node.op == Op::logical_and ? "and" : "or"});
      std::string out;
      for (std::size_t i = 0; i < node.args.size(); ++i)
        out += (i == 0 ? "" : " " + word + " ") + arg(i);
      return out;
    }
    case Op::logical_not:
      return keyword({"not"}) + " " + arg(0);
    case Op::present:
      return keyword({"has"}) + " " + arg(0);
    case Op::neg:
      return "-" + arg(0);
    case Op::call:
      return list(core_.definitions[node.a].name);
    case Op::hook:
      return list(core_.hooks[node.a].name);
    case Op::coalesce:
      return list(keyword({"either"}));
    case Op::minimum:
      return list(keyword({"min"}));
    case Op::maximum:
      return list(keyword({"max"}));
    case Op::round_div:
      return keyword({"round"}) + "(" + arg(0) + ", " + arg(2) + ")";
    case Op::aggregate:
      return keyword({core_.aggregates[node.a].fn == Aggregate::Fn::sum ? "sum" : "count"});
    default:  // conversions that nobody writes, and calendar steps: what they are made from
      return arg(0);
  }
}

std::string Words::bracketed(const std::string& text, const std::string& value) const {
  return text.empty() || text == value ? value : say({"why.with-value", {text, value}});
}

/// An operand of a comparison: what is read, with its value; what is computed, with those of its
/// parts.
std::string Words::operand(const Record& record, bool inside) const {
  const Node& node = core_.nodes[record.node];
  if (node.op == Op::constant) return text(record.node);
  // A local that a notion made has no name; what it stands for has.
  if (node.op == Op::local && !has_text(record.node) && record.made_by != nullptr &&
      record.made_by->what == Record::What::eval)
    return operand(*record.made_by, inside);
  if (!inside && !infix(node.op).empty() && record.inside.size() == 2)
    return operand(*record.inside[0], true) + " " + keyword({std::string(infix(node.op))}) + " " +
           operand(*record.inside[1], true);
  const bool wrapper = (node.op == Op::rescale || node.op == Op::date_start ||
                        node.op == Op::text_of || node.op == Op::date_of) &&
                       record.inside.size() == 1 && !has_text(record.node);
  if (wrapper) return operand(*record.inside[0], inside);
  return bracketed(text(record.node), show(node.type, record.value, *record.step));
}

std::string Words::with_values(const Record& record) const {
  const Node& node = core_.nodes[record.node];
  if (node.op == Op::logical_not && record.inside.size() == 1) {
    const Record& inner = *record.inside[0];
    const Node& negated = core_.nodes[inner.node];
    if (negated.op == Op::present && inner.inside.size() == 1)
      return bracketed(text(record.node), show(core_.nodes[inner.inside[0]->node].type,
                                               inner.inside[0]->value, *record.step));
    if (negated.op == Op::in_set && inner.inside.size() == 2)
      return operand(*inner.inside[0], true) + " " + keyword({"not", "in"}) + " " +
             operand(*inner.inside[1], true);
    return has_text(record.node) ? text(record.node) : keyword({"not"}) + " " + with_values(inner);
  }
  if (node.op == Op::present && record.inside.size() == 1)
    return bracketed(text(record.node), show(core_.nodes[record.inside[0]->node].type,
                                             record.inside[0]->value, *record.step));
  if (!infix(node.op).empty() && record.inside.size() == 2 && node.type.kind == Kind::boolean)
    return operand(*record.inside[0], false) + " " + keyword({std::string(infix(node.op))}) + " " +
           operand(*record.inside[1], false);
  return text(record.node);
}

std::string Words::in_numbers(const Record& record) const {
  const Node& node = core_.nodes[record.node];
  const auto part = [&](std::size_t i) {
    const Record& inner = *record.inside[i];
    const std::string text = in_numbers(inner);
    const Op op = core_.nodes[inner.node].op;
    const bool loose = (op == Op::add || op == Op::sub) && node.op != Op::round_div;
    return loose && (node.op != Op::add || i > 0) ? "(" + text + ")" : text;
  };
  if (node.op == Op::rescale && !record.inside.empty()) return part(0);
  if (node.op == Op::neg && !record.inside.empty()) return "-" + part(0);
  if (node.op == Op::round_div && record.inside.size() == 3) {
    const Node& below = core_.nodes[record.inside[1]->node];
    const bool whole = below.op == Op::constant && below.type.dimension.none();
    return keyword({"round"}) + "(" + part(0) + (whole ? "" : " / " + part(1)) + ", " + part(2) +
           ")";
  }
  if (computes(node.op) && record.inside.size() == 2) {
    const std::string second = part(1);
    if (node.op == Op::add && second.starts_with("-")) return part(0) + " - " + second.substr(1);
    return part(0) + " " + std::string(infix(node.op)) + " " + second;
  }
  return show(node.type, record.value, *record.step);
}

}  // namespace toll::why
