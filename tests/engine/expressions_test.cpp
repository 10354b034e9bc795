#include <doctest/doctest.h>

#include "tests/engine/support.hpp"

namespace toll::test {
namespace {

/// The value of an expression as an entry shows it: a core with one event that emits it.
class Shown {
 public:
  Maker make;

  std::string show(NodeId node, Value seconds = 0, const std::vector<Value>& fields = {},
                   const std::vector<std::string_view>& texts = {}) {
    const std::uint32_t entry = make.entry("shown", {make.core.nodes[node].type});
    std::vector<Type> types = field_types;
    const std::uint32_t event = make.event("ask", types, {emit(entry, {node})});
    Ledger ledger(make.core);
    ledger.apply(event, seconds, fields, texts);
    const std::string& line = ledger.lines.back();
    return line.substr(line.find("e1 ") + 3);
  }

  std::vector<Type> field_types;
};

TEST_CASE("absent operands give absent results and comparisons with them are false") {
  Shown shown;
  Maker& m = shown.make;
  const NodeId none = m.value(kCount, kAbsent);
  const NodeId one = m.number(1);
  for (const Op op : {Op::add, Op::sub, Op::mul, Op::floor_div, Op::modulo}) {
    CHECK(shown.show(m.node(op, kCount, {none, one})) == "shown -");
    CHECK(shown.show(m.node(op, kCount, {one, none})) == "shown -");
  }
  for (const Op op : {Op::lt, Op::le, Op::gt, Op::ge, Op::eq}) {
    CHECK(shown.show(m.node(op, kFlag, {none, one})) == "shown 0");
    CHECK(shown.show(m.node(op, kFlag, {one, none})) == "shown 0");
  }
  CHECK(shown.show(m.same(none, none)) == "shown 1");
  CHECK(shown.show(m.node(Op::le, kFlag, {none, none})) == "shown 0");
  CHECK(shown.show(m.node(Op::minimum, kCount, {none, m.number(4), one})) == "shown 1");
  CHECK(shown.show(m.node(Op::maximum, kCount, {none, none})) == "shown -");
  CHECK(shown.show(m.node(Op::coalesce, kCount, {none, m.number(4), one})) == "shown 4");
  CHECK(shown.show(m.node(Op::logical_not, kFlag, {m.value(kFlag, kAbsent)})) == "shown 1");
}

TEST_CASE("and, or, cases and coalesce look no further than they must") {
  Shown shown;
  Maker& m = shown.make;
  const NodeId most = m.value(money(), static_cast<Value>(1) << 126);
  const NodeId bad = m.same(m.node(Op::mul, money(), {most, most}), most);
  const NodeId yes = m.value(kFlag, 1);
  const NodeId no = m.value(kFlag, 0);
  CHECK(shown.show(m.node(Op::logical_and, kFlag, {no, bad})) == "shown 0");
  CHECK(shown.show(m.node(Op::logical_or, kFlag, {yes, bad})) == "shown 1");
  CHECK(shown.show(m.node(Op::coalesce, kFlag, {yes, bad})) == "shown 1");
  CHECK(shown.show(m.node(Op::cases, kFlag, {no, bad, yes, yes, bad, no})) == "shown 1");
  CHECK(shown.show(m.node(Op::cases, kCount, {no, m.number(1), kNoNode, m.number(2)})) ==
        "shown 2");
  CHECK(shown.show(m.node(Op::cases, kCount, {no, m.number(1)})) == "shown -");
  CHECK(shown.show(m.node(Op::logical_and, kFlag, {yes, bad})) == "error overflow");
}

TEST_CASE("division by nothing is absent, rounding goes to a step") {
  Shown shown;
  Maker& m = shown.make;
  const NodeId zero = m.number(0);
  CHECK(shown.show(m.node(Op::floor_div, kCount, {m.number(7), zero})) == "shown -");
  CHECK(shown.show(m.node(Op::round_div, kCount, {m.number(7), zero, m.number(1)})) == "shown -");
  CHECK(shown.show(m.node(Op::round_div, kCount, {m.number(125), m.number(1), m.number(10)})) ==
        "shown 130");
  CHECK(shown.show(m.node(Op::floor_div, kCount, {m.number(-7), m.number(2)})) == "shown -4");
  CHECK(shown.show(m.node(Op::modulo, kCount, {m.number(-7), m.number(2)})) == "shown 1");
  CHECK(shown.show(m.node(Op::rescale, money(), {m.number(7)}, 6)) == "shown 7000000");
}

TEST_CASE("sets are unions, differences and universes, and equal sets are equal") {
  Shown shown;
  Maker& m = shown.make;
  std::initializer_list<const char*> names = {"a", "b", "c", "d"};
  const std::uint32_t domain = m.domain("letters", names);
  const Type letter = type(Kind::name, domain);
  const Type letters = type(Kind::set, domain);
  const auto name = [&](Value index) { return m.value(letter, index); };
  const auto set = [&](std::vector<NodeId> of) {
    return m.node(Op::set_of, letters, std::move(of));
  };
  const NodeId all = m.node(Op::universe, letters, {}, domain);
  const NodeId ab = set({name(0), name(1)});
  CHECK(shown.show(all) == "shown {a,b,c,d}");
  CHECK(shown.show(m.node(Op::set_union, letters, {ab, set({name(3)})})) == "shown {a,b,d}");
  const NodeId rest = m.node(Op::set_minus, letters, {all, ab});
  CHECK(shown.show(rest) == "shown {c,d}");
  CHECK(shown.show(m.same(rest, set({name(3), name(2)}))) == "shown 1");
  CHECK(shown.show(m.same(m.node(Op::set_minus, letters, {ab, all}), set({}))) == "shown 1");
  CHECK(shown.show(m.node(Op::in_set, kFlag, {name(2), rest})) == "shown 1");
  CHECK(shown.show(m.node(Op::in_set, kFlag, {name(0), rest})) == "shown 0");
  CHECK(shown.show(m.node(Op::in_set, kFlag, {m.value(letter, kAbsent), rest})) == "shown 0");
  const NodeId unknown = m.value(letter, kUnknownName | text_handle(TextSpace::policy, 0));
  CHECK(shown.show(m.node(Op::in_set, kFlag, {unknown, all})) == "shown 0");
}

TEST_CASE("a domain begins with the names of the domains it includes") {
  Shown shown;
  Maker& m = shown.make;
  const std::uint32_t small = m.domain("small", {"a", "b"});
  const std::uint32_t large = m.domain("large", {"c"});
  m.core.domains[large].includes = {small};
  const std::uint32_t written_out = m.domain("written out", {"a", "b", "c"});
  m.core.domains[written_out].includes = {small};
  const auto name = [&](std::uint32_t domain, Value index) {
    return m.node(Op::text_of, kText, {m.value(type(Kind::name, domain), index)});
  };
  CHECK(shown.show(name(large, 0)) == "shown a");
  CHECK(shown.show(name(large, 2)) == "shown c");
  CHECK(shown.show(name(written_out, 1)) == "shown b");
  CHECK(shown.show(name(written_out, 2)) == "shown c");
}

TEST_CASE("texts are joined from names, months, dates and numbers") {
  Shown shown;
  Maker& m = shown.make;
  const std::uint32_t domain = m.domain("letters", {"a", "b"});
  const NodeId month = m.value(kMonth, 12 * 2025 + 6);
  const NodeId date = m.value(kDate, 20'270);
  const auto text = [&](std::vector<NodeId> parts) {
    return m.node(Op::text_of, kText, std::move(parts));
  };
  CHECK(shown.show(text({m.text("free:"), m.value(type(Kind::name, domain), 1), m.text(":"),
                         month})) == "shown free:b:2025-07");
  CHECK(shown.show(text({date})) == "shown 2025-07-01");
  CHECK(shown.show(text({m.value(kMonth, 12)})) == "shown 0001-01");
  CHECK(shown.show(text({m.number(-120), m.number(0)})) == "shown -1200");
  CHECK(shown.show(text({m.value(money(), 1'500'000)})) == "shown 1.5");
  CHECK(shown.show(text({m.value(money(), -7)})) == "shown -0.000007");
  CHECK(shown.show(text({m.number(1), m.value(kText, kAbsent)})) == "shown -");
}

TEST_CASE("equal texts are equal wherever they come from") {
  Shown shown;
  Maker& m = shown.make;
  shown.field_types = {kText, kText, type(Kind::name, m.domain("letters", {"a"}))};
  const NodeId first = m.field(0, kText);
  const NodeId second = m.field(1, kText);
  const NodeId built = m.node(Op::text_of, kText, {m.text("le"), m.text("ft")});
  const NodeId same_twice = m.text("le");
  const NodeId constant = m.text("left");
  const auto ask = [&](NodeId node, std::string_view a, std::string_view b) {
    return shown.show(node, 0, {event_text(0), event_text(1), kUnknownName | event_text(1)},
                      {a, b});
  };
  CHECK(ask(m.same(first, second), "x", "x") == "shown 1");
  CHECK(ask(m.same(first, second), "x", "y") == "shown 0");
  CHECK(ask(m.same(first, built), "left", "") == "shown 1");
  CHECK(ask(m.same(constant, built), "", "") == "shown 1");
  CHECK(ask(m.same(first, constant), "left", "") == "shown 1");
  CHECK(ask(m.same(m.text("le"), same_twice), "", "") == "shown 1");
  CHECK(ask(m.node(Op::lt, kFlag, {first, second}), "b", "ab") == "shown 0");
  CHECK(ask(m.node(Op::lt, kFlag, {first, second}), "ab", "b") == "shown 1");
  CHECK(ask(m.node(Op::text_of, kText, {m.field(2, shown.field_types[2])}), "", "new") ==
        "shown new");
  CHECK(ask(m.field(2, shown.field_types[2]), "", "new") == "shown ?new");
}

TEST_CASE("dates and instants follow the policy's zone") {
  Shown shown;
  Maker& m = shown.make;
  m.core.zone = {{0, 8 * 3600}};
  constexpr Value kJune30 = 20'269 * 86'400 + 17 * 3600;  // 2025-07-01 01:00 in the zone
  const NodeId now = m.now();
  const NodeId date = m.node(Op::date_of, kDate, {now});
  CHECK(shown.show(m.node(Op::month_of, kMonth, {now}), kJune30) == "shown 24306");
  CHECK(shown.show(date, kJune30) == "shown 20270");
  CHECK(shown.show(m.node(Op::time_of_day, kSpan, {now}), kJune30) == "shown 3600000000000");
  CHECK(shown.show(m.node(Op::weekday, kCount, {now}), kJune30) == "shown 2");
  CHECK(shown.show(m.node(Op::weekday, kCount, {date}), kJune30) == "shown 2");
  CHECK(shown.show(m.node(Op::year_of, kCount, {now}), kJune30) == "shown 2025");
  CHECK(shown.show(m.node(Op::year_of, kCount, {m.value(kMonth, 24'306)})) == "shown 2025");
  CHECK(shown.show(m.node(Op::month_start, kDate, {m.value(kMonth, 24'306)})) == "shown 20270");
  CHECK(shown.show(m.node(Op::date_start, kInstant, {date}), kJune30) ==
        "shown " + digits(kJune30 - 3600));
  CHECK(shown.show(m.node(Op::add_days, kInstant, {now, m.number(2)}), kJune30) ==
        "shown " + digits(kJune30 + 2 * 86'400));
  CHECK(shown.show(m.node(Op::add_months, kInstant, {now, m.number(12)}), kJune30) ==
        "shown " + digits(kJune30 + 365 * 86'400));
  CHECK(shown.show(m.node(Op::add_months, kDate, {date, m.number(-1)}), kJune30) == "shown 20240");
  CHECK(shown.show(m.node(Op::day_number, kCount, {date}), kJune30) == "shown 20270");
  CHECK(shown.show(m.node(Op::month_of, kMonth, {m.value(kInstant, kAbsent)})) == "shown -");
  CHECK(shown.show(m.node(Op::month_start, kDate, {m.value(kMonth, kDay * kDay)})) ==
        "error overflow");
}

TEST_CASE("definitions have frames of their own") {
  Shown shown;
  Maker& m = shown.make;
  // twice(x) = x + x; sum(x, y) = twice(twice(x)) + y
  Definition twice;
  twice.parameters = {kCount};
  twice.frame = 1;
  const NodeId x = m.local(0, kCount);
  twice.body = m.node(Op::add, kCount, {x, x});
  m.core.definitions.push_back(twice);
  Definition sum;
  sum.parameters = {kCount, kCount};
  sum.frame = 2;
  const NodeId inner = m.node(Op::call, kCount, {x}, 0);
  sum.body = m.node(Op::add, kCount, {m.node(Op::call, kCount, {inner}, 0), m.local(1, kCount)});
  m.core.definitions.push_back(sum);
  const NodeId three = m.node(Op::call, kCount, {m.number(3), m.number(1)}, 1);
  CHECK(shown.show(m.node(Op::call, kCount, {three, three}, 1)) == "shown 65");
}

}  // namespace
}  // namespace toll::test
