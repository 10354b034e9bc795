#include "engine/kernel/digest_set.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <map>

#include "engine/kernel/hash.hpp"

namespace toll {
namespace {

DigestSet::Entry entry(std::uint64_t number) {
  DigestSet::Entry made;
  made.high = mix(number);
  made.low = static_cast<std::uint16_t>(mix(number + 77));
  made.content = mix(number + 99) & DigestSet::kContentMask;
  return made;
}

TEST_CASE("a remembered id is found with its content and an unknown one is not") {
  DigestSet set;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    DigestSet::Entry probe = entry(i);
    CHECK_FALSE(set.find(probe));
    set.insert(entry(i), 0);
    if (i % 97 != 0) continue;
    for (std::uint64_t j = 0; j <= i; j += 13) {
      DigestSet::Entry known = entry(j);
      known.content = 0;
      REQUIRE(set.find(known));
      REQUIRE(known.content == entry(j).content);
    }
  }
  CHECK(set.size() == 20'000);
}

TEST_CASE("an id takes at most 32 bytes, also with its time") {
  for (const bool timed : {false, true}) {
    DigestSet set(timed);
    for (std::uint64_t i = 1; i <= 5'000; ++i) {
      set.insert(entry(i), std::numeric_limits<std::int64_t>::min());
      if (i > 16) CHECK(set.bytes() <= 32 * i);
    }
  }
}

TEST_CASE("ids of one hash apart from the last bits are told apart") {
  DigestSet set;
  for (std::uint16_t low = 0; low < 300; ++low) {
    DigestSet::Entry made;
    made.high = 42;
    made.low = low;
    made.content = low;
    set.insert(made, 0);
  }
  for (std::uint16_t low = 0; low < 300; ++low) {
    DigestSet::Entry probe;
    probe.high = 42;
    probe.low = low;
    REQUIRE(set.find(probe));
    CHECK(probe.content == low);
  }
}

TEST_CASE("the ids at both ends of the range wrap around") {
  DigestSet set;
  std::map<std::pair<std::uint64_t, std::uint16_t>, std::uint64_t> model;
  for (std::uint64_t i = 0; i < 200; ++i) {
    DigestSet::Entry made = entry(i);
    made.high = i % 2 == 0 ? ~std::uint64_t{0} - i / 20 : i / 20;
    if (!model.emplace(std::pair{made.high, made.low}, made.content).second) continue;
    set.insert(made, 0);
  }
  CHECK(set.entries().size() == model.size());
  for (const DigestSet::Entry& made : set.entries()) {
    CHECK(model.at({made.high, made.low}) == made.content);
    DigestSet::Entry probe = made;
    CHECK(set.find(probe));
  }
}

TEST_CASE("an id that comes again replaces itself") {
  DigestSet set(true);
  for (std::uint64_t i = 0; i < 50; ++i) set.insert(entry(i), -10);
  DigestSet::Entry again = entry(7);
  again.content = 5;
  again.seconds = 1234;
  set.insert(again, -10);
  CHECK(set.size() == 50);
  DigestSet::Entry probe = entry(7);
  REQUIRE(set.find(probe));
  CHECK(probe.content == 5);
  CHECK(probe.seconds == 1234);
}

TEST_CASE("forgotten ids make room when the table would grow") {
  DigestSet set(true);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    DigestSet::Entry made = entry(i);
    made.seconds = static_cast<std::int64_t>(i);
    set.insert(made, made.seconds - 100);
  }
  CHECK(set.capacity() < 400);
  for (std::uint64_t i = 100'000 - 100; i < 100'000; ++i) {
    DigestSet::Entry probe = entry(i);
    CHECK(set.find(probe));
  }
}

}  // namespace
}  // namespace toll
