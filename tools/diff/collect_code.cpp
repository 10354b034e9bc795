// Definitions, procedures, events and programs: which expressions and actions are others.
#include <map>

#include "dsl/checks/walk.hpp"
#include "io/ledger_writer.hpp"
#include "tools/diff/collector.hpp"

namespace toll::diff {

/// Definitions that are the same in both, with all that they call, can be looked into.
void Collector::trust() {
  CodeCompare plain(coder_[0], coder_[1]);
  const std::vector<Definition>& all = core_[0]->definitions;
  std::vector<bool> same(all.size(), false);
  for (const auto& [i, j] : pairs(coder_[0].names().definitions, coder_[1].names().definitions)) {
    coder_[0].read_fields_of(reach_[0].definitions[i]);
    coder_[1].read_fields_of(reach_[1].definitions[j]);
    same[i] = plain.definitions(i, j).empty();
  }
  for (bool more = true; more;) {
    more = false;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      if (!same[i]) continue;
      dsl::each_node(*core_[0], all[i].body, [&](NodeId id) {
        const Node& node = core_[0]->nodes[id];
        if (node.op == Op::call && !same[node.a]) same[i] = false;
      });
      more = more || !same[i];
    }
  }
  for (std::uint32_t i = 0; i < all.size(); ++i)
    if (same[i]) proofs_.joined().trust(i);
}

void Collector::code() {
  trust();
  CodeCompare compare(coder_[0], coder_[1], &proofs_);
  std::vector<CodeChange> changes;
  const auto take = [&](std::vector<CodeChange> more) {
    if (more.empty()) same();
    changes.insert(changes.end(), more.begin(), more.end());
  };
  for (std::uint32_t i = 0; i < events_.size(); ++i) {
    if (events_[i] == kNone) continue;
    coder_[0].read_fields_of({i});
    coder_[1].read_fields_of({events_[i]});
    take(compare.refusals(i, events_[i]));
    const std::uint32_t a = core_[0]->events[i].block;
    const std::uint32_t b = core_[1]->events[events_[i]].block;
    const bool one_sided = (a == kNone) != (b == kNone);
    const bool renamed =
        a != kNone && b != kNone && coder_[0].names().blocks[a] != coder_[1].names().blocks[b];
    if (one_sided || renamed) {
      Difference& one = add(id_of(0, core_[0]->events[i].clause),
                            {"diff.event-does", {core_[0]->events[i].name}});
      one.targets[0].events.push_back(i);
      one.targets[1].events.push_back(events_[i]);
    }
  }
  for (const auto& [i, j] : pairs(coder_[0].names().definitions, coder_[1].names().definitions)) {
    if (!reach_[0].definition_used[i] || !reach_[1].definition_used[j]) continue;
    coder_[0].read_fields_of(reach_[0].definitions[i]);
    coder_[1].read_fields_of(reach_[1].definitions[j]);
    take(compare.definitions(i, j));
  }
  for (const auto& [i, j] : pairs(coder_[0].names().blocks, coder_[1].names().blocks)) {
    if (!reach_[0].block_used[i] || !reach_[1].block_used[j]) continue;
    coder_[0].read_fields_of(reach_[0].blocks[i]);
    coder_[1].read_fields_of(reach_[1].blocks[j]);
    take(compare.blocks(i, j));
  }
  for (const ProvenChange& one : compare.proven()) {
    const CodeChange& change = one.change;
    const CodePlace& shown = change.before.none() ? change.after : change.before;
    result_.proven.push_back({say_[change.before.none() ? 1 : 0].code_title(shown), one.why,
                              say_[0].place(change.before), say_[1].place(change.after)});
  }
  std::map<std::string, std::size_t> known;  // differences by clause
  for (const CodeChange& change : changes) {
    const std::string id = code_id(change);
    const auto [found, fresh] = known.try_emplace(id, result_.differences.size());
    if (fresh) {
      Difference& one = add(id, say_[change.before.none() ? 1 : 0].code_title(
                                    change.before.none() ? change.after : change.before));
      one.place_before = say_[0].place(change.before);
      one.place_after = say_[1].place(change.after);
      if (const Tariff* const tariff = tariff_of(change)) {
        one.what = {"diff.tariff", {tariff->name}};
        one.details = {tariff->graduated ? "diff.tariff-reached" : "diff.tariff-graduated"};
        place(one, 0, tariff->clause);
        for (const Tariff& after : core_[1]->tariffs)
          if (after.name == tariff->name) place(one, 1, after.clause);
      }
    }
    code_change(result_.differences[found->second], change);
  }
}

