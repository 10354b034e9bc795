// Hooks as the engine sees them: a function of its arguments that may fail.
#include <doctest/doctest.h>

#include <utility>

#include "tests/engine/support.hpp"
#include "toll/hooks.hpp"

namespace toll::test {
namespace {

/// Doubles its first argument, and fails where that is 13; what else it is asked it tells.
class Doubling final : public HookHost {
 public:
  [[nodiscard]] std::unique_ptr<HookCaller> open() const override {
    ++opened;
    return std::make_unique<Caller>(*this);
  }
  mutable int opened = 0;
  mutable std::vector<std::string> texts;
  Value wrong = 0;  ///< answered instead, if not 0

 private:
  class Caller final : public HookCaller {
   public:
    explicit Caller(const Doubling& host) : host_(host) {}
    bool call(std::uint32_t hook, std::span<const HookArgument> arguments, Value& result,
              std::string& why) override {
      CHECK(hook == 0);
      for (const HookArgument& argument : arguments) {
        if (!argument.text.empty()) host_.texts.emplace_back(argument.text);
      }
      why = "it is 13";
      result = host_.wrong != 0 ? host_.wrong : arguments[0].value * 2;
      return arguments[0].value != 13;
    }

   private:
    const Doubling& host_;
  };
};

struct Asking {
  explicit Asking(Type result = kCount, std::vector<Type> more = {}) {
    Hook hook;
    hook.name = "twice";
    hook.parameters = {{"n", kCount}};
    hook.result = result;
    fields = {kCount};
    std::vector<NodeId> args = {m.field(0, kCount)};
    for (const Type& type : more) {
      args.push_back(m.field(static_cast<std::uint32_t>(fields.size()), type));
      fields.push_back(type);
      hook.parameters.push_back({"more", type});
    }
    m.core.hooks.push_back(hook);
    m.core.hook_host = host;
    asked = m.node(Op::hook, result, args, 0);
    total = m.reg("total", kCount, 0);
    note = m.entry("note", {result});
  }
  std::uint32_t event(Effects more = {}) {
    const NodeId old = m.node(Op::reg, kCount, {}, total);
    Effects effects = {set_register(total, m.node(Op::add, kCount, {old, m.number(1)}))};
    for (Effect& effect : more) effects.push_back(std::move(effect));
    effects.push_back(emit(note, {asked}));
    return m.event("ask", fields, std::move(effects));
  }

