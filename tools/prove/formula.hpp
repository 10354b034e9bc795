// Whole numbers, sums of them, and what follows from conditions on such sums: the little logic that
// induction needs. Everything is exact; a question that would take too long is answered "not
// known".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "toll/value.hpp"

namespace toll::tools::prover {

using Atom = std::uint32_t;

inline Value magnitude(Value value) { return value < 0 ? -value : value; }

/// constant + sum of factor * atom. Made invalid by overflow: then nothing follows from it.
struct Linear {
  std::map<Atom, Value> factors;
  Value constant = 0;
  bool valid = true;

  [[nodiscard]] bool is_constant() const { return valid && factors.empty(); }
};
Linear constant(Value value);
Linear sum(const Linear& a, const Linear& b, Value factor = 1);  ///< a + factor * b
Linear times(const Linear& a, Value factor);
std::string key_of(const Linear& linear);

/// A condition in which `not` stands nowhere: it has been driven to the leaves.
struct Form;
using FormP = std::shared_ptr<const Form>;
struct Form {
  enum class Is : std::uint8_t { yes, no, at_least_0, equals_0, both, either };
  Is is = Is::yes;
  Linear linear;
  std::vector<FormP> parts;
};
FormP yes();
FormP no();
FormP at_least_0(const Linear& linear);
FormP equals_0(const Linear& linear);
FormP both(std::vector<FormP> parts);
FormP either(std::vector<FormP> parts);
FormP opposite(const FormP& form);
inline FormP at_least(const Linear& a, const Linear& b) { return at_least_0(sum(a, b, -1)); }
inline FormP equal(const Linear& a, const Linear& b) { return equals_0(sum(a, b, -1)); }
FormP implies(const FormP& a, const FormP& b);
std::string key_of(const FormP& form);

/// What is known of each atom wherever it stands: the least and the greatest that it can be.
class Atoms {
 public:
  Atom named(const std::string& key);  ///< the same for the same key
  Atom fresh();
  void bound(Atom atom, std::optional<Value> least, std::optional<Value> most);
  struct Known {
    std::optional<Value> least;
    std::optional<Value> most;
  };
  [[nodiscard]] const Known& known(Atom atom) const { return known_[atom]; }

 private:
  std::map<std::string, Atom> names_;
  std::vector<Known> known_;
};

/// Questions about conditions, within a number of steps.
class Solver {
 public:
  Solver(const Atoms& atoms, std::uint64_t steps) : atoms_(atoms), left_(steps) {}

  /// Surely there are no numbers for which all of these hold. The last is what is new: facts that
  /// have nothing to do with it are left aside.
  bool excluded(const std::vector<FormP>& facts);
  /// Surely the goal holds wherever the facts do.
  bool follows(const std::vector<FormP>& facts, const FormP& goal);
  [[nodiscard]] bool exhausted() const { return left_ == 0; }

 private:
  using Constraints = std::vector<Linear>;  ///< each at least 0
  struct Case {
    Constraints inequalities;
    Constraints equations;
    std::vector<FormP> choices;
  };
  bool add(Case& at, const FormP& form) const;
  bool split(Case at);
  bool infeasible(const Case& at);

  const Atoms& atoms_;
  std::uint64_t left_;
};

}  // namespace toll::tools::prover