/// Text that stays the same and means something else: a tariff that it names changed its kind.
const Tariff* Collector::tariff_of(const CodeChange& change) const {
  if (change.before.node == kNoNode || change.after.node == kNoNode ||
      say_[0].code(change.before) != say_[1].code(change.after))
    return nullptr;
  for (const Tariff& before : core_[0]->tariffs)
    for (const Tariff& after : core_[1]->tariffs)
      if (before.name == after.name && before.graduated != after.graduated) return &before;
  return nullptr;
}

/// A setting that is read in many places is one edit.
std::string Collector::code_id(const CodeChange& change) const {
  for (std::size_t side = 0; side < 2; ++side) {
    const CodePlace& place = side == 0 ? change.before : change.after;
    const ClauseId setting = say_[side].setting_of(place.node);
    if (setting != kNone) return id_of(side, setting);
  }
  if (const Tariff* const tariff = tariff_of(change)) return id_of(0, tariff->clause);
  const bool gone = change.before.clause == kNone;
  return id_of(gone ? 1 : 0, gone ? change.after.clause : change.before.clause);
}

void Collector::code_change(Difference& one, const CodeChange& change) {
  const CodePlace* places[2] = {&change.before, &change.after};
  for (std::size_t side = 0; side < 2; ++side) {
    const CodePlace& at = *places[side];
    Targets& targets = one.targets[side];
    if (at.node != kNoNode) targets.nodes.push_back(at.node);
    if (at.effect != nullptr) targets.effects.push_back(at.effect);
    if (at.event != kNone) targets.events.push_back(at.event);
    if (at.clause != kNone) targets.clauses.push_back(at.clause);
    code_hints(one.hints, side, at);
  }
  if (tariff_of(change) != nullptr) return;
  Message detail =
      change.moved           ? Message("diff.moved", {say_[1].code(change.after)})
      : change.before.none() ? Message("diff.new", {say_[1].code(change.after)})
      : change.after.none()
          ? Message("diff.gone", {say_[0].code(change.before)})
          : Message("diff.reads", {say_[0].code(change.before), say_[1].code(change.after)});
  for (const Message& known : one.details)
    if (known == detail) return;
  one.details.push_back(std::move(detail));
}

/// The constants of what changed.
void Collector::code_hints(Hints& hints, std::size_t side, const CodePlace& at) const {
  const Core& core = *core_[side];
  std::size_t budget = 200;
  const auto visit = [&](const auto& self, NodeId id) -> void {
    if (id == kNoNode || budget == 0) return;
    --budget;
    const Node& node = core.nodes[id];
    for (const NodeId argument : node.args) self(self, argument);
    if (node.op == Op::aggregate) {
      self(self, core.aggregates[node.a].source.where);
      self(self, core.aggregates[node.a].body);
    }
    if (node.op != Op::constant || node.value == kAbsent) return;
    if (node.type.kind == Kind::number) number_hint(hints, node.type, node.value);
    if (node.type.kind == Kind::name && node.value < kUnknownName)
      hints.names.push_back(name_at(side, node.type, node.value));
    if (node.type.kind == Kind::instant) hints.instants.push_back(node.value);
    if (node.type.kind == Kind::span) hints.spans.push_back(node.value);
    if (node.type.kind == Kind::text && node.value >= 0 &&
        static_cast<std::size_t>(node.value) < core.texts.size())
      hints.names.push_back(core.texts[static_cast<std::size_t>(node.value)]);
  };
  visit(visit, at.node);
  if (at.effect != nullptr)
    for (const NodeId argument : at.effect->args) visit(visit, argument);
  if (at.rule != nullptr) visit(visit, at.rule->guard);
  if (at.refusal != kNone) visit(visit, core.events[at.event].refusals[at.refusal].guard);
}

/// A program cannot be seen through: any other text of it may answer otherwise.
void Collector::hooks() {
  for (const auto& [i, j] : pairs(coder_[0].names().hooks, coder_[1].names().hooks)) {
    const Hook& before = core_[0]->hooks[i];
    const Hook& after = core_[1]->hooks[j];
    if (!reach_[0].hooks[i] || !reach_[1].hooks[j]) continue;
    if (before.program == after.program &&
        coder_[0].type(before.result) == coder_[1].type(after.result)) {
      same();
      continue;
    }
    Difference& one = add(id_of(0, before.clause), {"diff.hook", {before.name}});
    if (one.id.empty()) one.id = "hook:" + before.name;
    place(one, 0, before.clause);
    place(one, 1, after.clause);
    const std::uint32_t indexes[2] = {i, j};
    for (std::size_t side = 0; side < 2; ++side)
      for (NodeId node = 0; node < core_[side]->nodes.size(); ++node)
        if (core_[side]->nodes[node].op == Op::hook && core_[side]->nodes[node].a == indexes[side])
          one.targets[side].nodes.push_back(node);
  }
}

}  // namespace toll::diff
