// What would have had to be different: for a class of rows, an outcome, a reason.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/why/reason.hpp"
#include "tools/why/record.hpp"
#include "tools/why/replay.hpp"
#include "tools/why/unfold.hpp"
#include "tools/why/words.hpp"

namespace toll::why {

/// A word that somebody used, as the policy knows it: names of domains, texts of its own.
struct Meant {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> names;  ///< domain, name
  std::string text;
  std::vector<std::string> spellings;  ///< as entries may write it
  [[nodiscard]] bool empty() const { return names.empty() && spellings.empty(); }
};
Meant meant_by(const Core& core, const std::string& word);

class Otherwise {
 public:
  Otherwise(const std::shared_ptr<const Program>& program, const History& history,
            const Recorder& recorder, const Words& words, bool all)
      : program_(program),
        history_(history),
        recorder_(recorder),
        words_(words),
        core_(words.core()),
        unfold_(recorder, words, all) {}

  /// Why entry `seq` does not say `word`, and what would have made it so.
  Reason answer(std::uint64_t seq, const std::string& word, const Meant& meant);

 private:
  /// The rules on the way to an effect, from the event's block inwards.
  using Path = std::vector<std::pair<const Effect*, std::size_t>>;

  void rows_of_class(const Step& step, const Meant& meant, std::vector<Reason>& out);
  Reason row_of_class(const Record& draw, const Record& turn);
  void ways(const Step& step, const Meant& meant, std::vector<Reason>& out);
  void find_paths(const Effects& effects, const Meant& meant, Path& path,
                  std::vector<std::uint32_t>& blocks, std::vector<Path>& found) const;
  [[nodiscard]] bool says(const Effect& effect, const Meant& meant) const;
  [[nodiscard]] bool value_says(NodeId node, const Meant& meant) const;
  std::vector<Reason> divergence(const Step& step, const Path& path, std::size_t& depth);
  Reason missing(const Record& failed);
  [[nodiscard]] std::string gap(const Record& comparison) const;
  void reruns(std::uint64_t seq, const Step& step, const std::string& word, const Meant& meant,
              std::vector<Reason>& out);
  [[nodiscard]] bool comes_out(const History& changed, std::uint64_t seq, const Meant& meant) const;

  const std::shared_ptr<const Program>& program_;
  const History& history_;
  const Recorder& recorder_;
  const Words& words_;
  const Core& core_;
  Unfolder unfold_;
  std::vector<const Record*> failed_;  ///< comparisons that stood in the way
};

}  // namespace toll::why
