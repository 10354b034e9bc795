// What a value is at run time, and what its type says about it.
//
// Every value is one 128-bit integer; its Type, known at load, says how to read it. There is no
// floating point and no tag at run time. Absent values of optional types are one reserved pattern.
#pragma once

#include <cstdint>
#include <limits>

namespace toll {

__extension__ typedef __int128 Value;
__extension__ typedef unsigned __int128 UnsignedValue;

/// The value of an optional type that is not there (no price, no row, field not given).
inline constexpr Value kAbsent = static_cast<Value>(static_cast<UnsignedValue>(1) << 127);

/// What a value means:
///   boolean  0 or 1
///   number   an exact decimal: value / 10^scale, in the units of its dimension
///   text     a handle: see TextSpace
///   name     an index into a Domain (interfaces, machine states, enumerations), or an unknown name
///   instant  nanoseconds since 1970-01-01T00:00:00Z
///   date     days since 1970-01-01 in the policy's zone
///   month    12 * year + (month - 1) in the policy's zone
///   span     nanoseconds
///   set      a handle of an interned set of names of one domain
///   row      the index of a row of one table or family
///   list     the index of a list field of the event at hand
enum class Kind : std::uint8_t { boolean, number, text, name, instant, date, month, span, set, row, list };

/// What a row or list reference refers to.
enum class Of : std::uint8_t { none, table, family, list };

/// Units and currencies with exponents: yuan per call is {yuan: 1, call: -1}. Six at most; unit 0 is
/// "no unit". Kept sorted by unit so that equality is plain equality.
struct Dimension {
  static constexpr int kMax = 6;
  struct Power {
    std::uint8_t unit = 0;
    std::int8_t exponent = 0;
    friend bool operator==(const Power&, const Power&) = default;
  };
  Power powers[kMax] = {};
  friend bool operator==(const Dimension&, const Dimension&) = default;
  [[nodiscard]] bool none() const { return powers[0].unit == 0; }
};

struct Type {
  Kind kind = Kind::boolean;
  bool optional = false;
  std::uint8_t scale = 0;  ///< number: decimal digits after the point (0, 6 or 12)
  Of of = Of::none;        ///< row, list: what `ref` indexes
  std::uint32_t ref = 0;   ///< name, set: domain; row: table or family; list: list schema
  Dimension dimension = {};
  friend bool operator==(const Type&, const Type&) = default;
};

inline constexpr int kMoneyScale = 6;

/// Where a text lives. A text value is (space << 32) | index, and two equal texts seen by one
/// account have equal values: the account's interner sees to it. Unknown names (a name field whose
/// text is in no domain) are kUnknownName | the same handle.
enum class TextSpace : std::uint8_t { policy = 0, account = 1, event = 2 };
inline constexpr Value kUnknownName = static_cast<Value>(1) << 40;

inline constexpr Value text_handle(TextSpace space, std::uint32_t index) {
  return (static_cast<Value>(space) << 32) | index;
}

}  // namespace toll
