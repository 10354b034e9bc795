// Times as text: RFC 3339 instants, dates and months, read and written exactly to the nanosecond.
// Nothing here knows the machine's clock, zone or locale; a zone is the policy's list of offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll::io {

inline constexpr Value kNanosPerSecond = 1'000'000'000;

/// The offsets of the policy's zone, borrowed from a Core.
class Zone {
 public:
  explicit Zone(const std::vector<ZoneRule>& rules) : rules_(&rules) {}
  explicit Zone(std::vector<ZoneRule>&&) = delete;
  /// Seconds to add to UTC at this instant.
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;

 private:
  const std::vector<ZoneRule>* rules_;
};

/// Nanoseconds since 1970. Nothing if the text is no RFC 3339 time, has second 60, more than nine
/// fraction digits, or lies outside the years 0001 to 9999 in UTC or in `zone`.
std::optional<Value> parse_instant(std::string_view text, const Zone& zone);

/// "2025-07-01" as days since 1970.
std::optional<Value> parse_date(std::string_view text);

/// "2025-07" as a month value.
std::optional<Value> parse_month(std::string_view text);

/// The policy's local time with its offset, the fraction without trailing zeros. RFC 3339 has no
/// seconds in offsets: where a zone has them (before 1901), the offset is cut and the time fits it.
void append_instant(std::string& out, Value nanos, const Zone& zone);
void append_date(std::string& out, Value days);
void append_month(std::string& out, Value month);

/// The same at a place with room for kLongestTime characters; returns the end.
inline constexpr std::size_t kLongestTime = 64;
char* write_instant(char* text, Value nanos, const Zone& zone);
char* write_date(char* text, Value days);
char* write_month(char* text, Value month);

}  // namespace toll::io
