// What a policy declares to have changed since an earlier edition.
#pragma once

#include <cstdint>
#include <string>

#include "tools/diff/diff.hpp"
#include "tools/diff/say.hpp"
#include "tools/prove/outside.hpp"

namespace toll::tools::prover {

/// Where accounts are that keep out of what is declared: what differs there has to be declared by
/// its place.
Outside outside_of(const Core& core, const Proof& proof);

class Declared {
 public:
  Declared(const diff::Side& earlier, const diff::Side& now, const Proof& proof);

  /// Does it stand in a place that is declared to change?
  [[nodiscard]] bool covers(const diff::Difference& difference) const;

 private:
  [[nodiscard]] bool covers(const diff::Difference& difference, const Proof::Exception& one) const;
  [[nodiscard]] bool stands(const diff::Difference& difference, const std::string& place) const;
  [[nodiscard]] bool only_setting(const diff::Difference& difference,
                                  const std::string& place) const;
  [[nodiscard]] bool only_tariffs() const;
  [[nodiscard]] bool named(const diff::Difference& difference, const Proof::Exception& one) const;
  [[nodiscard]] bool has_name(const Core& core, const Table& table, const Table::Row& row,
                              const Proof::Exception& one) const;
  [[nodiscard]] const std::string& shown(const Proof::Exception& of, const Proof::Name& name) const;

  const Core* cores_[2];
  const Proof& proof_;
  diff::Say say_[2];
};

}  // namespace toll::tools::prover
