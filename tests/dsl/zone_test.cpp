#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "dsl/resolve/literals.hpp"
#include "engine/kernel/calendar.hpp"

using namespace toll;
using namespace toll::dsl;

namespace {

std::int64_t seconds(Civil day, std::int64_t hour = 0, std::int64_t minute = 0) {
  return day_of(day) * 86'400 + hour * 3'600 + minute * 60;
}

/// Minutes east of UTC at this instant; nothing for an unknown zone.
std::optional<int> minutes_at(const std::vector<ZoneRule>& zone, std::int64_t instant) {
  std::optional<int> minutes;
  for (const ZoneRule& rule : zone) {
    if (rule.from_seconds <= instant) minutes = rule.offset_seconds / 60;
  }
  return minutes;
}

std::int64_t hours_of_month(const std::string& zone, std::int64_t year, int month) {
  const Calendar calendar(load_zone(zone));
  const std::int64_t first = day_of({year, month, 1});
  const Value length = calendar.instant({add_months(first, 1), 0}) - calendar.instant({first, 0});
  return static_cast<std::int64_t>(length / (3'600 * kNanosPerSecond));
}

/// A folder of zone files of its own, while it lives.
class ZoneFolder {
 public:
  ZoneFolder() {
    if (const char* old = std::getenv("TZDIR")) before_ = old;
    std::string name = (std::filesystem::temp_directory_path() / "toll-zone-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
    setenv("TZDIR", path_.c_str(), 1);
  }
  ~ZoneFolder() {
    if (before_) {
      setenv("TZDIR", before_->c_str(), 1);
    } else {
      unsetenv("TZDIR");
    }
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ZoneFolder(const ZoneFolder&) = delete;
  ZoneFolder& operator=(const ZoneFolder&) = delete;

  std::vector<ZoneRule> load(const std::string& data) const {
    std::ofstream(path_ / "Test", std::ios::binary) << data;
    return load_zone("Test");
  }

 private:
  std::filesystem::path path_;
  std::optional<std::string> before_;
};

std::string number(std::int64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) {
    text += static_cast<char>((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xffU);
  }
  return text;
}

/// A zone file with these changes, the first offset before all of them.
std::string zone_file(std::int32_t first, const std::vector<ZoneRule>& changes,
                      const std::string& footer, char version = '2') {
  const auto count = static_cast<std::int64_t>(changes.size());
  const std::string start = std::string("TZif") + version + std::string(15, '\0');
  std::string data = start + std::string(16, '\0') + number(1, 4) + number(1, 4);
  data += number(first, 4) + std::string(3, '\0');
  data += start + std::string(12, '\0') + number(count, 4) + number(count + 1, 4) + number(4, 4);
  for (const ZoneRule& change : changes) data += number(change.from_seconds, 8);
  for (std::int64_t i = 0; i < count; ++i) data += number(i + 1, 1);
  data += number(first, 4) + std::string(2, '\0');
  for (const ZoneRule& change : changes) {
    data += number(change.offset_seconds, 4) + std::string(2, '\0');
  }
  return data + std::string("LMT\0", 4) + "\n" + footer + "\n";
}

}  // namespace

TEST_CASE("a zone may be a fixed offset") {
  const std::vector<ZoneRule> zone = load_zone("+08:00");
  REQUIRE(zone.size() == 1);
  CHECK(zone[0].from_seconds == std::numeric_limits<std::int64_t>::min());
  CHECK(zone[0].offset_seconds == 28'800);
  CHECK(load_zone("-03:30").at(0).offset_seconds == -12'600);
  CHECK(load_zone("UTC").at(0).offset_seconds == 0);
  for (const char* wrong : {"+8:00", "08:00", "+08", "+24:00", "+08:60", "+0a:00", "+08:00 ", ""}) {
    CAPTURE(wrong);
    CHECK(load_zone(wrong).empty());
  }
}

TEST_CASE("the tz database knows what clocks showed") {
  const std::vector<ZoneRule> shanghai = load_zone("Asia/Shanghai");
  REQUIRE_FALSE(shanghai.empty());
  CHECK(shanghai.front().from_seconds == std::numeric_limits<std::int64_t>::min());
  CHECK(shanghai.front().offset_seconds == 29'143);
  // At 02:00 on 1991-04-14, eight hours east, clocks were put forward for the last time.
  const std::int64_t forward = seconds({1991, 4, 13}, 18);
  CHECK(minutes_at(shanghai, forward - 1) == 480);
  CHECK(minutes_at(shanghai, forward) == 540);
  CHECK(minutes_at(shanghai, seconds({2025, 6, 23})) == 480);
  CHECK(minutes_at(shanghai, seconds({2499, 6, 23})) == 480);
  for (std::size_t i = 1; i < shanghai.size(); ++i) {
    CHECK(shanghai[i - 1].from_seconds < shanghai[i].from_seconds);
    CHECK(shanghai[i - 1].offset_seconds != shanghai[i].offset_seconds);
  }
}

TEST_CASE("clocks go on being changed after the last year of the file") {
  CHECK(hours_of_month("America/Los_Angeles", 2026, 3) == 743);
  CHECK(hours_of_month("America/Los_Angeles", 2026, 11) == 721);
  CHECK(hours_of_month("America/Los_Angeles", 2400, 3) == 743);
  CHECK(hours_of_month("America/Los_Angeles", 2400, 11) == 721);
  CHECK(hours_of_month("America/Los_Angeles", 2400, 7) == 744);
  CHECK(hours_of_month("Australia/Sydney", 2300, 4) == 721);
  CHECK(hours_of_month("Australia/Sydney", 2300, 10) == 743);
  CHECK(hours_of_month("Asia/Shanghai", 2400, 3) == 744);
}

TEST_CASE("names stay inside the folder of zones") {
  for (const char* wrong :
       {"Mars/Olympus", "/etc/passwd", "../zoneinfo/UTC", "Asia/../UTC", "Asia//Shanghai", "Asia/",
        "Asia", ".", "..", "./UTC", "Asia/Shang hai", "Asia\\Shanghai", "zone.tab"}) {
    CAPTURE(wrong);
    CHECK(load_zone(wrong).empty());
  }
  CHECK(load_zone(std::string("UTC\0x", 5)).empty());
  CHECK(load_zone(std::string(5000, 'a')).empty());
}

TEST_CASE("rules for later years have several forms") {
  const ZoneFolder folder;
  const std::vector<ZoneRule> change = {{seconds({2000, 1, 1}), 3'600}};
  SUBCASE("none: the last offset stays") {
    const auto zone = folder.load(zone_file(0, change, ""));
    REQUIRE(zone.size() == 2);
    CHECK(minutes_at(zone, seconds({1999, 12, 31}, 23, 59)) == 0);
    CHECK(minutes_at(zone, seconds({2400, 1, 1})) == 60);
  }
  SUBCASE("the last Sunday of a month, at a time of its own") {
    const auto zone = folder.load(zone_file(0, change, "CET-1CEST,M3.5.0,M10.5.0/3"));
    CHECK(minutes_at(zone, seconds({2026, 3, 29}, 0, 59)) == 60);
    CHECK(minutes_at(zone, seconds({2026, 3, 29}, 1)) == 120);
    CHECK(minutes_at(zone, seconds({2026, 10, 25}, 0, 59)) == 120);
    CHECK(minutes_at(zone, seconds({2026, 10, 25}, 1)) == 60);
    CHECK(minutes_at(zone, seconds({2500, 7, 1})) == 120);
    CHECK(minutes_at(zone, seconds({2501, 7, 1})) == 60);
  }
  SUBCASE("days of the year, with and without 29 February") {
    const auto zone = folder.load(zone_file(0, change, "<+01>-1<+02>-2,59/0,J306/0"));
    CHECK(minutes_at(zone, seconds({2023, 2, 28}, 22, 59)) == 60);
    CHECK(minutes_at(zone, seconds({2023, 2, 28}, 23)) == 120);  // day 59 is 1 March
    CHECK(minutes_at(zone, seconds({2024, 2, 28}, 23)) == 120);  // day 59 is 29 February
    CHECK(minutes_at(zone, seconds({2023, 11, 1}, 22)) == 60);
    CHECK(minutes_at(zone, seconds({2024, 11, 1}, 21, 59)) == 120);
    CHECK(minutes_at(zone, seconds({2024, 11, 1}, 22)) == 60);  // 2 November in every year
  }
  SUBCASE("a summer that never ends") {
    const auto zone = folder.load(zone_file(0, change, "ABC0DEF-1,0/0,J365/25"));
    CHECK(zone.size() == 3);  // it ends when nobody looks any more
    CHECK(minutes_at(zone, seconds({2400, 1, 1})) == 60);
  }
  SUBCASE("a file with nothing else") {
    CHECK(minutes_at(folder.load(zone_file(0, {}, "ABC-8")), seconds({1600, 1, 1})) == 480);
    CHECK(minutes_at(folder.load(zone_file(0, {}, "EST5EDT,M3.2.0,M11.1.0")),
                     seconds({2026, 7, 1})) == -240);
  }
}

TEST_CASE("a file that does not hold together is no zone") {
  const ZoneFolder folder;
  const std::string good = zone_file(0, {{100, 3'600}, {200, 0}}, "ABC0DEF,M3.2.0,M11.1.0");
  REQUIRE_FALSE(folder.load(good).empty());
  for (std::size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    CHECK(folder.load(good.substr(0, size)).empty());
  }
  CHECK(folder.load(zone_file(0, {}, "ABC0", '\0')).empty());
  CHECK(folder.load(zone_file(86'400, {}, "ABC0")).empty());
  CHECK(folder.load(zone_file(0, {{200, 0}, {100, 3'600}}, "ABC0")).empty());
  CHECK(folder.load(std::string((1U << 20U) + 1, '\n')).empty());
  for (const char* footer :
       {"ABC", "ABC0DEF", "AB0", "ABC24", "ABC0DEF,M3.2.0", "ABC0DEF,M13.2.0,M11.1.0",
        "ABC0DEF,M3.6.0,M11.1.0", "ABC0DEF,J0,J1", "ABC0DEF,366,J1", "ABC0DEF,J1/168,J9", "ABC0 ",
        "<+08-8", "ABC0DEF,M3.2.0,M11.1.0,"}) {
    CAPTURE(footer);
    CHECK(folder.load(zone_file(0, {{100, 0}}, footer)).empty());
  }
}
