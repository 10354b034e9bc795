// What tools ask an account for without changing it: views of its rows, and copies that go on
// alone.
#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/engine/shop.hpp"

namespace toll::test {
namespace {

/// The shop with a view of its lots: a text made for each, what is left, and `now`.
struct Window : Shop {
  std::uint32_t view = 0;

  Window() {
    const Type row = type(Kind::row, lots, Of::family);
    const NodeId here = make.local(0, row);
    View made;
    made.source =
        rows_of(Source::Of::family, lots, 0,
                make.node(Op::gt, kFlag, {make.row_field(here, 1, kCount), make.number(0)}),
                {make.row_field(here, 2, kInstant)});
    made.columns = {
        make.node(Op::text_of, kText, {make.text("lot "), make.row_field(here, 3, kText)}),
        make.row_field(here, 1, kCount), make.now(),
        make.node(Op::mul, kCount, {make.row_field(here, 1, kCount), make.number(Value{1} << 62)})};
    made.frame = 1;
    make.core.views.push_back(made);
    made.columns.push_back(make.node(Op::mul, kCount, {made.columns[3], made.columns[3]}));
    make.core.views.push_back(made);
  }
};

std::vector<std::string> seen(const Account& account, std::uint32_t view, Value now, bool& fine) {
  std::vector<std::string> rows;
  fine = account.view(view, now, [&](Value row, std::span<const Value> columns) {
    rows.push_back(digits(row) + " " + std::string(account.text(columns[0])) + " " +
                   digits(columns[1]) + " @" + digits(columns[2] / kSecond));
  });
  return rows;
}

TEST_CASE("a view shows the rows that are meant, in its order, and leaves the account as it was") {
  Window shop;
  Ledger ledger(shop.make.core);
  ledger.apply(shop.buy, 1000, {event_text(0), 0, 40}, {"first"});
  ledger.apply(shop.buy, 2000, {event_text(0), 1, 50}, {"second"});
  ledger.apply(shop.call, 3000, {0, 40});
  const std::string before = ledger.account.save();
  bool fine = false;
  CHECK(seen(ledger.account, 0, 7 * kSecond, fine) ==
        std::vector<std::string>{"1 lot second 50 @7"});
  CHECK(fine);
  CHECK(ledger.account.save() == before);
}

TEST_CASE("a view that leaves the range of values says so, and the account lives on") {
  Window shop;
  Ledger ledger(shop.make.core);
  ledger.apply(shop.buy, 1000, {event_text(0), 0, 40}, {"first"});
  bool fine = true;
  CHECK(seen(ledger.account, 1, 0, fine).empty());
  CHECK(!fine);
  CHECK(seen(ledger.account, 0, 0, fine).size() == 1);
  CHECK(fine);
  CHECK(ledger.apply(shop.call, 3000, {0, 10}));
}

TEST_CASE("a copy goes on alone, exactly as its account would") {
  Window shop;
  Ledger ledger(shop.make.core);
  std::mt19937 random(7);
  Value seconds = 0;
  for (int i = 0; i < 300; ++i) {
    shop.random_event(ledger, random, seconds);
    if (i % 10 != 0) continue;
    const std::string before = ledger.account.save();
    Ledger ahead(shop.make.core);
    ahead.account = ledger.account.copy();
    const Value later = seconds + 30 * 86'400;
    ahead.advance(later);
    CHECK(ledger.account.save() == before);
    Ledger same(shop.make.core);
    REQUIRE(same.account.restore(before).empty());
    same.advance(later);
    CHECK(ahead.lines == same.lines);
    bool fine = false;
    CHECK(seen(ahead.account, 0, later, fine) == seen(same.account, 0, later, fine));
  }
}

}  // namespace
}  // namespace toll::test
