// What is wrong with a policy that can be read: each check is one function in a file of its own,
// sees the finished core and the clauses it came from, and says what it found.
//
// Checks are independent of each other, keep no state, and go through a policy in its own order, so
// that what they say comes in one order. A new check is added to kChecks, its codes get messages
// (messages/*/check.msg) and pages (docs/errors). A finding whose code begins with W is a warning;
// `allow CODE because ".."` in a rule file puts it aside.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dsl/checks/notes.hpp"
#include "dsl/notions/notions.hpp"
#include "dsl/syntax/clause.hpp"
#include "dsl/syntax/diagnostic.hpp"
#include "dsl/syntax/source.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"

namespace toll::dsl {

/// `decide EVENT` as it was written, before it became rules.
struct Decision {
  Token event;
  Token entry;  ///< what a denial writes: the answer
  SourceSpan span;
  SourceSpan approve;  ///< where it says what approval does
};
std::vector<Decision> decisions_of(const std::vector<Clause>& clauses);

/// Where declarations stand: by what they declare, and every statement by its place.
class Declarations {
 public:
  Declarations(const std::vector<Clause>& clauses, const std::vector<NotionUse>& uses);

  /// The first statement of this lead and name, or null.
  [[nodiscard]] const Clause* find(std::string_view lead, std::string_view name) const;
  /// The statement or row that stands there, at any depth, or null.
  [[nodiscard]] const Clause* at(const SourceSpan& span) const;
  [[nodiscard]] bool is_made(std::string_view lead, std::string_view name) const;

 private:
  using Place = std::array<std::uint32_t, 3>;
  void note_places(const std::vector<Clause>& clauses) const;

  const std::vector<Clause>& clauses_;
  std::unordered_map<std::string, const Clause*> by_name_;
  std::unordered_set<std::string> made_;  ///< by notions
  /// In order; made when it is first asked for.
  mutable std::vector<std::pair<Place, const Clause*>> by_place_;
};

/// A policy without errors so far, and what is needed to speak of its places.
struct Subject {
  const Core& core;
  const std::vector<Clause>& clauses;  ///< of all files, notions expanded
  const BuildNotes& notes;
  const std::vector<SourceSpan>& node_spans;
  const std::vector<NotionUse>& uses;
  const std::vector<Decision>& decisions;
  const SourceSet& sources;
  const Declarations& declarations;

  /// Where a clause stands: its head, its row.
  [[nodiscard]] SourceSpan span(ClauseId clause) const;
  [[nodiscard]] SourceSpan node_span(NodeId node) const;
  /// The statement of this lead and name, or null.
  [[nodiscard]] const Clause* declaration(std::string_view lead, std::string_view name) const;
  /// Inside the clause, the statement that starts with these words, if there is just one; else the
  /// clause itself. Rules find the effect that they mean with it.
  [[nodiscard]] SourceSpan statement(ClauseId clause, std::string_view lead,
                                     std::string_view name) const;
  /// Where a name is written first in the declaration that a clause stands for, head or block: a
  /// column, a field, a member.
  [[nodiscard]] SourceSpan named_in(ClauseId clause, std::string_view name) const;
  /// Did a notion make this, rather than the author?
  [[nodiscard]] bool is_made(std::string_view lead, std::string_view name) const;
};

/// A note of a finding: the other place.
struct Elsewhere {
  SourceSpan span;
  Message message;
};

struct Finding {
  SourceSpan span;
  Message message;      ///< "E1004.no-way-there": its code says how grave it is
  std::string subject;  ///< the name it is about, for `allow CODE NAME`
  std::vector<Elsewhere> notes;
  Message help;  ///< none: the text `ID.help`
};

using Findings = std::vector<Finding>;
using Check = void (*)(const Subject& subject, Findings& found);

void check_once(const Subject& subject, Findings& found);
void check_machines(const Subject& subject, Findings& found);
void check_moves(const Subject& subject, Findings& found);
void check_timers(const Subject& subject, Findings& found);
void check_answers(const Subject& subject, Findings& found);
void check_shadows(const Subject& subject, Findings& found);
void check_prices(const Subject& subject, Findings& found);
void check_names(const Subject& subject, Findings& found);
void check_rows(const Subject& subject, Findings& found);
void check_unused(const Subject& subject, Findings& found);

inline constexpr Check kChecks[] = {
    check_once,    check_machines, check_moves, check_timers, check_answers,
    check_shadows, check_prices,   check_names, check_rows,   check_unused,
};

/// `allow CODE [NAME, ..] because "reason"`: in a block, for what the declaration around it says;
/// outside, for the names.
struct Allowance {
  std::string code;
  std::vector<std::string> names;  ///< folded; none: whatever stands in the declaration
  SourceSpan extent;               ///< the declaration; empty outside
  SourceSpan span;
};
/// Takes them out of the clauses, wherever they stand.
std::vector<Allowance> take_allowances(std::vector<Clause>& clauses, Diagnostics& diagnostics);

/// Runs all checks; says what they found and no allowance puts aside.
void check_policy(const Subject& subject, const std::vector<Allowance>& allowances,
                  Diagnostics& diagnostics);

}  // namespace toll::dsl
