// Who wrote what is read: within the step, and in all steps before it.
#include <algorithm>
#include <compare>
#include <map>

#include "tools/why/unfold.hpp"

namespace toll::why {
namespace {

constexpr std::size_t kFewWrites = 3;  ///< so many are told one by one
constexpr std::size_t kMoves = 4;      ///< of a machine, the latest
constexpr std::size_t kElsewhere = 3;  ///< so deep is told what happened in other steps

}  // namespace

/// Does an effect add to what was there (or draw from it)?
bool Unfolder::adds(const Effect& effect) const {
  const auto sum_with = [&](NodeId id, auto&& same) {
    const Node& sum = core_.nodes[id];
    return (sum.op == Op::add || sum.op == Op::sub) && !sum.args.empty() &&
           same(core_.nodes[sum.args[0]]);
  };
  switch (effect.what) {
    case Effect::Do::add_cell:
    case Effect::Do::draw:
      return true;
    case Effect::Do::set_register:
      return sum_with(effect.args[0],
                      [&](const Node& n) { return n.op == Op::reg && n.a == effect.a; });
    case Effect::Do::set_row:
      return sum_with(effect.args[1],
                      [&](const Node& n) { return n.op == Op::row_field && n.a == effect.b; });
    default:
      return false;
  }
}

std::string Unfolder::cause(const Step& step) const {
  if (step.timer != kNone) return words_.say({"why.timer", {core_.timers[step.timer].name}});
  return words_.say({"why.event", {step.id, core_.events[step.event].name}});
}

std::string Unfolder::time(const Step& step) const {
  Type instant;
  instant.kind = Kind::instant;
  return words_.show(instant, step.time, step);
}

/// What a read place holds rests on what was written to it.
std::vector<Reason> Unfolder::reading(const Record& eval, const Place& place, const Type& type) {
  if (const Record* const given = given_by(eval)) {
    const Record& core = core_of(*given);
    std::vector<Reason> reasons = computes(node(core).op) ? operands(core) : because(*given);
    const bool lasts = place.of == Change::Of::reg || !core_.families[place.index].event_scope;
    if (reasons.empty() && lasts) {
      Reason now;
      now.kind = "write";
      now.text = words_.say({"why.set-by", {time(*eval.step), cause(*eval.step), show(eval)}});
      now.place = words_.place(given->node);
      now.fact("time", time(*eval.step)).fact("value", show(eval));
      reasons.push_back(std::move(now));
    }
    return reasons;
  }
  const std::vector<const Record*> changes = recorder_.changes(eval, place);
  bool complete = false;
  std::vector<Reason> reasons = in_step(eval, type, changes, complete);
  if (complete) return reasons;
  const std::size_t order = changes.empty() ? eval.order : changes.front()->order;
  for (Reason& one : before(place, type, order)) reasons.push_back(std::move(one));
  return reasons;
}

/// `complete`: nothing before the step matters.
std::vector<Reason> Unfolder::in_step(const Record& eval, const Type& type,
                                      const std::vector<const Record*>& changes, bool& complete) {
  const Record* const last = changes.empty() ? nullptr : changes.back();
  complete = last != nullptr && core_.families.size() > last->place.index &&
             last->place.of != Change::Of::reg && last->place.of != Change::Of::state &&
             core_.families[last->place.index].event_scope;
  std::vector<Reason> reasons;
  Place place;
  if (!place_read(eval, place)) return {};
  for (const Record* change : changes) {
    if (change->place.of == Change::Of::row && change->effect != nullptr &&
        change->effect->what != Effect::Do::put)
      continue;  // a counter's row comes into being with what is written next
    const Record* given = argument_of(*change, place.field);
    const bool adding = change->effect != nullptr && adds(*change->effect);
    // `x += y` is written as x + y where x is no counter's: y is what was added.
    const bool spelled_out = adding && (change->effect->what == Effect::Do::set_register ||
                                        change->effect->what == Effect::Do::set_row);
    if (spelled_out && given != nullptr && given->inside.size() == 2) given = given->inside[1];
    if (!adding) {
      reasons.clear();
      complete = true;
    }
    Reason one;
    one.kind = "written";
    const Value by = adding ? change->value - change->old : change->value;
    const Value value = change->place.of == Change::Of::row ? change->fields[place.field] : by;
    const std::string shown = words_.show(type, value, *change->step);
    one.text = adding ? words_.say({value < 0 ? "why.less" : "why.added", {shown}})
                      : words_.say({"why.set-here", {shown}});
    one.place = given != nullptr ? words_.place(given->node) : words_.place_of(change->clause);
    if (one.place.empty()) one.place = words_.place_of(change->clause);
    one.source = words_.source_of(change->clause);
    one.fact("value", shown);
    if (given != nullptr) {
      const Record& core = core_of(*given);
      if (computes(node(core).op) && words_.in_numbers(core) != shown) {
        one.text += " = " + words_.in_numbers(core);
        one.fact("computed", words_.in_numbers(core));
      }
    }
    for (Reason& rule : way_to(*change)) one.inside.push_back(std::move(rule));
    if (given != nullptr)
      for (Reason& part : because(*given)) one.inside.push_back(std::move(part));
    reasons.push_back(std::move(one));
  }
  return reasons;
}

/// Where a write stands: its own line if it has one, or that of its rule.
std::string Unfolder::place_of(const Write& write) const {
  const bool one_value = write.effect != nullptr && !write.effect->args.empty() &&
                         write.effect->what != Effect::Do::put;
  const NodeId value = !one_value                                  ? kNoNode
                       : write.effect->what == Effect::Do::set_row ? write.effect->args[1]
                                                                   : write.effect->args[0];
  std::string place = one_value ? words_.place(value) : "";
  if (place.empty() && one_value && core_.nodes[value].args.size() == 2)
    place = words_.place(core_.nodes[value].args[1]);
  return place.empty() ? words_.place_of(write.clause) : place;
}

Reason Unfolder::written(const Write& write, const Type& type, bool by_adding) {
  Reason reason;
  reason.kind = "write";
  const Value amount = by_adding ? write.value - write.old : write.value;
  const std::string shown = words_.show(type, amount, *write.step);
  const std::string when = time(*write.step);
  reason.text = words_.say({!by_adding   ? "why.set-by"
                            : amount < 0 ? "why.taken-by"
                                         : "why.added-by",
                            {when, cause(*write.step), shown}});
  reason.place = place_of(write);
  reason.source = words_.source_of(write.clause);
  reason.fact("time", when).fact("value", shown);
  if (write.step->timer != kNone) {
    reason.fact("timer", core_.timers[write.step->timer].name);
  } else {
    reason.fact("event", write.step->id);
  }
  return reason;
}

/// Many of one kind as one sentence: how many, from when to when, how much; first, last, largest.
std::vector<Reason> Unfolder::grouped(const std::vector<const Write*>& writes, const Type& type) {
  struct Kind {
    std::uint32_t event, timer;
    bool less;
    ClauseId clause;
    auto operator<=>(const Kind&) const = default;
  };
  std::vector<Kind> order;
  std::map<Kind, std::vector<const Write*>> groups;
  for (const Write* write : writes) {
    const Kind kind{write->step->event, write->step->timer, write->value < write->old,
                    write->clause};
    auto& group = groups[kind];
    if (group.empty()) order.push_back(kind);
    group.push_back(write);
  }
  std::vector<Reason> reasons;
  for (const Kind& kind : order) {
    const std::vector<const Write*>& group = groups[kind];
    if (all_ || group.size() <= kFewWrites) {
      for (const Write* write : group) reasons.push_back(written(*write, type, true));
      continue;
    }
    Value sum = 0;
    const Write* largest = group[0];
    const auto size = [](const Write& write) {
      return write.value > write.old ? write.value - write.old : write.old - write.value;
    };
    for (const Write* write : group) {
      sum += write->value - write->old;
      if (size(*write) > size(*largest)) largest = write;
    }
    const Step& step = *group[0]->step;
    Reason reason;
    reason.kind = "writes";
    const std::string name =
        kind.timer != kNone ? core_.timers[kind.timer].name : core_.events[kind.event].name;
    const std::string first = time(*group.front()->step);
    const std::string last = time(*group.back()->step);
    const std::string shown = words_.show(type, sum, step);
    reason.text = words_.say({kind.less ? "why.group-less" : "why.group",
                              {std::to_string(group.size()), name, first, last, shown}});
    reason.place = place_of(*group[0]);
    reason.source = words_.source_of(kind.clause);
    reason.fact("count", std::to_string(group.size()))
        .fact("from", first)
        .fact("to", last)
        .fact("value", shown);
    const auto told = [&](const char* id, const Write& write) {
      Reason one = written(write, type, true);
      one.text = words_.say({id, {one.text}});
      one.place.clear();
      one.source.clear();
      reason.inside.push_back(std::move(one));
    };
    told("why.first", *group.front());
    told("why.last", *group.back());
    if (largest != group.front() && largest != group.back()) told("why.largest", *largest);
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

/// What a new row's field was given, if the step is known in detail.
std::vector<Reason> Unfolder::given(const Write& write, const Place& place) {
  const Told told(*this);
  Record end;
  end.step = write.step;
  end.order = write.order;
  for (const Record* change : recorder_.changes(end, place)) {
    if (change->place.of != Change::Of::row || change->place.row != place.row) continue;
    const Record* const argument = argument_of(*change, place.field);
    if (argument == nullptr) return {};
    std::vector<Reason> reasons = because(*argument);
    prune(reasons, kElsewhere);
    return reasons;
  }
  return {};
}

/// The writes of a place before something happened, back to the last that did not add.
std::vector<Reason> Unfolder::before(const Place& place, const Type& type, std::size_t order) {
  std::vector<const Write*> writes;
  for (const Write& write : recorder_.writes(place)) {
    if (write.order >= order) break;
    const bool adding = write.effect != nullptr && adds(*write.effect) && !write.made;
    if (!adding) writes.clear();
    writes.push_back(&write);
  }
  if (writes.empty()) {
    Reason never;
    never.kind = "never";
    never.text = words_.say({"why.never-written"});
    return {never};
  }
  std::vector<Reason> reasons;
  const Write& first = *writes[0];
  const bool adding = first.effect != nullptr && adds(*first.effect) && !first.made;
  if (!adding) {
    writes.erase(writes.begin());
    // A counter's row that came into being with an addition begins with nothing.
    const bool counter = first.made && first.effect->what != Effect::Do::put;
    if (!counter || first.value == kAbsent || writes.empty()) {
      reasons.push_back(written(first, type, false));
      if (first.made && first.step->detailed) reasons.back().inside = given(first, place);
    }
    if (counter && first.value == 0 && !writes.empty()) {
      for (Reason& one : grouped(writes, type)) reasons.push_back(std::move(one));
      return reasons;
    }
  }
  for (Reason& one : grouped(writes, type)) reasons.push_back(std::move(one));
  return reasons;
}

/// How a machine came into its state: its latest moves, the last first.
std::vector<Reason> Unfolder::moves(const Record& eval, std::uint32_t machine) {
  const Machine& shape = core_.machines[machine];
  Type state;
  state.kind = Kind::name;
  state.ref = shape.domain;
  std::vector<const Write*> writes;
  for (const Write& write : recorder_.writes(recorder_.current(Change::Of::state, machine))) {
    if (write.order < eval.order) writes.push_back(&write);
  }
  std::vector<Reason> reasons;
  if (writes.empty()) {
    Reason never;
    never.kind = "never";
    never.text = words_.say({"why.first-state"});
    never.place = words_.place_of(shape.clause);
    return {never};
  }
  const std::size_t most = all_ ? writes.size() : kMoves;
  for (std::size_t i = writes.size(); i-- > 0 && writes.size() - i <= most;) {
    const Write& write = *writes[i];
    Reason one;
    one.kind = "move";
    const std::string from = words_.show(state, write.old, *write.step);
    const std::string to = words_.show(state, write.value, *write.step);
    one.text = words_.say({"why.move", {time(*write.step), from, to, cause(*write.step)}});
    for (const Machine::Edge& edge : shape.edges) {
      if (edge.clause != write.clause) continue;
      one.text += words_.say({"why.edge", {words_.quote(edge.clause)}});
      break;
    }
    one.place = words_.place_of(write.clause);
    one.source = words_.source_of(write.clause);
    one.fact("time", time(*write.step)).fact("from", from).fact("to", to);
    if (write.step->detailed && write.step != eval.step) {
      const Told told(*this);
      const Place place = recorder_.current(Change::Of::state, machine);
      Record end;
      end.step = write.step;
      end.order = write.order + 1;
      const std::vector<const Record*> changes = recorder_.changes(end, place);
      if (!changes.empty()) {
        const Record* choose = changes.back();
        while (choose != nullptr &&
               !(choose->what == Record::What::effect &&
                 choose->effect->what == Effect::Do::choose && choose->inside.size() > 1))
          choose = choose->parent;
        for (const Record* part : choose == nullptr ? std::vector<Record*>{} : choose->inside) {
          if (part->what != Record::What::eval || part->value != 1) continue;
          // The edge's own condition; that the machine was in the state before is said already.
          const Record* asked = part;
          if (node(*part).op == Op::logical_and && !words_.has_text(part->node))
            asked = part->inside.back();
          if (words_.has_text(asked->node)) one.inside.push_back(condition(*asked));
        }
        prune(one.inside, kElsewhere);
      }
    }
    reasons.push_back(std::move(one));
  }
  return reasons;
}

/// Why a counter of the step is empty: the choices that could have written to it and did not.
std::vector<Reason> Unfolder::unwritten(const Record& eval, std::uint32_t family) {
  std::vector<const Record*> found;
  std::set<std::uint32_t> seen;
  const auto writes = [&](const auto& self, const Effects& effects) -> bool {
    return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
      const bool here = (effect.what == Effect::Do::put || effect.what == Effect::Do::add_cell ||
                         effect.what == Effect::Do::set_cell) &&
                        effect.a == family;
      if (here || self(self, effect.effects)) return true;
      if (effect.what == Effect::Do::run && seen.insert(effect.a).second &&
          self(self, core_.blocks[effect.a].effects))
        return true;
      return std::any_of(effect.rules.begin(), effect.rules.end(),
                         [&](const Rule& rule) { return self(self, rule.effects); });
    });
  };
  const auto wrote = [&](const auto& self, const Record& at) -> bool {
    return std::any_of(at.inside.begin(), at.inside.end(), [&](const Record* one) {
      const bool here = one->what == Record::What::changed && one->place.index == family &&
                        (one->place.of == Change::Of::row || one->place.of == Change::Of::field);
      return here || self(self, *one);
    });
  };
  std::set<const Record*> around;
  for (const Record* at = eval.parent; at != nullptr; at = at->parent) around.insert(at);
  const auto visit = [&](const auto& self, const Record& at) -> void {
    for (const Record* one : at.inside) {
      if (one->order >= eval.order) return;
      const bool choice =
          one->what == Record::What::effect && one->effect->what == Effect::Do::choose;
      seen.clear();
      const bool could =
          choice && around.count(one) == 0 &&
          std::any_of(one->effect->rules.begin(), one->effect->rules.end(),
                      [&](const Rule& rule) { return writes(writes, rule.effects); });
      if (could && !wrote(wrote, *one)) found.push_back(one);
      self(self, *one);
    }
  };
  if (eval.step->root != nullptr) visit(visit, *eval.step->root);
  std::vector<Reason> reasons;
  Reason none;
  none.kind = "no-row";
  none.text = words_.say({"why.nothing-in", {core_.families[family].name}});
  for (const Record* one : found)
    if (chosen_.insert(one).second) none.inside.push_back(chosen(*one));
  reasons.push_back(std::move(none));
  return reasons;
}

}  // namespace toll::why
