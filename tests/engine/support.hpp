// Small cores by hand, and an account that writes its ledger as lines of text.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toll/core.hpp"
#include "toll/engine.hpp"

namespace toll::test {

inline Type type(Kind kind, std::uint32_t ref = 0, Of of = Of::none) {
  Type made;
  made.kind = kind;
  made.ref = ref;
  made.of = of;
  return made;
}
inline Type money() {
  Type made = type(Kind::number);
  made.scale = kMoneyScale;
  return made;
}
inline const Type kFlag = type(Kind::boolean);
inline const Type kCount = type(Kind::number);
inline const Type kText = type(Kind::text);
inline const Type kInstant = type(Kind::instant);
inline const Type kDate = type(Kind::date);
inline const Type kMonth = type(Kind::month);
inline const Type kSpan = type(Kind::span);

inline constexpr Value kSecond = 1'000'000'000;
inline constexpr Value kDay = 86'400 * kSecond;

std::string digits(Value value);

/// Adds to a core and returns what was added by index.
class Maker {
 public:
  Core core;

  NodeId node(Op op, const Type& of, std::vector<NodeId> args = {}, std::uint32_t a = 0,
              std::uint32_t b = 0);
  NodeId value(const Type& of, Value value);
  NodeId number(Value number) { return value(kCount, number); }
  NodeId text(const std::string& text);
  NodeId local(std::uint32_t slot, const Type& of) { return node(Op::local, of, {}, slot); }
  NodeId field(std::uint32_t index, const Type& of) { return node(Op::field, of, {}, index); }
  NodeId row_field(NodeId row, std::uint32_t column, const Type& of) {
    return node(Op::row_field, of, {row}, column);
  }
  NodeId now() { return node(Op::now, kInstant); }
  NodeId clock() { return node(Op::clock, kInstant); }
  NodeId both(NodeId a, NodeId b) { return node(Op::logical_and, kFlag, {a, b}); }
  NodeId same(NodeId a, NodeId b) { return node(Op::eq, kFlag, {a, b}); }
  NodeId fold(Aggregate::Fn fn, Source source, NodeId body, const Type& of);

  std::uint32_t domain(const std::string& name, std::initializer_list<const char*> names);
  std::uint32_t reg(const std::string& name, const Type& of, Value initial = kAbsent);
  std::uint32_t family(const std::string& name, std::vector<Family::Field> fields,
                       std::uint32_t keys = 0);
  std::uint32_t timer(const std::string& name, std::uint32_t rank, Effects effects,
                      std::uint32_t frame = 8);
  std::uint32_t event(const std::string& name, std::vector<Type> fields, Effects effects,
                      std::uint32_t frame = 8);
  std::uint32_t entry(const std::string& name, std::vector<Type> members);
  std::uint32_t block(const std::string& name, Effects effects, std::uint32_t frame = 8);
};

Effect let(std::uint32_t slot, NodeId value);
Effect set_register(std::uint32_t index, NodeId value);
Effect move(std::uint32_t machine, NodeId state);
Effect set_cell(std::uint32_t family, std::uint32_t field, NodeId value, std::vector<NodeId> keys);
Effect add_cell(std::uint32_t family, std::uint32_t field, NodeId value, std::vector<NodeId> keys);
Effect set_row(std::uint32_t family, std::uint32_t field, NodeId row, NodeId value);
Effect put(std::uint32_t family, std::vector<NodeId> fields, std::uint32_t slot = kNone);
Effect each(Source source, Effects effects);
Effect draw(Source source, std::uint32_t field, NodeId amount, std::uint32_t took,
            std::uint32_t rest, Effects effects = {});
Effect choose(std::vector<std::pair<NodeId, Effects>> rules);
Effect arm(std::uint32_t timer, NodeId at);
Effect disarm(std::uint32_t timer);
Effect emit(std::uint32_t entry, std::vector<NodeId> members);
Effect clear(std::uint32_t family);

Source rows_of(Source::Of of, std::uint32_t index, std::uint32_t slot, NodeId where = kNoNode,
               std::vector<NodeId> by = {});

/// An account whose ledger is lines such as "3 @120 timer:tick note 7 text".
class Ledger : public Sink {
 public:
  explicit Ledger(const Core& core);

  void entry(const Account& account, const EntryView& entry) override;

  /// Applies an event; its time is in seconds, its texts become `texts`, everything else as given.
  bool apply(std::uint32_t event, Value seconds, std::vector<Value> fields = {},
             std::vector<std::string_view> texts = {});
  bool advance(Value seconds) { return account.advance(seconds * kSecond, *this); }

  std::shared_ptr<const Program> program;
  Account account;
  std::vector<std::string> lines;
  std::vector<std::vector<std::uint32_t>> sets;  ///< of the next event
  std::vector<ListView> lists;                   ///< of the next event
  std::uint64_t events = 0;
  Trace* trace = nullptr;  ///< is told everything: then the tree is walked

 private:
  std::string shown(const Account& of, const Type& type, Value value) const;
};

/// The text of an event, by place in `texts`.
inline Value event_text(std::uint32_t place) { return text_handle(TextSpace::event, place); }

}  // namespace toll::test
