#include "io/time_text.hpp"

#include <algorithm>
#include <utility>

#include "engine/kernel/calendar.hpp"

namespace toll::io {
namespace {

constexpr std::int64_t kSecondsPerDay = 86400;
constexpr std::int64_t kFirstDay = -719162;      // 0001-01-01
constexpr std::int64_t kDayAfterLast = 2932897;  // 10000-01-01

struct Civil {
  std::int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

// Both conversions count years from March, so that the leap day is the last day of its year.
std::int64_t days_from_civil(Civil date) {
  const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(year - era * 400);
  const unsigned month_from_march = date.month > 2 ? date.month - 3 : date.month + 9;
  const unsigned day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

Civil civil_from_days(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned month_from_march = (5 * day_of_year + 2) / 153;
  Civil date;
  date.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  date.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  date.year = era * 400 + year_of_era + (date.month <= 2 ? 1 : 0);
  return date;
}

unsigned days_in_month(std::int64_t year, unsigned month) {
  constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

/// Reads a text from left to right; `ok` stays false once something did not fit.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  unsigned digits(std::size_t count) {
    unsigned value = 0;
    if (rest.size() < count) ok = false;
    for (std::size_t i = 0; ok && i < count; ++i) {
      if (rest[i] < '0' || rest[i] > '9') ok = false;
      value = value * 10 + static_cast<unsigned>(rest[i] - '0');
    }
    if (ok) rest.remove_prefix(count);
    return value;
  }

  bool take(char c) {
    if (rest.empty() || rest[0] != c) return false;
    rest.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok = take(c) && ok; }

  std::int64_t date() {
    Civil date;
    date.year = digits(4);
    expect('-');
    date.month = digits(2);
    expect('-');
    date.day = digits(2);
    ok = ok && date.year >= 1 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= days_in_month(date.year, date.month);
    return ok ? days_from_civil(date) : 0;
  }

  unsigned nanos() {
    if (!take('.')) return 0;
    const std::size_t count = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (count < 1 || count > 9) ok = false;
    unsigned value = ok ? digits(count) : 0;
    for (std::size_t i = count; ok && i < 9; ++i) value *= 10;
    return value;
  }

  std::int64_t offset() {
    if (take('Z') || take('z')) return 0;
    const bool west = take('-');
    if (!west) expect('+');
    const unsigned hours = digits(2);
    expect(':');
    const unsigned minutes = digits(2);
    if (hours > 23 || minutes > 59) ok = false;
    const auto seconds = static_cast<std::int64_t>(hours * 3600 + minutes * 60);
    return west ? -seconds : seconds;
  }
};

/// The number that so many digits are, or more than they can be.
unsigned digits_at(const char* at, std::size_t count) {
  unsigned value = 0;
  unsigned wrong = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
    wrong |= digit > 9 ? 1U : 0U;
    value = value * 10 + digit;
  }
  return wrong != 0 ? ~0U : value;
}
unsigned two_digits_at(const char* at) {
  const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? ~0U : tens * 10 + ones;
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

bool in_years(std::int64_t seconds) {
  return seconds >= kFirstDay * kSecondsPerDay && seconds < kDayAfterLast * kSecondsPerDay;
}

/// Digits of a number that has no more than `width`; returns what is after them.
char* put(char* at, std::uint64_t value, std::size_t width) {
  if (width == 2) {
    const auto both = static_cast<unsigned>(value);
    at[0] = static_cast<char>('0' + both / 10);
    at[1] = static_cast<char>('0' + both % 10);
    return at + 2;
  }
  for (std::size_t i = width; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
  return at + width;
}

/// Years outside 0 to 9999 take the place that they need.
char* put_year(char* at, std::int64_t year) {
  if (year < 0) *at++ = '-';
  const auto size = static_cast<std::uint64_t>(year < 0 ? -year : year);
  std::size_t width = 4;
  for (std::uint64_t limit = 10'000; size >= limit && width < 19; limit *= 10) ++width;
  return put(at, size, width);
}

constexpr std::size_t kLongestYear = 20;

char* put_civil(char* at, Civil date) {
  at = put_year(at, date.year);
  *at++ = '-';
  at = put(at, date.month, 2);
  *at++ = '-';
  return put(at, date.day, 2);
}

}  // namespace

std::int32_t Zone::offset_at(std::int64_t utc_seconds) const {
  if (!rules_->empty() && utc_seconds >= rules_->back().from_seconds) {
    return rules_->back().offset_seconds;
  }
  const auto after = std::upper_bound(
      rules_->begin(), rules_->end(), utc_seconds,
      [](std::int64_t seconds, const ZoneRule& rule) { return seconds < rule.from_seconds; });
  return after == rules_->begin() ? 0 : std::prev(after)->offset_seconds;
}

/// A time as programs write it: 2025-07-01T10:00:00.123+08:00, with or without the fraction.
/// Nothing for any other, right or wrong.
std::optional<Value> parse_usual(std::string_view text, const Zone& zone) {
  constexpr std::size_t kSeconds = 19;  // so long is it without fraction and offset
  constexpr std::size_t kOffset = 6;
  if (text.size() < kSeconds + kOffset) return {};
  const char* const at = text.data();
  const char* const end = at + text.size() - kOffset;
  const bool parted = at[4] == '-' && at[7] == '-' && at[10] == 'T' && at[13] == ':' &&
                      at[16] == ':' && (*end == '+' || *end == '-') && end[3] == ':';
  const unsigned century = two_digits_at(at);
  const unsigned of_century = two_digits_at(at + 2);
  const unsigned month = two_digits_at(at + 5);
  const unsigned day = two_digits_at(at + 8);
  const unsigned hour = two_digits_at(at + 11);
  const unsigned minute = two_digits_at(at + 14);
  const unsigned second = two_digits_at(at + 17);
  const unsigned hours = two_digits_at(end + 1);
  const unsigned minutes = two_digits_at(end + 4);
  if (!parted || century > 99 || of_century > 99) return {};
  const unsigned year = century * 100 + of_century;
  if (year < 1 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 ||
      hours > 23 || minutes > 59) {
    return {};
  }
  if (day < 1 || day > days_in_month(year, month)) return {};
  const auto fraction = static_cast<std::size_t>(end - at) - kSeconds;  // with its point
  unsigned nanos = 0;
  if (fraction != 0) {
    if (at[kSeconds] != '.' || fraction < 2 || fraction > 10) return {};
    nanos = digits_at(at + kSeconds + 1, fraction - 1);
    if (nanos == ~0U) return {};
    for (std::size_t i = fraction; i < 10; ++i) nanos *= 10;
  }
  const std::int64_t offset = std::int64_t{hours * 3600 + minutes * 60} * (*end == '-' ? -1 : 1);
  const std::int64_t days = days_from_civil({year, month, day});
  const std::int64_t seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second - offset;
  if (!in_years(seconds) || !in_years(seconds + zone.offset_at(seconds))) return {};
  return Value{seconds} * kNanosPerSecond + nanos;
}

std::optional<Value> parse_instant(std::string_view text, const Zone& zone) {
  if (const std::optional<Value> usual = parse_usual(text, zone)) return usual;
  Scanner scan{text};
  const std::int64_t days = scan.date();
  if (!scan.take('T')) scan.expect('t');
  const unsigned hour = scan.digits(2);
  scan.expect(':');
  const unsigned minute = scan.digits(2);
  scan.expect(':');
  const unsigned second = scan.digits(2);
  const unsigned nanos = scan.nanos();
  const std::int64_t offset = scan.offset();
  if (!scan.ok || !scan.rest.empty() || hour > 23 || minute > 59 || second > 59) return {};
  const std::int64_t seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second - offset;
  if (!in_years(seconds) || !in_years(seconds + zone.offset_at(seconds))) return {};
  return Value{seconds} * kNanosPerSecond + nanos;
}

std::optional<Value> parse_date(std::string_view text) {
  Scanner scan{text};
  const std::int64_t days = scan.date();
  if (!scan.ok || !scan.rest.empty()) return {};
  return days;
}

std::optional<Value> parse_month(std::string_view text) {
  const std::optional<Value> day = parse_date(std::string(text) + "-01");
  if (!day || text.size() != 7) return std::nullopt;
  return month_of_day(static_cast<std::int64_t>(*day));
}

static_assert(kLongestTime >= kLongestYear + sizeof("-01-01T00:00:00.000000000+00:00"));

/// Whole seconds and what is left of the next one. Most times take 64 bits.
std::pair<std::int64_t, std::int64_t> split_seconds(Value nanos) {
  constexpr auto kBy = static_cast<std::int64_t>(kNanosPerSecond);
  const auto narrow = static_cast<std::int64_t>(nanos);
  auto whole = static_cast<std::int64_t>(nanos == narrow ? narrow / kBy : nanos / kNanosPerSecond);
  auto fraction = static_cast<std::int64_t>(nanos - Value{whole} * kNanosPerSecond);
  if (fraction < 0) {
    fraction += kBy;
    --whole;
  }
  return {whole, fraction};
}

char* write_instant(char* text, Value nanos, const Zone& zone) {
  const auto [utc, fraction] = split_seconds(nanos);
  const std::int64_t offset = zone.offset_at(utc) / 60 * 60;
  const std::int64_t local = utc + offset;
  const std::int64_t days = floor_div(local, kSecondsPerDay);
  const auto second_of_day = static_cast<unsigned>(local - days * kSecondsPerDay);
  char* at = put_civil(text, civil_from_days(days));
  *at++ = 'T';
  at = put(at, second_of_day / 3600, 2);
  *at++ = ':';
  at = put(at, second_of_day / 60 % 60, 2);
  *at++ = ':';
  at = put(at, second_of_day % 60, 2);
  if (fraction != 0) {
    *at++ = '.';
    if (fraction % 1'000'000 == 0) {
      at = put(at, static_cast<std::uint64_t>(fraction / 1'000'000), 3);
    } else {
      at = put(at, static_cast<std::uint64_t>(fraction), 9);
    }
    while (at[-1] == '0') --at;
  }
  const auto minutes = static_cast<unsigned>((offset < 0 ? -offset : offset) / 60);
  *at++ = offset < 0 ? '-' : '+';
  at = put(at, minutes / 60, 2);
  *at++ = ':';
  return put(at, minutes % 60, 2);
}

char* write_date(char* text, Value days) {
  return put_civil(text, civil_from_days(static_cast<std::int64_t>(days)));
}

char* write_month(char* text, Value month) {
  const auto months = static_cast<std::int64_t>(month);
  const std::int64_t year = floor_div(months, 12);
  char* const at = put_year(text, year);
  *at = '-';
  return put(at + 1, static_cast<std::uint64_t>(months - year * 12 + 1), 2);
}

void append_instant(std::string& out, Value nanos, const Zone& zone) {
  char text[kLongestTime];
  out.append(text, write_instant(text, nanos, zone));
}

void append_date(std::string& out, Value days) {
  char text[kLongestTime];
  out.append(text, write_date(text, days));
}

void append_month(std::string& out, Value month) {
  char text[kLongestTime];
  out.append(text, write_month(text, month));
}

}  // namespace toll::io
