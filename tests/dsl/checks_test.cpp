// What the front end refuses, and how it says so: one small policy a line, each with the one
// mistake that it makes.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "dsl/policy.hpp"

namespace toll::dsl::checks_test {
namespace {

/// Every case stands after this; it loads.
constexpr const char* kBefore = R"(language 1
policy p
zone "Asia/Shanghai"
unit call, page
currency CNY yuan
domain plan { small, large aka big }
domain colour { red, green }
setting free = 10 call
account {
  total: number call = 0 call
  balance: money
  opened: instant?
  note: text?
  chosen: plan?
}
list lot index plan { plan: plan; left: count call; ends: instant; nick: text? }
counter usage by plan: plan, month: month { amount: count call }
entry used { plan: plan; calls: number call }
table prices by plan {
  | plan: plan | price: price yuan/call |
  | small      | 2 yuan/call            |
  | large      | 1 yuan/call            |
}
define usable(x: row lot) = x.left > 0 call and now < x.ends
procedure add(n: count call) { total += n }
event use {
  field plan: known plan else "unknown-plan" required
  field calls: count call at least 1 required
  total += event.calls
  emit used { plan = event.plan; calls = event.calls }
}
)";

struct Case {
  const char* name;
  const char* text;
  const char* code;
  int line;          ///< of the mistake, in `text`
  const char* says;  ///< part of the message or the help
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      // Names.
      {"unknown name", "define d() = totl > 0 call", "E0302", 1, "`total`"},
      {"unknown declaration", "tabel x by plan {}", "E0302", 1, "`table`"},
      {"unknown domain", "account { x: plans? }", "E0302", 1, "`plan`"},
      {"unknown name of a domain", "define d() = has chosen and chosen = smal", "E0302", 1,
       "`small`"},
      {"unknown member", "define d(x: row lot) = x.lefd > 0 call", "E0302", 1, "`left`"},
      {"unknown field of an event", "on use { total := event.cals }", "E0302", 1, "`calls`"},
      {"unknown unit", "define d() = total > 5 cal", "E0302", 1, "`call`"},
      {"unknown procedure", "on use { run ad(event.calls) }", "E0302", 1, "`add`"},
      {"unknown timer", "on use { arm weekly at now + 1 hour }", "E0302", 1, "`weekly`"},
      {"unknown entry", "on use { emit use_ { } }", "E0302", 1, "`used`"},
      {"unknown member of an entry", "on use { emit used { plan = small; cals = 1 call } }",
       "E0302", 1, "`calls`"},
      {"unknown event", "on usage2 { total := 0 call }", "E0302", 1, "usage2"},
      {"unknown zone", "zone \"Nowhere/At_All\"", "E0304", 1, "Nowhere/At_All"},
      // Declared twice.
      {"table twice",
       "table x by plan {\n| plan: plan | "
       "n |\n| small | 1 |\n}\ntable x by plan {\n| plan: plan | n |\n| small | 1 |\n}",
       "E0301", 5, "`x`"},
      {"domain twice", "domain colour { blue }", "E0301", 1, "`colour`"},
      {"definition twice", "define d() = true\ndefine d() = false", "E0301", 2, "`d`"},
      {"procedure twice", "procedure add(n: count call) { total := n }", "E0301", 1, "`add`"},
      {"event twice", "event use {}", "E0301", 1, "`use`"},
      {"register twice", "account { total: number }", "E0301", 1, "`total`"},
      {"entry twice", "entry used { x: text }", "E0301", 1, "`used`"},
      {"setting twice", "setting free = 5 call", "E0301", 1, "`free`"},
      {"field twice", "event e { field a: text\nfield a: text }", "E0301", 2, "`a`"},
      {"member given twice", "on use { emit used { plan = small; plan = large } }", "E0301", 1,
       "`plan`"},
      {"names that fold to one", "domain x { \u300ca b\u300d, ab }", "E0306", 1, "`ab`"},
      {"other spelling of a name of its own", "domain x { c, d aka c }", "E0306", 1, "`c`"},
      {"full width and half width", "domain x { a\uff08b\uff09\n\u300ca(b)\u300d }", "E0306", 2,
       "NFKC"},
      // Types and units.
      {"units compared", "define d() = total > 5 page", "E0413", 1, "page"},
      {"units added", "define d() = total + 5 page > 0 call", "E0417", 1, "page"},
      {"units stored", "on use { total := 5 page }", "E0401", 1, "page"},
      {"money for a count", "on use { total := 5 yuan }", "E0401", 1, "yuan"},
      {"money times money", "on use { balance := 5 yuan * 2 yuan }", "E0401", 1, "yuan"},
      {"text for a number", "on use { total := \"x\" }", "E0401", 1, "text"},
      {"number for a text", "on use { note := 5 }", "E0401", 1, "text"},
      {"text compared with a number", "define d() = has note and note = 5", "E0413", 1, "text"},
      {"text compared by size", "define d() = has note and note < \"x\"", "E0413", 1, "by size"},
      {"text and number added", "define d() = total + \"x\" > 0 call", "E0417", 1, "text"},
      {"negative text", "define d() = -\"x\" = \"y\"", "E0411", 1, "no negative"},
      {"a name of another domain", "on use { chosen := event.calls }", "E0401", 1, "plan"},
      {"a number as condition", "on use { when total { total := 0 call } }", "E0401", 1, ""},
      {"sum of names", "define d() = sum(x.plan for x in lot) > 0", "E0434", 1, "summed"},
      {"wrong argument", "on use { run add(\"x\") }", "E0401", 1, "text"},
      {"too many arguments", "on use { run add(1 call, 2 call) }", "E0424", 1, "takes 1"},
      {"too few keys", "define d() = usage[small].amount > 0 call", "E0429", 1, "keys"},
      {"too many keys", "define d() = prices[small, large].price > 0 yuan/call", "E0429", 1,
       "key,"},
      {"a row instead of a member", "on use { balance := prices[small] * 2 call }", "E0419", 1,
       "a row of prices"},
      {"looking up a list", "define d() = lot[small].left > 0 call", "E0428", 1, "first("},
      {"looking up a number", "define d() = total[small] > 0 call", "E0302", 1, "table or counter"},
      {"no row", "define d() = total.x > 0 call", "E0409", 1, "no members"},
      {"visiting a number", "on use { each x in total { total := 0 call } }", "E0433", 1, "rows"},
      {"changed rows of what is not tracked",
       "on use { each x in changed usage { total := 0 call } }", "E0432", 1, "tracked"},
      {"dates of undated rows", "define d() = has prices[small at now]", "E0431", 1, ""},
      {"in no set", "define d() = total in total", "E0414", 1, "cannot be in"},
      {"decimals", "define d() = total > 0.1234567 call", "E0407", 1, "6 decimals"},
      {"part of an hour", "define d() = now - 1.5 second < now", "E0406", 1, "whole number"},
      {"a first that is no row", "define d() = has first(x.left for x in lot)", "E0435", 1, "row"},
      // What may be absent.
      {"absent compared", "define d() = opened < now", "E0412", 1, "has X"},
      {"absent added", "define d() = opened + 1 hour < now", "E0416", 1, "has X"},
      {"absent in a set", "define d() = chosen in (small, large)", "E0412", 1, "has X"},
      {"absent stored", "on use { run lay(chosen) }\nprocedure lay(x: plan) { chosen := x }",
       "E0402", 1, "absent"},
      {"known, until a block took it away",
       "procedure q() { when has chosen {\nwhen total > 3 call { chosen := none }\n"
       "usage[chosen, month(now)].amount += 1 call } }",
       "E0402", 3, "absent"},
      {"known in the first round of a loop only",
       "procedure q() { when has chosen { each x in lot {\n"
       "usage[chosen, month(now)].amount += 1 call\nchosen := none } } }",
       "E0402", 2, "absent"},
      {"known of what a definition reads",
       "define c() = chosen\nprocedure q() { when has c() { chosen := none\n"
       "usage[c(), month(now)].amount += 1 call } }",
       "E0402", 3, "absent"},
      {"a row that was cleared",
       "procedure q() { each x in lot { clear lot\nusage[x.plan, month(now)].amount += 1 call } }",
       "E0402", 2, "absent"},
      {"known, until a run",
       "procedure q() { when has chosen { run add(1 call)\n"
       "usage[chosen, month(now)].amount += 1 call } }",
       "E0402", 2, "absent"},
      {"none of what", "on use { let x = none }", "E0405", 1, "none"},
      {"a condition that is never absent", "define d() = has (total > 0 call)", "E0410", 1, "not"},
      {"a name with another in it", "define d() = total_of_calls > 0 call", "E0302", 1, "`total`"},
      {"a name like no other", "define d() = has chosen and chosen is zzzz", "E0302", 1, "`small`"},
      {"a unit called like a word", "unit quote", "E0312", 1, "`quote`"},
      {"no first value", "account { first: plan }", "E0309", 1, "first value"},
      // Division, rounding, calendar.
      {"division without round", "define d() = total / 2 > 1 call", "E0418", 1, "round("},
      {"round to another unit", "define d() = round(total, 1 page) > 0 page", "E0422", 1, "page"},
      {"round to nothing", "define d() = round(total) > 0 call", "E0421", 1, "unit"},
      {"a month later, when exactly", "define d() = now + 1 month > now", "E0415", 1,
       "to end of day"},
      // Tables.
      {"overlap", "table t by plan {\n| plan: plan | n |\n| small | 1 |\n| small | 2 |\n}", "E0611",
       4, "small"},
      {"overlap in time",
       "table t by plan {\nuntil 2025-02-01\n| plan: plan | n |\n| small | 1 |\nfrom 2025-01-01\n| "
       "small | 2 |\n}",
       "E0611", 6, "small"},
      {"gap in time",
       "table t by plan {\nuntil 2025-01-01\n| plan: plan | n |\n| small | 1 |\nfrom 2025-02-01\n| "
       "small | 2 |\n}",
       "E0612", 6, "2025-01-01"},
      {"period backwards",
       "table t by plan {\nfrom 2025-02-01 until 2025-01-01\n| plan: plan | n |\n| small | 1 |\n}",
       "E0601", 2, "before it starts"},
      {"dead band row",
       "table t by plan band use {\n| plan: plan | use | n |\n| small | < 10 call | 1 |\n| small | "
       "< 5 "
       "call | 2 |\n| small | above | 3 |\n}",
       "E0609", 4, "reached"},
      {"missing above",
       "table t by plan band use {\n| plan: plan | use | n |\n| small | < 10 call | 1 |\n| small | "
       "< 50 "
       "call | 2 |\n}",
       "E0610", 4, "above"},
      {"a bound that is none",
       "table t by plan band use {\n| plan: plan | use | n |\n| small | 10 call | 1 |\n| small | "
       "above | "
       "2 |\n}",
       "E0608", 3, "above"},
      {"bounds of two units",
       "table t by plan band use {\n| plan: plan | use | n |\n| small | < 10 call | 1 |\n| small | "
       "< 50 "
       "page | 2 |\n| small | above | 3 |\n}",
       "E0607", 4, "unit"},
      {"cells missing", "table t by plan {\n| plan: plan | n |\n| small |\n}", "E0603", 3, "cell"},
      {"no rows", "table t by plan {}", "E0605", 1, "rows"},
      {"a column without a name", "table t by plan {\n| plan: plan | |\n| small | 1 |\n}", "E0602",
       2, "name"},
      {"a key that is no column", "table t by plan, month {\n| plan: plan | n |\n| small | 1 |\n}",
       "E0302", 1, "month"},
      {"an unknown name in a cell", "table t by plan {\n| plan: plan | n |\n| smal | 1 |\n}",
       "E0302", 3, "`small`"},
      {"units of a column",
       "table t by plan {\n| plan: plan | n |\n| small | 1 call |\n| large | 1 page "
       "|\n}",
       "E0401", 4, "page"},
      {"text in a column of numbers",
       "table t by plan {\n| plan: plan | n |\n| small | 1 |\n| large | x "
       "|\n}",
       nullptr, 4, ""},
      {"a heading without quotes",
       "table t by plan {\n| plan: plan | n |\nheading x\n| small | 1 |\n}", "E0201", 3, "heading"},
      {"a row outside of a table", "| small | 1 |", "E0501", 1, "table"},
      {"a statement in a table",
       "table t by plan {\n| plan: plan | n |\n| small | 1 |\nlet x = 1\n}", "E0604", 4, ""},
      // Effects.
      {"partial draw order",
       "on use { draw x in lot where x.plan = event.plan by x.ends take event.calls from left { } "
       "}",
       "E0438", 1, "arrival("},
      {"no draw order", "on use { draw x in lot take event.calls from left { } }", "E0438", 1,
       "arrival("},
      {"partial order of a list",
       "list l order x by x.ends { ends: instant; left: count call }\non use { draw x in l take "
       "event.calls from left { } }",
       "E0438", 1, "arrival("},
      {"drawing from a table", "on use { draw x in prices by x.price take 1 call from price { } }",
       "E0506", 1, "list or counter"},
      {"no effect", "on use { tottal }", "E0502", 1, "no effect"},
      {"storing in a constant", "on use { free := 5 call }", "E0503", 1, "store"},
      {"storing in a table", "on use { prices[small].price := 5 yuan/call }", "E0503", 1, ""},
      {"a field left out", "on use { put lot { plan = small; left = 1 call } }", "E0505", 1,
       "needs"},
      {"a key changed", "on use { each u in usage { u.plan := large } }", "E0504", 1, "keys"},
      {"after otherwise",
       "on use { choose {\notherwise { total := 0 call }\nwhen true { total := 1 call }\n} }",
       "E0507", 3, "otherwise"},
      {"an event where there is none", "timer t { total := event.calls }", "E0408", 1, "event"},
      {"defined by itself", "define a() = b()\ndefine b() = a()", "E0703", 0, "itself"},
      // Machines and timers.
      {"timer missing in the timeline", "timer a { }\ntimer b { }\ntimeline a", "E0803", 2, "`b`"},
      {"no states", "machine m { }", "E0801", 1, "states"},
      {"leaving two states after a time",
       "machine m {\nstate one, two, three\none, two -> three after 5 hours\n}", "E0802", 3,
       "each"},
      // Events, settings, imports, scenarios.
      {"a field that cannot be read", "event e { field a: row lot }", "E0701", 1, ""},
      {"records in records",
       "event e { field a: record {\nfield b: record {\nfield c: text\n}\n} }", "E0702", 2, "nest"},
      {"a setting of the account", "setting x = now", "E0307", 1, "one value"},
      {"a file that is not there", "import \"absent.toll\"", "E0001", 1, "absent.toll"},
      {"a step that is none", "scenario \"s\" {\nlet x = 5\n}", "E0901", 2, "step"},
      {"an unknown event in a scenario",
       "scenario \"s\" {\nat 2025-07-01 usee plan small, calls 1\n}", "E0302", 2, "`use`"},
      {"an unknown field in a scenario",
       "scenario \"s\" {\nat 2025-07-01 use plan small, cals 1\n}", "E0302", 2, "`calls`"},
      {"left over", "define d() = true true", "E0202", 1, "belong"},
      {"a piece missing", "define d() =", "E0201", 1, "expected"},
  };
  return kCases;
}

