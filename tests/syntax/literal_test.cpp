#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "dsl/syntax/literals.hpp"

namespace toll::dsl {
namespace {

TEST_CASE("numbers of Chinese scale are exact decimal text") {
  struct Case {
    std::string_view text, plain;
  };
  for (const Case c :
       {Case{"1万", "10000"}, Case{"2.5万", "25000"}, Case{"1.23456万", "12345.6"},
        Case{"0.5亿", "50000000"}, Case{"1.00万", "10000"}, Case{"0万", "0"},
        Case{"0.00001万", "0.1"}, Case{"0.000010万", "0.1"}, Case{"1万亿", "1000000000000"},
        Case{"1_0.5", "10.5"}, Case{"0.10", "0.10"}, Case{"007", "007"}}) {
    CAPTURE(c.text);
    CHECK(read_number(c.text).plain == c.plain);
    CHECK(read_number(c.text).problem == NumberText::Problem::none);
  }
}

TEST_CASE("numbers that cannot be meant") {
  using Problem = NumberText::Problem;
  for (const std::string_view text : {"1_", "1__0", "1_.5", "1._5", "1.5_"}) {
    CAPTURE(text);
    CHECK(read_number(text).problem == Problem::underscore);
  }
  CHECK(read_number("1,000.5").problem == Problem::comma);
  CHECK(read_number("1,000.5").plain == "1000.5");
  CHECK(read_number("999999999999999999").problem == Problem::none);
  CHECK(read_number("1000000000000000000").problem == Problem::too_long);
  CHECK(read_number("0.000000000000000000001").problem == Problem::none);
  CHECK(read_number("10000000000万亿").problem == Problem::too_long);
}

TEST_CASE("only real days and times") {
  using Problem = TimeText::Problem;
  for (const std::string_view text :
       {"2025-02-29", "2025-13-01", "2025-00-10", "2025-04-31", "0000-01-01", "2100-02-29",
        "2025-06-23 24:00", "2025-06-23T10:60", "2025-06-23T10:00:60"}) {
    CAPTURE(text);
    CHECK(read_time(text).problem == Problem::impossible);
  }
  for (const std::string_view text : {"2025-6-23", "2025-06-3", "2025年6月3日", "2025-06-23 9:00",
                                      "2025-06-23T10:0:00", "2025-06-23 10：00"}) {
    CAPTURE(text);
    CHECK(read_time(text).problem == Problem::form);
  }
  CHECK(read_time("2025年6月3日").plain == "2025-06-03");
  CHECK(read_time("2025-06-23 9:00").plain == "2025-06-23T09:00");
  CHECK(read_time("2000-02-29").problem == Problem::none);
  CHECK(read_time("2025-06-23T00:00:00.123456789").problem == Problem::none);
  CHECK(read_time("2025-06-23T00:00:00.1234567891").problem == Problem::too_long);
}

TEST_CASE("escapes") {
  CHECK(read_string(R"(a\"b\\c\n\t)").content == "a\"b\\c\n\t");
  CHECK(read_string(R"(a\qb\)").content == "a\\qb\\");
  CHECK(read_string(R"(a\qb\)").bad_escapes.size() == 2);
}

}  // namespace
}  // namespace toll::dsl
