// The explanation of one ledger entry.
#pragma once

#include <cstdint>
#include <string>

#include "tools/why/reason.hpp"
#include "tools/why/record.hpp"
#include "tools/why/unfold.hpp"
#include "tools/why/words.hpp"

namespace toll::why {

class Story {
 public:
  Story(const Recorder& recorder, const Words& words, bool all)
      : recorder_(recorder), words_(words), core_(words.core()), unfold_(recorder, words, all) {}

  /// Why entry `seq` stands in the ledger as it does: what led to it, and each of its members.
  Reason entry(std::uint64_t seq);

 private:
  Reason head(const Line& line, std::uint64_t seq) const;
  void members(const Record& emit, Reason& out);
  void rows(const Record& emit, const Effect::EmitRows& list, std::vector<Reason>& out);
  void refused(const Line& line, Reason& out);

  const Recorder& recorder_;
  const Words& words_;
  const Core& core_;
  Unfolder unfold_;
};

}  // namespace toll::why
