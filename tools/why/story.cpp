#include "tools/why/story.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "dsl/lua/reasons.hpp"
#include "io/time_text.hpp"

namespace toll::why {

using nlohmann::json;

Reason Story::head(const Line& line, std::uint64_t seq) const {
  const json entry = json::parse(line.json);
  Reason reason;
  reason.kind = "entry";
  const std::string wire = entry.value("kind", "");
  std::string kind = wire;
  for (const EntryKind& one : core_.entries)
    if (one.wire == wire) kind = one.name;
  Type instant;
  instant.kind = Kind::instant;
  std::string time;
  if (entry["time"].is_string()) {
    const auto at = io::parse_instant(entry["time"].get<std::string>(), io::Zone(core_.zone));
    if (at) time = words_.show(instant, *at, Step{});
  }
  const std::string cause = line.step != nullptr
                                ? unfold_.cause(*line.step)
                                : words_.say({"why.event-unread", {entry.value("cause", "")}});
  reason.text = words_.say({"why.entry", {std::to_string(seq), kind, time, cause}});
  if (entry["rule"].is_string()) reason.place = entry["rule"].get<std::string>();
  reason.fact("entry", std::to_string(seq)).fact("entry_kind", wire).fact("time", time);
  reason.fact("cause", entry.value("cause", ""));
  return reason;
}

Reason Story::entry(std::uint64_t seq) {
  const Line& line = recorder_.lines()[seq - 1];
  Reason reason = head(line, seq);
  const Record* const wrote = recorder_.entry(seq);
  if (wrote == nullptr) {
    refused(line, reason);
    return reason;
  }
  const Record& emit = *wrote->parent;
  for (Reason& one : unfold_.way_to(emit)) reason.inside.push_back(std::move(one));
  members(emit, reason);
  return reason;
}

/// An `error` or `duplicate` entry.
void Story::refused(const Line& line, Reason& out) {
  const json entry = json::parse(line.json);
  Reason said;
  said.kind = "refused";
  const std::string code = entry.value("code", "");
  std::string message = entry.value("message", "");
  if (code == "hook-failed") message = dsl::lua::retold(message, words_.language());
  said.text = words_.say({"why.refused", {code, message}});
  said.fact("code", code);
  const Step* const step = line.step;
  if (step == nullptr) {
    // An id that was used before: by which event?
    for (const Step& one : recorder_.steps()) {
      if (one.event == kNone || one.failed || one.id != entry.value("cause", "")) continue;
      Reason before;
      before.kind = "event";
      before.text = words_.say({"why.applied-before", {unfold_.time(one), unfold_.cause(one)}});
      before.fact("event", one.id).fact("time", unfold_.time(one));
      said.inside.push_back(std::move(before));
      break;
    }
  } else if (step->root != nullptr && step->event != kNone && !step->handled) {
    const EventType& type = core_.events[step->event];
    for (const EventType::Refusal& refusal : type.refusals) {
      const auto asked =
          std::find_if(step->root->inside.begin(), step->root->inside.end(),
                       [&](const Record* one) { return one->node == refusal.guard; });
      if (asked == step->root->inside.end()) continue;
      Reason one = unfold_.condition(**asked);
      const bool held = (*asked)->value == 1;
      one.kind = held ? "refusal" : "tried";
      one.text = words_.say({"why.rule", {refusal.code, one.text}});
      one.place = words_.place_of(refusal.clause);
      one.source = words_.source_of(refusal.clause);
      if (!held) one.inside.clear();
      said.inside.push_back(std::move(one));
      if (held) said.text = words_.say({"why.refused-by", {code}});
    }
  }
  out.inside.push_back(std::move(said));
}

void Story::members(const Record& emit, Reason& out) {
  const Effect& effect = *emit.effect;
  const EntryKind& kind = core_.entries[effect.a];
  std::vector<std::uint32_t> given = effect.fields;
  std::sort(given.begin(), given.end());
  std::vector<const Record*> evals;
  for (const Record* one : emit.inside)
    if (one->what == Record::What::eval && evals.size() < given.size()) evals.push_back(one);
  // Lists first: what they tell in full, sums over them need not tell again.
  std::vector<std::vector<Reason>> lists(kind.members.size());
  for (const Effect::EmitRows& list : effect.rows) rows(emit, list, lists[list.member]);
  std::size_t at = 0;
  Reason plain;
  plain.kind = "members";
  for (std::uint32_t member = 0; member < kind.members.size(); ++member) {
    const EntryKind::Member& declared = kind.members[member];
    for (Reason& row : lists[member]) out.inside.push_back(std::move(row));
    if (declared.rows || at >= given.size() || given[at] != member) continue;
    const Record& eval = *evals[at++];
    if (eval.value == kAbsent && !declared.null_if_absent) continue;
    Reason one = unfold_.value(declared.name, eval);
    if (one.inside.empty()) {
      plain.text += (plain.text.empty() ? "" : "; ") + one.text;
      plain.fact(declared.wire, words_.show(declared.type, eval.value, *eval.step));
      continue;
    }
    one.kind = "member";
    one.fact("member", declared.wire);
    const Record& core = unfold_.core_of(eval);
    const Node& node = core_.nodes[core.node];
    const bool listed =
        node.op == Op::aggregate &&
        std::any_of(effect.rows.begin(), effect.rows.end(), [&](const Effect::EmitRows& list) {
          const Source& source = core_.aggregates[node.a].source;
          return list.source.of == source.of && list.source.index == source.index;
        });
    if (listed)
      for (Reason& part : one.inside) part.inside.clear();
    out.inside.push_back(std::move(one));
  }
  if (!plain.text.empty()) out.inside.push_back(std::move(plain));
}

void Story::rows(const Record& emit, const Effect::EmitRows& list, std::vector<Reason>& out) {
  const EntryKind::Member& member = core_.entries[emit.effect->a].members[list.member];
  std::size_t number = 0;
  for (const Record* turn : emit.inside) {
    const bool visit = turn->what == Record::What::turn && turn->why == Trace::Turn::visit &&
                       !turn->inside.empty() && turn->inside[0]->node == list.columns[0];
    if (!visit) continue;
    Reason row;
    row.kind = "line";
    std::string label;
    std::vector<Reason> columns;
    for (std::size_t i = 0; i < turn->inside.size() && i < member.columns.size(); ++i) {
      const Record& eval = *turn->inside[i];
      const Type& type = member.columns[i].type;
      const std::string shown = words_.show(type, eval.value, *eval.step);
      row.fact(member.columns[i].wire, shown);
      if (type.kind == Kind::number || type.kind == Kind::span) {
        Reason column = unfold_.value(member.columns[i].name, eval);
        column.kind = "column";
        column.fact("member", member.columns[i].wire);
        columns.push_back(std::move(column));
      } else if (eval.value != kAbsent) {
        label += (label.empty() ? "" : ", ") + shown;
        // A name that a case chose is told why.
        Reason column = unfold_.value(member.columns[i].name, eval);
        const bool chosen = std::any_of(column.inside.begin(), column.inside.end(),
                                        [](const Reason& one) { return one.kind == "case"; });
        if (chosen) columns.push_back(std::move(column));
      }
    }
    // The row of a list of the step: why it was put there.
    if (turn->family != kNone && core_.families[turn->family].event_scope) {
      Place place = recorder_.current(Change::Of::field, turn->family, turn->row);
      const std::vector<const Record*> changes = recorder_.changes(*turn, place);
      if (!changes.empty()) row.inside = unfold_.way_to(*changes[0]);
    }
    row.text = words_.say({"why.line", {member.name, std::to_string(++number), label}});
    for (Reason& column : columns) row.inside.push_back(std::move(column));
    out.push_back(std::move(row));
  }
}

}  // namespace toll::why
