// What a machine does: the block that moves it, and the rules, timers and handlers that call for
// it.

#include "dsl/resolve/builder.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

bool is_edge(const Clause& clause) {
  for (const Token& token : clause.head) {
    if (token.kind == TokenKind::symbol && token.word == "->") return true;
  }
  return false;
}

}  // namespace

/// A machine while its body is read. Its moves share one frame: slot 0 holds the state moved to,
/// slot 1 the state before.
struct Builder::MachineBody {
  /// A condition whose end is waited for: `leaving CONDITION { .. }`.
  struct Watch {
    std::uint32_t slot = 0;  ///< whether it held before the move
    const Clause* clause = nullptr;
    ExprPtr condition;
  };
  std::uint32_t index = 0;
  Machine machine;
  Type state;
  Context context;
  Typed to;
  Effects moves;
  std::vector<Watch> watches;
  std::size_t next_edge = 0;  ///< those before it have their lines
};

void Builder::resolve_machine(const Clause& clause) {
  Cursor head = cursor(clause);
  head.next();
  const auto found = find(machines_, head.name("what.machine"));
  if (!found) return;
  MachineBody body;
  body.index = *found;
  body.machine = core_.machines[*found];
  body.state.kind = Kind::name;
  body.state.ref = body.machine.domain;
  Context& context = body.context;
  context.clause = body.machine.clause;
  context.locals.push_back({"after", context.take_slot(), body.state, false});
  context.locals.push_back({"before", context.take_slot(), body.state, false});
  body.to = make(Op::local, body.state, {}, 0);
  Effect before = start(Effect::Do::let, context);
  before.a = 1;
  before.args = {make(Op::state, body.state, {}, body.index).node};
  body.moves.push_back(std::move(before));
  for (const Clause& item : clause.body) machine_watch(item, body);
  Effect move = start(Effect::Do::move, context);
  move.a = body.index;
  move.args = {body.to.node};
  body.moves.push_back(std::move(move));
  for (const Clause& item : clause.body) {
    if (item.head.empty() || item.head[0].word != "moves") continue;
    Effects made = effects(item.body, context);
    body.moves.insert(body.moves.end(), std::make_move_iterator(made.begin()),
                      std::make_move_iterator(made.end()));
  }
  for (const Clause& item : clause.body) {
    if (is_edge(item)) machine_line(item, body);
  }
  for (MachineBody::Watch& watch : body.watches)
    machine_leaving(watch.clause, watch.slot, *watch.condition, body);
  Block& go = core_.blocks[go_blocks_[body.index]];
  go.parameters = {body.state};
  go.effects = std::move(body.moves);
  go.frame = context.frame;
}

/// `leaving CONDITION { .. }`: notes before the move whether it holds.
void Builder::machine_watch(const Clause& item, MachineBody& body) {
  if (item.head.empty() || item.head[0].word != "leaving") return;
  Cursor line = cursor(item);
  line.next();
  MachineBody::Watch watch;
  watch.clause = &item;
  watch.condition = line.expression();
  if (watch.condition == nullptr || !line.finish()) return;
  const Typed holds = guard(*watch.condition, body.context);
  if (!holds.ok()) return;
  watch.slot = body.context.take_slot();
  Effect held = start(Effect::Do::let, body.context);
  held.a = watch.slot;
  held.args = {holds.node};
  body.moves.push_back(std::move(held));
  body.watches.push_back(std::move(watch));
}

/// After the move: if the condition held and holds no more, its effects.
void Builder::machine_leaving(const Clause* clause, std::uint32_t slot, const Expr& condition,
                              MachineBody& body) {
  Context& context = body.context;
  const Typed held = make(Op::local, Type{}, {}, slot);
  const Typed holds = guard(condition, context);
  if (!holds.ok()) return;
  const Typed ceased = make(Op::logical_not, Type{}, {holds.node});
  Effect choose = start(Effect::Do::choose, context);
  Rule rule;
  rule.guard = make(Op::logical_and, Type{}, {held.node, ceased.node}).node;
  const ClauseId outer = context.clause;
  rule.clause = context.clause = this->clause("leaving", clause->span, outer);
  rule.effects = effects(clause->body, context);
  context.clause = outer;
  choose.rules.push_back(std::move(rule));
  body.moves.push_back(std::move(choose));
}

Typed Builder::state_is(Typed value, const Type& state, const std::vector<Value>& states) {
  Typed result;
  for (const Value one : states) {
    const Typed equal = make(Op::eq, Type{}, {value.node, constant_node(state, one)});
    result = result.ok() ? make(Op::logical_or, Type{}, {result.node, equal.node}) : equal;
  }
  return result;
}

/// An edge's line: which edge it is, and what takes it.
void Builder::machine_line(const Clause& item, MachineBody& body) {
  // A line that was no edge was left out. Lines made by a loop stand all in one place.
  const Machine::Edge* edge = nullptr;
  for (std::size_t i = body.next_edge; i < body.machine.edges.size() && edge == nullptr; ++i) {
    const SourceSpan known = clause_span(body.machine.edges[i].clause);
    if (known.begin != item.span.begin || known.file != item.span.file) continue;
    edge = &body.machine.edges[i];
    body.next_edge = i + 1;
  }
  if (edge == nullptr || edge->how == "by") return;
  Cursor line = cursor(item);
  while (!line.at_symbol("->")) line.next();
  line.next();  // ->
  line.next();  // the state
  line.next();  // when, after, on
  if (edge->how == "when") machine_when(*edge, line, body);
  if (edge->how == "after") machine_after(*edge, line, body);
  if (edge->how == "on") machine_on(*edge, line, body);
}