struct Outcome {
  SourceSet sources;
  Diagnostics diagnostics;
  Policy policy;
};

void load(const std::string& text, Outcome& outcome) {
  outcome.policy = load_policy({{"test.toll", text}}, outcome.sources, outcome.diagnostics);
}

TEST_CASE("what stands before every case is right") {
  Outcome outcome;
  load(kBefore, outcome);
  INFO(render(outcome.diagnostics, outcome.sources));
  REQUIRE(!outcome.diagnostics.has_errors());  // it uses little of what the cases use
  REQUIRE(outcome.policy.core != nullptr);
}

TEST_CASE("each mistake has its code, its place and a helpful word") {
  const std::string before = kBefore;
  const auto first = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  std::set<std::string> codes;
  for (const Case& one : cases()) {
    Outcome outcome;
    load(before + one.text + "\n", outcome);
    INFO(one.name << "\n" << one.text << "\n" << render(outcome.diagnostics, outcome.sources));
    CHECK(outcome.policy.core == nullptr);
    const std::vector<Diagnostic> all = outcome.diagnostics.sorted();
    CHECK(outcome.diagnostics.error_count() == 1);
    if (all.empty()) continue;
    const Diagnostic& found = all[0];
    if (one.code != nullptr) CHECK(found.code() == one.code);
    codes.insert(found.code());
    const auto line = static_cast<int>(outcome.sources.position(found.span).line) - first + 1;
    if (one.line != 0) CHECK(line == one.line);
    const DiagnosticRecord english = to_records(outcome.diagnostics, outcome.sources)[0];
    CHECK((english.message + " " + english.help).find(one.says) != std::string::npos);
    const DiagnosticRecord chinese =
        to_records(outcome.diagnostics, outcome.sources, Language::zh)[0];
    CHECK(chinese.message != english.message);
    CHECK(chinese.message.find("[") != 0);  // an id without a text
  }
  CHECK(codes.size() > 60);
  MESSAGE(cases().size() << " mistakes, " << codes.size() << " codes");
}

