// What a trace is told: everything, in order, nested as it happened; and that telling changes
// nothing.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/engine/support.hpp"

namespace toll::test {
namespace {

/// Writes down all it hears, and checks that what begins also ends.
struct Listener : Trace {
  explicit Listener(bool wants_detail) : wants_detail_(wants_detail) {}

  void say(const std::string& text) { told += (told.empty() ? "" : " ") + text; }
  void open(const std::string& what) { open_.push_back(what); }
  void close(const std::string& what) {
    REQUIRE(!open_.empty());
    CHECK(open_.back() == what);
    open_.pop_back();
  }

  void event(const EventView& event) override { say("event:" + std::string(event.id)); }
  void timer(std::uint32_t timer, Value) override { say("timer:" + std::to_string(timer)); }
  void handling(const EventView&) override { say("handling"); }
  void ended(bool done) override {
    CHECK(open_.empty());
    say(done ? "done" : "failed");
  }
  void wrote(std::uint64_t seq) override { say("wrote:" + std::to_string(seq)); }
  void enter(const Effect& effect, ClauseId) override {
    open("effect" + std::to_string(static_cast<int>(effect.what)));
  }
  void leave(const Effect& effect) override {
    close("effect" + std::to_string(static_cast<int>(effect.what)));
  }
  void enter_block(std::uint32_t block) override { open("block" + std::to_string(block)); }
  void leave_block(std::uint32_t block) override { close("block" + std::to_string(block)); }
  void changed(const Change& change) override {
    static const std::vector<std::string> kOf = {"reg",   "state", "deadline",
                                                 "field", "row",   "clear"};
    std::string text = kOf[static_cast<std::size_t>(change.of)] + std::to_string(change.index);
    if (change.row != kAbsent) text += "[" + digits(change.row) + "]";
    if (change.of == Change::Of::field) text += "." + std::to_string(change.field);
    if (change.of == Change::Of::row) {
      for (const Value field : change.fields) text += "," + digits(field);
    } else if (change.of != Change::Of::clear) {
      text += ":" + digits(change.old) + "->" + digits(change.value);
    }
    say(text);
  }
  void took(Value row, Value left, Value took) override {
    say("took[" + digits(row) + "]:" + digits(took) + "/" + digits(left));
  }

  [[nodiscard]] bool detail() const override { return wants_detail_; }
  void enter(NodeId node) override { open(std::to_string(node)); }
  void leave(NodeId node, Value value) override {
    close(std::to_string(node));
    values.emplace_back(node, value);
  }
  void turn(std::uint32_t, Value row, Turn why) override {
    if (why == Turn::weigh) weighed.push_back(row);
  }

  std::string told;
  std::vector<std::pair<NodeId, Value>> values;
  std::vector<Value> weighed;

 private:
  bool wants_detail_;
  std::vector<std::string> open_;
};

/// Two kinds of packs; `use` draws 5 from those of kind 1 and emits what is left over. A timer sets
/// the only register.
struct Packs {
  Packs() {
    family = m.family("packs", {{"kind", kCount, 0}, {"left", kCount, 0}});
    m.reg("last", kCount, 0);
    m.timer("tick", 0, {set_register(0, m.number(3))});
    entry = m.entry("used", {kCount});
    buy = m.event("buy", {kCount, kCount},
                  {put(family, {m.field(0, kCount), m.field(1, kCount)}), arm(0, m.now())});
    kind = m.same(m.row_field(m.local(0, type(Kind::row, family, Of::family)), 0, kCount),
                  m.number(1));
    Source source = rows_of(Source::Of::family, family, 0, kind);
    use =
        m.event("use", {}, {draw(source, 1, m.number(5), 1, 2), emit(entry, {m.local(2, kCount)})});
  }
  Maker m;
  std::uint32_t family = 0, entry = 0, buy = 0, use = 0;
  NodeId kind = kNoNode;
};

std::vector<std::string> played(const Packs& packs, Trace* trace) {
  Ledger ledger(packs.m.core);
  const auto apply = [&](std::uint32_t event, Value seconds, std::vector<Value> fields) {
    EventView view;
    const std::string id = "e" + std::to_string(++ledger.events);
    view.type = event;
    view.id = id;
    view.time = seconds * kSecond;
    view.digest.key_high = ledger.events;
    view.fields = fields;
    ledger.account.apply(view, ledger, trace);
  };
  apply(packs.buy, 10, {1, 2});
  apply(packs.buy, 20, {2, 9});
  apply(packs.use, 30, {});
  return ledger.lines;
}

}  // namespace

TEST_CASE("a trace hears of steps, changes and draws") {
  const Packs packs;
  Listener listener(false);
  const std::vector<std::string> lines = played(packs, &listener);
  CHECK(lines == std::vector<std::string>{"1 @30 e3 used 3"});
  CHECK(listener.told == "event:e1 handling row0[0],1,2 deadline0:" + digits(kAbsent) +
                             "->10000000000 done "
                             "event:e2 timer:0 deadline0:10000000000->" +
                             digits(kAbsent) +
                             " reg0:0->3 "
                             "handling row0[1],2,9 deadline0:" +
                             digits(kAbsent) +
                             "->20000000000 done "
                             "event:e3 timer:0 deadline0:20000000000->" +
                             digits(kAbsent) +
                             " "
                             "handling took[0]:2/2 field0[0].1:2->0 wrote:1 done");
  CHECK(listener.values.empty());
}

TEST_CASE("a detailed trace hears of every expression, and weighs rows that a draw does not find") {
  const Packs packs;
  Listener listener(true);
  CHECK(played(packs, &listener) == played(packs, nullptr));
  CHECK(listener.weighed == std::vector<Value>{0, 1});
  std::vector<Value> kinds;
  for (const auto& [node, value] : listener.values) {
    if (node == packs.kind) kinds.push_back(value);
  }
  REQUIRE(kinds.size() >= 2);
  CHECK(kinds[0] == 1);
  CHECK(kinds[1] == 0);
}

}  // namespace toll::test
