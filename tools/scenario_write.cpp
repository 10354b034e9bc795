#include "tools/scenario_write.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "io/time_text.hpp"
#include "toll/json.hpp"
#include "tools/entry_match.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

/// What every entry has, and no scenario names.
constexpr std::array<std::string_view, 6> kEnvelope = {"seq",   "account", "time",
                                                       "cause", "rule",    "message"};

/// A member that is a text; empty: it is none.
std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_timer(const json& entry) { return text_of(entry, "cause").rfind("timer:", 0) == 0; }

/// The members that a scenario would name: none of the envelope, none absent, none that repeats
/// what the event said.
json told(const json& entry, const json& implied) {
  json out = json::object();
  for (const auto& [key, value] : entry.items()) {
    if (std::find(kEnvelope.begin(), kEnvelope.end(), key) != kEnvelope.end()) continue;
    if (value.is_null()) continue;
    const bool repeats = implied.is_object() && implied.contains(key) && implied[key] == value;
    if (!repeats) out[key] = value;
  }
  return out;
}

}  // namespace

/// An event, or a time that passes, with what it wrote.
struct ScenarioWriter::Step {
  json event;             ///< null: time passes
  Value time = kAbsent;   ///< of the event, or until when it passes
  std::size_t place = 0;  ///< events before it
  bool repeats = false;   ///< shares its id with another event
  bool refused = false;
  std::vector<json> entries;
  std::vector<json> never;  ///< what another policy would write here
};

ScenarioWriter::ScenarioWriter(std::shared_ptr<const Program> program, const dsl::Skin& skin)
    : program_(std::move(program)), text_(core_of(*program_), skin) {}

std::vector<ScenarioWriter::Step> ScenarioWriter::replay(
    const std::shared_ptr<const Program>& program, const History& history,
    const Style& style) const {
  std::vector<Step> steps;
  std::vector<json> entries;
  JsonRunner runner(program, [&entries](std::string_view line) {
    entries.push_back(json::parse(line, nullptr, false));
  });
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> by_id;
  for (const std::string& line : history.events) {
    Step step;
    step.event = json::parse(line, nullptr, false);
    step.time = runner.parse_time(text_of(step.event, "time"));
    if (history.last != kAbsent && step.time != kAbsent && step.time > history.last) continue;
    entries.clear();
    step.refused = !runner.feed(line);
    step.entries = entries;
    by_id[{text_of(step.event, "source"), text_of(step.event, "id")}].push_back(steps.size());
    steps.push_back(std::move(step));
  }
  for (const auto& [id, all] : by_id) {
    for (const std::size_t i : all) steps[i].repeats = all.size() > 1;
  }
  const Value last = history.last == kAbsent ? runner.latest_time() : history.last;
  if (last != kAbsent) {
    entries.clear();
    runner.advance(last);
    Step end;
    end.time = last;
    end.entries = entries;
    steps.push_back(std::move(end));
  }
  std::vector<Step> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    steps[i].place = i;
    split(steps[i], style, out);
  }
  return out;
}

/// Timers fire with the event after them; told apart, each has a step of its own time.
void ScenarioWriter::split(const Step& step, const Style& style, std::vector<Step>& out) const {
  const bool end = step.event.is_null();
  Step rest = step;
  rest.entries.clear();
  for (const json& entry : step.entries) {
    const bool apart = is_timer(entry) && (style.times || end);
    if (!apart) {
      rest.entries.push_back(entry);
      continue;
    }
    const Value time = time_of(entry);
    const bool same = !out.empty() && out.back().event.is_null() && out.back().time == time;
    if (!same) {
      Step fired;
      fired.time = time;
      fired.place = step.place;
      out.push_back(std::move(fired));
    }
    out.back().entries.push_back(entry);
  }
  if (!end) out.push_back(std::move(rest));
}