TEST_CASE("several mistakes are told at once, each in its place") {
  Outcome outcome;
  load(std::string(kBefore) + "define a() = totl > 0 call\ndefine b() = opened < now\n" +
           "on use { total := 5 page }\n",
       outcome);
  std::string codes;
  for (const Diagnostic& one : outcome.diagnostics.sorted()) codes += one.code() + " ";
  CHECK(codes == "E0302 E0412 E0401 ");
}

TEST_CASE("a heading holds for the rows below it, up to the next one, over editions") {
  Outcome outcome;
  load(std::string(kBefore) +
           "table t by plan {\nuntil 2025-01-01\n| plan: plan | n |\nheading \"A\"\n| small | 1 |\n"
           "heading \"B\"\n| large | 2 |\nfrom 2025-01-01\n| small | 3 |\nheading \"\"\n| large | "
           "4 |\n}\n",
       outcome);
  REQUIRE(outcome.policy.core != nullptr);
  const Core& core = *outcome.policy.core;
  std::string headings;
  for (const Table::Row& row : core.tables.back().rows)
    headings += "[" + core.clauses[row.clause].heading + "]";
  CHECK(headings == "[A][B][B][]");
}

TEST_CASE("bands without a bound are of plain numbers") {
  Outcome outcome;
  load(std::string(kBefore) +
           "table t by plan band n {\n| plan: plan | n | price: price yuan/call |\n"
           "| small, large | above | 2 yuan/call |\n}\ndefine d(p: plan) = t[p, 5].price\n",
       outcome);
  INFO(render(outcome.diagnostics, outcome.sources));
  REQUIRE(outcome.policy.core != nullptr);
  const Table& table = outcome.policy.core->tables.back();
  CHECK(table.columns[table.band].type.kind == Kind::number);
}

TEST_CASE("files in memory import each other by their names") {
  Outcome outcome;
  const std::string head = "language 1\n";
  outcome.policy = load_policy({{"a/one.toll", head + "import \"two.toll\"\nunit u\npolicy p\n"},
                                {"a/two.toll", head + "domain d { x }\n"}},
                               outcome.sources, outcome.diagnostics);
  INFO(render(outcome.diagnostics, outcome.sources));
  REQUIRE(outcome.policy.core != nullptr);
  CHECK(outcome.policy.core->domains.size() == 1);
}

}  // namespace
}  // namespace toll::dsl::checks_test
