#include "engine/kernel/calendar.hpp"

#include <doctest/doctest.h>

#include "tests/engine/support.hpp"

namespace toll {
namespace {

constexpr int kLast[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

int last_day(std::int64_t year, int month) {
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kLast[month - 1];
}

Value at(Civil civil, std::int64_t seconds) {
  return (static_cast<Value>(day_of(civil)) * 86'400 + seconds) * kNanosPerSecond;
}

/// Asia/Shanghai since 1985, as tzdata has it: summer time from 1986 to 1991.
Calendar shanghai() {
  constexpr std::int32_t kWinter = 8 * 3600;
  constexpr std::int32_t kSummer = 9 * 3600;
  const auto from = [](Civil day, int utc_hour) { return day_of(day) * 86'400 + utc_hour * 3600; };
  // The clocks changed at 02:00 local time: 18:00 UTC of the day before, 17:00 in autumn.
  return Calendar({{0, kWinter},
                   {from({1986, 5, 3}, 18), kSummer},
                   {from({1986, 9, 13}, 17), kWinter},
                   {from({1987, 4, 11}, 18), kSummer},
                   {from({1987, 9, 12}, 17), kWinter}});
}

TEST_CASE("every day from year 1 to year 9999 has the date a walk gives it") {
  Civil civil{1, 1, 1};
  int weekday = 1;  // Monday
  for (std::int64_t day = day_of(civil); civil.year <= 9999; ++day) {
    const Civil found = civil_of(day);
    if (found.year != civil.year || found.month != civil.month || found.day != civil.day ||
        day_of(civil) != day || weekday_of(day) != weekday) {
      FAIL("day ", day);
    }
    if (civil.day == 1 && month_start(month_of_day(day)) != day) FAIL("month of day ", day);
    weekday = weekday % 7 + 1;
    if (++civil.day > last_day(civil.year, civil.month)) {
      civil.day = 1;
      if (++civil.month > 12) {
        civil.month = 1;
        ++civil.year;
      }
    }
  }
  CHECK(day_of({1970, 1, 1}) == 0);
  CHECK(day_of({1, 1, 1}) == -719162);
  CHECK(day_of({9999, 12, 31}) == 2932896);
}

TEST_CASE("months are added by the calendar and the day is clipped") {
  CHECK(add_months(day_of({2024, 1, 31}), 1) == day_of({2024, 2, 29}));
  CHECK(add_months(day_of({2024, 2, 29}), 12) == day_of({2025, 2, 28}));
  CHECK(add_months(day_of({2025, 3, 31}), -1) == day_of({2025, 2, 28}));
  CHECK(add_months(day_of({1, 1, 31}), 12 * 9998 + 11) == day_of({9999, 12, 31}));
  CHECK(add_months(day_of({2025, 7, 15}), -7) == day_of({2024, 12, 15}));
}

TEST_CASE("instants before 1970 and beyond 64 bits become local days") {
  const Calendar utc(std::vector<ZoneRule>{});
  const auto check = [&](Civil civil, std::int64_t seconds) {
    const Value instant = at(civil, seconds) + 7;
    const Calendar::Local local = utc.local(instant);
    CHECK(local.day == day_of(civil));
    CHECK(local.nanos == seconds * kNanosPerSecond + 7);
    CHECK((utc.instant(local) == instant));
  };
  check({1, 1, 1}, 0);
  check({1, 1, 1}, 86'399);
  check({1600, 2, 29}, 1);
  check({1969, 12, 31}, 86'399);
  check({2262, 4, 12}, 0);
  check({9999, 12, 31}, 86'399);
}

TEST_CASE("a zone with a fixed offset shifts days") {
  const Calendar zone({{0, 8 * 3600}});
  CHECK(zone.local(at({2025, 6, 30}, 16 * 3600)).day == day_of({2025, 7, 1}));
  CHECK(zone.local(at({2025, 6, 30}, 16 * 3600) - 1).day == day_of({2025, 6, 30}));
  CHECK((zone.instant({day_of({2025, 7, 1}), 0}) == at({2025, 6, 30}, 16 * 3600)));
}

TEST_CASE("a local time that does not exist is the first instant after the gap") {
  const Calendar zone = shanghai();
  const Value change = at({1986, 5, 3}, 18 * 3600);
  // 02:00 to 03:00 of 4 May 1986 was skipped.
  CHECK((zone.instant({day_of({1986, 5, 4}), 7200 * kNanosPerSecond}) == change));
  CHECK((zone.instant({day_of({1986, 5, 4}), 9000 * kNanosPerSecond + 1}) == change));
  CHECK((zone.instant({day_of({1986, 5, 4}), 7200 * kNanosPerSecond - 1}) == change - 1));
  CHECK((zone.instant({day_of({1986, 5, 4}), 10800 * kNanosPerSecond}) == change));
  CHECK((zone.instant({day_of({1986, 5, 4}), 10800 * kNanosPerSecond + 1}) == change + 1));
}

TEST_CASE("a local time that exists twice is the earlier one") {
  const Calendar zone = shanghai();
  const Value change = at({1986, 9, 13}, 17 * 3600);
  // 01:00 to 02:00 of 14 September 1986 came twice.
  CHECK((zone.instant({day_of({1986, 9, 14}), 3600 * kNanosPerSecond}) ==
         change - 3600 * kNanosPerSecond));
  CHECK((zone.instant({day_of({1986, 9, 14}), 7200 * kNanosPerSecond - 1}) == change - 1));
  CHECK((zone.instant({day_of({1986, 9, 14}), 7200 * kNanosPerSecond}) ==
         change + 3600 * kNanosPerSecond));
}

TEST_CASE("every instant around a change of offset comes back from its local time or earlier") {
  const Calendar zone = shanghai();
  for (std::int64_t hour = -72; hour <= 24 * 520; ++hour) {
    const Value instant = at({1986, 5, 1}, hour * 3600);
    const Value back = zone.instant(zone.local(instant));
    const bool twice = instant != back;
    if (twice) CHECK((instant - back == 3600 * kNanosPerSecond));
    if (twice) CHECK((zone.local(back).nanos == zone.local(instant).nanos));
  }
}

TEST_CASE("a midnight that does not exist begins where the day begins") {
  // A zone that goes from UTC+0 to UTC+1 at local midnight.
  const std::int64_t change = day_of({2020, 3, 1}) * 86'400;
  const Calendar zone({{0, 0}, {change, 3600}});
  CHECK((zone.instant({day_of({2020, 3, 1}), 0}) == at({2020, 3, 1}, 0)));
  CHECK(zone.local(at({2020, 3, 1}, 0)).nanos == 3600 * kNanosPerSecond);
}

TEST_CASE("a day that the zone skipped begins where the next one does") {
  // Samoa went from UTC-11 (with summer time, -10) to +14 at the end of 29 December 2011.
  const std::int64_t change = day_of({2011, 12, 30}) * 86'400 + 10 * 3600;
  const Calendar zone({{0, -10 * 3600}, {change, 14 * 3600}});
  CHECK((zone.instant({day_of({2011, 12, 30}), 0}) == at({2011, 12, 30}, 10 * 3600)));
  CHECK((zone.instant({day_of({2011, 12, 31}), 0}) == at({2011, 12, 30}, 10 * 3600)));
}

}  // namespace
}  // namespace toll
