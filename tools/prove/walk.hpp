// One block of a policy, walked along every way through its rules: see induction.hpp.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "tools/prove/claims.hpp"
#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {

/// Walks blocks for one claim (about states, or about the entries of a kind), with others as known.
class Walk {
 public:
  Walk(const Context& context, const std::vector<Claim>& known, const Claim* goal,
       std::uint32_t entries);

  /// Does the block keep the claim? `ways` counts those through its rules.
  bool block(std::uint32_t index, std::uint32_t event);
  /// Sums of a counter that has no rows yet are those of rows that hold their first values.
  bool empty_rows_count_nothing();
  /// A claim about the rows of a counter holds of rows that hold their first values.
  bool holds_of_first_values(const Claim& claim);

  [[nodiscard]] bool exhausted() const { return solver_.exhausted(); }

  std::size_t ways = 0;
  std::size_t emits = 0;

 private:
  using After = std::function<bool(State&, Slots&)>;

  static std::vector<Claim> with(const std::vector<Claim>& known, const Claim* goal) {
    std::vector<Claim> all = known;
    if (goal != nullptr) all.push_back(*goal);
    return all;
  }
  [[nodiscard]] const Definition& definition() const {
    return core_.definitions[core_.proofs[entries_].definition];
  }
  void first_values(std::uint32_t family, const Linear& row, State& state);

  // What is known on the way: walk_known.cpp.
  FormP instance(const Claim& claim, const Linear& row, State& state);
  /// Of the claims that these places have to do with, all are known to hold here: of the account as
  /// a whole, and of rows when they are read.
  void assume(const std::function<bool(const Claim&)>& which, State& state);
  [[nodiscard]] static bool dirty(const Claim& claim, const State& state);
  /// A row is at hand that was there when claims were last known to hold.
  void assume_row(std::uint32_t family, const Symbol& row, State& state);
  /// Every row that an expression reads and that can be named.
  void assume_rows(NodeId root, State& state, const Slots& slots, int depth = 0);
  Symbol value(NodeId node, State& state, const Slots& slots) {
    assume_rows(node, state, slots);
    return symbolic_.value(node, state, slots);
  }
  FormP form(NodeId node, State& state, const Slots& slots) {
    assume_rows(node, state, slots);
    return symbolic_.form(node, state, slots);
  }
  /// A claim about rows whose rows were written: does it hold of them as they are now?
  bool holds_again(const Claim& claim, std::size_t index, State& state);
  bool rows_keep(const Claim& claim, State& state);
  /// Does the goal hold of the account as it is now?
  bool keeps(State& state);

  /// What was refused never comes here. Timers fire in between, so that nothing is known of the
  /// account from it.
  void refusals(std::uint32_t event, State& state);
  /// Anything that the walk passes over may have happened; what it writes is unknown afterwards.
  void pass_over(const Effect& effect, State& state, Slots& slots);
  [[nodiscard]] bool matters(const Effect& effect) const;
  [[nodiscard]] bool emits_it(const Effects& list) const;
  /// Goes on with the effects from `at` on, then with `after`; false: stop, it failed.
  bool effects(const Effects& list, std::size_t at, State& state, Slots& slots, const After& after);
  bool choose(const Effect& effect, const State& state, const Slots& slots, const After& after);
  bool plain(const Effect& effect, State& state, Slots& slots);
  /// An entry of the kind that the claim is about.
  bool entry(const Effect& effect, State& state, const Slots& slots);

  // Loops and draws: walk_rows.cpp.
  /// Claims that a loop may break hold before it, are known in every turn, are kept by it, and are
  /// known again afterwards. The proof of each of them has looked at the same places.
  bool loop(const Effect& effect, State& state, Slots& slots);
  /// Rows are gathered before the loop: what it writes may have changed what they were chosen by.
  [[nodiscard]] bool stale(const Effect& effect, const Places& writes) const;
  /// The same for the rows that are drawn from; but what is said of sums holds after the draw as a
  /// whole: the parts that were taken and the rest make up the amount.
  bool draw(const Effect& effect, State& state, Slots& slots);
  /// `grown` is so many times what was taken, whatever that was.
  std::optional<Value> share_of(const Linear& grown, Atom taken, State& state);

  const Core& core_;
  const std::vector<Claim>& known_;
  const Claim* goal_;
  std::uint32_t entries_;
  Symbolic symbolic_;
  Solver solver_;
  Places relevant_;
  std::set<std::uint32_t> cleared_;
  bool failed_ = false;
  bool renews_ = false;  ///< claims are looked at again on the way, not only at the end
  bool renewing_ = false;
};

}  // namespace toll::tools::prover
