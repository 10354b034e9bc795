// State machines: states, edges, and the blocks that move them.
//
//   machine NAME [= "wire"] {
//     state A = "a", B = "b", C = "c"        the first is where an account starts
//     A -> B when CONDITION                  looked at after every event and timer that matters
//     B -> C after 24 hours                  a deadline, counted from the move to B
//     A -> C on EVENT                        with an event
//     moves { effects }                      with every move; `before` and `after` are states
//     leaving CONDITION { effects }          when a move makes CONDITION cease
//   }

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {

void Builder::machine_declaration(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const Token name = head.name("the name of a machine");
  Machine machine;
  machine.name = name.raw;
  machine.wire = wire(head, name.raw);
  if (!head.finish()) return;
  const auto index = static_cast<std::uint32_t>(core_.machines.size());
  if (!declare(machines_, name, index, "machine")) return;
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
    error("E0801", clause.span, "a machine needs states: `state A, B`");
  }
  Block go;
  go.name = "move " + name.raw;
  go.clause = machine.clause;
  go_blocks_.push_back(static_cast<std::uint32_t>(core_.blocks.size()));
  core_.declarations.push_back({"machine", name.raw, machine.clause,
                                {"machine:" + name.raw, "block:" + go.name}});
  core_.blocks.push_back(std::move(go));
  procedure_events_.push_back(kNone);
  step_blocks_.push_back(kNone);
  for (const Clause& item : clause.body) machine_edge(index, item);
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
    const Token name = line.name("a state");
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
      error("E0802", clause.span, "`after` counts from entering one state: write one line for each");
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
    if (!declare(timers_, token, static_cast<std::uint32_t>(core_.timers.size()), "timer")) return;
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

void Builder::resolve_machine(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const auto found = find(machines_, head.name("the name of a machine"));
  if (!found) return;
  const std::uint32_t index = *found;
  const Machine machine = core_.machines[index];
  Type state;
  state.kind = Kind::name;
  state.ref = machine.domain;
  const auto is = [&](Typed value, const std::vector<Value>& states) {
    Typed result;
    for (const Value one : states) {
      const Typed equal = make(Op::eq, Type{}, {value.node, constant_node(state, one)});
      result = result.ok() ? make(Op::logical_or, Type{}, {result.node, equal.node}) : equal;
    }
    return result;
  };

  // The block that moves: slots 0 to, 1 before.
  Context context;
  context.clause = machine.clause;
  context.locals.push_back({"after", context.take_slot(), state, false});
  context.locals.push_back({"before", context.take_slot(), state, false});
  const Typed to = make(Op::local, state, {}, 0);
  Effects moves;
  Effect let = start(Effect::Do::let, context);
  let.a = 1;
  let.args = {make(Op::state, state, {}, index).node};
  moves.push_back(std::move(let));
  struct Watch {
    std::uint32_t slot = 0;
    const Clause* clause = nullptr;
    ExprPtr condition;
  };
  std::vector<Watch> watches;
  for (const Clause& item : clause.body) {
    if (item.head.empty() || item.head[0].word != "leaving") continue;
    Cursor line = cursor(item);
    line.next();
    Watch watch;
    watch.clause = &item;
    watch.condition = line.expression();
    if (watch.condition == nullptr || !line.finish()) continue;
    const Typed holds = guard(*watch.condition, context);
    if (!holds.ok()) continue;
    watch.slot = context.take_slot();
    Effect held = start(Effect::Do::let, context);
    held.a = watch.slot;
    held.args = {holds.node};
    moves.push_back(std::move(held));
    watches.push_back(std::move(watch));
  }
  Effect move = start(Effect::Do::move, context);
  move.a = index;
  move.args = {to.node};
  moves.push_back(std::move(move));
  for (const Clause& item : clause.body) {
    if (item.head.empty() || item.head[0].word != "moves") continue;
    Effects made = effects(item.body, context);
    moves.insert(moves.end(), std::make_move_iterator(made.begin()),
                 std::make_move_iterator(made.end()));
  }
  for (const Clause& item : clause.body) {
    bool arrow = false;
    for (const Token& token : item.head) {
      arrow = arrow || (token.kind == TokenKind::symbol && token.word == "->");
    }
    if (!arrow) continue;
    // Which edge this line is: the one whose clause stands at its position.
    const Position at = sources_.position(item.span);
    const Machine::Edge* edge = nullptr;
    for (const Machine::Edge& one : machine.edges) {
      const toll::Clause& known = core_.clauses[one.clause];
      if (known.line == at.line && known.column == at.column) edge = &one;
    }
    if (edge == nullptr) continue;
    Cursor line = cursor(item);
    while (!line.at_symbol("->")) line.next();
    line.next();
    line.next();
    if (edge->how != "by") line.next();
    Effect go;
    go.what = Effect::Do::run;
    go.clause = edge->clause;
    go.a = go_blocks_[index];
    go.args = {constant_node(state, edge->to)};
    const Typed here = is(make(Op::state, state, {}, index), edge->from);
    if (edge->how == "when") {
      const ExprPtr condition = line.expression();
      if (condition == nullptr || !line.finish()) continue;
      Context plain;
      plain.clause = edge->clause;
      const Typed holds = guard(*condition, plain);
      if (!holds.ok()) continue;
      if (step_blocks_[index] == kNone) {
        step_blocks_[index] = static_cast<std::uint32_t>(core_.blocks.size());
        Block step;
        step.name = "step " + machine.name;
        step.clause = machine.clause;
        Effect choose;
        choose.what = Effect::Do::choose;
        choose.clause = machine.clause;
        step.effects.push_back(std::move(choose));
        part(machine.clause, "block:" + step.name);
        core_.blocks.push_back(std::move(step));
        procedure_events_.push_back(kNone);
      }
      Block& step = core_.blocks[step_blocks_[index]];
      step.frame = std::max(step.frame, plain.frame);
      Rule rule;
      rule.guard = make(Op::logical_and, Type{}, {here.node, holds.node}).node;
      rule.clause = edge->clause;
      rule.effects.push_back(std::move(go));
      core_.blocks[step_blocks_[index]].effects[0].rules.push_back(std::move(rule));
    } else if (edge->how == "after") {
      const ExprPtr span = line.expression();
      if (span == nullptr || !line.finish()) continue;
      Type wanted_span;
      wanted_span.kind = Kind::span;
      const Typed length = wanted(*span, context, wanted_span, "the time after which it moves");
      if (!length.ok()) continue;
      Type instant;
      instant.kind = Kind::instant;
      std::uint32_t timer = 0;
      while (core_.timers[timer].clause != edge->clause) ++timer;
      Effect choose = start(Effect::Do::choose, context);
      Rule entering;
      entering.guard = is(to, edge->from).node;
      entering.clause = edge->clause;
      Effect arm = start(Effect::Do::arm, context);
      arm.clause = edge->clause;
      arm.a = timer;
      arm.args = {make(Op::add, instant, {make(Op::now, instant, {}).node, length.node}).node};
      entering.effects.push_back(std::move(arm));
      Rule leaving;
      leaving.clause = edge->clause;
      Effect disarm = start(Effect::Do::disarm, context);
      disarm.a = timer;
      leaving.effects.push_back(std::move(disarm));
      choose.rules.push_back(std::move(entering));
      choose.rules.push_back(std::move(leaving));
      moves.push_back(std::move(choose));
      // The timer itself.
      Effect due;
      due.what = Effect::Do::choose;
      due.clause = edge->clause;
      Rule still;
      still.guard = here.node;
      still.clause = edge->clause;
      still.effects.push_back(std::move(go));
      due.rules.push_back(std::move(still));
      core_.blocks[core_.timers[timer].block].effects.push_back(std::move(due));
    } else if (edge->how == "on") {
      const Token event = line.name("the name of an event");
      const auto known = find(events_, event);
      if (line.failed()) continue;
      if (!known) {
        unknown(event, events_, "event");
        continue;
      }
      Typed holds = here;
      if (line.accept_word("when")) {
        const ExprPtr condition = line.expression();
        if (condition == nullptr) continue;
        Context on_event;
        on_event.event = *known;
        on_event.clause = edge->clause;
        const Typed extra = guard(*condition, on_event);
        if (!extra.ok()) continue;
        Block& block = core_.blocks[core_.events[*known].block];
        block.frame = std::max(block.frame, on_event.frame);
        holds = make(Op::logical_and, Type{}, {here.node, extra.node});
      }
      if (!line.finish()) continue;
      Effect choose;
      choose.what = Effect::Do::choose;
      choose.clause = edge->clause;
      Rule rule;
      rule.guard = holds.node;
      rule.clause = edge->clause;
      rule.effects.push_back(std::move(go));
      choose.rules.push_back(std::move(rule));
      core_.blocks[core_.events[*known].block].effects.push_back(std::move(choose));
    }
  }
  for (Watch& watch : watches) {
    const Typed held = make(Op::local, Type{}, {}, watch.slot);
    const Typed holds = guard(*watch.condition, context);
    if (!holds.ok()) continue;
    const Typed ceased = make(Op::logical_not, Type{}, {holds.node});
    Effect choose = start(Effect::Do::choose, context);
    Rule rule;
    rule.guard = make(Op::logical_and, Type{}, {held.node, ceased.node}).node;
    const ClauseId outer = context.clause;
    rule.clause = context.clause = this->clause("leaving", watch.clause->span, outer);
    rule.effects = effects(watch.clause->body, context);
    context.clause = outer;
    choose.rules.push_back(std::move(rule));
    moves.push_back(std::move(choose));
  }
  Block& go = core_.blocks[go_blocks_[index]];
  go.parameters = {state};
  go.effects = std::move(moves);
  go.frame = context.frame;
}

}  // namespace toll::dsl
