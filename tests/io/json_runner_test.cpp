#include "toll/json.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "io/feed.hpp"
#include "tests/io/small_core.hpp"

using namespace toll;
using nlohmann::json;
using toll::test::event_line;

namespace {

std::shared_ptr<const Program> program() {
  static const auto kProgram = prepare(std::make_shared<const Core>(test::small_core()));
  return kProgram;
}

/// A runner and what it wrote since it was last asked.
struct Desk {
  Desk() : runner(program(), [this](std::string_view line) { written.emplace_back(line); }) {}

  std::vector<std::string> take() { return std::exchange(written, {}); }

  std::string feed(const std::string& line, std::uint64_t number = 0) {
    runner.feed(line, number);
    const std::vector<std::string> lines = take();
    REQUIRE(lines.size() == 1);
    return lines[0];
  }

  json feed_json(const std::string& line, std::uint64_t number = 0) {
    return json::parse(feed(line, number));
  }

  std::vector<std::string> written;
  JsonRunner runner;
};

std::string with(const std::string& id, const std::string& rest) {
  return "{\"id\":\"" + id + "\",\"subject\":\"a\",\"type\":\"nothing\"" + rest + "}";
}

constexpr const char* kTime = R"(,"time":"2025-07-01T10:00:00Z")";

}  // namespace

TEST_CASE("every kind of value is written as the contract says") {
  Desk desk;
  const std::string line = desk.feed(event_line(
      "echo",
      R"x({"b":true,"t":"a\"\\\n\u0001/","n":5,"k":2,"m":"75.50","price":"0.15",)x"
      R"x("i":"2025-06-30T16:00:00.120Z","d":"2024-02-29","thing":"ticket","place":"moon",)x"
      R"x("known":"bill (A)","mode":"slow","things":["bill(A)","ticket"],)x"
      R"x("rows":[{"from":0,"price":"0.000001"},{"from":10}],"counts":{"no":1,"ticket":2},)x"
      R"x("paid":{"cash":"1000000000000"}})x"));
  CHECK(
      line ==
      R"x({"seq":1,"account":"a","time":"2025-07-01T10:00:00+08:00","cause":"e1","kind":"echo",)x"
      R"x("rule":"small.toll:12","b":true,"t":"a\"\\\u000a\u0001/","n":5,"k":2,"m":"75.5",)x"
      R"x("price":"0.15","i":"2025-07-01T00:00:00.12+08:00","d":"2024-02-29",)x"
      "\"thing\":\"\u5C0F\u7968\",\"place\":\"moon\","
      R"x("known":"bill(A)","mode":"slow",)x"
      "\"things\":[\"\u5C0F\u7968\",\"bill(A)\"],"
      R"x("paid":true,"cash":"1000000000000","gift":"0","rows":[{"from":0,"price":"0.000001"},{"from":10}],)x"
      "\"counts\":[{\"thing\":\"no\",\"n\":1},{\"thing\":\"\u5C0F\u7968\",\"n\":2}]}");
}

TEST_CASE("absent members are left out, unless they are to be null") {
  Desk desk;
  const json entry = desk.feed_json(event_line("echo", "{}"));
  CHECK(entry["m"].is_null());
  CHECK(entry["n"] == 0);
  CHECK(entry["k"] == 1);
  CHECK(entry["rows"].empty());
  for (const char* absent : {"b", "t", "price", "i", "d", "thing", "things", "cash"}) {
    CAPTURE(std::string(absent));
    CHECK_FALSE(entry.contains(absent));
  }
}

TEST_CASE("an error entry tells what the line told") {
  Desk desk;
  json entry = desk.feed_json("{oops", 7);
  CHECK(entry["account"] == "");
  CHECK(entry["cause"] == "");
  CHECK(entry["time"].is_null());
  CHECK(entry["kind"] == "error");
  CHECK(entry["code"] == "bad-json");
  CHECK(entry["line"] == 7);
  CHECK(entry["seq"] == 1);
  entry = desk.feed_json(R"({"id":"x","time":"2025-07-01T10:00:00Z"})");
  CHECK(entry["account"] == "");
  CHECK(entry["cause"] == "x");
  CHECK(entry["time"] == "2025-07-01T18:00:00+08:00");
  CHECK(entry["code"] == "bad-event");
  CHECK(entry["seq"] == 2);
  CHECK_FALSE(entry.contains("line"));
  entry = desk.feed_json(with("x", ""));
  CHECK(entry["account"] == "a");
  CHECK(entry["seq"] == 1);
  CHECK(entry["code"] == "bad-event");
}

TEST_CASE("repeats come before everything else, and a refused id may be used again") {
  Desk desk;
  const std::string good = event_line("echo", R"({"n":1})");
  CHECK(desk.feed_json(event_line("echo", R"({"n":-1})"))["code"] == "bad-event");
  CHECK(desk.feed_json(good)["kind"] == "echo");
  json entry = desk.feed_json(good, 3);
  CHECK(entry["kind"] == "duplicate");
  CHECK(entry["code"] == "duplicate");
  CHECK(entry["line"] == 3);
  CHECK(desk.feed_json(event_line("echo", R"({"n":1.0})"))["kind"] == "duplicate");
  CHECK(desk.feed_json(event_line("echo", R"({"n":2})"))["code"] == "duplicate-id");
  CHECK(desk.feed_json(event_line("no-such-type", "{}"))["code"] == "duplicate-id");
  CHECK(desk.feed_json(R"({"id":"e1","subject":"a"})")["code"] == "duplicate-id");
  CHECK(desk.feed_json(R"({"id":"e1","source":"s","subject":"a"})")["code"] == "bad-event");
  std::string other = good;
  other.replace(other.find("\"a\""), 3, "\"b\"");
  CHECK(desk.feed_json(other)["kind"] == "echo");
  CHECK(desk.runner.totals().accounts == 2);
  CHECK(desk.runner.totals().errors == 5);
}

