// From what a replay told to an explanation: unfolds values down to events, table rows and rules.
//
// Generic: it knows the core's operations and effects, and nothing of any policy. A value is traced
// to what computed it; what was read, to who wrote it; what was drawn, to the rows in their order.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tools/why/reason.hpp"
#include "tools/why/record.hpp"
#include "tools/why/words.hpp"

namespace toll::why {

class Unfolder {
 public:
  /// `all`: lists are shown in full.
  Unfolder(const Recorder& recorder, const Words& words, bool all)
      : recorder_(recorder), words_(words), core_(words.core()), all_(all) {}

  // -- values (unfold.cpp)
  /// "EXPRESSION = VALUE", and what it rests on.
  Reason value(const Record& eval);
  Reason value(const std::string& name, const Record& eval);
  /// What a value rests on.
  std::vector<Reason> because(const Record& eval);

  // -- conditions (conditions.cpp)
  /// A condition that was asked, with the values it compared, and the part that decided.
  Reason condition(const Record& eval);
  /// The deepest part of a condition that failed, where that is one part.
  static const Record& failing(const Record& eval, const Core& core);
  /// Why an effect was reached: the rules around it that held, and those before them that did not.
  std::vector<Reason> way_to(const Record& record);
  /// The machine whose edge this clause is, or kNone.
  [[nodiscard]] std::uint32_t machine_of(ClauseId edge) const;
  Reason chosen(const Record& choose);

  // -- draws (draws.cpp)
  Reason draw(const Record& effect);
  Reason taken(const Record& took);
  static const Record* condition_of(const Record& turn, const Effect& draw);

  // -- who wrote it (provenance.cpp)
  std::vector<Reason> reading(const Record& eval, const Place& place, const Type& type);
  std::vector<Reason> moves(const Record& eval, std::uint32_t machine);
  /// "event e4 (call)", "timer settlement".
  [[nodiscard]] std::string cause(const Step& step) const;
  [[nodiscard]] std::string time(const Step& step) const;

  /// What a local, a call, a case or a passed-on row really is: the expression that computed it.
  const Record& core_of(const Record& eval);
  /// The change within the step that gave a read place its value alone; null: none or several.
  const Record* given_by(const Record& eval);

 private:
  friend class Story;
  /// What is told beside the point, and cut, may be told again where it is the point.
  class Told {
   public:
    explicit Told(Unfolder& of) : of_(of), drawn_(of.drawn_), chosen_(of.chosen_) {}
    ~Told() {
      of_.drawn_ = drawn_;
      of_.chosen_ = chosen_;
    }
    Told(const Told&) = delete;
    Told& operator=(const Told&) = delete;

   private:
    Unfolder& of_;
    std::set<const Record*> drawn_;
    std::set<const Record*> chosen_;
  };

  [[nodiscard]] const Node& node(const Record& eval) const { return core_.nodes[eval.node]; }
  [[nodiscard]] std::string show(const Record& eval) const {
    return words_.show(node(eval).type, eval.value, *eval.step);
  }
  [[nodiscard]] bool is_plain(const Record& eval) const;
  std::vector<Reason> operands(const Record& eval);
  std::vector<Reason> table_row(const Record& found, std::uint32_t table, Value row);
  std::vector<Reason> aggregate(const Record& eval);
  std::vector<Reason> cases(const Record& eval);
  [[nodiscard]] bool place_read(const Record& eval, Place& place) const;
  [[nodiscard]] const Record* argument_of(const Record& change, std::uint32_t field) const;
  [[nodiscard]] bool adds(const Effect& effect) const;
  std::vector<Reason> in_step(const Record& eval, const Type& type,
                              const std::vector<const Record*>& changes, bool& complete);
  std::vector<Reason> before(const Place& place, const Type& type, std::size_t order);
  Reason written(const Write& write, const Type& type, bool by_adding);
  [[nodiscard]] std::string place_of(const Write& write) const;
  std::vector<Reason> given(const Write& write, const Place& place);
  std::vector<Reason> grouped(const std::vector<const Write*>& writes, const Type& type);
  std::vector<Reason> unwritten(const Record& eval, std::uint32_t family);
  std::vector<Reason> considered(const Record& effect, const std::set<Value>& used);
  [[nodiscard]] bool passed(const Record& turn, const Aggregate& aggregate) const;
  void limit(std::vector<Reason>& reasons, std::size_t most) const;

  const Recorder& recorder_;
  const Words& words_;
  const Core& core_;
  bool all_;
  std::set<const Record*> drawn_;   ///< draws told in full already
  std::set<const Record*> chosen_;  ///< choices told already
  int depth_ = 0;
  bool shallow_ = false;  ///< conditions are told without what they rest on
};

}  // namespace toll::why
