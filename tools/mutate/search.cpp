#include "tools/mutate/search.hpp"

#include <algorithm>

#include "dsl/checks/walk.hpp"
#include "dsl/syntax/skin.hpp"
#include "engine/kernel/calendar.hpp"
#include "io/ledger_writer.hpp"
#include "io/time_text.hpp"
#include "tools/mutate/trial.hpp"
#include "tools/scenario_run.hpp"
#include "tools/scenario_write.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

constexpr Value kDay = 86'400 * kNanosPerSecond;
constexpr const char* kNobody = "no such name";
constexpr std::size_t kMostStarts = 24;    ///< scenarios to start from
constexpr std::size_t kMostChanges = 3;    ///< at a time
constexpr std::uint32_t kLinesAround = 1;  ///< of a mutation, whose constants matter

std::uint64_t seed_of(const std::string& id) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

template <class Item>
void unique(std::vector<Item>& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

std::string digits(Value value) {
  std::string out;
  io::append_decimal(out, value, 0);
  return out;
}

/// A whole number where events have one: as a number if it is a JSON number's size.
json number_json(Value value) {
  if (value >= 0 && value < 1'000'000'000'000) return static_cast<std::int64_t>(value);
  return digits(value);
}

void place(Happenings& history) {
  std::stable_sort(history.begin(), history.end(),
                   [](const Happening& a, const Happening& b) { return a.time < b.time; });
}

}  // namespace

ScenarioSearch::ScenarioSearch(const dsl::Policy& policy, const dsl::SourceSet& sources,
                               const std::string& path, std::shared_ptr<const Program> program,
                               std::size_t tries)
    : policy_(policy),
      core_(*policy.core),
      sources_(sources),
      path_(path),
      program_(std::move(program)),
      tries_(tries) {
  for (const dsl::Scenario& scenario : policy.scenarios) {
    histories_.push_back(happenings_of(core_, scenario));
    for (const Happening& one : histories_.back()) {
      if (one.event.is_object()) events_[one.event.value("type", "")].push_back(one.event);
    }
  }
}

const EventType* ScenarioSearch::type_of(const json& event) const {
  const std::string wire = event.value("type", "");
  const auto found = std::find_if(core_.events.begin(), core_.events.end(),
                                  [&](const EventType& type) { return type.wire == wire; });
  return found == core_.events.end() ? nullptr : &*found;
}

/// A name, and what other tables say belongs to it.
void ScenarioSearch::hint_name(std::uint32_t domain, std::string name, Hints& hints) const {
  hints.names.emplace_back(domain, name);
  const auto wire = [this](const Type& type, Value value) -> std::string {
    if (type.kind != Kind::name || value < 0) return {};
    const auto& all = core_.domains[type.ref].names;
    return value < static_cast<Value>(all.size()) ? all[static_cast<std::size_t>(value)].wire
                                                  : std::string();
  };
  for (const Table& table : core_.tables) {
    for (const Table::Row& row : table.rows) {
      bool here = false;
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        here = here || wire(table.columns[i].type, row.cells[i]) == name;
      if (!here) continue;
      for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const std::string other = wire(table.columns[i].type, row.cells[i]);
        if (!other.empty()) hints.names.emplace_back(table.columns[i].type.ref, other);
      }
    }
  }
}

void ScenarioSearch::hint_node(NodeId id, Hints& hints) const {
  const Node& node = core_.nodes[id];
  if (node.op != Op::constant || node.value == kAbsent) return;
  Value whole = node.value;
  switch (node.type.kind) {
    case Kind::number:
      for (int i = 0; i < node.type.scale; ++i) whole /= 10;
      hints.numbers.push_back(whole);
      return;
    case Kind::instant:
      hints.times.push_back(node.value);
      return;
    case Kind::name: {
      const auto& names = core_.domains[node.type.ref].names;
      if (node.value >= 0 && node.value < static_cast<Value>(names.size()))
        hints.names.emplace_back(node.type.ref, names[static_cast<std::size_t>(node.value)].wire);
      return;
    }
    default:
      return;
  }
}

