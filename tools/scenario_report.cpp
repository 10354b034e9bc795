#include "tools/scenario_report.hpp"

#include <algorithm>

#include "dsl/syntax/unicode.hpp"
#include "tools/plain_text.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

constexpr std::size_t kMostReasons = 6;  ///< the nearest to the entry
constexpr std::size_t kMostSteps = 12;
constexpr std::size_t kMostEntries = 10;

/// At most so wide that it stays on a line of a wide terminal.
std::string shortened(const std::string& text) {
  constexpr int kWidth = 100;
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const dsl::DecodedCharacter here = dsl::decode_utf8(text, at);
    width += dsl::display_width(here.code);
    if (width > kWidth) return text.substr(0, at) + " ..";
    at += here.size;
  }
  return text;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

ScenarioReport::ScenarioReport(const dsl::Policy& policy, const dsl::SourceSet& sources,
                               Language language)
    : policy_(policy),
      sources_(sources),
      language_(language),
      words_(*policy.core, *dsl::find_skin(policy.skin)),
      compare_(*policy.core, words_) {
  for (const Table& table : policy.core->tables)
    for (const Table::Row& row : table.rows) rows_.insert(row.clause);
  for (ClauseId id = 0; id < policy.core->clauses.size(); ++id) {
    const Clause& clause = policy.core->clauses[id];
    clauses_at_[clause.file + ":" + std::to_string(clause.line)].push_back(id);
    if (files_.count(clause.file) != 0) continue;
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
      const std::string& path = sources.path(file);
      if (path == clause.file || path.ends_with("/" + clause.file)) files_[clause.file] = file;
    }
  }
}

std::string ScenarioReport::name(const dsl::Scenario& scenario) const {
  if (scenario.row == 0) return scenario.name;
  return say({"test.row", {scenario.name, scenario.row, scenario.label}});
}

std::string ScenarioReport::place(const dsl::SourceSpan& span) const {
  const dsl::Position at = sources_.position(span);
  return sources_.path(span.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

/// The source of a span, line ends and the blanks around them as one blank.
std::string ScenarioReport::one_line(const dsl::SourceSpan& span) const {
  std::string out;
  bool blank = false;
  for (const char c : sources_.slice(span)) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
      blank = true;
      continue;
    }
    if (blank && !out.empty()) out += ' ';
    blank = false;
    out += c;
  }
  return out;
}

std::string ScenarioReport::step_text(const dsl::ScenarioStep& step) const {
  if (step.kind == dsl::ScenarioStep::Kind::until)
    return words_.time(json(step.time)).value_or(step.time) + " " + say("test.time-passes");
  const json event = json::parse(step.json, nullptr, false);
  const PolicyText::Said time =
      event.is_object() && event.contains("time") ? words_.time(event["time"]) : PolicyText::Said();
  const PolicyText::Said said = words_.event(event, false);
  return time && said ? *time + " " + *said : one_line(step.span);
}

std::string ScenarioReport::paragraph(ClauseId clause) const {
  for (ClauseId id = clause; id != kNone; id = policy_.core->clauses[id].parent)
    if (!policy_.core->clauses[id].source.empty()) return policy_.core->clauses[id].source;
  return {};
}

ScenarioReport::Reason ScenarioReport::reason(const std::string& file, std::uint32_t line) const {
  Reason made;
  made.rule = made.place = file + ":" + std::to_string(line);
  const auto known = files_.find(file);
  if (known != files_.end()) {
    made.place = sources_.path(known->second) + ":" + std::to_string(line);
    const std::string& text = sources_.text(known->second);
    std::size_t begin = 0;
    for (std::uint32_t i = 1; i < line && begin != std::string::npos; ++i) {
      begin = text.find('\n', begin);
      if (begin != std::string::npos) ++begin;
    }
    if (begin != std::string::npos) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      made.text = shortened(one_line(
          {known->second, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}));
    }
  }
  const auto clauses = clauses_at_.find(made.rule);
  if (clauses == clauses_at_.end()) return made;
  for (const ClauseId id : clauses->second) {
    if (made.source.empty()) made.source = paragraph(id);
  }
  return made;
}

