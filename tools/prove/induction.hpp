// Claims about states and entries, for histories of any length.
//
// A claim about states holds if it holds of an account that has just begun, and if no event and no
// timer takes it away from an account of which it holds, whatever that account is otherwise. So
// each block is walked once along every way through its rules; what the walk writes is kept as
// terms over what was there before, and at its end the claim about those terms has to follow from
// what is known: the claims themselves of before, the conditions on the way, what a draw is.
// Whatever the walk does not understand it takes to have any value at all: it may fail to show what
// holds, it does not show what does not.
#pragma once

#include <vector>

#include "tools/prove/context.hpp"

namespace toll::tools::prover {

/// Sets the verdict `proved` where that is shown, and else in `how` what stands in the way.
void prove_by_induction(const Context& context, const std::vector<std::uint32_t>& proofs,
                        std::vector<Proven>& all);

}  // namespace toll::tools::prover
