// Hooks in Lua: what programs are given, what they may answer, and that nothing stays of a call.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "dsl/lua/hooks.hpp"
#include "dsl/lua/reasons.hpp"
#include "dsl/policy.hpp"
#include "dsl/syntax/diagnostic.hpp"

using namespace toll;
using namespace toll::dsl;

namespace {

/// A policy with one hook, in a folder of its own.
class Place {
 public:
  Place(const std::string& declaration, const std::string& program) {
    std::string name = (std::filesystem::temp_directory_path() / "toll-hooks-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    write("rules.toll",
          "language 1\npolicy p\ncurrency EUR euro\nunit call\n"
          "domain kind { basic, media = \"MEDIA\" }\n" +
              declaration + "\n");
    std::filesystem::create_directory(folder_ / "programs");
    write("programs/f.lua", program);
    SourceSet sources;
    Diagnostics diagnostics;
    policy = load_policy(folder_.string(), sources, diagnostics);
    for (const Diagnostic& one : diagnostics.sorted()) {
      if (one.severity == Severity::error) errors.push_back(one.message.id);
    }
    report = render(diagnostics, sources);
  }
  ~Place() { std::filesystem::remove_all(folder_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  Policy policy;
  std::vector<std::string> errors;
  std::string report;

 private:
  void write(const char* name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::filesystem::path folder_;
};

struct Answer {
  bool done = false;
  Value value = kAbsent;
  std::string why;
};

class Asked {
 public:
  Asked(const std::string& type, const std::string& body, const HookLimits& limits = {},
        const std::string& before = "")
      : place_("hook f(n: number, m: money?, k: kind?, t: text?) -> " + type +
                   " file \"programs/f.lua\"",
               before + "\nreturn { f = function(n, m, k, t)\n" + body + "\nend }") {
    INFO(place_.report);
    REQUIRE(place_.policy.core != nullptr);
    caller_ = lua::host_of(*place_.policy.core, limits)->open();
  }
  Answer operator()(Value n, Value m = kAbsent, const char* k = nullptr, const char* t = nullptr) {
    std::vector<HookArgument> arguments = {{n, {}}, {m, {}}, {}, {}};
    if (k != nullptr) arguments[2] = {1, k};
    if (t != nullptr) arguments[3] = {1, t};
    Answer answer;
    answer.done = caller_->call(0, arguments, answer.value, answer.why);
    return answer;
  }

 private:
  Place place_;
  std::unique_ptr<HookCaller> caller_;
};

std::int64_t number(const Answer& answer) {
  INFO(answer.why);
  CHECK(answer.done);
  return static_cast<std::int64_t>(answer.value);
}

constexpr Value kEuro = 1'000'000;

}  // namespace

TEST_CASE("arguments come as what they are, answers as what the hook says") {
  CHECK(number(Asked("number", "return n * 2 + 1")(20)) == 41);
  CHECK(number(Asked("money", "return m * n")(3, kEuro / 4)) == 750'000);
  CHECK(number(Asked("money", "return number '0.1' + number '0.2' == number '0.3' and m or 0")(
            1, kEuro)) == kEuro);
  CHECK(number(Asked("bool", "return k == 'MEDIA'")(1, kAbsent, "MEDIA")) == 1);
  CHECK(number(Asked("kind", "return t")(1, kAbsent, nullptr, "media")) == 1);
  CHECK(number(Asked("kind", "return t")(1, kAbsent, nullptr, "MEDIA")) == 1);
  CHECK(number(Asked("bool", "return m == nil and k == nil and t == nil")(1)) == 1);
  const Answer nothing = Asked("money?", "return nil")(1);
  CHECK(nothing.done);
  CHECK((nothing.value == kAbsent));
}

TEST_CASE("exact numbers are exact, and whole ones are whole numbers of Lua") {
  const auto of = [](const std::string& value) {
    return number(Asked("decimal", "return " + value)(7, 2 * kEuro + kEuro / 2));
  };
  CHECK(of("m") == 2'500'000);
  CHECK(of("m * 2 == 5 and 1 or 0") == 1'000'000);
  CHECK(of("m + number '0.5' == 3 and ({10, 20, 30})[m + number '0.5'] or 0") == 30'000'000);
  CHECK(of("number '100000000000000000000000' - number '99999999999999999999999'") == 1'000'000);
  CHECK(of("m - n") == -4'500'000);
  CHECK(of("-m // 1") == -3'000'000);
  CHECK(of("m % 1") == 500'000);
  CHECK(of("round(m, 1)") == 3'000'000);
  CHECK(of("round(-m, 1)") == -3'000'000);
  CHECK(of("round(number '1.2349', number '0.01')") == 1'230'000);
  CHECK(of("round(number '7.3', number '0.25')") == 7'250'000);
  CHECK(of("divide(n, 3, number '0.01')") == 2'330'000);
  CHECK(of("divide(m, number '0.2', number '0.1')") == 12'500'000);
  CHECK(of("math.max(m, 2, number '2.6') - math.min(m, 2)") == 600'000);
  CHECK(of("m < 3 and m > 2 and m <= number '2.5' and 1 or 0") == 1'000'000);
  CHECK(of("tostring(m) == '2.5' and tostring(-m) == '-2.5' and 1 or 0") == 1'000'000);
  CHECK(of("tostring(number '0.05') == '0.05' and type(m) == 'number' and 1 or 0") == 1'000'000);
}

TEST_CASE("answers that are not of their type fail") {
  for (const char* value :
       {"return 'x'", "return {}", "return true", "return nil", "return print", "", "return m",
        "return number '0.0000001'", "return 1 << 62", "return f"}) {
    CAPTURE(value);
    CHECK_FALSE(Asked("number", value)(1, kEuro / 2).done);
  }
  CHECK_FALSE(Asked("kind", "return t")(1, kAbsent, nullptr, "other").done);
  CHECK_FALSE(Asked("money", "return number '0.0000001'")(1).done);
  CHECK_FALSE(Asked("bool", "return 1")(1).done);
  CHECK_FALSE(Asked("number", "return n")(Value{1} << 60).done);
}

TEST_CASE("nothing stays of a call") {
  const std::string counts = "local count, seen = 0, {}";
  Asked counter("number", "count = count + 1 seen[#seen + 1] = n return count * 100 + #seen", {},
                counts);
  for (Value i = 0; i < 5; ++i) CHECK(number(counter(i)) == 101);
  Asked environment("number", "local old = tostring _ENV = { x = n } return x", {}, "");
  CHECK(number(environment(4)) == 4);
  CHECK(number(environment(5)) == 5);
  for (const char* change : {"x = 1", "string.sub = nil", "table.insert = nil", "math.max = nil",
                             "tostring = nil", "_ENV.y = 1", "('').len = nil"}) {
    CAPTURE(change);
    CHECK_FALSE(Asked("number", std::string(change) + " return 1")(1).done);
  }
}

TEST_CASE("a call that takes too much fails, and the next one does not know") {
  struct Attack {
    const char* body;
    const char* why;
  };
  const Attack attacks[] = {
      {"while true do end", "steps"},
      {"for i = 1, 10000000 do end", "steps"},
      {"local t = {} while true do t[#t + 1] = {} end", "KiB"},
      {"local s = 'x' while true do s = s .. s end", "KiB"},
      {"return #(('x'):rep(90000))", "text"},
      {"(''):rep(1000000000) return 1", "steps"},
      {"local function g(x) return 1 + g(x) end return g(1)", ""},
      {"local function g(x) return g(x) end return g(1)", "steps"},
      {"local t = {} for i = 1, 200 do t[i] = i end local function g(...) return g(1, ...) end "
       "return g(table.unpack(t))",
       ""},
      {"return ('a'):find('b')", ""},
      {"return pcall(error)", "pcall"},
      {"return coroutine.create(f)", "coroutine"},
      {"return setmetatable({}, {})", "setmetatable"},
      {"return getmetatable('').__index", "getmetatable"},
      {"return rawset(_ENV, 'x', 1)", "rawset"},
      {"return load('return 1')()", "load"},
      {"return string.dump(f)", ""},
      {"return os.time()", "os"},
      {"return io.open('/etc/passwd')", "io"},
      {"return math.random()", ""},
      {"table.move({}, 1, 300000000, 2) return 1", ""},
      {"local t = {} for i = 1, 300 do t[i] = i end return table.unpack(t)", "unpack"},
      {"local t = {} for i = 1, 3000 do t[i] = i % 7 end "
       "table.sort(t, function(a, b) while true do end end) return 1",
       "steps"},
      {"m.x = 1", ""},
      {"error('no such distance')", "no such distance"},
      {"return n // 0", "by zero"},
  };
  for (const Attack& attack : attacks) {
    CAPTURE(std::string(attack.body));
    Asked asked("number", "if n == 1 then " + std::string(attack.body) + " end return 7");
    CHECK(number(asked(0)) == 7);
    for (int i = 0; i < 2; ++i) {
      const Answer answer = asked(1, kEuro / 2);
      CHECK_FALSE(answer.done);
      CAPTURE(answer.why);
      CHECK(answer.why.find(attack.why) != std::string::npos);
      CHECK(answer.why.size() < 300);
      CHECK(number(asked(0)) == 7);
    }
  }
}

TEST_CASE("a reason is told in the reader's language, and what a program says stays") {
  const auto told = [](const char* type, const char* body) {
    const Answer answer = Asked(type, body)(1, kEuro / 2, nullptr, "other");
    CHECK_FALSE(answer.done);
    const std::string message = "hook f failed: " + answer.why;
    CHECK(lua::retold(message, Language::en) == message);
    return lua::retold(message, Language::zh);
  };
  const std::string failed = "\u7a0b\u5e8f f \u5931\u8d25\uff1a";
  const std::string line = "\uff08\u7b2c 3 \u884c\uff09";
  CHECK(told("number", "while true do end") ==
        failed + "\u8fd0\u884c\u8d85\u8fc7 100000 \u6b65" + line);
  CHECK(told("number", "error('no such distance')") == failed + "no such distance" + line);
  CHECK(told("number", "error('it takes more than 7 steps (line 9)')") ==
        failed + "it takes more than 7 steps (line 9)" + line);
  // Each kind of reason that is Toll's own has its words.
  for (const char* body :
       {"return nil", "return print", "return {}", "return m", "return number '0.0000001'",
        "return 1 << 62", "return n // (n - 1)", "return m // 0", "return round(m, 0)",
        "return m + 'x'", "return number '0.1234567890123456789012345678901'", "x = 1",
        "string.sub = nil", "return #(('x'):rep(70000))",
        "local s = 'x' while true do s = s .. s end",
        "local t = {} while true do t[#t + 1] = {} end",
        "local function g(x) return 1 + g(x) end return g(1)"}) {
    CAPTURE(std::string(body));
    const std::string chinese = told("number", body);
    CAPTURE(chinese);
    const std::string why = chinese.substr(failed.size());
    CHECK((static_cast<unsigned char>(why[0]) >= 0x80U || why[0] == '`'));
  }
  CHECK(told("kind", "return t").find("other") == std::string::npos);
  CHECK(lua::retold("another event had this id", Language::zh) == "another event had this id");
}

TEST_CASE("the budget of memory does not depend on calls before") {
  HookLimits limits;
  limits.memory_bytes = 200'000;
  // Texts that are there already cost nothing: a second call would be cheaper than the first.
  const std::string body =
      "local t = {} for i = 1, n do t[i] = ('text '):rep(3) .. tostring(i) end return #t";
  std::int64_t most = 0;
  for (std::int64_t n = 100; n < 4000; n += 100) {
    Asked fresh("number", body, limits);
    if (fresh(n).done) most = n;
  }
  CHECK(most > 100);
  CHECK(most < 3900);
  for (const std::int64_t n : {most, most + 100}) {
    Asked warm("number", body, limits);
    for (int i = 0; i < 20; ++i) {
      warm(n / 2);
      warm(50);
      CHECK(warm(n).done == (n == most));
    }
  }
}

TEST_CASE("limits can be set, and are named where they are met") {
  HookLimits limits;
  limits.steps = 50;
  CHECK(Asked("number", "for i = 1, 1000 do end return 1", limits)(1).why.find("50 steps") !=
        std::string::npos);
  limits.steps = 100'000;
  limits.text_bytes = 2048;
  CHECK(Asked("number", "return #(('x'):rep(n))", limits)(1000).done);
  CHECK(Asked("number", "return #(('x'):rep(n))", limits)(5000).why.find("2 KiB") !=
        std::string::npos);
}

TEST_CASE("mistakes in a program and its declaration are told where they are") {
  const auto errors = [](const std::string& declaration, const std::string& program) {
    return Place(declaration, program).errors;
  };
  using Errors = std::vector<std::string>;
  const std::string good = "hook f(n: number) -> number file \"programs/f.lua\"";
  CHECK(errors(good, "return { f = function(n) return n end }").empty());
  CHECK(errors(good, "return { f = function(n) return 0.5 end }") == Errors{"E1110.fraction"});
  CHECK(errors(good, "return { f = function(n) return n / 2 end }") == Errors{"E1110.quotient"});
  CHECK(errors(good, "return { f = function(n) return n ^ 2 end }") == Errors{"E1110.power"});
  CHECK(errors(good, "return { f = function(n) return 9223372036854775808 end }") ==
        Errors{"E1110.long"});
  CHECK(errors(good,
               "-- 0.5 / 2 [[ ]]\nlocal s = '0.5 ^ \\' /' .. [==[ 1/2 ]] ]==] --[[ 1.5\n 2/3 ]]\n"
               "return { f = function(n) return 7 // 2 .. s, 0x1f, 1 ..'' end }")
            .empty());
  CHECK(errors(good, "return { g = function(n) return n end }") == Errors{"E1111.no-function"});
  CHECK(errors(good, "return { f = 1 }") == Errors{"E1111.no-function"});
  CHECK(errors(good, "return 1") == Errors{"E1102.failed"});
  CHECK(errors(good, "return {") == Errors{"E1101.syntax"});
  CHECK(errors(good, "while true do end") == Errors{"E1103.steps"});
  CHECK(errors(good, "x = 1 return {}") == Errors{"E1102.failed"});
  CHECK(errors(good, "local x = os.time() return {}") == Errors{"E1104.unknown-name"});
  CHECK(errors("hook f(n: instant) -> number file \"programs/f.lua\"", "return {}") ==
        Errors{"E1111.takes"});
  CHECK(errors("hook f(n: number) -> set kind file \"programs/f.lua\"", "return {}") ==
        Errors{"E1111.gives"});
  CHECK(errors("hook f(n: number) -> text file \"programs/f.lua\"", "return {}") ==
        Errors{"E1111.gives"});
  CHECK(errors("hook f(n: number) -> number file \"../program.lua\"", "return {}") ==
        Errors{"E1111.outside"});
  CHECK(errors("hook f(n: number) -> number file \"other.lua\"", "return {}") ==
        Errors{"E0001.cannot-read"});
  CHECK(errors("hook f(n: number) -> number", "return {}") == Errors{"E0201.expected"});
  CHECK(errors("hook f(n: number) -> number file \"rules.toll\"", "return {}") ==
        Errors{"E1111.rule-file"});
  const Place near("hook price(n: number) -> number file \"programs/f.lua\"",
                   "return { prise = function(n) return n end }");
  CHECK(near.report.find("did you mean `prise`") != std::string::npos);
  const Place placed(good, "local a = 1\nreturn { f = function(n) return 0.5 end }");
  CHECK(placed.report.find("f.lua:2:") != std::string::npos);
}
