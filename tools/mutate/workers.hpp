// Work shared out to processes: a core that breaks an invariant of the engine stops its process and
// takes nothing else with it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace toll::tools {

struct WorkResult {
  bool done = false;    ///< else the process died over it
  std::string reached;  ///< the last thing that was said on the way
  std::string answer;   ///< one line
};

/// Says how far it has come; a line without line ends.
using Progress = std::function<void(const std::string& reached)>;
using Work = std::function<std::string(std::size_t item, const Progress& progress)>;

/// Does `work` for the items 0 .. count-1 in `jobs` processes; results are by item, whatever the
/// number of processes. `work` sees a copy of everything, and what it changes is lost.
std::vector<WorkResult> in_processes(std::size_t count, std::size_t jobs, const Work& work);

}  // namespace toll::tools
