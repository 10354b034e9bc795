#include "engine/kernel/calendar.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "engine/kernel/assert.hpp"

namespace toll {
namespace {

constexpr std::int64_t kDaysPerEra = 146'097;   // 400 years
constexpr std::int64_t kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01
constexpr std::int64_t kSecondsPerDay = 86'400;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

/// Instants of years 1678 to 2261 fit in 64 bits, where division is cheap.
bool fits_64(Value value) {
  return value >= std::numeric_limits<std::int64_t>::min() &&
         value <= std::numeric_limits<std::int64_t>::max();
}

int last_day_of(std::int64_t year, int month) {
  constexpr int kLast[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kLast[month - 1];
}

}  // namespace

// The year is counted from March, so that the leap day is its last and months have a closed form.
Civil civil_of(std::int64_t day) {
  const std::int64_t shifted = day + kDaysToEpoch;
  const std::int64_t era = floor_div(shifted, kDaysPerEra);
  const std::int64_t of_era = shifted - era * kDaysPerEra;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / (kDaysPerEra - 1)) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t march_month = (5 * of_year + 2) / 153;
  Civil civil;
  civil.day = static_cast<int>(of_year - (153 * march_month + 2) / 5 + 1);
  civil.month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

std::int64_t day_of(Civil civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t march_month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  const std::int64_t of_year = (153 * march_month + 2) / 5 + civil.day - 1;
  const std::int64_t of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
  return era * kDaysPerEra + of_era - kDaysToEpoch;
}

std::int64_t month_of_day(std::int64_t day) {
  const Civil civil = civil_of(day);
  return 12 * civil.year + civil.month - 1;
}

std::int64_t month_start(std::int64_t month) {
  const std::int64_t year = floor_div(month, 12);
  return day_of({year, static_cast<int>(month - 12 * year) + 1, 1});
}

std::int64_t add_months(std::int64_t day, std::int64_t months) {
  Civil civil = civil_of(day);
  const std::int64_t month = 12 * civil.year + civil.month - 1 + months;
  civil.year = floor_div(month, 12);
  civil.month = static_cast<int>(month - 12 * civil.year) + 1;
  civil.day = std::min(civil.day, last_day_of(civil.year, civil.month));
  return day_of(civil);
}

int weekday_of(std::int64_t day) {
  return static_cast<int>(day + 3 - 7 * floor_div(day + 3, 7)) + 1;  // 1970-01-01 was a Thursday
}

Calendar::Calendar(const std::vector<ZoneRule>& zone) : zone_(zone) {
  if (zone_.empty()) zone_.push_back({});
  zone_.front().from_seconds = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < zone_.size(); ++i) {
    TOLL_ASSERT(std::abs(zone_[i].offset_seconds) < kSecondsPerDay);
    TOLL_ASSERT(i == 0 || zone_[i - 1].from_seconds < zone_[i].from_seconds);
  }
}

std::size_t Calendar::rule_at(std::int64_t seconds) const {
  std::size_t rule = zone_.size() - 1;
  if (zone_[rule].from_seconds <= seconds) return rule;  // nearly always
  const auto after = std::upper_bound(
      zone_.begin(), zone_.end(), seconds,
      [](std::int64_t at, const ZoneRule& next) { return at < next.from_seconds; });
  return static_cast<std::size_t>(after - zone_.begin()) - 1;
}

Calendar::Local Calendar::local(Value instant) const {
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  if (fits_64(instant)) {
    const auto narrow = static_cast<std::int64_t>(instant);
    seconds = narrow / kNanosPerSecond;
    nanos = narrow % kNanosPerSecond;
  } else {
    seconds = static_cast<std::int64_t>(instant / kNanosPerSecond);
    nanos = static_cast<std::int64_t>(instant % kNanosPerSecond);
  }
  if (nanos < 0) {
    --seconds;
    nanos += kNanosPerSecond;
  }
  seconds += zone_[rule_at(seconds)].offset_seconds;
  Local local;
  local.day = floor_div(seconds, kSecondsPerDay);
  local.nanos = (seconds - local.day * kSecondsPerDay) * kNanosPerSecond + nanos;
  return local;
}

bool Calendar::one_offset(Value from, Value until) const {
  if (!fits_64(from) || !fits_64(until)) return false;
  // A second more on either side does no harm.
  return rule_at(static_cast<std::int64_t>(from) / kNanosPerSecond - 1) ==
         rule_at(static_cast<std::int64_t>(until) / kNanosPerSecond + 1);
}

Value Calendar::instant(Local local) const {
  const std::int64_t wall = local.day * kSecondsPerDay + local.nanos / kNanosPerSecond;
  const std::int64_t nanos = local.nanos % kNanosPerSecond;
  // No offset is a day long, so the rule sought is not older than the one of a day before. The
  // first rule that does not end before the wall time is the one: if it begins only after, the wall
  // time lies in the gap between the two.
  std::size_t rule = rule_at(wall - kSecondsPerDay);
  while (rule + 1 < zone_.size() &&
         wall - zone_[rule].offset_seconds >= zone_[rule + 1].from_seconds) {
    ++rule;
  }
  const std::int64_t seconds = wall - zone_[rule].offset_seconds;
  const std::int64_t from = zone_[rule].from_seconds;
  if (seconds < from) return static_cast<Value>(from) * kNanosPerSecond;
  return static_cast<Value>(seconds) * kNanosPerSecond + nanos;
}

}  // namespace toll
