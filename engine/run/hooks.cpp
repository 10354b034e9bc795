// Calls of hooks: what goes in, and whether what comes out is what the policy says.
#include "toll/hooks.hpp"

#include "engine/run/run.hpp"

namespace toll {

Value Run::hook(const Term& term) {
  const auto nodes = p_.at(term.operands);
  const Value* const values = arguments(nodes);
  if (failed()) return kAbsent;  // it might be asked for what nobody meant
  w_.hook_arguments.clear();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    HookArgument argument;
    argument.value = values[i];
    if (values[i] != kAbsent) {
      const Term& part = terms_[nodes[i]];
      if (part.kind == Kind::text || (part.kind == Kind::name && values[i] >= kUnknownName)) {
        argument.text = s_->text(values[i] & ~kUnknownName);
      } else if (part.kind == Kind::name) {
        argument.text = p_.wires[part.ref][static_cast<std::size_t>(values[i])];
      }
    }
    w_.hook_arguments.push_back(argument);
  }
  const Hook& declared = p_.core->hooks[term.a];
  Value result = kAbsent;
  std::string why;
  HookCaller* const caller = w_.hook_caller(p_);
  if (caller == nullptr) {
    why = "nothing here runs hooks";
  } else if (caller->call(term.a, w_.hook_arguments, result, why)) {
    if (is_of(declared.result, result)) return result;
    why = "the answer is not of its type";
  }
  w_.hook_failure = "hook " + declared.name + " failed: " + why;
  hook_failed_ = true;
  fail(w_.hook_failure.c_str());
  return kAbsent;
}

/// Nothing that a program says is believed unseen.
bool Run::is_of(const Type& type, Value value) const {
  if (value == kAbsent) return type.optional;
  switch (type.kind) {
    case Kind::boolean:
      return value == 0 || value == 1;
    case Kind::number:
      return true;
    case Kind::name:
      return value >= 0 && value < static_cast<Value>(p_.wires[type.ref].size());
    default:
      return false;
  }
}

}  // namespace toll