Effect Builder::machine_go(const Machine::Edge& edge, const MachineBody& body) {
  Effect go;
  go.what = Effect::Do::run;
  go.clause = edge.clause;
  go.a = go_blocks_[body.index];
  go.args = {constant_node(body.state, edge.to)};
  return go;
}

/// The guard of an edge's rule: in one of its states, and whatever else must hold.
Rule Builder::machine_rule(const Machine::Edge& edge, Typed also, const MachineBody& body) {
  Typed here = state_is(make(Op::state, body.state, {}, body.index), body.state, edge.from);
  if (also.ok()) here = make(Op::logical_and, Type{}, {here.node, also.node});
  Rule rule;
  rule.guard = here.node;
  rule.clause = edge.clause;
  rule.effects.push_back(machine_go(edge, body));
  return rule;
}

/// Level-triggered: a rule of the block that step_machines() runs after events and timers.
void Builder::machine_when(const Machine::Edge& edge, Cursor& line, const MachineBody& body) {
  const ExprPtr condition = line.expression();
  if (condition == nullptr || !line.finish()) return;
  Context plain;
  plain.clause = edge.clause;
  const Typed holds = guard(*condition, plain);
  if (!holds.ok()) return;
  std::uint32_t& step = step_blocks_[body.index];
  if (step == kNone) {
    step = static_cast<std::uint32_t>(core_.blocks.size());
    Block made;
    made.name = "step " + body.machine.name;
    made.clause = body.machine.clause;
    Effect choose;
    choose.what = Effect::Do::choose;
    choose.clause = body.machine.clause;
    made.effects.push_back(std::move(choose));
    part(body.machine.clause, "block:" + made.name);
    core_.blocks.push_back(std::move(made));
    procedure_events_.push_back(kNone);
  }
  Rule rule = machine_rule(edge, holds, body);
  core_.blocks[step].frame = std::max(core_.blocks[step].frame, plain.frame);
  core_.blocks[step].effects[0].rules.push_back(std::move(rule));
}

/// A deadline: armed by entering the state, disarmed by any other move, and a timer that moves on.
void Builder::machine_after(const Machine::Edge& edge, Cursor& line, MachineBody& body) {
  const ExprPtr span = line.expression();
  if (span == nullptr || !line.finish()) return;
  Type wanted_span;
  wanted_span.kind = Kind::span;
  const Typed length = wanted(*span, body.context, wanted_span, "role.after");
  if (!length.ok()) return;
  Type instant;
  instant.kind = Kind::instant;
  std::uint32_t timer = 0;
  while (core_.timers[timer].clause != edge.clause) ++timer;
  Effect choose = start(Effect::Do::choose, body.context);
  Rule entering;
  entering.guard = state_is(body.to, body.state, edge.from).node;
  entering.clause = edge.clause;
  Effect arm = start(Effect::Do::arm, body.context);
  arm.clause = edge.clause;
  arm.a = timer;
  arm.args = {make(Op::add, instant, {make(Op::now, instant, {}).node, length.node}).node};
  entering.effects.push_back(std::move(arm));
  Rule leaving;
  leaving.clause = edge.clause;
  Effect disarm = start(Effect::Do::disarm, body.context);
  disarm.a = timer;
  leaving.effects.push_back(std::move(disarm));
  choose.rules.push_back(std::move(entering));
  choose.rules.push_back(std::move(leaving));
  body.moves.push_back(std::move(choose));
  Effect due;
  due.what = Effect::Do::choose;
  due.clause = edge.clause;
  due.rules.push_back(machine_rule(edge, {}, body));
  core_.blocks[core_.timers[timer].block].effects.push_back(std::move(due));
}

/// on EVENT [when CONDITION]: after what the event does by itself.
void Builder::machine_on(const Machine::Edge& edge, Cursor& line, const MachineBody& body) {
  const Token event = line.name("what.event");
  const auto known = find(events_, event);
  if (line.failed()) return;
  if (!known) return unknown(event, events_, "noun.event");
  Context context;
  context.event = *known;
  context.clause = edge.clause;
  Typed extra;
  if (line.accept_word("when")) {
    const ExprPtr condition = line.expression();
    if (condition == nullptr) return;
    extra = guard(*condition, context);
    if (!extra.ok()) return;
  }
  if (!line.finish()) return;
  Effect choose;
  choose.what = Effect::Do::choose;
  choose.clause = edge.clause;
  choose.rules.push_back(machine_rule(edge, extra, body));
  Block& block = core_.blocks[core_.events[*known].block];
  block.frame = std::max(block.frame, context.frame);
  block.effects.push_back(std::move(choose));
}

}  // namespace toll::dsl
