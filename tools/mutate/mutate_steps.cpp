// What can be wrong in what happens: a step forgotten, a rule forgotten or asked too late, rows in
// another order, a field that need not be given.
#include <algorithm>
#include <map>
#include <set>

#include "dsl/checks/walk.hpp"
#include "engine/kernel/calendar.hpp"
#include "tools/mutate/maker.hpp"

namespace toll::tools {
namespace {

void collect(const Effects& effects, std::vector<const Effect*>& out) {
  for (const Effect& effect : effects) {
    out.push_back(&effect);
    collect(effect.effects, out);
    for (const Rule& rule : effect.rules) collect(rule.effects, out);
  }
}

/// The effect with this number counted down to 0, and the list it is in.
Effects* find(Effects& effects, std::size_t& number, std::size_t& at) {
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (number == 0) {
      at = i;
      return &effects;
    }
    --number;
    if (Effects* const found = find(effects[i].effects, number, at)) return found;
    for (Rule& rule : effects[i].rules)
      if (Effects* const found = find(rule.effects, number, at)) return found;
  }
  return nullptr;
}

Message name_of(Effect::Do what) {
  switch (what) {
    case Effect::Do::move:
      return "mutate.do.move";
    case Effect::Do::add_cell:
      return "mutate.do.add-cell";
    case Effect::Do::put:
      return "mutate.do.put";
    case Effect::Do::draw:
      return "mutate.do.draw";
    case Effect::Do::each:
      return "mutate.do.each";
    case Effect::Do::run:
      return "mutate.do.run";
    case Effect::Do::arm:
      return "mutate.do.arm";
    case Effect::Do::disarm:
      return "mutate.do.disarm";
    case Effect::Do::emit:
      return "mutate.do.emit";
    case Effect::Do::clear:
      return "mutate.do.clear";
    default:
      return "mutate.do.set";
  }
}

NodeId shifted(Core& core, NodeId deadline, bool later) {
  Node span;
  span.op = Op::constant;
  span.type.kind = Kind::span;
  span.value = kNanosPerSecond;
  core.nodes.push_back(span);
  Node sum;
  sum.op = later ? Op::add : Op::sub;
  sum.type = core.nodes[deadline].type;
  sum.args = {deadline, static_cast<NodeId>(core.nodes.size() - 1)};
  core.nodes.push_back(std::move(sum));
  return static_cast<NodeId>(core.nodes.size() - 1);
}

}  // namespace

std::vector<const Effect*> effects_of(const Block& block) {
  std::vector<const Effect*> all;
  collect(block.effects, all);
  return all;
}

Effect& effect_at(Core& core, std::uint32_t block, std::size_t number) {
  std::size_t at = 0;
  Effects* const list = find(core.blocks[block].effects, number, at);
  return (*list)[at];
}

void MutationMaker::steps() {
  for (std::uint32_t block = 0; block < core_.blocks.size(); ++block) {
    if (!blocks_[block]) continue;
    const std::vector<const Effect*> all = effects_of(core_.blocks[block]);
    for (std::size_t number = 0; number < all.size(); ++number) {
      const Effect& effect = *all[number];
      step(block, number, effect,
           effect.clause != kNone ? effect.clause : core_.blocks[block].clause);
      if (effect.what == Effect::Do::choose) rules_of(block, number, effect);
    }
  }
}

