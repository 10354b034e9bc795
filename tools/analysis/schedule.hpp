// What a quantity costs, exactly: each tariff of a policy as pieces of straight lines.
//
// A schedule is what one combination of keys (an item, a grade) costs under one tariff in one era:
// between two dates at which its rows change. Its bill is a function of the quantity used, made of
// pieces on which it is `offset + price * quantity`; a piece whose price is asked for has no bill.
// A `reached` tariff jumps where a tier begins, a `graduated` one bends.
//
// `covered` units cost nothing and count towards the tier all the same: free units that a grant
// gives, the first of a month. The bill of q units is what charge(TARIFF, KEYS, q - covered, q) is.
//
// Everything is a whole number: quantities in the scale of the table's bounds, amounts in the scale
// of the price. Amounts are not rounded; rounding to a multiple can make two amounts equal, and
// never turns round which of them is the less.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "toll/core.hpp"

namespace toll::tools {

/// Quantities from `from` on and before `until` (kAbsent: without end).
struct Piece {
  Value from = 0;
  Value until = kAbsent;
  bool quoted = false;  ///< no price is listed: it is asked for, or there is no row
  Value price = 0;      ///< of one unit more
  Value offset = 0;
  std::uint32_t row = kNone;  ///< of the table: the tier

  [[nodiscard]] Value bill(Value quantity) const { return offset + price * quantity; }
  [[nodiscard]] bool holds(Value quantity) const {
    return quantity >= from && (until == kAbsent || quantity < until);
  }
};

struct Schedule {
  std::vector<Value> keys;  ///< in the order of the table's keys
  Value since = kAbsent;    ///< the era; absent: always, for ever
  Value until = kAbsent;
  Value covered = 0;
  std::vector<std::uint32_t> rows;  ///< of the table
  std::vector<Piece> pieces;        ///< from 0 on, without a gap

  /// The piece of a quantity; null before 0.
  [[nodiscard]] const Piece* piece(Value quantity) const;
  /// What a quantity costs; nothing if its price is asked for.
  [[nodiscard]] std::optional<Value> bill(Value quantity) const;
};

/// All schedules of a tariff, in the order of its table: by keys, then by era. Eras in which the
/// keys have no row are left out.
std::vector<Schedule> schedules_of(const Core& core, const Tariff& tariff, Value covered = 0);

/// What a price times a quantity is measured in: units that cancel are gone.
Dimension product(const Dimension& a, const Dimension& b);

/// One schedule, of rows that are in force together, in the order of their bounds.
Schedule schedule_of(const Core& core, const Tariff& tariff, std::vector<std::uint32_t> rows,
                     Value covered);

/// Quantities, both inclusive, of which using more costs less.
struct Band {
  Value from = 0;
  Value to = 0;
  Value cheaper = 0;  ///< the quantity above that costs the least
  Value saved = 0;    ///< by using `cheaper` in place of `to`
};

/// Where a bill is more than that of some greater quantity; exact, in ascending order, apart.
/// Quantities whose price is asked for neither fall nor are fallen to.
std::vector<Band> falling_bands(const Schedule& schedule);

/// Quantities, from `from` on and before `until` (kAbsent: without end), of which two schedules say
/// something else, in the same way throughout: the difference is `offset + price * quantity`, or
/// one of them alone lists a price.
struct Difference {
  Value from = 0;
  Value until = kAbsent;
  Piece left;
  Piece right;

  /// Do both list a price?
  [[nodiscard]] bool listed() const { return !left.quoted && !right.quoted; }
  /// Of a quantity in it, where both list a price.
  [[nodiscard]] Value at(Value quantity) const {
    return right.bill(quantity) - left.bill(quantity);
  }
  /// The quantity where the difference is the greatest, up or down; nothing if it grows without
  /// end.
  [[nodiscard]] std::optional<Value> widest() const;
};

/// Complete: of quantities that no difference holds, both say the same.
std::vector<Difference> differences(const Schedule& left, const Schedule& right);

}  // namespace toll::tools
