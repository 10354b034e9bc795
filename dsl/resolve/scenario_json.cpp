#include "dsl/resolve/scenario_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace toll::dsl {
namespace {

/// Stands for itself between quotes.
bool is_plain(char c) {
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t code = ' '; code < plain.size(); ++code) {
      plain[code] = code != '"' && code != '\\' && code != 0x7f;
    }
    return plain;
  }();
  return kPlain[static_cast<unsigned char>(c)];
}

/// At least `width` digits of a number that is not negative.
void add_number(std::string& text, std::int64_t number, std::size_t width) {
  constexpr std::size_t kMost = 24;
  char digits[kMost];
  std::size_t at = kMost;
  auto rest = static_cast<std::uint64_t>(number);
  do {
    digits[--at] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  while (kMost - at < width) digits[--at] = '0';
  text.append(digits + at, kMost - at);
}

void add_date(std::string& text, std::int64_t day) {
  const Civil civil = civil_of(day);
  add_number(text, civil.year, 4);
  text += '-';
  add_number(text, civil.month, 2);
  text += '-';
  add_number(text, civil.day, 2);
}

void add_time_of_day(std::string& text, std::int64_t seconds) {
  add_number(text, seconds / 3600, 2);
  text += ':';
  add_number(text, seconds / 60 % 60, 2);
}

}  // namespace

void add_json_text(std::string& json, std::string_view text) {
  const std::size_t before = json.size();
  json.resize(before + text.size() + 2, '"');
  char* to = json.data() + before + 1;
  for (const char c : text) {
    if (!is_plain(c)) {
      json.resize(before);
      json += nlohmann::json(text).dump();
      return;
    }
    *to++ = c;
  }
}

std::string json_text(std::string_view text) {
  std::string json;
  json.reserve(text.size() + 2);
  add_json_text(json, text);
  return json;
}

void add_json_name(std::string& json, std::string_view name) {
  if (json.back() != '{') json += ',';
  add_json_text(json, name);
  json += ':';
}

std::string decimal(Value value, int scale) {
  const bool negative = value < 0;
  UnsignedValue rest = static_cast<UnsignedValue>(negative ? -value : value);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (scale > 0) {
    while (static_cast<int>(digits.size()) <= scale) digits.insert(digits.begin(), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale), 1, '.');
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
  }
  return negative ? "-" + digits : digits;
}

std::string date_text(std::int64_t day) {
  std::string text;
  add_date(text, day);
  return text;
}

void add_instant(std::string& text, Value instant, const Calendar& calendar) {
  const Calendar::Local local = calendar.local(instant);
  const std::int64_t seconds = local.nanos / kNanosPerSecond;
  add_date(text, local.day);
  text += 'T';
  add_time_of_day(text, seconds);
  text += ':';
  add_number(text, seconds % 60, 2);
  if (const std::int64_t nanos = local.nanos % kNanosPerSecond; nanos != 0) {
    text += '.';
    add_number(text, nanos, 9);
    while (text.back() == '0') text.pop_back();
  }
  const Value utc = static_cast<Value>(local.day) * kNanosPerDay + local.nanos;
  const auto offset = static_cast<std::int64_t>((utc - instant) / kNanosPerSecond);
  text += offset < 0 ? '-' : '+';
  add_time_of_day(text, offset < 0 ? -offset : offset);
}

}  // namespace toll::dsl
