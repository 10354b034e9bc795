#include "tools/lint/lint.hpp"

#include <algorithm>
#include <utility>

#include "dsl/checks/checks.hpp"
#include "dsl/checks/walk.hpp"
#include "dsl/syntax/name.hpp"
#include "dsl/syntax/unicode.hpp"
#include "tools/lint/subject.hpp"

namespace toll::tools {
namespace lint_rules {

Subject::Subject(const LintRequest& request)
    : request_(request), core_(*request.policy.core), values_(core_), text_(core_, request.skin) {}

dsl::SourceSpan Subject::span(ClauseId clause) const {
  if (clause >= core_.clauses.size()) return {};
  const Clause& at = core_.clauses[clause];
  const dsl::SourceSet& sources = request_.sources;
  for (std::uint32_t file = 0; file < sources.size(); ++file) {
    const std::string& path = sources.path(file);
    const bool same = path == at.file || path.ends_with("/" + at.file);
    if (!same) continue;
    const std::string& text = sources.text(file);
    std::size_t begin = 0;
    for (std::uint32_t line = 1; line < at.line && begin < text.size(); ++line)
      begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
    for (std::uint32_t column = 1; column < at.column && begin < text.size(); ++column)
      begin += dsl::decode_utf8(text, begin).size;
    std::size_t end = std::min(text.find('\n', begin), text.size());
    while (end > begin && (text[end - 1] == ' ' || text[end - 1] == '{')) --end;
    return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  return {};
}

dsl::SourceSpan Subject::effect_span(const Effect& effect) const {
  dsl::SourceSpan found;
  dsl::each_root(effect, [&](NodeId root) {
    dsl::each_node(core_, root, [&](NodeId node) {
      if (node >= request_.policy.node_spans.size()) return;
      const dsl::SourceSpan here = request_.policy.node_spans[node];
      if (here.end != 0 && (found.end == 0 || here.begin < found.begin)) found = here;
    });
  });
  if (found.end == 0) return span(effect.clause);
  dsl::SourceSpan line = request_.sources.line_at(found.file, found.begin);
  const std::string_view text = request_.sources.slice(line);
  line.begin += static_cast<std::uint32_t>(std::min(text.find_first_not_of(" \t"), text.size()));
  return line;
}

std::string Subject::say(Value value, const Type& type) const {
  if (value == kAbsent) return "-";
  return text_.value(values_.value(type, value), type).value_or("?");
}

std::string Subject::shown(const Type& name, Value value) const {
  const Domain& domain = core_.domains[name.ref];
  const auto index = static_cast<std::size_t>(value);
  return index < domain.names.size() ? domain.names[index].shown : std::string();
}

// ---- How rule files are written -----------------------------------------------------------------

void missing_sources(const Subject& subject, std::vector<Finding>& found) {
  const Core& core = subject.core();
  for (const Table& table : core.tables) {
    const bool priced =
        std::any_of(table.columns.begin(), table.columns.end(), [&](const Table::Column& column) {
          return column.type.kind == Kind::number && has_currency(core, column.type.dimension);
        });
    const auto said = [&](ClauseId clause) {
      return clause < core.clauses.size() && !core.clauses[clause].source.empty();
    };
    const bool sourced =
        said(table.clause) || std::any_of(table.rows.begin(), table.rows.end(),
                                          [&](const Table::Row& row) { return said(row.clause); });
    // A table that the front end made stands in another declaration.
    const bool made =
        table.clause >= core.clauses.size() || !core.clauses[table.clause].id.starts_with("table:");
    if (!priced || sourced || made || table.quiet) continue;
    found.push_back({subject.span(table.clause), {"W1105.source", {table.name}}, table.name});
  }
}

}  // namespace lint_rules

namespace {

using lint_rules::Finding;

constexpr void (*kRules[])(const lint_rules::Subject&, std::vector<Finding>&) = {
    lint_rules::prices_that_fall,   lint_rules::dear_packs,       lint_rules::tiers_beyond_limits,
    lint_rules::idle_scenarios,     lint_rules::missing_sources,  lint_rules::names_alike,
    lint_rules::what_never_happens, lint_rules::gifts_without_use, lint_rules::timers_in_shadow,
};

/// What the files allow. Their trees were read apart from the policy: files are told by path.
class Allowed {
 public:
  explicit Allowed(const LintRequest& request) : request_(request) {
    dsl::Diagnostics told_already;
    for (const dsl::File& file : request.files) {
      std::vector<dsl::Clause> clauses = file.clauses;
      for (dsl::Allowance& one : dsl::take_allowances(clauses, told_already))
        list_.push_back({file.path, std::move(one)});
    }
  }

  [[nodiscard]] bool holds(const Finding& finding, const std::string& code) const {
    return std::any_of(list_.begin(), list_.end(), [&](const One& one) {
      const dsl::Allowance& allowance = one.allowance;
      if (allowance.code != code) return false;
      const dsl::SourceSpan extent = allowance.extent;
      const bool around = one.path == request_.sources.path(finding.span.file) &&
                          extent.begin <= finding.span.begin && finding.span.begin <= extent.end;
      if (extent.end != 0 && !around) return false;
      return allowance.names.empty() ||
             std::find(allowance.names.begin(), allowance.names.end(),
                       dsl::fold(finding.subject)) != allowance.names.end();
    });
  }

 private:
  struct One {
    std::string path;
    dsl::Allowance allowance;
  };
  const LintRequest& request_;
  std::vector<One> list_;
};

}  // namespace

std::vector<dsl::Diagnostic> lint(const LintRequest& request) {
  const lint_rules::Subject subject(request);
  const Allowed allowed(request);
  std::vector<Finding> found;
  for (const auto rule : kRules) rule(subject, found);
  std::vector<dsl::Diagnostic> told;
  for (Finding& finding : found) {
    dsl::Diagnostic made;
    made.severity = dsl::Severity::warning;
    made.span = finding.span;
    made.message = finding.message;
    if (!allowed.holds(finding, made.code())) told.push_back(std::move(made));
  }
  return told;
}

}  // namespace toll::tools
