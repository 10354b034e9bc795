// The texts that scenarios become: numbers, times and names as the wire writes them.
#pragma once

#include <string>
#include <string_view>

#include "engine/kernel/calendar.hpp"
#include "toll/value.hpp"

namespace toll::dsl {

/// Text in quotes, escaped where it must be.
void add_json_text(std::string& json, std::string_view text);
std::string json_text(std::string_view text);
/// `"name":`, behind a comma if something stands before it in the braces.
void add_json_name(std::string& json, std::string_view name);

std::string decimal(Value value, int scale);
std::string date_text(std::int64_t day);
/// RFC 3339 in the zone, with its offset in force.
void add_instant(std::string& text, Value instant, const Calendar& calendar);

}  // namespace toll::dsl