void ScenarioSearch::hint_rows(const Mutation& mutation, Hints& hints) const {
  for (const Mutation::Touches::TableRow& touched : mutation.touches.rows) {
    const Table& table = core_.tables[touched.table];
    const Table::Row& row = table.rows[touched.row];
    for (const Value time : {row.since, row.until})
      if (time != kAbsent) hints.times.push_back(time);
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const Type& type = table.columns[i].type;
      const Value value = row.cells[i];
      if (value == kAbsent) continue;
      if (type.kind == Kind::number && type.scale == 0) hints.numbers.push_back(value);
      if (type.kind == Kind::instant) hints.times.push_back(value);
      if (type.kind != Kind::name) continue;
      const auto& names = core_.domains[type.ref].names;
      if (value >= 0 && value < static_cast<Value>(names.size()))
        hint_name(type.ref, names[static_cast<std::size_t>(value)].wire, hints);
    }
    if (hints.names.size() > 200) return;
  }
}

ScenarioSearch::Hints ScenarioSearch::hints_of(const Mutation& mutation) const {
  Hints hints;
  hints.numbers = {0, 1, 2, 100, 1000, 10'000, 100'000};
  hint_rows(mutation, hints);
  for (const NodeId node : mutation.touches.nodes)
    dsl::each_node(core_, node, [&](NodeId id) { hint_node(id, hints); });
  for (NodeId id = 0; id < policy_.node_spans.size() && mutation.span.end != 0; ++id) {
    const dsl::SourceSpan span = policy_.node_spans[id];
    if (span.end == 0 || span.file != mutation.span.file) continue;
    const std::uint32_t line = sources_.position(span).line;
    if (line + kLinesAround >= mutation.line && line <= mutation.line + kLinesAround)
      hint_node(id, hints);
  }
  const std::vector<Value> exact = hints.numbers;
  for (const Value number : exact) {
    hints.numbers.push_back(number + 1);
    if (number > 0) hints.numbers.push_back(number - 1);
  }
  unique(hints.numbers);
  unique(hints.names);
  unique(hints.times);
  return hints;
}

bool ScenarioSearch::differ(const Happenings& history) const {
  const auto before = answers(program_, history);
  if (!before) return false;
  const auto after = answers(mutant_, history);
  return !after || *before != *after;
}

/// Gives a field a name: one that the mutation is about, or else any of its domain.
bool ScenarioSearch::set_name(json& data, const Field& field, const Hints& hints) {
  const std::uint32_t domain = field.type.type.ref;
  const auto& all = core_.domains[domain].names;
  if (all.empty()) return false;
  std::vector<std::string> fitting;
  for (const auto& hint : hints.names) {
    const std::string& name = hint.second;
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Domain::Name& one) { return one.wire == name; });
    if (known) fitting.push_back(name);
  }
  const bool hinted = !fitting.empty() && below(4) != 0;
  if (!hinted && below(4) == 0) fitting.assign(1, kNobody);
  const bool picked = hinted || fitting == std::vector<std::string>{kNobody};
  const std::string name = picked ? fitting[below(fitting.size())] : all[below(all.size())].wire;
  switch (field.type.read) {
    case FieldType::Read::set:
      data[field.wire] = json::array({name});
      return true;
    case FieldType::Read::counts:
      data[field.wire] = {{name, number_json(hints.numbers[below(hints.numbers.size())])}};
      return true;
    default:
      data[field.wire] = name;
      return true;
  }
}

