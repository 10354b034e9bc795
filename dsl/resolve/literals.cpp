#include "dsl/resolve/literals.hpp"

#include "engine/kernel/calendar.hpp"

namespace toll::dsl {

std::optional<Value> decimal_value(std::string_view text, int scale) {
  Value value = 0;
  int decimals = -1;
  int digits = 0;
  for (const char c : text) {
    if (c == '.') {
      decimals = 0;
      continue;
    }
    if (decimals >= 0 && ++decimals > scale) {
      if (c == '0') continue;
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
    if (value != 0 && ++digits > 30) return std::nullopt;
  }
  for (int i = decimals < 0 ? 0 : std::min(decimals, scale); i < scale; ++i) value *= 10;
  return value;
}

Value exact_span(std::string_view word) {
  const Value second = kNanosPerSecond;
  if (word.starts_with("second")) return second;
  if (word.starts_with("minute")) return 60 * second;
  if (word.starts_with("hour")) return 3600 * second;
  return 0;
}

namespace {

/// The digits that stand in a place of a time.
int number_at(std::string_view text, std::size_t at, std::size_t length) {
  int number = 0;
  for (const char c : text.substr(at, length)) {
    if (c < '0' || c > '9') break;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

Value date_value(std::string_view text) {
  return day_of(Civil{number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2)});
}

Value local_instant(std::string_view text, const std::vector<ZoneRule>& zone) {
  return local_instant(text, Calendar(zone));
}

Value local_instant(std::string_view text, const Calendar& calendar) {
  Calendar::Local local;
  local.day = static_cast<std::int64_t>(date_value(text.substr(0, 10)));
  std::int64_t seconds = 0;
  if (text.size() >= 16) seconds = number_at(text, 11, 2) * 3600 + number_at(text, 14, 2) * 60;
  if (text.size() >= 19) seconds += number_at(text, 17, 2);
  std::int64_t fraction = 0;
  std::int64_t place = kNanosPerSecond / 10;
  for (std::size_t i = 20; i < text.size(); ++i, place /= 10) fraction += (text[i] - '0') * place;
  local.nanos = seconds * kNanosPerSecond + fraction;
  return calendar.instant(local);
}

}  // namespace toll::dsl
