// A comparison as text for people and as JSON for programs.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "io/ledger_writer.hpp"
#include "io/time_text.hpp"
#include "tools/diff/diff.hpp"
#include "tools/diff/say.hpp"
#include "tools/policy_text.hpp"
#include "tools/scenario_write.hpp"

namespace toll::diff {
namespace {

using nlohmann::json;

constexpr std::size_t kMostNames = 8;   ///< of rows that changed alike
constexpr std::size_t kMostSteps = 12;  ///< of an example
constexpr std::size_t kMostChanges = 6;

class Writer {
 public:
  Writer(const Side& before, const Side& after, const Options& options)
      : language_(options.language),
        before_(before),
        after_(after),
        words_{tools::PolicyText(*before.policy->core, why::skin_of(*before.policy)),
               tools::PolicyText(*after.policy->core, why::skin_of(*after.policy))},
        say_(before, options.language) {}

  std::string text(const Result& result) const {
    std::string out = line(summary(result), 0);
    std::size_t number = 0;
    for (const std::vector<const Difference*>& group : groups(result))
      out += "\n" + this->group(group, ++number);
    if (!result.differences.empty()) out += "\n";
    out += line({result.equal() ? "diff.compared" : "diff.rest", {result.equal_parts}}, 0);
    for (const auto& [said, place] : proven(result)) out += said + "  [" + place + "]\n";
    for (const Message& note : result.notes) out += line(note, 0);
    return out;
  }

  json data(const Result& result) const {
    json out = {{"equal", result.equal()}, {"same", result.equal_parts},
                {"played", result.played}, {"differences", json::array()},
                {"proven", json::array()}, {"notes", json::array()}};
    for (const Difference& one : result.differences) out["differences"].push_back(difference(one));
    for (const auto& [said, place] : proven(result))
      out["proven"].push_back({{"what", said}, {"place", place}});
    for (const Message& note : result.notes) out["notes"].push_back(said(note));
    return out;
  }

 private:
  [[nodiscard]] std::string said(const Message& message) const { return say(message, language_); }
  [[nodiscard]] std::string line(const Message& message, std::size_t indent) const {
    return std::string(indent, ' ') + said(message) + "\n";
  }

  /// Texts that changed and mean the same, each once, with their places.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> proven(
      const Result& result) const {
    std::vector<std::pair<std::string, std::string>> out;
    for (const Proven& one : result.proven) {
      const std::string& place = one.place_after.empty() ? one.place_before : one.place_after;
      std::pair<std::string, std::string> told(said({"diff.proven", {one.what, one.why}}), place);
      if (std::find(out.begin(), out.end(), told) == out.end()) out.push_back(std::move(told));
    }
    return out;
  }

  [[nodiscard]] Message summary(const Result& result) const {
    if (result.equal()) return {"diff.equal"};
    std::size_t shown = 0;
    for (const Difference& one : result.differences) shown += one.witness ? 1U : 0U;
    const std::size_t open = result.differences.size() - shown;
    if (open == 0) return {"diff.differ", {shown}};
    if (shown == 0) return {"diff.may-differ", {open}};
    return {"diff.differ-and-may", {shown, open}};
  }

  /// Rows of a table that changed in the same way are told together; those with an example first.
  [[nodiscard]] std::vector<std::vector<const Difference*>> groups(const Result& result) const {
    std::vector<std::vector<const Difference*>> out;
    std::map<std::string, std::size_t> known;
    for (const Difference& one : result.differences) {
      std::string key = one.what.id;
      const bool row = key == "diff.row" || key == "diff.band" || key == "diff.band-above";
      if (row) {
        for (std::size_t i = 0; i < one.what.arguments.size(); ++i)
          if (i != 1) key += "|" + one.what.arguments[i].text;
        for (const Message& detail : one.details) key += "|" + said(detail);
        key += one.witness ? "|shown" : "|open";
        key += "|" + instant(one.since) + "|" + instant(one.until);
      } else {
        key += "|" + std::to_string(out.size());
      }
      const auto [found, fresh] = known.try_emplace(key, out.size());
      if (fresh) out.emplace_back();
      out[found->second].push_back(&one);
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return a.front()->witness.has_value() > b.front()->witness.has_value();
    });
    return out;
  }

