#include "tools/mutate/history.hpp"

#include "io/time_text.hpp"
#include "toll/json.hpp"
#include "tools/mutate/trial.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

constexpr const char* kSubject = "scenario";

void add_instants(const Core& core, const Account& account, std::vector<Value>& out) {
  const auto add = [&](const Type& type, Value value) {
    if (type.kind == Kind::instant && value != kAbsent) out.push_back(value);
  };
  for (std::uint32_t i = 0; i < core.registers.size(); ++i)
    add(core.registers[i].type, account.register_value(i));
  for (std::uint32_t family = 0; family < core.families.size(); ++family) {
    if (core.families[family].event_scope) continue;
    for (std::uint32_t field = 0; field < core.families[family].fields.size(); ++field) {
      const Type& type = core.families[family].fields[field].type;
      if (type.kind != Kind::instant) continue;
      for (std::size_t row = 0; row < account.row_count(family); ++row)
        add(type, account.cell(family, row, field));
    }
  }
  if (account.next_deadline() != kAbsent) out.push_back(account.next_deadline());
}

}  // namespace

Happenings happenings_of(const Core& core, const dsl::Scenario& scenario) {
  const io::Zone zone(core.zone);
  Happenings out;
  for (const dsl::ScenarioStep& step : scenario.steps) {
    Happening one;
    if (step.kind == dsl::ScenarioStep::Kind::event) {
      one.event = json::parse(step.json, nullptr, false);
      if (!one.event.is_object() || !one.event.contains("time")) continue;
      one.time = io::parse_instant(one.event["time"].get<std::string>(), zone).value_or(kAbsent);
    } else if (step.kind == dsl::ScenarioStep::Kind::until) {
      one.time = io::parse_instant(step.time, zone).value_or(kAbsent);
    } else {
      continue;
    }
    if (one.time != kAbsent) out.push_back(std::move(one));
  }
  return out;
}

std::string line_of(const Core& core, const Happening& happening, std::size_t number) {
  json event = happening.event;
  std::string time;
  io::append_instant(time, happening.time, io::Zone(core.zone));
  event["time"] = std::move(time);
  event["subject"] = kSubject;
  event["id"] = "e" + std::to_string(number);
  return event.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<Answers> answers(const std::shared_ptr<const Program>& program,
                               const Happenings& history) {
  const Core& core = core_of(*program);
  Answers all;
  std::vector<std::string> entries;
  JsonRunner runner(program, [&entries](std::string_view line) {
    json entry = json::parse(line, nullptr, false);
    entry.erase("rule");
    entry.erase("message");
    entries.push_back(entry.dump(-1, ' ', false, json::error_handler_t::replace));
  });
  for (std::size_t i = 0; i < history.size(); ++i) {
    entries.clear();
    const Account* const account = runner.account(kSubject);
    if (account != nullptr && !ends(*account, history[i].time)) return std::nullopt;
    if (history[i].event.is_null()) {
      runner.advance(history[i].time);
    } else {
      runner.feed(line_of(core, history[i], i));
    }
    all.push_back(entries);
  }
  return all;
}

std::vector<Value> instants(const std::shared_ptr<const Program>& program,
                            const Happenings& history) {
  const Core& core = core_of(*program);
  std::vector<Value> out;
  JsonRunner runner(program, JsonRunner::Ledger());
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (history[i].event.is_null()) {
      runner.advance(history[i].time);
    } else {
      runner.feed(line_of(core, history[i], i));
    }
    const Account* const account = runner.account(kSubject);
    if (account != nullptr) add_instants(core, *account, out);
  }
  return out;
}

}  // namespace toll::tools
