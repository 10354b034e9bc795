#include "tools/prove/formula.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace toll::tools::prover {
namespace {

constexpr std::size_t kMostConstraints = 300;
constexpr Value kLargest = static_cast<Value>(1) << 100;

std::string text_of(Value value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  std::string text;
  for (UnsignedValue rest = static_cast<UnsignedValue>(negative ? -value : value); rest != 0;
       rest /= 10) {
    text.insert(text.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  return negative ? "-" + text : text;
}

Value magnitude(Value value) { return value < 0 ? -value : value; }

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

bool product(Value a, Value b, Value& out) {
  return !__builtin_mul_overflow(a, b, &out) && magnitude(out) < kLargest;
}

FormP leaf(Form::Is is, Linear linear = {}) {
  auto made = std::make_shared<Form>();
  made->is = is;
  made->linear = std::move(linear);
  return made;
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

Linear constant(Value value) {
  Linear made;
  made.constant = value;
  made.valid = value != kAbsent && magnitude(value) < kLargest;
  return made;
}

Linear sum(const Linear& a, const Linear& b, Value factor) {
  Linear made = a;
  made.valid = a.valid && b.valid;
  Value part = 0;
  made.valid = made.valid && product(b.constant, factor, part);
  made.constant += part;
  for (const auto& [atom, value] : b.factors) {
    if (!made.valid || !product(value, factor, part)) {
      made.valid = false;
      break;
    }
    Value& here = made.factors[atom];
    here += part;
    if (here == 0) made.factors.erase(atom);
  }
  made.valid = made.valid && magnitude(made.constant) < kLargest;
  return made;
}

Linear times(const Linear& a, Value factor) { return sum(constant(0), a, factor); }

std::string key_of(const Linear& linear) {
  if (!linear.valid) return "?";
  std::string made = text_of(linear.constant);
  for (const auto& [atom, factor] : linear.factors) {
    made += "+" + text_of(factor) + "*" + std::to_string(atom);
  }
  return made;
}

FormP yes() {
  static const FormP kYes = leaf(Form::Is::yes);
  return kYes;
}

FormP no() {
  static const FormP kNo = leaf(Form::Is::no);
  return kNo;
}

FormP at_least_0(const Linear& linear) {
  if (linear.is_constant()) return linear.constant >= 0 ? yes() : no();
  return leaf(Form::Is::at_least_0, linear);
}

FormP equals_0(const Linear& linear) {
  if (linear.is_constant()) return linear.constant == 0 ? yes() : no();
  return leaf(Form::Is::equals_0, linear);
}

FormP both(std::vector<FormP> parts) {
  auto made = std::make_shared<Form>();
  made->is = Form::Is::both;
  for (FormP& part : parts) {
    if (part->is == Form::Is::no) return no();
    if (part->is == Form::Is::yes) continue;
    if (part->is == Form::Is::both) {
      made->parts.insert(made->parts.end(), part->parts.begin(), part->parts.end());
    } else {
      made->parts.push_back(std::move(part));
    }
  }
  if (made->parts.empty()) return yes();
  return made->parts.size() == 1 ? made->parts[0] : made;
}

FormP either(std::vector<FormP> parts) {
  auto made = std::make_shared<Form>();
  made->is = Form::Is::either;
  for (FormP& part : parts) {
    if (part->is == Form::Is::yes) return yes();
    if (part->is == Form::Is::no) continue;
    if (part->is == Form::Is::either) {
      made->parts.insert(made->parts.end(), part->parts.begin(), part->parts.end());
    } else {
      made->parts.push_back(std::move(part));
    }
  }
  if (made->parts.empty()) return no();
  return made->parts.size() == 1 ? made->parts[0] : made;
}

FormP opposite(const FormP& form) {
  std::vector<FormP> parts;
  switch (form->is) {
    case Form::Is::yes:
      return no();
    case Form::Is::no:
      return yes();
    case Form::Is::at_least_0:
      return at_least_0(sum(constant(-1), form->linear, -1));
    case Form::Is::equals_0:
      return either({at_least_0(sum(form->linear, constant(1), -1)),
                     at_least_0(sum(constant(-1), form->linear, -1))});
    case Form::Is::both:
    case Form::Is::either:
      for (const FormP& part : form->parts) parts.push_back(opposite(part));
      break;
  }
  return form->is == Form::Is::both ? either(std::move(parts)) : both(std::move(parts));
}

FormP implies(const FormP& a, const FormP& b) { return either({opposite(a), b}); }

std::string key_of(const FormP& form) {
  switch (form->is) {
    case Form::Is::yes:
      return "T";
    case Form::Is::no:
      return "F";
    case Form::Is::at_least_0:
      return "[" + key_of(form->linear) + ">]";
    case Form::Is::equals_0:
      return "[" + key_of(form->linear) + "=]";
    default:
      break;
  }
  std::string made = form->is == Form::Is::both ? "&(" : "|(";
  for (const FormP& part : form->parts) made += key_of(part);
  return made + ")";
}

Atom Atoms::named(const std::string& key) {
  const auto found = names_.find(key);
  if (found != names_.end()) return found->second;
  const Atom made = fresh();
  names_.emplace(key, made);
  return made;
}

Atom Atoms::fresh() {
  known_.emplace_back();
  return static_cast<Atom>(known_.size() - 1);
}

void Atoms::bound(Atom atom, std::optional<Value> least, std::optional<Value> most) {
  known_[atom] = {least, most};
}

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
