// The policy as a whole, its names, events, entries and timers; how an account begins.
#include <algorithm>
#include <map>
#include <set>

#include "dsl/checks/walk.hpp"
#include "io/time_text.hpp"
#include "tools/diff/collector.hpp"
#include "tools/prove/row_facts.hpp"

namespace toll::diff {

std::vector<std::uint32_t> places_of(const std::vector<std::string>& names,
                                     const std::vector<std::string>& other) {
  std::map<std::string, std::uint32_t> places;
  for (std::uint32_t i = 0; i < other.size(); ++i) places.emplace(other[i], i);
  std::vector<std::uint32_t> out;
  for (const std::string& name : names) {
    const auto found = places.find(name);
    out.push_back(found == places.end() ? kNone : found->second);
  }
  return out;
}

Collector::Collector(const Side& before, const Side& after, const Options& options)
    : core_{before.policy->core.get(), after.policy->core.get()},
      coder_{Coder(terms_, *core_[0]), Coder(terms_, *core_[1])},
      reach_{Reach(*core_[0]), Reach(*core_[1])},
      reads_{tools::Reach(*core_[0]), tools::Reach(*core_[1])},
      proofs_(coder_[0], coder_[1],
              options.facts ? options.facts : tools::proven_row_facts(*before.policy)),
      say_{Say(before, options.language), Say(after, options.language)} {}

Result Collector::all() {
  const Names* const names[2] = {&coder_[0].names(), &coder_[1].names()};
  const auto unknown = [](const std::vector<std::string>& mine,
                          const std::vector<std::string>& others) {
    std::vector<bool> out;
    for (const std::uint32_t place : places_of(mine, others)) out.push_back(place == kNone);
    return out;
  };
  for (std::size_t side = 0; side < 2; ++side)
    coder_[side].unfold(unknown(names[side]->definitions, names[1 - side]->definitions),
                        unknown(names[side]->blocks, names[1 - side]->blocks));
  settings();
  domains();
  events();
  entries();
  state();
  tables();
  code();
  hooks();
  timers();
  notes();
  return std::move(result_);
}

Difference& Collector::add(const std::string& id, Message what) {
  Difference& one = result_.differences.emplace_back();
  one.id = id;
  one.what = std::move(what);
  return one;
}

void Collector::same() { ++result_.equal_parts; }

std::string Collector::id_of(std::size_t side, ClauseId clause) const {
  return clause == kNone ? std::string() : core_[side]->clauses[clause].id;
}

void Collector::settings() {
  const auto zone = [](const Core& core) {
    std::vector<std::pair<std::int64_t, std::int32_t>> out;
    for (const ZoneRule& rule : core.zone)
      if (out.empty() || out.back().second != rule.offset_seconds)
        out.emplace_back(out.empty() ? 0 : rule.from_seconds, rule.offset_seconds);
    return out;
  };
  if (zone(*core_[0]) != zone(*core_[1]))
    add("zone", {"diff.zone", {core_[0]->zone_name, core_[1]->zone_name}});
  else
    same();
  if (core_[0]->remember_seconds != core_[1]->remember_seconds) {
    Difference& one = add("remember", {"diff.remember", {remember(0), remember(1)}});
    for (std::size_t side = 0; side < 2; ++side)
      if (core_[side]->remember_seconds >= 0)
        one.hints.spans.push_back(Value{core_[side]->remember_seconds} * io::kNanosPerSecond);
  }
}

Message Collector::remember(std::size_t side) const {
  if (core_[side]->remember_seconds < 0) return {"diff.for-ever"};
  return {"diff.seconds", {std::to_string(core_[side]->remember_seconds)}};
}

void Collector::domains() {
  const std::vector<std::uint32_t> other =
      places_of(coder_[0].names().domains, coder_[1].names().domains);
  for (std::uint32_t i = 0; i < other.size(); ++i) {
    if (other[i] == kNone) continue;  // what read its names reads others now
    const std::size_t before = result_.differences.size();
    domain(i, other[i]);
    if (result_.differences.size() == before) same();
  }
}

void Collector::says(Difference& one, std::size_t side, std::uint32_t domain,
                     const Domain::Name& name) {
  one.targets[side].names.emplace_back(domain, name.wire);
  for (const std::string& spelling : name.aka)
    one.targets[side].names.emplace_back(domain, spelling);
}

void Collector::domain(std::uint32_t index_before, std::uint32_t index_after) {
  const Domain& before = core_[0]->domains[index_before];
  const Domain& after = core_[1]->domains[index_after];
  const std::uint32_t indexes[2] = {index_before, index_after};
  const bool ordered =
      reach_[0].ordered_domains[index_before] || reach_[1].ordered_domains[index_after];
  // Whatever else holds a name got it from rules or tables that are compared by what they say.
  const bool told = reach_[0].told_domains[index_before] || reach_[1].told_domains[index_after];
  const bool whole = reach_[0].whole_domains[index_before] || reach_[1].whole_domains[index_after];
  std::map<std::string, const Domain::Name*> names[2];
  std::vector<std::string> order[2];
  const Domain* sides[2] = {&before, &after};
  for (std::size_t side = 0; side < 2; ++side)
    for (const Domain::Name& name : sides[side]->names) names[side].emplace(name.shown, &name);
  for (std::size_t side = 0; side < 2; ++side)
    for (const Domain::Name& name : sides[side]->names)
      if (names[1 - side].count(name.shown) != 0) order[side].push_back(name.shown);
  for (std::size_t side = 0; side < 2; ++side) {
    for (const Domain::Name& name : sides[side]->names) {
      if (names[1 - side].count(name.shown) != 0 || (!told && !whole)) continue;
      Difference& one =
          add("domain:" + before.name + "/" + name.shown,
              {side == 0 ? "diff.name-gone" : "diff.name-new", {before.name, name.shown}});
      one.hints.names.push_back(name.wire);
      for (std::size_t each = 0; each < 2; ++each) says(one, each, indexes[each], name);
      one.anywhere = whole;
      place(one, side, name.clause == kNone ? sides[side]->clause : name.clause);
    }
  }
  for (const Domain::Name& name : before.names) {
    const auto found = names[1].find(name.shown);
    if (found == names[1].end()) continue;
    const Domain::Name& now = *found->second;
    std::set<std::string> spellings[2] = {{name.aka.begin(), name.aka.end()},
                                          {now.aka.begin(), now.aka.end()}};
    if (name.wire == now.wire &&
        (!told || (spellings[0] == spellings[1] && before.exact == after.exact)))
      continue;
    Difference& one =
        add("domain:" + before.name + "/" + name.shown,
            name.wire == now.wire
                ? Message("diff.name-spelled", {before.name, name.shown})
                : Message("diff.name-wire", {before.name, name.shown, name.wire, now.wire}));
    for (const auto& all : spellings)
      one.hints.names.insert(one.hints.names.end(), all.begin(), all.end());
    one.hints.names.push_back(name.wire);
    one.hints.names.push_back(now.wire);
    place(one, 0, name.clause == kNone ? before.clause : name.clause);
    place(one, 1, now.clause == kNone ? after.clause : now.clause);
  }
  if (ordered && order[0] != order[1]) {
    Difference& one = add("domain:" + before.name, {"diff.names-order", {before.name}});
    place(one, 0, before.clause);
    place(one, 1, after.clause);
  }
}

void Collector::place(Difference& one, std::size_t side, ClauseId clause) {
  (side == 0 ? one.place_before : one.place_after) = say_[side].place(clause);
}

void Collector::events() {
  std::vector<std::string> wires[2];
  for (std::size_t side = 0; side < 2; ++side)
    for (const EventType& event : core_[side]->events) wires[side].push_back(event.wire);
  events_ = places_of(wires[0], wires[1]);
  const std::vector<std::uint32_t> back = places_of(wires[1], wires[0]);
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    const EventType& before = core_[0]->events[i];
    if (events_[i] == kNone) {
      Difference& one = add(id_of(0, before.clause), {"diff.event-gone", {before.name}});
      one.targets[0].events.push_back(i);
      place(one, 0, before.clause);
      continue;
    }
    fields(i, events_[i]);
  }
  for (std::uint32_t j = 0; j < back.size(); ++j) {
    if (back[j] != kNone) continue;
    const EventType& after = core_[1]->events[j];
    Difference& one = add(id_of(1, after.clause), {"diff.event-new", {after.name}});
    one.targets[1].events.push_back(j);
    place(one, 1, after.clause);
  }
}

