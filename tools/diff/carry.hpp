// From an account that two policies hold otherwise, though no entry says so yet, to one that does:
// what may happen next, with the names and numbers that are at stake.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "tools/diff/play.hpp"
#include "tools/diff/vary.hpp"

namespace toll::diff {

/// Events that histories are carried on with, and the names that tables join to others.
class Carry {
 public:
  Carry(const Core& before, const Core& after, const Vary& vary)
      : cores_{&before, &after}, vary_(vary) {}
  void learn(const std::vector<PlayedHistory>& seeds);

  /// Hears of each history that goes on; true: enough.
  using Try = std::function<bool(const PlayedHistory& history)>;

  /// One event more after a history, in every way that is likely to tell two accounts apart: at the
  /// instants at which something may turn, with names, numbers and texts that are at hand.
  bool on(const PlayedHistory& history, const Hints& hints, const Account& before,
          const Account& after, const Try& attempt) const;

  /// The names, and what tables say belongs to them.
  [[nodiscard]] std::vector<std::string> related(const std::vector<std::string>& names) const;

 private:
  /// Whole numbers and instants that an account holds.
  void held(const Core& core, const Account& account, std::set<Value>& numbers,
            std::set<Value>& instants) const;
  bool variants(const PlayedHistory& history, const Hints& hints,
                const std::vector<std::string>& names, const Try& attempt) const;
  void keep_texts(PlayedHistory& history) const;

  const Core* cores_[2];
  const Vary& vary_;
  std::vector<PlayedEvent> events_;  ///< some of each kind
};

}  // namespace toll::diff
