// Whatever text is given: it is refused, or it means the same afterwards and is not changed again.
#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fmt/formatting.hpp"

namespace toll::test {
namespace {

using tools::Formatted;

std::string read_file(const std::string& path) {
  std::ifstream in(TOLL_SOURCE_DIR "/" + path, std::ios::binary);
  REQUIRE(in);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string mutated(std::mt19937& random, const std::string& text) {
  static const std::vector<std::string> kPieces = {
      " ",  "  ", "\n", "\n\n", "\t", "\r\n", ";", ",",     "#",          "# c\n", "{",       "}",
      "(",  ")",  "[",  "|",    "\"", ".",    "-", "=",     ":",          "/",     "「",      "」",
      "起", "时", "1_", "万",   "%",  "is",   "x", "10_000", "2025-07-01", "text",  "{ a }\n", "| a |\n"};
  std::string result = text;
  for (auto edits = 1 + random() % 4; edits > 0; --edits) {
    const auto at = [&] { return random() % (result.size() + 1); };
    const std::size_t place = at();
    switch (random() % 6) {
      case 0:
      case 1:
        result.insert(place, kPieces[random() % kPieces.size()]);
        break;
      case 2:
        result.erase(place, 1 + random() % 3);
        break;
      case 3: {  // white space only: where layout is made
        const std::size_t blank = result.find_first_of(" \n", place);
        if (blank != std::string::npos) result.replace(blank, 1, random() % 2 == 0 ? "\n" : "   ");
        break;
      }
      case 4: {
        const std::size_t blank = result.find_first_of(" \n", place);
        if (blank != std::string::npos) result.erase(blank, 1);
        break;
      }
      default:
        result.insert(place, result.substr(at(), 1 + random() % 40));
    }
  }
  return result;
}

/// What came of it.
Formatted::Outcome survive(const std::string& text) {
  CAPTURE(text);
  const Formatted once = formatted(text);
  CHECK(once.outcome != Formatted::Outcome::unproven);
  if (once.outcome == Formatted::Outcome::broken) {
    CHECK(once.after == text);
    return once.outcome;
  }
  CHECK(core_of(once.after) == core_of(text));
  const Formatted twice = formatted(once.after);
  CAPTURE(once.after);
  CHECK(twice.after == once.after);
  CHECK(twice.outcome == Formatted::Outcome::same);
  return once.outcome;
}

constexpr std::array kSeeds = {"examples/small/geocoding.toll", "examples/small/地理编码.toll",
                               "tests/cli/meter.toll", "tests/show/print-shop.toll"};

TEST_CASE("rule files with edits at random") {
  std::mt19937 random(20250701);
  int changed = 0;
  int broken = 0;
  for (const char* path : kSeeds) {
    const std::string text = read_file(path);
    for (int round = 0; round < 30; ++round) {
      const Formatted::Outcome outcome = survive(mutated(random, text));
      changed += outcome == Formatted::Outcome::changed ? 1 : 0;
      broken += outcome == Formatted::Outcome::broken ? 1 : 0;
    }
  }
  MESSAGE(changed << " formatted, " << broken << " refused");
  CHECK(changed > 20);
  CHECK(broken > 20);
}

TEST_CASE("the texts that once broke something") {
  namespace fs = std::filesystem;
  int count = 0;
  for (const auto& entry : fs::directory_iterator(TOLL_SOURCE_DIR "/tests/fuzz/policies")) {
    if (entry.file_size() > 9000) continue;  // nested thousands deep
    survive(read_file("tests/fuzz/policies/" + entry.path().filename().string()));
    ++count;
  }
  CHECK(count > 40);
}

TEST_CASE("to the other language and back gives the same bytes") {
  for (const char* path : kSeeds) {
    CAPTURE(path);
    const std::string text = formatted(read_file(path)).after;
    const bool chinese = text.find("language 1 zh") != std::string::npos;
    const Formatted there = formatted(text, chinese ? "en" : "zh");
    REQUIRE(there.outcome == Formatted::Outcome::changed);
    CHECK(core_of(there.after) == core_of(text));
    CHECK(formatted(there.after).outcome == Formatted::Outcome::same);
    const Formatted back = formatted(there.after, chinese ? "zh" : "en");
    CHECK(back.after == text);
  }
}

}  // namespace
}  // namespace toll::test
