// What is wrong with policies that can be read: each check trips on one policy, and on one that is
// nearly the same it does not.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "dsl/policy.hpp"

namespace toll::dsl::findings_test {
namespace {

struct Outcome {
  SourceSet sources;
  Diagnostics diagnostics;
  std::set<std::string> codes;  ///< without names that nothing uses, unless they are asked for
};

void load(const std::vector<RuleFile>& files, bool unused, Outcome& out) {
  load_policy(files, out.sources, out.diagnostics);
  for (const Diagnostic& one : out.diagnostics.sorted()) {
    if (unused || one.code() != "W1001") out.codes.insert(one.code());
  }
}

/// Every case stands after this; it loads.
constexpr const char* kBefore = R"(language 1
policy p
currency CNY yuan
unit call
domain plan { small, large }
account { balance: money; count: number; due: instant? }
event use {
  field plan: known plan else "unknown-plan" required
  field calls: count call required
  field code: text blank
  field name: open plan
}
)";

struct Case {
  const char* name;
  const char* text;
  std::set<std::string> codes;
};

void run(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    Outcome outcome;
    load({{"test.toll", std::string(kBefore) + one.text}}, false, outcome);
    INFO(std::string(one.name) << "\n" << render(outcome.diagnostics, outcome.sources));
    CHECK(outcome.codes == one.codes);
  }
}

TEST_CASE("a table may promise a row for every name, exactly once") {
  const std::string head = "table t by pool, plan lists pool {\n";
  const std::string before = "domain pool\n";
  const auto table = [&](const std::string& body) { return before + head + body + "}"; };
  const std::string twice =
      table("every plan exactly once\n| pool | plan |\n| a | small, large |\n| b | large |\n");
  const std::string excepted = table(
      "every plan exactly once\nexcept large because \"two\"\n| pool | plan |\n| a | small, large "
      "|\n| b | large |\n");
  const std::string none = table("every plan exactly once\n| pool | plan |\n| a | small |\n");
  const std::string forgotten = table(
      "every plan exactly once\nuntil 2025-01-01\n| pool | plan |\n| a | small, large |\n"
      "from 2025-01-01\n| a | small |\n");
  const std::string later = table(
      "every plan exactly once\nuntil 2025-01-01\n| pool | plan |\n| a | small |\n"
      "from 2025-01-01\n| b | small, large |\n");
  const std::string overlap = table(
      "every plan exactly once\nuntil 2025-02-01\n| pool | plan |\n| a | small, large |\n"
      "from 2025-01-01\n| b | small, large |\n");
  const std::string needless = table(
      "every plan exactly once\nexcept large because \"no\"\n| pool | plan |\n| a | small, large "
      "|\n");
  const std::string unknown = table(
      "every plan exactly once\nexcept huge because \"no\"\n| pool | plan |\n| a | small, large "
      "|\n");
  const std::string silent =
      table("every plan exactly once\nexcept large\n| pool | plan |\n| a | small |\n");
  const std::string no_names = table("every pool once\n| pool | plan |\n| a | small |\n");
  const std::string unsaid = table("| pool | plan |\n| a | small |\n| b | small |\n");
  run({{"twice", twice.c_str(), {"E1001"}},
       {"twice, and meant", excepted.c_str(), {}},
       {"no row", none.c_str(), {"E1002"}},
       {"forgotten by a later edition", forgotten.c_str(), {"E1002"}},
       {"comes into being later", later.c_str(), {}},
       {"editions that overlap", overlap.c_str(), {"E1001"}},
       {"an exception that is none", needless.c_str(), {"E1003"}},
       {"an exception for nobody", unknown.c_str(), {"E1003"}},
       {"an exception without a reason", silent.c_str(), {"E1003", "E1002"}},
       {"badly written", no_names.c_str(), {"E1003"}},
       {"a table that promises nothing", unsaid.c_str(), {}}});
  run({{"bands of one name are one row",
        "table t by plan band n {\nevery plan exactly once\n| plan | n | price |\n"
        "| small | < 10 call | 1 yuan/call |\n| small | above | 2 yuan/call |\n| large | above | 3 "
        "yuan/call |\n}",
        {}},
       {"otherwise stands for the rest",
        "table t by plan {\nevery plan exactly once\n| plan | n |\n| small | 1 |\n| otherwise | 2 "
        "|\n}",
        {}}});
}

