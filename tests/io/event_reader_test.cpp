#include "io/event_reader.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "tests/io/small_core.hpp"

using namespace toll;
using toll::io::EventReader;
using toll::test::event_line;

namespace {

const Core& core() {
  static const Core kCore = test::small_core();
  return kCore;
}

/// "ok", or the code of the error.
std::string verdict(const std::string& line) {
  EventReader reader(core());
  if (!reader.read_head(line) || !reader.read_body()) {
    CHECK_FALSE(reader.error().message.empty());
    return reader.error().code;
  }
  return "ok";
}

std::string data_verdict(const std::string& data) { return verdict(event_line("echo", data)); }

struct Case {
  std::string text;
  std::string_view code;
};

void check(const std::vector<Case>& cases, std::string (*judge)(const std::string&)) {
  for (const Case& each : cases) {
    CAPTURE(each.text);
    CHECK(judge(each.text) == each.code);
  }
}

/// The values of an `echo` event's fields, kept with their reader.
struct Echo {
  explicit Echo(const std::string& data) : line(event_line("echo", data)), reader(core()) {
    REQUIRE(reader.read_head(line));
    const bool fits = reader.read_body();
    INFO(reader.error().message);
    REQUIRE(fits);
  }
  [[nodiscard]] Value field(std::size_t index) const { return reader.event().fields[index]; }
  [[nodiscard]] std::string text(std::size_t index) const {
    const auto handle = static_cast<std::uint64_t>(field(index));
    return std::string(reader.event().texts[handle & 0xffffffffU]);
  }
  std::string line;
  EventReader reader;
};

}  // namespace

TEST_CASE("lines that are no event have the contract's codes") {
  check({{"", "bad-json"},
         {"{", "bad-json"},
         {"\"\xff\"", "bad-json"},
         {R"({"id":"e","id":"e"})", "bad-json"},
         {R"({"id":"e","data":{"x":[{"y":1,"y":1}]}})", "bad-json"},
         {"[]", "bad-event"},
         {"null", "bad-event"},
         {"5", "bad-event"},
         {"{}", "bad-event"}},
        verdict);
}

TEST_CASE("an envelope needs id, subject, type and time of the right kind") {
  const auto line = [](const std::string& id, const std::string& subject, const std::string& type,
                       const std::string& time, const std::string& rest = "") {
    return "{\"id\":" + id + ",\"subject\":" + subject + ",\"type\":" + type + ",\"time\":" + time +
           rest + "}";
  };
  const std::string time = "\"2025-07-01T10:00:00Z\"";
  const std::string type = "\"nothing\"";
  check({{line("\"e\"", "\"a\"", type, time), "ok"},
         {line("\"e\"", "\"a\"", type, time, R"(,"specversion":5,"extra":[1])"), "ok"},
         {line("\"e\"", "\"a\"", type, time, R"(,"source":null,"data":null)"), "ok"},
         {line("5", "\"a\"", type, time), "bad-event"},
         {line("null", "\"a\"", type, time), "bad-event"},
         {line("\"\"", "\"a\"", type, time), "bad-event"},
         {line("\"e\"", "7", type, time), "bad-event"},
         {line("\"e\"", "\"\"", type, time), "bad-event"},
         {line("\"e\"", "\"a\"", "5", time), "bad-event"},
         {line("\"e\"", "\"a\"", "\"other\"", time), "unknown-type"},
         {line("\"e\"", "\"a\"", "\"other\"", "\"now\""), "unknown-type"},
         {line("\"e\"", "\"a\"", type, "\"now\""), "bad-event"},
         {line("\"e\"", "\"a\"", type, "1751364000"), "bad-event"},
         {line("\"e\"", "\"a\"", type, "null"), "bad-event"},
         {line("\"e\"", "\"a\"", type, time, R"(,"source":5)"), "bad-event"},
         {line("\"e\"", "\"a\"", type, time, R"(,"data":[])"), "bad-event"}},
        verdict);
}