void Collector::fields(std::uint32_t before, std::uint32_t after) {
  const std::vector<Field>* all[2] = {&core_[0]->events[before].fields,
                                      &core_[1]->events[after].fields};
  std::map<std::string, std::uint32_t> by_wire[2];
  for (std::size_t side = 0; side < 2; ++side) {
    for (std::uint32_t i = 0; i < all[side]->size(); ++i) {
      const Field& field = (*all[side])[i];
      const std::string parent = field.parent == kNone ? "" : (*all[side])[field.parent].wire;
      by_wire[side].emplace(parent + "/" + field.wire, i);
    }
  }
  const std::string& event = core_[0]->events[before].name;
  for (std::size_t side = 0; side < 2; ++side) {
    for (const auto& [wire, i] : by_wire[side]) {
      const Field& field = (*all[side])[i];
      const auto found = by_wire[1 - side].find(wire);
      Message what;
      if (found == by_wire[1 - side].end()) {
        what = {side == 0 ? "diff.field-gone" : "diff.field-new", {event, field.name}};
      } else {
        const Field& now = (*all[1])[found->second];
        if (side == 1 || coder_[0].field(field, *all[0]) == coder_[1].field(now, *all[1])) continue;
        what = {"diff.field", {event, field.name}};
      }
      Difference& one = add(id_of(side, field.clause), std::move(what));
      one.targets[0].events.push_back(before);
      one.targets[1].events.push_back(after);
      place(one, side, field.clause);
      if (side == 0 && found != by_wire[1].end()) place(one, 1, (*all[1])[found->second].clause);
    }
  }
}

