#include "engine/kernel/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace toll {

void assert_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, condition);
  std::abort();
}

}  // namespace toll
