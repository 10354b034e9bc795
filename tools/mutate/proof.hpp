// Simple proofs that an edit changes no ledger, or that no policy can have it.
#pragma once

#include <optional>

#include "messages/messages.hpp"
#include "toll/core.hpp"
#include "tools/analysis/logic.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll::tools {

/// Why the mutant does what the policy does; nothing: no proof was found, which says nothing.
std::optional<Message> proof_of_equivalence(const Core& core, const Core& mutant,
                                            const Mutation& mutation, const RowFacts& facts);

/// Would the checker refuse the edit, because something is then read that may be absent?
bool reads_what_may_be_absent(const Core& core, const Core& mutant, const Mutation& mutation);

}  // namespace toll::tools
