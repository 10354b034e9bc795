// What is known to be there. A guard that holds or fails makes facts; a fact is the key of an
// expression. A write takes away those that read what it writes, also for the blocks around it.

#include "dsl/resolve/facts.hpp"

#include <algorithm>
#include <utility>

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

/// A text that is equal for expressions that must have equal values.
std::string Builder::key(NodeId id) {
  const Node& node = core_.nodes[id];
  // An aggregate is a number of its own wherever it is written.
  const std::uint32_t number = node.op == Op::aggregate ? 0 : node.a;
  std::string text = std::to_string(static_cast<int>(node.op)) + ":" + std::to_string(number) +
                     "." + std::to_string(node.b);
  if (node.op == Op::constant) {
    text += "=" + std::to_string(static_cast<long long>(node.value >> 64)) + "," +
            std::to_string(static_cast<unsigned long long>(node.value));
  }
  std::set<std::string> read;
  if (node.op == Op::aggregate) text += aggregate_key(id);
  if (node.op == Op::call || node.op == Op::aggregate || node.op == Op::reg ||
      node.op == Op::state || node.op == Op::cell || node.op == Op::row_field) {
    reads_of(id, read);
  }
  for (const std::string& part : read) text += part;
  if (!core_.nodes[id].args.empty()) {
    text += "(";
    const std::vector<NodeId> args = core_.nodes[id].args;
    for (const NodeId arg : args) text += (arg == kNoNode ? "-" : key(arg)) + " ";
    text += ")";
  }
  return text;
}

/// The rows of a table are the same wherever they are read; those of an account are taken for
/// others at every reading.
std::string Builder::aggregate_key(NodeId id) {
  const Aggregate& made = core_.aggregates[core_.nodes[id].a];
  const Source& rows = made.source;
  if (rows.of != Source::Of::table || !rows.by.empty()) return "@" + std::to_string(id);
  std::string text = "@" + std::to_string(static_cast<int>(made.fn)) + "." +
                     std::to_string(rows.index) + "." + std::to_string(rows.slot);
  for (const NodeId part : {rows.at, rows.where, made.body}) {
    text += "[" + (part == kNoNode ? "-" : key(part)) + "]";
  }
  return text;
}

/// What an expression reads of the state, without its arguments but for calls and aggregates.
void Builder::reads_of(NodeId id, std::set<std::string>& out) {
  if (id == kNoNode) return;
  const Node& node = core_.nodes[id];
  switch (node.op) {
    case Op::reg:
      out.insert(read_of_register(node.a));
      break;
    case Op::state:
      out.insert("$S");
      break;
    case Op::cell:
      out.insert(read_of_cell(node.a, node.b));
      break;
    case Op::row_field: {
      const Type& row = core_.nodes[node.args[0]].type;
      if (row.of == Of::family) out.insert(read_of_field(row.ref, node.a));
      break;
    }
    case Op::aggregate:
      out.insert(kReadsRows);
      break;
    case Op::call: {
      const auto known = definition_reads_.find(node.a);
      if (known != definition_reads_.end()) {
        if (!known->second.empty()) out.insert(known->second);
        break;
      }
      std::set<std::string> inside;
      std::vector<NodeId> open = {core_.definitions[node.a].body};
      while (!open.empty()) {
        const NodeId at = open.back();
        open.pop_back();
        if (at == kNoNode) continue;
        reads_of(at, inside);
        const std::vector<NodeId>& args = core_.nodes[at].args;
        open.insert(open.end(), args.begin(), args.end());
      }
      std::string text;
      for (const std::string& part : inside) text += part;
      definition_reads_.emplace(core_.nodes[id].a, text);
      if (!text.empty()) out.insert(text);
      break;
    }
    default:
      break;
  }
}

/// What is known to be present when a guard holds, or fails.
void Builder::facts(NodeId guard, bool holds, std::set<std::string>& out) {
  if (guard == kNoNode) return;
  const Op op = core_.nodes[guard].op;
  const std::vector<NodeId> args = core_.nodes[guard].args;
  if (op == Op::present && holds) {
    NodeId seen = args[0];
    out.insert(key(seen));
    while (core_.nodes[seen].op == Op::row_field) {  // a member that is there has a row
      seen = core_.nodes[seen].args[0];
      out.insert(key(seen));
    }
  } else if (op == Op::logical_not) {
    facts(args[0], !holds, out);
  } else if (op == (holds ? Op::logical_and : Op::logical_or)) {
    for (const NodeId arg : args) facts(arg, holds, out);
  }
}

Builder::Scope Builder::enter(Context& context) const {
  return {context.present, std::exchange(context.lost, {})};
}

