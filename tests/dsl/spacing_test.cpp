// Spaces that were left out between words: what was meant is said, and nothing where a name is one.
#include "dsl/resolve/spacing.hpp"

#include <doctest/doctest.h>

#include "dsl/policy.hpp"

namespace toll::dsl {
namespace {

using Words = std::vector<std::string>;

Words split(std::string_view word, const std::string& name = "") {
  const Skin* const skin = find_skin(word[0] < 0 ? "zh" : "en");
  REQUIRE(skin != nullptr);
  return split_words(word, *skin, [&](const std::string& known) { return known == name; });
}

TEST_CASE("words that run together are told apart") {
  CHECK(split("\u81ea2025-06-23") == Words{"\u81ea", "2025-06-23"});
  CHECK(split("\u4e8e2025-06-23T10") == Words{"\u4e8e", "2025-06-23T10"});
  CHECK(split("\u6ee124\u5c0f\u65f6\u540e") == Words{"\u6ee1", "24", "\u5c0f\u65f6", "\u540e"});
  CHECK(split("\u5f53\u6709") == Words{"\u5f53", "\u6709"});
  CHECK(split("\u5f53\u6709x", "x") == Words{"\u5f53", "\u6709", "x"});
  CHECK(split("\u6ee124\u6b21") == Words{"\u6ee1", "24\u6b21"});
  CHECK(split("from2025-06-23") == Words{"from", "2025-06-23"});
}

TEST_CASE("a name is one word, whatever it begins with") {
  CHECK(split("\u5f53\u6709x").empty());
  CHECK(split("\u6ee1\u989d").empty());
  CHECK(split("entry2").empty());
  CHECK(split("forest").empty());
  std::string page;
  for (int i = 0; i < 100; ++i) page += "\u5f53";
  CHECK(split(page).empty());
}

TEST_CASE("the error says where the spaces belong, and fixes it") {
  SourceSet sources;
  Diagnostics diagnostics;
  const std::string text =
      "language 1\nunit call\ndomain plan { small }\ntable limits by plan {\n"
      "  from2025-06-23\n  | plan | n |\n  | small | 1 call |\n}\n";
  load_policy({{"a.toll", text}}, sources, diagnostics);
  REQUIRE(diagnostics.error_count() == 1);
  const Diagnostic& error = diagnostics.all()[0];
  CHECK(error.code() == "E0604");
  CHECK(error.help == Message{"advice.spaces", {"from 2025-06-23"}});
  REQUIRE(error.fixes.size() == 1);
  CHECK(error.fixes[0].text == " ");
  CHECK(sources.text(0).substr(error.fixes[0].span.begin, 4) == "2025");
}

}  // namespace
}  // namespace toll::dsl
