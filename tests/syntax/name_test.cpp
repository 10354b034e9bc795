#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "dsl/syntax/name.hpp"
#include "dsl/syntax/unicode.hpp"

namespace toll::dsl {
namespace {

TEST_CASE("names are the same whatever their spaces, widths and compositions") {
  CHECK(fold("车辆 VIN 码识别") == fold("车辆VIN码识别"));
  CHECK(fold("身份证识别（安全加密版）") == fold("身份证识别(安全加密版)"));
  CHECK(fold("ＯＣＲ　１") == "OCR1");
  CHECK(fold("e\xcc\x81") == fold("\xc3\xa9"));
  CHECK(fold("plain-name") == "plain-name");
  CHECK(fold(" a\tb\n") == "ab");
  CHECK(fold("") == "");
  CHECK(fold("鉴伪版") != fold("鉴别版"));
  CHECK(fold("a") != fold("A"));
}

TEST_CASE("folding twice changes nothing, and text that is not UTF-8 stays") {
  for (const std::string_view name :
       {"车辆 VIN 码", "e \xcc\x81", "\xc2\xb4x", "ﬁ ﷺ", "가 ᆨ", "①②"}) {
    CAPTURE(name);
    CHECK(fold(fold(name)) == fold(name));
  }
  CHECK(fold("a \xff") == "a \xff");
}

TEST_CASE("identifier letters follow annex 31 where it departs from the categories") {
  for (const char32_t code :
       {U'a', U'Z', U'é', U'中', U'ア', U'가', U'ا', char32_t{0x2118}, char32_t{0x212e}}) {
    CHECK(is_xid_start(code));
  }
  for (const char32_t code :
       {U'0', U'-', U'_', U'（', U'「', U'，', U'·', U'٠', char32_t{0x037a}, char32_t{0x2e2f},
        char32_t{0x309b}, char32_t{0x0e33}, char32_t{0xff9e}}) {
    CHECK(!is_xid_start(code));
  }
  for (const char32_t code :
       {U'0', U'_', U'·', U'٠', U'中', char32_t{0x0301}, char32_t{0x0e33}, char32_t{0xff9e}}) {
    CHECK(is_xid_continue(code));
  }
  for (const char32_t code : {U'-', U'（', U'。', U'　', char32_t{0x037a}, char32_t{0x200d}}) {
    CHECK(!is_xid_continue(code));
  }
}

TEST_CASE("UTF-8 is checked to the byte") {
  CHECK(find_invalid_utf8("abc中") == std::string_view::npos);
  CHECK(find_invalid_utf8("a\xff") == 1);
  CHECK(find_invalid_utf8("中\xe4\xb8") == 3);
  CHECK(find_invalid_utf8("\xc0\x80") == 0);
  CHECK(find_invalid_utf8("\xed\xa0\x80") == 0);
  CHECK(find_invalid_utf8("a\xf4\x90\x80\x80") == 1);
  std::string text;
  for (const char32_t code : {U'a', U'é', U'中', U'😀'}) append_utf8(text, code);
  CHECK(text == "aé中😀");
}

TEST_CASE("East Asian characters are two columns wide") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("中文，「」") == 10);
  CHECK(display_width("é") == 1);
  CHECK(display_width("e\xcc\x81") == 1);
}

}  // namespace
}  // namespace toll::dsl