/// After a block holds what held before it, but for what the block took away.
void Builder::leave(Context& context, Scope scope) const {
  for (const std::string& fact : context.lost) scope.present.erase(fact);
  context.present = std::move(scope.present);
  context.lost.merge(scope.lost);
}

/// Facts about what is written are facts no longer.
void Builder::forget(Context& context, const std::vector<std::string>& read) const {
  for (auto fact = context.present.begin(); fact != context.present.end();) {
    const bool gone = std::any_of(read.begin(), read.end(), [&](const std::string& part) {
      return fact->find(part) != std::string::npos;
    });
    if (gone) {
      context.lost.insert(*fact);
      context.forgotten[*fact] = context.here;
    }
    fact = gone ? context.present.erase(fact) : std::next(fact);
  }
}

/// Reports what may be absent, and, if it was known to be there before, since when it is not.
void Builder::absent(SourceSpan span, Message message, Message help, NodeId node,
                     const Context& context) {
  Diagnostic missing;
  missing.message = std::move(message);
  missing.span = span;
  missing.help = std::move(help);
  const NodeId whole = node;
  auto since = context.forgotten.find(key(node));
  while (since == context.forgotten.end() && core_.nodes[node].op == Op::row_field) {
    node = core_.nodes[node].args[0];
    since = context.forgotten.find(key(node));
  }
  if (since != context.forgotten.end() && since->second.end != 0) {
    missing.related.push_back({Severity::note, "note.forgotten", since->second, {}, {}, {}, {}});
  } else {
    missing.blames = faults_;
    origins_of(whole, missing.blames);
  }
  diagnostics_.add(std::move(missing));
}

/// The rows of a family are gone, those that have a name too.
void Builder::forget_rows(Context& context, std::uint32_t family) const {
  const std::string number = std::to_string(family) + ".";
  forget(context, {kReadsRows, "$C" + number, "$F" + number});
  for (Context::Local& local : context.locals) {
    const bool row = local.type.kind == Kind::row && local.type.of == Of::family;
    if (!row || local.type.ref != family) continue;
    local.type.optional = true;
    forget(context,
           {std::to_string(static_cast<int>(Op::local)) + ":" + std::to_string(local.slot) + "."});
  }
}

/// Something was done that may have written anything.
void Builder::forget_state(Context& context) const {
  forget(context, {std::string(1, kReadsState)});
  for (const std::uint32_t family : cleared_) forget_rows(context, family);
}

void Builder::find_cleared(const Clause& clause) {
  if (clause.head.size() == 2 && clause.head[0].word == "clear") {
    const auto* const family = families_.find(fold(clause.head[1].raw));
    if (family != nullptr) cleared_.insert(family->second);
  }
  for (const Clause& item : clause.body) find_cleared(item);
}

/// The body of a loop. What it takes away is not there when it comes round again: if it does, it is
/// read once more, without.
Effects Builder::loop(const std::vector<Clause>& body, Context& context) {
  const Context entry = context;
  const std::size_t errors = diagnostics_.error_count();
  const std::size_t nodes = core_.nodes.size();
  const std::size_t aggregates = core_.aggregates.size();
  const std::size_t clauses = core_.clauses.size();
  Effects made = effects(body, context);
  std::set<std::string> lost;
  std::set_intersection(entry.present.begin(), entry.present.end(), context.lost.begin(),
                        context.lost.end(), std::inserter(lost, lost.end()));
  if (lost.empty() || diagnostics_.error_count() != errors) return made;
  core_.nodes.erase(core_.nodes.begin() + static_cast<std::ptrdiff_t>(nodes), core_.nodes.end());
  core_.aggregates.erase(core_.aggregates.begin() + static_cast<std::ptrdiff_t>(aggregates),
                         core_.aggregates.end());
  core_.clauses.erase(core_.clauses.begin() + static_cast<std::ptrdiff_t>(clauses),
                      core_.clauses.end());
  clause_spans_.resize(clauses);
  for (std::size_t i = clauses; i < clause_counts_.size(); ++i) --*clause_counts_[i];
  clause_counts_.resize(clauses);
  if (node_spans_.size() > nodes) node_spans_.resize(nodes);
  node_texts_.erase(node_texts_.lower_bound(static_cast<NodeId>(nodes)), node_texts_.end());
  auto forgotten = std::move(context.forgotten);
  context = entry;
  context.forgotten = std::move(forgotten);
  for (const std::string& fact : lost) context.present.erase(fact);
  context.lost.merge(lost);
  return effects(body, context);
}

}  // namespace toll::dsl