TEST_CASE("a refused line tells as much as can be read") {
  EventReader reader(core());
  REQUIRE_FALSE(reader.read_head(R"({"id":5,"subject":"a","time":"2025-07-01T00:00:00Z"})"));
  CHECK(reader.envelope().id == "");
  CHECK(reader.envelope().subject == "a");
  CHECK(reader.envelope().time != kAbsent);
  REQUIRE_FALSE(reader.read_head(R"({"id":"e","time":"soon"})"));
  CHECK(reader.envelope().id == "e");
  CHECK(reader.envelope().subject == "");
  CHECK(reader.envelope().time == kAbsent);
  REQUIRE_FALSE(reader.read_head(R"({"id":"e","subject":"a",)"));
  CHECK(reader.envelope().id == "");
}

TEST_CASE("a line of 1 MiB is read, one byte more is bad-json") {
  const auto padded = [](std::size_t size) {
    std::string line = event_line("nothing", "{\"x\":\"\"}");
    return line.insert(line.size() - 3, size - line.size(), 'x');
  };
  CHECK(verdict(padded(std::size_t{1} << 20)) == "ok");
  CHECK(verdict(padded((std::size_t{1} << 20) + 1)) == "bad-json");
}

TEST_CASE("fields of the wrong kind or out of bounds are bad-event") {
  check({{R"({"b":true,"t":"","n":0,"k":1,"m":"0","i":"2025-07-01T00:00:00Z","d":"2025-07-01"})",
          "ok"},
         {R"({"unknown":1e999})", "ok"},
         {R"({"b":1})", "bad-event"},
         {R"({"t":5})", "bad-event"},
         {R"({"n":"5"})", "bad-event"},
         {R"({"n":5.0})", "bad-event"},
         {R"({"n":5e0})", "bad-event"},
         {R"({"n":-1})", "bad-event"},
         {R"({"n":-0})", "ok"},
         {R"({"n":true})", "bad-event"},
         {R"({"n":1000000000000})", "ok"},
         {R"({"n":1000000000001})", "bad-event"},
         {R"({"n":18446744073709551617})", "bad-event"},
         {R"({"n":340282366920938463463374607431768211457})", "bad-event"},
         {R"({"k":0})", "bad-event"},
         {R"({"m":5})", "bad-event"},
         {R"({"m":"-1"})", "bad-event"},
         {R"({"m":"+1"})", "bad-event"},
         {R"({"m":"1e3"})", "bad-event"},
         {R"({"m":""})", "bad-event"},
         {R"({"m":"."})", "bad-event"},
         {R"({"m":"1."})", "bad-event"},
         {R"({"m":".5"})", "bad-event"},
         {R"({"m":" 1"})", "bad-event"},
         {R"({"m":"1,5"})", "bad-event"},
         {R"({"m":"1.123456"})", "ok"},
         {R"({"m":"1.1234560"})", "bad-event"},
         {R"({"m":"1000000000000"})", "ok"},
         {R"({"m":"1000000000000.000000"})", "ok"},
         {R"({"m":"1000000000000.000001"})", "bad-event"},
         {R"({"m":"99999999999999999999999999999999999999999"})", "bad-event"},
         {R"({"i":"2025-07-01"})", "bad-event"},
         {R"({"i":"2025-07-01T00:00:60Z"})", "bad-event"},
         {R"({"d":"2025-02-30"})", "bad-event"},
         {R"({"d":20250701})", "bad-event"},
         {R"({"things":"ticket"})", "bad-event"},
         {R"({"things":["ticket",null]})", "bad-event"},
         {R"({"rows":{}})", "bad-event"},
         {R"({"rows":[5]})", "bad-event"},
         {R"({"rows":[{"price":"1"}]})", "bad-event"},
         {R"({"rows":[{"from":1,"price":1}]})", "bad-event"},
         {R"({"counts":[]})", "bad-event"},
         {R"({"counts":{"ticket":"1"}})", "bad-event"},
         {R"({"counts":{"ticket":-1}})", "bad-event"},
         {R"({"paid":5})", "bad-event"},
         {R"({"paid":[]})", "bad-event"},
         {R"({"paid":{"cash":5}})", "bad-event"},
         {R"({"b":null,"t":null,"n":null,"m":null,"rows":null,"paid":null})", "ok"}},
        data_verdict);
}

