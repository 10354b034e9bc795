#include "tools/prove/formula.hpp"

#include <doctest/doctest.h>

#include <random>

namespace toll::tools::prover {
namespace {

constexpr Value kMost = 4;

Linear atom(Atom of) {
  Linear made;
  made.factors[of] = 1;
  return made;
}

bool holds(const FormP& form, const std::vector<Value>& values) {
  Value sum = form->linear.constant;
  for (const auto& [of, factor] : form->linear.factors) sum += factor * values[of];
  switch (form->is) {
    case Form::Is::yes:
      return true;
    case Form::Is::no:
      return false;
    case Form::Is::at_least_0:
      return sum >= 0;
    case Form::Is::equals_0:
      return sum == 0;
    default:
      break;
  }
  bool all = true;
  bool any = false;
  for (const FormP& part : form->parts) {
    const bool one = holds(part, values);
    all = all && one;
    any = any || one;
  }
  return form->is == Form::Is::both ? all : any;
}

FormP random_form(std::mt19937& random, int depth) {
  if (depth == 0 || random() % 3 == 0) {
    Linear linear = constant(static_cast<Value>(random() % 7) - 3);
    for (Atom of = 0; of < 3; ++of) {
      linear = sum(linear, atom(of), static_cast<Value>(random() % 5) - 2);
    }
    return random() % 3 == 0 ? equals_0(linear) : at_least_0(linear);
  }
  std::vector<FormP> parts;
  for (unsigned i = 0; i < 2 + random() % 2; ++i) parts.push_back(random_form(random, depth - 1));
  const FormP made = random() % 2 == 0 ? both(parts) : either(parts);
  return random() % 4 == 0 ? opposite(made) : made;
}

}  // namespace

TEST_CASE("what is excluded has no example, and what has none is mostly found to be excluded") {
  std::mt19937 random(3);
  int excluded = 0;
  int empty = 0;
  for (int round = 0; round < 3'000; ++round) {
    Atoms atoms;
    for (Atom of = 0; of < 3; ++of) {
      const Atom made = atoms.fresh();
      atoms.bound(made, -kMost, kMost);
    }
    std::vector<FormP> facts;
    for (unsigned i = 0; i < 1 + random() % 4; ++i) facts.push_back(random_form(random, 2));
    bool example = false;
    for (Value x = -kMost; x <= kMost && !example; ++x) {
      for (Value y = -kMost; y <= kMost && !example; ++y) {
        for (Value z = -kMost; z <= kMost && !example; ++z) {
          const std::vector<Value> values = {x, y, z};
          bool all = true;
          for (const FormP& fact : facts) all = all && holds(fact, values);
          example = all;
        }
      }
    }
    Solver solver(atoms, 10'000);
    const bool out = solver.excluded(facts);
    CAPTURE(round);
    CHECK_FALSE((out && example));
    excluded += out ? 1 : 0;
    empty += example ? 0 : 1;
  }
  CHECK(empty > 100);
  CHECK(excluded * 10 > empty * 5);
}

TEST_CASE("the opposite holds just where a condition does not") {
  std::mt19937 random(5);
  for (int round = 0; round < 500; ++round) {
    const FormP form = random_form(random, 3);
    const FormP other = opposite(form);
    for (Value x = -2; x <= 2; ++x) {
      const std::vector<Value> values = {x, 1 - x, 2 * x};
      CHECK(holds(form, values) != holds(other, values));
    }
  }
}

TEST_CASE("whole numbers lie between no two neighbours") {
  Atoms atoms;
  const Atom x = atoms.fresh();
  Solver solver(atoms, 100);
  const Linear twice = times(atom(x), 2);
  CHECK(solver.excluded({equals_0(sum(twice, constant(1), -1))}));
  CHECK(solver.excluded(
      {at_least_0(sum(twice, constant(1), -1)), at_least_0(sum(constant(1), twice, -1))}));
  CHECK_FALSE(solver.excluded({equals_0(sum(twice, constant(2), -1))}));
}

TEST_CASE("numbers that are too large to be sure of exclude nothing") {
  Atoms atoms;
  const Atom x = atoms.fresh();
  const Linear large = constant(static_cast<Value>(1) << 99);
  const Linear larger = sum(large, large, 4);
  CHECK_FALSE(larger.valid);
  Solver solver(atoms, 100);
  CHECK_FALSE(solver.follows({at_least_0(atom(x))}, at_least(atom(x), larger)));
}

}  // namespace toll::tools::prover