TEST_CASE("states are reached and left, and moves follow edges") {
  run({{"not reached",
        "machine m { state a, b, c\na -> b on use\nb -> a on use\nc -> a on use }",
        {"E1004"}},
       {"reached over another",
        "machine m { state a, b, c\na -> b on use\nb -> c on use\nc -> a on use }",
        {}},
       {"not left", "machine m { state a, b\na -> b on use }", {"E1005"}},
       {"final", "machine m { state a, b\na -> b on use\nfinal b }", {}},
       {"final, and left",
        "machine m { state a, b\na -> b on use\nb -> a on use\nfinal b }",
        {"E1005"}},
       {"one state alone is no trap", "machine m { state a }", {}},
       {"a move without an edge",
        "machine m { state a, b\na -> b\nb -> a on use }\nevent go { move m to b }",
        {"E1006"}},
       {"a move from where the edge begins",
        "machine m { state a, b\na -> b\nb -> a on use }\nevent go { when m is a { move m to b } }",
        {}},
       {"the condition of the caller counts",
        "machine m { state a, b\na -> b\nb -> a on use }\nprocedure go() { move m to b }\n"
        "define away() = m is b\nevent x { when not away() { run go } }",
        {}},
       {"one caller without it is enough",
        "machine m { state a, b\na -> b\nb -> a on use }\nprocedure go() { move m to b }\n"
        "event x { when m is a { run go } }\nevent y { run go }",
        {"E1006"}},
       {"the rules before count",
        "machine m { state a, b\na -> b\nb -> a on use }\nentry e { why: text }\nevent x {}\n"
        "decide x { denied emit e { why = reason }\ndeny \"there\" when m is b\n"
        "approve { move m to b; emit e { why = \"\" } } }",
        {}}});
}

TEST_CASE("timers do not go round at one instant") {
  const auto timer = [](const std::string& body) {
    return "timer t { " + body + " }\non use { arm t at now }";
  };
  const std::string month = timer("arm t at start(month(now) + 1 month) + 2 days");
  const std::string this_month = timer("arm t at start(month(now)) + 2 days");
  const std::string back = timer("arm t at start(month(now) + 1 month) - 1 days");
  const std::string two_back = timer("arm t at start(month(now) + 2 months) - 3 days");
  const std::string now = timer("arm t at now");
  const std::string second = timer("arm t at now + 1 second");
  const std::string clipped = timer("arm t at now + 1 month exact");
  const std::string midnight = timer("arm t at date(now) + 1 days");
  const std::string today = timer("arm t at date(now)");
  const std::string later = timer("arm t at max(now, now + 1 minute)");
  const std::string earlier = timer("arm t at min(now + 1 hour, now)");
  const std::string guarded = timer("when has due and due > now { arm t at due }");
  const std::string stale =
      timer("when has due and due > now { due := now\nwhen has due { arm t at due } }");
  const std::string unguarded = timer("when has due { arm t at due }");
  const std::string cases =
      timer("arm t at (when has due and due > now => due, otherwise => now + 1 day exact)");
  const std::string set = "setting gap = 2 days\n" + timer("arm t at date(now) + gap");
  const std::string zero =
      "setting gap = 2 days { from 2026-01-01 = 0 days }\n" + timer("arm t at date(now) + gap");
  const std::string procedure =
      "procedure again(x: instant) { arm t at x }\n" + timer("run again(now + 1 hour)");
  const std::string idle = "procedure again(x: instant) { arm t at x }\n" + timer("run again(now)");
  run({{"the start of a later month", month.c_str(), {}},
       {"the start of this month", this_month.c_str(), {"E1007"}},
       {"the last day of this month", back.c_str(), {"E1007"}},
       {"well into the next month", two_back.c_str(), {}},
       {"at once", now.c_str(), {"E1007"}},
       {"a second later", second.c_str(), {}},
       {"a month later, clipped", clipped.c_str(), {}},
       {"tomorrow", midnight.c_str(), {}},
       {"today", today.c_str(), {"E1007"}},
       {"the later of two", later.c_str(), {}},
       {"the earlier of two", earlier.c_str(), {"E1007"}},
       {"a condition says so", guarded.c_str(), {}},
       {"a condition said so before something was written", stale.c_str(), {"E1007"}},
       {"no condition says so", unguarded.c_str(), {"E1007"}},
       {"cases", cases.c_str(), {}},
       {"a setting", set.c_str(), {}},
       {"a setting that will be nothing", zero.c_str(), {"E1007"}},
       {"by a procedure", procedure.c_str(), {}},
       {"by a procedure, at once", idle.c_str(), {"E1007"}}});
  run({{"in a circle",
        "timeline a, b\ntimer a { arm b at now }\ntimer b { arm a at now }\non use { arm a at now "
        "}",
        {"E1008"}},
       {"in a circle of days",
        "timeline a, b\ntimer a { arm b at now }\ntimer b { arm a at now + 1 hour }\non use { arm "
        "a at now }",
        {}},
       {"edges in a circle at once",
        "machine m { state x, y\nx -> y after 0 hours\ny -> x after 0 hours }\ntimeline x, y",
        {"E1008"}},
       {"edges in a circle",
        "machine m { state x, y\nx -> y after 1 hours\ny -> x after 0 hours }\ntimeline x, y",
        {}}});
}

