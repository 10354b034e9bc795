// Running the checks, and what a rule file says against their warnings.

#include <algorithm>

#include "dsl/checks/checks.hpp"
#include "dsl/syntax/name.hpp"

namespace toll::dsl {
namespace {

bool starts_with(const Clause& clause, std::string_view lead) {
  return clause.kind == Clause::Kind::statement && !clause.head.empty() &&
         clause.head[0].word == lead;
}

bool is_code(const Token& token) {
  const bool name = token.kind == TokenKind::word || token.kind == TokenKind::quoted;
  return name && token.raw.size() == 5 && (token.raw[0] == 'E' || token.raw[0] == 'W') &&
         std::all_of(token.raw.begin() + 1, token.raw.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

/// From the head of a clause to the end of its block.
SourceSpan extent_of(const Clause& clause) {
  SourceSpan extent = clause.span;
  for (const Clause& item : clause.body) extent.end = std::max(extent.end, extent_of(item).end);
  return extent;
}

bool covers(const SourceSpan& outer, const SourceSpan& inner) {
  return outer.file == inner.file && outer.begin <= inner.begin && inner.begin <= outer.end;
}

/// allow CODE [NAME, ..] because "reason"
void read_allowance(const Clause& clause, const SourceSpan& extent, Diagnostics& diagnostics,
                    std::vector<Allowance>& out) {
  Allowance made;
  made.span = clause.span;
  made.extent = extent;
  const std::vector<Token>& head = clause.head;
  std::size_t at = 1;
  if (at < head.size() && is_code(head[at])) made.code = head[at++].raw;
  std::string name;
  for (; at < head.size() && head[at].word != "because"; ++at) {
    const bool comma = head[at].kind == TokenKind::symbol && head[at].word == ",";
    if (!comma) name += head[at].raw;
    if (comma || at + 1 == head.size() || head[at + 1].word == "because") {
      made.names.push_back(fold(name));
      name.clear();
    }
  }
  const bool reason =
      at + 2 == head.size() && head[at + 1].kind == TokenKind::string && !head[at + 1].raw.empty();
  if (made.code.empty() || !reason) {
    diagnostics.error(clause.span, "E1014.form");
  } else if (made.code[0] == 'E') {
    diagnostics.error(head[1].span, {"E1014.error", {made.code}});
  } else if (made.names.empty() && extent.end == 0) {
    diagnostics.error(clause.span, "E1014.everywhere");
  } else {
    out.push_back(std::move(made));
  }
}

void take(std::vector<Clause>& clauses, const SourceSpan& extent, Diagnostics& diagnostics,
          std::vector<Allowance>& out) {
  const bool outside = extent.end == 0;
  std::size_t kept = 0;
  for (Clause& clause : clauses) {
    // In a block a field, a name or a member may be called so.
    const bool allows = starts_with(clause, "allow") && !clause.has_block &&
                        (outside || (clause.head.size() > 1 && is_code(clause.head[1])));
    if (allows) {
      read_allowance(clause, extent, diagnostics, out);
      continue;
    }
    take(clause.body, outside ? extent_of(clause) : extent, diagnostics, out);
    if (Clause& place = clauses[kept++]; &place != &clause) place = std::move(clause);
  }
  clauses.resize(kept);
}

bool applies(const Allowance& allowance, const Finding& finding, std::string_view code) {
  if (allowance.code != code) return false;
  if (allowance.extent.end != 0 && !covers(allowance.extent, finding.span)) return false;
  return allowance.names.empty() || std::find(allowance.names.begin(), allowance.names.end(),
                                              fold(finding.subject)) != allowance.names.end();
}

void say_finding(Finding finding, Diagnostics& diagnostics) {
  Diagnostic made;
  made.severity = finding.message.id[0] == 'W' ? Severity::warning : Severity::error;
  made.span = finding.span;
  made.message = std::move(finding.message);
  made.help = std::move(finding.help);
  for (Elsewhere& note : finding.notes) {
    Diagnostic other;
    other.severity = Severity::note;
    other.span = note.span;
    other.message = std::move(note.message);
    made.related.push_back(std::move(other));
  }
  diagnostics.add(std::move(made));
}

/// A name as it is written in one token or several.
bool names(const Clause& clause, std::size_t first, std::string_view folded) {
  std::string written;
  for (std::size_t i = first; i < clause.head.size(); ++i) {
    written += clause.head[i].raw;
    if (fold(written) == folded) return true;
  }
  return false;
}

void search(const Clause& clause, std::string_view lead, std::string_view folded,
            std::vector<SourceSpan>& found) {
  for (const Clause& item : clause.body) {
    if (starts_with(item, lead) && (folded.empty() || names(item, 1, folded))) {
      found.push_back(item.span);
    }
    search(item, lead, folded, found);
  }
}

/// The tokens that spell a name together, the first time they do.
std::optional<SourceSpan> find_name(const std::vector<Token>& tokens, std::string_view folded) {
  for (std::size_t first = 0; first < tokens.size(); ++first) {
    std::string written;
    for (std::size_t i = first; i < tokens.size() && i < first + 12; ++i) {
      written += tokens[i].raw;
      if (fold(written) != folded) continue;
      return SourceSpan{tokens[first].span.file, tokens[first].span.begin, tokens[i].span.end};
    }
  }
  return std::nullopt;
}

std::optional<SourceSpan> find_name(const Clause& clause, std::string_view folded) {
  if (const auto found = find_name(clause.head, folded)) return found;
  for (const auto& cell : clause.cells) {
    if (const auto found = find_name(cell, folded)) return found;
  }
  for (const Clause& item : clause.body) {
    if (const auto found = find_name(item, folded)) return found;
  }
  return std::nullopt;
}

std::string named(std::string_view lead, std::string_view name) {
  std::string both(lead);
  both += ':';
  both += name;
  return both;
}

}  // namespace

SourceSpan Subject::span(ClauseId clause) const {
  return clause < notes.spans.size() ? notes.spans[clause] : SourceSpan{};
}

SourceSpan Subject::node_span(NodeId node) const {
  return node < node_spans.size() ? node_spans[node] : SourceSpan{};
}

const Clause* Subject::declaration(std::string_view lead, std::string_view name) const {
  return declarations.find(lead, name);
}

SourceSpan Subject::statement(ClauseId clause, std::string_view lead, std::string_view name) const {
  const SourceSpan whole = span(clause);
  const Clause* const around = declarations.at(whole);
  if (around == nullptr) return whole;
  if (starts_with(*around, lead)) return whole;
  std::vector<SourceSpan> found;
  search(*around, lead, fold(name), found);
  return found.size() == 1 ? found[0] : whole;
}

SourceSpan Subject::named_in(ClauseId clause, std::string_view name) const {
  const SourceSpan whole = span(clause);
  const Clause* const around = declarations.at(whole);
  if (around == nullptr) return whole;
  return find_name(*around, fold(name)).value_or(whole);
}

bool Subject::is_made(std::string_view lead, std::string_view name) const {
  return declarations.is_made(lead, name);
}

Declarations::Declarations(const std::vector<Clause>& clauses, const std::vector<NotionUse>& uses)
    : clauses_(clauses) {
  for (const Clause& clause : clauses) {
    const std::size_t at = starts_with(clause, "scratch") ? 1 : 0;
    if (clause.head.size() < at + 2) continue;
    by_name_.emplace(named(clause.head[at].word, fold(clause.head[at + 1].raw)), &clause);
  }
  for (const NotionUse& use : uses) made_.insert(use.parts.begin(), use.parts.end());
}

const Clause* Declarations::find(std::string_view lead, std::string_view name) const {
  const auto found = by_name_.find(named(lead, fold(name)));
  return found == by_name_.end() ? nullptr : found->second;
}

bool Declarations::is_made(std::string_view lead, std::string_view name) const {
  return made_.count(named(lead, name)) != 0;
}

/// Of two at one place, which notions make, the outer counts.
void Declarations::note_places(const std::vector<Clause>& clauses) const {
  for (const Clause& clause : clauses) {
    by_place_.push_back({{clause.span.file, clause.span.begin, clause.span.end}, &clause});
    note_places(clause.body);
  }
}

const Clause* Declarations::at(const SourceSpan& span) const {
  const auto before = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (by_place_.empty()) {
    note_places(clauses_);
    std::stable_sort(by_place_.begin(), by_place_.end(), before);
  }
  const std::pair<Place, const Clause*> wanted = {{span.file, span.begin, span.end}, nullptr};
  const auto found = std::lower_bound(by_place_.begin(), by_place_.end(), wanted, before);
  return found == by_place_.end() || found->first != wanted.first ? nullptr : found->second;
}

std::vector<Decision> decisions_of(const std::vector<Clause>& clauses) {
  std::vector<Decision> found;
  for (const Clause& clause : clauses) {
    if (!starts_with(clause, "decide") || clause.head.size() != 2) continue;
    Decision made;
    made.event = clause.head[1];
    made.span = clause.span;
    bool answers = false;
    for (const Clause& item : clause.body) {
      if (starts_with(item, "approve")) made.approve = item.span;
      if (!starts_with(item, "denied") || item.head.size() != 3) continue;
      made.entry = item.head[2];
      answers = true;
    }
    if (answers) found.push_back(std::move(made));
  }
  return found;
}

std::vector<Allowance> take_allowances(std::vector<Clause>& clauses, Diagnostics& diagnostics) {
  std::vector<Allowance> found;
  take(clauses, {}, diagnostics, found);
  return found;
}

void check_policy(const Subject& subject, const std::vector<Allowance>& allowances,
                  Diagnostics& diagnostics) {
  Findings found;
  for (const Check check : kChecks) check(subject, found);
  const bool errors = std::any_of(found.begin(), found.end(), [](const Finding& finding) {
    return finding.message.id[0] == 'E';
  });
  std::vector<bool> needed(allowances.size(), false);
  for (Finding& finding : found) {
    const bool warning = finding.message.id[0] == 'W';
    const std::string code = finding.message.id.substr(0, finding.message.id.find('.'));
    bool allowed = false;
    for (std::size_t i = 0; warning && i < allowances.size(); ++i) {
      if (!applies(allowances[i], finding, code)) continue;
      needed[i] = allowed = true;
    }
    // What is unused may be used by what is still wrong.
    if (!allowed && !(warning && errors)) say_finding(std::move(finding), diagnostics);
  }
  for (std::size_t i = 0; i < allowances.size() && !errors; ++i) {
    // `toll lint` has warnings of its own, and looks at allowances for them.
    if (needed[i] || !allowances[i].code.starts_with("W10")) continue;
    say_finding({allowances[i].span, {"W1002.nothing", {allowances[i].code}}, {}, {}, {}},
                diagnostics);
  }
}

}  // namespace toll::dsl