/// The lines on the way to an entry, the one that wrote it last.
std::vector<ScenarioReport::Reason> ScenarioReport::reasons(
    const json& entry, const std::vector<ClauseId>& clauses) const {
  std::vector<Reason> made;
  const auto add = [&](const std::string& file, std::uint32_t line) {
    Reason one = reason(file, line);
    const auto same = [&](const Reason& other) { return other.place == one.place; };
    made.erase(std::remove_if(made.begin(), made.end(), same), made.end());
    made.push_back(std::move(one));
  };
  for (const ClauseId id : clauses) {
    add(policy_.core->clauses[id].file, policy_.core->clauses[id].line);
    made.back().row = rows_.count(id) != 0;
  }
  const auto rule = entry.find("rule");
  if (rule != entry.end() && rule->is_string()) {
    const std::string text = rule->get<std::string>();
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos) {
      add(text.substr(0, colon),
          static_cast<std::uint32_t>(std::strtoul(text.c_str() + colon + 1, nullptr, 10)));
    }
  }
  // A row that was read says more than a condition that held; the nearest say most.
  for (std::size_t i = 0; i + 1 < made.size() && made.size() > kMostReasons;) {
    if (made[i].row) {
      ++i;
    } else {
      made.erase(made.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (made.size() > kMostReasons)
    made.erase(made.begin(), made.end() - static_cast<std::ptrdiff_t>(kMostReasons));
  return made;
}

ScenarioReport::Details ScenarioReport::details(const dsl::ScenarioStep& step,
                                                const ScenarioFailure& failure) const {
  Details made;
  for (const std::string& entry : failure.entries)
    made.came.push_back(json::parse(entry, nullptr, false));
  if (step.kind != dsl::ScenarioStep::Kind::expect) return made;
  const json expected = json::parse(step.json, nullptr, false);
  const EntryMatch match(*policy_.core);
  if (step.negated || failure.matched != 0) {
    const auto unwanted = std::find_if(made.came.begin(), made.came.end(), [&](const json& entry) {
      return match.matches(expected, entry);
    });
    if (unwanted != made.came.end())
      made.shown = static_cast<std::size_t>(unwanted - made.came.begin());
  } else {
    made.shown = compare_.closest(expected, made.came);
    if (made.shown) made.members = compare_.compare(expected, made.came[*made.shown]);
  }
  if (made.shown && *made.shown < failure.reasons.size())
    made.reasons = reasons(made.came[*made.shown], failure.reasons[*made.shown]);
  return made;
}

std::string ScenarioReport::entry_text(const json& entry) const {
  return words_.entry(entry, json()).value_or(entry.dump());
}

std::string ScenarioReport::value_text(const std::string& value, const Type& type) const {
  const json parsed = json::parse(value, nullptr, false);
  return words_.value(parsed, type).value_or(value);
}

std::string ScenarioReport::headline(const dsl::ScenarioStep& step, const ScenarioFailure& failure,
                                     const Details& details) const {
  if (step.kind == dsl::ScenarioStep::Kind::that) return say("test.condition");
  if (step.count != kNone) return say({"test.count", {std::size_t{step.count}, failure.matched}});
  if (step.negated) return say("test.unwanted");
  if (details.came.empty()) return say("test.nothing-came");
  return say(details.shown ? "test.came-differently" : "test.came-instead");
}

std::string ScenarioReport::comparison(const std::vector<ComparedMember>& members) const {
  const auto label = [](const ComparedMember& member) {
    return (member.column ? "  " : "") + member.name;
  };
  const std::string expected = say("test.expected");
  int name_width = 0;
  int width = dsl::display_width(expected);
  for (const ComparedMember& member : members) {
    name_width = std::max(name_width, dsl::display_width(label(member)));
    width = std::max(width, dsl::display_width(member.expected));
  }
  std::string out = trimmed("      " + padded("", name_width) + "   " + padded(expected, width) +
                            "   " + say("test.came")) +
                    "\n";
  for (const ComparedMember& member : members) {
    out += trimmed(std::string(member.differs ? "    > " : "      ") +
                   padded(label(member), name_width) + "   " + padded(member.expected, width) +
                   "   " + member.came) +
           "\n";
  }
  return out;
}

std::string ScenarioReport::values(const dsl::ScenarioStep& step, const ScenarioFailure& failure,
                                   const std::string& indent) const {
  std::string out;
  for (std::size_t i = 0; i < failure.values.size() && i < step.parts.size(); ++i)
    out += indent + one_line(step.parts[i].span) + " = " +
           value_text(failure.values[i], step.parts[i].type) + "\n";
  return out;
}

std::string ScenarioReport::text(const dsl::Scenario& scenario,
                                 const std::vector<ScenarioFailure>& failures) const {
  std::string out;
  std::set<std::string> said;
  for (const ScenarioFailure& failure : failures) {
    const dsl::ScenarioStep& step = scenario.steps[failure.step];
    const Details found = details(step, failure);
    const bool row = scenario.row != 0;
    out += place(row ? scenario.row_span : failure.span) + ": " + name(scenario) + "\n";
    if (row) out += "    " + one_line(scenario.row_span) + "\n";
    out += "    " + one_line(failure.span) + "\n";
    out += "    " + headline(step, failure, found) + "\n";
    out += values(step, failure, "      ");
    if (!found.members.empty()) {
      out += comparison(found.members);
    } else if (step.kind == dsl::ScenarioStep::Kind::expect) {
      for (std::size_t i = 0; i < found.came.size() && i < kMostEntries; ++i)
        if (!found.shown || i == *found.shown) out += "      " + entry_text(found.came[i]) + "\n";
    }
    std::string why;
    for (const Reason& reason : found.reasons) {
      why += "      " + reason.place + "  " + reason.text;
      why += reason.source.empty() ? "\n" : "  (" + reason.source + ")\n";
    }
    if (!why.empty() && said.insert(why).second) out += "    " + say("test.why") + "\n" + why;
  }
  if (failures.empty()) return out;
  out += "    " + say("test.so-far") + "\n";
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < failures.back().step; ++i) {
    const auto kind = scenario.steps[i].kind;
    if (kind == dsl::ScenarioStep::Kind::event || kind == dsl::ScenarioStep::Kind::until)
      steps.push_back(step_text(scenario.steps[i]));
  }
  const std::size_t first = steps.size() > kMostSteps ? steps.size() - kMostSteps : 0;
  if (first != 0) out += "      " + say({"test.earlier", {first}}) + "\n";
  for (std::size_t i = first; i < steps.size(); ++i) out += "      " + steps[i] + "\n";
  return out;
}

json ScenarioReport::data(const dsl::Scenario& scenario, const ScenarioFailure& failure) const {
  const dsl::ScenarioStep& step = scenario.steps[failure.step];
  const Details found = details(step, failure);
  json out = {{"scenario", scenario.name},
              {"expected", failure.expected},
              {"step", one_line(failure.span)},
              {"entries", found.came}};
  if (scenario.row != 0) {
    out["row"] = scenario.row;
    out["label"] = scenario.label;
  }
  if (found.shown) out["shown"] = *found.shown;
  for (const ComparedMember& member : found.members) {
    out["members"].push_back({{"name", member.name},
                              {"column", member.column},
                              {"expected", member.expected},
                              {"came", member.came},
                              {"differs", member.differs}});
  }
  for (std::size_t i = 0; i < failure.values.size() && i < step.parts.size(); ++i)
    out["values"].push_back({{"text", one_line(step.parts[i].span)},
                             {"value", value_text(failure.values[i], step.parts[i].type)}});
  for (const Reason& reason : found.reasons)
    out["why"].push_back({{"rule", reason.rule}, {"text", reason.text}, {"source", reason.source}});
  out["events"] = json::array();
  for (std::size_t i = 0; i < failure.step; ++i) {
    const auto kind = scenario.steps[i].kind;
    if (kind == dsl::ScenarioStep::Kind::event || kind == dsl::ScenarioStep::Kind::until)
      out["events"].push_back(step_text(scenario.steps[i]));
  }
  return out;
}

}  // namespace toll::tools
