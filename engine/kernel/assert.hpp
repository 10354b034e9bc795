// Assertions about ourselves: on in release builds too, never reachable by an event or a policy.
#pragma once

namespace toll {

/// Says what broke and stops the process. The only thing in engine/ that writes anywhere.
[[noreturn]] void assert_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace toll

#define TOLL_ASSERT(condition) \
  ((condition) ? void(0) : ::toll::assert_failed(#condition, __FILE__, __LINE__))
