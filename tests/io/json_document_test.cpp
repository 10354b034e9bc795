#include "io/json_document.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

using toll::io::JsonDocument;
using toll::io::JsonNode;

namespace {

bool parses(std::string_view text) {
  JsonDocument document;
  return document.parse(text);
}

/// nlohmann's parser as a second opinion; it lets equal keys pass, so they are counted beside. It
/// has none on numbers that no double holds.
std::optional<bool> reference_parses(const std::string& text) {
  bool duplicate = false;
  std::vector<std::set<std::string>> open;
  const auto watch = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start) open.emplace_back();
    if (event == Event::object_end) open.pop_back();
    if (event == Event::key && !open.back().insert(value.get<std::string>()).second)
      duplicate = true;
    return true;
  };
  try {
    const nlohmann::json parsed = nlohmann::json::parse(text, watch);
    return !parsed.is_discarded() && !duplicate;
  } catch (const nlohmann::json::out_of_range&) {
    return std::nullopt;
  } catch (const nlohmann::json::exception&) {
    return false;
  }
}

}  // namespace

TEST_CASE("what RFC 8259 allows parses") {
  for (const std::string_view text :
       {"{}", "[]", "null", " true ", "false", "0", "-0", "-0.5e+10", "1E400", "\"\"",
        R"({"a":[1,{"b":null}],"c":"\u00e9\ud83d\ude00\n"})", "\t[ 1 , 2 ]\r\n",
        "123456789012345678901234567890", R"(["\/\"\\\b\f\r\t"])", R"("\u0000")"}) {
    CAPTURE(std::string(text));
    CHECK(parses(text));
  }
}

TEST_CASE("what RFC 8259 forbids does not parse") {
  const std::string nul("{\"a\":\"\0\"}", 9);
  for (const std::string& text : std::vector<std::string>{"",
                                                          " ",
                                                          "{",
                                                          "}",
                                                          "[1,]",
                                                          "{\"a\":1,}",
                                                          "{\"a\"}",
                                                          "{a:1}",
                                                          "{'a':1}",
                                                          "01",
                                                          "1.",
                                                          ".5",
                                                          "+1",
                                                          "--1",
                                                          "1e",
                                                          "1e+",
                                                          "-",
                                                          "nul",
                                                          "nulll",
                                                          "True",
                                                          "\"a",
                                                          "\"\t\"",
                                                          "\"\\x\"",
                                                          "\"\\u12g4\"",
                                                          "\"\\ud800\"",
                                                          "\"\\ud800\\u0041\"",
                                                          "\"\\udc00\"",
                                                          "{} {}",
                                                          "[1 2]",
                                                          "NaN",
                                                          "Infinity",
                                                          "\"\xff\"",
                                                          "\"\xc0\x80\"",
                                                          "\"\xed\xa0\x80\"",
                                                          "\"\xf4\x90\x80\x80\"",
                                                          "\"\xe5\xb0\"",
                                                          "\xef\xbb\xbf{}",
                                                          "/**/1",
                                                          nul,
                                                          std::string("{}\0", 3)}) {
    CAPTURE(text);
    CHECK_FALSE(parses(text));
  }
}

TEST_CASE("equal keys of one object are found at any depth and in any spelling") {
  CHECK_FALSE(parses(R"({"a":1,"a":1})"));
  CHECK_FALSE(parses(R"({"x":[{"y":{"a":1,"b":2,"a":3}}]})"));
  CHECK_FALSE(parses(R"({"a":1,"\u0061":2})"));
  CHECK(parses(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})"));
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  CHECK(parses(many + "\"k1000\":1}"));
  CHECK_FALSE(parses(many + "\"k500\":1}"));
}

TEST_CASE("nesting is bounded") {
  const auto nested = [](int depth) {
    const auto size = static_cast<std::size_t>(depth);
    return std::string(size, '[') + std::string(size, ']');
  };
  CHECK(parses(nested(JsonDocument::kMaxDepth)));
  CHECK_FALSE(parses(nested(JsonDocument::kMaxDepth + 1)));
  CHECK_FALSE(parses(std::string(1 << 20, '[')));
  std::string objects;
  for (int i = 0; i < 200000; ++i) objects += "{\"a\":";
  CHECK_FALSE(parses(objects));
}

TEST_CASE("texts keep what was written and a null member counts as absent") {
  JsonDocument document;
  REQUIRE(document.parse(R"({"plain":"abc","escaped":"a\u00e9\"b","number":1.50,"nothing":null})"));
  std::vector<std::string> found;
  document.each_member(0, [&](std::string_view key, std::uint32_t value) {
    found.push_back(std::string(key) + "=" + std::string(document[value].text));
  });
  CHECK(found == std::vector<std::string>{"plain=abc", "escaped=a\u00e9\"b", "number=1.50"});
  CHECK(document[0].size == 4);
}

TEST_CASE("an error says what and where") {
  JsonDocument document;
  REQUIRE_FALSE(document.parse("{\"a\" 1}"));
  CHECK(document.error().reason == "expected `:`");
  CHECK(document.error().column == 6);
}

TEST_CASE("damaged texts are judged as the reference parser judges them") {
  const std::vector<std::string> seeds = {
      R"({"id":"e-1","data":{"a":[1,-2.5e3,true,null],"b":"\u5c0f\ud83d\ude00"},"x":""})",
      "[{\"k\":{}},[[]],0.10,\"\xe5\xb0\x8f\xf0\x9f\x98\x80\",false]"};
  const std::string_view alphabet = "{}[]:,\"\\u0159eE+-. ntf/a\xe5\xb0\xff\t\n";
  std::mt19937 random(20250701);
  const auto below = [&random](std::size_t bound) { return random() % bound; };
  int accepted = 0;
  for (int round = 0; round < 60000; ++round) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t edits = 1 + below(3); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      const char letter = alphabet[below(alphabet.size())];
      switch (below(4)) {
        case 0:
          text[at] = letter;
          break;
        case 1:
          text.insert(at, 1, letter);
          break;
        case 2:
          text.erase(at, 1 + below(3));
          break;
        default: {
          // One after the other: compilers differ in the order of arguments.
          const std::size_t from = below(text.size());
          const std::size_t length = 1 + below(6);
          text.insert(at, text.substr(from, length));
          break;
        }
      }
    }
    const std::optional<bool> expected = reference_parses(text);
    if (!expected) continue;
    accepted += *expected ? 1 : 0;
    CAPTURE(text);
    REQUIRE(parses(text) == *expected);
  }
  CHECK(accepted > 1000);
}