  [[nodiscard]] std::string group(const std::vector<const Difference*>& all,
                                  std::size_t number) const {
    const Difference& one = *all.front();
    std::string place = one.place_after.empty() ? one.place_before : one.place_after;
    if (!place.empty()) place = "  [" + place + "]";
    const std::string head = std::to_string(number) + ". ";
    std::string out = head + said(one.what) + place + "\n";
    if (all.size() > 1) {
      std::vector<std::string> names;
      for (std::size_t i = 1; i < all.size() && names.size() < kMostNames; ++i)
        names.push_back(all[i]->what.arguments[1].text);
      out += all.size() - 1 > kMostNames
                 ? line({"diff.alike-more", {joined(names), all.size() - 1 - kMostNames}}, 3)
                 : line({"diff.alike", {joined(names)}}, 3);
    }
    for (std::size_t i = 0; i < one.details.size() && i < kMostChanges; ++i)
      out += line(one.details[i], 3);
    if (one.details.size() > kMostChanges)
      out += line({"diff.more", {one.details.size() - kMostChanges}}, 3);
    if (one.amounts) out += line(amounts(*one.amounts), 3);
    if (one.since != kAbsent && one.until != kAbsent)
      out += line({"diff.between", {day(one.since), day(one.until)}}, 3);
    else if (one.since != kAbsent)
      out += line({"diff.since", {day(one.since)}}, 3);
    else if (one.until != kAbsent)
      out += line({"diff.until", {day(one.until)}}, 3);
    return out + (one.witness ? example(*one.witness) : line({"diff.no-example"}, 3));
  }

  [[nodiscard]] std::string instant(Value time) const {
    std::string out;
    if (time != kAbsent) io::append_instant(out, time, io::Zone(after_.policy->core->zone));
    return out;
  }
  [[nodiscard]] std::string day(Value time) const { return words_[1].time(time); }

  [[nodiscard]] Message amounts(const Amounts& amounts) const {
    const Table& table = before_.policy->core->tables[amounts.table];
    const Type& band = table.columns[table.band].type;
    // What a price comes to has its currency alone.
    Type money = table.columns[amounts.column].type;
    Dimension currency;
    for (const Dimension::Power& power : money.dimension.powers)
      if (power.exponent > 0) currency.powers[0] = power;
    money.dimension = currency;
    const auto shown = [&](const Amount& at) {
      return Message("diff.amount", {say_.value(band, at.quantity), say_.value(money, at.before),
                                     say_.value(money, at.after)});
    };
    if (!amounts.widest) return {"diff.amounts-grow", {shown(amounts.first)}};
    if (amounts.widest->quantity == amounts.first.quantity) return shown(amounts.first);
    return {"diff.amounts", {shown(amounts.first), shown(*amounts.widest)}};
  }

  [[nodiscard]] json amounts_json(const Amounts& amounts) const {
    const Table& table = before_.policy->core->tables[amounts.table];
    const auto at = [&](const Amount& amount) {
      const auto decimal = [](Value value, unsigned scale) {
        std::string out;
        io::append_decimal(out, value, scale);
        return out;
      };
      const unsigned scale = table.columns[amounts.column].type.scale;
      return json{{"quantity", decimal(amount.quantity, table.columns[table.band].type.scale)},
                  {"before", decimal(amount.before, scale)},
                  {"after", decimal(amount.after, scale)}};
    };
    json out = {{"first", at(amounts.first)}};
    if (amounts.widest) out["widest"] = at(*amounts.widest);
    return out;
  }

  // -- an example
  [[nodiscard]] std::string example(const Witness& witness) const {
    std::string out = line({"diff.example"}, 3);
    const std::size_t count = witness.events.size();
    const std::size_t first = count > kMostSteps ? count - kMostSteps : 0;
    if (first > 0) out += line({"diff.steps-before", {first}}, 5);
    for (std::size_t i = first; i < count; ++i) {
      const json event = json::parse(witness.events[i], nullptr, false);
      tools::PolicyText::Said words = words_[1].event(event, false);
      if (!words) words = words_[0].event(event, false);
      const tools::PolicyText::Said time = words_[1].time(event.value("time", json()));
      out += "     " + time.value_or("") + " " + words.value_or(witness.events[i]) + "\n";
    }
    out += entries(witness);
    if (witness.later) out += line({"diff.later"}, 3);
    if (witness.shared > 0) out += line({"diff.shared", {witness.shared}}, 3);
    return out;
  }

  [[nodiscard]] std::string entry_text(std::size_t side, const json& entry) const {
    return words_[side].entry(entry, json()).value_or(entry.dump());
  }

