// What a change means: what its scenarios miss, what is odd about it, whose bill differs, and what
// still holds.
#include <algorithm>
#include <set>

#include "tools/coverage/coverage.hpp"
#include "tools/diff/diff.hpp"
#include "tools/lint/lint.hpp"
#include "tools/review/review.hpp"

namespace toll::review {
namespace {

/// "`a`, `b`": what stands between backticks.
std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t at = list.find('`'); at != std::string::npos; at = list.find('`', at + 1)) {
    const std::size_t end = list.find('`', at + 1);
    if (end == std::string::npos) break;
    names.push_back(list.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

dsl::Diagnostics oddities(const Side& side) {
  dsl::Diagnostics out;
  const dsl::Skin& skin = *dsl::find_skin(side.policy->skin);
  for (dsl::Diagnostic& one : tools::lint({*side.policy, *side.files, *side.sources, skin}))
    out.add(std::move(one));
  return out;
}

/// A finding about several names in a list, its first argument, is no news if an old one said the
/// same of these names and of more: what changed is about the others.
bool is_part_of(const dsl::Diagnostic& fresh, const dsl::Diagnostics& old) {
  const std::vector<Argument>& ours = fresh.message.arguments;
  return std::any_of(old.all().begin(), old.all().end(), [&](const dsl::Diagnostic& one) {
    const std::vector<Argument>& theirs = one.message.arguments;
    if (one.message.id != fresh.message.id || theirs.size() != ours.size() || ours.empty())
      return false;
    for (std::size_t i = 1; i < ours.size(); ++i)
      if (ours[i].text != theirs[i].text) return false;
    std::set<std::string> known;
    for (const std::string& name : names_in(theirs[0].text)) known.insert(name);
    const std::vector<std::string> names = names_in(ours[0].text);
    return std::all_of(names.begin(), names.end(),
                       [&](const std::string& name) { return known.count(name) != 0; });
  });
}

}  // namespace

Section coverage_section(const Side& before, const Side& after, Language language) {
  const auto all = [](const dsl::Scenario&) { return true; };
  const tools::Coverage old = tools::measure_coverage(*before.policy, *before.sources, all);
  const tools::Coverage now = tools::measure_coverage(*after.policy, *after.sources, all);
  std::multiset<std::string> known;
  for (const tools::CoverageItem& item : old.items) {
    if (!item.covered) known.insert(toll::say(item.says, language));
  }
  std::vector<std::string> fresh;
  for (const tools::CoverageItem& item : now.items) {
    if (item.covered) continue;
    const std::string text = toll::say(item.says, language);
    if (const auto found = known.find(text); found != known.end()) {
      known.erase(found);
    } else {
      fresh.push_back(item.place.file + ":" + std::to_string(item.place.line) + ": " + text);
    }
  }
  Section section;
  section.id = "coverage";
  section.sentence = toll::say({"review.coverage", {now.percent(), old.percent()}}, language);
  if (fresh.empty()) return section;
  section.answer = Answer::look;
  section.details = toll::say({"review.coverage-new", {std::to_string(fresh.size())}}, language) +
                    "\n\n" + list_of(fresh);
  return section;
}

Section lint_section(const Side& before, const Side& after, Language language) {
  const dsl::Diagnostics old = oddities(before);
  const dsl::Diagnostics now = oddities(after);
  News found = news({before.policy, before.sources, before.files, &old},
                    {after.policy, after.sources, after.files, &now}, language);
  std::vector<dsl::Diagnostic> fresh_ones;
  for (const dsl::Diagnostic& one : found.fresh.all()) {
    if (is_part_of(one, old)) {
      ++found.known;
    } else {
      fresh_ones.push_back(one);
    }
  }
  found.fresh.replace(std::move(fresh_ones));
  Section section;
  section.id = "lint";
  const std::size_t fresh = found.fresh.all().size();
  section.sentence = fresh == 0
                         ? toll::say({"review.lint-good", {std::to_string(found.known)}}, language)
                         : toll::say({"review.lint-new", {std::to_string(fresh)}}, language);
  if (fresh == 0) return section;
  section.answer = Answer::look;
  section.details = fenced(dsl::render(found.fresh, *after.sources, language));
  return section;
}

Section diff_section(const Side& before, const Side& after, Language language) {
  diff::Options options;
  options.language = language;
  const diff::Side old = {before.policy, before.sources};
  const diff::Side now = {after.policy, after.sources};
  const diff::Result result = diff::compare(old, now, options);
  Section section;
  section.id = "diff";
  if (result.equal()) {
    section.sentence = toll::say({"review.diff-equal"}, language);
  } else {
    const auto shown = static_cast<std::size_t>(std::count_if(
        result.differences.begin(), result.differences.end(), [](const diff::Difference& one) {
          return one.verdict == diff::Difference::Verdict::differs;
        }));
    section.answer = Answer::look;
    section.sentence = toll::say({"review.diff", {std::to_string(shown)}}, language);
    if (shown != result.differences.size()) {
      section.sentence += "\n" + toll::say({"review.diff-open",
                                            {std::to_string(result.differences.size() - shown)}},
                                           language);
    }
  }
  if (!result.equal() || !result.notes.empty())
    section.details = fenced(diff::to_text(result, old, now, options));
  return section;
}

Section prove_section(const Side& before, const Side& after, Language language,
                      const tools::TryScenario& passes) {
  tools::ProveOptions options;
  options.earlier = before.policy;
  options.earlier_sources = before.sources;
  options.sources = after.sources;
  options.language = language;
  const auto verdicts = tools::prove_policy(*after.policy, *after.files, options, passes);
  std::vector<tools::Proven> others;
  std::size_t refuted = 0;
  for (const tools::Proven& one : verdicts) {
    if (one.verdict == tools::Verdict::proved) continue;
    others.push_back(one);
    if (one.verdict == tools::Verdict::refuted) ++refuted;
  }
  Section section;
  section.id = "prove";
  if (verdicts.empty()) {
    section.sentence = toll::say({"review.prove-none"}, language);
    return section;
  }
  section.sentence = toll::say({"review.prove",
                                {std::to_string(verdicts.size() - others.size()),
                                 std::to_string(refuted), std::to_string(others.size() - refuted)}},
                               language);
  if (others.empty()) return section;
  section.answer = refuted > 0 ? Answer::bad : Answer::look;
  section.details = fenced(tools::verdicts_text(*after.policy->core, others, language));
  return section;
}

}  // namespace toll::review
