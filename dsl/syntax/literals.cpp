#include "dsl/syntax/literals.hpp"

#include <array>
#include <chrono>
#include <utility>

#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Scale {
  std::string_view word;
  std::size_t zeros;
};
constexpr std::array<Scale, 3> kScales = {{
    {"\u4e07\u4ebf", 12},  // wan yi; before its own beginning
    {"\u4e07", 4},         // wan
    {"\u4ebf", 8},         // yi
}};

/// Moves the decimal point to the right and drops zeros that say nothing.
std::string scaled(std::string_view whole, std::string fraction, std::size_t zeros) {
  if (fraction.size() < zeros) fraction.append(zeros - fraction.size(), '0');
  std::string digits = std::string(whole) + fraction.substr(0, zeros);
  fraction.erase(0, zeros);
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  digits.erase(0, first);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return fraction.empty() ? digits : digits + "." + fraction;
}

std::size_t significant_digits(std::string_view plain) {
  std::size_t count = 0;
  for (const char c : plain) {
    if (c == '.') continue;
    if (count > 0 || c != '0') ++count;
  }
  return count;
}

/// Reads a run of digits; its length says whether it was written in full.
struct Part {
  int value = 0;
  std::size_t length = 0;
};
Part take_number(std::string_view text, std::size_t& at) {
  Part part;
  for (; at < text.size() && is_digit(text[at]); ++at, ++part.length) {
    if (part.value < 100000) part.value = part.value * 10 + (text[at] - '0');
  }
  return part;
}

/// Moves past whatever stands between two numbers and returns it.
std::string_view take_mark(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && !is_digit(text[at])) ++at;
  return text.substr(begin, at - begin);
}

std::string padded(int value, std::size_t width) {
  std::string digits = std::to_string(value);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

}  // namespace

NumberText read_number(std::string_view text) {
  NumberText number;
  std::size_t zeros = 0;
  for (const Scale& scale : kScales) {
    if (!text.ends_with(scale.word)) continue;
    zeros = scale.zeros;
    text.remove_suffix(scale.word.size());
    break;
  }
  std::string whole;
  std::string fraction;
  std::string* part = &whole;
  char before = '.';
  for (const char c : text) {
    if (c == '_' && !is_digit(before)) number.problem = NumberText::Problem::underscore;
    if (before == '_' && !is_digit(c)) number.problem = NumberText::Problem::underscore;
    if (c == ',') number.problem = NumberText::Problem::comma;
    if (c == '.') part = &fraction;
    if (is_digit(c)) *part += c;
    before = c;
  }
  if (before == '_') number.problem = NumberText::Problem::underscore;
  if (zeros > 0) {
    number.plain = scaled(whole, std::move(fraction), zeros);
  } else {
    number.plain = fraction.empty() ? whole : whole + "." + fraction;
  }
  if (significant_digits(number.plain) > kMaxDigits) number.problem = NumberText::Problem::too_long;
  return number;
}

std::string spell_number(std::string_view plain, const Skin& skin) {
  const std::size_t point = std::min(plain.find('.'), plain.size());
  const std::string_view whole = plain.substr(0, point);
  for (std::size_t i = 0; i < skin.scales().size() && point == plain.size(); ++i) {
    const Skin::Scale& scale = skin.scales()[i];
    const std::size_t digits = whole.size();
    const std::size_t zeros = digits - std::min(whole.find_last_not_of('0') + 1, digits);
    const std::size_t decimals = zeros < scale.zeros ? scale.zeros - zeros : 0;
    const bool smallest = i + 1 == skin.scales().size();
    if (digits <= scale.zeros || whole.front() == '0' || decimals > (smallest ? 0U : 2U)) continue;
    std::string text(whole.substr(0, digits - scale.zeros));
    if (decimals > 0) text += "." + std::string(whole.substr(digits - scale.zeros, decimals));
    return text + scale.word;
  }
  std::string text;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0) text += '_';
    text += whole[i];
  }
  return text + std::string(plain.substr(point));
}

TimeText read_time(std::string_view text) {
  TimeText time;
  bool full = true;  // written in full, with the right marks
  std::size_t at = 0;
  const auto mark_is = [&](std::string_view wanted) { full &= take_mark(text, at) == wanted; };
  const auto number_of = [&](std::size_t width) {
    const Part part = take_number(text, at);
    full &= part.length == width;
    return part.value;
  };
  const int year = number_of(4);
  mark_is("-");
  const int month = number_of(2);
  mark_is("-");
  const int day = number_of(2);
  time.plain = padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  bool possible = date.ok() && year >= 1 && year <= 9999;

  const std::string_view before_clock = take_mark(text, at);
  if (at < text.size()) {
    const int hour = number_of(2);
    mark_is(":");
    const int minute = number_of(2);
    possible &= hour < 24 && minute < 60;
    time.plain += "T" + padded(hour, 2) + ":" + padded(minute, 2);
    if (take_mark(text, at) == ":") {
      const int second = number_of(2);
      possible &= second < 60;
      time.plain += ":" + padded(second, 2);
      if (take_mark(text, at) == ".") {
        const std::string_view digits = text.substr(at);
        time.plain += "." + std::string(digits);
        if (digits.size() > 9) time.problem = TimeText::Problem::too_long;
      }
    }
  } else {
    full &= before_clock.empty();
  }
  if (!full) time.problem = TimeText::Problem::form;
  if (!possible) time.problem = TimeText::Problem::impossible;
  return time;
}

StringText read_string(std::string_view text) {
  StringText string;
  string.content.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      string.content += text[at];
      continue;
    }
    const char escaped = at + 1 < text.size() ? text[at + 1] : '\0';
    switch (escaped) {
      case '"':
      case '\\':
        string.content += escaped;
        break;
      case 'n':
        string.content += '\n';
        break;
      case 't':
        string.content += '\t';
        break;
      default:
        string.bad_escapes.push_back(at);
        string.content += '\\';
        continue;
    }
    ++at;
  }
  return string;
}

}  // namespace toll::dsl