void Collector::entries() {
  std::map<std::string, std::uint32_t> by_wire;
  for (std::uint32_t j = 0; j < core_[1]->entries.size(); ++j)
    by_wire.emplace(core_[1]->entries[j].wire, j);
  for (std::uint32_t i = 0; i < core_[0]->entries.size(); ++i) {
    const EntryKind& before = core_[0]->entries[i];
    const auto found = by_wire.find(before.wire);
    if (!reach_[0].entries[i]) continue;
    const EntryKind* after = found == by_wire.end() ? nullptr : &core_[1]->entries[found->second];
    // One that nothing writes any more is said where it was written.
    if (after != nullptr &&
        (!reach_[1].entries[found->second] || members(0, before.members, after->members) ==
                                                  members(1, after->members, before.members))) {
      same();
      continue;
    }
    if (after == nullptr && coder_[0].names().entries.size() == 0) continue;
    Difference& one = add(id_of(0, before.clause), {"diff.entry", {before.name}});
    place(one, 0, before.clause);
    if (after != nullptr) place(one, 1, after->clause);
    const std::uint32_t kinds[2] = {i, after == nullptr ? kNone : found->second};
    for (std::size_t side = 0; side < 2; ++side)
      for (const Block& block : core_[side]->blocks)
        dsl::each_effect(block.effects, [&](const Effect& effect) {
          if (effect.what == Effect::Do::emit && effect.a == kinds[side])
            one.targets[side].effects.push_back(&effect);
        });
  }
}

Term Collector::members(std::size_t side, const std::vector<EntryKind::Member>& all,
                        const std::vector<EntryKind::Member>& other) {
  std::vector<Term> out;
  for (const EntryKind::Member& member : all) {
    const auto same = std::find_if(other.begin(), other.end(), [&](const EntryKind::Member& one) {
      return one.wire == member.wire;
    });
    if (same == other.end() && !member.rows && !member.null_if_absent) continue;
    static const std::vector<EntryKind::Member> none;
    Term one = member.rows
                   ? members(side, member.columns, same == other.end() ? none : same->columns)
                   : coder_[side].type(member.type);
    // An absent value is left out or null: a member that is never null differs in neither.
    one = coder_[side].with_text(one, member.wire);
    one = coder_[side].with_text(one, member.null_if_absent ? "null" : "");
    out.push_back(one);
  }
  std::sort(out.begin(), out.end());
  return coder_[side].list(std::move(out));
}

void Collector::state() {
  for (const auto& [i, j] : pairs(coder_[0].names().registers, coder_[1].names().registers)) {
    if (!reach_[0].registers[i] || !reach_[1].registers[j]) continue;
    const Register& before = core_[0]->registers[i];
    const Register& after = core_[1]->registers[j];
    if (coder_[0].type(before.type) == coder_[1].type(after.type) &&
        coder_[0].value(before.type, before.initial) ==
            coder_[1].value(after.type, after.initial)) {
      same();
      continue;
    }
    begins(before.clause, after.clause, before.name);
  }
  for (const auto& [i, j] : pairs(coder_[0].names().machines, coder_[1].names().machines)) {
    if (!reach_[0].machines[i] || !reach_[1].machines[j]) continue;
    const Machine& before = core_[0]->machines[i];
    const Machine& after = core_[1]->machines[j];
    if (coder_[0].name(before.domain, before.initial) ==
        coder_[1].name(after.domain, after.initial)) {
      same();
      continue;
    }
    begins(before.clause, after.clause, before.name);
  }
  for (const auto& [i, j] : pairs(coder_[0].names().families, coder_[1].names().families)) {
    if (!reach_[0].families[i] || !reach_[1].families[j]) continue;
    family(core_[0]->families[i], core_[1]->families[j]);
  }
}