void MutationMaker::step(std::uint32_t block, std::size_t number, const Effect& effect,
                         ClauseId clause) {
  using Do = Effect::Do;
  // A rule that does not hold is `rule`; a name for a value is no step.
  if (effect.what == Do::let || effect.what == Do::choose) return;
  const dsl::SourceSpan span = span_in(effect);
  const bool bare = effect.what == Do::run || effect.what == Do::disarm || effect.what == Do::clear;
  // What nobody wrote: the steps of machines after an event, the inside of notions.
  if (span.end == 0 && (!bare || !effect.args.empty() || machine_clauses_.count(clause) != 0))
    return;
  const auto touch = [&](Mutation& made) { made.touches.effects.push_back(&effect); };
  touch(add(What::step, clause, span,
            effect.what == Do::run && span.end == 0
                ? Message("mutate.not-run", {core_.blocks[effect.a].name})
                : Message("mutate.step", {name_of(effect.what),
                                          span.end != 0 ? line_text(span) : line_text(clause)}),
            [block, number](Core& core) {
              std::size_t count = number;
              std::size_t at = 0;
              Effects* const list = find(core.blocks[block].effects, count, at);
              list->erase(list->begin() + static_cast<std::ptrdiff_t>(at));
            }));
  // A length of time that is written is changed where it is written.
  if (effect.what != Do::arm || effect.args.empty()) return;
  const Node& deadline = core_.nodes[effect.args[0]];
  const bool sum = deadline.op == Op::add || deadline.op == Op::sub;
  if (sum && core_.nodes[deadline.args[1]].type.kind == Kind::span &&
      core_.nodes[deadline.args[1]].op == Op::constant)
    return;
  for (const bool later : {true, false}) {
    touch(add(What::timer, clause, span,
              {later ? "mutate.later" : "mutate.earlier", {core_.timers[effect.a].name}},
              [block, number, later](Core& core) {
                const NodeId old = effect_at(core, block, number).args[0];
                const NodeId fresh = shifted(core, old, later);
                effect_at(core, block, number).args[0] = fresh;
              }));
  }
}

void MutationMaker::rules_of(std::uint32_t block, std::size_t number, const Effect& effect) {
  for (std::size_t i = 0; i < effect.rules.size(); ++i) {
    const Rule& rule = effect.rules[i];
    dsl::SourceSpan span = span_in(rule.guard);
    for (const Effect& inner : rule.effects)
      if (span.end == 0) span = span_in(inner);
    if (span.end == 0) continue;  // nobody wrote it
    const ClauseId clause = rule.clause != kNone ? rule.clause : effect.clause;
    const auto at = static_cast<std::ptrdiff_t>(i);
    add(What::rule, clause, span_in(rule.guard), {"mutate.rule", {line_text(clause)}},
        [block, number, at](Core& core) {
          std::vector<Rule>& rules = effect_at(core, block, number).rules;
          rules.erase(rules.begin() + at);
        })
        .touches.effects.push_back(&effect);
    if (i + 1 >= effect.rules.size()) continue;
    const Rule& next = effect.rules[i + 1];
    if (rule.guard == kNoNode || next.guard == kNoNode || made_together(clause, next.clause))
      continue;
    add(What::order, clause, span_in(rule.guard),
        {"mutate.rules", {line_text(next.clause), line_text(clause)}},
        [block, number, i](Core& core) {
          std::vector<Rule>& rules = effect_at(core, block, number).rules;
          std::swap(rules[i], rules[i + 1]);
        })
        .touches.effects.push_back(&effect);
  }
}

/// The keys by which rows are visited, and the whole condition of a traversal.
void MutationMaker::sources() {
  std::set<std::pair<std::uint32_t, std::uint32_t>> done;
  for (const auto& [source, clause] : traversals_) {
    if (source->by.empty()) continue;
    const dsl::SourceSpan first = span_of(source->by.front());
    if (first.end == 0 || !done.emplace(first.file, first.begin).second) continue;
    source_order(source->by);
  }
}

// The order of a list is that of every traversal that says none: all of them are changed, by the
// place where the keys were written.
void MutationMaker::source_order(const std::vector<NodeId>& by) {
  const auto same_place = [this](const std::vector<NodeId>& other, dsl::SourceSpan first) {
    if (other.empty()) return false;
    const dsl::SourceSpan span = span_of(other.front());
    return span.end != 0 && span.file == first.file && span.begin == first.begin;
  };
  const dsl::SourceSpan first = span_of(by.front());
  std::vector<std::vector<NodeId>> all;
  Mutation::Touches touches;
  for (const auto& [source, clause] : traversals_)
    if (same_place(source->by, first)) all.push_back(source->by);
  for (const std::vector<NodeId>& keys : all)
    touches.nodes.insert(touches.nodes.end(), keys.begin(), keys.end());
  const auto change = [all](Core& core, const std::function<void(Source&)>& apply) {
    const auto visit = [&](Source& source) {
      if (std::find(all.begin(), all.end(), source.by) != all.end()) apply(source);
    };
    for (Aggregate& aggregate : core.aggregates) visit(aggregate.source);
    const std::function<void(Effects&)> walk = [&](Effects& effects) {
      for (Effect& effect : effects) {
        visit(effect.source);
        for (Effect::EmitRows& rows : effect.rows) visit(rows.source);
        walk(effect.effects);
        for (Rule& rule : effect.rules) walk(rule.effects);
      }
    };
    for (Block& block : core.blocks) walk(block.effects);
  };
  for (std::size_t i = 0; i < by.size(); ++i) {
    const dsl::SourceSpan span = span_of(by[i]);
    if (span.end == 0) continue;
    add(What::order, nodes_[by[i]], span, {"mutate.descending", {text(span)}},
        [change, i](Core& core) {
          change(core, [i](Source& source) {
            source.descending.resize(source.by.size());
            source.descending[i] = !source.descending[i];
          });
        })
        .touches = touches;
    if (i + 1 >= by.size() || span_of(by[i + 1]).end == 0) continue;
    add(What::order, nodes_[by[i]], span, {"mutate.keys", {text(span_of(by[i + 1])), text(span)}},
        [change, i](Core& core) {
          change(core, [i](Source& source) {
            source.descending.resize(source.by.size());
            std::swap(source.by[i], source.by[i + 1]);
            const bool down = source.descending[i];
            source.descending[i] = source.descending[i + 1];
            source.descending[i + 1] = down;
          });
        })
        .touches = touches;
  }
}

