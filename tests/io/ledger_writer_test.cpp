#include "io/ledger_writer.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace toll;
using namespace toll::io;

namespace {

std::string decimal(Value value, unsigned scale) {
  std::string out;
  append_decimal(out, value, scale);
  return out;
}

}  // namespace

TEST_CASE("decimals have no zeros too many and none too few") {
  CHECK(decimal(0, 0) == "0");
  CHECK(decimal(0, 6) == "0");
  CHECK(decimal(7, 0) == "7");
  CHECK(decimal(-70, 0) == "-70");
  CHECK(decimal(75000000, 6) == "75");
  CHECK(decimal(150000, 6) == "0.15");
  CHECK(decimal(-1, 6) == "-0.000001");
  CHECK(decimal(1000001, 6) == "1.000001");
  CHECK(decimal(1500000000000, 12) == "1.5");
  const Value large = static_cast<Value>(1'000'000'000'000) * 1'000'000'000'000;
  CHECK(decimal(large, 12) == "1000000000000");
  CHECK(decimal(large * 10 + 1, 12) == "10000000000000.000000000001");
  CHECK(decimal(kAbsent + 1, 0) == "-170141183460469231731687303715884105727");
}

TEST_CASE("strings come back from any JSON parser") {
  std::string text;
  for (int c = 0; c < 128; ++c) text.push_back(static_cast<char>(c));
  text += "\u00e9\u5c0f\U0001F600";
  std::string out;
  append_json_string(out, text);
  CHECK(nlohmann::json::parse(out).get<std::string>() == text);
}