TEST_CASE("the first field in declared order decides") {
  CHECK(data_verdict(R"({"known":"no","b":1})") == "bad-event");
  CHECK(data_verdict(R"({"mode":"no","known":"no"})") == "unknown-thing");
}

TEST_CASE("required fields must be there, and not null") {
  const auto order = [](const std::string& data) { return verdict(event_line("order", data)); };
  CHECK(order(R"({"id":"o","size":5})") == "ok");
  CHECK(order(R"({"id":"o"})") == "bad-event");
  CHECK(order(R"({"id":null,"size":5})") == "bad-event");
  CHECK(order("{}") == "bad-event");
  CHECK(verdict(R"({"id":"e","subject":"a","time":"2025-07-01T10:00:00Z","type":"order"})") ==
        "bad-event");
}

TEST_CASE("values are exact") {
  const Echo echo(
      R"({"b":false,"t":"a\nb","n":12,"m":"0.15","price":"0.15","i":"1970-01-01T00:00:01.5Z",)"
      R"("d":"1970-01-02"})");
  CHECK(echo.field(0) == 0);
  CHECK(echo.text(1) == "a\nb");
  CHECK(echo.field(2) == 12);
  CHECK(echo.field(3) == 1);
  CHECK(echo.field(4) == 150000);
  CHECK(echo.field(5) == Value{150000} * 1000000);
  CHECK(echo.field(6) == 1500000000);
  CHECK(echo.field(7) == 1);
  CHECK(echo.field(8) == kAbsent);
}

TEST_CASE("names fold, exact ones do not") {
  for (const std::string_view spelling :
       {"\u5C0F\u7968", "\u5C0F \u7968", "ticket", "tic ket", "\uFF54icket"}) {
    CAPTURE(std::string(spelling));
    CHECK(Echo("{\"thing\":\"" + std::string(spelling) + "\"}").field(8) == 0);
  }
  CHECK(Echo("{\"thing\":\"bill\uFF08A\uFF09\"}").field(8) == 1);
  const Echo other(R"({"thing":"Ticket"})");
  CHECK((other.field(8) & kUnknownName) != 0);
  CHECK(other.text(8) == "Ticket");
  CHECK(Echo(R"({"place":"north"})").field(9) == 0);
  CHECK((Echo(R"({"place":"nor th"})").field(9) & kUnknownName) != 0);
  CHECK(Echo(R"({"place":""})").field(9) == kAbsent);
  CHECK(data_verdict(R"({"known":"ticket"})") == "ok");
  CHECK(data_verdict(R"({"known":"no"})") == "unknown-thing");
  CHECK(data_verdict(R"({"things":["ticket","no"]})") == "unknown-thing");
  CHECK(data_verdict(R"({"mode":"FAST"})") == "bad-event");
}

TEST_CASE("sets are sorted, lists keep their order, records may be empty") {
  const Echo echo(R"x({"things":["bill(A)","ticket","bill (A)"],)x"
                  R"x("rows":[{"from":5},{"price":"0.1","from":0}],)x"
                  R"x("counts":{"no":3,"ticket":0,"bill(A)":null},"paid":{"gift":"2"}})x");
  const EventView& event = echo.reader.event();
  CHECK(event.sets[static_cast<std::size_t>(echo.field(12))] == std::vector<std::uint32_t>{0, 1});
  const ListView& rows = event.lists[static_cast<std::size_t>(echo.field(13))];
  REQUIRE(rows.columns == 2);
  REQUIRE(rows.cells.size() == 4);
  CHECK(rows.cells[0] == 5);
  CHECK(rows.cells[1] == kAbsent);
  CHECK(rows.cells[2] == 0);
  CHECK(rows.cells[3] == Value{100000000000});
  const ListView& counts = event.lists[static_cast<std::size_t>(echo.field(14))];
  REQUIRE(counts.cells.size() == 4);
  CHECK((counts.cells[0] & kUnknownName) != 0);
  CHECK(counts.cells[2] == 0);
  CHECK(echo.field(15) == 1);
  CHECK(echo.field(16) == kAbsent);
  CHECK(echo.field(17) == 2000000);
  CHECK(Echo(R"({"paid":{"cash":"1"}})").field(17) == 0);
  for (const std::string_view empty : {"null", "{}", "{\"cash\":null}", "{\"other\":1}"}) {
    const Echo without("{\"paid\":" + std::string(empty) + "}");
    CHECK(without.field(15) == kAbsent);
    CHECK(without.field(17) == kAbsent);
  }
}

