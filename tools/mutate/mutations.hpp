// Every single edit of a policy that its scenarios should notice: a price a cent higher, `<` for
// `<=`, an exception forgotten, a timer a second late.
//
// A mutation is data: where it is, what it says, what it touches, and how to do it to a copy of the
// core. Two edits of one written thing are one mutation, however often the thing stands in the core
// (a list in a cell, a word of a declaration that is used in many rules). What nobody wrote, such
// as the inside of a notion, is not mutated; nor are views and statements, which change no ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "toll/core.hpp"

namespace toll::tools {

struct Mutation {
  enum class Kind : std::uint8_t {
    price,     ///< an amount 0.01 more or less
    number,    ///< a whole number 1 more or less, a share 0.01
    bound,     ///< the bound between two bands 1 more or less
    date,      ///< a date a day, a length of time or an edition a second off
    flag,      ///< true for false
    name,      ///< the next name of the domain
    text,      ///< a code that reads otherwise
    quote,     ///< 0 where nothing is said
    row,       ///< a row of a table missing
    compare,   ///< < for <=, = for !=
    negate,    ///< a condition turned round
    part,      ///< a part of a condition missing
    junction,  ///< and for or
    order,     ///< rows, rules or timers in another order; first for last, min for max
    fallback,  ///< a part of `either` missing
    sign,      ///< + for -
    clock,     ///< now for clock
    rule,      ///< a rule, a case, a refusal missing
    step,      ///< something that a rule does missing
    timer,     ///< a deadline a second off
    start,     ///< another beginning of a value, or of a field that is not given
    field,     ///< a field that need not be given, a spelling that is not known
  };
  /// What has to happen in a scenario before the mutation can show. None of them: anything.
  struct Touches {
    std::vector<NodeId> nodes;
    std::vector<const Effect*> effects;
    struct TableRow {
      std::uint32_t table = 0;
      std::uint32_t row = 0;
    };
    std::vector<TableRow> rows;
    std::vector<std::uint32_t> events;

    [[nodiscard]] bool none() const {
      return nodes.empty() && effects.empty() && rows.empty() && events.empty();
    }
  };

  Kind kind = Kind::number;
  std::string id;  ///< "KIND:CLAUSE:N", the same as long as nothing in that clause is edited
  ClauseId clause = kNone;
  dsl::SourceSpan span;  ///< the written thing; empty: only the line is known
  std::string file;      ///< as diagnostics show it
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  Message says;  ///< "`<=` instead of `<` in `balance < 0`"
  Touches touches;
  std::function<void(Core& core)> apply;
};

std::string_view to_string(Mutation::Kind kind);
std::optional<Mutation::Kind> read_mutation_kind(std::string_view name);
const std::vector<Mutation::Kind>& all_mutation_kinds();

/// All of them, in the order of the files, the lines and the columns. `touches` refers to the core
/// of `policy`.
std::vector<Mutation> mutations_of(const dsl::Policy& policy, const dsl::SourceSet& sources);

/// A copy of the core with the mutation done to it.
std::shared_ptr<const Core> mutant_of(const Core& core, const Mutation& mutation);

/// Why a core is none that a front end would make, such as two rows of a table for one question;
/// nothing: it can be run.
std::optional<Message> stillborn(const Core& mutant);

}  // namespace toll::tools