TEST_CASE("every situation has an answer, and every rule a situation") {
  const auto measure = [](const std::string& rows) {
    return "scratch counter w by plan: plan { n: count call }\nmeasure use into w.n {\nto "
           "event.plan\n" +
           rows + "\n}\non use { measure use }";
  };
  const std::string open =
      measure("when has event.code => none\nwhen event.plan is small => 1 call");
  const std::string names = measure(
      "when has event.code => none\nwhen event.plan is small => 1 call\nwhen event.plan is large "
      "=> 2 call");
  const std::string present = measure("when has event.code => none\nwhen no event.code => 1 call");
  const std::string sizes =
      measure("when event.calls < 5 call => none\nwhen event.calls >= 5 call => 1 call");
  const std::string hole =
      measure("when event.calls < 5 call => none\nwhen event.calls > 5 call => 1 call");
  const std::string any_name = measure(
      "when no event.name => none\nwhen event.name is small or event.name is large => 1 call");
  run({{"a plan without a row", open.c_str(), {"E1009"}},
       {"all plans", names.c_str(), {}},
       {"there or not", present.c_str(), {}},
       {"all sizes", sizes.c_str(), {}},
       {"all sizes but one", hole.c_str(), {"E1009"}},
       {"a field open to any name", any_name.c_str(), {"E1009"}}});
  const auto decision = [](const std::string& approve) {
    return "entry e { why: text }\nevent ask { field n: number required }\ndecide ask {\ndenied "
           "emit e { why = reason "
           "}\ndeny \"no\" when balance < 0 yuan\napprove {\n" +
           approve + "\n}\n}";
  };
  const std::string one_way = decision("when event.n > 1 { emit e { why = \"a\" } }");
  const std::string all_ways = decision(
      "choose { when event.n > 1 { emit e { why = \"a\" } }\nwhen event.n <= 1 { emit e { why = "
      "\"b\" } } }");
  const std::string by_procedure =
      "procedure say() { emit e { why = \"c\" } }\n" + decision("run say");
  run({{"an approval that may stay silent", one_way.c_str(), {"E1009"}},
       {"an approval that answers either way", all_ways.c_str(), {}},
       {"an approval that has a procedure answer", by_procedure.c_str(), {}}});
  run({{"shadowed",
        "on use { choose { when event.calls > 1 call { count += 1 }\nwhen event.calls > 2 call { "
        "count += 2 } } }",
        {"E1010"}},
       {"not shadowed",
        "on use { choose { when event.calls > 2 call { count += 1 }\nwhen event.calls > 1 call { "
        "count += 2 } } }",
        {}},
       {"a contradiction",
        "on use { when event.plan is small and event.plan is large { count += 1 } }",
        {"E1010"}},
       {"shadowed by two together",
        "on use { choose { when event.plan is small { count += 1 }\nwhen event.plan is large { "
        "count += 2 }\n"
        "when event.calls > 1 call { count += 3 } } }",
        {"E1010"}},
       {"a name from outside is left",
        "on use { when has event.name { choose { when event.name is small { count += 1 }\n"
        "when event.name is large { count += 2 }\nwhen event.calls > 1 call { count += 3 } } } }",
        {}},
       {"a case that is shadowed",
        "define f(n: number) = (when n > 1 => 1, when n > 2 => 2, otherwise => 3)",
        {"E1010"}},
       {"conditions of two sizes",
        "define f(a: number, b: number) = (when a < b => 1, when b > a => 2, otherwise => 3)",
        {"E1010"}},
       {"definitions are looked into",
        "define big(n: count call) = n > 9 call\non use { choose { when big(event.calls) { count "
        "+= 1 }\n"
        "when event.calls > 9 call { count += 2 } } }",
        {"E1010"}}});
}

