// Literals to values, and zones to rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/kernel/calendar.hpp"
#include "toll/core.hpp"
#include "toll/value.hpp"

namespace toll::dsl {

/// "0.15" at scale 6 -> 150000; nothing if it has more decimals or digits than fit.
std::optional<Value> decimal_value(std::string_view text, int scale);
/// Nanoseconds of an exact unit of time ("hours"), 0 for a calendar one ("days").
Value exact_span(std::string_view word);
/// "2025-06-23" -> days since 1970-01-01. The text is a date (the grammar saw to it).
Value date_value(std::string_view text);
/// "2025-06-23T10:00:00.5" in the zone -> instant.
Value local_instant(std::string_view text, const std::vector<ZoneRule>& zone);
Value local_instant(std::string_view text, const Calendar& calendar);

/// The rules of a zone: "+08:00", or a name of the tz database ("Asia/Shanghai"). Empty: unknown.
std::vector<ZoneRule> load_zone(const std::string& name);

}  // namespace toll::dsl
