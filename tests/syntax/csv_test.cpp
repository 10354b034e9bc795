// CSV as spreadsheets write it: quotes, separators, line ends, and where each cell stands.
#include "dsl/syntax/csv.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace toll::dsl;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(std::string_view text, char separator = ',') {
  Rows rows;
  for (const auto& record : csv_records(text, separator)) {
    rows.emplace_back();
    for (const CsvCell& cell : record) rows.back().push_back(cell.text);
  }
  return rows;
}

}  // namespace

TEST_CASE("cells, quotes and line ends") {
  CHECK(read("a,b\n1,2\n") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read("a,b\r\n1,2") == Rows{{"a", "b"}, {"1", "2"}});
  CHECK(read("\xEF\xBB\xBF\"a,\"\"x\"\"\",b\n") == Rows{{"a,\"x\"", "b"}});
  CHECK(read("\"two\nlines\",b\n") == Rows{{"two\nlines", "b"}});
  CHECK(read("a,\n,b\n,") == Rows{{"a", ""}, {"", "b"}, {"", ""}});
  CHECK(read("a\n\nb\n") == Rows{{"a"}, {""}, {"b"}});
  CHECK(read("a;b,c\n", ';') == Rows{{"a", "b,c"}});
  CHECK(read("").empty());
  CHECK(read("\"never closed\nx") == Rows{{"never closed\nx"}});
}

TEST_CASE("a cell knows its bytes, quotes included") {
  const std::string_view text = "ab,\"c\"\"d\",e\nf,g";
  const auto records = csv_records(text);
  REQUIRE(records.size() == 2);
  const CsvCell& quoted = records[0][1];
  CHECK(text.substr(quoted.begin, quoted.end - quoted.begin) == "\"c\"\"d\"");
  const CsvCell& last = records[1][1];
  CHECK(text.substr(last.begin, last.end - last.begin) == "g");
}

TEST_CASE("the separator is the one that the first line has most of, outside quotes") {
  CHECK(csv_separator("a,b;c,d\n") == ',');
  CHECK(csv_separator("a;b;\"x,y,z,w\"\n1,2,3,4,5") == ';');
  CHECK(csv_separator("a\tb, c\td") == '\t');
  CHECK(csv_separator("one") == ',');
}