TEST_CASE("the policy's own refusals carry their code and the line") {
  Desk desk;
  const json entry = desk.feed_json(event_line("order", R"({"id":"o","size":13})"), 9);
  CHECK(entry["code"] == "unlucky");
  CHECK(entry["line"] == 9);
  CHECK(entry["cause"] == "e1");
  CHECK(desk.runner.feed(event_line("order", R"({"id":"o","size":12})")));
  CHECK(desk.take().empty());
}

TEST_CASE("timers fire up to the time asked for, in the order in which accounts appeared") {
  Desk desk;
  for (const char* name : {"z", "a", "m"}) {
    std::string line = event_line("echo", R"({"k":7})");
    line.replace(line.find("\"a\""), 3, "\"" + std::string(name) + "\"");
    desk.feed(line);
  }
  desk.runner.advance(desk.runner.parse_time("2029-12-31T23:59:59.999999999+08:00"));
  CHECK(desk.take().empty());
  desk.runner.advance(desk.runner.parse_time("2030-01-01T00:00:00+08:00"));
  const std::vector<std::string> lines = desk.take();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == R"({"seq":2,"account":"z","time":"2030-01-01T00:00:00+08:00",)"
                    R"("cause":"timer:wake","kind":"woke","rule":"small.toll:12"})");
  CHECK(json::parse(lines[1])["account"] == "a");
  CHECK(json::parse(lines[2])["account"] == "m");
  CHECK(desk.runner.parse_time("tomorrow") == kAbsent);
}

TEST_CASE("accounts saved by one runner go on in another") {
  Desk desk;
  const std::string first = event_line("echo", R"({"k":7})");
  std::string other = first;
  other.replace(other.find("\"a\""), 3, "\"b\"");
  desk.feed(first);
  desk.feed(other);
  std::vector<std::pair<std::string, std::string>> states;
  desk.runner.visit([&states](std::string_view subject, const Account& account) {
    states.emplace_back(subject, account.save());
  });
  REQUIRE(states.size() == 2);
  CHECK(states[0].first == "a");

  Desk later;
  CHECK(later.runner.restore("a", "no state at all") != "");
  CHECK(later.runner.account("a") == nullptr);
  for (const auto& [subject, state] : states) CHECK(later.runner.restore(subject, state) == "");
  CHECK(later.runner.totals().accounts == 2);
  CHECK(later.feed_json(first)["kind"] == "duplicate");
  later.runner.advance(later.runner.parse_time("2030-01-01T00:00:00+08:00"));
  const std::vector<std::string> lines = later.take();
  REQUIRE(lines.size() == 2);
  CHECK(json::parse(lines[0])["seq"] == 3);
  CHECK(json::parse(lines[1])["account"] == "b");

  CHECK(later.runner.restore("a", states[0].second) == "");  // back to what it was
  CHECK(later.feed_json(first)["seq"] == 2);
}

TEST_CASE("the latest time counts every readable time") {
  Desk desk;
  CHECK(desk.runner.latest_time() == kAbsent);
  desk.runner.feed(with("1", kTime));
  const Value first = desk.runner.latest_time();
  CHECK(first == desk.runner.parse_time("2025-07-01T10:00:00Z"));
  desk.runner.feed(R"({"time":"2025-06-01T10:00:00Z"})");
  CHECK(desk.runner.latest_time() == first);
  desk.runner.feed(R"({"time":"2026-01-01T00:00:00Z"})");
  CHECK(desk.runner.latest_time() == desk.runner.parse_time("2026-01-01T00:00:00Z"));
}

TEST_CASE("a stream is fed line by line, whatever is in it") {
  Desk desk;
  const std::string text = "\xEF\xBB\xBF" + event_line("echo", "{}") + "\r\n\n  \t\n" +
                           std::string(3 << 20, '{') + "\n" + std::string("\0\n", 2) +
                           event_line("nothing", "{}");
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  std::thread writer([&text, out = ends[1]] {
    std::string_view rest = text;
    while (!rest.empty())
      rest.remove_prefix(static_cast<std::size_t>(::write(out, rest.data(), rest.size())));
    ::close(out);
  });
  CHECK(io::feed_all(ends[0], desk.runner, [](std::uint64_t) { return true; }) == 0);
  writer.join();
  ::close(ends[0]);
  const std::vector<std::string> lines = desk.take();
  REQUIRE(lines.size() == 4);
  CHECK(json::parse(lines[0])["kind"] == "echo");
  CHECK(json::parse(lines[1])["code"] == "bad-json");
  CHECK(json::parse(lines[1])["line"] == 4);
  CHECK(json::parse(lines[2])["code"] == "bad-json");
  CHECK(json::parse(lines[2])["line"] == 5);
  CHECK(json::parse(lines[3])["code"] == "duplicate-id");
  CHECK(desk.runner.totals().events == 4);
}
