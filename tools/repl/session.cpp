#include "tools/repl/session.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "dsl/lua/reasons.hpp"
#include "dsl/syntax/skin.hpp"
#include "io/ledger_writer.hpp"
#include "io/time_text.hpp"
#include "toll/json.hpp"
#include "tools/entry_match.hpp"
#include "tools/policy_text.hpp"
#include "tools/statement_collector.hpp"
#include "tools/statement_document.hpp"
#include "tools/statement_words.hpp"
#include "tools/why/why.hpp"

namespace toll::tools {
namespace {

using nlohmann::json;

constexpr std::string_view kFile = "session";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The first word, and the rest.
std::pair<std::string_view, std::string_view> split(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  return {text.substr(0, end), trimmed(text.substr(end))};
}

bool is_time(std::string_view word) {
  return word.size() >= 10 && word[0] >= '0' && word[0] <= '9' && word[4] == '-' && word[7] == '-';
}

// Of an account's state: longer sets are counted, of longer lists the last rows are shown.
constexpr std::size_t kMostNames = 12;
constexpr std::size_t kMostRows = 12;

/// Names that declarations made for their own use have a blank in them.
bool is_made(const std::string& name) { return name.find(' ') != std::string::npos; }

/// What a session understands besides steps.
// The Chinese words are in the catalogue (repl.word.ID): no such text in C++.
constexpr std::array<std::string_view, 10> kCommands = {
    "bill", "why", "state", "ledger", "undo", "save", "account", "story", "help", "quit"};

}  // namespace

Session::Session(std::string policy, Language language)
    : path_(std::move(policy)), language_(language) {}

std::string Session::word(std::string_view canonical) const {
  const dsl::Skin* const skin = dsl::find_skin(policy_.skin);
  const auto* const entry = skin == nullptr ? nullptr : skin->spelling_of({std::string(canonical)});
  return entry == nullptr || entry->spellings.empty() ? std::string(canonical)
                                                      : entry->spellings.front();
}

bool Session::load(const std::vector<Step>& steps, std::string& problems) {
  std::string text = policy_.skin == "en" ? "language 1\n" : "language 1 " + policy_.skin + "\n";
  text += word("scenario") + " \"session\" {\n";
  for (const Step& step : steps) text += step.text + "\n";
  text += "}\n";
  auto sources = std::make_shared<dsl::SourceSet>();
  dsl::Diagnostics diagnostics;
  std::vector<dsl::RuleFile> more;
  if (!steps.empty()) more.push_back({std::string(kFile), std::move(text)});
  dsl::Policy loaded = dsl::load_policy(path_, more, *sources, diagnostics);
  if (loaded.core == nullptr) {
    problems = dsl::render(diagnostics, *sources, language_, false);
    return false;
  }
  policy_ = std::move(loaded);
  sources_ = std::move(sources);
  return true;
}

Session::Answer Session::open() {
  Answer answer;
  answer.ok = load({}, answer.text);
  return answer;
}

/// Plays the whole story so far.
std::vector<Session::Told> Session::tell(const std::vector<Step>& steps) const {
  std::vector<Told> all;
  std::vector<std::string>* into = nullptr;
  JsonRunner runner(policy_.core, [&into](std::string_view line) {
    if (into != nullptr) into->emplace_back(line);
  });
  const EntryMatch match(*policy_.core);
  const auto session = std::find_if(policy_.scenarios.rbegin(), policy_.scenarios.rend(),
                                    [](const dsl::Scenario& one) { return one.name == kFile; });
  if (session == policy_.scenarios.rend()) return all;
  std::vector<std::string> last;  // entries since the last event or passing of time
  for (std::size_t i = 0; i < session->steps.size() && i < steps.size(); ++i) {
    Told told;
    told.step = session->steps[i];
    into = &told.entries;
    switch (told.step.kind) {
      case dsl::ScenarioStep::Kind::event: {
        json event = json::parse(told.step.json);
        event["subject"] = steps[i].account;
        event["source"] = kFile;
        told.event = event.dump();
        runner.feed(told.event);
        last = told.entries;
        break;
      }
      case dsl::ScenarioStep::Kind::until:
        runner.advance(runner.parse_time(told.step.time));
        last = told.entries;
        break;
      case dsl::ScenarioStep::Kind::expect: {
        const json expected = json::parse(told.step.json);
        const auto count = std::count_if(last.begin(), last.end(), [&](const std::string& line) {
          return match.matches(expected, json::parse(line));
        });
        const auto wanted = static_cast<std::ptrdiff_t>(told.step.count);
        told.held = told.step.count != kNone ? count == wanted : (count == 0) == told.step.negated;
        break;
      }
      case dsl::ScenarioStep::Kind::that: {
        const Account* const account = runner.account(steps[i].account);
        told.held = account != nullptr && account->holds(told.step.definition) != told.step.negated;
        break;
      }
    }
    all.push_back(std::move(told));
  }
  return all;
}

/// A line as a scenario would say it: `at` in the policy's language, the clock if it says no time.
std::string Session::as_step(std::string_view text) const {
  auto [first, rest] = split(text);
  for (const std::string_view lead : {"at", "expect"}) {
    if (first == lead || first == word(lead)) return word(lead) + " " + std::string(rest);
  }
  if (is_time(first)) return word("at") + " " + std::string(text);
  return word("at") + " " + clock_ + " " + std::string(text);
}

std::string Session::entries_text(const std::vector<std::string>& entries) const {
  const PolicyText words(*policy_.core, *dsl::find_skin(policy_.skin));
  std::string out;
  for (const std::string& line : entries) {
    const json entry = json::parse(line);
    const auto said = words.entry(entry, json::object());
    const auto time = words.time(entry.value("time", json()));
    out += "  " + (time ? *time + "  " : std::string());
    if (entry.value("kind", "") == "error") {
      const std::string code = entry.value("code", "");
      std::string message = entry.value("message", "");
      if (code == "hook-failed") message = dsl::lua::retold(message, language_);
      out += say(Message("repl.error", {code, message}));
    } else {
      out += said ? *said : line;
    }
    out += "\n";
  }
  return out;
}

Session::Answer Session::step(std::string text) {
  Answer answer;
  const auto [lead, rest] = split(text);
  std::string clock = clock_;
  if (lead == word("at")) {
    const auto [date, after] = split(rest);
    const std::string_view time = split(after).first;
    if (!is_time(date)) {
      answer.text = say("repl.no-clock") + "\n";
      answer.ok = false;
      return answer;
    }
    clock = std::string(date);
    if (time.size() >= 5 && time[2] == ':') clock += " " + std::string(time);
  }
  std::vector<Step> steps = steps_;
  steps.push_back({std::move(text), account_});
  if (!load(steps, answer.text)) {
    answer.ok = false;
    return answer;
  }
  steps_ = std::move(steps);
  clock_ = clock;
  const std::vector<Told> told = tell(steps_);
  if (told.empty()) return answer;
  const Told& last = told.back();
  answer.text = entries_text(last.entries);
  const bool expected = last.step.kind == dsl::ScenarioStep::Kind::expect ||
                        last.step.kind == dsl::ScenarioStep::Kind::that;
  if (expected) {
    answer.text = say(last.held ? "repl.holds" : "repl.does-not-hold") + "\n";
    answer.ok = last.held;
    steps_.pop_back();  // a question, not a part of the story
  } else if (last.entries.empty() && last.step.kind == dsl::ScenarioStep::Kind::event) {
    answer.text = say("repl.nothing-written") + "\n";
  }
  return answer;
}

Value Session::retell(JsonRunner& runner) const {
  Value last = kAbsent;
  for (const Told& told : tell(steps_)) {
    if (!told.event.empty()) runner.feed(told.event);
    last = runner.parse_time(told.step.time);
    if (told.step.kind == dsl::ScenarioStep::Kind::until) runner.advance(last);
  }
  return last;
}

/// Machines and values of the account, and the rows that it holds.
std::string Session::state_text() const {
  const Core& core = *policy_.core;
  JsonRunner runner(policy_.core, [](std::string_view) {});
  retell(runner);
  const Account* const account = runner.account(account_);
  if (account == nullptr) return say(Message("repl.no-account", {account_})) + "\n";
  const PolicyText words(core, *dsl::find_skin(policy_.skin));
  const io::LedgerWriter writer(core);
  const auto shown = [&](const Type& type, Value value) {
    std::string text;
    writer.append_value(text, *account, type, value);
    const auto said = words.value(json::parse(text, nullptr, false), type);
    return said ? *said : text;
  };
  std::string out;
  for (std::uint32_t i = 0; i < core.machines.size(); ++i) {
    const Machine& machine = core.machines[i];
    out += "  " + machine.name + " = " +
           core.domains[machine.domain].names[static_cast<std::size_t>(account->state(i))].shown +
           "\n";
  }
  for (std::uint32_t i = 0; i < core.registers.size(); ++i) {
    const Register& known = core.registers[i];
    const Value value = account->register_value(i);
    if (value == kAbsent || is_made(known.name)) continue;
    const bool long_set = known.type.kind == Kind::set && account->names(value).size() > kMostNames;
    out += "  " + known.name + " = " +
           (long_set ? say(Message("repl.names", {account->names(value).size()}))
                     : shown(known.type, value)) +
           "\n";
  }
  for (std::uint32_t f = 0; f < core.families.size(); ++f) {
    const Family& family = core.families[f];
    const std::size_t rows = account->row_count(f);
    if (family.event_scope || is_made(family.name)) continue;
    for (std::size_t row = rows > kMostRows ? rows - kMostRows : 0; row < rows; ++row) {
      std::string cells;
      for (std::uint32_t field = 0; field < family.fields.size(); ++field) {
        const Type& type = family.fields[field].type;
        const Value value = account->cell(f, row, field);
        const bool zero = value == 0 && (type.kind == Kind::number || type.kind == Kind::boolean);
        if (value == kAbsent || (zero && value == family.fields[field].initial)) continue;
        cells += (cells.empty() ? "" : ", ") + family.fields[field].name + " " + shown(type, value);
      }
      out += "  " + family.name + " (" + cells + ")\n";
    }
    if (rows > kMostRows) {
      out += "  " + say(Message("repl.more-rows", {rows - kMostRows, family.name})) + "\n";
    }
  }
  return out;
}

/// `bill?` of the month that the clock is in, `bill? 2025-07` of another.
Session::Answer Session::bill(std::string_view rest) const {
  Answer answer;
  const Core& core = *policy_.core;
  const std::string month = rest.empty() ? clock_.substr(0, 7) : std::string(rest);
  const std::optional<Value> value = io::parse_month(month);
  if (core.statements.empty() || !value) {
    answer.text = core.statements.empty() ? say("bill.no-statement")
                                          : say(Message("bill.bad-month", {month}));
    answer.text += "\n";
    answer.ok = false;
    return answer;
  }
  StatementCollector::Wanted wanted;
  wanted.account = account_;
  wanted.month = value;
  const Statement& statement = core.statements.front();
  StatementCollector collector(core, statement, wanted);
  JsonRunner runner(policy_.core, nullptr);
  runner.observe(&collector);
  const Value until = retell(runner);
  const StatementWords words(core, statement, language_);
  const std::size_t count = collector.finish(runner, until, [&](const MonthStatement& one) {
    answer.text += as_text(document_of(one, words));
  });
  if (count == 0) answer.text = say(Message("bill.no-month", {month})) + "\n";
  return answer;
}

/// `why?` of the account's last entry, `why? 7` of the one with that number, `why? not WORD`.
Session::Answer Session::why(std::string_view rest) {
  Answer answer;
  toll::why::Question question;
  question.policy = &policy_;
  question.sources = sources_.get();
  question.account = account_;
  question.language = language_;
  for (const Told& told : tell(steps_)) {
    if (!told.event.empty()) question.events.push_back(told.event);
    if (told.step.kind == dsl::ScenarioStep::Kind::until) question.until = told.step.time;
    if (told.step.kind == dsl::ScenarioStep::Kind::event) question.until.clear();
    for (const std::string& line : told.entries) {
      const json entry = json::parse(line);
      if (entry.value("account", "") == account_) question.entry = entry.value("seq", 0U);
    }
  }
  if (question.entry == 0) {
    answer.text = say("repl.nothing-yet") + "\n";
    return answer;
  }
  auto [first, after] = split(rest);
  if (!first.empty() && first.find_first_not_of("0123456789") == std::string_view::npos &&
      first.size() < 10) {
    question.entry = std::stoull(std::string(first));
    std::tie(first, after) = split(after);
  }
  if (first == "not" || first == word("not")) question.otherwise = std::string(after);
  const toll::why::Answer found = toll::why::answer(question);
  for (const toll::why::Reason& reason : found.reasons) answer.text += toll::why::as_text(reason);
  if (found.reasons.empty()) {
    answer.text = say(found.problem) + "\n";
    answer.ok = false;
  }
  return answer;
}

Session::Answer Session::save(std::string_view path) const {
  Answer answer;
  std::string text = policy_.skin == "en" ? "language 1\n" : "language 1 " + policy_.skin + "\n";
  text += word("scenario") + " \"session\" {\n";
  const PolicyText words(*policy_.core, *dsl::find_skin(policy_.skin));
  const std::vector<Told> told = tell(steps_);
  for (std::size_t i = 0; i < told.size(); ++i) {
    text += "  " + steps_[i].text + "\n";
    for (const std::string& line : told[i].entries) {
      const auto said = words.entry(json::parse(line), json::object());
      if (said) text += "  " + word("expect") + " " + *said + "\n";
    }
  }
  text += "}\n";
  if (path.empty()) {
    answer.text = text;
    return answer;
  }
  std::ofstream out{std::string(path), std::ios::binary};
  out << text;
  out.close();
  answer.ok = out.good();
  answer.text =
      say(Message(answer.ok ? "repl.saved" : "repl.not-saved", {std::string(path)})) + "\n";
  return answer;
}

Session::Answer Session::command(std::string_view name, std::string_view rest, bool& known) {
  Answer answer;
  known = true;
  if (name == "help") {
    answer.text = say("repl.help") + "\n";
  } else if (name == "quit") {
    answer.quit = true;
  } else if (name == "state") {
    answer.text = state_text();
  } else if (name == "ledger") {
    for (const Told& told : tell(steps_)) answer.text += entries_text(told.entries);
  } else if (name == "story") {
    for (const Step& step : steps_) answer.text += "  " + step.text + "\n";
  } else if (name == "undo") {
    if (!steps_.empty()) steps_.pop_back();
  } else if (name == "account") {
    if (!rest.empty()) account_ = std::string(rest);
    answer.text = account_ + "\n";
  } else if (name == "save") {
    return save(rest);
  } else if (name == "bill") {
    return bill(rest);
  } else if (name == "why") {
    return why(rest);
  } else {
    known = false;
  }
  return answer;
}

Session::Answer Session::line(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text[0] == '#') return {};
  auto [first, rest] = split(text);
  std::string name(first);
  constexpr std::string_view kWideQuestion = "\uff1f";
  while (!name.empty() && name.back() == '?') name.pop_back();
  if (name.size() > kWideQuestion.size() && name.ends_with(kWideQuestion)) {
    name.erase(name.size() - kWideQuestion.size());
  }
  for (const std::string_view id : kCommands) {
    // messages: repl.word.*
    const std::string word = "repl.word" + ("." + std::string(id));
    const bool here = name == id || name == toll::say(Message(word), Language::zh);
    if (!here) continue;
    // An edit of the rule files counts from here on.
    if (Answer now; !load(steps_, now.text)) {
      now.ok = false;
      return now;
    }
    bool known = false;
    Answer answer = command(id, rest, known);
    if (known) return answer;
  }
  return step(as_step(text));
}

std::string Session::prompt() const {
  return account_ + (clock_.empty() ? "" : " " + clock_) + "> ";
}

std::vector<std::string> Session::completions(std::string_view before) const {
  std::vector<std::string> all;
  const std::size_t begin = before.find_last_of(" \t(") + 1;
  const std::string_view typed = before.substr(begin);
  const auto offer = [&](const std::string& candidate) {
    if (candidate.compare(0, typed.size(), typed) == 0) all.push_back(candidate);
  };
  if (policy_.core == nullptr) return all;
  if (begin == 0) {
    for (const std::string_view id : kCommands) offer(std::string(id));
    offer(word("at"));
    offer(word("expect"));
  }
  for (const EventType& event : policy_.core->events) {
    offer(event.name);
    if (event.wire != event.name) offer(event.wire);
    for (const Field& field : event.fields) {
      if (before.find(event.name) != std::string_view::npos ||
          before.find(event.wire) != std::string_view::npos) {
        offer(field.name);
      }
    }
  }
  if (begin > 0 && !typed.empty()) {
    for (const Domain& domain : policy_.core->domains) {
      for (const Domain::Name& known : domain.names) offer(known.shown);
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace toll::tools
