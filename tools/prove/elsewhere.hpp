// An account that keeps out of all that is declared to change, and whose ledger is another one all
// the same.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "tools/diff/play.hpp"
#include "tools/diff/touch.hpp"
#include "tools/diff/vary.hpp"
#include "tools/prove/changes.hpp"
#include "tools/prove/context.hpp"

namespace toll::tools::prover {

class Elsewhere {
 public:
  /// `outside`: both editions as such accounts meet them, `result`: what differs between these.
  Elsewhere(const Context& context, const dsl::Policy& earlier, const dsl::Policy (&outside)[2],
            const Outside& where, const Declared& declared, const diff::Result& result);

  /// One that shows a difference, as short as leaving out events makes it.
  [[nodiscard]] std::optional<diff::PlayedHistory> show(const diff::Difference& difference);
  [[nodiscard]] std::size_t played() const { return whole_.played(); }

 private:
  [[nodiscard]] bool shows(const diff::PlayedHistory& history);
  [[nodiscard]] bool meets_declared(const diff::PlayedHistory& history);
  /// Without the events that are declared to change, up to the date that is; no events: none such.
  [[nodiscard]] diff::PlayedHistory kept_out(diff::PlayedHistory history, Value since) const;
  [[nodiscard]] std::optional<diff::PlayedHistory> read(const diff::Witness& witness) const;
  void shorten(diff::PlayedHistory& history);

  const Outside& where_;
  const Declared& declared_;
  const diff::Result& result_;
  io::Zone zone_;
  diff::Vary vary_;
  diff::Duel whole_;
  diff::Duel outside_;
  diff::Touch touch_[2];
  std::vector<diff::PlayedHistory> seeds_;
  std::mt19937_64 random_;
  std::size_t left_;  ///< histories made up, for all differences together
};

}  // namespace toll::tools::prover
