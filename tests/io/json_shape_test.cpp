#include "io/json_shape.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "io/digest.hpp"
#include "io/json_document.hpp"

using toll::io::ContentHasher;
using toll::io::JsonDocument;
using toll::io::JsonNode;

namespace {

/// What a text parses into, as text.
std::string told(JsonDocument& document, std::string_view text) {
  if (!document.parse(text)) return "no: " + document.error().text();
  std::string out;
  for (const JsonNode& node : document.nodes()) {
    out += std::to_string(static_cast<int>(node.kind)) + (node.truth ? "t" : "f");
    out += std::to_string(node.size) + "," + std::to_string(node.end) + ":";
    out += std::string(node.text) + ";";
  }
  return out;
}

const std::vector<std::string> kLines = {
    R"({"id":"e1","subject":"a","time":"2025-01-01T00:00:00+08:00","data":{"n":12,"x":null}})",
    R"({"id":"e2","subject":"a","data":{"n":[1,2,{"k":"v"}],"x":true}})",
    R"( { "id" : 0 , "subject":"" } )",
    R"({"n":1.5,"m":-2,"o":1e3})",
    R"({"t":"plain \u0041 or not","k\n":"v"})",
    R"(["a",1,"b",2])",
    R"("alone")",
    R"(17)",
    "{\"name\":\"\xe8\xba\xab\xe4\xbb\xbd\xe8\xaf\x81\"}",
};

}  // namespace

TEST_CASE("a text of a known shape is what it would be without") {
  std::mt19937 random(7);
  const std::string marks =
      "0123456789-.eE\"\\{}[],: \x01\xff"
      "abcnulltrue";
  JsonDocument knowing;
  for (int round = 0; round < 20'000; ++round) {
    std::string line = kLines[random() % kLines.size()];
    const auto changes = random() % 4;
    for (unsigned i = 0; i < changes; ++i) {
      const std::size_t at = random() % line.size();
      const char mark = marks[random() % marks.size()];
      if (random() % 3 == 0) {
        line.insert(at, 1, mark);
      } else if (random() % 2 == 0 && line.size() > 1) {
        line.erase(at, 1);
      } else {
        line[at] = mark;
      }
    }
    JsonDocument fresh;
    CAPTURE(line);
    REQUIRE(told(knowing, line) == told(fresh, line));
  }
}

TEST_CASE("most lines of one program have a known shape") {
  JsonDocument document;
  std::size_t known = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string line = R"({"id":"e)" + std::to_string(i * i) + R"(","n":)" +
                             std::to_string(i) + (i % 3 == 0 ? R"(,"code":"x"})" : "}");
    REQUIRE(document.parse(line));
    known += document.serial() != 0 ? 1U : 0U;
  }
  CHECK(known == 98);
}

TEST_CASE("what is kept of a shape is given up with it") {
  JsonDocument document;
  ContentHasher hasher;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {  // more shapes than are remembered
      const std::string line = R"({"k)" + std::to_string(i) + R"(":1,"n":{"a":"b"}})";
      REQUIRE(document.parse(line));
      JsonDocument fresh;
      REQUIRE(fresh.parse(line));
      CHECK(hasher.hash(document) == toll::io::hash_content(fresh));
      REQUIRE(document.parse(line));
      REQUIRE(document.serial() != 0);
      CHECK(hasher.hash(document) == toll::io::hash_content(fresh));
    }
  }
}
