// Small changes of the event, each really played: only what came out is said to help.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "io/time_text.hpp"
#include "toll/json.hpp"
#include "tools/why/otherwise.hpp"

namespace toll::why {
namespace {

using nlohmann::json;

/// Do the members of an entry say the word, and where rows do, all of them?
bool says_it(const json& entry, const Meant& meant) {
  const auto is_it = [&](const json& value) {
    return value.is_string() && std::find(meant.spellings.begin(), meant.spellings.end(),
                                          value.get<std::string>()) != meant.spellings.end();
  };
  bool said = false;
  for (const auto& [key, value] : entry.items()) {
    if (key == "account" || key == "cause" || key == "rule" || key == "kind") continue;
    if (is_it(value)) said = true;
    if (!value.is_array() || value.empty()) continue;
    const bool all = std::all_of(value.begin(), value.end(), [&](const json& row) {
      return row.is_object() && std::any_of(row.begin(), row.end(), is_it);
    });
    said = said || all;
  }
  return said;
}

}  // namespace

bool Otherwise::comes_out(const History& changed, std::uint64_t seq, const Meant& meant) const {
  const json entry = json::parse(recorder_.lines()[seq - 1].json);
  bool out = false;
  JsonRunner runner(program_, [&](std::string_view line) {
    const json one = json::parse(line);
    if (one["cause"] == entry["cause"] && one["kind"] == entry["kind"] && says_it(one, meant))
      out = true;
  });
  for (const History::Event& event : changed.events) runner.feed(event.json, event.line);
  if (!changed.until.empty()) runner.advance(runner.parse_time(changed.until));
  return out;
}

void Otherwise::reruns(std::uint64_t seq, const Step& step, const std::string& word,
                       const Meant& meant, std::vector<Reason>& out) {
  if (step.event == kNone) return;
  const EventType& type = core_.events[step.event];
  // The event is the first of its id: a later one would have been a repeat.
  std::size_t place = history_.events.size();
  for (std::size_t i = 0; i < history_.events.size() && place == history_.events.size(); ++i) {
    const json event = json::parse(history_.events[i].json, nullptr, false);
    if (event.is_object() && event.value("id", "") == step.id &&
        event.value("type", "") == type.wire)
      place = i;
  }
  if (place == history_.events.size()) return;
  const json event = json::parse(history_.events[place].json);
  std::set<std::string> tried;
  const auto attempt = [&](const json& changed, const Message& said) {
    if (!tried.insert(changed.dump()).second) return false;
    History history = history_;
    history.events[place].json = changed.dump();
    if (!comes_out(history, seq, meant)) return false;
    Reason one;
    one.kind = "rerun";
    one.text = words_.say({"why.checked", {said, word}});
    one.fact("checked", "by a rerun");
    out.push_back(std::move(one));
    return true;
  };
  const json data = event.value("data", json::object());
  for (const Field& field : type.fields) {
    if (field.parent != kNone || !data.contains(field.wire)) continue;
    if (!field.required) {
      json changed = event;
      changed["data"].erase(field.wire);
      attempt(changed, {"why.without", {field.name}});
    }
    // As much as the rows of the class had.
    if (!data[field.wire].is_number_integer() || data[field.wire] <= 1) continue;
    const std::int64_t given = data[field.wire].get<std::int64_t>();
    std::set<std::int64_t, std::greater<>> counts = {1};
    const auto visit = [&](const auto& self, const Record& at) -> void {
      Value asked = kAbsent;
      Value before = 0;
      for (const Record* part : at.inside) {
        self(self, *part);
        if (at.what != Record::What::effect || at.effect->what != Effect::Do::draw) continue;
        if (part->what == Record::What::eval && asked == kAbsent) asked = part->value;
        for (const Record* take : part->inside) {
          if (take->what != Record::What::took || asked == kAbsent || asked <= 0) continue;
          before += take->left;
          const Value fits = before * given / asked;
          if (fits > 1 && fits < given) counts.insert(static_cast<std::int64_t>(fits));
        }
      }
    };
    visit(visit, *step.root);
    for (const std::int64_t count : counts) {
      json changed = event;
      changed["data"][field.wire] = count;
      const std::string shown = std::to_string(count);
      if (attempt(changed, {"why.with", {field.name, shown, std::to_string(given)}})) break;
    }
  }
  // The bounds in time that were missed.
  for (const Record* failed : failed_) {
    if (failed->inside.size() != 2) continue;
    for (std::size_t side = 0; side < 2; ++side) {
      const Record& bound = *failed->inside[1 - side];
      if (core_.nodes[bound.node].type.kind != Kind::instant || bound.value == kAbsent) continue;
      for (const Value moved : {bound.value, bound.value - io::kNanosPerSecond}) {
        json changed = event;
        std::string time;
        io::append_instant(time, moved, io::Zone(core_.zone));
        changed["time"] = time;
        Type instant;
        instant.kind = Kind::instant;
        if (attempt(changed, {"why.at-time", {words_.show(instant, moved, step)}})) return;
      }
    }
  }
}

}  // namespace toll::why
