// What follows from conditions on sums of whole numbers.
#include <algorithm>
#include <set>

#include "tools/prove/formula.hpp"

namespace toll::tools::prover {
namespace {

constexpr std::size_t kMostConstraints = 300;

Value common_divisor(Value a, Value b) {
  a = magnitude(a);
  b = magnitude(b);
  while (b != 0) {
    const Value rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

Value floor_quotient(Value a, Value b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

void atoms_of(const FormP& form, std::set<Atom>& out) {
  for (const auto& [atom, factor] : form->linear.factors) out.insert(atom);
  for (const FormP& part : form->parts) atoms_of(part, out);
}

/// Divides by what all factors share: whole numbers allow no more between.
void tighten(Linear& linear) {
  Value shared = 0;
  for (const auto& [atom, factor] : linear.factors) shared = common_divisor(shared, factor);
  if (shared <= 1) return;
  for (auto& [atom, factor] : linear.factors) factor /= shared;
  linear.constant = floor_quotient(linear.constant, shared);
}

}  // namespace

/// False: it cannot hold.
bool Solver::add(Case& at, const FormP& form) const {
  switch (form->is) {
    case Form::Is::yes:
      return true;
    case Form::Is::no:
      return false;
    case Form::Is::at_least_0:
      if (form->linear.valid) at.inequalities.push_back(form->linear);
      return true;
    case Form::Is::equals_0:
      if (form->linear.valid) at.equations.push_back(form->linear);
      return true;
    case Form::Is::either:
      at.choices.push_back(form);
      return true;
    case Form::Is::both:
      break;
  }
  return std::all_of(form->parts.begin(), form->parts.end(),
                     [&](const FormP& part) { return add(at, part); });
}

bool Solver::excluded(const std::vector<FormP>& facts) {
  if (facts.empty()) return false;
  std::vector<std::set<Atom>> atoms(facts.size());
  for (std::size_t i = 0; i < facts.size(); ++i) atoms_of(facts[i], atoms[i]);
  std::vector<bool> taken(facts.size(), false);
  std::set<Atom> reached = atoms.back();
  taken.back() = true;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const bool near = !taken[i] && std::any_of(atoms[i].begin(), atoms[i].end(), [&](Atom atom) {
        return reached.count(atom) != 0;
      });
      if (!near) continue;
      taken[i] = more = true;
      reached.insert(atoms[i].begin(), atoms[i].end());
    }
  }
  Case all;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i]->is == Form::Is::no) return true;
    if (!taken[i] || !seen.insert(key_of(facts[i])).second) continue;
    if (!add(all, facts[i])) return true;
  }
  return split(std::move(all));
}

bool Solver::follows(const std::vector<FormP>& facts, const FormP& goal) {
  if (goal->is == Form::Is::yes) return true;
  std::vector<FormP> all = facts;
  all.push_back(opposite(goal));
  return excluded(all);
}

bool Solver::split(Case at) {
  if (left_ == 0) return false;
  --left_;
  if (infeasible(at)) return true;
  if (at.choices.empty()) return false;
  // The choice with the fewest ways; ways that cannot be are struck out first.
  std::size_t best = 0;
  std::vector<FormP> ways;
  for (std::size_t i = 0; i < at.choices.size(); ++i) {
    std::vector<FormP> open;
    for (const FormP& part : at.choices[i]->parts) {
      Case one;
      one.inequalities = at.inequalities;
      one.equations = at.equations;
      if (left_ > 0) --left_;
      if (add(one, part) && !infeasible(one)) open.push_back(part);
    }
    if (open.empty()) return true;
    if (i == 0 || open.size() < ways.size()) {
      best = i;
      ways = std::move(open);
    }
    if (ways.size() == 1) break;
  }
  at.choices.erase(at.choices.begin() + static_cast<std::ptrdiff_t>(best));
  for (const FormP& way : ways) {
    Case one = at;
    if (add(one, way) && !split(std::move(one))) return false;
  }
  return true;
}

/// By putting equations in, and by taking out one number after the other (Fourier and Motzkin).
bool Solver::infeasible(const Case& at) {
  Constraints all = at.inequalities;
  Constraints equations = at.equations;
  std::set<Atom> used;
  for (const Constraints* const part : {&all, &equations}) {
    for (const Linear& one : *part) {
      for (const auto& [atom, factor] : one.factors) used.insert(atom);
    }
  }
  for (const Atom atom : used) {
    const Atoms::Known& known = atoms_.known(atom);
    Linear alone;
    alone.factors[atom] = 1;
    if (known.least) all.push_back(sum(alone, constant(*known.least), -1));
    if (known.most) all.push_back(sum(constant(*known.most), alone, -1));
  }
  while (!equations.empty()) {
    Linear equation = equations.back();
    equations.pop_back();
    if (!equation.valid) continue;
    if (equation.factors.empty()) {
      if (equation.constant != 0) return true;
      continue;
    }
    Value shared = 0;
    for (const auto& [atom, factor] : equation.factors) shared = common_divisor(shared, factor);
    if (equation.constant % shared != 0) return true;
    const auto unit =
        std::find_if(equation.factors.begin(), equation.factors.end(),
                     [&](const auto& one) { return magnitude(one.second) == shared; });
    if (unit == equation.factors.end()) {
      all.push_back(equation);
      all.push_back(times(equation, -1));
      continue;
    }
    const Atom atom = unit->first;
    Linear value = equation;  // atom = -rest / factor
    const Value factor = unit->second;
    value.factors.erase(atom);
    for (auto& [other, by] : value.factors) by = -by / factor;
    value.constant = -value.constant / factor;
    for (Constraints* const part : {&all, &equations}) {
      for (Linear& one : *part) {
        const auto found = one.factors.find(atom);
        if (found == one.factors.end()) continue;
        const Value by = found->second;
        one.factors.erase(found);
        one = sum(one, value, by);
      }
    }
  }
  while (true) {
    std::map<Atom, std::pair<std::size_t, std::size_t>> sides;
    std::set<std::string> seen;
    Constraints kept;
    for (Linear& one : all) {
      if (!one.valid) continue;
      tighten(one);
      if (one.factors.empty()) {
        if (one.constant < 0) return true;
        continue;
      }
      if (seen.insert(key_of(one)).second) kept.push_back(std::move(one));
    }
    all = std::move(kept);
    for (const Linear& one : all) {
      for (const auto& [atom, factor] : one.factors) {
        (factor > 0 ? sides[atom].first : sides[atom].second) += 1;
      }
    }
    if (sides.empty() || all.size() > kMostConstraints) return false;
    Atom chosen = sides.begin()->first;
    const auto cost = [&](Atom atom) { return sides[atom].first * sides[atom].second; };
    for (const auto& [atom, count] : sides) {
      if (cost(atom) < cost(chosen)) chosen = atom;
    }
    Constraints rest;
    Constraints above;
    Constraints below;
    for (Linear& one : all) {
      const auto found = one.factors.find(chosen);
      Constraints& side = found == one.factors.end() ? rest : found->second > 0 ? above : below;
      side.push_back(std::move(one));
    }
    for (const Linear& up : above) {
      for (const Linear& down : below) {
        rest.push_back(sum(times(up, -down.factors.at(chosen)), down, up.factors.at(chosen)));
      }
    }
    all = std::move(rest);
  }
}

}  // namespace toll::tools::prover
