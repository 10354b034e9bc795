#include "tools/prove/formula.hpp"

#include <algorithm>

namespace toll::tools::prover {
namespace {

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

bool product(Value a, Value b, Value& out) {
  return !__builtin_mul_overflow(a, b, &out) && magnitude(out) < kLargest;
}

FormP leaf(Form::Is is, Linear linear = {}) {
  auto made = std::make_shared<Form>();
  made->is = is;
  made->linear = std::move(linear);
  return made;
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

}  // namespace toll::tools::prover
