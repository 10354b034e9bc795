// State machines: states, edges, and the blocks that move them.
//
//   machine NAME [= "wire"] {
//     state A = "a", B = "b", C = "c"        the first is where an account starts
//     A -> B when CONDITION                  looked at after every event and timer that matters
//     B -> C after 24 hours                  a deadline, counted from the move to B
//     A -> C on EVENT                        with an event
//     final C                                nothing leads out of C, and that is meant
//     moves { effects }                      with every move; `before` and `after` are states
//     leaving CONDITION { effects }          when a move makes CONDITION cease
//   }

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void Builder::machine_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("what.machine");
  Machine machine;
  machine.name = name.raw;
  machine.wire = wire(head, name.raw);
  if (!head.finish()) return;
  const auto index = static_cast<std::uint32_t>(core_.machines.size());
  if (!declare(machines_, name, index, "noun.machine")) return;
  machine.clause = this->clause("machine:" + name.raw, clause.span);
  machine.domain = static_cast<std::uint32_t>(core_.domains.size());
  Domain states;
  states.name = name.raw;
  states.clause = machine.clause;
  domains_.emplace(fold(name.raw), machine.domain);
  core_.domains.push_back(std::move(states));
  domain_names_.emplace_back();
  core_.machines.push_back(machine);
  for (const Clause& item : clause.body) {
    if (item.head.empty() || item.head[0].word != "state") continue;
    Clause names = item;
    names.head.erase(names.head.begin());
    domain_name(core_.domains[machine.domain], names);
  }
  if (core_.domains[machine.domain].names.empty()) {
    error(clause.span, "E0801.states");
  }
  for (const Clause& item : clause.body) machine_finals(index, item);
  Block go;
  go.name = "move " + name.raw;
  go.clause = machine.clause;
  go_blocks_.push_back(static_cast<std::uint32_t>(core_.blocks.size()));
  core_.declarations.push_back(
      {"machine", name.raw, machine.clause, {"machine:" + name.raw, "block:" + go.name}});
  core_.blocks.push_back(std::move(go));
  procedure_events_.push_back(kNone);
  step_blocks_.push_back(kNone);
  for (const Clause& item : clause.body) machine_edge(index, item);
}

/// final A, B: states that nothing leads out of, and that is meant.
void Builder::machine_finals(std::uint32_t index, const Clause& clause) {
  if (clause.head.empty() || clause.head[0].word != "final") return;
  Cursor line = cursor(clause);
  line.next();
  do {
    const Token name = line.name("what.state");
    if (line.failed()) return;
    const Typed value = name_of_domain(name, core_.machines[index].domain);
    if (value.ok()) core_.machines[index].finals.push_back(*constant_value(value.node));
  } while (line.accept_symbol(","));
  line.finish();
}

/// A, B -> C how ..: the edge, and the timer of an `after`.
void Builder::machine_edge(std::uint32_t index, const Clause& clause) {
  bool arrow = false;
  for (const Token& token : clause.head) {
    arrow = arrow || (token.kind == TokenKind::symbol && token.word == "->");
  }
  if (!arrow) return;
  Cursor line = cursor(clause);
  Machine::Edge edge;
  const std::uint32_t domain = core_.machines[index].domain;
  const auto state = [&](Value& out) {
    const Token name = line.name("what.state");
    if (line.failed()) return false;
    const Typed value = name_of_domain(name, domain);
    if (!value.ok()) return false;
    out = *constant_value(value.node);
    return true;
  };
  do {
    Value from = 0;
    if (!state(from)) return;
    edge.from.push_back(from);
  } while (line.accept_symbol(","));
  if (!line.expect_symbol("->") || !state(edge.to)) return;
  if (line.at_word("when") || line.at_word("after") || line.at_word("on")) {
    edge.how = line.next().word;
  } else {
    edge.how = "by";  // by rules: `move MACHINE to STATE`
    if (!line.finish()) return;
  }
  const auto& names = core_.domains[domain].names;
  std::string label;
  for (const Value from : edge.from) {
    label += (label.empty() ? "" : ",") + names[static_cast<std::size_t>(from)].shown;
  }
  label += "->" + names[static_cast<std::size_t>(edge.to)].shown;
  edge.clause = this->clause(label, clause.span, core_.machines[index].clause);
  if (edge.how == "after") {
    if (edge.from.size() != 1) {
      error(clause.span, "E0802.after");
      return;
    }
    const Domain::Name& from = names[static_cast<std::size_t>(edge.from[0])];
    Timer timer;
    timer.name = from.shown;
    timer.wire = from.wire;
    timer.clause = edge.clause;
    timer.block = static_cast<std::uint32_t>(core_.blocks.size());
    Token token = clause.head[0];
    token.raw = from.shown;
    if (!declare(timers_, token, static_cast<std::uint32_t>(core_.timers.size()), "noun.timer"))
      return;
    Block block;
    block.name = "timer " + from.shown;
    block.clause = edge.clause;
    part(core_.machines[index].clause, "timer:" + timer.name);
    core_.blocks.push_back(std::move(block));
    procedure_events_.push_back(kNone);
    core_.timers.push_back(std::move(timer));
  }
  core_.machines[index].edges.push_back(std::move(edge));
}

}  // namespace toll::dsl
