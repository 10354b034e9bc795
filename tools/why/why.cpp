#include "tools/why/why.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "tools/why/otherwise.hpp"
#include "tools/why/replay.hpp"
#include "tools/why/story.hpp"

namespace toll::why {
namespace {

/// The step of the entry, and those in which machines moved last before it: the way into a state is
/// told with what made the machine move.
std::set<std::size_t> steps_to_see(const Core& core, const Recorder& recorder, const Line& line) {
  constexpr std::size_t kMoves = 4;
  if (line.step == nullptr) return {};
  std::set<std::size_t> wanted = {line.step->number};
  for (std::uint32_t machine = 0; machine < core.machines.size(); ++machine) {
    const auto& writes = recorder.writes(recorder.current(Change::Of::state, machine));
    std::size_t left = kMoves;
    for (std::size_t i = writes.size(); i-- > 0 && left > 0;) {
      if (writes[i].order > line.order) continue;
      wanted.insert(writes[i].step->number);
      --left;
    }
  }
  return wanted;
}

}  // namespace

Language language_of(const dsl::Policy& policy) {
  return read_language(policy.skin).value_or(Language::en);
}

namespace {

bool is_money(const Core& core, const Type& type) {
  return type.kind == Kind::number &&
         std::any_of(std::begin(type.dimension.powers), std::end(type.dimension.powers),
                     [&](const Dimension::Power& power) {
                       return power.exponent == 1 && core.units[power.unit].currency;
                     });
}

/// The entries of a kind that has a month, rows and an amount: what any policy's invoices have.
std::vector<std::uint64_t> invoices(const Core& core, const Recorder& recorder,
                                    const std::string& month) {
  std::vector<std::uint64_t> found;
  for (std::size_t i = 0; i < recorder.lines().size(); ++i) {
    const nlohmann::json entry = nlohmann::json::parse(recorder.lines()[i].json);
    for (const EntryKind& kind : core.entries) {
      if (kind.wire != entry.value("kind", "")) continue;
      bool of_month = false;
      bool rows = false;
      bool amount = false;
      for (const EntryKind::Member& member : kind.members) {
        if (member.type.kind == Kind::month && !member.rows)
          of_month = of_month || entry.value(member.wire, "") == month;
        rows = rows || member.rows;
        amount = amount || (!member.rows && is_money(core, member.type));
      }
      if (of_month && rows && amount) found.push_back(i + 1);
    }
  }
  return found;
}

/// Plays the account again with what the explanation of an entry needs.
std::unique_ptr<Recorder> recorded_for(const std::shared_ptr<const Program>& program,
                                       const History& history, const Recorder& first,
                                       std::uint64_t seq) {
  std::set<std::size_t> wanted = steps_to_see(core_of(*program), first, first.lines()[seq - 1]);
  auto second = replay(program, history, wanted);
  // Rows that were drawn from are told with what made them what they are.
  const std::size_t known = wanted.size();
  for (const Place& place : second->drawn()) {
    const std::vector<Write>& writes = second->writes(place);
    if (!writes.empty()) wanted.insert(writes[0].step->number);
  }
  if (wanted.size() == known) return second;
  return replay(program, history, std::move(wanted));
}

/// Leaves of an entry the one row of its list.
void keep_line(Reason& reason, std::size_t line) {
  std::size_t number = 0;
  std::erase_if(reason.inside,
                [&](const Reason& one) { return one.kind != "line" || ++number != line; });
}

}  // namespace

Answer answer(const Question& question) {
  const Core& core = *question.policy->core;
  const std::shared_ptr<const Program> program =
      question.program != nullptr ? question.program : prepare(question.policy->core);
  const History history = history_of(core, question.events, question.account, question.until);
  if (history.events.empty()) return {{}, {"why.no-account", {question.account}}};
  const auto first = replay(program, history, {});
  std::vector<std::uint64_t> asked = {question.entry};
  if (question.entry == 0) asked = invoices(core, *first, question.invoice);
  if (asked.empty()) return {{}, {"why.no-invoice", {question.account, question.invoice}}};
  if (asked[0] > first->lines().size())
    return {{}, {"why.no-entry", {question.account, first->lines().size()}}};
  const Words words(*question.policy, *question.sources, question.language);
  const Meant meant = meant_by(core, question.otherwise);
  if (!question.otherwise.empty() && meant.empty())
    return {{}, {"why.no-word", {question.otherwise}}};
  Answer answer;
  for (const std::uint64_t seq : asked) {
    const auto recorder = recorded_for(program, history, *first, seq);
    if (!question.otherwise.empty()) {
      answer.reasons.push_back(Otherwise(program, history, *recorder, words, question.all)
                                   .answer(seq, question.otherwise, meant));
      continue;
    }
    Reason reason = Story(*recorder, words, question.all).entry(seq);
    if (question.line != 0) {
      keep_line(reason, question.line);
      if (reason.inside.empty()) return {{}, {"why.no-line", {std::to_string(seq), question.line}}};
    }
    if (!question.all) tell_once(reason, words.say({"why.see-above"}));
    answer.reasons.push_back(std::move(reason));
  }
  return answer;
}

}  // namespace toll::why
