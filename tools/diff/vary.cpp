#include "tools/diff/vary.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "io/ledger_writer.hpp"
#include "io/time_text.hpp"

namespace toll::diff {
namespace {

using nlohmann::json;
using Pointer = json::json_pointer;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Vary::Vary(const Core& before, const Core& after)
    : cores_{&before, &after}, index_(after), index_before_(before), calendar_(after.zone) {}

std::vector<PlayedHistory> Vary::seeds(const dsl::Policy& policy) const {
  const io::Zone zone(policy.core->zone);
  std::vector<PlayedHistory> out;
  for (const dsl::Scenario& scenario : policy.scenarios) {
    std::map<std::string, PlayedHistory> accounts;
    Value last = kAbsent;
    for (const dsl::ScenarioStep& step : scenario.steps) {
      Value time = kAbsent;
      if (step.kind == dsl::ScenarioStep::Kind::until) {
        time = io::parse_instant(step.time, zone).value_or(kAbsent);
      } else if (step.kind == dsl::ScenarioStep::Kind::event) {
        PlayedEvent event;
        event.object = json::parse(step.json, nullptr, false);
        if (!event.object.is_object()) continue;
        event.time = time =
            io::parse_instant(text_of(event.object, "time"), zone).value_or(kAbsent);
        const std::string subject = text_of(event.object, "subject");
        event.object["subject"] = "a";
        event.write();
        if (time != kAbsent) accounts[subject].events.push_back(std::move(event));
      }
      if (time != kAbsent && (last == kAbsent || time > last)) last = time;
    }
    for (auto& [subject, history] : accounts) {
      history.until = last;
      out.push_back(std::move(history));
    }
  }
  return out;
}

const EventType* Vary::type_of(const json& event) const {
  const std::string wire = text_of(event, "type");
  if (const auto found = index_.event_type(wire)) return &cores_[1]->events[*found];
  if (const auto found = index_before_.event_type(wire)) return &cores_[0]->events[*found];
  return nullptr;
}

void Vary::list_spots(const EventType& type, std::size_t event, const json& object,
                      std::vector<FieldSpot>& out) const {
  for (const Field& field : type.fields) {
    Pointer path = Pointer("/data");
    if (field.parent != kNone) path /= type.fields[field.parent].wire;
    path /= field.wire;
    if (field.type.read == FieldType::Read::record) continue;
    const bool there = object.contains(path);
    const bool is_list = field.type.read == FieldType::Read::list;
    const bool is_counts = field.type.read == FieldType::Read::counts;
    if (!is_list && !is_counts) {
      out.push_back({event, path, &field, false});
      continue;
    }
    if (!there) continue;
    const json& value = object.at(path);
    const bool of_new = &type >= cores_[1]->events.data() &&
                        &type < cores_[1]->events.data() + cores_[1]->events.size();
    const std::vector<Field>& columns = cores_[of_new ? 1 : 0]->lists[field.type.list].columns;
    if (is_counts && value.is_object() && columns.size() == 2) {
      for (const auto& [key, count] : value.items()) {
        out.push_back({event, path / key, &columns[0], true});
        out.push_back({event, path / key, &columns[1], false});
      }
    }
    if (is_list && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        for (const Field& column : columns)
          out.push_back({event, path / i / column.wire, &column, false});
    }
  }
}

std::vector<FieldSpot> Vary::spots(const PlayedHistory& history) const {
  std::vector<FieldSpot> out;
  for (std::size_t i = 0; i < history.events.size(); ++i) {
    const EventType* const type = type_of(history.events[i].object);
    if (type != nullptr) list_spots(*type, i, history.events[i].object, out);
  }
  return out;
}

bool Vary::put(PlayedHistory& history, const FieldSpot& spot, const json& value) const {
  PlayedEvent& event = history.events[spot.event];
  if (spot.count_key) {
    if (!value.is_string() || !event.object.contains(spot.path)) return false;
    const Pointer whole = spot.path.parent_pointer();
    const json count = event.object.at(spot.path);
    if (spot.path.back() == value.get<std::string>()) return false;
    event.object.at(whole).erase(spot.path.back());
    event.object.at(whole)[value.get<std::string>()] = count;
    event.write();
    return true;
  }
  const bool there = event.object.contains(spot.path);
  if (value.is_null()) {
    if (!there || spot.field->required) return false;
    event.object.at(spot.path.parent_pointer()).erase(spot.path.back());
  } else {
    if (there && event.object.at(spot.path) == value) return false;
    const Pointer parent = spot.path.parent_pointer();
    if (event.object.contains(parent) && !event.object.at(parent).is_object()) return false;
    event.object[spot.path] = value;
  }
  event.write();
  return true;
}

bool Vary::knows(const Field& field, const std::string& name) const {
  const Type& type = field.type.type;
  if (type.kind != Kind::name && type.kind != Kind::set) return false;
  return (type.ref < cores_[1]->domains.size() && index_.find(type.ref, name).has_value()) ||
         (type.ref < cores_[0]->domains.size() && index_before_.find(type.ref, name).has_value());
}

bool Vary::says(const PlayedHistory& history, std::size_t side, std::uint32_t domain,
                const std::string& name) const {
  const std::vector<FieldSpot> all = spots(history);
  return std::any_of(all.begin(), all.end(), [&](const FieldSpot& spot) {
    const Type& type = spot.field->type.type;
    if (type.kind != Kind::name && type.kind != Kind::set) return false;
    // The spot may be of either core: a domain is the same if it is called the same.
    const auto& mine = cores_[side]->domains;
    const bool of_it = std::any_of(std::begin(cores_), std::end(cores_), [&](const Core* core) {
      return type.ref < core->domains.size() && domain < mine.size() &&
             core->domains[type.ref].name == mine[domain].name;
    });
    if (!of_it) return false;
    if (spot.count_key) return spot.path.back() == name;
    const json& object = history.events[spot.event].object;
    if (!object.contains(spot.path)) return false;
    const json& value = object.at(spot.path);
    if (!value.is_array()) return value == name;
    return std::any_of(value.begin(), value.end(), [&](const json& one) { return one == name; });
  });
}

std::vector<json> Vary::dates(const PlayedHistory& history, const Hints& hints) const {
  std::set<std::int64_t> days;
  const auto around = [&](std::int64_t day) {
    for (std::int64_t by = -1; by <= 1; ++by) days.insert(day + by);
  };
  for (const Value instant : hints.instants) around(calendar_.local(instant).day);
  for (const PlayedEvent& event : history.events) {
    const std::int64_t day = calendar_.local(event.time).day;
    around(day);
    for (std::int64_t month = 0; month <= 2; ++month)
      around(month_start(month_of_day(day) + month));
  }
  std::vector<json> out;
  for (const std::int64_t day : days) {
    std::string text;
    io::append_date(text, day);
    out.emplace_back(std::move(text));
  }
  return out;
}

std::vector<json> Vary::candidates(const PlayedHistory& history, const FieldSpot& spot,
                                   const Hints& hints, bool all_names) const {
  std::vector<json> out;
  const FieldType& type = spot.field->type;
  if (!spot.field->required && !spot.count_key) out.emplace_back(nullptr);
  switch (type.read) {
    case FieldType::Read::boolean:
      out.emplace_back(true);
      out.emplace_back(false);
      break;
    case FieldType::Read::name:
    case FieldType::Read::known: {
      for (const std::string& name : hints.names)
        if (knows(*spot.field, name)) out.emplace_back(name);
      if (all_names)
        for (const Domain::Name& name : cores_[1]->domains[type.type.ref].names)
          out.emplace_back(name.wire);
      if (type.read == FieldType::Read::name) out.emplace_back("no-such-name");
      break;
    }
    case FieldType::Read::text:
      for (const std::string& name : hints.names) out.emplace_back(name);
      break;
    case FieldType::Read::count: {
      std::set<Value> numbers = {0, 1, 2};
      for (const Value number : hints.numbers)
        for (Value by = -1; by <= 1; ++by) numbers.insert(number + by);
      for (const Value number : numbers)
        if (number >= type.at_least && number < Value{1'000'000'000'000})
          out.emplace_back(static_cast<std::int64_t>(number));
      break;
    }
    case FieldType::Read::money: {
      for (const std::string& number : hints.decimals) out.emplace_back(number);
      for (const Value number : hints.numbers)
        out.emplace_back(std::to_string(static_cast<std::int64_t>(number)));
      for (const char* usual : {"0", "0.01", "1", "100", "1000000"}) out.emplace_back(usual);
      break;
    }
    case FieldType::Read::set:
      for (const std::string& name : hints.names)
        if (knows(*spot.field, name)) out.push_back(json::array({name}));
      out.push_back(json::array());
      break;
    case FieldType::Read::date:
      for (json& date : dates(history, hints)) out.push_back(std::move(date));
      break;
    case FieldType::Read::instant:
      for (const Value time : times(history, hints)) {
        std::string text;
        io::append_instant(text, time, io::Zone(cores_[1]->zone));
        out.emplace_back(std::move(text));
      }
      break;
    default:
      break;
  }
  return out;
}

void Vary::set_time(PlayedHistory& history, std::size_t index, Value time) const {
  PlayedEvent& event = history.events[index];
  event.time = time;
  std::string text;
  io::append_instant(text, time, io::Zone(cores_[1]->zone));
  event.object["time"] = text;
  event.write();
  if (history.until != kAbsent && history.until < time) history.until = time;
}

void Vary::move_months(PlayedHistory& history, std::int64_t months) const {
  const auto moved = [&](Value time) {
    Calendar::Local local = calendar_.local(time);
    local.day = add_months(local.day, months);
    return calendar_.instant(local);
  };
  const Value until = history.until;
  for (std::size_t i = 0; i < history.events.size(); ++i)
    set_time(history, i, moved(history.events[i].time));
  // Dates in the events go along.
  for (const FieldSpot& spot : spots(history)) {
    if (spot.count_key) continue;
    const FieldType::Read read = spot.field->type.read;
    const json& object = history.events[spot.event].object;
    if ((read != FieldType::Read::date && read != FieldType::Read::instant) ||
        !object.contains(spot.path) || !object.at(spot.path).is_string())
      continue;
    const std::string text = object.at(spot.path).get<std::string>();
    std::string out;
    if (read == FieldType::Read::date) {
      const auto day = io::parse_date(text);
      if (!day) continue;
      io::append_date(out, add_months(static_cast<std::int64_t>(*day), months));
    } else {
      const auto time = io::parse_instant(text, io::Zone(cores_[1]->zone));
      if (!time) continue;
      io::append_instant(out, moved(*time), io::Zone(cores_[1]->zone));
    }
    put(history, spot, out);
  }
  if (until != kAbsent) history.until = moved(until);
}

Value Vary::end_of(const PlayedHistory& history) const {
  Value end = history.until;
  for (const PlayedEvent& event : history.events)
    if (end == kAbsent || event.time > end) end = event.time;
  return end;
}

bool Vary::move_into(PlayedHistory& history, Value since, Value until) const {
  if (history.events.empty()) return false;
  const auto month = [this](Value time) { return month_of_day(calendar_.local(time).day); };
  const Value first = history.events.front().time;
  const Value last = history.events.back().time;
  std::int64_t by = 0;
  if (since != kAbsent && first < since) by = month(since) - month(first) + 1;
  if (until != kAbsent && last >= until) by = month(until) - month(last) - 1;
  if (by == 0) return false;
  move_months(history, by);
  return true;
}

std::vector<Value> Vary::times(const PlayedHistory& history, const Hints& hints) const {
  std::set<Value> out(hints.instants.begin(), hints.instants.end());
  for (const PlayedEvent& event : history.events) {
    out.insert(event.time);
    for (const Value span : hints.spans) out.insert(event.time + span);
    const Calendar::Local local = calendar_.local(event.time);
    for (const Value number : hints.numbers) {
      if (number < -40000 || number > 40000) continue;
      // A number may count days or months, from the event or from the start of its day or month.
      const auto days = static_cast<std::int64_t>(number);
      for (std::int64_t more = 0; more <= 1; ++more) {
        out.insert(calendar_.instant({local.day + days + more, local.nanos}));
        out.insert(calendar_.instant({local.day + days + more, 0}));
      }
      if (days > 1200 || days < -1200) continue;
      out.insert(calendar_.instant({add_months(local.day, days), local.nanos}));
      out.insert(calendar_.instant({add_months(local.day, days) + 1, 0}));
      out.insert(calendar_.instant({month_start(month_of_day(local.day) + 1) + days - 1, 0}));
    }
  }
  std::vector<Value> near;
  for (const Value time : out)
    for (const Value by : {Value{-1}, Value{0}, Value{1}})
      near.push_back(time + by * io::kNanosPerSecond);
  return near;
}

json Vary::invented(const FieldType& type) const {
  switch (type.read) {
    case FieldType::Read::boolean:
      return true;
    case FieldType::Read::count:
      return std::max<std::int64_t>(1, type.at_least);
    case FieldType::Read::money:
      return "1";
    case FieldType::Read::name:
    case FieldType::Read::known: {
      const auto& names = cores_[1]->domains[type.type.ref].names;
      return names.empty() ? json("x") : json(names.front().wire);
    }
    default:
      return nullptr;
  }
}

void Vary::step(PlayedHistory& history, const Hints& hints, const std::vector<PlayedHistory>& seeds,
                std::mt19937_64& random) const {
  const auto below = [&random](std::size_t bound) {
    return static_cast<std::size_t>(random() % std::max<std::size_t>(bound, 1));
  };
  if (history.events.empty()) return;
  switch (below(8)) {
    case 0: {  // an event of another history, at a time of this one
      if (seeds.empty()) return;
      const PlayedHistory& other = seeds[below(seeds.size())];
      if (other.events.empty()) return;
      PlayedEvent event = other.events[below(other.events.size())];
      event.object["id"] = "x" + std::to_string(random() % 1000000);
      const std::vector<Value> all = times(history, hints);
      const std::size_t at = below(history.events.size() + 1);
      history.events.insert(history.events.begin() + static_cast<std::ptrdiff_t>(at), event);
      set_time(history, at,
               below(2) == 0 || at == 0 ? all[below(all.size())]
                                        : history.events[at - 1].time + io::kNanosPerSecond);
      return;
    }
    case 1:  // one less
      if (history.events.size() > 1)
        history.events.erase(history.events.begin() +
                             static_cast<std::ptrdiff_t>(below(history.events.size())));
      return;
    case 2: {  // once more
      const std::size_t at = below(history.events.size());
      PlayedEvent event = history.events[at];
      event.object["id"] = "x" + std::to_string(random() % 1000000);
      event.write();
      history.events.insert(history.events.begin() + static_cast<std::ptrdiff_t>(at) + 1, event);
      if (below(2) == 0) set_time(history, at + 1, event.time + kDay);
      return;
    }
    case 3:
    case 4: {  // at another time
      const std::vector<Value> all = times(history, hints);
      set_time(history, below(history.events.size()), all[below(all.size())]);
      return;
    }
    default: {
      const std::vector<FieldSpot> all = spots(history);
      if (all.empty()) return;
      const FieldSpot& spot = all[below(all.size())];
      const std::vector<json> values = candidates(history, spot, hints, below(2) == 0);
      if (!values.empty()) put(history, spot, values[below(values.size())]);
      return;
    }
  }
}

}  // namespace toll::diff
