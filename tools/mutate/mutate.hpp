// Do the scenarios of a policy notice its edits? Each mutation is run against the scenarios that
// touch it; one that no scenario notices is a survivor, and gets the scenario that is missing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dsl/policy.hpp"
#include "messages/messages.hpp"
#include "tools/mutate/mutations.hpp"

namespace toll::tools {

struct MutateOptions {
  std::vector<Mutation::Kind> kinds;  ///< none: all
  std::vector<std::string> files;     ///< parts of their names; none: all
  std::size_t sample = 0;             ///< so many, picked by `seed`; 0: all
  std::uint64_t seed = 1;
  std::size_t jobs = 1;
  bool write = true;        ///< the missing scenarios
  std::size_t tries = 400;  ///< histories played in search of one
};

struct MutantReport {
  enum class Verdict : std::uint8_t {
    killed,      ///< a scenario fails
    endless,     ///< its timers never end, which a scenario notices
    stillborn,   ///< no such policy can be written, or run
    equivalent,  ///< proven to do the same
    told_apart,  ///< it survives; `scenario` would kill it
    survived,    ///< not told apart within the search
  };
  std::size_t mutation = 0;  ///< of MutationRun::mutations
  Verdict verdict = Verdict::survived;
  std::size_t killer = 0;  ///< killed: the scenario
  bool exercised = false;  ///< some scenario comes past it
  Message proof;           ///< equivalent, stillborn: why
  std::string scenario;    ///< told_apart: as rule files write it
};

struct MutationRun {
  std::vector<Mutation> mutations;    ///< all that there are
  std::vector<MutantReport> mutants;  ///< those that were asked for, in the order of the mutations
};

/// `path` is that of the policy: missing scenarios are tried by loading it with them.
MutationRun mutate(const dsl::Policy& policy, const dsl::SourceSet& sources,
                   const std::string& path, const MutateOptions& options);

}  // namespace toll::tools