TEST_CASE("no price is missing in silence") {
  const auto tariff = [](const std::string& lines) {
    return "table t by plan band n {\n" + lines +
           "| plan | n | price |\n| small | < 10 call | 1 yuan/call |\n" +
           "| small | above | 2 yuan/call |\n}\ntariff f by t.price reached\n" +
           "entry e { amount: money? }\non use { emit e { amount = charge(f, event.plan, "
           "event.calls, event.calls) } }";
  };
  const std::string unsaid = tariff("");
  const std::string said = tariff("every plan exactly once\nexcept large because \"on quote\"\n");
  run({{"a tariff without a row", unsaid.c_str(), {"E1011"}}, {"and meant", said.c_str(), {}}});
  const auto entry = [](const std::string& type, const std::string& value,
                        const std::string& event = "") {
    return "table t by plan { | plan | price |\n| small | 1 yuan |\n}\ntable all by plan { | plan "
           "| price |\n| small | 1 "
           "yuan |\n| large | 2 yuan |\n}\nentry e { amount: " +
           type +
           " }\nevent ask {\nfield plan: known plan else "
           "\"x\" required\nfield any: open plan required\n" +
           event + "\nemit e { amount = " + value + " } }";
  };
  const std::string left_out = entry("money", "t[event.plan].price");
  const std::string shown = entry("money?", "t[event.plan].price");
  const std::string total = entry("money", "all[event.plan].price");
  const std::string from_outside = entry("money", "all[event.any].price");
  const std::string either = entry("money", "either(t[event.plan].price, 3 yuan)");
  const std::string refused =
      entry("money", "(when event.plan is small => 1 yuan, otherwise => t[event.plan].price)",
            "refuse \"no\" when event.plan is large and no t[event.plan]");
  run({{"left out", left_out.c_str(), {"E1011"}},
       {"shown as missing", shown.c_str(), {}},
       {"a table that has them all", total.c_str(), {}},
       {"a name from outside", from_outside.c_str(), {"E1011"}},
       {"something else then", either.c_str(), {}},
       {"refused otherwise", refused.c_str(), {}}});
}

TEST_CASE("names are told apart by eye") {
  run({{"Cyrillic a", "domain x { pa, p\xd0\xb0y, pay }", {"E1012", "E1013"}},
       {"Cyrillic word", "domain x { \xd1\x80\xd0\xb0\xd1\x83, pay }", {"E1012"}},
       {"Chinese and Japanese", "domain x { \xe5\x8f\xa3, \xe3\x83\xad }", {"E1012"}},
       {"Chinese and Latin", "domain x { VIN\xe7\xa0\x81, \xe7\xa0\x81 }", {}},
       {"a Greek letter alone", "domain x { \xce\xb2\xe7\xa0\x81, b\xe7\xa0\x81 }", {}},
       {"what ASCII has is left to the reader", "domain x { tier1, tierl }", {}}});
}

