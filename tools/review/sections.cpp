// What the review of any policy begins with: does it load, and do its own tests pass?
#include <map>
#include <set>

#include "toll/engine.hpp"
#include "tools/review/review.hpp"
#include "tools/scenario_report.hpp"
#include "tools/scenario_run.hpp"

namespace toll::review {
namespace {

constexpr std::size_t kMostShown = 3;  // failures told in full

/// Between two sentences.
std::string space(Language language) { return language == Language::en ? " " : ""; }

/// What is said, without where: a line that moved is no news.
std::multiset<std::string> said(const Side& side, Language language) {
  std::multiset<std::string> out;
  for (const dsl::DiagnosticRecord& record :
       dsl::to_records(*side.diagnostics, *side.sources, language))
    out.insert(record.code + " " + record.message);
  return out;
}

}  // namespace

News news(const Side& before, const Side& after, Language language) {
  News out;
  std::multiset<std::string> before_said = said(before, language);
  for (const dsl::Diagnostic& one : after.diagnostics->sorted()) {
    dsl::Diagnostics alone;
    alone.add(one);
    const std::string text =
        *said({after.policy, after.sources, after.files, &alone}, language).begin();
    if (const auto found = before_said.find(text);
        found != before_said.end() && one.severity != dsl::Severity::error) {
      before_said.erase(found);
      ++out.known;
    } else {
      out.fresh.add(one);
    }
  }
  return out;
}

Section check_section(const Side& before, const Side& after, Language language) {
  Section section;
  section.id = "check";
  const std::size_t errors = after.diagnostics->error_count();
  const auto [fresh, old] = news(before, after, language);
  const std::size_t warnings = fresh.all().size() - errors;
  if (errors > 0) {
    section.answer = Answer::bad;
    section.sentence = toll::say({"review.check-errors", {std::to_string(errors)}}, language);
  } else if (warnings > 0) {
    section.answer = Answer::look;
    section.sentence = toll::say({"review.check-warnings", {std::to_string(warnings)}}, language);
  } else {
    section.sentence = toll::say({"review.check-good"}, language);
  }
  if (old > 0)
    section.sentence +=
        space(language) + toll::say({"review.check-known", {std::to_string(old)}}, language);
  if (!fresh.empty()) section.details = fenced(dsl::render(fresh, *after.sources, language));
  return section;
}

Section tests_section(const Side& before, const Side& after, Language language) {
  Section section;
  section.id = "tests";
  const auto program = prepare(after.policy->core);
  const tools::ScenarioReport report(*after.policy, *after.sources, language);
  std::size_t passed = 0;
  std::vector<std::string> failed;
  std::multiset<std::string> names;
  for (const dsl::Scenario& scenario : after.policy->scenarios) {
    names.insert(report.name(scenario));
    const auto failures = tools::run_scenario(program, scenario);
    if (failures.empty()) {
      ++passed;
      continue;
    }
    failed.push_back(report.name(scenario));
    if (failed.size() <= kMostShown) section.details += report.text(scenario, failures);
  }
  if (!failed.empty()) {
    section.details = toll::say({"review.tests-failed-list"}, language) + "\n\n" + list_of(failed) +
                      "\n" + fenced(section.details) + "\n";
  }
  std::vector<std::string> gone;
  const tools::ScenarioReport old_report(*before.policy, *before.sources, language);
  for (const dsl::Scenario& scenario : before.policy->scenarios) {
    const auto found = names.find(old_report.name(scenario));
    if (found == names.end()) {
      gone.push_back(old_report.name(scenario));
    } else {
      names.erase(found);
    }
  }
  section.sentence = toll::say(
      {"review.tests", {std::to_string(passed), std::to_string(failed.size())}}, language);
  if (!names.empty())
    section.sentence +=
        space(language) + toll::say({"review.tests-new", {std::to_string(names.size())}}, language);
  if (!gone.empty()) {
    section.sentence +=
        space(language) + toll::say({"review.tests-gone", {std::to_string(gone.size())}}, language);
    section.details +=
        toll::say({"review.tests-gone-list"}, language) + "\n\n" + list_of(gone) + "\n";
  }
  if (!failed.empty()) {
    section.answer = Answer::bad;
  } else if (!gone.empty() || passed == 0) {
    section.answer = Answer::look;
  }
  return section;
}

}  // namespace toll::review