void ScenarioSearch::vary_field(Happening& happening, const Hints& hints) {
  const EventType* const type = type_of(happening.event);
  if (type == nullptr || type->fields.empty()) return;
  const auto index = below(type->fields.size());
  const Field& field = type->fields[index];
  json* data = &happening.event["data"];
  if (field.parent != kNone) data = &(*data)[type->fields[field.parent].wire];
  if (!data->is_object()) *data = json::object();
  using Read = FieldType::Read;
  if (!field.required && data->contains(field.wire) && below(5) == 0) {
    data->erase(field.wire);
    return;
  }
  const Value number = hints.numbers[below(hints.numbers.size())];
  switch (field.type.read) {
    case Read::boolean:
      (*data)[field.wire] = !data->value(field.wire, false);
      return;
    case Read::count:
      (*data)[field.wire] = number_json(number);
      return;
    case Read::money:
      (*data)[field.wire] = digits(number);
      return;
    case Read::name:
    case Read::known:
    case Read::set:
      set_name(*data, field, hints);
      return;
    case Read::counts: {
      const std::uint32_t list = field.type.list;
      if (list == kNone || core_.lists[list].columns.empty()) return;
      Field name = core_.lists[list].columns[0];
      name.wire = field.wire;
      name.type.read = Read::counts;
      set_name(*data, name, hints);
      return;
    }
    case Read::instant:
    case Read::date: {
      std::string text;
      const Value time = happening.time + kDay * static_cast<Value>(below(40));
      if (field.type.read == Read::instant) {
        io::append_instant(text, time, io::Zone(core_.zone));
      } else {
        io::append_instant(text, time, io::Zone(core_.zone));
        text.resize(10);
      }
      (*data)[field.wire] = text;
      return;
    }
    case Read::text: {
      const std::vector<json>& others = events_[type->wire];
      const json& other = others[below(others.size())];
      const json from = other.value("data", json::object());
      if (from.contains(field.wire)) (*data)[field.wire] = from[field.wire];
      return;
    }
    case Read::list:
    case Read::record:
      return;
  }
}

/// An event such as some scenario has, at a time that may matter.
void ScenarioSearch::add_event(Happenings& history, const std::vector<Value>& times) {
  auto kind = events_.begin();
  std::advance(kind, static_cast<std::ptrdiff_t>(below(events_.size())));
  const Value time = times[below(times.size())];
  history.push_back({kind->second[below(kind->second.size())], time});
  place(history);
}

void ScenarioSearch::move(Happenings& history, const std::vector<Value>& times) {
  Happening& one = history[below(history.size())];
  const Value steps[] = {-kNanosPerSecond, 0, kNanosPerSecond, kNanosPerSecond, kDay, -kDay};
  one.time = times[below(times.size())] + steps[below(std::size(steps))];
  if (below(4) != 0) place(history);  // else it is late
}

void ScenarioSearch::vary(Happenings& history, const Hints& hints) {
  if (history.empty()) return;
  std::vector<Value> times = instants(program_, history);
  for (const Happening& one : history) times.push_back(one.time);
  times.insert(times.end(), hints.times.begin(), hints.times.end());
  const std::size_t changes = 1 + below(kMostChanges);
  for (std::size_t i = 0; i < changes && !history.empty(); ++i) {
    const std::size_t which = below(history.size());
    switch (below(8)) {
      case 0:
        add_event(history, times);
        break;
      case 1:
      case 2:
        move(history, times);
        break;
      case 3:
        history.push_back(history[which]);  // twice, once at another time
        history.back().time = times[below(times.size())];
        place(history);
        break;
      default:
        if (history[which].event.is_object()) vary_field(history[which], hints);
    }
  }
}

/// Without what it does not need.
void ScenarioSearch::shrink(Happenings& history) const {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = history.size(); i > 0; --i) {
      Happenings less = history;
      less.erase(less.begin() + static_cast<std::ptrdiff_t>(i - 1));
      if (less.empty() || !differ(less)) continue;
      history = std::move(less);
      smaller = true;
    }
  }
  for (Happening& one : history) {
    if (!one.event.is_object() || !one.event.contains("data")) continue;
    const json data = one.event["data"];
    for (const auto& [key, value] : data.items()) {
      json kept = one.event;
      one.event["data"].erase(key);
      if (!differ(history)) one.event = std::move(kept);
    }
  }
}

