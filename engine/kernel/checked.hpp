// Arithmetic that cannot go wrong unseen: each function returns false where the exact result does
// not fit, or would look like an absent value. Operands must be present.
#pragma once

#include "toll/value.hpp"

namespace toll::checked {

inline bool add(Value a, Value b, Value& out) {
  return !__builtin_add_overflow(a, b, &out) && out != kAbsent;
}

inline bool sub(Value a, Value b, Value& out) {
  return !__builtin_sub_overflow(a, b, &out) && out != kAbsent;
}

inline bool mul(Value a, Value b, Value& out) {
  return !__builtin_mul_overflow(a, b, &out) && out != kAbsent;
}

/// Quotient towards minus infinity. The divisor must not be 0.
inline Value floor_div(Value a, Value b) {
  const Value quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

/// Remainder of floor_div: it has the sign of the divisor.
inline Value modulo(Value a, Value b) {
  const Value rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

/// a / b rounded to the nearest multiple of `step`, a half away from zero. b and step are not 0.
inline bool round_div(Value a, Value b, Value step, Value& out) {
  if (step < 0) step = -step;
  Value divisor = 0;
  if (!mul(b, step, divisor)) return false;
  const Value size = divisor < 0 ? -divisor : divisor;
  const Value amount = a < 0 ? -a : a;
  Value steps = amount / size;
  const Value rest = amount % size;
  if (rest >= size - rest) ++steps;
  return mul((a < 0) != (divisor < 0) ? -steps : steps, step, out);
}

/// a * 10^digits.
inline bool rescale(Value a, unsigned digits, Value& out) {
  out = a;
  for (unsigned i = 0; i < digits && out != 0; ++i) {
    if (!mul(out, 10, out)) return false;
  }
  return true;
}

}  // namespace toll::checked
