#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/io/small_core.hpp"
#include "toll/batch.hpp"
#include "toll/lines.hpp"

using namespace toll;

namespace {

std::uint32_t event_named(const Core& core, std::string_view wire) {
  for (std::uint32_t i = 0; i < core.events.size(); ++i)
    if (core.events[i].wire == wire) return i;
  FAIL("no such event");
  return 0;
}

std::uint32_t field_named(const EventType& type, std::string_view wire) {
  for (std::uint32_t i = 0; i < type.fields.size(); ++i)
    if (type.fields[i].wire == wire) return i;
  FAIL("no such field");
  return 0;
}

/// Everything that comes of lines, as text: entries as account@time with some members, refusals as
/// line:code.
struct Fed final : BatchSink {
  Fed() : core(std::make_shared<const Core>(test::small_core())), store(prepare(core)) {
    layout.type = event_named(*core, "echo");
    layout.account = "who";
    layout.time = "at";
    layout.nanos_per_tick = 1'000'000;
    for (const auto& [key, wire] : std::vector<std::pair<std::string, std::string>>{
             {"count", "n"}, {"k", "k"}, {"known", "known"}, {"thing", "thing"}, {"d", "d"}})
      layout.fields.push_back({key, field_named(core->events[layout.type], wire)});
  }

  void entry(std::uint64_t account, const Account& /*state*/, const EntryView& entry) override {
    told.push_back(std::to_string(account) + "@" +
                   std::to_string(static_cast<std::int64_t>(entry.time / 1'000'000)) +
                   (entry.kind == EntryView::kError ? " " + std::string(entry.code) : ""));
    for (std::size_t i = 0; entry.kind == 0 && i < core->entries[0].members.size(); ++i) {
      const std::string& wire = core->entries[0].members[i].wire;
      const bool shown =
          wire == "n" || wire == "k" || wire == "known" || wire == "thing" || wire == "d";
      if (shown && entry.members[i] != kAbsent)
        told.back() +=
            " " + wire + "=" + std::to_string(static_cast<std::int64_t>(entry.members[i]));
    }
  }

  std::vector<std::string> feed(std::string_view text) {
    told.clear();
    JsonLines lines(core, layout, store, *this,
                    [this](std::uint64_t line, std::string_view code, std::string_view message) {
                      CHECK_FALSE(message.empty());
                      refused.push_back(std::to_string(line) + ":" + std::string(code));
                    });
    const std::size_t used = lines.feed(text);
    lines.finish(text.substr(used));
    return told;
  }

  std::shared_ptr<const Core> core;
  AccountStore store;
  LineLayout layout;
  std::vector<std::string> told;
  std::vector<std::string> refused;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("lines become events, in any order of members, known shape or not") {
  Fed fed;
  CHECK(fed.feed("{\"at\":1000,\"who\":7,\"count\":5,\"known\":\"ticket\"}\n"
                 "{\"at\":2000,\"who\":8,\"count\":6,\"known\":\"ticket\"}\n"
                 "\n"
                 "{\"who\":7, \"at\":3000, \"count\":3,\"k\":2,\"extra\":[1]}\n"
                 "{\"at\":4000,\"who\":18446744073709551615,\"d\":\"1970-01-03\"}") ==
        Texts{"7@1000 n=5 k=1 known=0", "8@2000 n=6 k=1 known=0", "7@3000 n=3 k=2",
              "18446744073709551615@4000 n=0 k=1 d=2"});
  CHECK(fed.refused.empty());
}

TEST_CASE("a line that is no event is told of, and nothing else happens") {
  Fed fed;
  const std::string good = "{\"at\":1000,\"who\":7,\"count\":1}\n";
  CHECK(fed.feed(good + "{\n" + good + "{\"at\":1000,\"who\":7,\"count\":1.5}\n" +
                 "{\"at\":\"1000\",\"who\":7,\"count\":1}\n" + "{\"who\":7,\"count\":1}\n" +
                 "{\"at\":1000,\"count\":1}\n" + "{\"at\":1000,\"who\":-7,\"count\":1}\n" +
                 "{\"at\":999999999999999999,\"who\":7,\"count\":1}\n" +
                 "{\"at\":1000,\"who\":7,\"count\":1000000000001}\n" +
                 "{\"at\":1000,\"who\":7,\"count\":1,\"count\":1}\n" +
                 "{\"at\":1000,\"who\":7,\"known\":\"other\"}\n" + "[]\n" + good)
            .size() == 3);
  CHECK(fed.refused == Texts{"2:bad-json", "4:bad-event", "5:bad-event", "6:bad-event",
                             "7:bad-event", "8:bad-event", "9:bad-event", "10:bad-event",
                             "11:bad-json", "12:unknown-thing", "13:bad-event"});
}

TEST_CASE("broken UTF-8 stops its own line only") {
  Fed fed;
  CHECK(fed.feed("{\"at\":1,\"who\":1,\"x\":\"\xff\"}\n{\"at\":1,\"who\":1}\n").size() == 1);
  CHECK(fed.refused == Texts{"1:bad-json"});
}

TEST_CASE("a name that is none is refused by the store") {
  Fed fed;
  CHECK(fed.feed("{\"at\":1,\"who\":1,\"thing\":\"nowhere\"}\n") == Texts{"1@1 bad-event"});
}