TEST_CASE("a reader forgets the event before") {
  EventReader reader(core());
  const std::string first =
      event_line("echo", R"({"t":"x","things":["ticket"],"counts":{"ticket":1}})");
  const std::string second = event_line("echo", R"({"things":[]})");
  REQUIRE(reader.read_head(first));
  REQUIRE(reader.read_body());
  REQUIRE(reader.read_head(second));
  REQUIRE(reader.read_body());
  CHECK(reader.event().texts.empty());
  CHECK(reader.event().lists.empty());
  REQUIRE(reader.event().sets.size() == 1);
  CHECK(reader.event().sets[0].empty());
}

TEST_CASE("lines that look alike are read as each would be by itself") {
  const std::vector<std::string> alike[] = {
      {R"({"place":"north","n":1})", R"({"place":"","n":2})", R"({"place":"other","n":3})",
       R"({"place":"","n":4})"},
      {R"({"paid":{"cash":"1"},"t":"a"})", R"({"paid":{"cash":"2.5"},"t":""})",
       R"({"paid":{"cash":"no"},"t":"b"})", R"({"paid":{"cash":"3"},"t":"c"})"},
      {R"({"things":["ticket"],"thing":"x"})", R"({"things":["no"],"thing":"ticket"})",
       R"({"things":["ticket"],"thing":"ticket"})"},
      {R"({"paid":{"other":"1"}})", R"({"paid":{"other":"2"}})", R"({"paid":{"other":"3"}})"},
      {R"({"n":5})", R"({"n":1000000000001})", R"({"n":6})"}};
  for (const std::vector<std::string>& lines : alike) {
    EventReader reader(core());
    for (const std::string& data : lines) {
      CAPTURE(data);
      const std::string line = event_line("echo", data);
      EventReader alone(core());
      REQUIRE(reader.read_head(line));
      REQUIRE(alone.read_head(line));
      const bool fits = alone.read_body();
      REQUIRE(reader.read_body() == fits);
      if (!fits) {
        CHECK(reader.error().message == alone.error().message);
        continue;
      }
      const EventView& event = reader.event();
      const EventView& expected = alone.event();
      CHECK(std::equal(event.fields.begin(), event.fields.end(), expected.fields.begin(),
                       expected.fields.end()));
      CHECK(std::equal(event.texts.begin(), event.texts.end(), expected.texts.begin(),
                       expected.texts.end()));
    }
  }
}

TEST_CASE("damaged lines are refused or read, never more than that") {
  const std::string seed = event_line(
      "echo", R"({"thing":"ticket","n":5,"m":"1.5","things":["ticket"],"counts":{"ticket":2},)"
              R"("rows":[{"from":1}],"paid":{"cash":"1"},"i":"2025-07-01T00:00:00Z"})");
  const std::string_view alphabet = "{}[]:,\"\\u0159eE+-. ntf/a\xe5\xff\t";
  std::mt19937 random(7);
  EventReader reader(core());
  int fit = 0;
  for (int round = 0; round < 100000; ++round) {
    std::string line = seed;
    for (std::size_t edits = 1 + random() % 4; edits > 0; --edits)
      line[random() % line.size()] = alphabet[random() % alphabet.size()];
    if (reader.read_head(line) && reader.read_body()) {
      ++fit;
    } else {
      REQUIRE_FALSE(reader.error().code.empty());
    }
  }
  CHECK(fit > 0);
}
