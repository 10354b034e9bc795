// A statement: what one account is told of one month, as data. What it is made of, the policy says
// (Core::statements); how it looks is for statement_document and the writers beside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll::tools {

/// A value that outlives the account it was read from.
struct Datum {
  Type type;
  Value value = kAbsent;
  std::string text;  ///< of texts, of names that no domain knows, of sets
  [[nodiscard]] bool absent() const { return value == kAbsent; }
};

/// opening + received - drawn - expired - returned + difference = closing. Closing is what is left
/// and not expired; a difference is what nothing explains, and is never left out.
struct BucketLine {
  std::string id;
  std::vector<Datum> labels;
  Value opening = 0;
  Value received = 0;
  Value drawn = 0;
  Value expired = 0;  ///< below 0: a late draw took what had been counted as expired
  Value returned = 0;
  Value difference = 0;
  Value closing = 0;
  Value from = kAbsent;
  Value until = kAbsent;
  bool quiet = false;  ///< nothing was drawn from it, and the policy asks for no line of its own
};

/// Units that were drawn from no bucket: what is paid for afterwards.
struct BeyondLine {
  std::string id;
  std::vector<Datum> labels;
  Value count = 0;
};

struct UsageLine {
  std::vector<Datum> labels;
  Value count = 0;
  Value late = 0;  ///< of it, what came in after the month was over
  Value price = kAbsent;
  Value tier = kAbsent;  ///< where the tier reached begins; absent: no tier is known
  Value upto = kAbsent;  ///< where the next one begins; absent: there is none
  Value next = kAbsent;  ///< its price
};

/// A ledger entry.
struct EntryCopy {
  std::uint32_t kind = 0;
  std::uint64_t seq = 0;
  Value time = kAbsent;
  bool late = false;  ///< its time is before the month it was booked in
  std::vector<Datum> members;
  std::vector<std::vector<std::vector<Datum>>> rows;  ///< by member; empty for the others
};

struct InvoiceCopy {
  std::uint32_t bill = 0;  ///< index into Statement::bills
  EntryCopy entry;
  Value total = kAbsent;
  Value difference = 0;      ///< total less the sum of the lines that have a price
  std::size_t unpriced = 0;  ///< lines without an amount: to be quoted, in no total
};

/// A line about this month on the invoice of another.
struct AdjustmentLine {
  std::uint32_t bill = 0;
  Value invoice_month = kAbsent;
  Value time = kAbsent;
  std::vector<Datum> cells;
};

struct MonthStatement {
  std::string account;
  Value month = 0;
  Value from = 0;      ///< the month's first instant
  Value until = 0;     ///< where the account was looked at for the closing
  bool closed = true;  ///< until is the month's end
  bool sound = true;   ///< false: a value went out of range, figures may be missing
  std::vector<std::vector<BucketLine>> buckets;  ///< by Statement::buckets
  std::vector<std::vector<BeyondLine>> beyond;   ///< by Statement::draws
  std::vector<std::vector<UsageLine>> metered;   ///< by Statement::metered
  std::vector<InvoiceCopy> invoices;
  std::vector<AdjustmentLine> adjustments;
  std::vector<EntryCopy> entries;
};

}  // namespace toll::tools
