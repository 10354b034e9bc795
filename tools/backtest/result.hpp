// What a backtest found: the same history under two policies, account by account.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll::backtest {

enum Side : std::size_t { kOld = 0, kNew = 1 };
template <class T>
using Both = std::array<T, 2>;

inline Value magnitude(Value value) { return value < 0 ? -value : value; }

/// Where something stands in an account's ledgers; 0: not in that one.
struct Where {
  std::uint32_t account = kNone;  ///< index into Result::books
  Value time = kAbsent;
  Both<std::uint64_t> seq = {};
};

/// What bills say of one thing and month, in all.
struct Part {
  std::uint32_t group = 0;  ///< index into Result::groups
  Value month = kAbsent;
  Both<Value> sum = {};
  std::uint64_t accounts = 0;  ///< for which it differs
};

/// What one account pays for a part, where that differs.
struct PartLine {
  std::uint32_t part = 0;
  Both<Value> sum = {};
  Where where;                   ///< the entries that differ most
  Both<std::uint32_t> row = {};  ///< of their list, from 1; 0: they have none
};

/// One account under both policies.
struct Book {
  std::string name;
  Both<Value> sum = {};
  Both<std::uint64_t> unpriced = {};  ///< amounts that no price is known for: in no sum
  std::vector<PartLine> lines;        ///< that differ
  Where first;                        ///< the first entries that differ, while events came
  bool outcomes = false;              ///< some outcome came more or less often
  bool amounts = false;               ///< some amount that is not counted differs
  bool states = false;                ///< a machine ends in another state
  bool ledger = false;  ///< anything in the ledger differs, but for the places of rules

  [[nodiscard]] Value change() const { return sum[kNew] - sum[kOld]; }
  [[nodiscard]] bool affected() const { return change() != 0 || ledger || states; }
};

/// An outcome that came more often, or less, than before: entries of one kind and answer.
struct OutcomeChange {
  std::string shown;     ///< "call: rejected, no-entitlement"
  bool refusal = false;  ///< an `error` entry: the event was not applied
  Both<std::uint64_t> count = {};
  std::uint64_t more = 0;   ///< of them under the new policy alone
  std::uint64_t fewer = 0;  ///< under the old one alone
  std::uint64_t accounts = 0;
  Where first;
};

/// An amount of money that is not counted, and differs.
struct AmountChange {
  std::string name;  ///< "purchase.price"
  std::uint64_t accounts = 0;
  Both<Value> amount = {};  ///< at the first of them
  Where first;
};

struct StateChange {
  std::string machine;
  Both<std::string> state;  ///< at the end of the history; empty: no such machine
  std::uint64_t accounts = 0;
  std::uint32_t first = kNone;
};

struct Result {
  Both<std::vector<std::string>> counted;  ///< "invoice.total"
  Type type;                               ///< of all sums
  std::vector<std::string> groups;         ///< what parts of bills are about, as people read it
  std::vector<Part> parts;
  std::vector<Book> books;  ///< in order of first appearance
  std::vector<OutcomeChange> outcomes;
  std::vector<AmountChange> amounts;
  std::vector<StateChange> states;
  Both<Value> total = {};
  Both<std::uint64_t> unpriced = {};
  Both<std::uint64_t> errors = {};
  std::uint64_t events = 0;
  Value until = kAbsent;
  bool sound = true;  ///< false: a sum went out of range
};

}  // namespace toll::backtest