  Maker m;
  std::shared_ptr<Doubling> host = std::make_shared<Doubling>();
  std::vector<Type> fields;
  NodeId asked = kNoNode;
  std::uint32_t total = 0;
  std::uint32_t note = 0;
};

TEST_CASE("a hook's answer is a value like any other") {
  Asking asking;
  const std::uint32_t event = asking.event();
  Ledger ledger(asking.m.core);
  CHECK(ledger.apply(event, 5, {21}));
  CHECK(ledger.apply(event, 6, {4}));
  CHECK(ledger.lines == std::vector<std::string>{"1 @5 e1 note 42", "2 @6 e2 note 8"});
  CHECK(asking.host->opened == 1);
}

TEST_CASE("a failing hook fails its event, which may come again") {
  Asking asking;
  const std::uint32_t event = asking.event();
  Ledger ledger(asking.m.core);
  CHECK(ledger.apply(event, 5, {21}));
  CHECK_FALSE(ledger.apply(event, 6, {13}));
  CHECK((ledger.account.register_value(asking.total) == 1));
  CHECK((ledger.account.clock() == 5 * kSecond));
  CHECK(ledger.lines.back() == "2 @6 e2 error hook-failed");
  const EventDigest second{2 * 0x9e3779b97f4a7c15ULL, 2, 62};
  CHECK(ledger.account.repeat(second, kAbsent) == Repeat::fresh);
  CHECK(ledger.apply(event, 6, {14}));
  CHECK(ledger.lines.back() == "3 @6 e3 note 28");
}

TEST_CASE("a hook sees names and texts by what they say") {
  Asking asking(kCount, {type(Kind::name), kText});
  asking.m.domain("item", {"pen", "ink"});
  const std::uint32_t event = asking.event();
  Ledger ledger(asking.m.core);
  CHECK(ledger.apply(event, 5, {1, 1, event_text(0)}, {"a remark"}));
  CHECK(ledger.apply(event, 5, {1, kUnknownName | event_text(0), kAbsent}, {"chalk"}));
  CHECK(asking.host->texts == std::vector<std::string>{"ink", "a remark", "chalk"});
}

TEST_CASE("an answer that is not of the declared type is a failure") {
  for (const auto& [result, wrong] :
       {std::pair<Type, Value>{kFlag, 2}, {type(Kind::name), 2}, {kCount, kAbsent}, {kText, 1}}) {
    Asking asking(result);
    asking.m.domain("item", {"pen", "ink"});
    asking.host->wrong = wrong;
    const std::uint32_t event = asking.event();
    Ledger ledger(asking.m.core);
    CHECK_FALSE(ledger.apply(event, 5, {1}));
    CHECK(ledger.lines == std::vector<std::string>{"1 @5 e1 error hook-failed"});
  }
}

TEST_CASE("without anyone to run hooks their events fail") {
  Asking asking;
  const std::uint32_t event = asking.event();
  asking.m.core.hook_host = nullptr;
  Ledger ledger(asking.m.core);
  CHECK_FALSE(ledger.apply(event, 5, {1}));
  CHECK(ledger.lines == std::vector<std::string>{"1 @5 e1 error hook-failed"});
}

TEST_CASE("hooks in refusals and bounds fail the event as elsewhere") {
  Asking asking;
  const std::uint32_t event = asking.event();
  const NodeId above = asking.m.node(Op::gt, kFlag, {asking.asked, asking.m.number(50)});
  asking.m.core.events[event].refusals = {{above, "much", kNone}};
  asking.m.core.events[event].bounded = {asking.asked};
  Ledger ledger(asking.m.core);
  CHECK_FALSE(ledger.apply(event, 5, {13}));
  CHECK_FALSE(ledger.apply(event, 5, {26}));
  CHECK(ledger.apply(event, 5, {25}));
  CHECK(ledger.lines == std::vector<std::string>{"1 @5 e1 error hook-failed", "2 @5 e2 error much",
                                                 "3 @5 e3 note 50"});
}

TEST_CASE("a timer whose hook fails stays armed") {
  Asking asking;
  Maker& m = asking.m;
  const std::uint32_t n = m.reg("n", kCount, 13);
  const NodeId asked = m.node(Op::hook, kCount, {m.node(Op::reg, kCount, {}, n)}, 0);
  const std::uint32_t tick = m.timer("tick", 0, {emit(asking.note, {asked})});
  const std::uint32_t start = m.event("start", {}, {arm(tick, m.value(kInstant, 20 * kSecond))});
  const std::uint32_t mend = m.event("mend", {}, {set_register(n, m.number(5))});
  Ledger ledger(m.core);
  CHECK(ledger.apply(start, 10));
  CHECK_FALSE(ledger.advance(30));
  CHECK((ledger.account.next_deadline() == 20 * kSecond));
  CHECK_FALSE(ledger.apply(mend, 30));  // the timer comes first
  CHECK(ledger.apply(mend, 15));
  CHECK(ledger.advance(30));
  CHECK(ledger.lines == std::vector<std::string>{"1 @20 timer:tick error hook-failed",
                                                 "2 @30 e2 error hook-failed",
                                                 "3 @20 timer:tick note 10"});
}

TEST_CASE("a thread that serves many programs opens callers again, and goes on rightly") {
  std::vector<Asking> all(12);
  std::vector<Ledger> ledgers;
  std::vector<std::uint32_t> events;
  for (Asking& asking : all) {
    events.push_back(asking.event());
    ledgers.emplace_back(asking.m.core);
  }
  for (Value round = 1; round <= 3; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) CHECK(ledgers[i].apply(events[i], 1, {round}));
  }
  for (const Ledger& ledger : ledgers) {
    CHECK(ledger.lines ==
          std::vector<std::string>{"1 @1 e1 note 2", "2 @1 e2 note 4", "3 @1 e3 note 6"});
  }
}

}  // namespace
}  // namespace toll::test
