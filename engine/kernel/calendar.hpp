// The calendar of the policy's zone: instants in UTC to local days, months and times of day, and
// back. Proleptic Gregorian; exact for years 1 to 9999 and far beyond.
//
// Where local clocks are put forward, a local time that does not exist means the first instant
// after the gap; where they are put back, a local time that exists twice means the earlier one.
#pragma once

#include <cstdint>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll {

inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kNanosPerDay = 86'400 * kNanosPerSecond;

/// Days, months and instants beyond this are an error of whoever computed them, not a date.
inline constexpr std::int64_t kLastDay = 400'000'000;

struct Civil {
  std::int64_t year = 1970;
  int month = 1;  ///< 1 to 12
  int day = 1;    ///< 1 to 31
};

[[nodiscard]] Civil civil_of(std::int64_t day);
[[nodiscard]] std::int64_t day_of(Civil civil);
/// Months are numbered 12 * year + (month - 1).
[[nodiscard]] std::int64_t month_of_day(std::int64_t day);
[[nodiscard]] std::int64_t month_start(std::int64_t month);
/// The day `months` later, clipped to the month's last.
[[nodiscard]] std::int64_t add_months(std::int64_t day, std::int64_t months);
/// 1 is Monday.
[[nodiscard]] int weekday_of(std::int64_t day);

class Calendar {
 public:
  struct Local {
    std::int64_t day = 0;    ///< since 1970-01-01
    std::int64_t nanos = 0;  ///< since local midnight, by the clock on the wall
  };

  explicit Calendar(const std::vector<ZoneRule>& zone);

  [[nodiscard]] static bool is_day(Value value) { return -kLastDay <= value && value <= kLastDay; }
  [[nodiscard]] static bool is_month(Value value) {
    return -12 * (kLastDay / 366) <= value && value <= 12 * (kLastDay / 366);
  }
  [[nodiscard]] static bool is_instant(Value value) {
    return -static_cast<Value>(kLastDay) * kNanosPerDay <= value &&
           value <= static_cast<Value>(kLastDay) * kNanosPerDay;
  }

  [[nodiscard]] Local local(Value instant) const;
  [[nodiscard]] Value instant(Local local) const;
  /// Clocks are not put forward or back between the two.
  [[nodiscard]] bool one_offset(Value from, Value until) const;

 private:
  [[nodiscard]] std::size_t rule_at(std::int64_t seconds) const;

  std::vector<ZoneRule> zone_;
};

}  // namespace toll
