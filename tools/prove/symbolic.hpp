// Values of expressions as terms over what an account held before: what the induction reasons with.
//
// A number, name, instant or row is a whole number here, as in the engine; what cannot be said of
// it in sums is an atom of its own, the same one wherever the same is asked of the same state.
// Fields of rows are told apart by the row's own term and by a version that grows with every write
// that may have touched them.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "toll/core.hpp"
#include "tools/prove/formula.hpp"

namespace toll::tools::prover {

/// Registers, machines and families, as one kind of thing that is written and read.
struct Place {
  enum class Of : std::uint8_t { reg, machine, family } of = Of::reg;
  std::uint32_t index = 0;
  friend bool operator<(const Place& a, const Place& b) {
    return std::pair(a.of, a.index) < std::pair(b.of, b.index);
  }
};
using Places = std::set<Place>;

/// What an expression reads, what effects read and write, blocks they run included.
void reads_of(const Core& core, NodeId node, Places& out);
void writes_of(const Core& core, const Effects& effects, Places& out);

struct Symbol {
  Linear value;
  FormP present = yes();
};

/// The sum of an expression over all rows of a family for which a condition holds.
struct Total {
  std::uint32_t family = 0;
  std::uint32_t slot = 0;
  NodeId where = kNoNode;
  NodeId body = kNoNode;
};

/// An account on the way through a block.
struct State {
  std::map<std::uint32_t, Symbol> registers;
  std::map<std::uint32_t, Symbol> machines;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> versions;  ///< family, field
  std::map<std::uint32_t, std::uint64_t> rows;  ///< by family: when a row last came or went
  using Cell = std::pair<std::string, std::uint32_t>;
  std::map<std::uint32_t, std::map<Cell, Symbol>> fields;  ///< written or read at this version
  struct Touched {
    Linear row;
    std::uint64_t at = 0;
  };
  std::map<std::uint32_t, std::map<std::string, Touched>> touched;  ///< rows, by family
  std::vector<Linear> totals;
  std::vector<FormP> facts;
  std::uint64_t time = 1;                       ///< counts writes
  std::map<Place, std::uint64_t> written;       ///< when last
  std::map<std::uint32_t, std::uint64_t> held;  ///< by claim: when it was last known to hold
  std::map<std::uint32_t, std::uint64_t> lost;  ///< by claim: when it was last not seen to
  std::set<std::string> assumed;                ///< claims about rows, by claim and row

  void wrote(const Place& place) { written[place] = ++time; }
  /// Has any of these been written since then?
  [[nodiscard]] bool changed(const Places& places, std::uint64_t since) const {
    for (const Place& place : places) {
      const auto found = written.find(place);
      if (found != written.end() && found->second > since) return true;
    }
    return false;
  }
};

using Slots = std::map<std::uint32_t, Symbol>;

/// Evaluates expressions in a state; what is learned on the way becomes facts of the state.
class Symbolic {
 public:
  Symbolic(const Core& core, std::vector<Total> totals);

  [[nodiscard]] Atoms& atoms() { return atoms_; }
  [[nodiscard]] const std::vector<Total>& totals() const { return totals_; }
  State beginning();

  /// In which event's block are we? kNone: a timer's.
  void handle(std::uint32_t event) { event_ = event; }

  /// Whom to ask for what is known of any row of a family, which becomes facts of the state.
  using OfRow = std::function<void(std::uint32_t family, const Symbol& row, State& state)>;
  void tell_of_rows(OfRow known) { known_of_row_ = std::move(known); }
  /// Asks of numbers on the way whether they are never negative.
  void look_at_signs(bool look) { signs_ = look; }

  Symbol value(NodeId node, State& state, const Slots& slots);
  FormP form(NodeId node, State& state, const Slots& slots);

  Symbol read(std::uint32_t family, const Linear& row, std::uint32_t field, State& state);
  /// Also counts what the write adds to totals.
  void write(std::uint32_t family, const Linear& row, std::uint32_t field, const Symbol& to,
             State& state);
  Linear put(std::uint32_t family, const std::map<std::uint32_t, Symbol>& given, State& state);
  Linear cell(std::uint32_t family, const std::vector<Symbol>& keys, State& state);
  /// Nothing is known any more of what these hold.
  void forget(const Places& places, State& state);

  Symbol anything(const Type& type);
  [[nodiscard]] bool plain_sum(const Aggregate& sum, std::size_t& total) const;

 private:
  Symbol opaque(const std::string& key, const Type& type);
  Symbol chosen(const std::vector<std::pair<FormP, Symbol>>& ways, State& state);
  /// A number that is never negative is said to be so in one fact, whatever else is known of it.
  void note_sign(const Type& type, const Symbol& made, State& state);
  FormP truth(const Symbol& boolean) const;
  Symbol boolean(const FormP& form, State& state);
  FormP unknown(const std::string& key);
  std::string keys_of(const Node& node, State& state, const Slots& slots);
  std::string told_apart(const Aggregate& aggregate, State& state, const Slots& slots);
  bool never_negative(const Aggregate& aggregate, const State& state, const Slots& slots);
  Symbol name_as_text(const Node& node, State& state, const Slots& slots);
  Value text_constant(const std::string& text);
  FormP compare(const Node& node, State& state, const Slots& slots);
  Symbol aggregate(const Node& node, State& state, const Slots& slots);
  Symbol cases(const Node& node, State& state, const Slots& slots);
  Symbol first_present(const Node& node, State& state, const Slots& slots);
  Symbol least_or_most(const Node& node, State& state, const Slots& slots);
  Symbol product(const Node& node, State& state, const Slots& slots);
  Symbol rounded(const Node& node, State& state, const Slots& slots);
  Symbol whole_part(const Node& node, State& state, const Slots& slots);
  Symbol event_field(const Node& node);
  Symbol row_field(const Node& node, State& state, const Slots& slots);
  Linear contribution(const Total& total, const Linear& row, State& state);
  void column_bounds(Atom atom, const Table& table, std::uint32_t column);
  void list_bounds(Atom atom, const Field& column);

  const Core& core_;
  Atoms atoms_;
  std::vector<Total> totals_;
  std::uint32_t event_ = kNone;
  OfRow known_of_row_;
  bool signs_ = false;
  std::map<std::string, Value> texts_;
  int depth_ = 0;
};

}  // namespace toll::tools::prover
