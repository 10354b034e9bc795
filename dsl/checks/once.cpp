// `every COLUMN exactly once`: in a table, each name of that column's domain has one row at any
// time, from its first row on.
//
// A name may come into being later than the table: nothing is asked of the time before its first
// row. From then on it has one row at every instant; a name that a later edition forgot is found.

#include "dsl/checks/coverage.hpp"
#include "engine/kernel/calendar.hpp"

namespace toll::dsl {
namespace {

std::string shown_day(const Core& core, Value instant) {
  const Calendar::Local local = Calendar(core.zone).local(instant);
  const Civil civil = civil_of(local.day);
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(civil.year) + "-" + two(civil.month) + "-" + two(civil.day);
}

/// What is wrong with the rows of one name; nothing if it has one at any time.
std::optional<Finding> look_at(const Subject& subject, const Coverage& coverage, std::size_t name,
                               const std::vector<Period>& rows, bool closed) {
  const Core& core = subject.core;
  const Table& table = core.tables[coverage.table];
  const Domain& domain = core.domains[table.columns[coverage.column].type.ref];
  const std::string& shown = domain.names[name].shown;
  Finding finding;
  finding.subject = shown;
  finding.span = coverage.span;
  finding.notes.push_back({coverage.span, "check.once-said"});
  if (rows.empty()) {
    if (closed) return std::nullopt;
    finding.message = {"E1002.none", {shown, table.name}};
    finding.notes = {{subject.span(domain.names[name].clause), {"check.named-here", {shown}}}};
    return finding;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Period& row = rows[i];
    const bool last = i + 1 == rows.size();
    if (!last &&
        (row.until == kAbsent || rows[i + 1].since == kAbsent || rows[i + 1].since < row.until)) {
      const Value when = rows[i + 1].since;
      finding.span = subject.span(rows[i + 1].clause);
      finding.message = when == kAbsent
                            ? Message("E1001.always", {shown, table.name})
                            : Message("E1001.from", {shown, table.name, shown_day(core, when)});
      finding.notes.insert(finding.notes.begin(), {subject.span(row.clause), "check.other-row"});
      return finding;
    }
    const bool gap = last ? row.until != kAbsent : row.until < rows[i + 1].since;
    if (gap && !closed) {
      finding.span = subject.span(row.clause);
      finding.message = {"E1002.ends", {shown, table.name, shown_day(core, row.until)}};
      return finding;
    }
  }
  return std::nullopt;
}

void look_at(const Subject& subject, const Coverage& coverage, Findings& found) {
  const Table& table = subject.core.tables[coverage.table];
  const Domain& domain = subject.core.domains[table.columns[coverage.column].type.ref];
  std::vector<bool> excepted(domain.names.size(), false);
  const bool closed = has_otherwise(table);
  const auto periods = periods_of(table, coverage.column, domain.names.size());
  std::optional<NamesWritten> names;
  if (!coverage.exceptions.empty()) names.emplace(domain);
  for (const Exception& one : coverage.exceptions) {
    const std::uint32_t name = names->find(one.written);
    if (name == kNone) {
      found.push_back({one.span, {"E1003.no-name", {one.written, domain.name}}, {}, {}, {}});
      continue;
    }
    excepted[name] = true;
    if (!look_at(subject, coverage, name, periods[name], closed)) {
      found.push_back({one.span,
                       {"E1003.needless", {one.written, table.name}},
                       one.written,
                       {{coverage.span, "check.once-said"}},
                       {}});
    }
  }
  for (std::size_t name = 0; name < domain.names.size(); ++name) {
    if (excepted[name]) continue;
    auto finding = look_at(subject, coverage, name, periods[name], closed);
    if (finding) found.push_back(std::move(*finding));
  }
}

}  // namespace

void check_once(const Subject& subject, Findings& found) {
  for (std::uint32_t table = 0; table < subject.core.tables.size(); ++table) {
    for (const Coverage& coverage : coverages_of(subject, table, found)) {
      look_at(subject, coverage, found);
    }
  }
}

}  // namespace toll::dsl
