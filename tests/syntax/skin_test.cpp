#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "dsl/syntax/skin.hpp"

namespace toll::dsl {
namespace {

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> problems;
  Skin::read("test", text, problems);
  return problems;
}

std::set<CanonicalWords> left_sides(const Skin& skin) {
  std::set<CanonicalWords> sides;
  for (const Skin::Entry& entry : skin.entries()) sides.insert(entry.canonical);
  return sides;
}

TEST_CASE("the built-in skins have no word with two meanings") {
  std::vector<std::string> problems;
  for (const EmbeddedSkin& embedded : embedded_skins()) {
    CAPTURE(embedded.name);
    Skin::read(std::string(embedded.name), embedded.text, problems);
  }
  for (const std::string& problem : problems) FAIL_CHECK(problem);
  CHECK(skin_names() == std::vector<std::string>{"en", "zh"});
}

TEST_CASE("all skins have words for the same things") {
  const std::set<CanonicalWords> canonical = left_sides(english());
  for (const std::string& name : skin_names()) {
    CAPTURE(name);
    CHECK(left_sides(*find_skin(name)) == canonical);
  }
}

TEST_CASE("every Chinese word is one bare word") {
  for (const Skin::Entry& entry : find_skin("zh")->entries()) {
    for (const std::string& spelling : entry.spellings) {
      CAPTURE(spelling);
      CHECK(spelling.find_first_of(" -.\t") == std::string::npos);
    }
  }
}

TEST_CASE("skin files are read strictly") {
  CHECK(
      problems_of("a\nb = x, y\n= = is\n!=\nc d\n# c\n@filler u v\n@print b … = x … u\n").empty());
  CHECK(problems_of("a = x\nb = x").size() == 1);
  CHECK(problems_of("a = x\na = y").size() == 1);
  CHECK(problems_of("a = x\n@filler x").size() == 1);
  CHECK(problems_of("@filler x\na = x").size() == 1);
  CHECK(problems_of("a = x\n@print a … = y … z").size() == 2);
  CHECK(problems_of("a = x\n@print b … = y … z").size() == 1);
  CHECK(problems_of("a = x\n@print a = x").size() == 1);
  CHECK(problems_of("a = x, y\n@later a = y\n@later b: a = y\n@scale k = 3").empty());
  CHECK(problems_of("a = x\n@later a = y").size() == 1);
  CHECK(problems_of("@scale k = many").size() == 1);
}

TEST_CASE("words are found both ways") {
  const Skin& zh = *find_skin("zh");
  REQUIRE(zh.find("不属于") != nullptr);
  CHECK(zh.find("不属于")->canonical == CanonicalWords{"not", "in"});
  CHECK(zh.spelling_of({"not", "in"})->spellings.front() == "不属于");
  CHECK(zh.find("from") == nullptr);
  CHECK(zh.is_filler("起"));
  CHECK(zh.is_reserved("自"));
  CHECK(english().find("is")->canonical == CanonicalWords{"="});
  CHECK(find_skin("fr") == nullptr);
}

}  // namespace
}  // namespace toll::dsl