/// When the two answer differently for the first time.
std::optional<Value> ScenarioSearch::first_difference(const Happenings& history) const {
  const auto before = answers(program_, history);
  const auto after = answers(mutant_, history);
  if (!before || !after) return std::nullopt;
  for (std::size_t i = 0; i < before->size(); ++i) {
    if ((*before)[i] == (*after)[i]) continue;
    Value first = history[i].time;
    for (const std::string& line : (*before)[i]) {
      const auto& other = (*after)[i];
      if (std::find(other.begin(), other.end(), line) != other.end()) continue;
      const json entry = json::parse(line, nullptr, false);
      const auto time = io::parse_instant(entry.value("time", ""), io::Zone(core_.zone));
      if (time) first = std::min(first, *time);
    }
    return first;
  }
  return std::nullopt;
}

std::optional<std::string> ScenarioSearch::write(const Mutation& mutation,
                                                 const Happenings& history) const {
  History told;
  for (std::size_t i = 0; i < history.size(); ++i) {
    told.last = told.last == kAbsent ? history[i].time : std::max(told.last, history[i].time);
    if (history[i].event.is_object()) told.events.push_back(line_of(core_, history[i], i));
  }
  const std::optional<Language> language = read_language(policy_.skin);
  const std::string name = say(mutation.says, language.value_or(Language::en));
  const ScenarioWriter writer(program_, *dsl::find_skin(policy_.skin));
  const std::string head =
      policy_.skin == "en" ? "language 1\n" : "language 1 " + policy_.skin + "\n";
  const std::optional<Value> first = first_difference(history);
  for (const Value from : {first.value_or(kAbsent), kAbsent}) {
    told.from = from;
    for (const ScenarioWriter::Style style :
         {ScenarioWriter::Style{false, true, false}, ScenarioWriter::Style{true, true, false},
          ScenarioWriter::Style{false, false, false}, ScenarioWriter::Style{false, true, true},
          ScenarioWriter::Style{true, true, true}}) {
      const WrittenScenario written = writer.write(name, told, style);
      if (written.text.empty() || written.expected == 0) continue;
      dsl::SourceSet sources;
      dsl::Diagnostics diagnostics;
      const std::string file = "missing.toll";
      const dsl::Policy with =
          dsl::load_policy(path_, {{file, head + written.text}}, sources, diagnostics);
      if (with.core == nullptr || with.scenarios.size() != policy_.scenarios.size() + 1) continue;
      const Trial trial(core_, {with.scenarios.back()});
      if (trial.run(program_, 0) == Trial::Verdict::passed &&
          trial.run(mutant_, 0) != Trial::Verdict::passed)
        return written.text;
    }
  }
  return std::nullopt;
}

std::optional<std::string> ScenarioSearch::find(const Mutation& mutation,
                                                const std::shared_ptr<const Program>& mutant,
                                                const std::vector<std::size_t>& near) {
  mutant_ = mutant;
  random_.seed(seed_of(mutation.id));
  const Hints hints = hints_of(mutation);
  std::vector<std::size_t> starts = near;
  if (starts.empty()) {
    for (std::size_t i = 0; i < histories_.size(); ++i) starts.push_back(i);
    for (std::size_t i = starts.size(); i > 1; --i) std::swap(starts[i - 1], starts[below(i)]);
  }
  if (starts.size() > kMostStarts) starts.resize(kMostStarts);
  if (starts.empty()) return std::nullopt;
  const auto told = [&](Happenings history) -> std::optional<std::string> {
    if (history.empty() || !differ(history)) return std::nullopt;
    shrink(history);
    return write(mutation, history);
  };
  const auto with_time = [](Happenings history, Value days) {
    if (!history.empty()) history.push_back({json(), history.back().time + days * kDay});
    return history;
  };
  for (const std::size_t start : starts) {
    if (auto text = told(with_time(histories_[start], 70))) return text;
  }
  std::size_t hits = 0;
  for (std::size_t i = 0; i < tries_ && hits < 8; ++i) {
    Happenings history = histories_[starts[below(starts.size())]];
    vary(history, hints);
    if (below(2) == 0) history = with_time(std::move(history), below(2) == 0 ? 40 : 400);
    if (history.empty() || !differ(history)) continue;
    ++hits;  // a difference that no scenario can say is not looked for for ever
    if (auto text = told(std::move(history))) return text;
  }
  return std::nullopt;
}

}  // namespace toll::tools
