// Why an edit changes no bill, though it says something else: what can be told from conditions
// alone, and from what is proven of the rows of an account.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/analysis/logic.hpp"
#include "tools/analysis/signs.hpp"
#include "tools/diff/joined.hpp"
#include "tools/diff/terms.hpp"

namespace toll::diff {

/// A rule, a case, a refusal: what it leads to where its condition holds and no earlier one's does.
struct Way {
  NodeId guard = kNoNode;  ///< kNoNode: always
  Term does = 0;
};

class Proofs {
 public:
  /// `facts`: what is proven of rows of the old policy, whatever an account does.
  Proofs(Coder& before, Coder& after, tools::RowFacts facts)
      : coders_{&before, &after},
        joined_(before.core(), after.core(), before.names(), after.names()),
        facts_(std::move(facts)) {}

  Joined& joined() { return joined_; }
  /// In what follows nothing was written since the event or timer began: what is proven of rows
  /// between events holds.
  void untouched(bool yes) { untouched_ = yes; }

  /// Do both lists always come to the same? `nothing`: what happens where no guard holds.
  std::optional<Message> choices(const std::vector<Way>& before, const std::vector<Way>& after,
                                 Term nothing);
  /// Do two conditions hold in the same states?
  std::optional<Message> conditions(NodeId before, NodeId after);
  /// Two expressions whose difference makes none.
  std::optional<Message> values(NodeId before, NodeId after);
  /// Products that must stay within the bound of every count.
  std::optional<Message> bounded(std::uint32_t event_before, std::uint32_t event_after,
                                 NodeId before, NodeId after) const;

  /// Was something that is proven of the old policy's rows made use of?
  [[nodiscard]] bool relied_on_facts() const { return relied_; }

 private:
  struct Side {
    std::vector<NodeId> guards;  ///< in the joined core
    std::vector<bool> fails;     ///< may their evaluation fail?
    std::vector<Term> terms;
    std::vector<Term> does;
  };
  std::optional<Side> bring(std::size_t side, const std::vector<Way>& ways);
  [[nodiscard]] bool possible(const std::vector<NodeId>& hold, const std::vector<NodeId>& fail,
                              bool with_facts);
  bool same_choice(const Side& a, const Side& b, Term nothing, bool with_facts);
  bool fail_alike(const Side& a, const Side& b, bool with_facts);
  const std::vector<NodeId>& facts_on(const std::vector<NodeId>& guards);

  Coder* coders_[2];
  Joined joined_;
  tools::RowFacts facts_;
  std::vector<NodeId> holding_;  ///< facts about the rows at hand
  bool untouched_ = false;
  bool relied_ = false;
  std::optional<tools::Signs> signs_[2];
};

}  // namespace toll::diff
