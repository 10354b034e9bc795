#include "dsl/syntax/diagnostic.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/syntax/helpers.hpp"

namespace toll::dsl::testing {
namespace {

TEST_CASE("carets stand under what they mean, wide characters counted as two") {
  const Parsed parsed = parse_english("\n\t政策， 「腾讯云\n");
  CHECK(render(parsed.diagnostics, parsed.sources) ==
        "test.toll:3:4: error[E0109]: full-width `，`\n"
        "        政策， 「腾讯云\n"
        "            ^~\n"
        "    help: write `,`\n"
        "test.toll:3:6: error[E0112]: this name is not closed in its line\n"
        "        政策， 「腾讯云\n"
        "               ^~~~~~~~\n"
        "    help: close it with `」`\n");
}

TEST_CASE("related places follow, and a mistake at the end of the file has a caret") {
  const Parsed parsed = parse_english("a {\n  b {\n}");
  CHECK(render(parsed.diagnostics, parsed.sources) ==
        "test.toll:3:6: error[E0121]: this block is never closed\n"
        "      b {\n"
        "         ^\n"
        "    help: close it with `}`\n"
        "test.toll:3:5: note: opened here\n"
        "      b {\n"
        "        ^\n");
  const Parsed row = parse_english("| a");
  CHECK(render(row.diagnostics, row.sources) ==
        "test.toll:2:4: error[E0124]: expected `|` at the end of the row\n"
        "    | a\n"
        "       ^\n"
        "    help: the last cell of a row is closed with `|`\n");
}

TEST_CASE("diagnostics are sorted, and said once") {
  SourceSet sources;
  const std::uint32_t first = sources.add("a", "one\ntwo\n");
  const std::uint32_t second = sources.add("b", "three");
  Diagnostics diagnostics;
  diagnostics.error({second, 0, 1}, {"E0202.left-over", {"c"}});
  diagnostics.warning({first, 4, 5}, {"E0201.expected", {"b"}});
  diagnostics.error({first, 0, 1}, {"E0201.expected", {"a"}}, {"advice.write", {"x"}});
  diagnostics.error({first, 0, 1}, {"E0201.expected", {"a"}}, {"advice.write", {"x"}});
  CHECK(diagnostics.error_count() == 3);
  CHECK(codes(diagnostics) == "E0201 E0201 E0202");
  const std::string text = render(diagnostics, sources, Language::en, true);
  CHECK(text.find("\x1b[1ma:1:1: \x1b[1;31merror[E0201]\x1b[0m: expected a\n") == 0);
  CHECK(text.find("warning[E0201]") != std::string::npos);
}

TEST_CASE("records for programs have positions and edits") {
  const Parsed parsed = parse_english("政策，x");
  const std::vector<DiagnosticRecord> records = to_records(parsed.diagnostics, parsed.sources);
  REQUIRE(records.size() == 1);
  CHECK(records[0].severity == "error");
  CHECK(records[0].code == "E0109");
  CHECK(records[0].place.path == "test.toll");
  CHECK(records[0].place.begin == 17);
  CHECK(records[0].place.end == 20);
  CHECK(records[0].place.from.line == 2);
  CHECK(records[0].place.from.column == 3);
  CHECK(records[0].place.to.column == 4);
  REQUIRE(records[0].fixes.size() == 1);
  CHECK(records[0].fixes[0].text == ",");
}

TEST_CASE("very long lines are cut around the caret") {
  const Parsed parsed = parse_english(std::string(100000, 'x') + " @ " + std::string(100000, 'y'));
  const std::string text = render(parsed.diagnostics, parsed.sources);
  CHECK(text.size() < 1500);
  const std::size_t line = text.find('\n') + 1;
  const std::size_t carets = text.find('\n', line) + 1;
  CHECK(text[line + text.find('^', carets) - carets] == '@');
}

TEST_CASE("editors count UTF-16") {
  SourceSet sources;
  const std::uint32_t file = sources.add("a", "x\n中😀é y\r\n");
  CHECK(sources.utf16_column(file, 2) == 0);
  CHECK(sources.utf16_column(file, 5) == 1);
  CHECK(sources.utf16_column(file, 9) == 3);
  CHECK(sources.utf16_column(file, 11) == 4);
  CHECK(sources.slice(sources.line_at(file, 9)) == "中😀é y");
  CHECK(sources.position_at(file, 1000).line == 3);
}

}  // namespace
}  // namespace toll::dsl::testing
