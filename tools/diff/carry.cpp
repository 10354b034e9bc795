#include "tools/diff/carry.hpp"

#include <algorithm>
#include <map>

#include "io/time_text.hpp"

namespace toll::diff {
namespace {

using nlohmann::json;

constexpr int kAlike = 3;                 ///< events that give the same fields
constexpr std::size_t kMostRelated = 60;  ///< names
constexpr std::size_t kMostTried = 8;     ///< tried in one field
constexpr std::size_t kMostNumbers = 24;
constexpr std::size_t kMostTimes = 8;
constexpr std::size_t kMostRows = 12;  ///< of a family that is looked at: the latest

std::string shape_of(const json& event) {
  std::string out = event.value("type", "");
  const auto data = event.find("data");
  if (data != event.end() && data->is_object())
    for (const auto& [key, value] : data->items()) out += "," + key;
  return out;
}

}  // namespace

void Carry::learn(const std::vector<PlayedHistory>& seeds) {
  std::map<std::string, int> alike;
  for (const PlayedHistory& seed : seeds) {
    for (const PlayedEvent& event : seed.events)
      if (++alike[shape_of(event.object)] <= kAlike) events_.push_back(event);
  }
}

std::vector<std::string> Carry::related(const std::vector<std::string>& names) const {
  std::vector<std::string> out = names;
  std::set<std::string> known(names.begin(), names.end());
  const auto wire = [](const Core& core, const Type& type, Value value) -> const std::string* {
    if (type.kind != Kind::name || value < 0) return nullptr;
    const auto& all = core.domains[type.ref].names;
    return value < static_cast<Value>(all.size()) ? &all[static_cast<std::size_t>(value)].wire
                                                  : nullptr;
  };
  for (const Core* const core : {cores_[1], cores_[0]}) {
    for (const Table& table : core->tables) {
      for (const Table::Row& row : table.rows) {
        bool here = false;
        for (std::size_t i = 0; i < row.cells.size() && !here; ++i) {
          const std::string* const name = wire(*core, table.columns[i].type, row.cells[i]);
          here = name != nullptr && std::find(names.begin(), names.end(), *name) != names.end();
        }
        for (std::size_t i = 0; here && i < row.cells.size(); ++i) {
          const std::string* const name = wire(*core, table.columns[i].type, row.cells[i]);
          if (name != nullptr && out.size() < kMostRelated && known.insert(*name).second)
            out.push_back(*name);
        }
      }
    }
  }
  return out;
}

void Carry::held(const Core& core, const Account& account, std::set<Value>& numbers,
                 std::set<Value>& instants) const {
  const auto take = [&](const Type& type, Value value) {
    if (value == kAbsent) return;
    if (type.kind == Kind::number && type.scale == 0 && value > 0) numbers.insert(value);
    if (type.kind == Kind::instant) instants.insert(value);
  };
  if (account.next_deadline() != kAbsent) instants.insert(account.next_deadline());
  for (std::uint32_t family = 0; family < core.families.size(); ++family) {
    const Family& shape = core.families[family];
    if (shape.event_scope) continue;
    const std::size_t rows = account.row_count(family);
    for (std::size_t row = rows > kMostRows ? rows - kMostRows : 0; row < rows; ++row)
      for (std::uint32_t field = 0; field < shape.fields.size(); ++field)
        take(shape.fields[field].type, account.cell(family, row, field));
  }
}

/// What the last event is about may be what an earlier one called by a text: an order, say.
void Carry::keep_texts(PlayedHistory& history) const {
  std::map<std::string, json> given;
  for (const FieldSpot& spot : vary_.spots(history)) {
    if (spot.count_key || spot.field->type.read != FieldType::Read::text) continue;
    const json& object = history.events[spot.event].object;
    if (spot.event + 1 < history.events.size()) {
      if (object.contains(spot.path)) given[spot.field->wire] = object.at(spot.path);
    } else if (given.count(spot.field->wire) != 0 && object.contains(spot.path)) {
      vary_.put(history, spot, given[spot.field->wire]);
    }
  }
}

bool Carry::variants(const PlayedHistory& history, const Hints& hints,
                     const std::vector<std::string>& names, const Try& attempt) const {
  PlayedHistory same = history;
  keep_texts(same);
  if (attempt(history) || (same.events.back().line != history.events.back().line && attempt(same)))
    return true;
  std::vector<FieldSpot> named;
  std::vector<FieldSpot> counted;
  for (const FieldSpot& spot : vary_.spots(same)) {
    if (spot.event + 1 != same.events.size()) continue;
    const FieldType::Read read = spot.field->type.read;
    if (read == FieldType::Read::name || read == FieldType::Read::known) named.push_back(spot);
    if (read == FieldType::Read::count && !spot.count_key) counted.push_back(spot);
  }
  const auto numbers = [&](const PlayedHistory& base) {
    for (const FieldSpot& spot : counted) {
      for (const json& value : vary_.candidates(base, spot, hints, false)) {
        PlayedHistory varied = base;
        if (vary_.put(varied, spot, value) && attempt(varied)) return true;
      }
    }
    return false;
  };
  if (numbers(same)) return true;
  for (const FieldSpot& spot : named) {
    std::size_t tried = 0;
    for (const std::string& name : names) {
      if (tried == kMostTried) break;
      PlayedHistory varied = same;
      if (!vary_.knows(*spot.field, name) || !vary_.put(varied, spot, name)) continue;
      ++tried;
      if (attempt(varied) || (!spot.count_key && numbers(varied))) return true;
    }
  }
  return false;
}

bool Carry::on(const PlayedHistory& history, const Hints& hints, const Account& before,
               const Account& after, const Try& attempt) const {
  if (history.events.empty()) return false;
  std::set<Value> numbers;
  std::set<Value> instants;
  held(*cores_[0], before, numbers, instants);
  held(*cores_[1], after, numbers, instants);
  Hints all = hints;
  for (const Value number : numbers)
    if (all.numbers.size() < kMostNumbers) all.numbers.push_back(number);
  const std::vector<std::string> names = related(hints.names);
  const Value now = std::max(history.events.back().time, history.until);
  std::vector<Value> times = {now, now + io::kNanosPerSecond, now + kDay};
  for (const Value instant : instants) {
    if (times.size() >= kMostTimes) break;
    if (instant < now) continue;
    times.push_back(instant);
    times.push_back(instant + io::kNanosPerSecond);
  }
  for (const Value time : times) {
    for (const PlayedEvent& event : events_) {
      PlayedHistory longer = history;
      longer.events.push_back(event);
      longer.events.back().object["id"] = "next";
      vary_.set_time(longer, longer.events.size() - 1, time);
      if (variants(longer, all, names, attempt)) return true;
    }
  }
  return false;
}

}  // namespace toll::diff
