// Edits that no policy can have, since what they read may be absent.
#pragma once

#include "toll/core.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll::tools {

/// Would the checker refuse the edit, because something is then read that may be absent?
bool reads_what_may_be_absent(const Core& core, const Core& mutant, const Mutation& mutation);

}  // namespace toll::tools