void MutationMaker::field(std::uint32_t event, const Field& field,
                          const std::function<Field&(Core&)>& place) {
  const auto made = [&](What kind, Message says, std::function<void(Field&)> change) {
    add(kind, field.clause != kNone ? field.clause : core_.events[event].clause, {},
        std::move(says), [place, change = std::move(change)](Core& core) { change(place(core)); })
        .touches.events.push_back(event);
  };
  if (field.required)
    made(What::field, {"mutate.required", {field.name}}, [](Field& one) { one.required = false; });
  if (field.type.at_least > 0) {
    for (const std::int64_t by : {1, -1}) {
      const std::int64_t least = field.type.at_least + by;
      made(What::field,
           {"mutate.at-least",
            {field.name, std::to_string(field.type.at_least), std::to_string(least)}},
           [least](Field& one) { one.type.at_least = least; });
    }
  }
  if (field.type.empty_is_absent)
    made(What::field, {"mutate.blank", {field.name}},
         [](Field& one) { one.type.empty_is_absent = false; });
  // A name that no domain knows is let through where it may be unknown, and where names are
  // counted.
  const bool refuses =
      field.type.read == FieldType::Read::known || field.type.read == FieldType::Read::set;
  if (!field.type.unknown_code.empty() && refuses) {
    const std::string fresh = field.type.unknown_code + "?";
    made(What::text, {"mutate.text", {field.type.unknown_code, fresh}},
         [fresh](Field& one) { one.type.unknown_code = fresh; });
  }
  // What is not written is 0 and none.
  if (field.initial == kAbsent || field.initial == 0 || field.type.type.kind == Kind::text) return;
  for (const bool up : {true, false}) {
    const std::optional<Value> fresh = next_value(core_, field.type.type, field.initial, up);
    if (!fresh || (!up && field.type.type.kind == Kind::boolean)) continue;
    made(What::start,
         {"mutate.not-given",
          {field.name, value(field.type.type, field.initial), value(field.type.type, *fresh)}},
         [fresh = *fresh](Field& one) { one.initial = fresh; });
    if (field.type.type.kind == Kind::name) break;
  }
}

void MutationMaker::refusals(std::uint32_t event) {
  const std::vector<EventType::Refusal>& all = core_.events[event].refusals;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto at = static_cast<std::ptrdiff_t>(i);
    const dsl::SourceSpan span = span_in(all[i].guard);
    const auto made = [&](What kind, Message says,
                          std::function<void(std::vector<EventType::Refusal>&)> change) {
      add(kind, all[i].clause, span, std::move(says),
          [event, change = std::move(change)](Core& core) { change(core.events[event].refusals); })
          .touches.events.push_back(event);
    };
    made(
        What::rule, {"mutate.rule", {line_text(all[i].clause)}},
        [at](std::vector<EventType::Refusal>& refusals) { refusals.erase(refusals.begin() + at); });
    const std::string fresh = all[i].code + "?";
    made(What::text, {"mutate.text", {all[i].code, fresh}},
         [at, fresh](std::vector<EventType::Refusal>& refusals) {
           refusals[static_cast<std::size_t>(at)].code = fresh;
         });
    if (i + 1 >= all.size() || all[i + 1].code == all[i].code) continue;
    made(What::order, {"mutate.rules", {line_text(all[i + 1].clause), line_text(all[i].clause)}},
         [i](std::vector<EventType::Refusal>& refusals) {
           std::swap(refusals[i], refusals[i + 1]);
         });
  }
}

