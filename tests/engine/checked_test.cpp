#include "engine/kernel/checked.hpp"

#include <doctest/doctest.h>

namespace toll {
namespace {

constexpr Value kMost = static_cast<Value>(~static_cast<UnsignedValue>(0) >> 1);

TEST_CASE("sums and products stop at the edge of the range") {
  Value out = 0;
  CHECK(checked::add(kMost - 1, 1, out));
  CHECK((out == kMost));
  CHECK_FALSE(checked::add(kMost, 1, out));
  CHECK(checked::sub(-kMost, 0, out));
  CHECK_FALSE(checked::sub(-kMost, 2, out));
  CHECK_FALSE(checked::mul(kMost / 2 + 1, 2, out));
  CHECK(checked::mul(kMost / 2, 2, out));
}

TEST_CASE("a result that would look absent is out of range") {
  Value out = 0;
  CHECK_FALSE(checked::sub(-kMost, 1, out));
  CHECK_FALSE(checked::add(-kMost, -1, out));
  CHECK_FALSE(checked::mul(static_cast<Value>(1) << 126, -2, out));
}

TEST_CASE("division rounds down for every sign") {
  for (int a = -20; a <= 20; ++a) {
    for (int b = -6; b <= 6; ++b) {
      if (b == 0) continue;
      const Value quotient = checked::floor_div(a, b);
      const Value rest = checked::modulo(a, b);
      CHECK((quotient * b + rest == a));
      CHECK((b > 0 ? rest >= 0 && rest < b : rest <= 0 && rest > b));
    }
  }
}

TEST_CASE("rounding takes a half away from zero, to a multiple of the step") {
  const auto rounded = [](Value a, Value b, Value step) {
    Value out = 0;
    CHECK(checked::round_div(a, b, step, out));
    return static_cast<int>(out);
  };
  CHECK(rounded(5, 2, 1) == 3);
  CHECK(rounded(-5, 2, 1) == -3);
  CHECK(rounded(5, -2, 1) == -3);
  CHECK(rounded(4, 3, 1) == 1);
  CHECK(rounded(149, 1, 100) == 100);
  CHECK(rounded(150, 1, 100) == 200);
  CHECK(rounded(-150, 1, 100) == -200);
  CHECK(rounded(299, 2, 100) == 100);
  CHECK(rounded(300, 2, 100) == 200);
  CHECK(rounded(0, 7, 3) == 0);
  CHECK(rounded(150, 1, -100) == 200);
}

TEST_CASE("rounding the largest values does not overflow by the way") {
  Value out = 0;
  CHECK(checked::round_div(kMost, kMost, 1, out));
  CHECK((out == 1));
  CHECK(checked::round_div(-kMost, 1, 1, out));
  CHECK((out == -kMost));
  CHECK_FALSE(checked::round_div(kMost, 1, 10, out));
}

TEST_CASE("rescaling multiplies by powers of ten") {
  Value out = 0;
  CHECK(checked::rescale(15, 6, out));
  CHECK((out == 15'000'000));
  CHECK(checked::rescale(0, 200, out));
  CHECK_FALSE(checked::rescale(1, 39, out));
}

}  // namespace
}  // namespace toll
