#include "io/digest.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace toll::io;

namespace {

std::uint64_t content(std::string_view text) {
  JsonDocument document;
  REQUIRE(document.parse(text));
  return hash_content(document);
}

}  // namespace

TEST_CASE("equal JSON values have equal content") {
  const std::vector<std::vector<std::string_view>> equal = {
      {R"({"a":1,"b":[1,{"c":"x","d":null}]})",
       R"( { "b" : [1.0,{"d":null,"c":"\u0078"}],"a":1e0})"},
      {"1", "1.0", "1e0", "10e-1", "0.1e1", "1.000", "1E+0", "100e-2"},
      {"0", "-0", "0.000", "0e99", "-0.0e-5"},
      {"12.5", "1.25e1", "125e-1", "0.125E2", "12.50"},
      {"1000000000000000000000000", "1e24", "10e23"},
      {"-0.05", "-5e-2"},
      {R"("\/a")", R"("/a")"},
  };
  for (const auto& values : equal)
    for (const std::string_view value : values) {
      CAPTURE(std::string(value));
      CHECK(content(value) == content(values[0]));
    }
}

TEST_CASE("different JSON values have different content") {
  const std::vector<std::string_view> values = {"null",
                                                "true",
                                                "false",
                                                "0",
                                                "1",
                                                "-1",
                                                "10",
                                                "0.1",
                                                "1.1",
                                                "11",
                                                "\"1\"",
                                                "\"\"",
                                                "\"null\"",
                                                "[]",
                                                "{}",
                                                "[null]",
                                                "[[]]",
                                                "[1,2]",
                                                "[2,1]",
                                                "[1,[2]]",
                                                "[[1],2]",
                                                R"({"a":1})",
                                                R"({"a":null})",
                                                R"({"b":1})",
                                                R"({"1":"a"})",
                                                R"({"a":1,"b":2})",
                                                R"({"a":2,"b":1})",
                                                R"({"a":{"b":1}})",
                                                "12345678901234567890.1",
                                                "12345678901234567890.2",
                                                "1e300",
                                                "1e301"};
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      CAPTURE(std::string(values[i]));
      CAPTURE(std::string(values[j]));
      CHECK(content(values[i]) != content(values[j]));
    }
}

TEST_CASE("source and id cannot be mistaken for each other") {
  std::string scratch;
  const KeyHash one = hash_key("ab", "c", scratch);
  const KeyHash other = hash_key("a", "bc", scratch);
  CHECK((one.high != other.high || one.low != other.low));
  const KeyHash again = hash_key("ab", "c", scratch);
  CHECK((one.high == again.high && one.low == again.low));
}
