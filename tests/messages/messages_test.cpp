#include "messages/messages.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace toll;

namespace {

std::map<std::string, std::string> texts(Language language) {
  std::map<std::string, std::string> all;
  for (const CatalogueEntry& entry : entries_of(language)) all[entry.id] = entry.text;
  return all;
}

/// A text that names nothing but its holes says the same in every language.
bool has_letters(const std::string& text) {
  bool hole = false;
  for (const char c : text) {
    hole = c == '{' || (hole && c != '}');
    if (!hole && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) return true;
  }
  return false;
}

/// Ideographs; marks of the syntax such as corner brackets may stand in any language.
bool has_wide(const std::string& text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0xe4U && static_cast<unsigned char>(c) <= 0xe9U)
      return true;
  return false;
}

}  // namespace

TEST_CASE("catalogues are well formed and no id is given twice") {
  std::map<std::string, std::set<std::string>> seen;
  for (const EmbeddedCatalogue& catalogue : embedded_catalogues()) {
    std::vector<std::string> problems;
    for (const CatalogueEntry& entry : read_catalogue(catalogue, problems)) {
      CHECK_MESSAGE(seen[std::string(catalogue.language)].insert(entry.id).second, entry.place,
                    " gives ", entry.id, " again");
      CHECK_MESSAGE(!entry.text.empty(), entry.place, " has no text");
      std::vector<std::string> braces;
      holes_of(entry.text, braces);
      CHECK_MESSAGE(braces.empty(), entry.place, ": ", entry.text);
    }
    for (const std::string& problem : problems) FAIL_CHECK(problem);
  }
  CHECK(seen["en"].size() > 5);
}

TEST_CASE("every text is there in every language, with the same holes") {
  const auto en = texts(Language::en);
  const auto zh = texts(Language::zh);
  // No structured bindings: the checks are lambdas, which clang 14 lets capture none.
  for (const auto& entry : en) {
    const std::string& id = entry.first;
    const std::string& text = entry.second;
    const auto other = zh.find(id);
    REQUIRE_MESSAGE(other != zh.end(), id, " has no Chinese text");
    std::vector<std::string> problems;
    CHECK_MESSAGE(holes_of(text, problems) == holes_of(other->second, problems), id,
                  ": the holes differ");
    CHECK_MESSAGE(!has_wide(text), id, ": Chinese in the English text");
    if (has_letters(text) && text == other->second) {
      FAIL_CHECK(std::string(id + " is not translated"));
    }
  }
  for (const auto& entry : zh)
    CHECK_MESSAGE(en.count(entry.first) == 1, entry.first, " has no English text");
}

TEST_CASE("holes are filled, counted, and nested in the language asked for") {
  const Message few("cli.test.summary", {std::size_t{1}, std::size_t{2}});
  CHECK(say(few, Language::en) == "1 passed, 2 failed");
  CHECK(say(few, Language::zh).find('2') != std::string::npos);
  const Message nested("cli.bug", {Message("cli.no-command", {"x"})});
  CHECK(say(nested, Language::en) == "a bug in toll: no command `x`; `toll help` lists them");
  CHECK(say(Message("no.such"), Language::en) == "[no.such]");
}

TEST_CASE("words of the rule language are spelled as the reader's file spells them") {
  const Message message("E0201.expected", {Message("what.sign", {keyword("when")})});
  CHECK(say(message, Language::en) == "expected `when`");
  const auto loud = [](std::string_view words) { return "<" + std::string(words) + ">"; };
  CHECK(say(message, Language::en, loud) == "expected `<when>`");
  CHECK(say(Message("E0410.never-absent.help"), Language::en, loud) == "use `<not>`");
  CHECK(message == Message("E0201.expected", {Message("what.sign", {keyword("when")})}));
  CHECK(!(message == Message("E0201.expected", {Message("what.sign", {"when"})})));
}

TEST_CASE("languages are told from tags and locale names") {
  CHECK(read_language("zh_CN.UTF-8") == Language::zh);
  CHECK(read_language("en") == Language::en);
  CHECK(!read_language("C").has_value());
  CHECK(!read_language("zhuang").has_value());
}
