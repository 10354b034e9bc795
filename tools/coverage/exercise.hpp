// What a scenario makes a policy do: which expressions, steps, rules, rows, timers and transitions
// it comes past, and which bounds it meets exactly. Through the engine's trace; nothing is paid for
// it elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "dsl/policy.hpp"
#include "toll/core.hpp"
#include "toll/engine.hpp"

namespace toll::tools {

/// Everything counted by its place in the core.
struct Exercised {
  struct Row {
    bool tested = false;    ///< asked whether it belongs to a traversal
    bool read = false;      ///< looked up, or it did belong
    bool at_bound = false;  ///< looked up with just the value at which the band begins
    bool below = false;     ///< looked up with the last value before the next band
  };
  /// A machine, the state before and the state after.
  using Move = std::tuple<std::uint32_t, Value, Value>;

  explicit Exercised(const Core& core);
  void add(const Exercised& other);

  std::vector<bool> nodes;
  std::vector<bool> equal;    ///< by node: both sides of a comparison were the same
  std::vector<bool> held;     ///< by node: a condition held
  std::vector<bool> failed;   ///< by node: a condition did not hold
  std::vector<bool> clauses;  ///< rules and cases that held
  std::vector<bool> timers;
  std::vector<bool> events;
  std::vector<std::vector<Row>> rows;
  std::set<const Effect*> effects;
  std::set<Move> moves;
};

class Exercise : public Trace {
 public:
  explicit Exercise(const Core& core);

  [[nodiscard]] const Exercised& done() const { return done_; }

  void event(const EventView& event) override { done_.events[event.type] = true; }
  void timer(std::uint32_t timer, Value deadline) override;
  void rule(ClauseId clause) override;
  void looked_up(std::uint32_t table, std::uint32_t row) override;
  void enter(const Effect& effect, ClauseId clause) override;
  void leave(const Effect& effect) override;
  void changed(const Change& change) override;
  [[nodiscard]] bool detail() const override { return true; }
  void enter(NodeId node) override;
  void leave(NodeId node, Value value) override;
  void turn(std::uint32_t slot, Value row, Turn why) override;

 private:
  void met(const Node& lookup, Value row);
  void settle(const Source* source);
  const std::vector<NodeId>& conditions_of(const Source& source);

  const Core& core_;
  Exercised done_;
  std::vector<Value> values_;  ///< by node: the last one
  std::vector<const Source*> sources_;
  /// A row of a table that is being asked whether it belongs.
  struct Asked {
    const Source* source = nullptr;
    std::size_t row = 0;
  };
  std::vector<Asked> asked_;  ///< at most one a source
  std::map<const Source*, std::vector<NodeId>> conditions_;
};

/// Runs one scenario for what it does; whether it passes is not asked.
Exercised exercise(const std::shared_ptr<const Program>& program, const dsl::Scenario& scenario);

}  // namespace toll::tools
