// Claims about states, taken apart for the induction.
#pragma once

#include <vector>

#include "tools/prove/context.hpp"
#include "tools/prove/symbolic.hpp"

namespace toll::tools::prover {

/// A claim about states; of each row of a family, or of the account as a whole.
struct Claim {
  std::uint32_t proof = 0;  ///< beyond Core::proofs: one that nobody wrote
  bool rows = false;
  std::uint32_t family = 0;
  std::uint32_t slot = 0;
  NodeId where = kNoNode;
  NodeId body = kNoNode;
  std::uint32_t field = kNone;  ///< in place of a body: this number of a row is never negative
  Places reads;
};

bool touches(const Places& a, const Places& b);

Claim claim_of(const Core& core, std::uint32_t proof);

/// What goes without saying, and may be true: that no number of a row is negative, for the rows
/// that these claims speak of and those that an event makes for itself.
std::vector<Claim> unsaid(const Core& core, const Places& places);

/// Sums over all rows of a family that the claims speak of.
std::vector<Total> totals_of(const Core& core, const std::vector<Claim>& claims);

}  // namespace toll::tools::prover