void Collector::family(const Family& before, const Family& after) {
  std::map<std::string, Term> fields[2];
  const Family* sides[2] = {&before, &after};
  for (std::size_t side = 0; side < 2; ++side) {
    std::uint32_t at = 0;
    for (const Family::Field& field : sides[side]->fields) {
      Term one = coder_[side].list(
          {coder_[side].type(field.type), coder_[side].value(field.type, field.initial)});
      if (sides[side]->keyed && at < sides[side]->key_count)
        one = coder_[side].with_text(one, "key " + std::to_string(at));
      fields[side][field.name] = one;
      ++at;
    }
  }
  bool equal = before.keyed == after.keyed && before.event_scope == after.event_scope &&
               before.tracked == after.tracked;
  for (const auto& [name, term] : fields[0]) {
    const auto found = fields[1].find(name);
    equal = equal && (found == fields[1].end() || found->second == term);
  }
  if (before.keyed && after.keyed) equal = equal && before.key_count == after.key_count;
  if (equal) {
    same();
  } else {
    begins(before.clause, after.clause, before.name);
  }
}

void Collector::begins(ClauseId before, ClauseId after, const std::string& name) {
  Difference& one = add(id_of(0, before), {"diff.begins", {name}});
  place(one, 0, before);
  place(one, 1, after);
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> Collector::pairs(
    const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  const std::vector<std::uint32_t> places = places_of(before, after);
  for (std::uint32_t i = 0; i < places.size(); ++i)
    if (places[i] != kNone) out.emplace_back(i, places[i]);
  return out;
}

void Collector::timers() {
  std::vector<std::pair<std::uint32_t, std::string>> order[2];
  const auto both = pairs(coder_[0].names().timers, coder_[1].names().timers);
  for (const auto& [i, j] : both) {
    if (!reach_[0].timers[i] || !reach_[1].timers[j]) continue;
    const Timer& before = core_[0]->timers[i];
    const Timer& after = core_[1]->timers[j];
    order[0].emplace_back(before.rank, coder_[0].names().timers[i]);
    order[1].emplace_back(after.rank, coder_[1].names().timers[j]);
    if (before.wire == after.wire &&
        coder_[0].names().blocks[before.block] == coder_[1].names().blocks[after.block]) {
      same();
      continue;
    }
    Difference& one = add(id_of(0, before.clause), {"diff.timer", {before.name}});
    place(one, 0, before.clause);
    place(one, 1, after.clause);
  }
  std::vector<std::string> names[2];
  for (std::size_t side = 0; side < 2; ++side) {
    std::sort(order[side].begin(), order[side].end());
    for (const auto& [rank, name] : order[side]) names[side].push_back(name);
  }
  if (names[0] != names[1])
    add("timeline", {"diff.timeline", {joined(names[0]), joined(names[1])}});
}

void Collector::notes() {
  if (core_[0]->name != core_[1]->name)
    result_.notes.push_back({"diff.note.name", {core_[0]->name, core_[1]->name}});
  std::map<std::string, std::string> sources[2];
  for (std::size_t side = 0; side < 2; ++side)
    for (const Clause& clause : core_[side]->clauses)
      if (!clause.id.starts_with("scenario:")) sources[side].emplace(clause.id, clause.source);
  std::size_t changed = 0;
  for (const auto& [id, source] : sources[0]) {
    const auto found = sources[1].find(id);
    changed += found != sources[1].end() && found->second != source ? 1U : 0U;
  }
  if (changed > 0) result_.notes.push_back({"diff.note.sources", {changed}});
}

Result differences(const Side& before, const Side& after, const Options& options) {
  Collector collector(before, after, options);
  Result result = collector.all();
  if (!collector.relied_on_facts() || result.equal()) return result;
  // What is proven of the old policy need not hold of a new one that does something else.
  Options without = options;
  without.facts = []() -> const std::vector<tools::RowFact>& {
    static const std::vector<tools::RowFact> none;
    return none;
  };
  return Collector(before, after, without).all();
}

}  // namespace toll::diff
