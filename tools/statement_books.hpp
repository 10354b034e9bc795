// The books of one account for statements: what its buckets held at the first instant of each
// month, what was drawn from them, and the entries that customers are told of.
//
// A month's figures are settled when the account's clock has passed its end, so what is kept is in
// proportion to months and told entries, not to events.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/kernel/calendar.hpp"
#include "toll/core.hpp"
#include "toll/engine.hpp"
#include "tools/statement.hpp"

namespace toll::tools {

/// What a bucket held at some instant.
struct BucketState {
  std::string id;
  std::vector<Datum> labels;
  Value count = 0;
  Value rest = 0;
  Value returned = 0;
  Value from = kAbsent;
  Value until = kAbsent;
  bool quiet = false;
};

/// All buckets of an account at an instant, by declared bucket in the order they are visited.
struct Snapshot {
  struct Row {
    Value row = 0;
    BucketState state;
  };
  Value at = kAbsent;
  bool sound = true;
  std::vector<std::vector<Row>> buckets;
};

/// Units drawn under one id and labels.
struct DrawnSum {
  std::uint32_t draw = 0;  ///< index into Statement::draws
  std::string id;
  std::vector<Datum> labels;
  Value count = 0;
};

struct MonthBook {
  std::vector<DrawnSum> drawn;
  std::map<std::string, std::size_t> drawn_by;  ///< draw, id and labels -> drawn
  MonthStatement statement;
  std::map<std::pair<std::size_t, Value>, Value> counted;  ///< metered rows at the month's end
  bool settled = false;
  bool booked = false;  ///< something was
};

/// What is read from an account by a policy's statement.
class StatementReading {
 public:
  StatementReading(const Core& core, const Statement& statement)
      : core_(core), statement_(statement), calendar_(core.zone) {}

  [[nodiscard]] const Core& core() const { return core_; }
  [[nodiscard]] const Statement& statement() const { return statement_; }

  [[nodiscard]] Value month_of(Value instant) const;
  [[nodiscard]] Value start_of(Value month) const;

  [[nodiscard]] Snapshot snapshot(const Account& account, Value at) const;
  /// Metered rows of a month with `now` as given, and which row each is.
  struct Metered {
    std::size_t part = 0;
    Value row = 0;
    UsageLine line;
  };
  bool metered(const Account& account, Value month, Value now, std::vector<Metered>& out) const;
  [[nodiscard]] Datum datum(const Account& account, const Type& type, Value value) const;
  [[nodiscard]] EntryCopy copy(const Account& account, const EntryView& entry) const;

 private:
  const Core& core_;
  const Statement& statement_;
  Calendar calendar_;
};

/// The lines of a month between two snapshots. What was drawn under ids of buckets is theirs; the
/// rest becomes lines of their own.
void settle_buckets(const Statement& statement, const Snapshot& opening, const Snapshot& closing,
                    const std::vector<DrawnSum>& drawn, MonthStatement& out);

/// Equal for lines that are one line: what a datum says, as text.
std::string identity(const Datum& datum);

}  // namespace toll::tools
