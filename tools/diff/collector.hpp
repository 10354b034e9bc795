// From two cores to the list of what may differ: the parts of the collector.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/diff/code.hpp"
#include "tools/diff/diff.hpp"
#include "tools/diff/reach.hpp"
#include "tools/diff/say.hpp"
#include "tools/diff/tables.hpp"
#include "tools/diff/terms.hpp"

namespace toll::diff {

/// Where each name of one list stands in the other; kNone: nowhere.
std::vector<std::uint32_t> places_of(const std::vector<std::string>& names,
                                     const std::vector<std::string>& other);

class Collector {
 public:
  Collector(const Side& before, const Side& after, const Options& options);
  Result all();
  [[nodiscard]] bool relied_on_facts() const { return proofs_.relied_on_facts(); }

 private:
  // -- the policy, its names, events, entries and timers (collect.cpp)
  Difference& add(const std::string& id, Message what);
  void same();
  [[nodiscard]] std::string id_of(std::size_t side, ClauseId clause) const;
  void settings();
  [[nodiscard]] Message remember(std::size_t side) const;
  void domains();
  void domain(std::uint32_t before, std::uint32_t after);
  /// The names that events may say: who sends one takes part in the difference.
  static void says(Difference& one, std::size_t side, std::uint32_t domain,
                   const Domain::Name& name);
  void place(Difference& one, std::size_t side, ClauseId clause);
  void events();
  void fields(std::uint32_t before, std::uint32_t after);
  void entries();
  /// What every entry of a kind says of itself: members that one of both alone has are said where
  /// they are written, unless they are null everywhere else.
  Term members(std::size_t side, const std::vector<EntryKind::Member>& all,
               const std::vector<EntryKind::Member>& other);
  void state();
  void family(const Family& before, const Family& after);
  void begins(ClauseId before, ClauseId after, const std::string& name);
  static std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs(
      const std::vector<std::string>& before, const std::vector<std::string>& after);
  void timers();
  void notes();

  // -- collect_tables.cpp
  void tables();
  void region(const TableChange& change, const Region& region);
  void proven_row(const TableChange& change, const Region& region, const Message& why);
  /// Rows of the same keys, in both: whoever reads one of them is close.
  void near(Difference& one, const std::uint32_t (&tables)[2], std::size_t told,
            const Table::Row& row);
  /// What the quantities at the ends of a band come to, if a tariff prices by the table.
  std::optional<Amounts> amounts(const TableChange& change, const Region& region) const;
  static void number_hint(Hints& hints, const Type& type, Value value);
  void hints(Hints& hints, std::size_t side, const Table& table, const Table::Row& row) const;
  [[nodiscard]] std::string name_at(std::size_t side, const Type& type, Value value) const;

  // -- collect_code.cpp
  void trust();
  void code();
  /// Text that stays the same and means something else: a tariff that it names changed its kind.
  [[nodiscard]] const Tariff* tariff_of(const CodeChange& change) const;
  /// A setting that is read in many places is one edit.
  std::string code_id(const CodeChange& change) const;
  void code_change(Difference& one, const CodeChange& change);
  /// The constants of what changed.
  void code_hints(Hints& hints, std::size_t side, const CodePlace& at) const;
  /// A program cannot be seen through: any other text of it may answer otherwise.
  void hooks();

  Terms terms_;
  const Core* core_[2];
  Coder coder_[2];
  Reach reach_[2];
  tools::Reach reads_[2];
  Proofs proofs_;
  Say say_[2];
  std::vector<std::uint32_t> events_;  ///< of the old policy: where in the new one
  Result result_;
};

}  // namespace toll::diff
