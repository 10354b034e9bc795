// What numbers, dates and strings say, apart from how the grammar finds them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace toll::dsl {

/// Digits that a number may have, so that every number fits the engine's exact arithmetic.
inline constexpr std::size_t kMaxDigits = 18;

struct NumberText {
  enum class Problem : std::uint8_t { none, underscore, comma, too_long };
  std::string plain;  ///< "25000" for 2.5 wan; usable even if there is a problem
  Problem problem = Problem::none;
};

/// Digits, `_` or (wrongly) `,` between them, one point, and a Chinese scale word at the end.
NumberText read_number(std::string_view text);

class Skin;

/// A plain number as a skin writes it for people: whole with one of its scale words (at most two
/// digits after the point, and only with the greater ones), else its digits in groups of three.
std::string spell_number(std::string_view plain, const Skin& skin);

struct TimeText {
  enum class Problem : std::uint8_t {
    none,
    form,        ///< readable, but not written 2025-06-23 or 2025-06-23T10:00:00
    impossible,  ///< no such day or time of day
    too_long,    ///< more digits of a second than nanoseconds
  };
  std::string plain;  ///< the form the token has: 2025-06-23 or 2025-06-23T10:00:00.5
  Problem problem = Problem::none;
};

/// A date, perhaps with a time of day, as loosely as people write them.
TimeText read_time(std::string_view text);

struct StringText {
  std::string content;
  std::vector<std::size_t> bad_escapes;  ///< offsets of backslashes that start no known escape
};

/// The text between the quotes: \" \\ \n \t.
StringText read_string(std::string_view text);

}  // namespace toll::dsl
