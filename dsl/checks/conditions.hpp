// Whether conditions can hold together: enough logic to see that a rule never applies, or that no
// situation falls through a list of rules.
//
// Conditions are read as and, or and not over questions to expressions: is it there, which name is
// it, how does it compare to a constant or to another expression. Expressions that mean the same
// (by structure; definitions are looked into) are one unknown; what cannot be looked into may be
// anything. So "no" is a proof, and "yes" may be more than can really happen.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "messages/messages.hpp"
#include "toll/core.hpp"

namespace toll::dsl {

/// What locals were set to, by slot.
using Lets = std::map<std::uint32_t, NodeId>;

/// What is asked: can all of `hold` hold, none of `fail`, and all of `absent` be absent? kNoNode
/// among the conditions is one that always holds.
struct Question {
  std::vector<NodeId> hold;
  std::vector<NodeId> fail;
  std::vector<NodeId> absent;
  std::uint32_t event = kNone;    ///< the event at hand, if it is known
  const Lets* lets = nullptr;     ///< what is known of locals
  std::uint32_t machine = kNone;  ///< a machine that is in `state`
  Value state = 0;
};

/// A situation in which the answer is yes: "`event.code` is absent", for people. Empty if nothing
/// can be said about it.
using Situation = std::vector<Message>;

/// Nothing if there is no such situation.
std::optional<Situation> find_situation(const Core& core, const Question& question);

/// The same, if only that counts.
bool possible(const Core& core, const Question& question);

/// A value of a domain that was not read from a field open to any name.
bool is_known_name(const Core& core, NodeId node, std::uint32_t event);

/// An expression as a rule would say it; nothing if it has parts without a name.
std::optional<Message> describe(const Core& core, NodeId node, std::uint32_t event);

}  // namespace toll::dsl
