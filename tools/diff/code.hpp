// Where two programs say something else: the smallest expressions, actions and rules that differ.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/diff/proofs.hpp"
#include "tools/diff/terms.hpp"

namespace toll::diff {

/// A part of a program on one side. Nothing of it is set: there is no such part.
struct CodePlace {
  NodeId node = kNoNode;
  const Effect* effect = nullptr;
  const Rule* rule = nullptr;
  std::uint32_t refusal = kNone;  ///< of `event`
  std::uint32_t event = kNone;
  ClauseId clause = kNone;  ///< the innermost around it

  [[nodiscard]] bool none() const {
    return node == kNoNode && effect == nullptr && rule == nullptr && refusal == kNone;
  }
};

struct CodeChange {
  CodePlace before;
  CodePlace after;
  bool moved = false;  ///< the same rule or case at another place of its list
};

/// One that says something else and does the same, and why.
struct ProvenChange {
  CodeChange change;
  Message why;
};

/// Indexes of items that belong together; kNone: added or removed.
using Aligned = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
/// The longest common part stays together; what lies between is left apart.
Aligned align(const std::vector<Term>& before, const std::vector<Term>& after);

class CodeCompare {
 public:
  /// `proofs`: may show that what differs does the same; null: whatever differs is told.
  CodeCompare(Coder& before, Coder& after, Proofs* proofs = nullptr)
      : before_(before), after_(after), proofs_(proofs) {}

  /// What differs between two definitions, blocks, or the refusals of two events.
  std::vector<CodeChange> definitions(std::uint32_t before, std::uint32_t after);
  std::vector<CodeChange> blocks(std::uint32_t before, std::uint32_t after);
  std::vector<CodeChange> refusals(std::uint32_t before, std::uint32_t after);
  /// What was proven to do the same in all that was compared.
  [[nodiscard]] const std::vector<ProvenChange>& proven() const { return proven_; }

 private:
  /// Nothing but what is proven of states between events is needed at these places of two lists.
  [[nodiscard]] static bool only_lets(const Effects& effects, std::size_t count);
  [[nodiscard]] bool is_root(const Core& core, std::uint32_t block) const;
  bool prove(std::optional<Message> why, CodePlace before, CodePlace after);
  [[nodiscard]] bool same_values(NodeId before, NodeId after);
  bool same_rules(const std::vector<Rule>& before, const std::vector<Rule>& after);
  bool same_cases(const Node& before, const Node& after);
  bool same_refusals(const EventType& before, const EventType& after);

  /// Codes both frames, what binds slots taken for the same where it is.
  bool same(const std::function<Term(Coder&)>& before, const std::function<Term(Coder&)>& after);
  void note(CodePlace before, CodePlace after, bool moved = false);
  [[nodiscard]] CodePlace at(const Coder& side, NodeId node, ClauseId clause) const;

  void nodes(NodeId before, NodeId after);
  void node_lists(const std::vector<NodeId>& before, const std::vector<NodeId>& after,
                  NodeId whole_before, NodeId whole_after);
  void cases(const Node& before, const Node& after);
  bool sources(const Source& before, const Source& after);
  void effect_lists(const Effects& before, const Effects& after);
  void effects(const Effect& before, const Effect& after);
  void named_parts(const Effect& before, const Effect& after);
  void rule_lists(const std::vector<Rule>& before, const std::vector<Rule>& after);
  void rules(const Rule& before, const Rule& after);
  [[nodiscard]] bool same_clause(ClauseId before, ClauseId after) const;
  [[nodiscard]] bool same_payload(const Node& before, const Node& after) const;
  [[nodiscard]] std::string target(const Coder& side, const Effect& effect) const;

  Coder& before_;
  Coder& after_;
  ClauseId clause_before_ = kNone;  ///< around the part at hand
  ClauseId clause_after_ = kNone;
  std::vector<CodeChange> out_;
  Proofs* proofs_;
  bool fresh_ = false;  ///< nothing was written yet by the event or timer
  std::vector<ProvenChange> proven_;
};

}  // namespace toll::diff
