// What a trace is told, besides the calls that stand where things happen. Nothing here runs without
// one, and nothing here changes what happens.
#include "engine/run/run.hpp"

namespace toll {

/// eval() with the node announced, leaves too.
Value Run::traced(NodeId node) {
  detail_->enter(node);
  const Term& term = terms_[node];
  Value value = kAbsent;
  if (term.op == Op::local) {
    value = slots_[term.a];
  } else if (term.op == Op::constant) {
    value = p_.constants[term.a];
  } else if (term.op == Op::field) {
    value = term.a < fields_.size() ? fields_[term.a] : kAbsent;
  } else {
    value = compute(term);
  }
  detail_->leave(node, value);
  return value;
}

/// Asks the condition of a draw of all rows, those that an index would not even find as well. What
/// fails in it fails nothing: the draw will ask for itself.
void Run::weigh(const Source& source) {
  if (source.of != Source::Of::family) return;
  const char* const why = why_;
  for (std::uint32_t row = 0; row < family(source.index).count(); ++row) {
    slots_[source.slot] = row;
    turn(source.slot, row, Trace::Turn::weigh);
    if (source.where != kNoNode) holds(source.where);
  }
  why_ = why;
}

void Run::tell_global(std::uint32_t cell, Value old, Value value) {
  Change change;
  change.old = old;
  change.value = value;
  if (cell < p_.first_machine) {
    change.index = cell;
  } else if (cell < p_.first_timer) {
    change.of = Change::Of::state;
    change.index = cell - p_.first_machine;
  } else {
    change.of = Change::Of::deadline;
    change.index = cell - p_.first_timer;
  }
  trace_->changed(change);
}

}  // namespace toll
