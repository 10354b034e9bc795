#include "io/time_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "toll/core.hpp"

using namespace toll;
using namespace toll::io;

namespace {

// Shanghai: local mean time until 1901, then +08:00; one summer (1986) an hour more.
const std::vector<ZoneRule> kRules = {
    {INT64_MIN, 29143}, {-2177481943, 28800}, {515527200, 32400}, {527014800, 28800}};

std::string written(std::string_view text) {
  const Zone zone(kRules);
  const std::optional<Value> instant = parse_instant(text, zone);
  if (!instant) return "none";
  std::string out;
  append_instant(out, *instant, zone);
  return out;
}

}  // namespace

TEST_CASE("times come back in the policy's zone") {
  CHECK(written("2025-07-01T10:00:00+08:00") == "2025-07-01T10:00:00+08:00");
  CHECK(written("2025-06-30T23:30:00Z") == "2025-07-01T07:30:00+08:00");
  CHECK(written("2025-07-01t10:00:00.500z") == "2025-07-01T18:00:00.5+08:00");
  CHECK(written("2024-02-29T00:00:00.000000001-12:34") == "2024-02-29T20:34:00.000000001+08:00");
  CHECK(written("1986-07-01T00:00:00Z") == "1986-07-01T09:00:00+09:00");
  CHECK(written("1969-12-31T23:59:59.999999999Z") == "1970-01-01T07:59:59.999999999+08:00");
  CHECK(written("1600-02-29T12:00:00Z") == "1600-02-29T20:05:00+08:05");
  CHECK(written("2025-07-01T10:00:00-00:00") == "2025-07-01T18:00:00+08:00");
  CHECK(written("0001-01-01T00:00:00Z") == "0001-01-01T08:05:00+08:05");
  CHECK(written("9999-12-31T23:59:59.999999999+08:00") == "9999-12-31T23:59:59.999999999+08:00");
}

TEST_CASE("what is no time is none") {
  for (const std::string_view text : {"",
                                      "2025-07-01",
                                      "2025-07-01T10:00:00",
                                      "2025-07-01T10:00:60Z",
                                      "2025-07-01T24:00:00Z",
                                      "2025-07-01T10:60:00Z",
                                      "2025-02-29T10:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2025-13-01T10:00:00Z",
                                      "2025-00-01T10:00:00Z",
                                      "2025-07-00T10:00:00Z",
                                      "2025-07-01 10:00:00Z",
                                      "2025-07-01T10:00Z",
                                      "2025-07-01T10:00:00.Z",
                                      "2025-07-01T10:00:00.1234567890Z",
                                      "2025-07-01T10:00:00,5Z",
                                      "2025-07-01T10:00:00+8:00",
                                      "2025-07-01T10:00:00+0800",
                                      "2025-07-01T10:00:00+24:00",
                                      "2025-07-01T10:00:00+08:60",
                                      "2025-07-01T10:00:00Z ",
                                      " 2025-07-01T10:00:00Z",
                                      "0000-07-01T10:00:00Z",
                                      "12025-07-01T10:00:00Z",
                                      "-025-07-01T10:00:00Z",
                                      "2025-7-1T10:00:00Z",
                                      "0001-01-01T00:00:00+08:00",
                                      "9999-12-31T23:59:59Z",
                                      "9999-12-31T23:59:59-01:00"}) {
    CAPTURE(std::string(text));
    CHECK(written(text) == "none");
  }
}

TEST_CASE("dates and months") {
  CHECK(parse_date("1970-01-01") == Value{0});
  CHECK(parse_date("2000-02-29") == Value{11016});
  CHECK_FALSE(parse_date("2001-02-29").has_value());
  CHECK_FALSE(parse_date("2001-02-2").has_value());
  CHECK_FALSE(parse_date("2001-02-28T").has_value());
  std::string out;
  append_date(out, 11016);
  append_month(out, 12 * 2025 + 6);
  CHECK(out == "2000-02-292025-07");
}

TEST_CASE("every date of some years comes back") {
  for (Value day = -800000; day < 2900000; day += 97) {
    if (day < -719162) continue;
    std::string out;
    append_date(out, day);
    REQUIRE(parse_date(out) == day);
  }
}
