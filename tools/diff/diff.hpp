// What an edit of a policy means for bills: every place where two policies may come to something
// else, with an account that shows it, found by playing histories under both.
//
// Complete: what no difference names is the same in both, whatever an account does. What is proven
// equal in spite of a changed text (a row that nobody can ask for, names of definitions, the order
// of files) is no difference.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "toll/engine.hpp"
#include "tools/analysis/logic.hpp"

namespace toll::diff {

/// A policy as it was loaded. Borrowed.
struct Side {
  const dsl::Policy* policy = nullptr;
  const dsl::SourceSet* sources = nullptr;
};

/// A history of one account, and the first entry in which its two ledgers differ.
struct Witness {
  std::vector<std::string> events;  ///< lines of the wire
  Value until = kAbsent;
  Value time = kAbsent;  ///< of the entry
  std::string before;    ///< the entry under the old policy; empty: there is none
  std::string after;
  std::size_t shared = 0;  ///< other differences that take part in this history
  bool later = false;      ///< it takes part itself only after the ledgers have parted
};

/// An exact statement on a price that a tariff reads: what quantities come to.
struct Amount {
  Value quantity = 0;
  Value before = 0;
  Value after = 0;
};
struct Amounts {
  Amount first;
  std::optional<Amount> widest;  ///< nothing: the change grows without end
  std::uint32_t table = 0;       ///< of the old policy; the types are those of its columns
  std::uint32_t column = 0;
};

/// What a history has to touch for a difference to show, in the old policy and in the new one.
struct Targets {
  std::vector<NodeId> nodes;
  std::vector<const Effect*> effects;
  std::vector<ClauseId> clauses;                              ///< of rules
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows;  ///< table, row
  std::vector<std::pair<std::uint32_t, std::uint32_t>> near;  ///< rows of the same keys
  std::vector<std::uint32_t> tables;                          ///< any row
  std::vector<std::uint32_t> events;
  /// A name of a domain that an event says.
  std::vector<std::pair<std::uint32_t, std::string>> names;
};

/// Values that are worth a try where an event has one of their kind.
struct Hints {
  std::vector<std::string> names;
  std::vector<Value> numbers;  ///< whole
  std::vector<std::string> decimals;
  std::vector<Value> instants;
  std::vector<Value> spans;
};

struct Difference {
  enum class Verdict : std::uint8_t {
    differs,     ///< the witness shows it
    may_differ,  ///< no example was found, and nothing proves that there is none
  };
  Verdict verdict = Verdict::may_differ;
  std::string id;  ///< of the clause; survives edits elsewhere
  Message what;
  std::vector<Message> details;
  std::string place_before;  ///< "prices.toll:12"; empty: it is in one of them only
  std::string place_after;
  Value since = kAbsent;  ///< absent: there is no such date
  Value until = kAbsent;
  bool banded = false;  ///< of a table: only in a band
  Value from = kAbsent;
  Value below = kAbsent;  ///< absent: without end
  std::optional<Witness> witness;
  std::optional<Amounts> amounts;
  Targets targets[2];
  bool anywhere = false;  ///< it may show where none of its targets is met
  Hints hints;
};

/// A text that changed and means the same.
struct Proven {
  Message what;
  Message why;
  std::string place_before;
  std::string place_after;
};

struct Options {
  Language language = Language::en;
  std::size_t tries = 800;  ///< histories played for a difference before giving up
  /// What is proven of rows of the old policy. None: it is proven here, where it may help.
  tools::RowFacts facts;
};

struct Result {
  std::vector<Difference> differences;
  std::vector<Proven> proven;   ///< what was looked into, and changes no bill
  std::vector<Message> notes;   ///< what differs and changes no bill
  std::size_t equal_parts = 0;  ///< declarations that can change a ledger, and are the same
  std::size_t played = 0;       ///< histories, each under both

  /// Nothing differs or may differ.
  [[nodiscard]] bool equal() const { return differences.empty(); }
};

/// What may differ, without looking for examples.
Result differences(const Side& before, const Side& after, const Options& options);
/// The same, and an example for each difference that one is found for.
Result compare(const Side& before, const Side& after, const Options& options);

std::string to_text(const Result& result, const Side& before, const Side& after,
                    const Options& options);
std::string to_json(const Result& result, const Side& before, const Side& after,
                    const Options& options, int schema_version);

/// The witness as a scenario that holds under the new policy and not under the old one; empty: it
/// cannot be written as one.
std::string witness_scenario(const Difference& difference, const Side& before, const Side& after,
                             const std::string& name);

}  // namespace toll::diff