void MutationMaker::events() {
  for (std::uint32_t event = 0; event < core_.events.size(); ++event) {
    const EventType& type = core_.events[event];
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      field(event, type.fields[i],
            [event, i](Core& core) -> Field& { return core.events[event].fields[i]; });
      // Of what was counted, each name has its count; nothing can be missing.
      const std::uint32_t list = type.fields[i].type.list;
      if (list == kNone || type.fields[i].type.read == FieldType::Read::counts) continue;
      for (std::size_t column = 0; column < core_.lists[list].columns.size(); ++column) {
        field(event, core_.lists[list].columns[column],
              [list, column](Core& core) -> Field& { return core.lists[list].columns[column]; });
      }
    }
    refusals(event);
    for (std::size_t i = 0; i < type.bounded.size(); ++i) {
      const dsl::SourceSpan span = span_in(type.bounded[i]);
      add(What::rule, type.clause, span, {"mutate.bounded", {text(span)}},
          [event, at = static_cast<std::ptrdiff_t>(i)](Core& core) {
            std::vector<NodeId>& bounded = core.events[event].bounded;
            bounded.erase(bounded.begin() + at);
          })
          .touches.events.push_back(event);
    }
  }
}

/// Beginnings that somebody wrote: those that are not the beginning of every value of the type.
void MutationMaker::starts() {
  const auto made = [&](ClauseId clause, const std::string& name, const Type& type, Value initial,
                        const std::function<Value&(Core&)>& place) {
    if (initial == kAbsent || initial == 0) return;
    const std::optional<Value> fresh = next_value(core_, type, initial, true);
    if (!fresh) return;
    add(What::start, clause, {},
        {"mutate.start", {name, value(type, initial), value(type, *fresh)}},
        [place, fresh = *fresh](Core& core) { place(core) = fresh; });
  };
  for (std::size_t i = 0; i < core_.registers.size(); ++i) {
    const Register& reg = core_.registers[i];
    made(reg.clause, reg.name, reg.type, reg.initial,
         [i](Core& core) -> Value& { return core.registers[i].initial; });
  }
  for (std::size_t i = 0; i < core_.families.size(); ++i) {
    const Family& family = core_.families[i];
    for (std::size_t k = family.key_count; k < family.fields.size(); ++k) {
      made(family.clause, family.fields[k].name, family.fields[k].type, family.fields[k].initial,
           [i, k](Core& core) -> Value& { return core.families[i].fields[k].initial; });
    }
  }
}

/// Which of two timers goes first at one instant.
void MutationMaker::timers() {
  std::map<std::uint32_t, std::size_t> by_rank;
  for (std::size_t i = 0; i < core_.timers.size(); ++i) by_rank[core_.timers[i].rank] = i;
  for (auto at = by_rank.begin(); at != by_rank.end(); ++at) {
    const auto next = std::next(at);
    if (next == by_rank.end()) return;
    const Timer& first = core_.timers[at->second];
    const Timer& second = core_.timers[next->second];
    if (made_together(first.clause, second.clause)) continue;
    add(What::order, first.clause, {}, {"mutate.timers", {second.name, first.name}},
        [a = at->second, b = next->second](Core& core) {
          std::swap(core.timers[a].rank, core.timers[b].rank);
        });
  }
}

/// A domain that includes another has its names with their spellings: one edit for all of them.
void MutationMaker::spellings() {
  std::set<std::pair<std::string, std::string>> done;
  for (const Domain& domain : core_.domains) {
    for (const Domain::Name& name : domain.names) {
      for (const std::string& spelling : name.aka) {
        if (!done.emplace(name.shown, spelling).second) continue;
        add(What::field, name.clause, {}, {"mutate.spelling", {name.shown, spelling}},
            [shown = name.shown, spelling](Core& core) {
              for (Domain& each : core.domains)
                for (Domain::Name& one : each.names)
                  if (one.shown == shown)
                    one.aka.erase(std::remove(one.aka.begin(), one.aka.end(), spelling),
                                  one.aka.end());
            });
      }
    }
  }
}

}  // namespace toll::tools