  [[nodiscard]] std::string entries(const Witness& witness) const {
    const json before = json::parse(witness.before, nullptr, false);
    const json after = json::parse(witness.after, nullptr, false);
    const std::string time = witness.time == kAbsent ? "" : words_[1].time(witness.time);
    if (!before.is_object()) return line({"diff.entry-new", {time, entry_text(1, after)}}, 3);
    if (!after.is_object()) return line({"diff.entry-gone", {time, entry_text(0, before)}}, 3);
    const EntryKind* const kind = words_[1].kind_of(after);
    const bool alike = kind != nullptr && before.value("kind", "") == after.value("kind", "");
    std::vector<std::string> changes;
    if (alike) members(before, after, kind->members, "", changes);
    if (changes.empty() || before.value("time", json()) != after.value("time", json())) {
      const auto shown = [&](std::size_t side, const json& entry) {
        return words_[side].time(entry.value("time", json())).value_or("") + " " +
               entry_text(side, entry);
      };
      return line({"diff.entry-becomes", {shown(0, before), shown(1, after)}}, 3);
    }
    std::string out = line({"diff.entry-changes", {time, kind->name}}, 3);
    for (std::size_t i = 0; i < changes.size() && i < kMostChanges; ++i)
      out += "     " + changes[i] + "\n";
    if (changes.size() > kMostChanges)
      out += line({"diff.more", {changes.size() - kMostChanges}}, 5);
    return out;
  }

  void members(const json& before, const json& after, const std::vector<EntryKind::Member>& all,
               const std::string& inside, std::vector<std::string>& out) const {
    for (const EntryKind::Member& member : all) {
      const json was = before.value(member.wire, json());
      const json is = after.value(member.wire, json());
      if (was == is) continue;
      const std::string name = inside + member.name;
      if (member.rows && was.is_array() && is.is_array() && was.size() == is.size()) {
        for (std::size_t i = 0; i < was.size(); ++i) {
          const std::string row = was.size() == 1 ? "" : " " + std::to_string(i + 1);
          members(was[i], is[i], member.columns, name + row + ": ", out);
        }
        continue;
      }
      const auto shown = [&](std::size_t side, const json& value) {
        if (value.is_null()) return words_[side].word("none");
        const tools::PolicyText::Said text = member.rows ? words_[side].rows(value, member.columns)
                                                         : words_[side].value(value, member.type);
        return text.value_or(value.dump());
      };
      out.push_back(said({"diff.becomes", {name, shown(0, was), shown(1, is)}}));
    }
  }

  // -- as data
  [[nodiscard]] json difference(const Difference& one) const {
    json out = {{"id", one.id},
                {"verdict", one.witness ? "differs" : "may-differ"},
                {"what", said(one.what)},
                {"changes", json::array()}};
    for (const Message& detail : one.details) out["changes"].push_back(said(detail));
    if (!one.place_before.empty()) out["place_before"] = one.place_before;
    if (!one.place_after.empty()) out["place_after"] = one.place_after;
    if (one.since != kAbsent) out["since"] = instant(one.since);
    if (one.until != kAbsent) out["until"] = instant(one.until);
    if (one.amounts) out["amounts"] = amounts_json(*one.amounts);
    if (one.witness) {
      json events = json::array();
      for (const std::string& event : one.witness->events)
        events.push_back(json::parse(event, nullptr, false));
      const auto entry = [](const std::string& line) {
        json parsed = json::parse(line, nullptr, false);
        if (!parsed.is_object()) return json();
        parsed.erase("rule");
        return parsed;
      };
      out["example"] = {{"events", std::move(events)},
                        {"until", instant(one.witness->until)},
                        {"before", entry(one.witness->before)},
                        {"after", entry(one.witness->after)},
                        {"shared", one.witness->shared}};
      if (one.witness->later) out["example"]["later"] = true;
      if (one.witness->time != kAbsent) out["example"]["time"] = instant(one.witness->time);
    }
    return out;
  }

  Language language_;
  const Side& before_;
  const Side& after_;
  tools::PolicyText words_[2];
  Say say_;
};

}  // namespace

std::string to_text(const Result& result, const Side& before, const Side& after,
                    const Options& options) {
  return Writer(before, after, options).text(result);
}

std::string to_json(const Result& result, const Side& before, const Side& after,
                    const Options& options, int schema_version) {
  json out = Writer(before, after, options).data(result);
  out["schema_version"] = schema_version;
  return out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string witness_scenario(const Difference& difference, const Side& before, const Side& after,
                             const std::string& name) {
  if (!difference.witness) return {};
  const dsl::Skin& skin = why::skin_of(*after.policy);
  const tools::ScenarioWriter writer(prepare(after.policy->core), skin);
  tools::History history;
  history.events = difference.witness->events;
  history.last = difference.witness->until;
  history.unlike = prepare(before.policy->core);
  for (const bool times : {true, false}) {
    const tools::WrittenScenario written = writer.write(name, history, {times, true});
    if (written.text.empty()) continue;
    const std::string head = after.policy->skin == "en" ? "" : " " + after.policy->skin;
    return "language 1" + head + "\n" + written.text;
  }
  return {};
}

}  // namespace toll::diff