TEST_CASE("leftovers are warned of, and may be allowed with a reason") {
  const auto codes = [](const std::string& text) {
    Outcome outcome;
    load({{"test.toll", "language 1\npolicy p\n" + text}}, true, outcome);
    INFO(render(outcome.diagnostics, outcome.sources));
    return outcome.codes;
  };
  using Codes = std::set<std::string>;
  CHECK(codes("define f() = true\nevent e {}") == Codes{"W1001"});
  CHECK(codes("define f() = true") == Codes{});  // a policy in the making
  CHECK(codes("define f() = true\nevent e {}\nallow W1001 f because \"later\"") == Codes{});
  CHECK(codes("define f() = true\nevent e {}\nallow W1001 g because \"later\"") ==
        Codes{"W1001", "W1002"});
  CHECK(codes("define f() = true\nevent e {}\nallow W1001 because \"later\"") == Codes{"E1014"});
  CHECK(codes("define f() = true\nevent e {}\nallow W1001 f") == Codes{"E1014"});
  CHECK(codes("event e {}\nallow E1004 f because \"later\"") == Codes{"E1014"});
  CHECK(codes("event e { field a: text\nallow W1001 because \"told\" }") == Codes{});
  CHECK(codes("event e { field a: text\nallow W1001 b because \"told\" }") ==
        Codes{"W1001", "W1002"});
  CHECK(codes("event e {}\nallow W1101 f because \"for toll lint\"") == Codes{});
  CHECK(codes("account { x: number }\nevent e { x := 1 }") == Codes{"W1001"});
  CHECK(codes("account { x: number }\nevent e { x += 1 }") == Codes{});
  CHECK(codes("timer t {}\nevent e {}") == Codes{"W1001"});
  CHECK(codes("timer t {}\nevent e { arm t at now }") == Codes{});
  CHECK(codes("entry e { a: text; b: text }\nevent x { emit e { a = \"1\" } }") == Codes{"W1001"});
  CHECK(
      codes(
          "domain d { a }\ntable t by d { | d | n |\n| a | 1 |\n| otherwise | 2 |\n}\n"
          "entry e { n: number }\nevent x { field d: d required\nemit e { n = t[event.d].n } }") ==
      Codes{"W1003"});
  CHECK(
      codes(
          "domain d { a, b }\ntable t by d { | d | n |\n| a | 1 |\n| otherwise | 2 |\n}\n"
          "entry e { n: number }\nevent x { field d: d required\nemit e { n = t[event.d].n } }") ==
      Codes{});
}

/// The rule files of a policy, those of its scenarios left out.
std::vector<RuleFile> rule_files(const char* folder) {
  std::vector<RuleFile> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(TOLL_SOURCE_DIR) + folder)) {
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    if (std::isdigit(static_cast<unsigned char>(entry.path().filename().string()[0])) != 0) {
      files.push_back({entry.path().filename().string(), text.str()});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const RuleFile& a, const RuleFile& b) { return a.path < b.path; });
  return files;
}

TEST_CASE("mistakes in a whole price page are found") {
  const std::vector<RuleFile> files = rule_files("/rules/tencent-ocr");
  REQUIRE(files.size() > 10);
  Outcome clean;
  load(files, false, clean);  // scenarios use what rules do not
  INFO(render(clean.diagnostics, clean.sources));
  CHECK(clean.codes.empty());

  // The mutations lie beside: what stands in the file, what it becomes, the code.
  std::ifstream in(std::string(TOLL_SOURCE_DIR) + "/tests/dsl/findings.tsv");
  std::string line;
  int count = 0;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream cells(line);
    std::string code, before, after;
    std::getline(cells, code, '\t');
    std::getline(cells, before, '\t');
    std::getline(cells, after, '\t');
    std::vector<RuleFile> mutated = files;
    int changed = 0;
    for (RuleFile& file : mutated) {
      const std::size_t at = file.text.find(before);
      if (at == std::string::npos) continue;
      file.text.replace(at, before.size(), after);
      ++changed;
    }
    INFO(line);
    CHECK(changed == 1);
    Outcome outcome;
    load(mutated, code == "W1001", outcome);
    INFO(render(outcome.diagnostics, outcome.sources));
    CHECK(outcome.codes == std::set<std::string>{code});
    ++count;
  }
  CHECK(count >= 12);
}

}  // namespace
}  // namespace toll::dsl::findings_test