/// What others write that is not written here at the same event, or by the same time.
void ScenarioWriter::add_unlike(const std::vector<Step>& others, std::vector<Step>& steps) const {
  const EntryMatch match(core_of(*program_));
  for (const Step& other : others) {
    const bool event = !other.event.is_null();
    const auto after = [&](const Step& step) {
      if (step.place != other.place) return step.place > other.place;
      return !event && (!step.event.is_null() || step.time >= other.time);
    };
    auto here = std::find_if(steps.begin(), steps.end(), [&](const Step& step) {
      return event ? step.place == other.place && !step.event.is_null() : after(step);
    });
    const bool same = here != steps.end() && here->place == other.place &&
                      here->event.is_null() != event && here->time == other.time;
    const json implied = event ? other.event.value("data", json()) : json();
    Step found;
    found.time = other.time;
    found.place = other.place;
    for (const json& entry : other.entries) {
      const json expected = told(entry, is_timer(entry) ? json() : implied);
      const bool written =
          same && std::any_of(here->entries.begin(), here->entries.end(),
                              [&](const json& one) { return match.matches(expected, one); });
      if (!written) found.never.push_back(entry);
    }
    if (found.never.empty()) continue;
    if (same) {
      here->never = std::move(found.never);
    } else if (!event) {
      steps.insert(here, std::move(found));
    }
  }
}

Value ScenarioWriter::time_of(const json& entry) const {
  const io::Zone zone(core_of(*program_).zone);
  return io::parse_instant(text_of(entry, "time"), zone).value_or(kAbsent);
}

bool ScenarioWriter::is_expected(const json& entry, const Step& step,
                                 const History& history) const {
  if (history.from == kAbsent) return true;
  const Value told_at = time_of(entry);
  const Value at = told_at == kAbsent ? step.time : told_at;
  return at == kAbsent || at >= history.from;
}

std::vector<std::string> ScenarioWriter::expectations(const Step& step,
                                                      const History& history) const {
  const json implied = step.event.is_object() ? step.event.value("data", json()) : json();
  const EntryMatch match(core_of(*program_));
  std::vector<std::string> out;
  for (const json& entry : step.entries) {
    if (!is_expected(entry, step, history)) continue;
    const json& known = is_timer(entry) ? json() : implied;
    const PolicyText::Said said = text_.entry(entry, known);
    if (!said) continue;
    const json expected = told(entry, known);
    const auto count =
        std::count_if(step.entries.begin(), step.entries.end(),
                      [&](const json& other) { return match.matches(expected, other); });
    std::string text = text_.word("expect") + " ";
    if (count > 1) text += std::to_string(count) + " ";
    text += *said;
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  }
  for (const json& entry : step.never) {
    if (!is_expected(entry, step, history)) continue;
    const PolicyText::Said said = text_.entry(entry, is_timer(entry) ? json() : implied);
    if (!said) continue;  // this policy has no such entry
    std::string text = text_.word("expect") + " " + text_.word("no") + " " + *said;
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  }
  return out;
}

WrittenScenario ScenarioWriter::write(const std::string& name, const History& history,
                                      Style style) const {
  WrittenScenario made;
  std::vector<Step> steps = replay(program_, history, style);
  if (history.unlike != nullptr) add_unlike(replay(history.unlike, history, style), steps);
  std::string body;
  for (const Step& step : steps) {
    const bool event = !step.event.is_null();
    if (step.refused && !style.refused) {
      ++made.left_out;
      continue;
    }
    std::string line = "  " + text_.word("at") + " ";
    if (event) {
      const PolicyText::Said said = text_.event(step.event, step.repeats);
      if (!said || step.time == kAbsent) {
        if (step.refused) {
          ++made.left_out;
          continue;
        }
        made.cannot_say = text_of(step.event, "id");
        return made;
      }
      line += text_.time(step.time) + " " + *said;
    } else {
      line += text_.time(step.time);
    }
    const std::vector<std::string> expected = expectations(step, history);
    body += line + "\n";
    for (const std::string& text : expected) body += "  " + text + "\n";
    const bool told = history.from == kAbsent || step.time >= history.from;
    if (style.silence && step.entries.empty() && told) {
      body +=
          "  " + text_.word("expect") + " " + text_.word("no") + " " + text_.word("entry") + "\n";
      ++made.expected;
    }
    ++made.steps;
    made.expected += expected.size();
  }
  const PolicyText::Said quoted = PolicyText::quoted(name);
  if (!quoted) return made;
  made.text = text_.word("scenario") + " " + *quoted + " {\n" + body + "}\n";
  return made;
}

}  // namespace toll::tools
