// How the command ends (contract, section 3): scripts must be able to tell "no" from "broken".
#pragma once

namespace toll::cli {

enum ExitCode : int {
  kDone = 0,
  kNo = 1,  ///< check found errors, a scenario failed, some events wrote `error`
  kUsage = 2,
  kUnusable = 3,  ///< the policy does not load, a file cannot be read or written
  kBug = 70,
};

}  // namespace toll::cli
